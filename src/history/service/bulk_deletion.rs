//! Deleting many records, and taking that back.

use std::collections::HashSet;

use gloo_timers::future::TimeoutFuture;
use tieline_records::{export, Record};

use super::History;
use crate::history::index::{absorb, rows_of};
use crate::history::tabs::TabMessage;

/// The records of one transaction.
const BATCH: usize = 500;
/// So many records the other tabs are told of one by one.
const FEW: usize = 20;

impl History {
    /// Deletes records. Returns those that are gone, as an export has them: fewer than were asked for where the
    /// storage failed. `progress` is told how many are gone so far.
    pub async fn delete_many(&self, ids: &[u64], progress: impl Fn(usize)) -> Vec<String> {
        let (store, mut gone) = (self.store().await, Vec::new());
        let mut deleted = Vec::new();
        for batch in ids.chunks(BATCH) {
            let Some(records) = store.delete_many(batch).await else {
                break;
            };
            let these: HashSet<u64> = records.iter().map(|record| record.id).collect();
            self.edit(|rows| rows.retain(|row| !these.contains(&row.id)));
            gone.extend(records.iter().map(export::part));
            deleted.extend(these);
            self.notify_at_times();
            progress(gone.len());
            TimeoutFuture::new(0).await;
        }
        self.notify();
        self.tell_of_many(&deleted, TabMessage::Deleted);
        self.mend();
        gone
    }

    /// Writes records again that were deleted. Returns how many are there, and the id of the first.
    pub async fn restore_many(&self, deleted: &[String]) -> (usize, Option<u64>) {
        let (store, mut there) = (self.store().await, Vec::new());
        for batch in deleted.chunks(BATCH) {
            let read = batch
                .iter()
                .filter_map(|json| serde_json::from_str(json).ok());
            let records: Vec<Record> = read.collect();
            let Some(stored) = store.restore_many(&records).await else {
                break;
            };
            self.edit(|rows| absorb(rows, rows_of(&stored), true));
            there.extend(stored.iter().map(|record| record.id));
            self.notify_at_times();
            TimeoutFuture::new(0).await;
        }
        self.notify();
        self.tell_of_many(&there, TabMessage::Changed);
        self.mend();
        (there.len(), there.first().copied())
    }

    fn tell_of_many(&self, ids: &[u64], message: impl Fn(u64) -> TabMessage) {
        match ids.len() <= FEW {
            true => ids.iter().for_each(|id| self.0.tabs.tell(message(*id))),
            false => self.0.tabs.tell(TabMessage::ManyChanged),
        }
    }
}
