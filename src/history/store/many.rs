//! Deleting many records in one transaction, and writing them again.

use indexed_db_futures::error::Error;

use super::database::{self, read_intents, read_range, read_record, Records};
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
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            let mut gone = Vec::new();
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
            // What waits in memory is newer than what is stored.
            if let Some(kept) = self.forget(*id) {
                gone.retain(|record| record.id != *id);
                gone.push(kept);
            }
        }
        Some(gone)
    }

    /// Takes a record out of memory; what waits there to be written.
    fn forget(&self, id: u64) -> Option<Record> {
        self.remembered.borrow_mut().remove(&id);
        self.memory.borrow_mut().remove(&id)
    }

    /// Writes records again that were deleted, as they were, in one transaction, each with the receipt of that; false
    /// when that failed.
    pub async fn restore_many(&self, records: &[Record]) -> bool {
        if let Some(database) = self.database().filter(|database| !database.is_refused()) {
            let restoring = database.write(async |tables| {
                // Another tab may have written an intent anew.
                let known = read_intents(tables, records).await?;
                let mut entries = Vec::new();
                for record in records {
                    if !known.contains_key(&record.intent_key()) {
                        database::put(tables, record)?;
                        entries.push(Entry::restored(record));
                    }
                }
                receipts::note(tables, entries).await
            });
            return within(MANY_MS, restoring).await.flatten().is_some();
        }
        let all = records.iter().map(|record| (record.id, record.clone()));
        self.memory.borrow_mut().extend(all);
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            host_page.hand_over(records, Some(PATIENCE_MS)).await;
        }
        true
    }
}

/// The records of these ids that are there and can be read.
async fn read_all(records: &Records<'_>, ids: &[u64]) -> Result<Vec<Record>, Error> {
    let mut read = Vec::new();
    match (ids.iter().min(), ids.iter().max()) {
        (Some(first), Some(last)) if ids.len() > FEW => {
            read = read_range(records, *first, *last).await?.read;
            let wanted: std::collections::HashSet<&u64> = ids.iter().collect();
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
