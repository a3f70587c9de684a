//! The answer pane: what became of the request, and what to do now.

use std::rc::Rc;

use tieline_catalog::answer::{status_of, Answer, Created, Found, Refusal};
use tieline_catalog::wire::Response;
use tieline_catalog::{Lang, Operation, Text, Valid};
use yew::prelude::*;

use crate::client::Sent;
use crate::form::control::{label_at, Table};
use crate::history::{display_name, History, Record};
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::copy_button::CopyButton;
use crate::ui::messages;
use crate::ui::rich_text::{head, rich_text};
use crate::ui::status_line::Stage;

/// The id of the pane's heading, which takes the focus when an answer comes.
pub const HEADING: &str = "answer-title";
/// The id of the question before a risky repetition.
pub const QUESTION: &str = "answer-question";

/// More of a raw answer is not shown.
const RAW_SHOWN: usize = 16 * 1024;

/// A request that was sent and what came of it.
pub struct Outcome {
    /// What came of it.
    pub sent: Sent,
    /// What was sent.
    pub valid: Valid,
    /// The key of the intent.
    pub key: String,
    /// The token in it, which makes a repetition safe.
    pub token: Option<String>,
    /// The form's field that a refusal belongs to.
    pub field: Option<String>,
    /// The history's record of it.
    pub record: Option<u64>,
    /// The resource was found by a look, not told by an answer.
    pub adopted: bool,
}

/// What the user is asked about before a request that may make a second resource.
pub struct Confirmation {
    /// The earlier request, as the history has it.
    pub record: Record,
    /// Whether it had the same parameters.
    pub same: bool,
    /// Whether its answer is still waited for.
    pub on_the_way: bool,
    /// Its client token, with which it can be repeated.
    pub token: Option<String>,
    /// What is to be sent now.
    pub valid: Valid,
}

impl Outcome {
    /// How the tie line shows it.
    pub fn way(&self) -> Stage {
        match self.sent.answer {
            Answer::Created(_) => Stage::Created,
            Answer::Rejected(_) => Stage::Rejected,
            // Without any response the line broke on this side of the proxy.
            Answer::NotExecuted(_) if self.sent.raw.is_none() => Stage::Down,
            Answer::NotExecuted(_) => Stage::NotExecuted,
            Answer::Unknown(_) => Stage::Unknown,
        }
    }
}

/// What the user wants after an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// Send the same request again.
    Repeat,
    /// Look for the resource by its name.
    LookUp,
    /// The resource that was found, by its place in the list, is the one.
    Adopt(usize),
    /// Send although a resource may exist.
    SendAnyway,
    /// Do not send.
    Cancel,
    /// Go to the field that the refusal belongs to.
    GoToField,
}

/// A look for a resource by its name.
#[derive(Clone, PartialEq)]
pub enum Lookup {
    /// Nobody has looked.
    None,
    /// Under way.
    Looking,
    /// What it found.
    Done(Rc<Found>),
}

/// The properties of [`AnswerPane`].
#[derive(Properties)]
pub struct Props {
    /// The operation.
    pub operation: Table<Operation>,
    /// What came of the last request.
    pub outcome: Option<Rc<Outcome>>,
    /// Whether a request is on its way.
    pub sending: bool,
    /// What the user is being asked about before a risky repetition.
    pub asking: Option<Rc<Confirmation>>,
    /// What a look by name found.
    pub look: Lookup,
    /// Takes the user's wishes.
    pub wish: Callback<Command>,
    /// The language.
    pub lang: Lang,
    /// Where the answer is shown.
    pub mount: Mount,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        fn at<T>(part: &Option<Rc<T>>) -> Option<*const T> {
            part.as_ref().map(Rc::as_ptr)
        }
        at(&self.outcome) == at(&other.outcome)
            && at(&self.asking) == at(&other.asking)
            && self.operation == other.operation
            && (self.sending, self.lang) == (other.sending, other.lang)
            && self.look == other.look
            && self.wish == other.wish
    }
}

/// The answer, in a live region that is always there.
#[component]
pub fn AnswerPane(props: &Props) -> Html {
    let lang = props.lang;
    let look = look(props);
    let inner = match (&props.outcome, props.sending) {
        (_, true) => html! { <p class="sending">{ messages::SENDING.get(lang) }</p> },
        // The question is about the answer that is there; one at a time.
        (Some(outcome), false) if props.asking.is_none() => answered(props, outcome, look.clone()),
        (_, false) => Html::default(),
    };
    html! {
        <section class="answer" part="answer" aria-label={messages::ANSWER.get(lang)} aria-live="polite">
            if let Some(asked) = &props.asking { { question(props, asked, look) } }
            { inner }
        </section>
    }
}

/// Before the same request goes out again while its outcome is unknown.
fn question(props: &Props, asked: &Confirmation, look: Html) -> Html {
    let lang = props.lang;
    let repeat = asked.token.is_some();
    let other = if repeat { "quiet" } else { "primary" };
    html! {
        <div class="verdict" data-kind="unknown">
            <p id={QUESTION} tabindex="-1">
                { if asked.on_the_way { messages::CONFIRM_ON_THE_WAY } else { messages::CONFIRM }.get(lang) }
                if props.mount.has_pages() {
                    <a href={Route::History(Some(asked.record.id)).hash()}>{ display_name(&asked.record) }</a>
                } else {
                    { display_name(&asked.record) }
                }
                { if asked.same { messages::CONFIRM_SAME } else { messages::CONFIRM_OTHER }.get(lang) }
            </p>
            <div class="actions">
                if repeat { { button(props, Command::Repeat, messages::REPEAT, "primary") } }
                { button(props, Command::LookUp, messages::LOOK_UP, other) }
                { button(props, Command::SendAnyway, messages::CONFIRM_SEND, "quiet") }
                { button(props, Command::Cancel, messages::CANCEL, "quiet") }
            </div>
            { look }
        </div>
    }
}

fn button(props: &Props, wish: Command, word: Text, class: &'static str) -> Html {
    let onclick = props.wish.reform(move |_: MouseEvent| wish);
    html! { <button type="button" {class} {onclick}>{ word.get(props.lang) }</button> }
}

fn answered(props: &Props, outcome: &Outcome, look: Html) -> Html {
    let lang = props.lang;
    let (kind, title, body) = match &outcome.sent.answer {
        Answer::Created(created) => {
            let title = if outcome.adopted {
                messages::ADOPTED
            } else {
                messages::CREATED
            };
            (
                "created",
                title,
                made(props, created, outcome.sent.simulated),
            )
        }
        Answer::Rejected(refusal) => {
            let go = outcome.field.as_ref().map(|field| {
                let onclick = props.wish.reform(|_: MouseEvent| Command::GoToField);
                let label = label_at(props.operation.0, field, lang);
                html! {
                    <button type="button" class="quiet" {onclick}>
                        { messages::GO_TO_FIELD.get(lang) }{ ": " }{ label }
                    </button>
                }
            });
            let body = html! {
                <>
                    { refused(refusal, lang) }
                    { complaints(props, outcome) }
                    if let Some(go) = go { <div class="actions">{ go }</div> }
                </>
            };
            ("rejected", messages::REJECTED, body)
        }
        Answer::NotExecuted(refusal) => {
            let body = html! {
                <>
                    { refused(refusal, lang) }
                    { complaints(props, outcome) }
                    <div class="actions">
                        { button(props, Command::Repeat, messages::SEND_AGAIN, "primary") }
                    </div>
                </>
            };
            ("not-executed", messages::NOT_EXECUTED, body)
        }
        Answer::Unknown(refusal) => {
            let safe = outcome.token.is_some();
            let body = html! {
                <>
                    { refused(refusal, lang) }
                    <div class="actions">
                        if safe {
                            { button(props, Command::Repeat, messages::REPEAT, "primary") }
                        } else {
                            { button(props, Command::LookUp, messages::LOOK_UP, "primary") }
                        }
                    </div>
                    { look }
                </>
            };
            ("unknown", messages::UNKNOWN, body)
        }
    };
    html! {
        <div class="verdict" data-kind={kind}>
            <h2 id={HEADING} tabindex="-1">{ title.get(lang) }</h2>
            { body }
            { raw(outcome.sent.raw.as_ref(), lang) }
        </div>
    }
}

fn made(props: &Props, created: &Created, simulated: bool) -> Html {
    let (op, lang) = (props.operation.0, props.lang);
    // Where the answer tells no status and there is one to wait for, the first is the present one.
    let pending = op.read_back.as_ref().and_then(|read| read.pending.first());
    html! {
        <>
            <div class="made">
                <code class="made-id">{ &created.id }</code>
                if simulated { <span class="simulated">{ messages::SIMULATED.get(lang) }</span> }
                <CopyButton text={created.id.clone()} label={messages::COPY_ID} {lang} />
            </div>
            <dl class="facts">
                if let Some(status) = &created.status {
                    <dt>{ messages::STATUS.get(lang) }</dt><dd>{ status }</dd>
                } else if let Some(status) = pending {
                    <dt>{ messages::STATUS.get(lang) }</dt><dd>
                        { status }
                        if props.mount.has_pages() { { messages::FOLLOWED.get(lang) } }
                    </dd>
                }
                if let Some(id) = &created.request_id {
                    <dt>{ messages::REQUEST_ID.get(lang) }</dt><dd><code>{ id }</code></dd>
                }
            </dl>
            if props.mount.has_pages() {
                <p><a href="#/history">{ messages::SEE_HISTORY.get(lang) }</a></p>
            }
        </>
    }
}

fn refused(refusal: &Refusal, lang: Lang) -> Html {
    let (explanation, advice) = (refusal.explanation.get(lang), refusal.advice.get(lang));
    html! {
        <>
            <p>{ rich_text(explanation) }</p>
            if !explanation.contains(advice) { <p>{ rich_text(advice) }</p> }
            <dl class="facts">
                if !refusal.code.is_empty() {
                    <dt>{ messages::CODE.get(lang) }</dt><dd><code>{ &refusal.code }</code></dd>
                }
                if !refusal.message.is_empty() {
                    <dt>{ messages::MESSAGE.get(lang) }</dt><dd><code>{ &refusal.message }</code></dd>
                }
                if let Some(id) = &refusal.request_id {
                    <dt>{ messages::REQUEST_ID.get(lang) }</dt><dd><code>{ id }</code></dd>
                }
            </dl>
        </>
    }
}

fn complaints(props: &Props, outcome: &Outcome) -> Html {
    let lang = props.lang;
    if outcome.sent.violations.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="complaints">
            { for outcome.sent.violations.iter().map(|c| html! {
                <li>
                    if !c.parameter.is_empty() { <code>{ &c.parameter }</code>{ " " } }
                    { c.message.get(lang) }
                </li>
            }) }
        </ul>
    }
}

fn look(props: &Props) -> Html {
    let lang = props.lang;
    match &props.look {
        Lookup::None => Html::default(),
        Lookup::Looking => html! { <p>{ messages::LOOKING.get(lang) }</p> },
        Lookup::Done(found) => match &**found {
            Found::Items(items) if items.is_empty() => {
                html! { <p>{ messages::FOUND_NONE.get(lang) }</p> }
            }
            Found::Items(items) => html! {
                <>
                    <p>{ messages::FOUND.get(lang) }</p>
                    <ul class="found">
                        { for items.iter().enumerate().map(|(at, item)| html! {
                            <li>
                                <code>{ &item.id }</code>{ " " }
                                { status_of(props.operation.0, item) }{ " " }
                                <CopyButton text={item.id.clone()} label={messages::COPY_ID} {lang} />
                                if History::of(&props.mount).has_resource(&item.id) {
                                    { messages::TAKEN.get(lang) }
                                } else {
                                    { button(props, Command::Adopt(at), messages::ADOPT, "quiet") }
                                }
                            </li>
                        }) }
                    </ul>
                </>
            },
            Found::Refused(refusal) => html! {
                <>
                    <p>{ messages::LOOK_UP_FAILED.get(lang) }</p>
                    { refused(refusal, lang) }
                </>
            },
        },
    }
}

fn raw(response: Option<&Response>, lang: Lang) -> Html {
    let Some(response) = response else {
        return Html::default();
    };
    let (body, cut) = head(&response.body, RAW_SHOWN);
    html! {
        <details class="raw">
            <summary>{ messages::RAW.get(lang) }</summary>
            <pre tabindex="0" translate="no"><b>{ format!("{} {}", response.status, response.content_type) }</b>{ "\n\n" }{ body.to_string() }</pre>
            if cut { <p>{ messages::CUT.get(lang) }</p> }
        </details>
    }
}
