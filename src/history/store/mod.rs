//! The store: a database or the host page, and memory for what cannot be written there.

mod database;
#[cfg(feature = "embed")]
mod host_page;
mod merge;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use indexed_db_futures::{KeyRange, OpenDbResult};
use wasm_bindgen::JsValue;

use self::database::{put, read_intent, read_record, taken_ids, with_free_id, write, RECORDS};
#[cfg(feature = "embed")]
use self::host_page::HostStore;
use self::merge::newer;
use super::index::fingerprint;
use super::record::{first_id, Record};
use crate::platform::dom::within;

pub use self::merge::Merged;

/// How long an intent may take to be written, in milliseconds. Then it is kept in memory: a database
/// that hangs must not hold up a request.
const WRITING_MS: u32 = 3_000;

/// The records.
pub struct Store {
    home: Home,
    /// All records when there is no database, else those that it did not take.
    memory: RefCell<BTreeMap<u64, Record>>,
    /// Something that is stored could not be read.
    garbled: Cell<bool>,
}

/// The durable home of the records, beyond the page's memory.
enum Home {
    /// In the browser's database.
    Database(Database),
    /// By the host page.
    #[cfg(feature = "embed")]
    HostPage(HostStore),
    /// Nowhere, as is wanted.
    #[cfg(feature = "embed")]
    Nowhere,
    /// Nowhere, because the browser has no database for the page.
    Missing,
}

impl Store {
    fn of(home: Home) -> Store {
        Store {
            home,
            memory: RefCell::default(),
            garbled: Cell::new(false),
        }
    }

    /// A store that lasts as long as the page, because there is no database.
    pub fn in_memory() -> Store {
        Store::of(Home::Missing)
    }

    /// The same where nothing else is wanted.
    #[cfg(feature = "embed")]
    pub fn nowhere() -> Store {
        Store::of(Home::Nowhere)
    }

    /// A store of which the host page has a copy that lasts, by this object.
    #[cfg(feature = "embed")]
    pub async fn of_host_page(object: JsValue) -> Store {
        let (host_page, memory) = HostStore::open(object, WRITING_MS).await;
        Store {
            memory,
            ..Store::of(Home::HostPage(host_page))
        }
    }

    /// Gives the host page what has changed.
    #[cfg(feature = "embed")]
    async fn hand_over(&self, changed: &[Record]) {
        if let Home::HostPage(host_page) = &self.home {
            let memory = &self.memory;
            host_page.hand_over(changed, memory, WRITING_MS).await;
        }
    }

    /// There is no host page.
    #[cfg(not(feature = "embed"))]
    async fn hand_over(&self, _: &[Record]) {}

    /// Takes up what the host page has now.
    #[cfg(feature = "embed")]
    pub async fn reread(&self) {
        if let Home::HostPage(host_page) = &self.home {
            host_page.reread(&self.memory, WRITING_MS).await;
        }
    }

    /// Has `changed` called when somebody else has changed what the host page keeps.
    #[cfg(feature = "embed")]
    pub fn subscribe(&self, changed: impl Fn() + 'static) {
        if let Home::HostPage(host_page) = &self.home {
            host_page.subscribe(changed);
        }
    }

    /// Whether the records are kept by the host page.
    pub fn is_host_page(&self) -> bool {
        match &self.home {
            #[cfg(feature = "embed")]
            Home::HostPage(_) => true,
            _ => false,
        }
    }

    fn db(&self) -> Option<&Database> {
        match &self.home {
            Home::Database(db) => Some(db),
            _ => None,
        }
    }

    /// Opens the database.
    ///
    /// # Errors
    /// When the browser has none, does not let the page use it, or holds a newer version.
    pub async fn open() -> OpenDbResult<Store> {
        Ok(Store::of(Home::Database(database::open().await?)))
    }

    /// Whether all that is stored could be read so far.
    pub fn is_whole(&self) -> bool {
        !self.garbled.get()
    }

    /// Whether everything so far is where it is meant to be.
    pub fn is_durable(&self) -> bool {
        match &self.home {
            Home::Database(_) => self.memory.borrow().is_empty(),
            #[cfg(feature = "embed")]
            Home::HostPage(host_page) => host_page.is_durable(),
            #[cfg(feature = "embed")]
            Home::Nowhere => true,
            Home::Missing => false,
        }
    }

    /// Writes an intent durably, or takes up the one of the same key again. Returns it with its
    /// id. When the database fails the intent is kept in memory.
    pub async fn begin(&self, record: Record) -> Record {
        if let Some(db) = self.db() {
            let write = write(db, async |records, intents| {
                let key = record.intent_key();
                let known = read_intent(records, intents, &key).await?;
                let record = match known {
                    Some(known) => known.resume(record.clone()),
                    None => {
                        let mut taken = taken_ids(records, &[&record]).await?;
                        with_free_id(&mut taken, record.clone())
                    }
                };
                put(records, intents, &record)?;
                Ok(record)
            });
            if let Some(Ok(record)) = within(WRITING_MS, write).await {
                return record;
            }
        }
        let record = self.begin_in_memory(record);
        self.hand_over(std::slice::from_ref(&record)).await;
        record
    }

    fn begin_in_memory(&self, record: Record) -> Record {
        let mut memory = self.memory.borrow_mut();
        let known = memory
            .values()
            .find(|other| other.intent_key() == record.intent_key());
        let record = match known.cloned() {
            Some(known) => known.resume(record),
            None => {
                let mut id = first_id(record.created, fingerprint(&record.key) as u32);
                while memory.contains_key(&id) {
                    id += 1;
                }
                Record { id, ..record }
            }
        };
        memory.insert(record.id, record.clone());
        record
    }

    /// Changes a record in one transaction. `change` gets the stored version, or `None` when
    /// there is none, and returns what to write, or `None` for nothing. Returns what was written.
    pub async fn change(
        &self,
        id: u64,
        change: impl Fn(Option<Record>) -> Option<Record>,
    ) -> Option<Record> {
        let in_memory = self.memory.borrow().get(&id).cloned();
        let mut lost = None;
        if let (None, Some(db)) = (&in_memory, self.db()) {
            let seen = RefCell::new(None);
            let write = write(db, async |records, intents| {
                let stored = read_record(records, id).await?;
                seen.replace(stored.clone());
                let changed = change(stored);
                if let Some(record) = &changed {
                    put(records, intents, record)?;
                }
                Ok(changed)
            });
            match within(WRITING_MS, write).await {
                Some(Ok(written)) => return written,
                _ => lost = seen.into_inner(),
            }
        }
        let changed = change(in_memory.or(lost))?;
        self.memory.borrow_mut().insert(id, changed.clone());
        self.hand_over(std::slice::from_ref(&changed)).await;
        Some(changed)
    }

    /// A record.
    pub async fn get(&self, id: u64) -> Option<Record> {
        let kept = self.memory.borrow().get(&id).cloned();
        match (self.db(), kept) {
            (Some(db), None) => {
                let tx = db.transaction(RECORDS).build().ok()?;
                let records = tx.object_store(RECORDS).ok()?;
                read_record(&records, id).await.ok()?
            }
            (_, kept) => kept,
        }
    }

    /// The ids of all records, ascending.
    pub async fn ids(&self) -> Result<Vec<u64>, Error> {
        let mut ids = Vec::new();
        if let Some(db) = self.db() {
            let tx = db.transaction(RECORDS).build()?;
            let records = tx.object_store(RECORDS)?;
            // Keys that are no numbers are none of ours; they come after all numbers.
            let numbers = KeyRange::LowerBound(0.0, false);
            let ours = records.get_all_keys::<f64>().with_query::<f64, _>(numbers);
            ids.extend(ours.await?.flatten().map(|id| id as u64));
        }
        for id in self.memory.borrow().keys() {
            if let Err(at) = ids.binary_search(id) {
                ids.insert(at, *id);
            }
        }
        Ok(ids)
    }

    /// The records from `first` to `last`, both included.
    pub async fn range(&self, first: u64, last: u64) -> Result<Vec<Record>, Error> {
        let mut all = BTreeMap::new();
        if let Some(db) = self.db() {
            let tx = db.transaction(RECORDS).build()?;
            let records = tx.object_store(RECORDS)?;
            let range = KeyRange::Bound(first as f64, false, last as f64, false);
            for stored in records
                .get_all::<JsValue>()
                .with_query::<f64, _>(range)
                .await?
            {
                // What this version cannot read stays in the store for one that can.
                let json = stored?.as_string().unwrap_or_default();
                match serde_json::from_str::<Record>(&json) {
                    Ok(record) => drop(all.insert(record.id, record)),
                    Err(_) => self.garbled.set(true),
                }
            }
        }
        for (id, record) in self.memory.borrow().range(first..=last) {
            all.insert(*id, record.clone());
        }
        Ok(all.into_values().collect())
    }

    /// Deletes a record; false when that failed and the record is still there.
    pub async fn delete(&self, id: u64) -> bool {
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            if !host_page.delete(id, WRITING_MS).await {
                return false;
            }
        }
        if let Some(db) = self.db() {
            let deleted = write(db, async |records, intents| {
                if let Some(record) = read_record(records, id).await? {
                    intents.delete(record.intent_key()).build()?;
                    records.delete(id as f64).build()?;
                }
                Ok(())
            });
            if deleted.await.is_err() {
                return false;
            }
        }
        self.memory.borrow_mut().remove(&id);
        true
    }

    /// Puts records beside those already there, in one transaction; see [`newer`]. Returns for
    /// each what it met, and what was written.
    ///
    /// # Errors
    /// When the database fails; nothing of this call is written then.
    pub async fn merge(&self, incoming: &[Record]) -> Result<Vec<(Merged, Option<Record>)>, Error> {
        let Some(db) = self.db() else {
            let done: Vec<_> = incoming.iter().map(|r| self.merge_in_memory(r)).collect();
            let written: Vec<Record> = done.iter().filter_map(|(_, r)| r.clone()).collect();
            self.hand_over(&written).await;
            return Ok(done);
        };
        write(db, async |records, intents| {
            let mut asked = Vec::new();
            // All questions leave before the first answer is awaited: one turn instead of many.
            for record in incoming {
                asked.push(intents.get::<f64, _, _>(record.intent_key()).build()?);
            }
            let mut taken = taken_ids(records, &incoming.iter().collect::<Vec<_>>()).await?;
            let mut done = Vec::new();
            let mut seen: BTreeMap<String, Record> = BTreeMap::new();
            for (record, known) in incoming.iter().zip(asked) {
                let key = record.intent_key();
                let known = match (seen.get(&key), known.await?) {
                    (Some(earlier), _) => Some(earlier.clone()),
                    (None, Some(id)) => read_record(records, id as u64).await?,
                    (None, None) => None,
                };
                let outcome = match known {
                    None => {
                        let record = with_free_id(&mut taken, record.clone());
                        (Merged::Added, Some(record))
                    }
                    Some(known) => match newer(&known, record.clone()) {
                        Some(record) => (Merged::Replaced, Some(record)),
                        None => (Merged::Kept, None),
                    },
                };
                if let Some(record) = &outcome.1 {
                    put(records, intents, record)?;
                    seen.insert(key, record.clone());
                }
                done.push(outcome);
            }
            Ok(done)
        })
        .await
    }

    fn merge_in_memory(&self, record: &Record) -> (Merged, Option<Record>) {
        let key = record.intent_key();
        let known = {
            let memory = self.memory.borrow();
            let known = memory.values().find(|other| other.intent_key() == key);
            known.cloned()
        };
        match known.map(|known| newer(&known, record.clone())) {
            None => (Merged::Added, Some(self.begin_in_memory(record.clone()))),
            Some(None) => (Merged::Kept, None),
            Some(Some(record)) => {
                let mut memory = self.memory.borrow_mut();
                memory.insert(record.id, record.clone());
                (Merged::Replaced, Some(record))
            }
        }
    }
}

#[cfg(test)]
mod tests;
