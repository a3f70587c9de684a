//! The banner over the page: that nothing real is created, or what keeps the console from sending; and the tour
//! of a first visit.

use yew::prelude::*;

use super::console::Console;
use super::messages as texts;
use super::network::{is_offline, Network};
use crate::client::Connection;
use crate::explorer::Tour;
use crate::platform::route::Route;
use crate::settings::Handle;
use crate::shell::top_bar::change;
use crate::ui::elements::{button, row, text};
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// The banner over the page, when there is one. It is loaded lazily, with what checks the connection.
pub fn banner(console: &Console) -> Html {
    let lang = console.settings.lang;
    let unstored = match console.unstored {
        true => text("p", "banner", messages::STORAGE_FAILED.get(lang)),
        false => Html::default(),
    };
    let tour = match (&console.route, console.mount.host_page()) {
        (Route::Home, None) => html! { <Tour {lang} /> },
        _ => Html::default(),
    };
    let recheck = console.recheck.clone();
    let network = html! { <Network {recheck} /> };
    row([of_connection(console), unstored, tour, network])
}

/// The banner about where requests go.
fn of_connection(console: &Console) -> Html {
    let host_page = console.mount.host_page().is_some();
    match &console.connection {
        _ if console.settings.in_page => in_page_banner(&console.settings, host_page),
        Some(connection) if !connection.is_ready() => {
            problem_banner(console, connection, host_page)
        }
        _ => Html::default(),
    }
}

/// The banner of a console that sends to the sandbox in the page.
fn in_page_banner(settings: &Handle, host_page: bool) -> Html {
    let lang = settings.lang;
    let said = text("p", "", messages::IN_PAGE_BANNER.get(lang));
    let leave = match host_page {
        true => Html::default(),
        false => button(
            "quiet",
            messages::LEAVE_IN_PAGE.get(lang),
            change(settings, |s| s.in_page = false),
        ),
    };
    shown("in-page", row([said, leave]))
}

/// The banner about what keeps the console from sending, with advice.
fn problem_banner(console: &Console, connection: &Connection, host_page: bool) -> Html {
    let (settings, recheck) = (&console.settings, &console.recheck);
    let lang = settings.lang;
    let inner = match connection {
        Connection::Down if is_offline() => html! {
            <p>
                <b>{ texts::OFFLINE.get(lang) }</b>{ messages::GAP.get(lang) }{ texts::OFFLINE_ADVICE.get(lang) }
            </p>
        },
        Connection::Down if !host_page => html! {
            <p>
                <b>{ messages::DOWN_TITLE.get(lang) }</b>{ messages::GAP.get(lang) }{ messages::DOWN_ADVICE.get(lang) }{ " " }
                <br /><code>{ "cargo xtask serve" }</code>{ " " }{ messages::OR.get(lang) }{ " " }
                { rich_text("`tieline-proxy --sandbox --listen 127.0.0.1:8787`") }
            </p>
        },
        connection => {
            // The proxy and the settings are not the business of another page's users.
            let advice = match host_page {
                true => Some(messages::ASK_HOST),
                false => connection.advice(),
            };
            html! {
                <p>
                    <b>{ rich_text(connection.explanation().get(lang)) }</b>
                    if let Some(advice) = advice { { messages::GAP.get(lang) }{ rich_text(advice.get(lang)) } }
                </p>
            }
        }
    };
    let instead = match host_page {
        true => Html::default(),
        false => button(
            "primary",
            messages::USE_IN_PAGE.get(lang),
            change(settings, |s| s.in_page = true),
        ),
    };
    let again = recheck.reform(|_: MouseEvent| ());
    let again = button("quiet", messages::CHECK_AGAIN.get(lang), again);
    shown("problem", row([inner, instead, again]))
}

fn shown(kind: &'static str, parts: Html) -> Html {
    html! { <div class="banner" part="banner" data-kind={kind}>{ parts }</div> }
}
