//! A field's rules in words.
//!
//! It is loaded lazily, see `chunks.rs`: nobody sees them before there is what checks them.

use tieline_catalog::{Lang, Param};
use yew::prelude::*;

use crate::ui::elements::element;

/// What is said of a parameter's rules. Not seen it is still heard, as a description of the control.
pub fn rules(param: &Param, seen: bool, lang: Lang) -> Html {
    let hints = param.rules.iter().filter_map(|rule| rule.hint());
    let hints: Vec<String> = hints.map(|hint| hint.get(lang).to_string()).collect();
    let class = if seen { "hints" } else { "hints unseen" };
    match hints.is_empty() {
        true => Html::default(),
        false => element("p", class, hints.join(" · ").into()),
    }
}
