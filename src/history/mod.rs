//! The history: one record per intent to create something, written before the request leaves and
//! completed as soon as the answer is there, so that nothing that was sent is ever without a trace; and one for
//! each resource that was found and taken over.
//!
//! `index`, `changes`, `haystack`, `filter`, `period`, `columns`, `sort`, `days`, `poll_schedule`, `pace`, `cloud_check`, `account_lists`, `refused`, `page_turns`,
//! `used_tags` and `codec` are pure, and so is `time` where it is told how far clocks are ahead. `store` keeps the
//! records, in the browser or through the host page, and `service` is what the rest of the console uses: over it are
//! `files`, with the `newer_file` that is only shown, `autosave`, `poller`, and `page`, which shows the records.

mod account_lists;
mod autosave;
mod changes;
mod cloud_check;
mod codec;
mod columns;
mod days;
mod files;
mod filter;
mod haystack;
mod index;
mod list_messages;
mod lost_resource;
mod messages;
mod newer_file;
#[cfg(any(feature = "embed", test))]
mod own_statuses;
mod pace;
mod page;
mod page_turns;
mod period;
mod poll_schedule;
mod poller;
mod refused;
mod service;
mod shared;
mod sort;
mod status_reads;
mod store;
mod tabs;
mod time;
mod used_tags;

pub use autosave::Autosaver;
#[cfg(feature = "embed")]
pub use files::exported;
#[cfg(test)]
pub use index::identity;
pub use index::Since;
pub use lost_resource::{
    display_name, found_list, is_doubted_by_clouds, is_of_sandbox, look_up_label, only_by_console,
    search_of, sent_elsewhere, Asked, Lookup,
};
#[cfg(feature = "embed")]
pub use own_statuses::Made;
pub use page::{HistoryPage, Receipt};
pub use poller::Poller;
pub use service::{use_history, History, NoRecord, Seen};
pub use used_tags::{tag_list, TagList, UsedTags};
