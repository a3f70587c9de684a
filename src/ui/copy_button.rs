//! A button that copies.

use tieline_catalog::{Lang, Text};
use yew::prelude::*;

use crate::platform::dom;
use crate::ui::messages;

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
pub struct CopyButton {
    said: Option<bool>,
}

/// An action on a [`CopyButton`].
pub enum Act {
    /// It was pressed.
    Press,
    /// The browser has copied, or not.
    Done(bool),
}

impl Component for CopyButton {
    type Message = Act;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        CopyButton { said: None }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        // What was said is about the text of then.
        if ctx.props().text != old.text {
            self.said = None;
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Press => {
                let text = ctx.props().text.clone();
                ctx.link()
                    .send_future(async { Act::Done(dom::copy(text).await) });
                false
            }
            Act::Done(said) => {
                self.said = Some(said);
                true
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { label, lang, .. } = *ctx.props();
        let word = match self.said {
            Some(true) => messages::COPIED,
            _ => messages::COPY,
        };
        html! {
            <span class="copy">
                <button type="button" class="quiet" onclick={ctx.link().callback(|_| Act::Press)}
                    aria-label={label.get(lang)}>
                    { word.get(lang) }
                </button>
                <span class="note" role="status">
                    { match self.said {
                        Some(true) => html! { <span class="unseen">{ messages::COPIED.get(lang) }</span> },
                        Some(false) => html! { messages::COPY_FAILED.get(lang) },
                        None => Html::default(),
                    } }
                </span>
            </span>
        }
    }
}
