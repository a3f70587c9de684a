//! What can be done with the selected rows: a bar that stays in sight below the list.

use tieline_catalog::{Lang, Text};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::element_ids::TEXT_FIELD;
use super::page_state::PageState;
use super::selection::Selection;
use crate::history::files::Format;
use crate::history::filter::Rows;
use crate::history::index::Row;
use crate::history::list_messages as list;
use crate::history::messages;
use tieline_records::Outcome;

/// The properties of [`Chosen`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The state of the page, with at least one selected row.
    pub page: PageState,
    /// Whether a check is under way.
    pub checking: bool,
    /// Called when the selected rows are to be held against the cloud.
    pub on_check: Callback<()>,
}

/// How many rows are selected.
pub fn count(rows: &Rows, lang: Lang) -> String {
    messages::with(list::SELECTED, lang, &[&rows.len().to_string()])
}

/// The bar.
#[component]
pub fn Chosen(props: &Props) -> Html {
    let page = &props.page;
    let (lang, busy) = (page.lang, *page.busy);
    let dialog = use_node_ref();
    let on_export = page.on_export(&page.chosen);
    let export = |format: Format| on_export.reform(move |_: MouseEvent| format);
    let ask = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        })
    };
    let clear = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.selection.set(Selection::default());
            page.mount.focus_soon(TEXT_FIELD.to_string());
        })
    };
    let (read_only, of_file) = (
        page.history.read_only().is_some(),
        page.history.is_of_file(),
    );
    let count = count(&page.chosen, lang);
    let button = |word: Text, name: Text, disabled, onclick| {
        html! {
            <button type="button" class="quiet" aria-label={name.get(lang)} {disabled} {onclick}>
                { word.get(lang) }
            </button>
        }
    };
    html! {
        <section class="history-chosen" aria-label={count.clone()}>
            <p>{ count }</p>
            { button(list::CLEAR, list::CLEAR, false, clear) }
            { button(list::CHECK, list::CHECK_THESE, props.checking || of_file, props.on_check.reform(|_: MouseEvent| ())) }
            { button(messages::EXPORT_JSON, list::JSON_THESE, busy || of_file, export(Format::Json)) }
            { button(messages::EXPORT_CSV, list::CSV_THESE, busy, export(Format::Csv)) }
            { button(list::DELETE, list::DELETE_THESE, busy || read_only || page.deletable().is_empty(), ask) }
            { question(page, &dialog) }
        </section>
    }
}

/// The question before deleting.
fn question(page: &PageState, dialog: &NodeRef) -> Html {
    let lang = page.lang;
    let shown = |outcome: Outcome| {
        let of = |row: &&Row| page.history.shown(row) == outcome;
        page.chosen.iter().filter(of).count()
    };
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    let delete = {
        let (close, on_delete) = (close.clone(), page.on_delete_chosen());
        Callback::from(move |event: MouseEvent| {
            close.emit(event);
            on_delete.emit(());
        })
    };
    let told = |text: Text, count: usize| match count {
        0 => Html::default(),
        count => html! { <p>{ messages::with(text, lang, &[&count.to_string()]) }</p> },
    };
    let (unknown, pending) = (shown(Outcome::Unknown), shown(Outcome::Pending));
    let count = (page.chosen.len() - pending).to_string();
    html! {
        <dialog class="history-dialog" ref={dialog} aria-labelledby="history-ask-many" aria-describedby="history-ask-many-text">
            <h2 id="history-ask-many">{ messages::with(list::ASK_DELETE, lang, &[&count]) }</h2>
            <div id="history-ask-many-text">
                <p>{ list::ASK_DELETE_TEXT.get(lang) }</p>
                { told(list::ASK_DELETE_UNKNOWN, unknown) }
                { told(list::ASK_DELETE_PENDING, pending) }
            </div>
            <div class="history-actions">
                <button type="button" class="quiet" onclick={close}>{ messages::CANCEL.get(lang) }</button>
                <button type="button" class="quiet danger" onclick={delete}>{ messages::YES_DELETE.get(lang) }</button>
            </div>
        </dialog>
    }
}
