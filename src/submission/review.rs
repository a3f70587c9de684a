//! The review before something real is created: where, everything that will be sent, what is doubtful about it,
//! and what undoing it costs. One key confirms it.

use std::rc::Rc;

use tieline_catalog::afterwards::deletion_command;
use tieline_catalog::{check, Lang, Operation, Raw, Severity, Violation};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::event::Command;
use super::intent::{Intent, Scruple};
use super::messages as texts;
use super::props::QUESTION;
use super::reality::{facts, mark, said, Reality};
use crate::form::control::label_at;
use crate::form::fill::value_row;
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::elements::{button, element, row, text};
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// A confirming key this soon after the review came is the second half of the one that asked for it.
/// Milliseconds.
const DOUBLE_PRESS_MS: f64 = 500.0;

/// What only the heading has: its keys.
const KEYS: &str = "aria-keyshortcuts";

/// What stands for the id that the cloud gives.
const ID: &str = "ID";

/// The properties of [`Review`].
#[derive(Properties)]
pub struct Props {
    /// What is to be sent.
    pub asked: Rc<Scruple>,
    /// Nothing was filled in since the last creation.
    pub again: bool,
    /// Where the form is shown.
    pub mount: Mount,
    /// Takes what the user chooses.
    pub choose: Callback<Command>,
    /// The language.
    pub lang: Lang,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.asked, &other.asked)
            && self.lang == other.lang
            && self.choose == other.choose
    }
}

/// The review.
#[component]
pub fn Review(props: &Props) -> Html {
    let (lang, intent) = (props.lang, &props.asked.intent);
    let op = intent.valid.parsed().operation();
    let came = use_memo(Rc::as_ptr(&props.asked), |_| dom::now());
    let choose = |command| props.choose.reform(move |_: MouseEvent| command);
    let onkeydown = {
        let choose = props.choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let passing = event.repeat() || dom::now() - *came < DOUBLE_PRESS_MS;
            // A button or a link has its own Enter.
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let on_heading = target.is_some_and(|e| e.has_attribute(KEYS));
            match &*event.key() {
                "Enter" if on_heading && !passing => choose.emit(Command::SendAnyway),
                "Escape" => choose.emit(Command::Cancel),
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <div class="verdict review" data-kind="review" {onkeydown}>
            <h2 id={QUESTION} tabindex="-1" aria-keyshortcuts="Enter Escape">
                { texts::REVIEW.get(lang) }{ mark(Reality::Live, lang) }
            </h2>
            <p>{ texts::REVIEW_LEAD.get(lang) }{ messages::GAP.get(lang) }{ texts::REVIEW_KEYS.get(lang) }</p>
            if props.again { { text("p", "", texts::AGAIN.get(lang)) } }
            { place(op, intent, lang) }
            { warnings(op, &intent.raw, lang) }
            { text("h3", "", texts::REVIEW_VALUES.get(lang)) }
            { values(op, intent, lang) }
            { undoing(op, &intent.raw, lang) }
            <div class="actions">
                { button("primary", texts::CREATE_REAL.get(lang), choose(Command::SendAnyway)) }
                { button("quiet", messages::CANCEL.get(lang), choose(Command::Cancel)) }
            </div>
            if props.mount.has_pages() {
                <p><a href={Route::Settings.hash()}>{ texts::REVIEW_SETTING.get(lang) }</a></p>
            }
        </div>
    }
}

fn fact(name: Html, value: Html) -> Html {
    element(
        "div",
        "",
        row([element("dt", "", name), element("dd", "", value)]),
    )
}

/// Whose account it is in, where, and at which of the cloud's addresses: as it was submitted, whatever is set by
/// now.
fn place(op: &'static Operation, intent: &Intent, lang: Lang) -> Html {
    let host = tieline_catalog::wire::encode(intent.valid.parsed()).host;
    let cloud = row([
        op.service.provider.name().get(lang).into(),
        " ".into(),
        html! { <code translate="no">{ host }</code> },
    ]);
    html! {
        <dl class="values">
            { fact(texts::CLOUD.get(lang).into(), cloud) }
            { fact(messages::PROXY.get(lang).into(), html! { <code translate="no">{ intent.target.name().to_string() }</code> }) }
            { for facts(op, &intent.raw, &intent.target).into_iter()
                .map(|(name, value)| fact(name.get(lang).into(), said(value, lang))) }
        </dl>
    }
}

/// Every warning that the form has, once more.
fn warnings(op: &'static Operation, raw: &Raw, lang: Lang) -> Html {
    let warnings = check(op, raw).violations;
    let warnings = warnings
        .iter()
        .filter(|v| v.severity == Severity::Warning)
        .map(|v| html! { <li>{ about(op, v, lang) }{ rich_text(v.message.get(lang)) }</li> });
    let warnings: Vec<Html> = warnings.collect();
    if warnings.is_empty() {
        return Html::default();
    }
    html! {
        <>
            { text("h3", "", texts::REVIEW_WARNINGS.get(lang)) }
            <ul class="review-warnings">{ warnings }</ul>
        </>
    }
}

fn about(op: &'static Operation, warning: &Violation, lang: Lang) -> String {
    match &*warning.parameter {
        "" => String::new(),
        path => format!("{}{}", label_at(op, path, lang), messages::COLON.get(lang)),
    }
}

/// Everything that will be sent, by the names of the form and of the wire. Personal data and credentials are
/// masked, as everywhere.
fn values(op: &'static Operation, intent: &Intent, lang: Lang) -> Html {
    let sent = intent.valid.parsed().masked().to_raw();
    html! {
        <dl class="values">
            { fact(messages::ACTION.get(lang).into(), html! { <code translate="no">{ op.name }</code> }) }
            { for sent.leaves().into_iter().map(|(path, value)| value_row(op, &path, value, lang)) }
        </dl>
    }
}

/// What it takes to be rid of the resource again.
fn undoing(op: &'static Operation, raw: &Raw, lang: Lang) -> Html {
    let command = deletion_command(op, ID, raw);
    let lead = match command {
        Some(_) => texts::UNDO_BY_COMMAND,
        None => texts::UNDO_IN_CONSOLE,
    };
    html! {
        <>
            { text("h3", "", texts::UNDO_COSTS.get(lang)) }
            { text("p", "", lead.get(lang)) }
            if let Some(command) = command {
                <p><code translate="no">{ command }</code></p>
            }
        </>
    }
}
