//! A button that copies.

use tieline_catalog::{Lang, Text};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{dom, words};

/// The properties of [`CopyButton`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is copied.
    pub text: String,
    /// What the button is called.
    pub label: Text,
    /// The language.
    pub lang: Lang,
}

/// A button that copies its text and says whether that worked.
#[component]
pub fn CopyButton(props: &Props) -> Html {
    let said = use_state_eq(|| None::<bool>);
    {
        // What was said is about the text of then.
        let said = said.clone();
        use_effect_with(props.text.clone(), move |_| said.set(None));
    }
    let onclick = {
        let (said, text) = (said.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            let (said, text) = (said.clone(), text.clone());
            spawn_local(async move { said.set(Some(dom::copy(text).await)) });
        })
    };
    let word = match *said {
        Some(true) => words::COPIED,
        _ => words::COPY,
    };
    html! {
        <span class="copy">
            <button type="button" class="quiet" {onclick} aria-label={props.label.get(props.lang)}>
                { word.get(props.lang) }
            </button>
            <span class="note" role="status">
                { match *said {
                    Some(true) => html! { <span class="unseen">{ words::COPIED.get(props.lang) }</span> },
                    Some(false) => html! { words::COPY_FAILED.get(props.lang) },
                    None => Html::default(),
                } }
            </span>
        </span>
    }
}
