//! Putting imported records beside those already there.

use std::collections::{HashMap, HashSet};

use super::database::{put, read_intents, taken_ids, with_free_id};
use super::merge::{fresh, imported, Merged};
use super::receipts;
#[cfg(feature = "embed")]
use super::Home;
use super::Store;
use crate::platform::dom::within;
use tieline_records::receipt::Entry;
use tieline_records::Record;

/// How long a batch may take to be written, in milliseconds.
const MERGING_MS: u32 = 30_000;

impl Store {
    /// Puts records beside those already there, in one transaction; see [`imported`]. Returns for
    /// each what it met, and what was written; `None` when the home failed, and nothing of this call is
    /// written then. Events of which a receipt of the file tells (`proven`, by their digests) get none here.
    pub async fn merge(
        &self,
        incoming: &[Record],
        proven: &HashSet<String>,
        now: u64,
    ) -> Option<Vec<(Merged, Option<Record>)>> {
        if self.is_of_file() {
            return None;
        }
        let database = self.database();
        let Some(database) = database.filter(|database| !database.is_refused()) else {
            #[cfg(feature = "embed")]
            if let Home::HostPage(host_page) = &self.home {
                // What it has by now is put beside what comes, so that neither takes the other's place.
                host_page.reread(&self.memory, Some(MERGING_MS)).await;
            }
            let done: Vec<_> = incoming
                .iter()
                .map(|r| self.merge_in_memory(r, now))
                .collect();
            #[cfg(feature = "embed")]
            if let Home::HostPage(host_page) = &self.home {
                let written: Vec<Record> = done.iter().filter_map(|(_, r)| r.clone()).collect();
                let patience = Some(MERGING_MS);
                host_page.hand_over(&written, patience).await;
            }
            return Some(done);
        };
        let merging = database.write(async |tables| {
            let mut known = read_intents(tables, incoming).await?;
            let mut taken =
                taken_ids(&tables.records, &incoming.iter().collect::<Vec<_>>()).await?;
            let (mut done, mut entries) = (Vec::new(), Vec::new());
            // What the file has told of an intent before, by the place in `done`.
            let mut told: HashMap<String, usize> = HashMap::new();
            for record in incoming {
                let key = record.intent_key();
                let earlier = told.get(&key).and_then(|at| done.get(*at));
                let earlier = earlier.and_then(|(_, record): &(_, Option<Record>)| record.clone());
                let before = earlier.or_else(|| known.remove(&key));
                let outcome = match &before {
                    None => {
                        let record = with_free_id(&mut taken, fresh(record, now));
                        (Merged::Added, Some(record))
                    }
                    Some(before) => match imported(before, record, now) {
                        Some(record) => (Merged::Replaced, Some(record)),
                        None => (Merged::Kept, None),
                    },
                };
                match &outcome.1 {
                    Some(record) => {
                        entries.extend(Entry::between(before.as_ref(), record));
                        if outcome.0 == Merged::Replaced {
                            put(tables, record)?;
                        }
                        told.insert(key, done.len());
                    }
                    None => known.extend(before.map(|before| (key, before))),
                }
                done.push(outcome);
            }
            // What was added and met again in the same file has a place of its own by now.
            let written = done.iter().filter(|(met, _)| *met == Merged::Added);
            let written: Vec<&Record> = written.filter_map(|(_, record)| record.as_ref()).collect();
            tables.records.blocks.put(&written)?;
            entries.retain(|entry| entry.digest().is_none_or(|d| !proven.contains(d)));
            receipts::note(tables, entries).await?;
            Ok(done)
        });
        within(MERGING_MS, merging).await.flatten()
    }

    fn merge_in_memory(&self, record: &Record, now: u64) -> (Merged, Option<Record>) {
        let known = self.in_memory(&record.intent_key());
        match known.map(|known| imported(&known, record, now)) {
            None => {
                let record = self.begin_in_memory(fresh(record, now));
                (Merged::Added, Some(record))
            }
            Some(None) => (Merged::Kept, None),
            Some(Some(record)) => {
                let mut memory = self.memory.borrow_mut();
                memory.insert(record.id, record.clone());
                (Merged::Replaced, Some(record))
            }
        }
    }
}
