//! The note beside a record.

use tieline_catalog::{Lang, Text};
use tieline_records::export::MAX_NOTE;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::history::list_messages as list;
use crate::history::service::History;

/// The properties of [`Note`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// The history.
    pub history: History,
    /// The record.
    pub id: u64,
    /// Its note, as it is stored.
    pub note: String,
    /// Why it cannot be changed, if so.
    pub read_only: Option<Text>,
    /// Called with what happened, and whether it is bad.
    pub say: Callback<(String, bool)>,
}

/// The field for the note. It is saved when it is left, also by closing the details.
#[component]
pub fn Note(props: &Props) -> Html {
    let lang = props.lang;
    // What is in the field, as long as that may not be stored.
    let draft = use_state_eq(|| None::<String>);
    let unsaved = use_mut_ref(|| None::<String>);
    let save = {
        let (history, id, say) = (props.history.clone(), props.id, props.say.clone());
        let unsaved = unsaved.clone();
        Callback::from(move |()| {
            let Some(text) = unsaved.borrow_mut().take() else {
                return;
            };
            let (history, say) = (history.clone(), say.clone());
            spawn_local(async move {
                if history.annotate(id, text.trim()).await {
                    say.emit((list::NOTE_SAVED.get(lang).to_string(), false));
                }
            });
        })
    };
    {
        let last = use_mut_ref(|| save.clone());
        last.replace(save.clone());
        use_effect_with((), move |()| move || last.borrow().emit(()));
    }
    {
        let (draft, unsaved) = (draft.setter(), unsaved.clone());
        use_effect_with(props.note.clone(), move |_| {
            if unsaved.borrow().is_none() {
                draft.set(None);
            }
        });
    }
    let oninput = {
        let draft = draft.setter();
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            unsaved.replace(Some(text.clone()));
            draft.set(Some(text));
        })
    };
    let value = (*draft).clone().unwrap_or_else(|| props.note.clone());
    html! {
        <div class="history-note-field">
            <label for="history-note">{ list::NOTE.get(lang) }</label>
            <textarea id="history-note" rows="2" maxlength={MAX_NOTE.to_string()} {value} {oninput}
                readonly={props.read_only.is_some()}
                onchange={save.reform(|_: Event| ())} aria-describedby="history-note-hint" />
            <p id="history-note-hint" class="history-note">{ props.read_only.unwrap_or(list::NOTE_HINT).get(lang) }</p>
        </div>
    }
}
