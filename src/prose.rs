//! How sentences and wire names are set.

use yew::prelude::*;

/// A wire name that may break before each of its capitals: `Create|Cloud|Connection`.
pub fn breakable(name: &str) -> Html {
    let starts = name
        .char_indices()
        .filter(|(i, c)| *i > 0 && c.is_ascii_uppercase())
        .map(|(i, _)| i);
    let mut from = 0;
    let mut parts = Vec::new();
    for start in starts.chain([name.len()]) {
        parts.push(&name[from..start]);
        from = start;
    }
    html! { { for parts.into_iter().map(|part| html! { <>{ part.to_string() }<wbr /></> }) } }
}

/// The sentence with what it quotes between backticks set as code.
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
