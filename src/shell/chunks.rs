//! The parts of the console that are loaded lazily; see [`crate::platform::lazy`].

use yew::prelude::*;

use crate::history::{HistoryPage, HistoryProps};
use crate::platform::lazy::{enter, ChunkReady};
use crate::settings::{SettingsPage, SettingsProps};
use crate::submission::{SubmissionPanel, SubmissionPanelProps};

/// The functions that lead to the second file. Nothing else does, so they are small and call no other entry point.
mod entry_points {
    use super::*;

    pub fn history(props: HistoryProps) -> Html {
        html! { <HistoryPage ..props /> }
    }

    pub fn settings(props: SettingsProps) -> Html {
        html! { <SettingsPage ..props /> }
    }

    pub fn submission_panel(props: SubmissionPanelProps) -> Html {
        html! { <SubmissionPanel ..props /> }
    }
}

/// The page of the history.
pub fn history(ready: ChunkReady, props: HistoryProps) -> Html {
    enter(ready, entry_points::history, props)
}

/// The page of the settings.
pub fn settings(ready: ChunkReady, props: SettingsProps) -> Html {
    enter(ready, entry_points::settings, props)
}

/// The part of a creation's page that sends.
pub fn submission_panel(ready: ChunkReady, props: SubmissionPanelProps) -> Html {
    enter(ready, entry_points::submission_panel, props)
}
