//! The history: one record per intent to create something, written before the request leaves and
//! completed as soon as the answer is there, so that nothing that was sent is ever without a trace.
//!
//! `record`, `list`, `watch`, `transfer` and `time` are pure; `store` keeps the records, `handle`
//! is what the rest of the page uses, and `page` shows them.

mod details;
mod files;
mod handle;
mod list;
mod page;
mod record;
mod store;
mod table;
mod time;
mod toolbar;
mod transfer;
mod watch;
mod watcher;
mod words;

pub use handle::{called, use_history, History, HistoryProvider};
pub use page::HistoryPage;
pub use record::{Outcome, Record};
