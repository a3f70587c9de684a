//! Deleting a record.

use super::database::{self, read_record};
use super::merge::settled;
use super::receipts;
#[cfg(feature = "embed")]
use super::Home;
use super::{Store, PATIENCE_MS};
use crate::platform::dom::within;
use tieline_records::receipt::Entry;
use tieline_records::Record;

impl Store {
    /// Deletes a record. Returns what was there, if anything was; `None` when that failed and the record is still
    /// there.
    pub async fn delete(&self, id: u64) -> Option<Option<Record>> {
        if self.is_of_file() {
            return None;
        }
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            // What is brought back is what was deleted, and that may be newer than what was seen.
            host_page.reread(&self.memory, Some(PATIENCE_MS)).await;
            if !host_page.delete(id, PATIENCE_MS).await {
                return None;
            }
        }
        let mut gone = None;
        if let Some(database) = self.database() {
            let deleting = database.write(async |tables| {
                let stored = read_record(&tables.records, id).await?;
                if let Some(record) = &stored {
                    database::delete(tables, &[record]).await?;
                    receipts::note(tables, vec![Entry::deleted(record)]).await?;
                }
                Ok(stored)
            });
            let deleted = within(PATIENCE_MS, deleting).await.flatten();
            let only_here = database.is_refused() && self.memory.borrow().contains_key(&id);
            if deleted.is_none() && !only_here {
                return None;
            }
            gone = deleted.flatten();
        }
        // What waits in memory was to be put together with what is stored.
        Some(match (gone, self.forget(id)) {
            (Some(stored), Some(kept)) => Some(settled(stored, kept)),
            (gone, kept) => gone.or(kept),
        })
    }
}
