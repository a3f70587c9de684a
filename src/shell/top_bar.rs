//! The top bar with the connection's state, and the banner.

use tieline_catalog::Lang;
use yew::prelude::*;

use crate::client::Connection;
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::settings::{Handle, Settings};
use crate::ui::messages;
use crate::ui::rich_text::rich_text;
use crate::ui::status_line::mark;

/// Whether nothing can be sent. Missing credentials are the proxy's to report, cloud by cloud.
pub fn unusable(connection: &Connection) -> bool {
    !connection.is_ready() && !matches!(connection, Connection::NoCredentials { .. })
}

fn change(settings: &Handle, change: impl Fn(&mut Settings) + 'static) -> Callback<MouseEvent> {
    let settings = settings.clone();
    Callback::from(move |_| {
        settings.change(&change);
    })
}

/// The bar of a page of the console's own. `unchecked` is whether the connection cannot be checked,
/// because what checks it could not be loaded.
pub fn top_bar(
    settings: &Handle,
    route: &Route,
    connection: Option<&Connection>,
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
        None => ("checking", messages::CHECKING),
        Some(_) if settings.in_page => ("in-page", messages::IN_PAGE),
        Some(Connection::Ready { .. }) => ("ready", messages::READY),
        Some(Connection::Down) => ("down", messages::DOWN),
        Some(_) => ("problem", messages::UNUSABLE),
    };
    let mode = match connection {
        Some(Connection::Ready { mode, .. }) if !settings.in_page => Some(mode.clone()),
        _ => None,
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
                <span class="unseen">{ messages::CONNECTION.get(lang) }{ ": " }</span>
                <span>{ text.get(lang) }</span>
                if let Some(mode) = mode { <code>{ mode }</code> }
            </a>
            <button type="button" class="quiet" lang={other.tag()} onclick={change(settings, move |s| s.lang = other)}>
                { word.get(lang) }
            </button>
            <button type="button" class="quiet" onclick={change(settings, move |s| s.theme = theme.next())}>
                <span class="theme-word">{ messages::THEME.get(lang) }{ ": " }</span>{ theme.name().get(lang) }
            </button>
        </header>
    }
}

/// The banner about what keeps the console from sending, with advice.
pub fn banner(
    settings: &Handle,
    connection: Option<&Connection>,
    recheck: &Callback<()>,
    host_page: bool,
) -> Html {
    let lang = settings.lang;
    if settings.in_page {
        return html! {
            <div class="banner" part="banner" data-kind="in-page">
                <p>{ messages::IN_PAGE_BANNER.get(lang) }</p>
                if !host_page {
                    <button type="button" class="quiet" onclick={change(settings, |s| s.in_page = false)}>
                        { messages::LEAVE_IN_PAGE.get(lang) }
                    </button>
                }
            </div>
        };
    }
    let again = recheck.reform(|_: MouseEvent| ());
    let inner = match connection {
        None | Some(Connection::Ready { .. }) => return Html::default(),
        Some(Connection::Down) if !host_page => html! {
            <p>
                <b>{ messages::DOWN_TITLE.get(lang) }</b>{ " " }{ messages::DOWN_ADVICE.get(lang) }{ " " }
                <br /><code>{ "cargo xtask serve" }</code>{ " " }{ messages::OR.get(lang) }{ " " }
                { rich_text("`tieline-proxy --sandbox --listen 127.0.0.1:8787`") }
            </p>
        },
        Some(connection) => {
            // The proxy and the settings are not the business of another page's users.
            let advice = match host_page {
                true => Some(messages::ASK_HOST),
                false => connection.advice(),
            };
            html! {
                <p>
                    <b>{ rich_text(connection.explanation().get(lang)) }</b>
                    if let Some(advice) = advice { { " " }{ rich_text(advice.get(lang)) } }
                </p>
            }
        }
    };
    html! {
        <div class="banner" part="banner" data-kind="problem">
            { inner }
            if !host_page {
                <button type="button" class="primary" onclick={change(settings, |s| s.in_page = true)}>
                    { messages::USE_IN_PAGE.get(lang) }
                </button>
            }
            <button type="button" class="quiet" onclick={again}>{ messages::CHECK_AGAIN.get(lang) }</button>
        </div>
    }
}
