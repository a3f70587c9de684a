//! What an export holds that no receipt tells of, although it need not be wrong.

use core::fmt;

use crate::event::{Event, What};
use crate::record::Record;

/// What of a record is not proven by its receipts. An honest record can have it, from an earlier version or
/// from a file; so can one that somebody has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loose {
    /// What was known of it before it had events, or was told by a file without any.
    Before,
    /// Its parameters, because nothing was sent for it.
    Params,
    /// Members that this version does not know.
    Members,
}

impl fmt::Display for Loose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Loose::Before => "no receipt tells of what it knew before it had events",
            Loose::Params => "no receipt tells of its parameters",
            Loose::Members => "it has members of another version, of which no receipt tells",
        })
    }
}

impl Loose {
    /// What is loose in a record that has receipts. `requested`: one of them tells of its parameters.
    pub(super) fn of(
        record: &Record,
        before: bool,
        requested: bool,
    ) -> impl Iterator<Item = Loose> {
        let params = !before && !requested;
        let all = [
            (Loose::Before, before),
            (Loose::Params, params),
            (Loose::Members, !record.rest.is_empty()),
        ];
        all.into_iter()
            .filter(|(_, is)| *is)
            .map(|(loose, _)| loose)
    }
}

/// Whether a record was written in the moment of this event: it is the first that there is of it, and the
/// first that there was.
pub(super) fn is_birth(event: &Event) -> bool {
    let born = matches!(
        event.what(),
        What::Attempt { .. }
            | What::Adopted {
                endpoint: Some(_),
                ..
            }
    );
    born && event.n() == 0
}
