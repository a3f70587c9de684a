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

    /// Whose keys signed the request that made its resource, if that is known.
    pub fn signer(&self) -> Option<String> {
        let own = self.resource_id.as_deref();
        let timeline = self.timeline();
        timeline.iter().rev().find_map(|event| match event.what() {
            What::Answer { id, signer, .. } if id.as_deref() == own => signer,
            _ => None,
        })
    }
}
