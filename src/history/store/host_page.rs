//! The page around a console as the keeper of its history: an object with the functions `load`,
//! `put`, `delete` and, if it likes, `subscribe`, as `HistoryStore` in static/embed/tieline.d.ts.

use std::cell::RefCell;

use js_sys::{Array, Function, Promise, Reflect, JSON};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::history::record::Record;

/// The keeper.
pub struct HostStore {
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

impl HostStore {
    /// The keeper that this object is.
    pub fn new(object: JsValue) -> HostStore {
        HostStore {
            object,
            following: RefCell::default(),
        }
    }

    /// All records; `None` when the host fails. What this version cannot read is left out.
    pub async fn load(&self) -> Option<Vec<Record>> {
        let loaded = self.call("load", None).await?;
        let records = loaded.dyn_ref::<Array>()?;
        let read = |record: JsValue| {
            let json = JSON::stringify(&record).ok()?.as_string()?;
            serde_json::from_str(&json).ok()
        };
        Some(records.iter().filter_map(read).collect())
    }

    /// Writes records; whether the host says that they will last.
    pub async fn put(&self, records: &[Record]) -> bool {
        let json = serde_json::to_string(records).unwrap_or_default();
        match JSON::parse(&json) {
            Ok(records) => self.call("put", Some(&records)).await.is_some(),
            Err(_) => false,
        }
    }

    /// Deletes a record; whether it is gone.
    pub async fn delete(&self, id: u64) -> bool {
        let ids = Array::of1(&JsValue::from_f64(id as f64));
        self.call("delete", Some(&ids)).await.is_some()
    }

    /// Has `changed` called when somebody else has changed records.
    pub fn subscribe(&self, changed: impl Fn() + 'static) {
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
