//! A submission: from a submit to its answer.
//!
//! It is loaded lazily, see `shell/chunks.rs`.

pub mod answer_pane;
mod outcome_event;
mod send;
mod submission_panel;

pub use submission_panel::{SharedForm, Status, SubmissionPanel, SubmissionPanelProps};
