//! The one form. It reads an operation's tables and knows no operation by name.

pub mod arrival;
pub mod code_pane;
pub mod composition;
pub mod control;
pub mod draft;
pub mod field;
pub mod fill;
pub mod heading;
pub mod keep_pane;
pub mod list;
mod messages;
pub mod newer;
pub mod paste_pane;
pub mod paths;
mod presets;
pub mod reference_pane;
pub mod request_pane;
pub mod state;
pub mod summary;
