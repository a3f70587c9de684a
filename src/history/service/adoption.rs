//! Taking over what the clouds have and the history does not tell of.

use std::collections::HashSet;
use std::rc::Rc;

use tieline_catalog::answer::Item;
use tieline_catalog::check;
use tieline_catalog::reconcile::told;
use tieline_records::{Outcome, Record};

use super::History;
use crate::client::Target;
use crate::history::account_lists::{maker, Listed};
use crate::history::index::{absorb, rows_of};
use crate::history::tabs::TabMessage;
use crate::platform::dom;

/// More requests whose outcome is unknown are not held against what is found.
const OPEN: usize = 500;

/// Those of the open requests that were read which may have made something in a sandbox (`simulated`) or not. What
/// there is no longer made nothing; `None` when one could not be read.
fn makers(
    read: impl IntoIterator<Item = Option<Option<Record>>>,
    simulated: bool,
) -> Option<Vec<Record>> {
    let read: Option<Vec<Option<Record>>> = read.into_iter().collect();
    let may_be = |record: &Record| record.was_simulated().is_none_or(|was| was == simulated);
    let there = read?.into_iter().flatten();
    Some(there.filter(may_be).collect())
}

impl History {
    /// Takes a resource over into the record of the request that may have made it, which is `known` to whoever
    /// chose it. `simulated`: a sandbox told of the resource, whoever answers at its address by now. `signer`: whose
    /// keys showed it, where no look-up of the record's has.
    pub async fn adopt(&self, known: &Record, item: &Item, simulated: bool, signer: Option<&str>) {
        self.change(known.id, |stored| {
            // A record that was deleted in the meantime comes back: its resource exists.
            let mut record = stored.unwrap_or_else(|| known.clone());
            record.adopt(item, simulated, signer, dom::now() as u64);
            Some(record)
        })
        .await;
    }

    /// Those of these resources of which a record tells.
    pub fn recorded(&self, ids: &HashSet<&str>) -> HashSet<String> {
        let rows = self.0.rows.borrow();
        let known = rows.iter().filter(|row| ids.contains(&*row.resource_id));
        known.map(|row| row.resource_id.to_string()).collect()
    }

    /// The records of requests to this target that may have made a resource of which nothing is known, newest
    /// first: those whose outcome is unknown, and those that are on their way. What clouds got made nothing in a
    /// sandbox (`simulated`), and the other way round. `None` when one of them cannot be read: it may have made any.
    pub async fn open_requests(&self, target: &Target, simulated: bool) -> Option<Vec<Record>> {
        let name = target.name();
        let ids = self.ids(OPEN, |row| {
            let open = matches!(self.shown(row), Outcome::Unknown | Outcome::Pending);
            open && row.resource_id.is_empty() && *row.endpoint == *name
        });
        let (store, mut read) = (self.store().await, Vec::new());
        for id in ids {
            read.push(store.get(id).await);
        }
        makers(read, simulated)
    }

    /// Takes these, which were found at `target`, in a sandbox (`simulated`) or not, over into records of their
    /// own: those that no record tells of and that none of the requests whose outcome is unknown may have made.
    /// Returns how many, or `None` when the storage failed: also when an open request cannot be read.
    pub async fn take_over(
        &self,
        listed: &[Rc<Listed>],
        target: &Target,
        simulated: bool,
    ) -> Option<usize> {
        let open = self.open_requests(target, simulated).await?;
        let ids = listed.iter().map(|found| found.item.id.as_str());
        let known = self.recorded(&ids.collect());
        let now = dom::now() as u64;
        let new = listed
            .iter()
            .filter(|found| !known.contains(&found.item.id) && maker(&open, found).is_none());
        let records: Vec<Record> = new
            .map(|found| {
                let Listed {
                    place,
                    item,
                    signer,
                } = &**found;
                let told = check(place.op, &told(place.op, &place.scope, item)).parsed;
                let (name, signer) = (target.name().to_string(), signer.as_deref());
                Record::found(&told, item, name, simulated, signer, now)
            })
            .collect();
        let stored = self.store().await.add_found(&records).await;
        self.mend();
        let stored = stored?;
        self.edit(|rows| absorb(rows, rows_of(&stored), true));
        self.notify();
        match stored.as_slice() {
            [] => {}
            [one] => self.0.tabs.tell(TabMessage::Changed(one.id)),
            _ => self.0.tabs.tell(TabMessage::ManyChanged),
        }
        Some(stored.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_request_that_cannot_be_read_lets_nothing_be_taken_over() {
        let request = |id, simulated| Record {
            id,
            outcome: Outcome::Unknown,
            simulated,
            ..Record::blank()
        };
        let (real, played) = (request(1, false), request(2, true));
        let read = || [Some(Some(real.clone())), Some(Some(played.clone()))];
        let ids = |read: Vec<Option<Option<Record>>>, simulated| {
            let makers = makers(read, simulated)?;
            Some(makers.iter().map(|record| record.id).collect::<Vec<_>>())
        };
        assert_eq!(ids(read().to_vec(), false), Some(vec![1]));
        assert_eq!(ids(read().to_vec(), true), Some(vec![2]));
        // What was deleted is none, and what cannot be read may be any.
        let deleted = [read().to_vec(), vec![Some(None)]].concat();
        assert_eq!(ids(deleted, false), Some(vec![1]));
        let unread = [read().to_vec(), vec![None]].concat();
        assert_eq!(ids(unread, false), None);
        assert_eq!(ids(Vec::new(), false), Some(Vec::new()));
    }
}
