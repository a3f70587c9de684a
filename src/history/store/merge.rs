//! Merging a record with the one already there.

use crate::history::record::Record;

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

/// The version to keep of an intent that is there (`ours`) and arrives (`theirs`). `None`: ours.
pub fn newer(ours: &Record, theirs: Record) -> Option<Record> {
    // What an intent asked for never changes, and an id that is known is taken from nobody's file.
    let changes = ours.params != theirs.params
        || ours.resource_id.is_some() && theirs.resource_id != ours.resource_id;
    (theirs.updated > ours.updated && !changes).then_some(Record {
        id: ours.id,
        ..theirs
    })
}

/// What to write of a record that was kept in memory (`kept`) where `stored` is there by now: the newer
/// version, with the id of the resource if either has one.
pub fn settled(stored: Record, kept: Record) -> Record {
    let id = stored.id;
    let (newer, older) = match kept.updated >= stored.updated {
        true => (kept, stored),
        false => (stored, kept),
    };
    if newer.resource_id.is_some() || older.resource_id.is_none() {
        return Record { id, ..newer };
    }
    // What created the resource is worth more than what came later and knows nothing of it.
    Record {
        id,
        updated: newer.updated,
        ..older
    }
}
