//! Recording resources that were found and that no record tells of.

use super::database::{put, read_intents, taken_ids, with_free_id};
use super::receipts;
use super::Store;
#[cfg(feature = "embed")]
use super::{Home, PATIENCE_MS};
use crate::platform::dom::within;
use tieline_records::receipt::Entry;
use tieline_records::Record;

/// How long many of them may take to be written, in milliseconds.
const WRITING_MS: u32 = 30_000;

impl Store {
    /// Writes these, each with its receipt, but for those that are there already: two tabs that take the same
    /// resource over at once make one record. Returns all of them as they are stored; `None` when that failed,
    /// and none is written then.
    pub async fn add_found(&self, records: &[Record]) -> Option<Vec<Record>> {
        if self.is_of_file() {
            return None;
        }
        let database = self.database();
        let Some(database) = database.filter(|database| !database.is_refused()) else {
            #[cfg(feature = "embed")]
            if let Home::HostPage(host_page) = &self.home {
                host_page.reread(&self.memory, Some(PATIENCE_MS)).await;
            }
            let found: Vec<Record> = records.iter().map(|r| self.add_in_memory(r)).collect();
            #[cfg(feature = "embed")]
            if let Home::HostPage(host_page) = &self.home {
                host_page.hand_over(&found, Some(PATIENCE_MS)).await;
            }
            return Some(found);
        };
        let writing = database.write(async |tables| {
            let mut known = read_intents(tables, records).await?;
            let all: Vec<&Record> = records.iter().collect();
            let mut taken = taken_ids(&tables.records, &all).await?;
            let (mut stored, mut entries) = (Vec::new(), Vec::new());
            for record in records {
                let key = record.intent_key();
                let there = known.get(&key).cloned();
                let record = match there {
                    Some(there) => there,
                    None => {
                        let record = with_free_id(&mut taken, record.clone());
                        put(tables, &record)?;
                        entries.extend(Entry::between(None, &record));
                        known.insert(key, record.clone());
                        record
                    }
                };
                stored.push(record);
            }
            receipts::note(tables, entries).await?;
            Ok(stored)
        });
        within(WRITING_MS, writing).await.flatten()
    }

    fn add_in_memory(&self, record: &Record) -> Record {
        match self.in_memory(&record.intent_key()) {
            Some(there) => there,
            None => self.begin_in_memory(record.clone()),
        }
    }
}
