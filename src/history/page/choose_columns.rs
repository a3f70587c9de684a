//! The choice of the columns.

use tieline_catalog::Lang;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use yew::prelude::*;

use crate::history::columns::{Column, Shown};
use crate::history::list_messages as list;

const MENU: &str = "history-columns";

/// The properties of [`ChooseColumns`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// The columns that are shown.
    pub shown: Shown,
    /// Called with other columns.
    pub on_show: Callback<Shown>,
}

/// A button that unfolds a list of the columns. Escape folds it, and so does leaving it.
#[component]
pub fn ChooseColumns(props: &Props) -> Html {
    let Props {
        lang,
        shown,
        on_show,
    } = props;
    let lang = *lang;
    let open = use_state_eq(|| false);
    let (around, button) = (use_node_ref(), use_node_ref());
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.prevent_default();
                open.set(false);
                if let Some(button) = button.cast::<HtmlElement>() {
                    let _ = button.focus();
                }
            }
        })
    };
    let onfocusout = {
        let (open, around) = (open.setter(), around.clone());
        Callback::from(move |event: FocusEvent| {
            // A press on a text takes the focus to nowhere; that is no leaving.
            let to = event
                .related_target()
                .and_then(|to| to.dyn_into::<Node>().ok());
            let inside = around.cast::<Node>();
            if let (Some(to), Some(inside)) = (to, inside) {
                if !inside.contains(Some(&to)) {
                    open.set(false);
                }
            }
        })
    };
    let usual = on_show.reform(|_: MouseEvent| Shown::default());
    let choice = |column: Column| {
        let toggled = shown.toggled(column);
        let onchange = on_show.reform(move |_: Event| toggled.clone());
        html! {
            <li>
                <label>
                    <input type="checkbox" checked={shown.has(column)} {onchange} />
                    <span>{ column.title().get(lang) }</span>
                </label>
            </li>
        }
    };
    let columns = Column::ALL
        .into_iter()
        .filter(|column| *column != Column::Time);
    html! {
        <div ref={around} class="history-menu" {onkeydown} {onfocusout}>
            <button ref={button} type="button" class="quiet" aria-expanded={open.to_string()} aria-controls={MENU} {onclick}>
                { list::COLUMNS.get(lang) }
            </button>
            <div id={MENU} role="group" aria-label={list::COLUMNS.get(lang)} hidden={!*open}>
                if *open {
                    <ul>{ for columns.map(choice) }</ul>
                    <button type="button" class="quiet" onclick={usual}>{ list::USUAL_COLUMNS.get(lang) }</button>
                }
            </div>
        </div>
    }
}
