//! The host page as the keeper of the history: an object with the functions `load`, `put`, `delete`
//! and, if it likes, `subscribe`, as `HistoryStore` in static/embed/tieline.d.ts.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Promise, Reflect, JSON};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{spawn_local, JsFuture};

use super::host_page_merge::Loads;
use crate::platform::dom::within;
use crate::platform::latch::Latch;
use tieline_records::Record;

/// The pause before the host page is given again what it did not take, in milliseconds.
const AGAIN_MS: u32 = 5_000;

/// The records that the host page keeps, and which of them are not certain. Clones are handles to the same.
#[derive(Clone)]
pub struct HostStore(Rc<Inner>);

struct Inner {
    host: Host,
    /// What it has not confirmed: on its way, or refused.
    unconfirmed: RefCell<BTreeMap<u64, Record>>,
    /// Intents that are on their way to it.
    beginning: RefCell<HashSet<u64>>,
    /// It refused the last that it was given, or takes long over it.
    refused: Cell<bool>,
    /// It did not give what it has.
    unread: Cell<bool>,
    /// It is given again what it did not take, after a pause.
    again: Cell<bool>,
    /// What it was asked for.
    loads: RefCell<Loads>,
}

/// Records by their ids.
pub type Records = RefCell<BTreeMap<u64, Record>>;

impl HostStore {
    /// Opens the store that this object is, and gives what it has, however long that takes: who has not seen
    /// an earlier request cannot ask about it.
    pub async fn open(object: JsValue) -> (HostStore, Rc<Records>) {
        let host = Host::new(object);
        let kept = host.load().await;
        let store = HostStore(Rc::new(Inner {
            host,
            unconfirmed: RefCell::default(),
            beginning: RefCell::default(),
            refused: Cell::new(false),
            unread: Cell::new(kept.is_none()),
            again: Cell::new(false),
            loads: RefCell::default(),
        }));
        let kept = kept.unwrap_or_default().into_iter();
        let memory = kept.map(|record| (record.id, record)).collect();
        (store, Rc::new(RefCell::new(memory)))
    }

    /// Whether the host page has all that it was given, and gave all that it has.
    pub fn is_durable(&self) -> bool {
        !self.0.refused.get() && !self.0.unread.get()
    }

    /// Whether all that it gave could be read.
    pub fn is_whole(&self) -> bool {
        !self.0.host.garbled.get()
    }

    /// Writes an intent, however long that takes; whether the host page says that it will last. What is
    /// refused is not to be sent, and is not given again.
    pub async fn begin(&self, record: &Record) -> bool {
        if self.0.unread.get() {
            // An earlier request of the same may be there. Who tries again has been shown it.
            if self.0.host.load().await.is_some() {
                self.0.unread.set(false);
                self.0.host.changed();
            }
            return false;
        }
        self.0.beginning.borrow_mut().insert(record.id);
        let taken = self.0.host.put(std::slice::from_ref(record)).await;
        self.0.beginning.borrow_mut().remove(&record.id);
        if taken {
            self.0.loads.borrow_mut().put(record.id);
        }
        self.0.refused.set(!taken);
        taken
    }

    /// Gives the host page what has changed and what it has not taken so far, and waits until it has that, but
    /// no longer than the patience, if there is one; whether it has. What it does not take it is given again until it does.
    pub async fn hand_over(&self, changed: &[Record], patience_ms: Option<u32>) -> bool {
        let changed = changed.iter().map(|record| (record.id, record.clone()));
        self.0.unconfirmed.borrow_mut().extend(changed);
        let (store, tried) = (self.clone(), Rc::new(Latch::default()));
        let latch = tried.clone();
        spawn_local(async move {
            store.give().await;
            latch.open();
        });
        match patience_ms {
            Some(patience_ms) => drop(within(patience_ms, tried.opened()).await),
            None => tried.opened().await,
        }
        if !tried.is_open() {
            self.0.refused.set(true);
        }
        self.is_durable()
    }

    /// Gives what is not confirmed.
    async fn give(&self) {
        let due: Vec<Record> = self.0.unconfirmed.borrow().values().cloned().collect();
        let taken = due.is_empty() || self.0.host.put(&due).await;
        self.0.refused.set(!taken);
        if taken {
            let mut loads = self.0.loads.borrow_mut();
            due.iter().for_each(|record| loads.put(record.id));
            let mut unconfirmed = self.0.unconfirmed.borrow_mut();
            // What changed meanwhile is not what was taken.
            let given = |record: &Record| due.contains(record);
            unconfirmed.retain(|_, record| !given(record));
        } else {
            self.give_again();
        }
    }

    /// Gives it again after a while, as long as the history is there.
    fn give_again(&self) {
        if self.0.again.replace(true) {
            return;
        }
        let inner = Rc::downgrade(&self.0);
        spawn_local(async move {
            TimeoutFuture::new(AGAIN_MS).await;
            if let Some(inner) = inner.upgrade() {
                inner.again.set(false);
                let store = HostStore(inner);
                store.give().await;
                if store.is_durable() {
                    store.0.host.changed();
                }
            }
        });
    }

    /// Takes what the host page has now up into `memory`, and waits for that, but no longer than the patience,
    /// if there is one. What comes later is taken up then.
    pub async fn reread(&self, memory: &Rc<Records>, patience_ms: Option<u32>) {
        let (read, late) = (Rc::new(Latch::default()), Rc::new(Cell::new(false)));
        let (store, memory) = (self.clone(), memory.clone());
        let (latch, is_late) = (read.clone(), late.clone());
        spawn_local(async move {
            let again = store.take_up(&memory).await;
            latch.open();
            if is_late.get() {
                store.0.host.changed();
            }
            if !again.is_empty() {
                store.hand_over(&again, None).await;
            }
        });
        match patience_ms {
            Some(patience_ms) => late.set(within(patience_ms, read.opened()).await.is_none()),
            None => read.opened().await,
        }
    }

    /// Takes up what the host page gives. Returns what it has to be given again.
    async fn take_up(&self, memory: &Records) -> Vec<Record> {
        let load = self.0.loads.borrow_mut().begin();
        let Some(theirs) = self.0.host.load().await else {
            return Vec::new();
        };
        // What could not be read of it may be an earlier request.
        if self.is_whole() {
            self.0.unread.set(false);
        }
        let (unconfirmed, beginning) = (self.0.unconfirmed.borrow(), self.0.beginning.borrow());
        let unsure = |id| unconfirmed.contains_key(&id) || beginning.contains(&id);
        let mut loads = self.0.loads.borrow_mut();
        loads.take_up(load, theirs, &mut memory.borrow_mut(), unsure)
    }

    /// Deletes a record; whether it is gone.
    pub async fn delete(&self, id: u64, patience_ms: u32) -> bool {
        let gone = within(patience_ms, self.0.host.delete(id)).await == Some(true);
        if gone {
            self.0.loads.borrow_mut().deleted(id);
            self.0.unconfirmed.borrow_mut().remove(&id);
        }
        gone
    }

    /// Has `changed` called when somebody else has changed records.
    pub fn subscribe(&self, changed: impl Fn() + 'static) {
        self.0.host.subscribe(changed);
    }
}

/// The object.
struct Host {
    object: JsValue,
    following: RefCell<Option<Following>>,
    /// Some of what it gave was no record.
    garbled: Cell<bool>,
}

/// A subscription, ended when it is dropped.
struct Following {
    changed: Rc<dyn Fn()>,
    _called: Closure<dyn Fn()>,
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
            garbled: Cell::new(false),
        }
    }

    /// All records; `None` when the host fails. What this version cannot read is left out,
    /// and is told of.
    async fn load(&self) -> Option<Vec<Record>> {
        let loaded = self.call("load", None).await?;
        let records = loaded.dyn_ref::<Array>()?;
        let read = |record: JsValue| {
            let json = JSON::stringify(&record).ok()?.as_string()?;
            serde_json::from_str(&json).ok()
        };
        let read: Vec<Option<Record>> = records.iter().map(read).collect();
        self.garbled.set(read.iter().any(Option::is_none));
        Some(read.into_iter().flatten().collect())
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

    /// Has `changed` called when somebody else has changed records, or they are to be read again.
    fn subscribe(&self, changed: impl Fn() + 'static) {
        let changed = Rc::new(changed);
        let called = Closure::<dyn Fn()>::new({
            let changed = changed.clone();
            move || changed()
        });
        let end = self.function("subscribe").and_then(|subscribe| {
            let end = subscribe.call1(&self.object, called.as_ref());
            end.ok()?.dyn_into().ok()
        });
        self.following.replace(Some(Following {
            changed,
            _called: called,
            end,
        }));
    }

    /// The records are to be read again.
    fn changed(&self) {
        let following = self.following.borrow();
        let changed = following
            .as_ref()
            .map(|following| following.changed.clone());
        drop(following);
        if let Some(changed) = changed {
            changed();
        }
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
