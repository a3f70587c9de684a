//! Putting imported records beside those already there.

use std::collections::{BTreeMap, HashSet};

use indexed_db_futures::prelude::*;

use super::database::{put, read_record, taken_ids, with_free_id};
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
        let database = self.database();
        let Some(database) = database.filter(|database| !database.is_refused()) else {
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
            let mut asked = Vec::new();
            // All questions leave before the first answer is awaited: one turn instead of many.
            for record in incoming {
                asked.push(
                    tables
                        .intents
                        .get::<f64, _, _>(record.intent_key())
                        .build()?,
                );
            }
            let mut taken =
                taken_ids(&tables.records, &incoming.iter().collect::<Vec<_>>()).await?;
            let mut done = Vec::new();
            let mut seen: BTreeMap<String, Record> = BTreeMap::new();
            for (record, known) in incoming.iter().zip(asked) {
                let key = record.intent_key();
                let known = match (seen.get(&key), known.await?) {
                    (Some(earlier), _) => Some(earlier.clone()),
                    (None, Some(id)) => read_record(&tables.records, id as u64).await?,
                    (None, None) => None,
                };
                let before = known.clone();
                let outcome = match known {
                    None => {
                        let record = with_free_id(&mut taken, fresh(record, now));
                        (Merged::Added, Some(record))
                    }
                    Some(known) => match imported(&known, record, now) {
                        Some(record) => (Merged::Replaced, Some(record)),
                        None => (Merged::Kept, None),
                    },
                };
                if let Some(record) = &outcome.1 {
                    put(tables, record)?;
                    let mut entries = Entry::between(before.as_ref(), record);
                    entries.retain(|entry| entry.digest().is_none_or(|d| !proven.contains(d)));
                    receipts::note(tables, entries).await?;
                    seen.insert(key, record.clone());
                }
                done.push(outcome);
            }
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
