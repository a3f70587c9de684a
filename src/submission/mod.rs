//! A submission: from a submit to its answer.
//!
//! `machine` decides and is pure: no browser, no clock, no randomness. `runner` does what it orders,
//! `submission_panel` ties both to the form, and `answer_pane` shows what came of it. It is loaded
//! lazily, see `shell/chunks.rs`.

mod answer_pane;
mod earlier_requests;
mod event;
mod intent;
mod lookup_confirmation;
mod machine;
mod messages;
mod next_steps;
mod outcome_event;
mod props;
mod reality;
mod resource_status;
mod review;
mod runner;
mod status_following;
mod submission_panel;
mod submit_origin;

pub use props::{SharedForm, Status, SubmissionPanelProps};
pub use reality::{destination, standing};
pub use submission_panel::SubmissionPanel;
pub use submit_origin::FIELDS;
