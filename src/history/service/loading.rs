//! Reading the records into the index, and writing what could not be written at once.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use super::History;
use crate::history::index::{absorb, remove, rows_of, upsert, Row};
use crate::history::store::{Damage, Store};
use crate::history::tabs::TabMessage;
use crate::platform::dom;

/// The newest records, which are read before the others: somebody waits for the first rows.
const FIRST: usize = 200;
/// The records that are read at once.
const BATCH: usize = 2_000;
/// The pause before the storage is tried again, at first and at last, in milliseconds.
const PAUSES_MS: [u32; 2] = [250, 30_000];
/// How long what could not be written is kept for a storage that nobody shows any more, in milliseconds.
const KEPT_MS: f64 = 15.0 * 60_000.0;

impl History {
    /// The records are in this store from now on.
    pub(super) fn keep_in(&self, store: Store) {
        self.0.store.replace(Some(Rc::new(store)));
        self.0.opened.open();
    }

    /// Reads all records. What has a row already changed in the meantime and is newer than what
    /// is read, unless `replace` says otherwise.
    pub(super) async fn load(&self, replace: bool) {
        let store = self.store().await;
        let ids = store.ids().await;
        self.0.unreadable.set(ids.is_none());
        if let (true, Some(ids)) = (replace, &ids) {
            // What another tab has deleted goes; what this one is about to write is not there yet.
            let sending = self.0.sending.borrow();
            let there = |id: &u64| ids.binary_search(id).is_ok() || sending.contains_key(id);
            self.edit(|rows| rows.retain(|row| there(&row.id)));
        }
        let ids = ids.unwrap_or_default();
        let (others, newest) = ids.split_at(ids.len().saturating_sub(FIRST));
        for batch in [newest].into_iter().chain(others.rchunks(BATCH)) {
            let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
                continue;
            };
            match store.range(*first, *last).await {
                Some(records) => {
                    let new = rows_of(&records);
                    self.edit(|rows| absorb(rows, new, replace));
                }
                None => self.0.unreadable.set(true),
            }
            self.notify_at_times();
            // Between two batches the page may draw and take input.
            TimeoutFuture::new(0).await;
        }
        self.0.loaded.open();
        self.notify();
        if store.set_aside().await {
            self.notify();
        }
    }

    /// Takes in what was recorded elsewhere while the database was damaged.
    pub(super) async fn reunite(&self) {
        if self.store().await.reunite().await {
            self.0.tabs.tell(TabMessage::ManyChanged);
        }
    }

    /// What of the database is damaged. `None` without one.
    pub async fn damage(&self) -> Option<Damage> {
        self.store().await.damage().await
    }

    /// Whether all that is stored is known here.
    pub async fn is_whole(&self) -> bool {
        let damage = self.damage().await;
        let whole = damage.is_some_and(|damage| damage == Damage::default());
        whole && self.problem().is_none() && !self.is_loading()
    }

    /// What is damaged, as a file; and whether all of it could be read.
    pub async fn raw(&self) -> Option<(String, bool)> {
        self.store().await.raw().await
    }

    /// Forgets what was set aside. Returns whether that worked.
    pub async fn forget_aside(&self) -> bool {
        let done = self.store().await.forget_aside().await;
        self.notify();
        done
    }

    /// Tries until everything is where it is meant to be: what was kept in memory is written as soon as
    /// the storage works again, and what could not be read is read.
    pub(super) fn mend(&self) {
        let is_settled = |history: &History| {
            let store = history.0.store.borrow();
            !history.0.unreadable.get() && store.as_ref().is_some_and(|store| store.is_settled())
        };
        if is_settled(self) || self.0.mending.replace(true) {
            return;
        }
        let inner = Rc::downgrade(&self.0);
        // A console that is taken away, or has another history, leaves what has to be written still.
        let mut kept = Some(self.clone());
        let since = dom::now();
        spawn_local(async move {
            let [mut pause, longest] = PAUSES_MS;
            loop {
                TimeoutFuture::new(pause).await;
                let Some(history) = History::from(&inner) else {
                    return;
                };
                let store = history.store().await;
                // Where there is no database yet, this waits for it.
                if store.has_home().await {
                    history.flush().await;
                    if history.0.unreadable.get() {
                        history.load(false).await;
                    }
                }
                history.notify();
                if is_settled(&history) {
                    history.0.mending.set(false);
                    return;
                }
                pause = longest.min(pause * 2);
                kept = kept.filter(|_| dom::now() - since < KEPT_MS);
            }
        });
    }

    async fn flush(&self) {
        for (id, record) in self.store().await.flush().await {
            self.edit(|rows| {
                if record.as_ref().is_none_or(|record| record.id != id) {
                    remove(rows, id);
                }
                if let Some(record) = &record {
                    upsert(rows, Row::of(record));
                }
            });
            if let Some(record) = record {
                self.0.tabs.tell(TabMessage::Changed(record.id));
            }
        }
    }
}
