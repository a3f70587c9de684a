//! The host page as the keeper of the history: an object with the functions `load`, `put`, `delete`
//! and, if it likes, `subscribe`, as `HistoryStore` in static/embed/tieline.d.ts.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};

use js_sys::{Array, Function, Promise, Reflect, JSON};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::history::record::Record;
use crate::platform::dom::within;

/// The records that the host page keeps, and which of them are not certain.
pub struct HostStore {
    host: Host,
    /// The records that it has not confirmed: on their way, or refused.
    unconfirmed: RefCell<HashSet<u64>>,
    /// It refused the last that it was given.
    refused: Cell<bool>,
    /// It did not give what it has.
    unread: bool,
}

/// Records by their ids.
pub type Records = RefCell<BTreeMap<u64, Record>>;

impl HostStore {
    /// Opens the store that this object is, and gives what it has.
    pub async fn open(object: JsValue, patience_ms: u32) -> (HostStore, Records) {
        let host = Host::new(object);
        let kept = within(patience_ms, host.load()).await.flatten();
        let store = HostStore {
            host,
            unconfirmed: RefCell::default(),
            refused: Cell::new(false),
            unread: kept.is_none(),
        };
        (
            store,
            RefCell::new(by_id(kept.unwrap_or_default()).collect()),
        )
    }

    /// Whether the host page has all that it was given, and gave all that it has.
    pub fn is_durable(&self) -> bool {
        !self.refused.get() && !self.unread
    }

    /// Gives the host page what has changed and what it has not taken so far, and waits until it has
    /// it, but no longer than the patience, if there is one. `memory` holds the records. Returns whether it
    /// took them.
    pub async fn hand_over(
        &self,
        changed: &[Record],
        memory: &Records,
        patience_ms: Option<u32>,
    ) -> bool {
        let changed = changed.iter().map(|record| record.id);
        self.unconfirmed.borrow_mut().extend(changed);
        let due: Vec<Record> = {
            let (memory, unconfirmed) = (memory.borrow(), self.unconfirmed.borrow());
            let due = unconfirmed.iter().filter_map(|id| memory.get(id));
            due.cloned().collect()
        };
        if due.is_empty() {
            return true;
        }
        let put = self.host.put(&due);
        let taken = match patience_ms {
            Some(patience_ms) => within(patience_ms, put).await == Some(true),
            None => put.await,
        };
        self.refused.set(!taken);
        if taken {
            let mut unconfirmed = self.unconfirmed.borrow_mut();
            // What has changed meanwhile is due once more.
            let memory = memory.borrow();
            let taken = |record: &Record| memory.get(&record.id).is_none_or(|now| now == record);
            unconfirmed.retain(|id| !due.iter().any(|record| record.id == *id && taken(record)));
        }
        taken
    }

    /// Takes what the host page has now up into `memory`.
    pub async fn reread(&self, memory: &Records, patience_ms: u32) {
        let Some(Some(theirs)) = within(patience_ms, self.host.load()).await else {
            return;
        };
        let mut memory = memory.borrow_mut();
        let ours = std::mem::take(&mut *memory);
        memory.extend(by_id(theirs));
        for (id, record) in ours {
            let newer = memory.get(&id).is_some_and(|r| r.updated < record.updated);
            if newer || self.unconfirmed.borrow().contains(&id) {
                memory.insert(id, record);
            }
        }
    }

    /// Deletes a record; whether it is gone.
    pub async fn delete(&self, id: u64, patience_ms: u32) -> bool {
        within(patience_ms, self.host.delete(id)).await == Some(true)
    }

    /// Has `changed` called when somebody else has changed records.
    pub fn subscribe(&self, changed: impl Fn() + 'static) {
        self.host.subscribe(changed);
    }
}

fn by_id(records: Vec<Record>) -> impl Iterator<Item = (u64, Record)> {
    records.into_iter().map(|record| (record.id, record))
}

/// The object.
struct Host {
    object: JsValue,
    following: RefCell<Option<Following>>,
}

/// A subscription, ended when it is dropped.
struct Following {
    _changed: Closure<dyn Fn()>,
    end: Option<Function>,
}

impl Drop for Following {
    fn drop(&mut self) {
        if let Some(end) = &self.end {
            let _ = end.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Host {
    /// The keeper that this object is.
    fn new(object: JsValue) -> Host {
        Host {
            object,
            following: RefCell::default(),
        }
    }

    /// All records; `None` when the host fails. What this version cannot read is left out.
    async fn load(&self) -> Option<Vec<Record>> {
        let loaded = self.call("load", None).await?;
        let records = loaded.dyn_ref::<Array>()?;
        let read = |record: JsValue| {
            let json = JSON::stringify(&record).ok()?.as_string()?;
            serde_json::from_str(&json).ok()
        };
        Some(records.iter().filter_map(read).collect())
    }

    /// Writes records; whether the host says that they will last.
    async fn put(&self, records: &[Record]) -> bool {
        let json = serde_json::to_string(records).unwrap_or_default();
        match JSON::parse(&json) {
            Ok(records) => self.call("put", Some(&records)).await.is_some(),
            Err(_) => false,
        }
    }

    /// Deletes a record; whether it is gone.
    async fn delete(&self, id: u64) -> bool {
        let ids = Array::of1(&JsValue::from_f64(id as f64));
        self.call("delete", Some(&ids)).await.is_some()
    }

    /// Has `changed` called when somebody else has changed records.
    fn subscribe(&self, changed: impl Fn() + 'static) {
        let Some(subscribe) = self.function("subscribe") else {
            return;
        };
        let changed = Closure::<dyn Fn()>::new(changed);
        let end = subscribe.call1(&self.object, changed.as_ref());
        let end = end.ok().and_then(|end| end.dyn_into().ok());
        self.following.replace(Some(Following {
            _changed: changed,
            end,
        }));
    }

    fn function(&self, name: &str) -> Option<Function> {
        let found = Reflect::get(&self.object, &JsValue::from_str(name)).ok()?;
        found.dyn_into().ok()
    }

    /// Calls a function and waits for what it promises; `None` when it fails.
    async fn call(&self, name: &str, with: Option<&JsValue>) -> Option<JsValue> {
        let function = self.function(name)?;
        let promised = match with {
            Some(with) => function.call1(&self.object, with),
            None => function.call0(&self.object),
        };
        let promise = Promise::resolve(&promised.ok()?);
        JsFuture::from(promise).await.ok()
    }
}
