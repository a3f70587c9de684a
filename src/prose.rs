//! Sentences that quote what goes on the wire between backticks.

use yew::prelude::*;

/// The sentence with its quotes set as code.
pub fn prose(text: &str) -> Html {
    html! {
        <>
            { for text.split('`').enumerate().map(|(i, part)| match i % 2 {
                1 => html! { <code>{ part }</code> },
                _ => html! { { part } },
            }) }
        </>
    }
}
