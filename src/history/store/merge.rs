//! Merging a record with the one already there.

use tieline_records::{Record, What};

/// The result of putting a record beside those already there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Merged {
    /// There was none of its intent.
    Added,
    /// It replaced an older version of itself.
    Replaced,
    /// The version already there is as new or knows more.
    Kept,
}

/// What to write of an intent that is there (`ours`) and arrives from a file (`theirs`): the events of both.
/// `None` when the file tells nothing new, or of something else under the same key.
pub fn imported(ours: &Record, theirs: &Record, now: u64) -> Option<Record> {
    let mut both = ours.merged(theirs)?;
    let known = ours.timeline();
    let news = both.events.iter().any(|event| !known.contains(event));
    if !news {
        return None;
    }
    both.append(&What::Imported { new: false }, now);
    Some(both)
}

/// A record of a file that was not there.
pub fn fresh(theirs: &Record, now: u64) -> Record {
    let mut record = theirs.clone();
    // When it came is an event, too, but nothing that is newer than what the file tells.
    record.append(&What::Imported { new: true }, now);
    record.updated = theirs.updated;
    record
}

/// What to write of a record that was kept in memory (`kept`) where `stored` is there by now: the events of
/// both, under the id in the store. What an intent asked for never changes, and may be known in part only where the
/// store could not be read.
pub fn settled(stored: Record, mut kept: Record) -> Record {
    kept.params.clone_from(&stored.params);
    stored.merged(&kept).unwrap_or(stored)
}

/// What is known of an intent that is stored, or kept in memory, or both.
pub fn both(stored: Option<Record>, kept: Option<Record>) -> Option<Record> {
    match (stored, kept) {
        (Some(stored), Some(kept)) => Some(settled(stored, kept)),
        (stored, kept) => stored.or(kept),
    }
}
