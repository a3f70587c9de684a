//! Giving the chains of receipts to a file, and taking those of a file.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use tieline_records::proof::{deleted, Name};
use tieline_records::receipt::Entry;
use tieline_records::Chain;
use wasm_bindgen::JsValue;

use super::aside::aside;
use super::damaged::move_damaged;
use super::database::{all_ids, is_whole, read_jsons, Tables};
use super::receipts::{
    imported, imported_chain, note, own, own_chain, Progress, Snapshot, EXPORTED, FROM_FILE,
};
use super::Store;
use crate::platform::dom::within;

/// How long the chains of a file may take to be kept, in milliseconds.
const KEEPING_MS: u32 = 30_000;

impl Store {
    /// The records of these ids as they are stored, and all chains, at one moment; the own chain ends with
    /// the receipt of that, which says whether there are other records. What is damaged is set aside: who reads the
    /// file finds nothing in it that cannot be read. `None` without a database, or when it failed.
    pub async fn snapshot(&self, ids: &HashSet<u64>) -> Option<Snapshot> {
        let read = self.database()?.write(async |tables| {
            // Who asks may not have read all of them yet, and another tab may have written more.
            let stored = all_ids(&tables.records).await?;
            let partial = stored.iter().any(|id| !ids.contains(id));
            let (first, last) = (ids.iter().min(), ids.iter().max());
            let all = match (first, last) {
                (Some(first), Some(last)) => read_jsons(&tables.records, *first, *last).await?,
                _ => BTreeMap::new(),
            };
            let wanted = all.into_iter().rev().filter(|(id, _)| ids.contains(id));
            // What was whole when it was loaded need not be any more.
            let (whole, torn): (Vec<_>, Vec<_>) = wanted.partition(|(_, json)| is_whole(json));
            let blocks: Vec<String> = tables.records.blocks.known.damaged().into_iter().collect();
            move_damaged(tables, &blocks, torn.into_iter().map(|(id, _)| id)).await?;
            let records: Vec<String> = whole.into_iter().map(|(_, json)| json).collect();
            let count = records.len() as u64;
            note(tables, vec![Entry::exported(count, partial)]).await?;
            let own = own_chain(tables).await?;
            let mut chains: Vec<String> = own.iter().map(tieline_records::export::part).collect();
            chains.extend(imported(tables).await?);
            let damaged = aside(tables).await?.len();
            Ok(Snapshot {
                records,
                chains,
                partial,
                damaged,
            })
        });
        read.await
    }

    /// How far the receipts are. `None` without a database.
    pub async fn progress(&self) -> Option<Progress> {
        let read = self.database()?.write(async |tables| {
            let exported = tables.chains.get::<JsValue, _, _>(EXPORTED).await?;
            let exported = exported.and_then(|time| time.as_f64());
            Ok(Progress {
                head: own(tables).await?,
                exported: exported.unwrap_or_default() as u64,
            })
        });
        read.await
    }

    /// Keeps the chains of a file, unless they are known, and notes whether all of their records are here by
    /// now. Returns the records of which the own chain says last that they were deleted; `None` when the database
    /// failed. Where there is none there are no chains.
    pub async fn keep_chains(&self, chains: &[Chain], partial: bool) -> Option<BTreeSet<Name>> {
        let database = self.database();
        let Some(database) = database.filter(|database| !database.is_refused()) else {
            return Some(BTreeSet::new());
        };
        let kept = database.write(async |tables| keep_all(tables, chains, partial).await);
        within(KEEPING_MS, kept).await.flatten()
    }
}

/// Keeps chains as [`Store::keep_chains`] does.
pub async fn keep_all(
    tables: &Tables<'_>,
    chains: &[Chain],
    partial: bool,
) -> Result<BTreeSet<Name>, Error> {
    let own = own_chain(tables).await?;
    let mut taken = Vec::new();
    for chain in chains {
        if own.as_ref().is_some_and(|own| chain.is_beginning_of(own)) {
            continue;
        }
        let kept = keep(tables, chain).await?;
        // One that is known stays what it was until all of it is here.
        if kept || !partial {
            taken.push(Entry::taken(&chain.chain, partial));
        }
    }
    note(tables, taken).await?;
    Ok(own.as_ref().map(deleted).unwrap_or_default())
}

/// Keeps a chain of a file. Returns whether it tells anything new.
pub async fn keep(tables: &Tables<'_>, chain: &Chain) -> Result<bool, Error> {
    let mut name = format!("{FROM_FILE}{}", chain.chain);
    let stored = tables.chains.get::<JsValue, _, _>(name.as_str()).await?;
    let known = match stored {
        Some(stored) => imported_chain(tables, &name, &stored)?,
        None => None,
    };
    if let Some(known) = known {
        if chain.is_beginning_of(&known) {
            return Ok(false);
        }
        if !known.is_beginning_of(chain) {
            // Two that go apart are both kept: one of them was rewritten.
            name = format!("{name} {}", chain.head);
        }
    }
    let json = tieline_records::export::part(chain);
    tables.chains.put(json).with_key(name).build()?;
    Ok(true)
}
