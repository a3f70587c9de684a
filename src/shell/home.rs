//! The first page, and the page for an address that names nothing.

use tieline_catalog::{creations, Lang, Text};
use yew::prelude::*;

use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::elements::{element, row, text};
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// Everything that can be created.
pub fn home(mount: &Mount, lang: Lang) -> Html {
    let lead = text("p", "lead", messages::HOME_LEAD.get(lang));
    sheet(messages::HOME_TITLE.get(lang), lead, index(mount, lang))
}

/// A page with a title, what it says first, and its content.
fn sheet(title: &'static str, lead: Html, content: Html) -> Html {
    html! {
        <section class="sheet" aria-labelledby="page-title">
            <header class="page-head">
                <h1 id="page-title">{ title }</h1>
                { lead }
            </header>
            { content }
        </section>
    }
}

/// The page of an address that names nothing: what was asked for, and what there is.
pub fn absent(asked: &Route, mount: &Mount, lang: Lang) -> Html {
    let lead = row([
        element(
            "p",
            "lead",
            row([
                messages::ABSENT_LEAD.get(lang).into(),
                " ".into(),
                element("code", "", asked.hash().into()),
            ]),
        ),
        text("p", "", messages::ABSENT_ADVICE.get(lang)),
    ]);
    let link = |to: Route, word: Text| html! { <a href={to.hash()}>{ word.get(lang) }</a> };
    let mut more = Vec::new();
    if mount.has_pages() {
        more.push(link(Route::History(None), messages::HISTORY));
    }
    if mount.host_page().is_none() {
        more.push(link(Route::Settings, messages::SETTINGS));
    }
    let more = element("p", "index-more", Html::from_iter(more));
    sheet(
        messages::ABSENT_TITLE.get(lang),
        lead,
        row([index(mount, lang), more]),
    )
}

fn index(mount: &Mount, lang: Lang) -> Html {
    html! {
        <ul class="index">
            { for creations().filter(|op| mount.offers(op)).map(|op| html! {
                <li key={op.name}>
                    <a href={Route::Create(op.name).hash()}>{ op.title.get(lang) }</a>
                    { text("code", "", op.name) }
                    { element("span", "index-place", row([
                        op.service.provider.name().get(lang).into(), " — ".into(), op.service.product.get(lang).into(),
                    ])) }
                    { element("p", "", rich_text(op.summary.get(lang))) }
                </li>
            }) }
        </ul>
    }
}
