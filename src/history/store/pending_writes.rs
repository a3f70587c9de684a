//! What waits in memory for its home, and whether it is written at all.

use super::database::{read_intent, read_jsons, read_record};
use super::merge::settled;
use super::receipts::put_with_receipts;
#[cfg(feature = "embed")]
use super::Home;
use super::Store;
use tieline_records::{Outcome, Record};

impl Store {
    /// Keeps a record that has changed in memory, where it was like `before` or not at all. `revives`: what has
    /// happened to it brings it back should it be deleted.
    pub(super) fn keep(&self, record: &Record, before: Option<&Record>, revives: bool) {
        let id = record.id;
        self.memory.borrow_mut().insert(id, record.clone());
        self.remember(record);
        let mut dependent = self.dependent.borrow_mut();
        let was = dependent.remove(&id);
        if !revives && (before.is_none() || was.as_ref() == before) {
            dependent.insert(id, record.clone());
        }
    }

    /// Whether a record that waits in memory is written only where something of it is still stored.
    fn is_dependent(&self, kept: &Record) -> bool {
        self.dependent.borrow().get(&kept.id) == Some(kept)
    }

    /// Whether a record that was to be written waits still, as it was: neither deleted nor changed since.
    pub(super) fn is_due(&self, kept: &Record) -> bool {
        self.memory.borrow().get(&kept.id) == Some(kept)
    }

    /// Another tab has deleted a record.
    pub fn deleted_elsewhere(&self, id: u64) {
        let kept = self.memory.borrow().get(&id).cloned();
        match kept {
            Some(kept) if !self.is_dependent(&kept) => {
                self.remembered.borrow_mut().remove(&id);
            }
            _ => drop(self.forget(id)),
        }
    }

    /// Writes what was kept in memory, as soon as its home takes it. Returns the ids of what was written,
    /// each with the record as it is stored; with none where it was deleted meanwhile.
    pub async fn flush(&self) -> Vec<(u64, Option<Record>)> {
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            host_page.hand_over(&[], None).await;
        }
        let Some(database) = self.database() else {
            return Vec::new();
        };
        let due: Vec<Record> = self.memory.borrow().values().cloned().collect();
        let written = database.write(async |tables| {
            let mut written = Vec::new();
            for kept in &due {
                let key = kept.intent_key();
                let stored = read_intent(tables, &key).await?;
                let there = read_record(&tables.records, kept.id).await?;
                if stored.is_none() && self.is_dependent(kept) && database.damage().is_none() {
                    // What cannot be read was not deleted.
                    let json = read_jsons(&tables.records, kept.id, kept.id).await?;
                    if json.is_empty() || there.as_ref().is_some_and(|r| r.intent_key() != key) {
                        written.push((kept.id, None));
                        continue;
                    }
                }
                // What was deleted while this waited for its turn does not come back.
                if !self.is_due(kept) {
                    continue;
                }
                let taken = stored.is_none() && there.is_some();
                let moved = stored.as_ref().is_some_and(|stored| stored.id != kept.id);
                // Its answer will be written under the id that it has here.
                if taken || moved && kept.outcome == Outcome::Pending {
                    continue;
                }
                let before = stored.clone();
                let record = match stored {
                    Some(stored) => settled(stored, kept.clone()),
                    None => kept.clone(),
                };
                put_with_receipts(tables, before.as_ref(), &record).await?;
                written.push((kept.id, Some(record)));
            }
            Ok(written)
        });
        let mut written = written.await.unwrap_or_default();
        written.retain(|(id, record)| {
            // What has changed again meanwhile is due once more.
            let before = due.iter().find(|kept| kept.id == *id);
            let same = before.is_some_and(|kept| self.is_due(kept));
            if same {
                self.forget(*id);
                record.iter().for_each(|record| self.remember(record));
            }
            same
        });
        written
    }
}
