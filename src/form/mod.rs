//! The one form. It reads an operation's tables and knows no operation by name.

mod chunks;
pub mod code_pane;
pub mod composition;
pub mod control;
pub mod draft;
pub mod field;
pub mod field_paths;
mod field_props;
pub mod fill;
pub mod folding;
pub mod handover_pane;
pub mod heading;
pub mod link_arrival;
pub mod list;
mod messages;
pub mod paste_pane;
pub mod prefill;
mod presets;
pub mod reference_pane;
pub mod request_pane;
mod rules;
pub mod sections;
pub mod state;
mod suggestions;
pub mod summary;
