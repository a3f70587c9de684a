//! The banner over the page: that nothing real is created, or what keeps the console from sending.

use yew::prelude::*;

use crate::client::Connection;
use crate::settings::Handle;
use crate::shell::top_bar::change;
use crate::ui::elements::{button, row, text};
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// The banner of a console that sends to the sandbox in the page.
pub fn in_page_banner(settings: &Handle, host_page: bool) -> Html {
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
    banner("in-page", row([said, leave]))
}

/// What the banner about a connection's problem shows.
pub struct Problem {
    /// The settings.
    pub settings: Handle,
    /// The state of the connection, which is not ready.
    pub connection: Connection,
    /// Asks for a new look at it.
    pub recheck: Callback<()>,
    /// Whether the console is an element of a host page.
    pub host_page: bool,
}

/// The banner about what keeps the console from sending, with advice. It is loaded lazily, with what
/// checks the connection.
pub fn problem_banner(problem: Problem) -> Html {
    let Problem {
        settings,
        connection,
        recheck,
        host_page,
    } = problem;
    let lang = settings.lang;
    let inner = match connection {
        Connection::Down if !host_page => html! {
            <p>
                <b>{ messages::DOWN_TITLE.get(lang) }</b>{ " " }{ messages::DOWN_ADVICE.get(lang) }{ " " }
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
                    if let Some(advice) = advice { { " " }{ rich_text(advice.get(lang)) } }
                </p>
            }
        }
    };
    let instead = match host_page {
        true => Html::default(),
        false => button(
            "primary",
            messages::USE_IN_PAGE.get(lang),
            change(&settings, |s| s.in_page = true),
        ),
    };
    let again = recheck.reform(|_: MouseEvent| ());
    let again = button("quiet", messages::CHECK_AGAIN.get(lang), again);
    banner("problem", row([inner, instead, again]))
}

fn banner(kind: &'static str, parts: Html) -> Html {
    html! { <div class="banner" part="banner" data-kind={kind}>{ parts }</div> }
}
