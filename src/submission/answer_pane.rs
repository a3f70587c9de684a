//! The answer pane: what became of the request, and what to do now.

use std::rc::Rc;

use tieline_catalog::answer::{Answer, Created, Found, Refusal};
use tieline_catalog::wire::Response;
use tieline_catalog::{Lang, Operation, Raw, Text};
use tieline_records::{Outcome, Record};
use yew::prelude::*;

use super::event::Command;
use super::intent::{Question, Scruple, Settled, Why};
use super::lookup_confirmation::LookupConfirmation;
use super::messages as texts;
use super::next_steps::afterwards;
use super::props::QUESTION;
use super::resource_status::{Followed, ResourceStatus};
use super::review::Review;
use crate::client::NO_LOOK_UP;
use crate::explorer::{action_link, error_link};
use crate::form::control::{label_at, Table};
use crate::history::{
    display_name, found_list, look_up_label, only_by_console, sent_elsewhere, Asked, History,
    Lookup,
};
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::copy_button::CopyButton;
use crate::ui::messages;
use crate::ui::rich_text::{head, rich_text};

/// The id of the pane's heading, which takes the focus when an answer comes.
pub const HEADING: &str = "answer-title";

/// More of a raw answer is not shown.
const RAW_SHOWN: usize = 16 * 1024;

/// The properties of [`AnswerPane`].
#[derive(Properties)]
pub struct Props {
    /// The operation.
    pub operation: Table<Operation>,
    /// What the user is asked.
    pub question: Option<Rc<Question>>,
    /// What the user is asked about the intent itself.
    pub scruple: Option<Rc<Scruple>>,
    /// What came of the last request.
    pub settled: Option<Rc<Settled>>,
    /// Whether something is under way.
    pub busy: bool,
    /// What a look-up found.
    pub lookup: Lookup,
    /// How the history has the status of what was created.
    pub followed: Option<Followed>,
    /// Takes what the user chooses.
    pub choose: Callback<Command>,
    /// Fills the form for another resource like the one of this input.
    pub another: Callback<Raw>,
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
        at(&self.settled) == at(&other.settled)
            && at(&self.question) == at(&other.question)
            && at(&self.scruple) == at(&other.scruple)
            && self.operation == other.operation
            && (self.busy, self.lang) == (other.busy, other.lang)
            && self.lookup == other.lookup
            && self.followed == other.followed
            && self.choose == other.choose
            && self.another == other.another
    }
}

/// The answer, in a live region that is always there.
#[component]
pub fn AnswerPane(props: &Props) -> Html {
    let lang = props.lang;
    let inner = match (props.busy, &props.question, &props.settled) {
        (true, ..) => html! { <p class="sending">{ messages::SENDING.get(lang) }</p> },
        _ if props.scruple.is_some() => scruple(props),
        // The question is about the answer that is there; one at a time.
        (_, Some(asked), _) => question(props, asked),
        (_, None, Some(settled)) => answered(props, settled),
        (_, None, None) => Html::default(),
    };
    html! {
        <section class="answer" part="answer" aria-label={messages::ANSWER.get(lang)} aria-live="polite">
            { inner }
        </section>
    }
}

/// What is asked before something is sent that may make a second resource.
fn question(props: &Props, asked: &Question) -> Html {
    let (lang, record) = (props.lang, &asked.open.record);
    let repeat = asked.token().is_some();
    let other = if repeat { "quiet" } else { "primary" };
    let (begins, ends) = (
        match asked.open.outcome {
            Outcome::Pending => messages::CONFIRM_IN_PROGRESS,
            Outcome::Created => messages::CONFIRM_CREATED,
            Outcome::Unknown => messages::CONFIRM,
            Outcome::Rejected | Outcome::NotExecuted => texts::MADE_NOTHING,
        },
        match (asked.open.same, asked.open.outcome) {
            (_, Outcome::Rejected | Outcome::NotExecuted) => texts::NOTHING_STANDS,
            (true, Outcome::Created) => messages::CONFIRM_AGAIN,
            (true, _) => messages::CONFIRM_SAME,
            (false, _) => messages::CONFIRM_OTHER,
        },
    );
    html! {
        <div class="verdict" data-kind="unknown">
            <p id={QUESTION} tabindex="-1">
                { begins.get(lang) }
                if props.mount.has_pages() {
                    <a href={Route::History(Some(record.id)).hash()}>{ display_name(record) }</a>
                } else {
                    { display_name(record) }
                }
                { ends.get(lang) }
            </p>
            if !asked.same_endpoint() {
                <p>{ sent_elsewhere(&record.endpoint, lang) }</p>
            } else if !asked.can_look_up() {
                // What must be looked at first has the link below, with the word that is asked for.
                <p>{ if asked.is_blind() { NO_LOOK_UP.get(lang).into() } else { only_by_console(props.operation.0, lang) } }</p>
            }
            <div class="actions">
                if repeat { { button(props, Command::Repeat, messages::REPEAT, "primary") } }
                if asked.can_look_up() { { button(props, Command::LookUp, look_up_label(props.operation.0), other) } }
                { send_anyway(props, asked) }
                { button(props, Command::Cancel, messages::CANCEL, "quiet") }
            </div>
            { lookup(props) }
            if asked.is_blind() {
                <LookupConfirmation key={record.id.to_string()} {lang} looked={asked.looked}
                    can_look_up={asked.can_look_up() && asked.same_endpoint()} console={console(record)}
                    on_looked={props.choose.reform(|()| Command::SayLooked)} />
            }
        </div>
    }
}

/// The button that sends nevertheless. What must be looked at first says so below.
fn send_anyway(props: &Props, asked: &Question) -> Html {
    let onclick = props.choose.reform(|_: MouseEvent| Command::SendAnyway);
    html! {
        <button type="button" class="quiet" disabled={asked.must_look()} {onclick}>
            { messages::CONFIRM_SEND.get(props.lang) }
        </button>
    }
}

/// Where a person can look for a record's resource.
fn console(record: &Record) -> Option<&'static str> {
    let read = record.operation()?.read_back()?;
    Some(read.reconcile.console.url)
}

/// What is asked about the intent itself.
fn scruple(props: &Props) -> Html {
    let Some(asked) = &props.scruple else {
        return Html::default();
    };
    let (why, choice) = match asked.why {
        Why::Review { again } => {
            return html! {
                <Review asked={asked.clone()} {again}
                    mount={props.mount.clone()} choose={props.choose.clone()} lang={props.lang} />
            };
        }
        Why::Again => (texts::AGAIN, texts::CREATE_ANOTHER),
        Why::Unkept => (texts::UNKEPT, texts::SEND_UNKEPT),
    };
    html! {
        <div class="verdict" data-kind="unknown">
            <p id={QUESTION} tabindex="-1">{ why.get(props.lang) }</p>
            <div class="actions">
                { button(props, Command::SendAnyway, choice, "quiet") }
                { button(props, Command::Cancel, messages::CANCEL, "quiet") }
            </div>
        </div>
    }
}

fn button(props: &Props, command: Command, label: Text, class: &'static str) -> Html {
    let onclick = props.choose.reform(move |_: MouseEvent| command);
    html! { <button type="button" {class} {onclick}>{ label.get(props.lang) }</button> }
}

fn answered(props: &Props, settled: &Settled) -> Html {
    let lang = props.lang;
    let (kind, title, body) = match &settled.sent.answer {
        Answer::Created(created) => {
            let title = if settled.adopted {
                messages::ADOPTED
            } else {
                messages::CREATED
            };
            ("created", title, made(props, created, settled))
        }
        Answer::Rejected(refusal) => {
            let go = settled.field.as_ref().map(|field| {
                let onclick = props.choose.reform(|_: MouseEvent| Command::GoToField);
                let label = label_at(props.operation.0, field, lang);
                html! {
                    <button type="button" class="quiet" {onclick}>
                        { messages::about(messages::GO_TO_FIELD.get(lang), &label, lang) }
                    </button>
                }
            });
            let body = html! {
                <>
                    { refused(props, refusal) }
                    { field_errors(props, settled) }
                    if let Some(go) = go { <div class="actions">{ go }</div> }
                </>
            };
            ("rejected", messages::REJECTED, body)
        }
        Answer::NotExecuted(refusal) => {
            let body = html! {
                <>
                    { refused(props, refusal) }
                    { field_errors(props, settled) }
                    <div class="actions">
                        { button(props, Command::Repeat, messages::SEND_AGAIN, "primary") }
                    </div>
                </>
            };
            ("not-executed", messages::NOT_EXECUTED, body)
        }
        Answer::Unknown(refusal) => {
            let body = html! {
                <>
                    { refused(props, refusal) }
                    <div class="actions">
                        if settled.is_repeatable() {
                            { button(props, Command::Repeat, messages::REPEAT, "primary") }
                        } else if settled.can_look_up() {
                            { button(props, Command::LookUp, look_up_label(props.operation.0), "primary") }
                        }
                    </div>
                    if !settled.is_repeatable() && !settled.can_look_up() {
                        <p>{ only_by_console(props.operation.0, lang) }</p>
                    }
                    { lookup(props) }
                </>
            };
            ("unknown", messages::UNKNOWN, body)
        }
    };
    html! {
        <div class="verdict" data-kind={kind}>
            <h2 id={HEADING} tabindex="-1">{ title.get(lang) }</h2>
            { body }
            { raw(settled.sent.raw.as_ref(), lang) }
        </div>
    }
}

fn made(props: &Props, created: &Created, settled: &Settled) -> Html {
    let (op, lang) = (props.operation.0, props.lang);
    let simulated = settled.sent.simulated;
    // Where the answer tells no status and there is one to wait for, the first is the present one.
    let pending = || op.read_back().and_then(|read| read.pending.first());
    let at_first = created.status.clone().map(AttrValue::from);
    let at_first = at_first.or_else(|| Some(AttrValue::from(*pending()?)));
    html! {
        <>
            <div class="made">
                <code class="made-id">{ &created.id }</code>
                if simulated { <span class="simulated">{ messages::SIMULATED.get(lang) }</span> }
                <CopyButton text={created.id.clone()} label={messages::COPY_ID} {lang} />
            </div>
            <dl class="facts">
                // With a key another resource's is another, and waits for itself.
                <ResourceStatus key={created.id.clone()} followed={props.followed.clone()} {at_first} {lang} />
                if let Some(id) = &created.request_id {
                    <dt>{ messages::REQUEST_ID.get(lang) }</dt><dd><code>{ id }</code></dd>
                }
            </dl>
            if props.mount.has_pages() {
                <p><a href="#/history">{ messages::SEE_HISTORY.get(lang) }</a></p>
            }
            { afterwards(op, created, settled, &props.another, &props.mount, lang) }
        </>
    }
}

fn refused(props: &Props, refusal: &Refusal) -> Html {
    let (op, lang) = (props.operation.0, props.lang);
    let (explanation, advice) = (refusal.explanation.get(lang), refusal.advice.get(lang));
    html! {
        <>
            <p>{ rich_text(explanation) }</p>
            if !explanation.contains(advice) { <p>{ rich_text(advice) }</p> }
            <dl class="facts">
                if !refusal.code.is_empty() {
                    <dt>{ messages::CODE.get(lang) }</dt><dd>
                        <code>{ &refusal.code }</code>
                        if let Some(list) = op.error_list() {
                            { " " }
                            <a href={list.url} target="_blank" rel="noopener noreferrer">
                                { messages::ALL_CODES.get(lang) }
                            </a>
                        }
                    </dd>
                }
                if !refusal.message.is_empty() {
                    <dt>{ messages::MESSAGE.get(lang) }</dt><dd><code>{ &refusal.message }</code></dd>
                }
                if let Some(id) = &refusal.request_id {
                    <dt>{ messages::REQUEST_ID.get(lang) }</dt><dd><code>{ id }</code></dd>
                }
            </dl>
            if props.mount.has_pages() {
                <p class="ways">{ error_link(op, refusal, lang) }{ action_link(op, refusal, lang) }</p>
            }
        </>
    }
}

fn field_errors(props: &Props, settled: &Settled) -> Html {
    let lang = props.lang;
    if settled.sent.violations.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="field-errors">
            { for settled.sent.violations.iter().map(|error| html! {
                <li>
                    if !error.parameter.is_empty() { <code>{ &error.parameter }</code>{ " " } }
                    { error.message.get(lang) }
                </li>
            }) }
        </ul>
    }
}

/// The request whose resource is looked for.
fn asked(props: &Props) -> Asked {
    let op = props.operation.0;
    match (&props.question, &props.settled) {
        (Some(question), _) => Asked::of(op, &question.open.record),
        (None, settled) => {
            let row = |id| History::of(&props.mount).row(id);
            let record = settled.as_ref().and_then(|settled| row(settled.record?));
            let params = settled.as_ref().map(|s| s.intent.valid.parsed().to_raw());
            Asked {
                op,
                params: params.unwrap_or_default(),
                sent: record.map(|row| row.created),
            }
        }
    }
}

/// What a look-up found, to choose from.
fn lookup(props: &Props) -> Html {
    let lang = props.lang;
    let adopt = props.choose.reform(Command::Adopt);
    match &props.lookup {
        Lookup::None => Html::default(),
        Lookup::Looking => html! { <p>{ messages::LOOKING.get(lang) }</p> },
        Lookup::Part(items) => html! {
            <>
                <p>{ messages::FOUND_PART.get(lang) }</p>
                { found_list(&asked(props), items, &History::of(&props.mount), Some(&adopt), lang) }
            </>
        },
        Lookup::Done(found) => match &**found {
            Found::Items(items) if items.is_empty() => {
                html! { <p>{ messages::FOUND_NONE.get(lang) }</p> }
            }
            Found::Items(items) => html! {
                <>
                    <p>{ messages::FOUND.get(lang) }</p>
                    { found_list(&asked(props), items, &History::of(&props.mount), Some(&adopt), lang) }
                </>
            },
            Found::Refused(refusal) => html! {
                <>
                    <p>{ messages::LOOK_UP_FAILED.get(lang) }</p>
                    { refused(props, refusal) }
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
