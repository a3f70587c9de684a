//! The history: one record per intent to create something, written before the request leaves and
//! completed as soon as the answer is there, so that nothing that was sent is ever without a trace.
//!
//! `record`, `list`, `watch`, `transfer` and `time` are pure; `store` keeps the records, `host` lets
//! the page around keep them, `handle` is what the rest of the page uses, and `page` shows them.

mod details;
mod files;
mod handle;
mod host;
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

#[cfg(feature = "embed")]
pub use files::exported;
pub use handle::{called, use_history, History};
pub use page::{HistoryPage, Props as HistoryProps};
pub use record::{Outcome, Record};
pub use watcher::Watcher;
