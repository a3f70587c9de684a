//! What the host page gives, put together with what is in memory. Pure.

use std::collections::BTreeMap;

use tieline_records::Record;

/// The loads of a host page's records, and what each may have been too early for.
#[derive(Default)]
pub struct Loads {
    /// How many have begun.
    begun: u64,
    /// The number of the last one that was taken up.
    taken: u64,
    /// How many had begun when the host page confirmed that it has a record.
    put: BTreeMap<u64, u64>,
    /// Likewise, that it has deleted one.
    deleted: BTreeMap<u64, u64>,
}

impl Loads {
    /// Begins a load; its number.
    pub fn begin(&mut self) -> u64 {
        self.begun += 1;
        self.begun
    }

    /// The host page has confirmed that it has a record.
    pub fn put(&mut self, id: u64) {
        self.put.insert(id, self.begun);
        self.deleted.remove(&id);
    }

    /// The host page has confirmed that it has deleted a record.
    pub fn deleted(&mut self, id: u64) {
        self.deleted.insert(id, self.begun);
        self.put.remove(&id);
    }

    /// Takes up into `memory` what a load has brought. A record that both have gets the events of both; of
    /// others those stay that are `unconfirmed` or were put since the load began. Returns what the host page
    /// has to be given again: it may lack events of what it was given meanwhile.
    pub fn take_up(
        &mut self,
        load: u64,
        theirs: Vec<Record>,
        memory: &mut BTreeMap<u64, Record>,
        unconfirmed: impl Fn(u64) -> bool,
    ) -> Vec<Record> {
        if load <= self.taken {
            // A newer one has overtaken it.
            return Vec::new();
        }
        self.taken = load;
        let since = |at: Option<&u64>| at.is_some_and(|at| *at >= load);
        let ours = std::mem::take(memory);
        let theirs = theirs.into_iter().map(|record| (record.id, record));
        memory.extend(theirs.filter(|(id, _)| !since(self.deleted.get(id))));
        let mut again = Vec::new();
        for (id, ours) in ours {
            let given = since(self.put.get(&id)) || unconfirmed(id);
            match memory.get(&id) {
                Some(theirs) if *theirs == ours => {}
                Some(theirs) => {
                    let both = merged(theirs, &ours);
                    if given && both != *theirs {
                        again.push(both.clone());
                    }
                    memory.insert(id, both);
                }
                None if given => drop(memory.insert(id, ours)),
                // Somebody else has deleted it.
                None => {}
            }
        }
        // Later loads know these.
        self.put.retain(|_, at| *at > load);
        self.deleted.retain(|_, at| *at > load);
        again
    }
}

/// The events of both. Of records that are not of one intent the newer one.
fn merged(theirs: &Record, ours: &Record) -> Record {
    let newer = || match theirs.updated < ours.updated {
        true => ours.clone(),
        false => theirs.clone(),
    };
    theirs.merged(ours).unwrap_or_else(newer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tieline_catalog::answer::{Answer, Created, Found};
    use tieline_records::{By, Outcome, Search, What};

    fn lost(id: u64) -> Record {
        let mut record = Record {
            id,
            operation: "CreateCen".into(),
            params: json!({}),
            created: 1_000,
            key: format!("key-{id}"),
            ..Record::blank()
        };
        let attempt = What::Attempt {
            endpoint: "/api".into(),
            profile: None,
            token: None,
            simulated: false,
        };
        record
            .events
            .push(tieline_records::Event::new(&attempt, 1_000, 0));
        record.updated = 1_000;
        record
    }

    fn created(mut record: Record) -> Record {
        let answer = Answer::Created(Created {
            id: "cen-1".into(),
            status: None,
            request_id: None,
            fields: Vec::new(),
        });
        record.settle(&answer, By::Cloud, false, None, 2_000);
        record
    }

    fn memory(records: &[Record]) -> BTreeMap<u64, Record> {
        records.iter().map(|r| (r.id, r.clone())).collect()
    }

    #[test]
    fn a_version_that_is_newer_and_knows_less_forgets_no_id() {
        for unconfirmed in [true, false] {
            let mut looked = lost(1);
            looked.looked_up(Search::Name, (&Found::Items(Vec::new()), true), None, 3_000);
            let mut memory = memory(&[looked]);
            let mut loads = Loads::default();
            let load = loads.begin();
            let theirs = vec![created(lost(1))];
            let again = loads.take_up(load, theirs, &mut memory, |_| unconfirmed);
            let both = &memory[&1];
            assert_eq!(both.resource_id.as_deref(), Some("cen-1"));
            assert_eq!((both.outcome, both.updated), (Outcome::Created, 3_000));
            assert_eq!(both.events.len(), 3);
            let expected = Some(both.clone()).filter(|_| unconfirmed);
            assert_eq!(
                again,
                Vec::from_iter(expected),
                "what it was given is stale"
            );
        }
    }

    #[test]
    fn what_was_put_while_a_load_was_under_way_stays_and_what_somebody_deleted_goes() {
        let mut memory = memory(&[lost(1), lost(2)]);
        let mut loads = Loads::default();
        let load = loads.begin();
        memory.insert(3, lost(3));
        loads.put(3);
        loads.deleted(1);
        memory.remove(&1);
        loads.take_up(load, vec![lost(1)], &mut memory, |_| false);
        assert_eq!(Vec::from_iter(memory.keys()), [&3]);
        // The next one began when the host page had it.
        let load = loads.begin();
        loads.take_up(load, Vec::new(), &mut memory, |_| false);
        assert!(memory.is_empty());
    }

    #[test]
    fn what_is_handed_over_before_a_slow_load_came_is_given_again_with_what_that_brings() {
        let mut looked = lost(1);
        looked.looked_up(Search::Name, (&Found::Items(Vec::new()), true), None, 3_000);
        let mut memory = memory(&[looked]);
        let mut loads = Loads::default();
        let load = loads.begin();
        loads.put(1);
        let again = loads.take_up(load, vec![created(lost(1))], &mut memory, |_| false);
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].resource_id.as_deref(), Some("cen-1"));
    }

    #[test]
    fn a_load_that_a_newer_one_has_overtaken_is_nothing() {
        let mut memory = BTreeMap::new();
        let mut loads = Loads::default();
        let (old, new) = (loads.begin(), loads.begin());
        loads.take_up(new, vec![lost(1)], &mut memory, |_| false);
        loads.take_up(old, Vec::new(), &mut memory, |_| false);
        assert_eq!(memory.len(), 1);
    }
}
