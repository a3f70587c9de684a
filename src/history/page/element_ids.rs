//! The ids of elements that the focus is moved to.

/// The field for the free text, which takes the focus when nothing better is left.
pub const TEXT_FIELD: &str = "history-text";
/// What is wrong with the history.
pub const PROBLEM: &str = "history-problem";
/// The button that leads to a file to import.
pub const IMPORT: &str = "history-import";
/// The button that takes a deletion back.
pub const UNDO: &str = "history-undo";

/// The button in a record's row.
pub fn button_id(record: u64) -> String {
    format!("history-{record}")
}
