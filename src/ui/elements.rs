//! Elements that recur, built out of line: each `html!` would repeat the code that makes them, and the
//! first visit pays for it.

use yew::prelude::*;

/// An element of a class (of none, when that is empty) around its content.
#[inline(never)]
pub fn element(tag: &'static str, class: &'static str, content: Html) -> Html {
    let class = (!class.is_empty()).then_some(class);
    html! { <@{tag} {class}>{ content }</@> }
}

/// The same around a text.
#[inline(never)]
pub fn text(tag: &'static str, class: &'static str, text: &'static str) -> Html {
    element(tag, class, Html::from(text))
}

/// A button of a class with a word on it.
#[inline(never)]
pub fn button(class: &'static str, word: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" {class} {onclick}>{ word }</button> }
}

/// What stands in a row without anything around it.
#[inline(never)]
pub fn row<const N: usize>(parts: [Html; N]) -> Html {
    Html::from_iter(parts)
}
