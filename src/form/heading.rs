//! What stands above a form: what is created, and what the operation fixes.

use tieline_catalog::{Lang, Operation, Protocol, Text};
use yew::prelude::*;

use crate::ui::elements::{element, row, text};
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// The operation's title, its product, and what it does.
pub fn heading(op: &'static Operation, lang: Lang) -> Html {
    let trail = row([
        op.service.provider.name().get(lang).into(),
        html! { <span aria-hidden="true">{ "—" }</span> },
        op.service.product.get(lang).into(),
    ]);
    let behaviour = match op.behaviour.get(lang) {
        "" => Html::default(),
        behaviour => element("p", "behaviour", rich_text(behaviour)),
    };
    let title = row([op.title.get(lang).into(), text("code", "", op.name)]);
    let parts = row([
        element("p", "trail", trail),
        html! { <h1 id="page-title">{ title }</h1> },
        element("p", "lead", rich_text(op.summary.get(lang))),
        behaviour,
    ]);
    element("header", "page-head", parts)
}

/// What the operation fixes: shown, not asked.
pub fn fixed(op: &'static Operation, lang: Lang) -> Html {
    let [first, second] = match op.protocol {
        Protocol::Rpc => [
            (messages::ACTION, op.name),
            (messages::VERSION, op.service.version),
        ],
        Protocol::Rest { method, path } => [(messages::METHOD, method), (messages::PATH, path)],
    };
    let fact = |name: Text, value: Html| {
        let parts = row([text("dt", "", name.get(lang)), element("dd", "", value)]);
        element("div", "", parts)
    };
    let wire = |(name, value)| fact(name, text("code", "", value));
    let document = fact(messages::DOCUMENT, op.document.title.get(lang).into());
    let facts = row([wire(first), wire(second), document]);
    html! { <dl class="fixed" aria-label={messages::FIXED.get(lang)}>{ facts }</dl> }
}
