//! The receipts in the database: this browser's own chain, which grows in the transactions that write the
//! records, and the chains of imported files, which stay as they are.
//!
//! `receipts` has the own chain's receipts as JSON, by the chain's id and their places. `chains` has, by name,
//! the head of the own chain ([`OWN`]), the time of the last export, and each imported chain as a whole.

use std::collections::{BTreeSet, HashSet};

use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use indexed_db_futures::KeyRange;
use tieline_records::proof::Name;
use tieline_records::receipt::Entry;
use tieline_records::{Chain, Head, Receipt, Record};
use wasm_bindgen::JsValue;

use super::database::{put, Tables};
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

/// The head of the own chain; none before its first receipt.
pub async fn own(tables: &Tables<'_>) -> Result<Option<Head>, Error> {
    let stored = tables.chains.get::<JsValue, _, _>(OWN).await?;
    let json = stored.and_then(|stored| stored.as_string());
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

/// The own chain, whole.
pub async fn own_chain(tables: &Tables<'_>) -> Result<Option<Chain>, Error> {
    let Some(head) = own(tables).await? else {
        return Ok(None);
    };
    let range = KeyRange::Bound(
        place(&head.chain, 0),
        false,
        place(&head.chain, head.count),
        true,
    );
    let all = tables.receipts.get_all::<JsValue>();
    let mut receipts = Vec::new();
    for stored in all.with_query::<String, _>(range).await? {
        let json = stored?.as_string().unwrap_or_default();
        receipts.extend(serde_json::from_str::<Receipt>(&json));
    }
    Ok(Some(Chain {
        chain: head.chain,
        since: head.since,
        head: head.hash,
        receipts,
    }))
}

/// The imported chains, as JSON.
pub async fn imported(tables: &Tables<'_>) -> Result<Vec<String>, Error> {
    // The character after the space ends the range of names that begin so.
    let range = KeyRange::Bound(FROM_FILE.to_string(), false, "file!".to_string(), true);
    let all = tables.chains.get_all::<JsValue>();
    let mut chains = Vec::new();
    for stored in all.with_query::<String, _>(range).await? {
        chains.extend(stored?.as_string());
    }
    Ok(chains)
}

/// What a file is made of: records and chains, as JSON.
pub struct Snapshot {
    /// The records, newest first.
    pub records: Vec<String>,
    /// The chains, the own one first.
    pub chains: Vec<String>,
    /// There are other records.
    pub partial: bool,
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
}
