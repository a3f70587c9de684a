//! The status line: from you over the proxy to the cloud, drawn as the stage of the request.

use tieline_catalog::{Lang, Text};
use yew::prelude::*;

use crate::ui::messages;

/// The stage that a request has reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Nothing has been sent.
    Idle,
    /// It is on its way.
    Sending,
    /// The resource exists.
    Created,
    /// The cloud refused it.
    Rejected,
    /// It was not executed.
    NotExecuted,
    /// The outcome is unknown.
    Unknown,
    /// There is no proxy to send it to.
    Down,
}

impl Stage {
    /// The name that the style sheet draws it by.
    pub const fn id(self) -> &'static str {
        match self {
            Stage::Idle => "idle",
            Stage::Sending => "sending",
            Stage::Created => "created",
            Stage::Rejected => "rejected",
            Stage::NotExecuted => "not-executed",
            Stage::Unknown => "unknown",
            Stage::Down => "down",
        }
    }

    /// The same for those who do not see the line.
    pub const fn text(self) -> Text {
        match self {
            Stage::Idle => messages::LINE_IDLE,
            Stage::Sending => messages::LINE_SENDING,
            Stage::Created => messages::LINE_CREATED,
            Stage::Rejected => messages::LINE_REJECTED,
            Stage::NotExecuted => messages::LINE_NOT_EXECUTED,
            Stage::Unknown => messages::LINE_UNKNOWN,
            Stage::Down => messages::LINE_DOWN,
        }
    }
}

/// The line with its three nodes: you, the proxy or the sandbox inside the page, the cloud. What is being sent is
/// recorded before it leaves: `sent` is whether it has.
pub fn status_line(
    stage: Stage,
    sent: bool,
    in_page: bool,
    cloud: Text,
    host: &str,
    lang: Lang,
) -> Html {
    let via = if in_page {
        messages::PAGE_SANDBOX
    } else {
        messages::PROXY
    };
    let (progress, word) = match (stage, sent) {
        (Stage::Sending, false) => (Some("recording"), messages::LINE_RECORDING),
        (Stage::Sending, true) => (Some("sent"), messages::LINE_WAITING),
        _ => (None, stage.text()),
    };
    let colon = messages::COLON.get(lang);
    let said = format!(
        "{}{colon}{} – {} – {} {host}{colon}{}",
        messages::LINE.get(lang),
        messages::YOU.get(lang),
        via.get(lang),
        cloud.get(lang),
        word.get(lang)
    );
    html! {
        <div class="tie" data-stage={stage.id()} data-progress={progress} role="img" aria-label={said}>
            <span class="tie-node" data-node="you"></span>
            <span class="tie-wire" data-wire="1"></span>
            <span class="tie-node" data-node="proxy"></span>
            <span class="tie-wire" data-wire="2"></span>
            <span class="tie-node" data-node="cloud"></span>
            <span class="tie-label" data-label="you">{ messages::YOU.get(lang) }</span>
            <span class="tie-label" data-label="proxy">{ via.get(lang) }</span>
            <span class="tie-label" data-label="cloud">
                { cloud.get(lang) }
                if in_page { { messages::COMMA.get(lang) }{ messages::SIMULATED.get(lang) } }
                <code>{ host.to_string() }</code>
            </span>
        </div>
    }
}

/// The mark of the product: the same line, tied.
pub fn mark() -> Html {
    html! {
        <svg class="mark" viewBox="0 0 32 16" width="32" height="16" aria-hidden="true" focusable="false">
            <path d="M7 8 H25" fill="none" stroke="currentColor" stroke-width="2" />
            <circle cx="4" cy="8" r="4" fill="currentColor" />
            <path d="M16 3 V13" stroke="currentColor" stroke-width="2" />
            <circle cx="28" cy="8" r="3" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
    }
}
