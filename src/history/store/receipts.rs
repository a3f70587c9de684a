//! The receipts in the database: this browser's own chain, which grows in the transactions that write the
//! records, and the chains of imported files, which stay as they are.
//!
//! `receipts` has the own chain's receipts as JSON, by the chain's id and their places. `chains` has, by name,
//! the head of the own chain ([`OWN`]), the time of the last export, and each imported chain as a whole.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use indexed_db_futures::KeyRange;
use serde::de::DeserializeOwned;
use tieline_records::proof::Name;
use tieline_records::receipt::Entry;
use tieline_records::{Chain, Head, Receipt, Record};
use wasm_bindgen::JsValue;

use super::aside::{plain, put as put_aside};
use super::database::{put, Tables, CHAINS, RECEIPTS};
use crate::platform::dom;

/// The name of the own chain's head.
const OWN: &str = "own";
/// What the names of imported chains begin with.
pub const FROM_FILE: &str = "file ";

/// The name of the time of the last export of everything.
pub const EXPORTED: &str = "exported";

/// How far the receipts are.
#[derive(Clone, PartialEq, Debug)]
pub struct Progress {
    /// The head of the own chain; none before its first receipt.
    pub head: Option<Head>,
    /// When everything was exported last, in milliseconds since 1970; 0 when it never was.
    pub exported: u64,
}

/// The place of a receipt in the database: in the order of the chain.
fn place(chain: &str, seq: u64) -> String {
    format!("{chain} {seq:012}")
}

/// Adds receipts to the own chain.
pub async fn note(tables: &Tables<'_>, entries: Vec<Entry>) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let now = dom::now() as u64;
    let mut head = match own(tables).await? {
        Some(head) => head,
        None => Head::genesis(&dom::uuid(), now),
    };
    for entry in entries {
        let place = place(&head.chain, head.count);
        let receipt = head.append(entry, now);
        let json = serde_json::to_string(&receipt).unwrap_or_default();
        tables.receipts.put(json).with_key(place).build()?;
    }
    let json = serde_json::to_string(&head).unwrap_or_default();
    tables.chains.put(json).with_key(OWN).build()?;
    Ok(())
}

/// The head of the own chain; none before its first receipt. One that is damaged is set aside, and the chain goes on
/// after the receipts that are left: a new chain would leave all that was recorded before without a proof.
pub async fn own(tables: &Tables<'_>) -> Result<Option<Head>, Error> {
    if let Some(stored) = tables.chains.get::<JsValue, _, _>(OWN).await? {
        if let Some(head) = read(&stored) {
            return Ok(Some(head));
        }
        put_aside(tables, CHAINS, OWN, plain(&stored))?;
    }
    let keys: Vec<_> = tables.receipts.get_all_keys::<String>().await?.collect();
    let mut left: Vec<(String, Option<Receipt>)> = Vec::new();
    if !keys.is_empty() {
        let all = tables.receipts.get_all::<JsValue>().await?;
        for (key, stored) in keys.into_iter().zip(all) {
            left.push((key?, read(&stored?)));
        }
    }
    let head = found(left);
    match &head {
        Some(head) => {
            let json = serde_json::to_string(head).unwrap_or_default();
            tables.chains.put(json).with_key(OWN).build()?;
        }
        None => drop(tables.chains.delete(OWN).build()?),
    }
    Ok(head)
}

/// The head of the chain that has grown last, from all receipts by their places, as far as they can be read.
fn found(left: Vec<(String, Option<Receipt>)>) -> Option<Head> {
    let mut chains: BTreeMap<String, (u64, Vec<Receipt>)> = BTreeMap::new();
    for (place, receipt) in left {
        let Some((chain, seq)) = place.rsplit_once(' ') else {
            continue;
        };
        let (places, receipts) = chains.entry(chain.to_string()).or_default();
        *places = seq.parse().map_or(*places, |seq: u64| seq + 1);
        receipts.extend(receipt);
    }
    let grown = |receipts: &[Receipt]| receipts.last().map(Receipt::time);
    let last = chains.into_iter().max_by_key(|(_, (_, all))| grown(all))?;
    let (chain, (places, receipts)) = last;
    Head::found(&chain, places, &receipts)
}

/// What is stored, if it is what it should be.
fn read<T: DeserializeOwned>(stored: &JsValue) -> Option<T> {
    serde_json::from_str(&stored.as_string()?).ok()
}

/// The own chain, whole but for the receipts that are damaged, which are set aside.
pub async fn own_chain(tables: &Tables<'_>) -> Result<Option<Chain>, Error> {
    let Some(head) = own(tables).await? else {
        return Ok(None);
    };
    let places = || {
        let (first, end) = (place(&head.chain, 0), place(&head.chain, head.count));
        KeyRange::Bound(first, false, end, true)
    };
    let all = tables.receipts.get_all::<JsValue>();
    let mut receipts = Vec::new();
    let mut damaged = Vec::new();
    for (at, stored) in all.with_query::<String, _>(places()).await?.enumerate() {
        let stored = stored?;
        match read(&stored) {
            Some(receipt) => receipts.push(receipt),
            None => damaged.push((at, stored)),
        }
    }
    if !damaged.is_empty() {
        let keys = tables.receipts.get_all_keys::<String>();
        let keys: Vec<_> = keys.with_query::<String, _>(places()).await?.collect();
        let keys: Vec<String> = keys.into_iter().collect::<Result<_, _>>()?;
        for (at, stored) in damaged {
            if let Some(key) = keys.get(at) {
                put_aside(tables, RECEIPTS, key, plain(&stored))?;
                tables.receipts.delete(key.as_str()).build()?;
            }
        }
    }
    Ok(Some(Chain {
        chain: head.chain,
        since: head.since,
        head: head.hash,
        receipts,
    }))
}

/// The imported chains, as JSON. Those that are damaged are set aside.
pub async fn imported(tables: &Tables<'_>) -> Result<Vec<String>, Error> {
    // The character after the space ends the range of names that begin so.
    let range = || KeyRange::Bound(FROM_FILE.to_string(), false, "file!".to_string(), true);
    let names = tables.chains.get_all_keys::<String>();
    let names: Vec<_> = names.with_query::<String, _>(range()).await?.collect();
    let all = tables.chains.get_all::<JsValue>();
    let mut chains = Vec::new();
    for (name, stored) in names
        .into_iter()
        .zip(all.with_query::<String, _>(range()).await?)
    {
        let (name, stored) = (name?, stored?);
        match imported_chain(tables, &name, &stored)? {
            Some(_) => chains.extend(stored.as_string()),
            None => drop(tables.chains.delete(name).build()?),
        }
    }
    Ok(chains)
}

/// An imported chain as it is stored under this name; one that is damaged is kept aside.
pub fn imported_chain(
    tables: &Tables<'_>,
    name: &str,
    stored: &JsValue,
) -> Result<Option<Chain>, Error> {
    let chain = read(stored);
    if chain.is_none() {
        put_aside(tables, CHAINS, name, plain(stored))?;
    }
    Ok(chain)
}

/// What a file is made of: records and chains, as JSON.
pub struct Snapshot {
    /// The records, newest first; each is an object.
    pub records: Vec<String>,
    /// The chains, the own one first.
    pub chains: Vec<String>,
    /// There are other records.
    pub partial: bool,
    /// So many values are damaged and set aside: what they told of is not in it.
    pub damaged: usize,
}

/// The records for a file, with their receipts.
pub enum Taken {
    /// As they are stored, at one moment.
    Whole(Snapshot),
    /// Nothing here keeps receipts.
    Without,
    /// There are receipts, and they could not be read: the storage takes too long or fails, or records wait for it.
    Unread,
}

/// Asks for a record to be written, with a receipt for each event that `before`, the version that is there,
/// has not.
pub async fn put_with_receipts(
    tables: &Tables<'_>,
    before: Option<&Record>,
    record: &Record,
) -> Result<(), Error> {
    put(tables, record)?;
    note(tables, Entry::between(before, record)).await
}

/// The digests of the events of which these chains tell. Those of records that were deleted here get receipts here:
/// their deletion would be the last word on them otherwise.
pub fn proven(chains: &[Chain], deleted: &BTreeSet<Name>) -> HashSet<String> {
    let receipts = chains.iter().flat_map(|chain| &chain.receipts);
    let proving = receipts.filter(|receipt| !deleted.contains(&Name::of_receipt(receipt)));
    let digests = proving.flat_map(Receipt::digests);
    digests.map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_deleted_here_gets_receipts_here_when_a_file_brings_it_back() {
        let record = |key: &str, now: u64| {
            let op = tieline_catalog::creations().next().unwrap();
            let parsed = tieline_catalog::check(op, &tieline_catalog::Raw::new()).parsed;
            Record::intent(&parsed, key, "/api".into(), None, false, now)
        };
        let (kept, deleted) = (record("kept", 1_000), record("deleted", 1_001));
        let chain = |id: &str, entries: Vec<Entry>| {
            let mut head = Head::genesis(id, 500);
            let receipts = entries.into_iter().map(|entry| head.append(entry, 2_000));
            let receipts = receipts.collect();
            Chain {
                chain: head.chain,
                since: head.since,
                head: head.hash,
                receipts,
            }
        };
        let both = [&kept, &deleted].map(|record| Entry::between(None, record));
        let file = chain("file", both.concat());
        let own = chain(
            "own",
            [both.concat(), vec![Entry::deleted(&deleted)]].concat(),
        );
        let gone = tieline_records::proof::deleted(&own);
        let proven = proven(&[file], &gone);
        let is_proven = |record: &Record| proven.contains(&record.events[0].digest());
        assert!(is_proven(&kept) && !is_proven(&deleted));
    }

    /// A head that cannot be read begins no new chain: nobody could prove the records from before.
    #[test]
    fn a_lost_head_is_found_in_the_chain_that_has_grown_last() {
        let receipts = |chain: &str, since: u64| {
            let mut head = Head::genesis(chain, since);
            let all = (0..3).map(|n| head.append(Entry::exported(n, false), since + n));
            let all: Vec<Receipt> = all.collect();
            (head, all)
        };
        let ((_, old), (head, new)) = (receipts("z", 1_000), receipts("a", 5_000));
        let stored = |chain: &str, all: &[Receipt]| {
            let all = all.iter().enumerate();
            all.map(|(at, receipt)| (place(chain, at as u64), Some(receipt.clone())))
                .collect::<Vec<_>>()
        };
        let both = [stored("a", &new), stored("z", &old)].concat();
        assert_eq!(found(both.clone()), Some(head.clone()));
        assert_eq!(found(Vec::new()), None);
        // Of a receipt that is lost as well the place stays.
        let mut torn = both;
        torn[2].1 = None;
        let found = found(torn).unwrap();
        assert_eq!((found.count, found.hash), (3, new[1].hash()));
    }
}
