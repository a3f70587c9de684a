//! Blocks: many records in one value of the database. An import writes tens of thousands of records, and what
//! it costs is the number of values, not their size.
//!
//! `blocks` has records as a JSON array, under a random name; `contents` has under the same name the id of each
//! and the fingerprint of its intent, so that one of them is found without reading the records. A block never
//! changes under its name, which is why its contents are read once. A record that changes afterwards is put
//! into `records`, where it stands above its version in the block; one that is deleted has its block written
//! anew.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::RangeInclusive;
use std::rc::Rc;

use indexed_db_futures::error::Error;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::KeyRange;
use serde_json::value::RawValue;
use tieline_records::Record;
use wasm_bindgen::JsValue;

use crate::history::index::fingerprint_of;
use crate::platform::dom;

/// The records in a block: few enough that one of them is read in an instant.
pub const BLOCK: usize = 250;

/// What is in a block: the id of each record, ascending, and its intent's fingerprint.
type Contents = Vec<(u64, u64)>;

/// What this page knows of the blocks, by their names.
#[derive(Default)]
pub struct Directory {
    contents: RefCell<BTreeMap<String, Rc<Contents>>>,
    /// The names of those of which it cannot be read what is in them.
    damaged: RefCell<BTreeSet<String>>,
}

impl Directory {
    /// The names of the blocks that are damaged, as far as they have been read.
    pub fn damaged(&self) -> BTreeSet<String> {
        self.damaged.borrow().clone()
    }
}

/// Where records are in blocks.
pub struct Blocks<'a> {
    /// The records.
    pub blocks: ObjectStore<'a>,
    /// What is in them.
    pub contents: ObjectStore<'a>,
    /// What is known of them.
    pub known: &'a Directory,
}

impl Blocks<'_> {
    /// What is in each block now.
    pub async fn directory(&self) -> Result<BTreeMap<String, Rc<Contents>>, Error> {
        let texts = KeyRange::LowerBound(String::new(), false);
        let names = self.contents.get_all_keys::<String>();
        let names = names.with_query::<String, _>(texts).await?;
        let names: HashSet<String> = names.flatten().collect();
        let missing = {
            let mut known = self.known.contents.borrow_mut();
            known.retain(|name, _| names.contains(name));
            let missing = names.into_iter().filter(|name| !known.contains_key(name));
            missing.collect::<Vec<_>>()
        };
        let mut asked = Vec::new();
        // All questions leave before the first answer is awaited.
        for name in missing {
            let asking = self.contents.get::<JsValue, _, _>(name.as_str()).build()?;
            asked.push((name, asking));
        }
        for (name, asking) in asked {
            let json = asking.await?.and_then(|stored| stored.as_string());
            let contents = json.and_then(|json| serde_json::from_str::<Contents>(&json).ok());
            if contents.is_none() {
                self.known.damaged.borrow_mut().insert(name.clone());
            }
            let contents = Rc::new(contents.unwrap_or_default());
            self.known.contents.borrow_mut().insert(name, contents);
        }
        Ok(self.known.contents.borrow().clone())
    }

    /// The ids of all records in blocks.
    pub async fn ids(&self) -> Result<Vec<u64>, Error> {
        let directory = self.directory().await?;
        let all = directory.values().flat_map(|contents| contents.iter());
        Ok(all.map(|(id, _)| *id).collect())
    }

    /// The record of this id as JSON, if it is in a block.
    pub async fn json(&self, id: u64) -> Result<Option<String>, Error> {
        Ok(self.jsons(id..=id).await?.remove(&id))
    }

    /// The records of these ids as JSON.
    pub async fn jsons(&self, ids: RangeInclusive<u64>) -> Result<BTreeMap<u64, String>, Error> {
        let mut asked = Vec::new();
        for (name, contents) in self.directory().await? {
            let (from, to) = within(&contents, &ids);
            if from < to {
                let asking = self.blocks.get::<JsValue, _, _>(name.as_str()).build()?;
                asked.push((name, contents, from..to, asking));
            }
        }
        let mut read = BTreeMap::new();
        for (name, contents, places, asking) in asked {
            let json = asking.await?.and_then(|stored| stored.as_string());
            let json = json.unwrap_or_default();
            let records: Vec<&RawValue> = serde_json::from_str(&json).unwrap_or_default();
            if records.len() != contents.len() {
                self.known.damaged.borrow_mut().insert(name);
            }
            for at in places {
                if let Some((id, _)) = contents.get(at) {
                    // What should be there and is not is damaged, as an empty text is.
                    let record = records.get(at).map(|record| record.get().to_string());
                    read.insert(*id, record.unwrap_or_default());
                }
            }
        }
        Ok(read)
    }

    /// The ids of the records in blocks that may be of these intents, by the fingerprints, ascending. An import
    /// asks this for each batch, with all that was imported before in blocks.
    pub async fn of_intents(&self, wanted: &[u64]) -> Result<Vec<u64>, Error> {
        let directory = self.directory().await?;
        let all = directory.values().flat_map(|contents| contents.iter());
        let found = all.filter(|(_, intent)| wanted.binary_search(intent).is_ok());
        Ok(found.map(|(id, _)| *id).collect())
    }

    /// Asks for these records to be written in blocks.
    pub fn put(&self, records: &[&Record]) -> Result<(), Error> {
        let mut sorted = records.to_vec();
        sorted.sort_by_key(|record| record.id);
        for block in sorted.chunks(BLOCK) {
            let contents = block.iter();
            let contents = contents.map(|record| (record.id, intent_of(record)));
            self.write(&contents.collect(), &json_of(&block))?;
        }
        Ok(())
    }

    /// Takes records out of their blocks.
    pub async fn remove(&self, ids: &HashSet<u64>) -> Result<(), Error> {
        for (name, contents) in self.directory().await? {
            if !contents.iter().any(|(id, _)| ids.contains(id)) {
                continue;
            }
            let stored = self.blocks.get::<JsValue, _, _>(name.as_str()).await?;
            let json = stored.and_then(|stored| stored.as_string());
            let json = json.unwrap_or_default();
            let records: Vec<&RawValue> = serde_json::from_str(&json).unwrap_or_default();
            let all = contents.iter().zip(records);
            let (contents, kept): (Contents, Vec<&RawValue>) =
                all.filter(|((id, _), _)| !ids.contains(id)).unzip();
            self.blocks.delete(name.as_str()).build()?;
            self.contents.delete(name.as_str()).build()?;
            if !kept.is_empty() {
                self.write(&contents, &json_of(&kept))?;
            }
        }
        Ok(())
    }

    /// A block as it is stored, with its contents.
    pub async fn raw(&self, name: &str) -> Result<(JsValue, JsValue), Error> {
        let block = self.blocks.get::<JsValue, _, _>(name).await?;
        let contents = self.contents.get::<JsValue, _, _>(name).await?;
        Ok((block.unwrap_or_default(), contents.unwrap_or_default()))
    }

    /// Asks for a block to be deleted.
    pub fn delete(&self, name: &str) -> Result<(), Error> {
        self.blocks.delete(name).build()?;
        self.contents.delete(name).build()?;
        self.known.damaged.borrow_mut().remove(name);
        Ok(())
    }

    fn write(&self, contents: &Contents, records: &str) -> Result<(), Error> {
        let name = dom::uuid();
        let records = JsValue::from_str(records);
        self.blocks.put(records).with_key(name.as_str()).build()?;
        let json = json_of(contents);
        self.contents.put(json).with_key(name.as_str()).build()?;
        Ok(())
    }
}

/// The fingerprint of a record's intent.
pub fn intent_of(record: &Record) -> u64 {
    fingerprint_of(&[&record.operation, " ", &record.key])
}

fn json_of(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The places of these ids.
fn within(contents: &Contents, ids: &RangeInclusive<u64>) -> (usize, usize) {
    let from = contents.partition_point(|(id, _)| id < ids.start());
    (from, contents.partition_point(|(id, _)| id <= ids.end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_places_of_ids_are_those_and_no_others(
            mut ids in proptest::collection::vec(0u64..50, 0..20), a in 0u64..60, b in 0u64..60,
        ) {
            ids.sort_unstable();
            ids.dedup();
            let contents: Contents = ids.iter().map(|id| (*id, 0)).collect();
            let (from, to) = within(&contents, &(a..=b));
            for (at, id) in ids.iter().enumerate() {
                prop_assert_eq!((from..to).contains(&at), (a..=b).contains(id));
            }
        }
    }
}
