//! What the history gives to files and takes from them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use tieline_records::proof::Name;
use tieline_records::{Chain, Record};
use wasm_bindgen::JsValue;
use yew::Callback;

use super::History;
use crate::history::changes::Changes;
use crate::history::index::{absorb, known_since, rows_of, Summary};
use crate::history::store::{Merged, Progress, Taken};
use crate::history::tabs::TabMessage;
use crate::platform::dom::{self, within};

/// How long the records for a file may take to be read at once, in milliseconds.
const READING_MS: u32 = 10_000;
/// So much longer for each record the receipts may take to be read with all of them.
const MORE_MS: u32 = 1;

impl History {
    /// The records of these rows, in full as far as they can be read or are remembered, with the outcomes
    /// that the rows show if they are to be `shown`; and how many have only what their rows show.
    pub async fn records(&self, rows: &[Rc<Summary>], shown: bool) -> (Vec<Record>, usize) {
        let store = self.store().await;
        let (Some(first), Some(last)) = (rows.last(), rows.first()) else {
            return Default::default();
        };
        let read = within(READING_MS, store.range(first.id, last.id)).await;
        let read = read.flatten().unwrap_or_default();
        let mut read: HashMap<u64, Record> = read.into_iter().map(|r| (r.id, r)).collect();
        let (mut records, mut partly) = (Vec::new(), 0);
        for row in rows {
            let full = read.remove(&row.id).or_else(|| store.remembered(row.id));
            partly += usize::from(full.is_none());
            let mut record = full.unwrap_or_else(|| row.record());
            if shown {
                record.outcome = self.shown(row);
            }
            records.push(record);
        }
        (records, partly)
    }

    /// The records of these rows, and all chains of receipts.
    pub async fn snapshot(&self, rows: &[Rc<Summary>]) -> Taken {
        let store = self.store().await;
        if !store.keeps_receipts() {
            return Taken::Without;
        }
        if !store.is_settled() {
            return Taken::Unread;
        }
        let ids: HashSet<u64> = rows.iter().map(|row| row.id).collect();
        let limit = READING_MS + MORE_MS * rows.len() as u32;
        let taken = within(limit, store.snapshot(&ids)).await.flatten();
        if taken.as_ref().is_some_and(|taken| taken.damaged > 0) {
            // It may have been met here first, and the page says what there is of it.
            self.notify();
        }
        taken.map_or(Taken::Unread, Taken::Whole)
    }

    /// Notes that all that was here at this time, in milliseconds since 1970, is in a file.
    pub async fn exported(&self, time: f64) {
        self.store().await.exported(time).await;
        self.notify();
    }

    /// The file that the user chose, and what is known of the last time that it was written.
    pub async fn chosen_file(&self) -> Option<(Option<JsValue>, Option<String>)> {
        self.store().await.chosen_file().await
    }

    /// Keeps a file that the user chose, or forgets it.
    pub async fn keep_file(&self, file: Option<&JsValue>) {
        self.store().await.keep_file(file).await;
    }

    /// Notes that the chosen file was written, with all that was here at this time if with all.
    pub async fn file_written(&self, written: &str, time: Option<f64>) {
        self.store().await.file_written(written, time).await;
    }

    /// What an export would have in it.
    pub fn changes(&self) -> Changes {
        let rows = self.0.rows.borrow();
        Changes::of(&rows)
    }

    /// Calls this after every change, for as long as the page lasts.
    pub fn follow_changes(&self, changed: Callback<u32>) {
        // It ends with the page.
        drop(self.subscribe(changed));
    }

    /// Has everybody look again who shows the history.
    pub fn tell(&self) {
        self.notify();
    }

    /// Whether this browser keeps the records.
    pub fn is_kept_by_browser(&self) -> bool {
        let store = self.0.store.borrow();
        store.as_ref().is_none_or(|store| store.is_of_browser())
    }

    /// How far this browser's receipts are. `None` where there are none.
    pub async fn progress(&self) -> Option<Progress> {
        let store = self.store().await;
        within(READING_MS, store.progress()).await.flatten()
    }

    /// How many ids of resources became known after this time, in milliseconds since 1970.
    pub fn known_since(&self, time: u64) -> usize {
        known_since(&self.0.rows.borrow(), time)
    }

    /// Keeps the chains of a file, of whose records a part or all are here. Returns the records of which the own
    /// chain says last that they were deleted; `None` when storage failed.
    pub async fn keep_chains(&self, chains: &[Chain], partial: bool) -> Option<BTreeSet<Name>> {
        self.store().await.keep_chains(chains, partial).await
    }

    /// Puts imported records beside those already there, before [`History::merged`]. `proven`: the digests of the
    /// events of which a receipt of the file tells. `None` when storage failed.
    pub async fn merge(&self, records: &[Record], proven: &HashSet<String>) -> Option<Vec<Merged>> {
        let done = self
            .store()
            .await
            .merge(records, proven, dom::now() as u64)
            .await?;
        let written = done.iter().filter_map(|(_, record)| record.as_ref());
        let new = rows_of(written);
        self.edit(|rows| absorb(rows, new, true));
        self.notify_at_times();
        Some(done.into_iter().map(|(met, _)| met).collect())
    }

    /// Tells everybody that much has changed.
    pub fn merged(&self) {
        self.notify();
        self.0.tabs.tell(TabMessage::ManyChanged);
    }
}
