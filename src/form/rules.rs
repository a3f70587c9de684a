//! A field's rules in words, and the way to what the document says of it.
//!
//! It is loaded lazily, see `chunks.rs`: nobody sees them before there is what checks them.

use tieline_catalog::{Lang, Param};
use yew::prelude::*;

use super::messages as texts;
use crate::ui::elements::element;
use crate::ui::messages;

/// What marks the button that leads to the reference. Who shows that listens for it: see `reference_pane.rs`.
pub const ABOUT: &str = "data-about";

/// The key that does the same from within the field.
pub const ABOUT_KEY: &str = "F1";

/// What is said of a parameter's rules. Not seen it is still heard, as a description of the control. The way to
/// the reference is there while they are seen, so that it stands beside one field at a time.
pub fn rules(param: &Param, seen: bool, lang: Lang) -> Html {
    let hints = param.rules.iter().filter_map(|rule| rule.hint());
    let hints: Vec<String> = hints.map(|hint| hint.get(lang).to_string()).collect();
    let class = if seen { "hints" } else { "hints unseen" };
    html! {
        <>
            if !hints.is_empty() { { element("p", class, hints.join(" · ").into()) } }
            if seen && !param.is_newer_than_the_document() { { about(param, lang) } }
        </>
    }
}

/// The button that leads to a parameter's paragraph. Tab passes it by: who is done with a field is at the next one,
/// and a key leads there from the field itself.
fn about(param: &Param, lang: Lang) -> Html {
    let word = texts::ABOUT_PARAMETER.get(lang);
    let name = messages::about(word, param.label.get(lang), lang);
    let content = html! {
        <button type="button" class="quiet about" data-about="true" tabindex="-1" aria-keyshortcuts={ABOUT_KEY}
            aria-label={name}>
            { word }<kbd aria-hidden="true">{ ABOUT_KEY }</kbd>
        </button>
    };
    element("p", "hints", content)
}
