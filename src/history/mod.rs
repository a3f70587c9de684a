//! The history: one record per intent to create something, written before the request leaves and
//! completed as soon as the answer is there, so that nothing that was sent is ever without a trace.
//!
//! `index`, `changes`, `haystack`, `filter`, `columns`, `sort`, `days`, `poll_schedule`, `pace`, `sweep`, `survey`,
//! `used_tags`, `codec` and `time` are pure; `store` keeps the records, in the
//! browser or through the host page, `service` is what the rest of the console uses, and `page` shows them.

mod asking;
mod autosave;
mod changes;
mod codec;
mod columns;
mod days;
mod files;
mod filter;
mod haystack;
mod index;
mod list_messages;
mod lookup;
mod messages;
mod pace;
mod page;
mod poll_schedule;
mod poller;
mod service;
mod shared;
mod sort;
mod store;
mod survey;
mod sweep;
mod tabs;
mod time;
mod used_tags;

pub use autosave::Autosaver;
#[cfg(feature = "embed")]
pub use files::exported;
#[cfg(test)]
pub use index::identity;
pub use lookup::{
    display_name, found_list, is_of_sandbox, look_up_label, search_of, sent_elsewhere, Asked,
    Lookup,
};
pub use page::{HistoryPage, Receipt};
pub use poller::Poller;
pub use service::{use_history, History, NoRecord, Seen};
pub use used_tags::{tag_list, TagList, UsedTags};
