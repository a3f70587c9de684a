//! Who got a request: a sandbox, or clouds; and whose it was.

use alloc::string::String;

use super::Record;
use crate::event::{Event, Outcome, What};

impl Record {
    /// Whether a sandbox got its last request; `None` when nobody has said so. One that was for a sandbox got
    /// nowhere else, also when no answer came.
    pub fn was_simulated(&self) -> Option<bool> {
        let timeline = self.timeline();
        let mut answered = None;
        for what in timeline.iter().rev().map(Event::what) {
            match what {
                // Where it may have been real, whoever answers it tells. That it could not be sent tells nothing else
                // of one that was for a sandbox.
                What::Attempt { simulated, .. } => return simulated.then_some(true).or(answered),
                What::Answer { simulated, .. } => answered = answered.or(Some(simulated)),
                What::Adopted { simulated, .. } => return answered.or(Some(simulated)),
                What::Before(before) if before.outcome != Outcome::Pending => {
                    return answered.or(Some(before.simulated));
                }
                _ => {}
            }
        }
        answered
    }

    /// Whose keys signed the request that made its resource, or the read that showed it, if that is known.
    pub fn signer(&self) -> Option<String> {
        self.signer_of(self.resource_id.as_deref())
    }

    /// Likewise of the resource of this id.
    pub(super) fn signer_of(&self, own: Option<&str>) -> Option<String> {
        let has = |found: &[String]| found.iter().any(|id| Some(id.as_str()) == own);
        let timeline = self.timeline();
        timeline.iter().rev().find_map(|event| match event.what() {
            What::Answer { id, signer, .. } if id.as_deref() == own => signer,
            What::Adopted { id, signer, .. } if Some(id.as_str()) == own => signer,
            What::LookUp { found, signer, .. } if has(&found) => signer,
            _ => None,
        })
    }
}
