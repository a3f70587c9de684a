//! What an export holds that no receipt tells of, although it need not be wrong.

use alloc::collections::BTreeSet;
use core::fmt;

use crate::event::{Event, What};
use crate::record::Record;

/// What of a record is not proven by its receipts. An honest record can have it, from an earlier version, from a
/// file or because no receipt is made of it; so can one that somebody has changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Loose {
    /// What was known of it before it had events, or was told by a file without any.
    Before,
    /// Its parameters, because nothing was sent for it.
    Params,
    /// Members that this version does not know.
    Members,
    /// A look-up: earlier versions made no receipt of it.
    LookUp,
    /// Its note, which can be struck out without a trace.
    Note,
    /// That it, or something of it, came from a file.
    Imported,
    /// An event that this version does not know.
    Event,
}

impl fmt::Display for Loose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Loose::Before => "no receipt tells of what it knew before it had events",
            Loose::Params => "no receipt tells of its parameters",
            Loose::Members => "it has members of another version, of which no receipt tells",
            Loose::LookUp => "no receipt tells of a look-up",
            Loose::Note => "no receipt tells of its note",
            Loose::Imported => "no receipt tells that it came from a file",
            Loose::Event => "it has an event of another version, of which no receipt tells",
        })
    }
}

impl Loose {
    /// What is loose in a record that has receipts. `without`: what is of its events; `requested`: a receipt tells of
    /// its parameters.
    pub(super) fn of(
        record: &Record,
        mut without: BTreeSet<Loose>,
        requested: bool,
    ) -> BTreeSet<Loose> {
        if !without.contains(&Loose::Before) && !requested {
            without.insert(Loose::Params);
        }
        if !record.rest.is_empty() {
            without.insert(Loose::Members);
        }
        without
    }

    /// What an event is of which no receipt tells; `None` when it must have one.
    pub(super) fn of_event(what: &What) -> Option<Loose> {
        match what {
            What::Attempt { .. }
            | What::Answer { .. }
            | What::Adopted { .. }
            | What::Status { .. } => None,
            What::Before(_) => Some(Loose::Before),
            What::LookUp { .. } => Some(Loose::LookUp),
            What::Note { .. } => Some(Loose::Note),
            What::Imported { .. } => Some(Loose::Imported),
            What::Other => Some(Loose::Event),
        }
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
