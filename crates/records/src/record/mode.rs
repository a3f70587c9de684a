//! Who got a request: a sandbox, or clouds.

use super::Record;
use crate::event::{Event, Outcome, What};

impl Record {
    /// Whether a sandbox got its last request; `None` when nobody said so since.
    pub fn was_simulated(&self) -> Option<bool> {
        let timeline = self.timeline();
        let since = timeline.iter().rev().map(Event::what);
        since
            .take_while(|what| !matches!(what, What::Attempt { .. }))
            .find_map(|what| match what {
                What::Answer { simulated, .. } | What::Adopted { simulated, .. } => Some(simulated),
                What::Before(before) if before.outcome != Outcome::Pending => {
                    Some(before.simulated)
                }
                _ => None,
            })
    }
}
