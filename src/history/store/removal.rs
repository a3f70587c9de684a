//! Deleting a record.

use super::database::{self, read_record};
use super::receipts;
#[cfg(feature = "embed")]
use super::Home;
use super::{Store, PATIENCE_MS};
use crate::platform::dom::within;
use tieline_records::receipt::Entry;

impl Store {
    /// Deletes a record; false when that failed and the record is still there.
    pub async fn delete(&self, id: u64) -> bool {
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            if !host_page.delete(id, PATIENCE_MS).await {
                return false;
            }
        }
        if let Some(database) = self.database() {
            let deleted = database.write(async |tables| {
                if let Some(record) = read_record(&tables.records, id).await? {
                    database::delete(tables, &[&record]).await?;
                    receipts::note(tables, vec![Entry::deleted(&record)]).await?;
                }
                Ok(())
            });
            let deleted = within(PATIENCE_MS, deleted).await.flatten();
            let only_here = database.is_refused() && self.memory.borrow().contains_key(&id);
            if deleted.is_none() && !only_here {
                return false;
            }
        }
        self.remembered.borrow_mut().remove(&id);
        self.memory.borrow_mut().remove(&id);
        true
    }
}
