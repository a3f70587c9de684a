//! A cloud's answer with what it means, which is read once: for sending again, for the journal, for
//! the audit.

use tieline_catalog::answer::{decode, decode_read, Answer, Found};
use tieline_catalog::model::{Action, Operation};
use tieline_catalog::wire::Response;

/// An answer and its meaning.
#[derive(Clone, PartialEq, Debug)]
pub struct Heard {
    /// The answer as it came.
    pub response: Response,
    /// What it means.
    pub meaning: Meaning,
}

/// What an answer means, by what was asked.
#[derive(Clone, PartialEq, Debug)]
pub enum Meaning {
    /// What became of a creation.
    Creation(Answer),
    /// What a read found.
    Read(Found),
}

impl Heard {
    /// Reads an answer to an operation.
    pub fn new(op: &'static Operation, response: Response) -> Heard {
        let meaning = match op.action {
            Action::Create => Meaning::Creation(decode(op, &response)),
            Action::Read => Meaning::Read(decode_read(op, &response)),
        };
        Heard { response, meaning }
    }
}
