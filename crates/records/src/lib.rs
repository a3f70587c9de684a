//! The records of what was created: the time line of each, the one verdict that follows from it, the
//! receipts that make a change of either visible, and the format of their export.
//!
//! - [`event`]: what happened to an intent, as it is stored; [`fold`]: what follows from it.
//! - [`record`]: an intent with its events; how two versions of one become one.
//! - [`receipt`]: a chain of hashes over the events that matter.
//! - [`canonical`]: JSON in one form for one meaning, and digests of it.
//! - [`export`]: the file, of this version and of others; [`proof`]: whether one is whole.
//!
//! The page writes all this and the proxy verifies it. Pure: no web, no I/O, no clock, no randomness.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod canonical;
pub mod event;
pub mod export;
pub mod fold;
pub mod proof;
pub mod receipt;
pub mod record;

pub use event::{By, Event, Outcome, Search, What};
pub use fold::{fold, State, Verdict};
pub use receipt::{Chain, Head, Receipt};
pub use record::{first_id, Record};
