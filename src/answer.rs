//! The answer pane: what became of the request, and what to do now.

use std::rc::Rc;

use tieline_catalog::answer::{status_of, Answer, Created, Found, Refusal};
use tieline_catalog::wire::Response;
use tieline_catalog::{Lang, Operation, Text, Valid};
use yew::prelude::*;

use crate::client::Sent;
use crate::copy::CopyButton;
use crate::form::shape::{label_at, Table};
use crate::history::{called, History, Record};
use crate::line::Way;
use crate::place::Place;
use crate::prose::prose;
use crate::route::Route;
use crate::words;

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
pub struct Asked {
    /// The earlier request, as the history has it.
    pub record: Record,
    /// Whether it had the same parameters.
    pub same: bool,
    /// Its client token, with which it can be repeated.
    pub token: Option<String>,
    /// What is to be sent now.
    pub valid: Valid,
}

impl Outcome {
    /// How the tie line shows it.
    pub fn way(&self) -> Way {
        match self.sent.answer {
            Answer::Created(_) => Way::Created,
            Answer::Rejected(_) => Way::Rejected,
            // Without any response the line broke on this side of the proxy.
            Answer::NotExecuted(_) if self.sent.raw.is_none() => Way::Down,
            Answer::NotExecuted(_) => Way::NotExecuted,
            Answer::Unknown(_) => Way::Unknown,
        }
    }
}

/// What the user wants after an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wish {
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
pub enum Look {
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
    pub asking: Option<Rc<Asked>>,
    /// What a look by name found.
    pub look: Look,
    /// Takes the user's wishes.
    pub wish: Callback<Wish>,
    /// The language.
    pub lang: Lang,
    /// Where the answer is shown.
    pub place: Place,
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
        (_, true) => html! { <p class="sending">{ words::SENDING.get(lang) }</p> },
        // The question is about the answer that is there; one at a time.
        (Some(outcome), false) if props.asking.is_none() => answered(props, outcome, look.clone()),
        (_, false) => Html::default(),
    };
    html! {
        <section class="answer" part="answer" aria-label={words::ANSWER.get(lang)} aria-live="polite">
            if let Some(asked) = &props.asking { { question(props, asked, look) } }
            { inner }
        </section>
    }
}

/// Before the same request goes out again while its outcome is unknown.
fn question(props: &Props, asked: &Asked, look: Html) -> Html {
    let lang = props.lang;
    let repeat = asked.token.is_some();
    let other = if repeat { "quiet" } else { "primary" };
    html! {
        <div class="verdict" data-kind="unknown">
            <p id={QUESTION} tabindex="-1">
                { words::CONFIRM.get(lang) }
                if props.place.has_pages() {
                    <a href={Route::History(Some(asked.record.id)).hash()}>{ called(&asked.record) }</a>
                } else {
                    { called(&asked.record) }
                }
                { if asked.same { words::CONFIRM_SAME } else { words::CONFIRM_OTHER }.get(lang) }
            </p>
            <div class="actions">
                if repeat { { button(props, Wish::Repeat, words::REPEAT, "primary") } }
                { button(props, Wish::LookUp, words::LOOK_UP, other) }
                { button(props, Wish::SendAnyway, words::CONFIRM_SEND, "quiet") }
                { button(props, Wish::Cancel, words::CANCEL, "quiet") }
            </div>
            { look }
        </div>
    }
}

fn button(props: &Props, wish: Wish, word: Text, class: &'static str) -> Html {
    let onclick = props.wish.reform(move |_: MouseEvent| wish);
    html! { <button type="button" {class} {onclick}>{ word.get(props.lang) }</button> }
}

fn answered(props: &Props, outcome: &Outcome, look: Html) -> Html {
    let lang = props.lang;
    let (kind, title, body) = match &outcome.sent.answer {
        Answer::Created(created) => {
            let title = if outcome.adopted {
                words::ADOPTED
            } else {
                words::CREATED
            };
            ("created", title, made(props, created))
        }
        Answer::Rejected(refusal) => {
            let go = outcome.field.as_ref().map(|field| {
                let onclick = props.wish.reform(|_: MouseEvent| Wish::GoToField);
                let label = label_at(props.operation.0, field, lang);
                html! {
                    <button type="button" class="quiet" {onclick}>
                        { words::GO_TO_FIELD.get(lang) }{ ": " }{ label }
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
            ("rejected", words::REJECTED, body)
        }
        Answer::NotExecuted(refusal) => {
            let body = html! {
                <>
                    { refused(refusal, lang) }
                    { complaints(props, outcome) }
                    <div class="actions">
                        { button(props, Wish::Repeat, words::SEND_AGAIN, "primary") }
                    </div>
                </>
            };
            ("not-executed", words::NOT_EXECUTED, body)
        }
        Answer::Unknown(refusal) => {
            let safe = outcome.token.is_some();
            let body = html! {
                <>
                    { refused(refusal, lang) }
                    <div class="actions">
                        if safe {
                            { button(props, Wish::Repeat, words::REPEAT, "primary") }
                        } else {
                            { button(props, Wish::LookUp, words::LOOK_UP, "primary") }
                        }
                    </div>
                    { look }
                </>
            };
            ("unknown", words::UNKNOWN, body)
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

fn made(props: &Props, created: &Created) -> Html {
    let (op, lang) = (props.operation.0, props.lang);
    // Where the answer tells no status and there is one to wait for, the first is the present one.
    let pending = op.read_back.as_ref().and_then(|read| read.pending.first());
    html! {
        <>
            <div class="made">
                <code class="made-id">{ &created.id }</code>
                <CopyButton text={created.id.clone()} label={words::COPY_ID} {lang} />
            </div>
            <dl class="facts">
                if let Some(status) = &created.status {
                    <dt>{ words::STATUS.get(lang) }</dt><dd>{ status }</dd>
                } else if let Some(status) = pending {
                    <dt>{ words::STATUS.get(lang) }</dt><dd>
                        { status }
                        if props.place.has_pages() { { words::FOLLOWED.get(lang) } }
                    </dd>
                }
                if let Some(id) = &created.request_id {
                    <dt>{ words::REQUEST_ID.get(lang) }</dt><dd><code>{ id }</code></dd>
                }
            </dl>
            if props.place.has_pages() {
                <p><a href="#/history">{ words::SEE_HISTORY.get(lang) }</a></p>
            }
        </>
    }
}

fn refused(refusal: &Refusal, lang: Lang) -> Html {
    let (explanation, advice) = (refusal.explanation.get(lang), refusal.advice.get(lang));
    html! {
        <>
            <p>{ prose(explanation) }</p>
            if !explanation.contains(advice) { <p>{ prose(advice) }</p> }
            <dl class="facts">
                if !refusal.code.is_empty() {
                    <dt>{ words::CODE.get(lang) }</dt><dd><code>{ &refusal.code }</code></dd>
                }
                if !refusal.message.is_empty() {
                    <dt>{ words::MESSAGE.get(lang) }</dt><dd><code>{ &refusal.message }</code></dd>
                }
                if let Some(id) = &refusal.request_id {
                    <dt>{ words::REQUEST_ID.get(lang) }</dt><dd><code>{ id }</code></dd>
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
        Look::None => Html::default(),
        Look::Looking => html! { <p>{ words::LOOKING.get(lang) }</p> },
        Look::Done(found) => match &**found {
            Found::Items(items) if items.is_empty() => {
                html! { <p>{ words::FOUND_NONE.get(lang) }</p> }
            }
            Found::Items(items) => html! {
                <>
                    <p>{ words::FOUND.get(lang) }</p>
                    <ul class="found">
                        { for items.iter().enumerate().map(|(at, item)| html! {
                            <li>
                                <code>{ &item.id }</code>{ " " }
                                { status_of(props.operation.0, item) }{ " " }
                                <CopyButton text={item.id.clone()} label={words::COPY_ID} {lang} />
                                if History::of(&props.place).has_resource(&item.id) {
                                    { words::TAKEN.get(lang) }
                                } else {
                                    { button(props, Wish::Adopt(at), words::ADOPT, "quiet") }
                                }
                            </li>
                        }) }
                    </ul>
                </>
            },
            Found::Refused(refusal) => html! {
                <>
                    <p>{ words::LOOK_UP_FAILED.get(lang) }</p>
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
            <summary>{ words::RAW.get(lang) }</summary>
            <pre tabindex="0" translate="no"><b>{ format!("{} {}", response.status, response.content_type) }</b>{ "\n\n" }{ body.to_string() }</pre>
            if cut { <p>{ words::CUT.get(lang) }</p> }
        </details>
    }
}

/// The first `limit` bytes of a text, less if that would cut a character; whether more follows.
pub fn head(text: &str, limit: usize) -> (&str, bool) {
    if text.len() <= limit {
        return (text, false);
    }
    let end = (0..=limit)
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0);
    (&text[..end], true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_answer_is_cut_between_characters() {
        assert_eq!(head("短", 3), ("短", false));
        assert_eq!(head("短短", 4), ("短", true));
        assert_eq!(head("短", 2), ("", true));
    }
}
