//! The database of the records: IndexedDB with strict durability.
//!
//! Object stores with keys beside the values: `records` (id → the record as JSON), `intents` (operation and
//! idempotency key → id), those of the blocks that came from files ([`super::blocks`]), and those of the receipts
//! ([`super::receipts`]), what was set aside ([`super::aside`]), and the
//! file of the export ([`super::chosen`]). Every change is one transaction that reads before it writes, so that tabs do not
//! overwrite each other.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use indexed_db_futures::KeyRange;
use serde::de::IgnoredAny;
use wasm_bindgen::JsValue;

use super::record_blocks::{intent_of, Blocks, Directory};
use crate::history::index::fingerprint;
use tieline_records::{first_id, Record};

/// The name of the database.
pub const NAME: &str = "tieline-history";
/// The name of the one that is begun where that one is damaged.
pub const SPARE: &str = "tieline-history-spare";
const RECORDS: &str = "records";
const INTENTS: &str = "intents";
/// The receipts.
pub const RECEIPTS: &str = "receipts";
/// The chains.
pub const CHAINS: &str = "chains";
const BLOCKS: &str = "blocks";
const CONTENTS: &str = "contents";
/// What could not be read and was taken out of the other stores, as JSON.
const ASIDE: &str = "aside";
/// The file that the user chose for the export.
const FILES: &str = "files";

/// All of them.
pub const STORES: [&str; 8] = [
    RECORDS, INTENTS, RECEIPTS, CHAINS, BLOCKS, CONTENTS, ASIDE, FILES,
];

/// The version of the schema. A later one adds its step to [`upgrade`].
const SCHEMA: u32 = 4;

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
    if from < 3.0 {
        db.create_object_store(BLOCKS).build()?;
        db.create_object_store(CONTENTS).build()?;
    }
    if from < 4.0 {
        db.create_object_store(ASIDE).build()?;
        db.create_object_store(FILES).build()?;
    }
    Ok(())
}

/// Why a database is not open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unopened {
    /// A newer version of the page has used it.
    Newer,
    /// It is damaged: the browser's own word.
    Damaged(String),
    /// The browser has none for the page, or no room.
    Refused,
}

impl Unopened {
    fn of(error: &OpenDbError) -> Unopened {
        match error {
            OpenDbError::Base(error) => match name_of(error).as_str() {
                "VersionError" => Unopened::Newer,
                // The page may not, or there is no room: nothing is wrong with what is there.
                "SecurityError" | "InvalidStateError" | "InvalidAccessError"
                | "NotAllowedError" | "QuotaExceededError" | "" => Unopened::Refused,
                name => Unopened::Damaged(format!("{name}: {error}")),
            },
            _ => Unopened::Refused,
        }
    }
}

/// What the browser calls an error; empty when it gives it no name.
pub fn name_of(error: &Error) -> String {
    let value: &JsValue = match error {
        Error::DomException(exception) => exception.as_ref(),
        Error::Unknown(error) => error.as_ref(),
        _ => return String::new(),
    };
    let name = js_sys::Reflect::get(value, &JsValue::from_str("name"));
    name.ok()
        .and_then(|name| name.as_string())
        .unwrap_or_default()
}

/// Opens the database of this name; `closed` is called when somebody else needs it closed.
///
/// # Errors
/// Why it is not open.
pub async fn open(name: &str, closed: impl Fn() + 'static) -> Result<Database, Unopened> {
    let opened = Database::open(name)
        .with_version(SCHEMA)
        .with_on_upgrade_needed(|event, db| upgrade(event.old_version(), &db))
        .await;
    let db = opened.map_err(|error| Unopened::of(&error))?;
    close_in_time(&db, closed);
    Ok(db)
}

/// Opens the database of this name with the version that it has, to read what is there. `None` when there is none.
pub async fn open_as_it_is(name: &str, closed: impl Fn() + 'static) -> Option<Database> {
    let db = Database::open(name).await.ok()?;
    close_in_time(&db, closed);
    Some(db)
}

/// A later version of the page must be able to upgrade while this one is open.
fn close_in_time(db: &Database, closed: impl Fn() + 'static) {
    if let Ok(mut changes) = db.version_changes() {
        let db = db.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if changes.recv().await.is_some() {
                db.close();
                closed();
            }
        });
    }
}

/// The records, wherever they are.
pub struct Records<'a> {
    /// Those that have a place of their own, by id.
    pub own: ObjectStore<'a>,
    /// Those in blocks. One that has a place of its own as well has changed since.
    pub blocks: Blocks<'a>,
}

/// What a transaction that writes has before it.
pub struct Tables<'a> {
    /// The records.
    pub records: Records<'a>,
    /// The ids of the records outside of blocks, by intent.
    pub intents: ObjectStore<'a>,
    /// The receipts, by chain and place.
    pub receipts: ObjectStore<'a>,
    /// The chains.
    pub chains: ObjectStore<'a>,
    /// What was set aside.
    pub aside: ObjectStore<'a>,
    /// The file for the export.
    pub files: ObjectStore<'a>,
}

/// Runs `work` in one transaction and returns only after its changes are on the disk.
pub async fn write<T>(
    db: &Database,
    known: &Directory,
    work: &impl AsyncFn(&Tables<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut options = TransactionOptions::new();
    options.set_durability(TransactionDurability::Strict);
    let tx = db
        .transaction([
            RECORDS, BLOCKS, CONTENTS, INTENTS, RECEIPTS, CHAINS, ASIDE, FILES,
        ])
        .with_mode(TransactionMode::Readwrite)
        .with_options(options)
        .build()?;
    let done = {
        let tables = Tables {
            records: Records {
                own: tx.object_store(RECORDS)?,
                blocks: Blocks {
                    blocks: tx.object_store(BLOCKS)?,
                    contents: tx.object_store(CONTENTS)?,
                    known,
                },
            },
            intents: tx.object_store(INTENTS)?,
            receipts: tx.object_store(RECEIPTS)?,
            chains: tx.object_store(CHAINS)?,
            aside: tx.object_store(ASIDE)?,
            files: tx.object_store(FILES)?,
        };
        work(&tables).await?
    };
    tx.commit().await?;
    Ok(done)
}

/// Runs `work` on the records in one transaction that changes nothing.
pub async fn read<T>(
    db: &Database,
    known: &Directory,
    work: &impl AsyncFn(&Records<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let tx = db.transaction([RECORDS, BLOCKS, CONTENTS]).build()?;
    let records = Records {
        own: tx.object_store(RECORDS)?,
        blocks: Blocks {
            blocks: tx.object_store(BLOCKS)?,
            contents: tx.object_store(CONTENTS)?,
            known,
        },
    };
    work(&records).await
}

/// Asks for a record to be written; the transaction's commit says whether it was.
pub fn put(tables: &Tables<'_>, record: &Record) -> Result<(), Error> {
    let json = serde_json::to_string(record).unwrap_or_default();
    let id = record.id as f64;
    tables.records.own.put(json).with_key(id).build()?;
    let key = record.intent_key();
    tables.intents.put(id).with_key(key).build()?;
    Ok(())
}

/// Asks for records to be deleted.
pub async fn delete(tables: &Tables<'_>, records: &[&Record]) -> Result<(), Error> {
    for record in records {
        tables.intents.delete(record.intent_key()).build()?;
        tables.records.own.delete(record.id as f64).build()?;
    }
    let ids = records.iter().map(|record| record.id).collect();
    tables.records.blocks.remove(&ids).await
}

/// The record of this id; none, too, when this version cannot read it.
pub async fn read_record(records: &Records<'_>, id: u64) -> Result<Option<Record>, Error> {
    let stored = records.own.get::<JsValue, _, _>(id as f64).await?;
    let json = match stored.and_then(|stored| stored.as_string()) {
        Some(json) => Some(json),
        None => records.blocks.json(id).await?,
    };
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

/// The ids of all records, ascending.
pub async fn all_ids(records: &Records<'_>) -> Result<Vec<u64>, Error> {
    // Keys that are no numbers are none of ours; they come after all numbers.
    let numbers = KeyRange::LowerBound(0.0, false);
    let own = records.own.get_all_keys::<f64>();
    let own = own.with_query::<f64, _>(numbers).await?;
    let mut ids: Vec<u64> = own.flatten().map(|id| id as u64).collect();
    ids.extend(records.blocks.ids().await?);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The records from `first` to `last`, both included, as JSON.
pub async fn read_jsons(
    records: &Records<'_>,
    first: u64,
    last: u64,
) -> Result<BTreeMap<u64, String>, Error> {
    let mut all = records.blocks.jsons(first..=last).await?;
    let range = || KeyRange::Bound(first as f64, false, last as f64, false);
    let keys = records.own.get_all_keys::<f64>();
    let keys: Vec<_> = keys.with_query::<f64, _>(range()).await?.collect();
    let own = records.own.get_all::<JsValue>();
    let own = own.with_query::<f64, _>(range()).await?;
    for (id, stored) in keys.into_iter().zip(own) {
        let json = stored?.as_string().unwrap_or_default();
        all.insert(id? as u64, json);
    }
    Ok(all)
}

/// What was read of many records.
#[derive(Default)]
pub struct Batch {
    /// Those that could be read.
    pub read: Vec<Record>,
    /// The ids of those of a later version, which stay for it.
    pub later: Vec<u64>,
    /// The ids of those that are damaged.
    pub damaged: Vec<u64>,
}

/// The records from `first` to `last`, both included.
pub async fn read_range(records: &Records<'_>, first: u64, last: u64) -> Result<Batch, Error> {
    let all = read_jsons(records, first, last).await?;
    let mut batch = Batch::default();
    batch.read.reserve(all.len());
    for (id, json) in all {
        match serde_json::from_str::<Record>(&json) {
            Ok(record) => batch.read.push(record),
            Err(_) if is_whole(&json) => batch.later.push(id),
            Err(_) => batch.damaged.push(id),
        }
    }
    Ok(batch)
}

/// Whether a stored text is an object, as every version writes it.
pub fn is_whole(json: &str) -> bool {
    json.starts_with('{') && serde_json::from_str::<IgnoredAny>(json).is_ok()
}

/// The most records that are read one by one.
const FEW: usize = 200;

/// What others have written since this page looked: records that it does not know, and the `watched` ones
/// that are newer than `known` says, which gives the time of the last change that the page knows of.
pub async fn news(
    records: &Records<'_>,
    known: &dyn Fn(u64) -> Option<u64>,
    watched: &[u64],
) -> Result<Vec<Record>, Error> {
    let ids = all_ids(records).await?;
    let unknown = ids.into_iter().filter(|id| known(*id).is_none());
    let ids: Vec<u64> = unknown.chain(watched.iter().copied()).collect();
    let mut read = Vec::new();
    match (ids.iter().min(), ids.iter().max()) {
        (Some(first), Some(last)) if ids.len() > FEW => {
            read = read_range(records, *first, *last).await?.read;
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
    if let Some(id) = tables.intents.get::<f64, _, _>(key).await? {
        return read_record(&tables.records, id as u64).await;
    }
    let wanted = [fingerprint(key)];
    for id in tables.records.blocks.of_intents(&wanted).await? {
        let record = read_record(&tables.records, id).await?;
        if let Some(record) = record.filter(|record| record.intent_key() == key) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// The stored records of the same intents as these, by their keys.
pub async fn read_intents(
    tables: &Tables<'_>,
    wanted: &[Record],
) -> Result<HashMap<String, Record>, Error> {
    let mut prints: Vec<u64> = wanted.iter().map(intent_of).collect();
    prints.sort_unstable();
    let mut ids = Vec::new();
    let texts = || KeyRange::LowerBound(String::new(), false);
    let stored = tables.intents.get_all_keys::<String>();
    let stored: Vec<_> = stored.with_query::<String, _>(texts()).await?.collect();
    let all = tables.intents.get_all::<f64>();
    let all = all.with_query::<String, _>(texts()).await?;
    for (key, id) in stored.into_iter().zip(all) {
        if key.is_ok_and(|key| prints.binary_search(&fingerprint(&key)).is_ok()) {
            ids.push(id? as u64);
        }
    }
    ids.extend(tables.records.blocks.of_intents(&prints).await?);
    let mut found = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let many = ids.len() > FEW;
    if let (Some(first), Some(last), true) = (ids.iter().min(), ids.iter().max(), many) {
        let batch = read_range(&tables.records, *first, *last).await?;
        found.extend(
            batch
                .read
                .into_iter()
                .map(|record| (record.intent_key(), record)),
        );
    } else {
        for id in ids {
            let record = read_record(&tables.records, id).await?;
            found.extend(record.map(|record| (record.intent_key(), record)));
        }
    }
    let keys: HashSet<String> = wanted.iter().map(Record::intent_key).collect();
    found.retain(|key, _| keys.contains(key));
    Ok(found)
}

/// How far above the first id of a record the search for a free one may go before it meets
/// another millisecond's ids, which is allowed but then has to be looked at too.
const ROOM: u64 = 1 << 20;

/// The ids that are taken where these records may be put.
pub async fn taken_ids(records: &Records<'_>, incoming: &[&Record]) -> Result<HashSet<u64>, Error> {
    let first = incoming.iter().map(|record| record.created).min();
    let last = incoming.iter().map(|record| record.created).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(HashSet::new());
    };
    let (first, last) = (first_id(first, 0), first_id(last, 0) + ROOM);
    let range = KeyRange::Bound(first as f64, false, last as f64, false);
    let keys = records.own.get_all_keys::<f64>();
    let keys = keys.with_query::<f64, _>(range).await?;
    let mut taken: HashSet<u64> = keys.flatten().map(|id| id as u64).collect();
    let in_blocks = records.blocks.ids().await?;
    taken.extend(
        in_blocks
            .into_iter()
            .filter(|id| (first..=last).contains(id)),
    );
    Ok(taken)
}

/// The record under an id that is not taken; it is afterwards.
pub fn with_free_id(taken: &mut HashSet<u64>, record: Record) -> Record {
    let mut id = first_id(record.created, fingerprint(&record.key) as u32);
    while !taken.insert(id) {
        id += 1;
    }
    Record { id, ..record }
}
