//! Who got a request: a sandbox, or clouds.

use super::Record;
use crate::event::{Event, Outcome, What};

impl Record {
    /// Whether a sandbox got its last request; `None` when nobody has said so. One that was for a sandbox got
    /// nowhere else, also when no answer came.
    pub fn was_simulated(&self) -> Option<bool> {
        let timeline = self.timeline();
        let latest = timeline.iter().rev().map(Event::what);
        latest
            .map_while(|what| match what {
                What::Attempt { simulated, .. } if !simulated => None,
                what => Some(what),
            })
            .find_map(|what| match what {
                What::Attempt { simulated, .. }
                | What::Answer { simulated, .. }
                | What::Adopted { simulated, .. } => Some(simulated),
                What::Before(before) if before.outcome != Outcome::Pending => {
                    Some(before.simulated)
                }
                _ => None,
            })
    }
}
