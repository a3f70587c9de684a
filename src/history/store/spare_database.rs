//! Taking in what the spare database has, which stood for the first one while that did not open.
//!
//! A tab that began with the spare one writes into it for as long as it is open. So it is emptied of exactly what was
//! taken, and neither it nor the word that it was begun is ever removed: what such a tab commits between a look and a
//! deletion would be lost, and what it begins anew would never be looked for.

use std::collections::{BTreeMap, HashSet};

use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use wasm_bindgen::JsValue;

use super::aside::aside;
use super::damaged::move_damaged;
use super::database::{
    self, all_ids, put, read_intents, read_jsons, read_range, with_free_id, Tables,
};
use super::export_file;
use super::merge::settled;
use super::receipt_chains::{keep, keep_all};
use super::receipts::{self, own_chain, proven};
use super::record_blocks::Directory;
use super::Store;
use crate::platform::dom;
use tieline_records::receipt::Entry;
use tieline_records::{Chain, Record};

/// How often it is looked again whether another tab has written meanwhile.
const ATTEMPTS: usize = 5;
/// The ids that a record can have.
const IDS: (u64, u64) = (0, u64::MAX >> 11);

/// The spare database. It is not opened again when it fails: nothing else may be emptied in its place.
struct Spare {
    db: Database,
    directory: Directory,
}

impl Spare {
    async fn write<T>(&self, work: impl AsyncFn(&Tables<'_>) -> Result<T, Error>) -> Option<T> {
        database::write(&self.db, &self.directory, &work).await.ok()
    }

    /// What it has; what is damaged is set aside before.
    async fn contents(&self) -> Option<Contents> {
        let read = self.write(async |tables| {
            let batch = read_range(&tables.records, IDS.0, IDS.1).await?;
            let blocks = self.directory.damaged().into_iter().collect::<Vec<_>>();
            move_damaged(tables, &blocks, batch.damaged).await?;
            Contents::of(tables).await
        });
        read.await
    }

    /// Takes `taken` out of it, if that is all it has still. What is of a later version stays for it.
    async fn empty(&self, taken: &Contents) -> Option<bool> {
        let emptied = self.write(async |tables| {
            if Contents::of(tables).await? != *taken {
                return Ok(false);
            }
            let records = taken.records();
            database::delete(tables, &records.iter().collect::<Vec<_>>()).await?;
            for table in [
                &tables.receipts,
                &tables.chains,
                &tables.aside,
                &tables.files,
            ] {
                drop(table.clear()?);
            }
            Ok(true)
        });
        emptied.await
    }
}

/// What a database has.
struct Contents {
    /// The records as JSON, by their ids.
    records: BTreeMap<u64, String>,
    own: Option<Chain>,
    /// The chains of imported files, as JSON.
    imported: Vec<String>,
    aside: Vec<String>,
    /// The file for the export.
    file: Option<JsValue>,
}

impl PartialEq for Contents {
    fn eq(&self, other: &Contents) -> bool {
        // A file is another object each time that it is read.
        self.file.is_some() == other.file.is_some()
            && self.own == other.own
            && self.imported == other.imported
            && self.aside == other.aside
            && self.records == other.records
    }
}

impl Contents {
    async fn of(tables: &Tables<'_>) -> Result<Contents, Error> {
        Ok(Contents {
            records: read_jsons(&tables.records, IDS.0, IDS.1).await?,
            own: own_chain(tables).await?,
            imported: receipts::imported(tables).await?,
            aside: aside(tables).await?,
            file: export_file::file(tables).await?,
        })
    }

    fn is_empty(&self) -> bool {
        let lists = self.imported.is_empty() && self.aside.is_empty();
        lists && self.own.is_none() && self.file.is_none() && self.records().is_empty()
    }

    /// The records that this version can read.
    fn records(&self) -> Vec<Record> {
        let read = |json: &String| serde_json::from_str(json).ok();
        self.records.values().filter_map(read).collect()
    }

    /// Writes all of it into another database.
    async fn put_into(&self, tables: &Tables<'_>) -> Result<(), Error> {
        let records = self.records();
        let mut chains: Vec<Chain> = self.own.iter().cloned().collect();
        let deleted = keep_all(tables, &chains, records.len() < self.records.len()).await?;
        let own = own_chain(tables).await?;
        for json in &self.imported {
            let Ok(chain) = serde_json::from_str::<Chain>(json) else {
                continue;
            };
            // How far its records were taken says the chain that came with it.
            if !own.as_ref().is_some_and(|own| chain.is_beginning_of(own)) {
                keep(tables, &chain).await?;
            }
            chains.push(chain);
        }
        put_records(tables, records, &proven(&chains, &deleted)).await?;
        let known: HashSet<String> = aside(tables).await?.into_iter().collect();
        for json in self.aside.iter().filter(|json| !known.contains(*json)) {
            tables
                .aside
                .put(json.clone())
                .with_key(dom::uuid())
                .build()?;
        }
        match &self.file {
            // It was chosen later than any that is there.
            Some(file) => export_file::keep(tables, Some(file)),
            None => Ok(()),
        }
    }
}

/// Writes records beside those that are there: of one intent there is one, with the events of both. What `proven` has
/// needs no receipt.
async fn put_records(
    tables: &Tables<'_>,
    records: Vec<Record>,
    proven: &HashSet<String>,
) -> Result<(), Error> {
    let mut known = read_intents(tables, &records).await?;
    let mut taken: HashSet<u64> = all_ids(&tables.records).await?.into_iter().collect();
    let mut entries = Vec::new();
    for record in records {
        let key = record.intent_key();
        let before = known.remove(&key);
        let record = match &before {
            Some(stored) => settled(stored.clone(), record),
            None if taken.insert(record.id) => record,
            None => with_free_id(&mut taken, record),
        };
        put(tables, &record)?;
        entries.extend(Entry::between(before.as_ref(), &record));
        known.insert(key, record);
    }
    entries.retain(|entry| entry.digest().is_none_or(|d| !proven.contains(d)));
    receipts::note(tables, entries).await
}

impl Store {
    /// Takes in what the spare database has, if there is one and the first one works again. Returns whether anything
    /// came.
    pub async fn reunite(&self) -> bool {
        let Some(database) = self.database() else {
            return false;
        };
        let Some(db) = database.spare().await else {
            return false;
        };
        let spare = Spare {
            db,
            directory: Directory::default(),
        };
        let mut came = false;
        for _ in 0..ATTEMPTS {
            let Some(contents) = spare.contents().await.filter(|all| !all.is_empty()) else {
                break;
            };
            let taken = database.write(async |tables| contents.put_into(tables).await);
            if taken.await.is_none() {
                break;
            }
            came = true;
            if spare.empty(&contents).await != Some(false) {
                break;
            }
        }
        spare.db.close();
        came
    }
}
