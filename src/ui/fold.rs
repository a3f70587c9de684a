//! What is folded until its summary is pressed.

use web_sys::Element;
use yew::prelude::*;

/// A part of a page that is made only while it is open. `toggled` takes whether it is.
pub fn fold(
    class: &'static str,
    summary: &'static str,
    open: bool,
    toggled: Callback<bool>,
    inside: impl FnOnce() -> Html,
) -> Html {
    let ontoggle = toggled.reform(|event: Event| {
        let details: Element = event.target_unchecked_into();
        details.has_attribute("open")
    });
    html! {
        <details class={classes!("raw", class)} {ontoggle}>
            <summary>{ summary }</summary>
            if open {
                { inside() }
            }
        </details>
    }
}
