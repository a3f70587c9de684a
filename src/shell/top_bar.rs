//! The top bar with the connection's state.

use tieline_catalog::Lang;
use yew::prelude::*;

use crate::client::Connection;
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::settings::{Handle, Settings};
use crate::ui::elements::{self, element, row};
use crate::ui::messages;
use crate::ui::status_line::mark;

/// Whether nothing can be sent. Missing credentials are the proxy's to report, cloud by cloud.
pub fn unusable(connection: &Connection) -> bool {
    !connection.is_ready() && !matches!(connection, Connection::NoCredentials { .. })
}

/// What a button does that changes the settings.
pub fn change(settings: &Handle, change: impl Fn(&mut Settings) + 'static) -> Callback<MouseEvent> {
    let settings = settings.clone();
    Callback::from(move |_| {
        settings.change(&change);
    })
}

/// The bar of a page of the console's own. `standing` says whether what is created is real; `palette` opens what lies over the page; `unchecked` is whether the connection cannot be checked,
/// because what checks it could not be loaded.
pub fn top_bar(
    settings: &Handle,
    route: &Route,
    connection: Option<&Connection>,
    [standing, palette]: [Html; 2],
    unchecked: bool,
    mount: &Mount,
) -> Html {
    let lang = settings.lang;
    let (other, word) = match lang {
        Lang::En => (Lang::Zh, messages::CHINESE_SHORT),
        Lang::Zh => (Lang::En, messages::ENGLISH),
    };
    let theme = settings.theme;
    let (state, text) = match connection {
        None if unchecked => ("problem", messages::NOT_CHECKED),
        None => ("checking", messages::CHECKING_SHORT),
        Some(_) if settings.in_page => ("in-page", messages::IN_PAGE),
        Some(Connection::Ready { .. }) => ("ready", messages::READY),
        Some(Connection::Down) => ("down", messages::DOWN),
        Some(_) => ("problem", messages::UNUSABLE),
    };
    let mount = mount.clone();
    let skip = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        mount.focus("main");
    });
    html! {
        <header class="top">
            <a class="skip" href={route.hash()} onclick={skip}>{ messages::SKIP.get(lang) }</a>
            <a class="brand" href={Route::Home.hash()}>{ mark() }{ messages::BRAND.get(lang) }</a>
            <a class="state" href={Route::Settings.hash()} data-state={state}>
                <span class="state-mark" aria-hidden="true"></span>
                { element("span", "unseen", row([messages::CONNECTION.get(lang).into(), messages::COLON.get(lang).into()])) }
                { elements::text("span", "", text.get(lang)) }
                { standing }
            </a>
            { palette }
            <button type="button" class="quiet" lang={other.tag()} onclick={change(settings, move |s| s.lang = other)}>
                { word.get(lang) }
            </button>
            <button type="button" class="quiet" onclick={change(settings, move |s| s.theme = theme.next())}>
                { element("span", "theme-word", row([messages::THEME.get(lang).into(), messages::COLON.get(lang).into()])) }
                { theme.name().get(lang) }
            </button>
        </header>
    }
}
