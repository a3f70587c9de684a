//! The first page, and the page for an address that names nothing.

use tieline_catalog::{creations, Lang};
use yew::prelude::*;

use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// Everything that can be created.
pub fn home(mount: &Mount, lang: Lang) -> Html {
    html! {
        <section class="sheet" aria-labelledby="page-title">
            <header class="page-head">
                <h1 id="page-title">{ messages::HOME_TITLE.get(lang) }</h1>
                <p class="lead">{ messages::HOME_LEAD.get(lang) }</p>
            </header>
            { index(mount, lang) }
        </section>
    }
}

/// The page of an address that names nothing: what was asked for, and what there is.
pub fn absent(asked: &Route, mount: &Mount, lang: Lang) -> Html {
    html! {
        <section class="sheet" aria-labelledby="page-title">
            <header class="page-head">
                <h1 id="page-title">{ messages::ABSENT_TITLE.get(lang) }</h1>
                <p class="lead">{ messages::ABSENT_LEAD.get(lang) }{ " " }<code>{ asked.hash() }</code></p>
                <p>{ messages::ABSENT_ADVICE.get(lang) }</p>
            </header>
            { index(mount, lang) }
            <p class="index-more">
                if mount.has_pages() {
                    <a href={Route::History(None).hash()}>{ messages::HISTORY.get(lang) }</a>
                }
                if mount.host_page().is_none() {
                    <a href={Route::Settings.hash()}>{ messages::SETTINGS.get(lang) }</a>
                }
            </p>
        </section>
    }
}

fn index(mount: &Mount, lang: Lang) -> Html {
    html! {
        <ul class="index">
            { for creations().filter(|op| mount.offers(op)).map(|op| html! {
                <li key={op.name}>
                    <a href={Route::Create(op.name).hash()}>{ op.title.get(lang) }</a>
                    <code>{ op.name }</code>
                    <span class="index-place">
                        { op.service.provider.name().get(lang) }{ " — " }{ op.service.product.get(lang) }
                    </span>
                    <p>{ rich_text(op.summary.get(lang)) }</p>
                </li>
            }) }
        </ul>
    }
}
