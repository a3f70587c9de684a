//! What the panel and the runner see of a submission.

use std::rc::Rc;

use super::{Phase, Submission};
use crate::history::Lookup;
use crate::submission::intent::{Question, Scruple, Settled};

impl Submission {
    /// Whether something is under way that the user waits for.
    pub fn is_busy(&self) -> bool {
        !matches!(
            self.phase,
            Phase::Idle | Phase::Confirming(_) | Phase::Doubting(_)
        )
    }

    /// Whether a request has left, and its answer is waited for or being written down.
    pub fn is_sent(&self) -> bool {
        matches!(self.phase, Phase::Sending { .. } | Phase::Finishing(_))
    }

    /// Whether it is being decided about something that has no record yet, in the phase of this turn or,
    /// without one, in any.
    pub fn is_deciding(&self, turn: Option<u32>) -> bool {
        let deciding = matches!(
            self.phase,
            Phase::FindingOpen(..) | Phase::AskingHost(_) | Phase::Recording(_)
        );
        deciding && turn.is_none_or(|turn| turn == self.turn)
    }

    /// What the user is being asked about the intent itself.
    pub fn scruple(&self) -> Option<&Rc<Scruple>> {
        match &self.phase {
            Phase::Doubting(scruple) => Some(scruple),
            _ => None,
        }
    }

    /// What the user is being asked because of an earlier request.
    pub fn question(&self) -> Option<&Rc<Question>> {
        match &self.phase {
            Phase::Confirming(question) => Some(question),
            Phase::Adopting { before, .. } => before.as_ref(),
            _ => None,
        }
    }

    /// What came of the last request.
    pub fn settled(&self) -> Option<&Rc<Settled>> {
        self.last.as_ref()
    }

    /// What a look-up found.
    pub fn lookup(&self) -> &Lookup {
        &self.lookup
    }
}
