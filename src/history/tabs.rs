//! Messages between the tabs of one browser about the history that they share.

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// The channel between the tabs.
const CHANNEL: &str = "tieline-history";

/// A message from one tab to the others. Numbers are ids of records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TabMessage {
    /// Which answers are waited for?
    WhoIsSending,
    /// This tab waits for the answer to this intent.
    Sending(u64),
    /// This tab goes and waits no longer.
    Gone(u64),
    /// This record was written.
    Changed(u64),
    /// This record was deleted.
    Deleted(u64),
    /// Many records were written.
    ManyChanged,
}

impl TabMessage {
    /// The message as it is posted: a word and a number, which earlier versions read, too.
    fn text(self) -> String {
        let (word, id) = match self {
            TabMessage::WhoIsSending => ("who", 0),
            TabMessage::Sending(id) => ("sending", id),
            TabMessage::Gone(id) => ("gone", id),
            TabMessage::Changed(id) => ("changed", id),
            TabMessage::Deleted(id) => ("deleted", id),
            TabMessage::ManyChanged => ("all", 0),
        };
        format!("{word} {id}")
    }

    fn parse(text: &str) -> Option<TabMessage> {
        let (word, id) = text.split_once(' ')?;
        let id = id.parse().ok()?;
        Some(match word {
            "who" => TabMessage::WhoIsSending,
            "sending" => TabMessage::Sending(id),
            "gone" => TabMessage::Gone(id),
            "changed" => TabMessage::Changed(id),
            "deleted" => TabMessage::Deleted(id),
            "all" => TabMessage::ManyChanged,
            _ => return None,
        })
    }
}

/// The other tabs; none where the browser has no channel to them.
pub struct Tabs(Option<BroadcastChannel>);

impl Tabs {
    /// All tabs of this origin.
    pub fn of_origin() -> Tabs {
        Tabs(BroadcastChannel::new(CHANNEL).ok())
    }

    /// No tabs: the history is this one's alone.
    pub fn none() -> Tabs {
        Tabs(None)
    }

    /// Whether there is a channel to them.
    pub fn reachable(&self) -> bool {
        self.0.is_some()
    }

    /// Tells them.
    pub fn tell(&self, message: TabMessage) {
        if let Some(channel) = &self.0 {
            let _ = channel.post_message(&JsValue::from_str(&message.text()));
        }
    }

    /// Calls `told` with what they tell, as long as what it returns is kept.
    pub fn listen(&self, told: impl Fn(TabMessage) + 'static) -> Option<EventListener> {
        let channel = self.0.as_ref()?;
        let listener = EventListener::new(channel, "message", move |event| {
            let message = event.dyn_ref::<MessageEvent>();
            let text = message.and_then(|message| message.data().as_string());
            if let Some(message) = text.and_then(|text| TabMessage::parse(&text)) {
                told(message);
            }
        });
        Some(listener)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_as_it_was_told_and_nothing_else_is_one() {
        for message in [
            TabMessage::WhoIsSending,
            TabMessage::Sending(7),
            TabMessage::Gone(0),
            TabMessage::Changed(u64::MAX),
            TabMessage::Deleted(1_815_920),
            TabMessage::ManyChanged,
        ] {
            assert_eq!(TabMessage::parse(&message.text()), Some(message));
        }
        for other in ["", "sending", "sending x", "7 sending", "other 7"] {
            assert_eq!(TabMessage::parse(other), None, "{other}");
        }
    }
}
