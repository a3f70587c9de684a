//! Pieces of interface that every page uses, and the texts of the console.

pub mod combobox;
pub mod copy_button;
pub mod elements;
pub mod fold;
pub mod messages;
pub mod rich_text;
pub mod status_line;
