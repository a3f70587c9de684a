//! Taking over what the clouds have and the history does not tell of.

use std::collections::HashSet;
use std::rc::Rc;

use tieline_catalog::check;
use tieline_catalog::reconcile::told;
use tieline_records::{Outcome, Record};

use super::History;
use crate::client::{is_simulated, Target};
use crate::history::index::{absorb, Summary};
use crate::history::survey::{maker, Listed};
use crate::history::tabs::TabMessage;
use crate::platform::dom;

/// More requests whose outcome is unknown are not held against what is found.
const OPEN: usize = 500;

impl History {
    /// Those of these resources of which a record tells.
    pub fn recorded(&self, ids: &HashSet<&str>) -> HashSet<String> {
        let rows = self.0.rows.borrow();
        let known = rows.iter().filter(|row| ids.contains(&*row.resource_id));
        known.map(|row| row.resource_id.to_string()).collect()
    }

    /// The records of requests to this target that may have made a resource of which nothing is known, newest
    /// first: those whose outcome is unknown, and those that are on their way.
    pub async fn open_requests(&self, target: &Target) -> Vec<Record> {
        let name = target.name();
        let ids = self.ids(OPEN, |row| {
            let open = matches!(self.shown(row), Outcome::Unknown | Outcome::Pending);
            open && row.resource_id.is_empty() && *row.endpoint == *name
        });
        let mut records = Vec::new();
        for id in ids {
            records.extend(self.record(id).await);
        }
        records
    }

    /// Takes these, which were found at `target`, over into records of their own: those that no record tells of
    /// and that none of the requests whose outcome is unknown may have made. Returns how many, or `None` when the
    /// storage failed.
    pub async fn take_over(&self, listed: &[Rc<Listed>], target: &Target) -> Option<usize> {
        let open = self.open_requests(target).await;
        let simulated = is_simulated(target).await;
        let ids = listed.iter().map(|found| found.item.id.as_str());
        let known = self.recorded(&ids.collect());
        let now = dom::now() as u64;
        let new = listed
            .iter()
            .filter(|found| !known.contains(&found.item.id) && maker(&open, found).is_none());
        let records: Vec<Record> = new
            .map(|found| {
                let Listed { place, item } = &**found;
                let told = check(place.op, &told(place.op, &place.scope, item)).parsed;
                Record::found(&told, item, target.name().to_string(), simulated, now)
            })
            .collect();
        let stored = self.store().await.add_found(&records).await;
        self.mend();
        let stored = stored?;
        let rows = stored.iter().map(Summary::of).collect();
        absorb(&mut self.0.rows.borrow_mut(), rows, true);
        self.notify();
        match stored.as_slice() {
            [] => {}
            [one] => self.0.tabs.tell(TabMessage::Changed(one.id)),
            _ => self.0.tabs.tell(TabMessage::ManyChanged),
        }
        Some(stored.len())
    }
}
