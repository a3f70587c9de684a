//! What can be done with a created resource, as data.

use super::response::Fill;
use super::source::Source;
use crate::text::Text;

/// What can be done with a created resource beyond what the console does. It belongs to an
/// [`Entry`](super::operation::Entry) and not to its operation, so that a page shows its forms before it has it.
pub struct Afterwards {
    /// What the document says comes next.
    pub next: Next,
    /// How it is deleted; `None` where no API is known that does it: then the vendor's console is left.
    pub deletion: Option<Deletion>,
}

/// What the document says of the time after the creation.
pub enum Next {
    /// It names a step.
    Step(NextStep),
    /// It names none: what it is about instead.
    Unsaid(Text),
}

impl Next {
    /// The step, where there is one.
    pub fn step(&self) -> Option<&NextStep> {
        match self {
            Next::Step(step) => Some(step),
            Next::Unsaid(_) => None,
        }
    }
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
