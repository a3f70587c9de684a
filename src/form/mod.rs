//! The one form. It reads an operation's tables and knows no operation by name.

pub mod code_pane;
pub mod composition;
pub mod control;
pub mod draft;
pub mod field;
pub mod heading;
pub mod list;
pub mod newer;
pub mod paths;
pub mod request_pane;
pub mod state;
pub mod summary;
