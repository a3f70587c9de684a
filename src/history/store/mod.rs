//! The store: IndexedDB with strict durability, and memory for what cannot be written there.
//!
//! Two object stores, both with keys beside the values: `records` (id → the record as JSON) and
//! `intents` (operation and idempotency key → id). Every change is one transaction that reads
//! before it writes, so that tabs do not overwrite each other.

pub mod host_page;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};

use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use indexed_db_futures::{KeyRange, OpenDbResult};
use wasm_bindgen::JsValue;

use self::host_page::HostStore;
use super::index::fingerprint;
use super::record::{first_id, Record};
use crate::platform::dom::within;

const NAME: &str = "tieline-history";
/// How long an intent may take to be written, in milliseconds. Then it is kept in memory: a database
/// that hangs must not hold up a request.
const WRITING_MS: u32 = 3_000;
const RECORDS: &str = "records";
const INTENTS: &str = "intents";

/// The version of the schema. A later one adds its step to [`upgrade`].
const SCHEMA: u32 = 1;

/// Creates or upgrades the schema, step by step from whatever version is there.
fn upgrade(from: f64, db: &Database) -> Result<(), Error> {
    if from < 1.0 {
        db.create_object_store(RECORDS).build()?;
        db.create_object_store(INTENTS).build()?;
    }
    Ok(())
}

/// What the page around keeps, and what of it is not certain.
struct Hosted {
    host: HostStore,
    /// The records that it has not confirmed: on their way, or refused.
    unconfirmed: RefCell<HashSet<u64>>,
    /// It refused the last that it was given.
    refused: Cell<bool>,
    /// It did not give what it has.
    unread: bool,
}

/// What a record met when it was put beside those already there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Merged {
    /// There was none of its intent.
    Added,
    /// It replaced an older version of itself.
    Replaced,
    /// The version already there is as new or knows more.
    Kept,
}

/// The version to keep of an intent that is there (`ours`) and arrives (`theirs`). `None`: ours.
pub fn newer(ours: &Record, theirs: Record) -> Option<Record> {
    // What an intent asked for never changes, and an id that is known is taken from nobody's file.
    let changes = ours.params != theirs.params
        || ours.resource_id.is_some() && theirs.resource_id != ours.resource_id;
    (theirs.updated > ours.updated && !changes).then_some(Record {
        id: ours.id,
        ..theirs
    })
}

/// The records.
pub struct Store {
    home: Home,
    /// All records when there is no database, else those that it did not take.
    memory: RefCell<BTreeMap<u64, Record>>,
    /// Something that is stored could not be read.
    garbled: Cell<bool>,
}

/// Where records are kept beyond the page's memory.
enum Home {
    /// In the browser's database.
    Database(Database),
    /// By the page around.
    HostStore(Hosted),
    /// Nowhere, as is wanted.
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
    pub fn nowhere() -> Store {
        Store::of(Home::Nowhere)
    }

    /// A store of which the page around has a copy that lasts.
    pub async fn hosted(host: HostStore) -> Store {
        let kept = within(WRITING_MS, host.load()).await.flatten();
        let hosted = Hosted {
            host,
            unconfirmed: RefCell::default(),
            refused: Cell::new(false),
            unread: kept.is_none(),
        };
        let records = kept.unwrap_or_default();
        let records = records.into_iter().map(|record| (record.id, record));
        Store {
            memory: RefCell::new(records.collect()),
            ..Store::of(Home::HostStore(hosted))
        }
    }

    /// Gives the page around what has changed and what it has not taken so far, and waits until it
    /// has it.
    async fn hand_over(&self, changed: &[Record]) {
        let Home::HostStore(hosted) = &self.home else {
            return;
        };
        let unconfirmed = &hosted.unconfirmed;
        unconfirmed
            .borrow_mut()
            .extend(changed.iter().map(|r| r.id));
        let due: Vec<Record> = {
            let (memory, unconfirmed) = (self.memory.borrow(), unconfirmed.borrow());
            let due = unconfirmed.iter().filter_map(|id| memory.get(id));
            due.cloned().collect()
        };
        let taken = within(WRITING_MS, hosted.host.put(&due)).await == Some(true);
        hosted.refused.set(!taken);
        if taken {
            unconfirmed
                .borrow_mut()
                .retain(|id| !due.iter().any(|record| record.id == *id));
        }
    }

    /// Takes up what the page around has now.
    pub async fn reread(&self) {
        let Home::HostStore(hosted) = &self.home else {
            return;
        };
        let Some(Some(theirs)) = within(WRITING_MS, hosted.host.load()).await else {
            return;
        };
        let mut memory = self.memory.borrow_mut();
        let ours = std::mem::take(&mut *memory);
        memory.extend(theirs.into_iter().map(|record| (record.id, record)));
        for (id, record) in ours {
            let newer = memory.get(&id).is_some_and(|r| r.updated < record.updated);
            if newer || hosted.unconfirmed.borrow().contains(&id) {
                memory.insert(id, record);
            }
        }
    }

    /// The page around, when it keeps the records.
    pub fn host(&self) -> Option<&HostStore> {
        match &self.home {
            Home::HostStore(hosted) => Some(&hosted.host),
            _ => None,
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
        let db = Database::open(NAME)
            .with_version(SCHEMA)
            .with_on_upgrade_needed(|event, db| upgrade(event.old_version(), &db))
            .await?;
        // A later version of the page must be able to upgrade while this one is open.
        if let Ok(mut changes) = db.version_changes() {
            let db = db.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if changes.recv().await.is_some() {
                    db.close();
                }
            });
        }
        Ok(Store::of(Home::Database(db)))
    }

    /// Whether all that is stored could be read so far.
    pub fn is_whole(&self) -> bool {
        !self.garbled.get()
    }

    /// Whether everything so far is where it is meant to be.
    pub fn is_durable(&self) -> bool {
        match &self.home {
            Home::Database(_) => self.memory.borrow().is_empty(),
            Home::HostStore(hosted) => !hosted.refused.get() && !hosted.unread,
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
        if let Some(host) = self.host() {
            if within(WRITING_MS, host.delete(id)).await != Some(true) {
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

/// Runs `work` in one transaction and returns only after its changes are on the disk.
async fn write<T>(
    db: &Database,
    work: impl AsyncFnOnce(&ObjectStore<'_>, &ObjectStore<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut options = TransactionOptions::new();
    options.set_durability(TransactionDurability::Strict);
    let tx = db
        .transaction([RECORDS, INTENTS])
        .with_mode(TransactionMode::Readwrite)
        .with_options(options)
        .build()?;
    let done = {
        let records = tx.object_store(RECORDS)?;
        let intents = tx.object_store(INTENTS)?;
        work(&records, &intents).await?
    };
    tx.commit().await?;
    Ok(done)
}

/// Asks for a record to be written; the transaction's commit says whether it was.
fn put(records: &ObjectStore<'_>, intents: &ObjectStore<'_>, record: &Record) -> Result<(), Error> {
    let json = serde_json::to_string(record).unwrap_or_default();
    let id = record.id as f64;
    records.put(json).with_key(id).build()?;
    intents.put(id).with_key(record.intent_key()).build()?;
    Ok(())
}

async fn read_record(records: &ObjectStore<'_>, id: u64) -> Result<Option<Record>, Error> {
    let json = records.get::<String, _, _>(id as f64).await?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

async fn read_intent(
    records: &ObjectStore<'_>,
    intents: &ObjectStore<'_>,
    key: &str,
) -> Result<Option<Record>, Error> {
    match intents.get::<f64, _, _>(key).await? {
        Some(id) => read_record(records, id as u64).await,
        None => Ok(None),
    }
}

/// How far above the first id of a record the search for a free one may go before it meets
/// another millisecond's ids, which is allowed but then has to be looked at too.
const ROOM: u64 = 1 << 20;

/// The ids that are taken where these records may be put.
async fn taken_ids(records: &ObjectStore<'_>, incoming: &[&Record]) -> Result<HashSet<u64>, Error> {
    let first = incoming.iter().map(|record| record.created).min();
    let last = incoming.iter().map(|record| record.created).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(HashSet::new());
    };
    let range = KeyRange::Bound(
        first_id(first, 0) as f64,
        false,
        (first_id(last, 0) + ROOM) as f64,
        false,
    );
    let keys = records.get_all_keys::<f64>().with_query::<f64, _>(range);
    keys.await?.map(|id| Ok(id? as u64)).collect()
}

/// The record under an id that is not taken; it is afterwards.
fn with_free_id(taken: &mut HashSet<u64>, record: Record) -> Record {
    let mut id = first_id(record.created, fingerprint(&record.key) as u32);
    while !taken.insert(id) {
        id += 1;
    }
    Record { id, ..record }
}

#[cfg(test)]
mod tests;
