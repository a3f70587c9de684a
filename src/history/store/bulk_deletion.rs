//! Deleting many records in one transaction, and writing them again.

use std::collections::{HashMap, HashSet};

use indexed_db_futures::error::Error;

use super::database::{self, read_intents, read_range, read_record, Records};
use super::merge::settled;
use super::receipts;
use super::Store;
#[cfg(feature = "embed")]
use super::{Home, PATIENCE_MS};
use crate::platform::dom::within;
use tieline_records::receipt::Entry;
use tieline_records::Record;

/// How long all of them may take, in milliseconds.
const MANY_MS: u32 = 30_000;
/// So many are read one by one, wherever they are.
const FEW: usize = 20;

impl Store {
    /// Deletes records in one transaction. Returns those that are gone, as they were; `None` when that failed
    /// and all are there.
    pub async fn delete_many(&self, ids: &[u64]) -> Option<Vec<Record>> {
        if self.is_of_file() {
            return None;
        }
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            let mut gone = Vec::new();
            // What is brought back is what was deleted, and that may be newer than what was seen.
            host_page.reread(&self.memory, Some(PATIENCE_MS)).await;
            for id in ids {
                if host_page.delete(*id, PATIENCE_MS).await {
                    gone.extend(self.forget(*id));
                }
            }
            return Some(gone);
        }
        let mut gone = Vec::new();
        if let Some(database) = self.database().filter(|database| !database.is_refused()) {
            let deleting = database.write(async |tables| {
                let records = read_all(&tables.records, ids).await?;
                let all: Vec<&Record> = records.iter().collect();
                database::delete(tables, &all).await?;
                receipts::note(tables, records.iter().map(Entry::deleted).collect()).await?;
                Ok(records)
            });
            gone = within(MANY_MS, deleting).await.flatten()?;
        }
        for id in ids {
            // What waits in memory was to be put together with what is stored.
            if let Some(kept) = self.forget(*id) {
                match gone.iter_mut().find(|record| record.id == *id) {
                    Some(stored) => *stored = settled(stored.clone(), kept),
                    None => gone.push(kept),
                }
            }
        }
        Some(gone)
    }

    /// Takes a record out of memory; what waits there to be written.
    pub(super) fn forget(&self, id: u64) -> Option<Record> {
        self.remembered.borrow_mut().remove(&id);
        self.dependent.borrow_mut().remove(&id);
        self.memory.borrow_mut().remove(&id)
    }

    /// Writes records again that were deleted, in one transaction, with what has been recorded of their intents
    /// since, each with the receipt of that. Returns them as they are stored; `None` when that failed.
    pub async fn restore_many(&self, records: &[Record]) -> Option<Vec<Record>> {
        if self.is_of_file() {
            return None;
        }
        if let Some(database) = self.database().filter(|database| !database.is_refused()) {
            let restoring = database.write(async |tables| {
                // Another tab may have written an intent anew.
                let known = read_intents(tables, records).await?;
                let (mut there, mut entries) = (Vec::new(), Vec::new());
                for record in records {
                    let known = known.get(&record.intent_key());
                    let record = restored(known, record);
                    if known != Some(&record) {
                        database::put(tables, &record)?;
                        entries.push(Entry::restored(&record));
                    }
                    there.push(record);
                }
                receipts::note(tables, entries).await?;
                Ok(there)
            });
            return within(MANY_MS, restoring).await.flatten();
        }
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            host_page.reread(&self.memory, Some(PATIENCE_MS)).await;
        }
        let there = self.restore_in_memory(records);
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            host_page.hand_over(&there, Some(PATIENCE_MS)).await;
        }
        Some(there)
    }

    fn restore_in_memory(&self, records: &[Record]) -> Vec<Record> {
        let mut memory = self.memory.borrow_mut();
        let wanted: HashSet<String> = records.iter().map(Record::intent_key).collect();
        let all = memory.values().map(|record| (record.intent_key(), record));
        let known: HashMap<String, Record> = all
            .filter(|(key, _)| wanted.contains(key))
            .map(|(key, record)| (key, record.clone()))
            .collect();
        let records = records.iter();
        let there: Vec<Record> = records
            .map(|record| restored(known.get(&record.intent_key()), record))
            .collect();
        memory.extend(there.iter().map(|record| (record.id, record.clone())));
        there
    }
}

/// A record that was deleted, with what is `known` of its intent since.
fn restored(known: Option<&Record>, record: &Record) -> Record {
    match known {
        Some(known) => settled(known.clone(), record.clone()),
        None => record.clone(),
    }
}

/// The records of these ids that are there and can be read.
async fn read_all(records: &Records<'_>, ids: &[u64]) -> Result<Vec<Record>, Error> {
    let mut read = Vec::new();
    match (ids.iter().min(), ids.iter().max()) {
        (Some(first), Some(last)) if ids.len() > FEW => {
            read = read_range(records, *first, *last).await?.read;
            let wanted: HashSet<&u64> = ids.iter().collect();
            read.retain(|record| wanted.contains(&record.id));
        }
        _ => {
            for id in ids {
                read.extend(read_record(records, *id).await?);
            }
        }
    }
    Ok(read)
}
