//! The database of the records: IndexedDB with strict durability.
//!
//! Object stores with keys beside the values: `records` (id → the record as JSON), `intents` (operation and
//! idempotency key → id), and those of the receipts; see [`super::receipts`]. Every change is one transaction that reads
//! before it writes, so that tabs do not overwrite each other.

use std::collections::HashSet;

use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use indexed_db_futures::{KeyRange, OpenDbResult};
use wasm_bindgen::JsValue;

use crate::history::index::fingerprint;
use tieline_records::{first_id, Record};

const NAME: &str = "tieline-history";
const RECORDS: &str = "records";
const INTENTS: &str = "intents";
const RECEIPTS: &str = "receipts";
const CHAINS: &str = "chains";

/// The version of the schema. A later one adds its step to [`upgrade`].
const SCHEMA: u32 = 2;

/// Creates or upgrades the schema, step by step from whatever version is there.
fn upgrade(from: f64, db: &Database) -> Result<(), Error> {
    if from < 1.0 {
        db.create_object_store(RECORDS).build()?;
        db.create_object_store(INTENTS).build()?;
    }
    if from < 2.0 {
        db.create_object_store(RECEIPTS).build()?;
        db.create_object_store(CHAINS).build()?;
    }
    Ok(())
}

/// Opens the database.
///
/// # Errors
/// When the browser has none, does not let the page use it, or holds a newer version.
pub async fn open() -> OpenDbResult<Database> {
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
    Ok(db)
}

/// What a transaction that writes has before it.
pub struct Tables<'a> {
    /// The records, by id.
    pub records: ObjectStore<'a>,
    /// The ids of the records, by intent.
    pub intents: ObjectStore<'a>,
    /// The receipts, by chain and place.
    pub receipts: ObjectStore<'a>,
    /// The chains.
    pub chains: ObjectStore<'a>,
}

/// Runs `work` in one transaction and returns only after its changes are on the disk.
pub async fn write<T>(
    db: &Database,
    work: &impl AsyncFn(&Tables<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut options = TransactionOptions::new();
    options.set_durability(TransactionDurability::Strict);
    let tx = db
        .transaction([RECORDS, INTENTS, RECEIPTS, CHAINS])
        .with_mode(TransactionMode::Readwrite)
        .with_options(options)
        .build()?;
    let done = {
        let tables = Tables {
            records: tx.object_store(RECORDS)?,
            intents: tx.object_store(INTENTS)?,
            receipts: tx.object_store(RECEIPTS)?,
            chains: tx.object_store(CHAINS)?,
        };
        work(&tables).await?
    };
    tx.commit().await?;
    Ok(done)
}

/// Runs `work` on the records in one transaction that changes nothing.
pub async fn read<T>(
    db: &Database,
    work: &impl AsyncFn(&ObjectStore<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let tx = db.transaction(RECORDS).build()?;
    let records = tx.object_store(RECORDS)?;
    work(&records).await
}

/// Asks for a record to be written; the transaction's commit says whether it was.
pub fn put(tables: &Tables<'_>, record: &Record) -> Result<(), Error> {
    let json = serde_json::to_string(record).unwrap_or_default();
    let id = record.id as f64;
    tables.records.put(json).with_key(id).build()?;
    let key = record.intent_key();
    tables.intents.put(id).with_key(key).build()?;
    Ok(())
}

/// The record of this id; none, too, when this version cannot read it.
pub async fn read_record(records: &ObjectStore<'_>, id: u64) -> Result<Option<Record>, Error> {
    let stored = records.get::<JsValue, _, _>(id as f64).await?;
    let json = stored.and_then(|stored| stored.as_string());
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

/// The ids of all records, ascending.
pub async fn all_ids(records: &ObjectStore<'_>) -> Result<Vec<u64>, Error> {
    // Keys that are no numbers are none of ours; they come after all numbers.
    let numbers = KeyRange::LowerBound(0.0, false);
    let ours = records.get_all_keys::<f64>().with_query::<f64, _>(numbers);
    Ok(ours.await?.flatten().map(|id| id as u64).collect())
}

/// The records from `first` to `last`, both included, and how many could not be read: those of a later
/// version, which stay for it.
pub async fn read_range(
    records: &ObjectStore<'_>,
    first: u64,
    last: u64,
) -> Result<(Vec<Record>, usize), Error> {
    let range = KeyRange::Bound(first as f64, false, last as f64, false);
    let all = records.get_all::<JsValue>().with_query::<f64, _>(range);
    let (mut read, mut garbled) = (Vec::new(), 0);
    for stored in all.await? {
        let json = stored?.as_string().unwrap_or_default();
        match serde_json::from_str::<Record>(&json) {
            Ok(record) => read.push(record),
            Err(_) => garbled += 1,
        }
    }
    Ok((read, garbled))
}

/// The most records that are read one by one.
const FEW: usize = 200;

/// What others have written since this page looked: records that it does not know, and the `watched` ones
/// that are newer than `known` says, which gives the time of the last change that the page knows of.
pub async fn news(
    records: &ObjectStore<'_>,
    known: &dyn Fn(u64) -> Option<u64>,
    watched: &[u64],
) -> Result<Vec<Record>, Error> {
    let ids = all_ids(records).await?;
    let unknown = ids.into_iter().filter(|id| known(*id).is_none());
    let ids: Vec<u64> = unknown.chain(watched.iter().copied()).collect();
    let mut read = Vec::new();
    match (ids.iter().min(), ids.iter().max()) {
        (Some(first), Some(last)) if ids.len() > FEW => {
            (read, _) = read_range(records, *first, *last).await?;
        }
        _ => {
            for id in ids {
                read.extend(read_record(records, id).await?);
            }
        }
    }
    read.retain(|record| known(record.id).is_none_or(|at| record.updated > at));
    Ok(read)
}

/// The record of this intent.
pub async fn read_intent(tables: &Tables<'_>, key: &str) -> Result<Option<Record>, Error> {
    match tables.intents.get::<f64, _, _>(key).await? {
        Some(id) => read_record(&tables.records, id as u64).await,
        None => Ok(None),
    }
}

/// How far above the first id of a record the search for a free one may go before it meets
/// another millisecond's ids, which is allowed but then has to be looked at too.
const ROOM: u64 = 1 << 20;

/// The ids that are taken where these records may be put.
pub async fn taken_ids(
    records: &ObjectStore<'_>,
    incoming: &[&Record],
) -> Result<HashSet<u64>, Error> {
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
pub fn with_free_id(taken: &mut HashSet<u64>, record: Record) -> Record {
    let mut id = first_id(record.created, fingerprint(&record.key) as u32);
    while !taken.insert(id) {
        id += 1;
    }
    Record { id, ..record }
}
