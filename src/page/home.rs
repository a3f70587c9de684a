//! The first page, and the page for an address that names nothing.

use tieline_catalog::{creations, Lang};
use yew::prelude::*;

use crate::place::Place;
use crate::prose::prose;
use crate::route::Route;
use crate::words;

/// Everything that can be created.
pub fn home(place: &Place, lang: Lang) -> Html {
    html! {
        <section class="sheet" aria-labelledby="page-title">
            <header class="page-head">
                <h1 id="page-title">{ words::HOME_TITLE.get(lang) }</h1>
                <p class="lead">{ words::HOME_LEAD.get(lang) }</p>
            </header>
            { index(place, lang) }
        </section>
    }
}

/// What to do about an address that names nothing: what was asked for, and what there is.
pub fn absent(asked: &Route, place: &Place, lang: Lang) -> Html {
    html! {
        <section class="sheet" aria-labelledby="page-title">
            <header class="page-head">
                <h1 id="page-title">{ words::ABSENT_TITLE.get(lang) }</h1>
                <p class="lead">{ words::ABSENT_LEAD.get(lang) }{ " " }<code>{ asked.hash() }</code></p>
                <p>{ words::ABSENT_ADVICE.get(lang) }</p>
            </header>
            { index(place, lang) }
            <p class="index-more">
                if place.has_pages() {
                    <a href={Route::History(None).hash()}>{ words::HISTORY.get(lang) }</a>
                }
                if place.guest().is_none() {
                    <a href={Route::Settings.hash()}>{ words::SETTINGS.get(lang) }</a>
                }
            </p>
        </section>
    }
}

fn index(place: &Place, lang: Lang) -> Html {
    html! {
        <ul class="index">
            { for creations().filter(|op| place.offers(op)).map(|op| html! {
                <li key={op.name}>
                    <a href={Route::Create(op.name).hash()}>{ op.title.get(lang) }</a>
                    <code>{ op.name }</code>
                    <span class="index-place">
                        { op.service.provider.name().get(lang) }{ " — " }{ op.service.product.get(lang) }
                    </span>
                    <p>{ prose(op.summary.get(lang)) }</p>
                </li>
            }) }
        </ul>
    }
}
