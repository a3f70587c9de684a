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
