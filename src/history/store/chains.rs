//! Giving the chains of receipts to a file, and taking those of a file.

use std::collections::{BTreeMap, HashSet};

use indexed_db_futures::prelude::*;
use tieline_records::receipt::Entry;
use tieline_records::Chain;
use wasm_bindgen::JsValue;

use super::database::read_jsons;
use super::receipts::{imported, note, own, own_chain, Progress, Snapshot, EXPORTED, FROM_FILE};
use super::Store;
use crate::platform::dom;

impl Store {
    /// The records of these ids as they are stored, and all chains, at one moment; the own chain ends with
    /// the receipt of that. `partial`: there are other records. `None` without a database, or when it
    /// failed.
    pub async fn snapshot(&self, ids: &HashSet<u64>, partial: bool) -> Option<Snapshot> {
        let read = self.database()?.write(async |tables| {
            let (first, last) = (ids.iter().min(), ids.iter().max());
            let all = match (first, last) {
                (Some(first), Some(last)) => read_jsons(&tables.records, *first, *last).await?,
                _ => BTreeMap::new(),
            };
            let wanted = all.into_iter().rev().filter(|(id, _)| ids.contains(id));
            let records: Vec<String> = wanted.map(|(_, json)| json).collect();
            let count = records.len() as u64;
            note(tables, vec![Entry::exported(count, partial)]).await?;
            if !partial {
                let exported = tables.chains.put(dom::now());
                exported.with_key(EXPORTED).build()?;
            }
            let own = own_chain(tables).await?;
            let mut chains: Vec<String> = own.iter().map(tieline_records::export::part).collect();
            chains.extend(imported(tables).await?);
            Ok(Snapshot { records, chains })
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

    /// Keeps the chains of a file, unless they are known.
    pub async fn keep_chains(&self, chains: &[Chain]) -> Option<()> {
        let kept = self.database()?.write(async |tables| {
            let own = own_chain(tables).await?;
            for chain in chains {
                if own.as_ref().is_some_and(|own| chain.is_beginning_of(own)) {
                    continue;
                }
                let mut name = format!("{FROM_FILE}{}", chain.chain);
                let stored = tables.chains.get::<JsValue, _, _>(name.as_str()).await?;
                let json = stored.and_then(|stored| stored.as_string());
                let known = json.and_then(|json| serde_json::from_str::<Chain>(&json).ok());
                if let Some(known) = known {
                    if chain.is_beginning_of(&known) {
                        continue;
                    }
                    if !known.is_beginning_of(chain) {
                        // Two that go apart are both kept: one of them was rewritten.
                        name = format!("{name} {}", chain.head);
                    }
                }
                let json = tieline_records::export::part(chain);
                tables.chains.put(json).with_key(name).build()?;
            }
            Ok(())
        });
        kept.await
    }
}
