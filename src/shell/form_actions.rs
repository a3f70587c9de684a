//! What stands beside the button that submits a form: where it creates, what fills and empties the form at
//! one stroke, and what takes that back.
//!
//! It is loaded lazily, see `chunks.rs`.

use gloo_events::{EventListener, EventListenerOptions};
use tieline_catalog::{Raw, Text};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement};
use yew::prelude::*;

use super::messages as texts;
use super::tab_sign::use_tab_sign;
use crate::form::prefill::prefill;
use crate::form::state::{Act, Form};
use crate::platform::dom;
use crate::submission::{destination, SubmissionPanelProps, FIELDS};
use crate::ui::elements::button;
use crate::ui::messages;
use crate::ui::status_line::Stage;

/// The id of the line that says where something is created. It describes the button that does so.
pub const DESTINATION: &str = "destination";

/// The properties of [`FormActions`].
#[derive(Properties, Clone, PartialEq)]
pub struct FormActionsProps {
    /// What is created, by which form, and where.
    pub panel: SubmissionPanelProps,
    /// The stage that the last request has reached.
    pub stage: Stage,
    /// What is wrong with the history's storage.
    pub problem: Option<Text>,
}

/// The line, the buttons, and the offer to take back what they did.
#[component]
pub fn FormActions(props: &FormActionsProps) -> Html {
    let SubmissionPanelProps {
        operation,
        settings,
        connection,
        mount,
        lang,
        ..
    } = &props.panel;
    let (op, form, lang) = (operation.0, &props.panel.form.0, *lang);
    let said = use_node_ref();
    // The input that an undo has brought back.
    let undone = use_state(|| None::<Raw>);
    use_tab_sign(op, props.stage, settings, mount);
    let undo = {
        let (form, undone) = (form.clone(), undone.setter());
        Callback::from(move |()| {
            if let Some(before) = &form.before {
                undone.set(Some(before.raw.clone()));
                form.dispatch(Act::Undo);
            }
        })
    };
    use_keys(&said, form, &undo);

    let example = {
        let form = form.dispatcher();
        Callback::from(move |_| form.dispatch(Act::Example(Raw::example(op))))
    };
    let clear = {
        let (form, settings, mount) = (form.dispatcher(), settings.clone(), mount.clone());
        Callback::from(move |_| form.dispatch(Act::Clear(prefill(&settings, op, &mount))))
    };
    let on_undo = {
        let (undo, said) = (undo.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            // The button goes, and the focus with it: to the one that made the offer.
            let bar = said
                .cast::<Element>()
                .and_then(|said| said.parent_element());
            let clear = bar.and_then(|bar| bar.query_selector("[data-clear]").ok()?);
            if let Some(clear) = clear.and_then(|clear| clear.dyn_into::<HtmlElement>().ok()) {
                let _ = clear.focus();
            }
            undo.emit(());
        })
    };
    let offer = match &form.before {
        _ if undone.as_ref() == Some(&form.raw) => Some(texts::UNDONE),
        Some(_) if form.edited => Some(texts::FILLED),
        Some(_) => Some(texts::CLEARED),
        None => None,
    };
    html! {
        <>
            if let Some(problem) = props.problem {
                <p class="history-problem" role="status">{ problem.get(lang) }</p>
            }
            { destination(DESTINATION, op, &form.raw, settings, connection.as_ref()) }
            // The key that does the same as the button before it, for the eye: the list of the keys says it, too.
            <kbd class="submit-key" aria-hidden="true">{ "Ctrl ⏎" }</kbd>
            { button("quiet", messages::EXAMPLE.get(lang), example) }
            <button type="button" class="quiet" data-clear="true" onclick={clear}>{ messages::CLEAR.get(lang) }</button>
            // A region that is there before what it announces.
            <span class="undo" role="status" ref={said}>{ offer.map_or("", |text| text.get(lang)) }</span>
            if form.before.is_some() {
                <button type="button" class="quiet" aria-keyshortcuts="Control+Z Meta+Z" onclick={on_undo}>
                    { texts::UNDO.get(lang) }
                </button>
            }
        </>
    }
}

/// The keys with Ctrl, or Command. Z takes back, anywhere in the form, what filled or emptied it at one stroke: as
/// long as that is offered nothing was typed since, so that no field has anything of its own to undo. Enter submits
/// from any field, also from one in which Enter alone begins a line.
#[hook]
fn use_keys(within: &NodeRef, form: &UseReducerHandle<Form>, undo: &Callback<()>) {
    let (form, undo) = (form.clone(), undo.clone());
    use_effect_with(within.clone(), move |within| {
        let around = within
            .cast::<Element>()
            .and_then(|e| e.closest("form").ok()?);
        let listener = around.map(|around| {
            let options = EventListenerOptions::enable_prevent_default();
            let own = around.clone();
            EventListener::new_with_options(&around, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                let held = event.ctrl_key() || event.meta_key();
                if !held || event.shift_key() || event.alt_key() {
                    return;
                }
                match &*event.key().to_ascii_lowercase() {
                    "z" if form.before.is_some() => undo.emit(()),
                    "enter" if submits(event) => submit(&own),
                    _ => return,
                }
                event.prevent_default();
            })
        });
        move || drop(listener)
    });
}

/// Whether Enter with Ctrl is meant for the form: a button has its own, and so has an input method.
fn submits(event: &KeyboardEvent) -> bool {
    let field = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let field = field.is_some_and(|e| e.matches(FIELDS).unwrap_or(false));
    field && !event.repeat() && !dom::composes(event)
}

/// Submits a form as Enter in one of its fields does, so that it is taken for that.
fn submit(form: &Element) {
    if let Some(form) = form.dyn_ref::<HtmlFormElement>() {
        // It fails only for a button of another form, and there is none.
        let _ = form.request_submit();
    }
}
