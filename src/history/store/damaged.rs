//! What is damaged: taken out of the way of the rest, kept as it is ([`super::aside`]), and given to a file.

use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use serde_json::{json, Value};
use wasm_bindgen::JsValue;

use super::aside::{aside, plain, put};
use super::connection::Damage;
use super::database::{self, is_whole, Tables, NAME, STORES};
use super::receipts::own;
use super::Store;

/// The format of a file with what was set aside.
const FORMAT: &str = "tieline-set-aside";

impl Store {
    /// Takes what is damaged, as far as it was met, out of the way of the rest. Returns whether anything was.
    pub async fn set_aside(&self) -> bool {
        let Some(database) = self.database().filter(|database| !database.is_refused()) else {
            return false;
        };
        let suspects = self.suspects.borrow().clone();
        let blocks = database.damaged_blocks();
        if suspects.is_empty() && blocks.is_empty() {
            return false;
        }
        let moved = database
            .write(async |tables| move_damaged(tables, &blocks, suspects.iter().copied()).await);
        let moved = moved.await;
        if moved.is_some() {
            self.suspects.borrow_mut().clear();
        }
        moved.is_some_and(|moved| moved > 0)
    }

    /// What is damaged.
    pub async fn damage(&self) -> Option<Damage> {
        let database = self.database().filter(|database| !database.is_refused())?;
        let values = database.write(async |tables| {
            // A head that is damaged is set aside where it is met, and somebody is to hear of it at once.
            own(tables).await?;
            aside(tables).await
        });
        let values = values.await?;
        Some(Damage {
            values: values.len(),
            database: database.damage(),
        })
    }

    /// What was set aside, and what the damaged database gives, as a file; and whether anything of the database
    /// could be read.
    pub async fn raw(&self) -> Option<(String, bool)> {
        let database = self.database()?;
        let values = database.write(async |tables| aside(tables).await).await?;
        let mut all: Vec<Value> = values
            .iter()
            .map(|value| serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into()))
            .collect();
        let damage = database.damage();
        if damage.is_some() {
            all.extend(dump().await);
        }
        let read = damage.is_none() || all.len() > values.len();
        self.saved.borrow_mut().extend(values);
        let file = json!({ "format": FORMAT, "version": 1, "damage": damage, "values": all });
        Some((serde_json::to_string_pretty(&file).ok()? + "\n", read))
    }

    /// Forgets what was set aside and given by [`Store::raw`]; what came since stays.
    pub async fn forget_aside(&self) -> bool {
        let Some(database) = self.database() else {
            return false;
        };
        let cleared = database.write(async |tables| {
            for name in tables.aside.get_all_keys::<String>().await?.flatten() {
                let value = tables.aside.get::<JsValue, _, _>(name.as_str()).await?;
                let json = value.and_then(|value| value.as_string());
                if json.is_none_or(|json| self.saved.borrow().contains(&json)) {
                    tables.aside.delete(name).build()?;
                }
            }
            Ok(())
        });
        cleared.await.is_some()
    }
}

/// Moves damaged blocks and records out of the way; how many values were moved.
pub async fn move_damaged(
    tables: &Tables<'_>,
    blocks: &[String],
    suspects: impl IntoIterator<Item = u64>,
) -> Result<usize, Error> {
    let mut moved = 0;
    for name in blocks {
        let (block, contents) = tables.records.blocks.raw(name).await?;
        if !(block.is_undefined() && contents.is_undefined()) {
            moved += 1;
            let both = json!([plain(&block), plain(&contents)]);
            put(tables, "blocks", name, both)?;
            tables.records.blocks.delete(name)?;
        }
    }
    for id in suspects {
        moved += usize::from(move_record(tables, id).await?);
    }
    Ok(moved)
}

/// Moves a record that is damaged. What has been written anew meanwhile, or is of a later version, stays.
async fn move_record(tables: &Tables<'_>, id: u64) -> Result<bool, Error> {
    let key = id.to_string();
    let own = tables.records.own.get::<JsValue, _, _>(id as f64).await?;
    if let Some(value) = own {
        if value.as_string().is_some_and(|json| is_whole(&json)) {
            return Ok(false);
        }
        put(tables, "records", &key, plain(&value))?;
        tables.records.own.delete(id as f64).build()?;
        forget_intents(tables, id).await?;
        return Ok(true);
    }
    match tables.records.blocks.json(id).await? {
        Some(json) if !is_whole(&json) => {
            put(tables, "records", &key, json.into())?;
            tables.records.blocks.remove(&[id].into()).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Nothing leads to a record any more that is not there.
async fn forget_intents(tables: &Tables<'_>, id: u64) -> Result<(), Error> {
    let keys: Vec<_> = tables.intents.get_all_keys::<String>().await?.collect();
    let ids = tables.intents.get_all::<f64>().await?;
    for (key, stored) in keys.into_iter().zip(ids) {
        if let (Ok(key), true) = (key, stored.is_ok_and(|stored| stored as u64 == id)) {
            tables.intents.delete(key).build()?;
        }
    }
    Ok(())
}

/// Everything in the database that is damaged, as far as the browser gives it.
async fn dump() -> Vec<Value> {
    let Some(db) = database::open_as_it_is(NAME, || {}).await else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for store in STORES {
        // What is not there has nothing to give.
        all.extend(values(&db, store).await.unwrap_or_default());
    }
    db.close();
    all
}

async fn values(db: &Database, store: &str) -> Result<Vec<Value>, Error> {
    let tx = db.transaction(store).build()?;
    let table = tx.object_store(store)?;
    let mut all = Vec::new();
    let keys: Vec<_> = table.get_all_keys::<JsValue>().await?.collect();
    for (key, value) in keys.into_iter().zip(table.get_all::<JsValue>().await?) {
        let (key, value) = (plain(&key?), plain(&value?));
        all.push(json!({ "store": store, "key": key, "value": value }));
    }
    Ok(all)
}
