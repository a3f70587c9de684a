//! The one form. It reads an operation's tables and knows no operation by name.

pub mod arrival;
mod chunks;
pub mod code_pane;
pub mod composition;
pub mod control;
pub mod draft;
pub mod field;
mod field_props;
pub mod fill;
pub mod heading;
pub mod keep_pane;
pub mod list;
mod messages;
pub mod parts;
pub mod paste_pane;
pub mod paths;
mod presets;
pub mod reference_pane;
pub mod request_pane;
mod rules;
pub mod sections;
pub mod state;
mod suggestions;
pub mod summary;
