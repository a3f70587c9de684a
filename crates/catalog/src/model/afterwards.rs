//! What can be done with a created resource, as data.

use super::response::Fill;
use super::source::Source;
use crate::text::Text;

/// What can be done with a created resource beyond what the console does. It belongs to an
/// [`Entry`](super::operation::Entry) and not to its operation, so that a page shows its forms before it has it.
pub struct Afterwards {
    /// What the document says comes next, if it says so.
    pub next: Option<NextStep>,
    /// How it is deleted; `None` where no API is known that does it: then the vendor's console is left.
    pub deletion: Option<Deletion>,
}

impl Afterwards {
    /// Nothing is known.
    pub const NONE: Afterwards = Afterwards {
        next: None,
        deletion: None,
    };
}

/// What comes after the creation.
pub struct NextStep {
    /// A sentence for people.
    pub text: Text,
    /// Who says so.
    pub source: Source,
}

/// The vendor's API that deletes the resource. The console never calls it.
pub struct Deletion {
    /// Its name: `DeleteCen`.
    pub operation: &'static str,
    /// The parameter that takes the resource's id: `CenId`.
    pub id: &'static str,
    /// Its other parameters.
    pub params: &'static [(&'static str, Fill)],
    /// Who says that it is there.
    pub source: Source,
}
