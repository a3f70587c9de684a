//! What a code means, as the error centre shows it.

use tieline_catalog::error_centre::Explained;
use tieline_catalog::errors::denies;
use tieline_catalog::{Lang, Operation, Text};
use yew::prelude::*;

use super::messages;
use crate::form::control::label_at;
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::rich_text::{breakable, rich_text};

/// One code, folded unless it is what was asked for.
pub fn code(explained: &Explained, open: bool, mount: &Mount, lang: Lang) -> Html {
    let place = explained.place();
    html! {
        <details class="code-entry" key={place} {open}>
            <summary>
                { name(explained, lang) }
                <span class="code-brief">{ rich_text(explained.explanation.get(lang)) }</span>
            </summary>
            { facts(explained, mount, lang) }
        </details>
    }
}

/// The code, or what an answer without one is called.
fn name(explained: &Explained, lang: Lang) -> Html {
    match explained.title {
        Some(title) => html! { <b>{ title.get(lang) }</b> },
        None => html! { <code translate="no">{ breakable(&explained.code) }</code> },
    }
}

fn row(label: Text, lang: Lang, value: Html) -> Html {
    html! { <><dt>{ label.get(lang) }</dt><dd>{ value }</dd></> }
}

fn facts(explained: &Explained, mount: &Mount, lang: Lang) -> Html {
    let field = explained.operation.zip(explained.parameter);
    let entry = explained.entry;
    let documented = entry.filter(|entry| !entry.message.is_empty());
    html! {
        <dl class="facts" data-class={format!("{:?}", explained.class)}>
            { row(messages::MEANING, lang, rich_text(explained.explanation.get(lang))) }
            { row(messages::CONSEQUENCE, lang, html! { <b>{ explained.consequence().get(lang) }</b> }) }
            { row(messages::ADVICE, lang, rich_text(explained.advice.get(lang))) }
            if let Some((op, parameter)) = field {
                { row(messages::FIELD, lang, html! {
                    <>{ label_at(op, parameter, lang) }{ " " }<code>{ parameter }</code></>
                }) }
            }
            if let Some(op) = explained.operation.filter(|op| denies(op, &explained.code)) {
                <dt></dt><dd><a href={format!("#/permissions/{}", op.name)}>{ messages::SHOW_POLICY.get(lang) }</a></dd>
            }
            if let Some(op) = explained.operation {
                { row(messages::OPERATION, lang, operation(op, mount, lang)) }
            }
            if let Some(entry) = documented {
                { row(messages::DOCUMENTED, lang, html! {
                    <><code>{ entry.http }</code>{ " " }<code lang="en">{ entry.message }</code></>
                }) }
            }
            if explained.code.ends_with('*') {
                <dt></dt><dd>{ messages::ANY_ENDING.get(lang) }</dd>
            }
            if let Some(source) = explained.source() {
                { row(messages::SOURCE, lang, html! { { source.get(lang) } }) }
            }
        </dl>
    }
}

fn operation(op: &'static Operation, mount: &Mount, lang: Lang) -> Html {
    match mount.offers(op) {
        true => html! { <a href={Route::Create(op.name).hash()}>{ op.title.get(lang) }</a> },
        false => op.title.get(lang).into(),
    }
}

/// The vendor's own list of an operation's codes, and who says that it is there.
pub fn vendor_list(op: &'static Operation, lang: Lang) -> Html {
    let Some(list) = op.error_list() else {
        return Html::default();
    };
    html! {
        <p class="code-list">
            <a href={list.url} target="_blank" rel="noopener noreferrer">{ messages::VENDORS.get(lang) }</a>
            { " " }
            <span>{ op.cite(&list.source).get(lang).to_string() }</span>
        </p>
    }
}
