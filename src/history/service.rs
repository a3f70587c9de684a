//! The history as the rest of the console uses it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use tieline_catalog::answer::{Found, Item};
use tieline_catalog::{check, find, Parsed, Raw, Text};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::index::{
    absorb, fingerprint, identity, last_open, last_unknown, remove, upsert, Filter, Summary,
};
use super::messages;
use super::record::{Outcome, Record};
use super::store::{Merged, Store};
use super::tabs::{TabMessage, Tabs};
use crate::client::{Sent, Target, PATIENCE_MS};
use crate::platform::dom::{self, within};
use crate::platform::host_page::HistoryStorage;
use crate::platform::latch::Latch;
use crate::platform::mount::Mount;
use crate::platform::turns::{Turn, Turns};

/// How long the database may take to open, in milliseconds. After that the page works in memory.
const OPENING_MS: u32 = 3_000;
/// The records that are read at once.
const BATCH: usize = 2_000;
/// How long another tab's word that it waits for an answer counts, in milliseconds: it has given
/// up by then.
const CLAIM_MS: f64 = PATIENCE_MS as f64 + 15_000.0;

/// The history. Clones are handles to the same one.
#[derive(Clone)]
pub struct History(Rc<Inner>);

impl PartialEq for History {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    store: RefCell<Option<Rc<Store>>>,
    rows: RefCell<Vec<Rc<Summary>>>,
    /// Whose turn it is to look for an open request of an operation and record a new one.
    turns: RefCell<HashMap<&'static str, Turns>>,
    /// Opens when there is a store.
    opened: Latch,
    /// Opens when all records have been read.
    loaded: Latch,
    unreadable: Cell<bool>,
    /// Intents whose answer this tab waits for.
    sending: RefCell<HashMap<u64, Record>>,
    /// Intents whose answer another tab waits for, and until when to believe it.
    claims: RefCell<HashMap<u64, f64>>,
    version: Cell<u32>,
    subscribers: RefCell<Vec<(u32, Callback<u32>)>>,
    tabs: Tabs,
    listeners: RefCell<Vec<EventListener>>,
}

thread_local! {
    static SHARED: History = History::start(&HistoryStorage::Browser);
}

impl History {
    /// The history of a console. The first call opens it and begins to read it.
    pub fn of(mount: &Mount) -> History {
        match mount.history_storage() {
            HistoryStorage::Browser => SHARED.with(History::clone),
            #[cfg(feature = "embed")]
            history_storage => mount.service(|| History::start(&history_storage)),
        }
    }

    fn start(history_storage: &HistoryStorage) -> History {
        let inner = Rc::new(Inner {
            store: RefCell::new(None),
            rows: RefCell::default(),
            turns: RefCell::default(),
            opened: Latch::default(),
            loaded: Latch::default(),
            unreadable: Cell::new(false),
            sending: RefCell::default(),
            claims: RefCell::default(),
            version: Cell::new(0),
            subscribers: RefCell::default(),
            tabs: match history_storage {
                HistoryStorage::Browser => Tabs::of_origin(),
                #[cfg(feature = "embed")]
                HistoryStorage::Nowhere | HistoryStorage::HostPage(_) => Tabs::none(),
            },
            listeners: RefCell::default(),
        });
        let history = History(inner);
        history.listen();
        {
            let (history, history_storage) = (history.clone(), history_storage.clone());
            spawn_local(async move {
                let store = match history_storage {
                    HistoryStorage::Browser => match within(OPENING_MS, Store::open()).await {
                        Some(Ok(store)) => store,
                        _ => Store::in_memory(),
                    },
                    #[cfg(feature = "embed")]
                    HistoryStorage::Nowhere => Store::nowhere(),
                    #[cfg(feature = "embed")]
                    HistoryStorage::HostPage(object) => Store::of_host_page(object).await,
                };
                #[cfg(feature = "embed")]
                history.follow(&store);
                history.0.store.replace(Some(Rc::new(store)));
                history.0.opened.open();
                history.load(false).await;
            });
        }
        history
    }

    /// Writes an intent. Returns its record only after it is on the disk, so that the request may
    /// leave. Where storage fails it is kept in memory, and [`History::problem`] says so.
    pub async fn begin(&self, parsed: &Parsed, key: &str, target: &Target) -> Record {
        let now = dom::now() as u64;
        let intent = Record::intent(parsed, key, target.name().to_string(), now);
        let record = self.store().await.begin(intent).await;
        self.0
            .sending
            .borrow_mut()
            .insert(record.id, record.clone());
        self.0.tabs.tell(TabMessage::Sending(record.id));
        self.show(&record);
        record
    }

    /// Writes what became of an intent.
    pub async fn finish(&self, id: u64, sent: &Sent) {
        let intent = self.0.sending.borrow().get(&id).cloned();
        self.change(id, |stored| {
            // A record that was deleted in the meantime comes back: its resource may exist.
            let mut record = stored.or_else(|| intent.clone())?;
            record.settle(sent, dom::now() as u64);
            Some(record)
        })
        .await;
        self.0.sending.borrow_mut().remove(&id);
        self.notify();
    }

    /// The newest intent that a form which is there `since` (milliseconds since 1970) must ask about
    /// before it sends these public parameters to `target`, and whether it is the same but for its
    /// token; see [`last_open`] and [`last_unknown`]. Of others it asks only about those younger than
    /// the record `agreed`. What is one of the form's `own` records is known to whom it asks.
    pub fn last_open(
        &self,
        operation: &str,
        public: &Raw,
        since: u64,
        target: &Target,
        agreed: u64,
        own: &[u64],
    ) -> Option<(Rc<Summary>, bool)> {
        let op = find(operation)?;
        let params = identity(op, &check(op, public).parsed.public().to_json());
        let rows = self.0.rows.borrow();
        let shown = |row: &Summary| self.shown(row);
        let same = last_open(&rows, op.name, &params, since, own, shown).map(|row| (row, true));
        same.or_else(|| {
            let other = last_unknown(&rows, op.name, target.name(), agreed, shown);
            other.map(|row| (row, false))
        })
    }

    /// Writes what a read reported about an intent's resource. Returns whether that was new.
    pub async fn observe(&self, id: u64, found: &Found) -> bool {
        let seen = self.change(id, |stored| {
            let mut record = stored?;
            record.observe(found, dom::now() as u64).then_some(record)
        });
        seen.await
    }

    /// Takes a resource that was looked up, in a sandbox or not, over into an intent whose outcome is
    /// unknown.
    pub async fn adopt(&self, id: u64, item: &Item, simulated: bool) {
        self.change(id, |stored| {
            let mut record = stored?;
            record.adopt(item, simulated, dom::now() as u64);
            Some(record)
        })
        .await;
    }

    /// Deletes a record. Returns whether that worked.
    pub async fn delete(&self, id: u64) -> bool {
        let deleted = self.store().await.delete(id).await;
        if deleted {
            remove(&mut self.0.rows.borrow_mut(), id);
            self.0.tabs.tell(TabMessage::Deleted(id));
        }
        self.notify();
        deleted
    }

    /// A record in full.
    pub async fn record(&self, id: u64) -> Option<Record> {
        self.store().await.get(id).await
    }

    /// The records of these rows, in full, with the outcomes that the rows show.
    pub async fn records(&self, rows: &[Rc<Summary>]) -> Vec<Record> {
        let store = self.store().await;
        let (Some(first), Some(last)) = (rows.last(), rows.first()) else {
            return Vec::new();
        };
        let mut records = store.range(first.id, last.id).await.unwrap_or_default();
        records.retain_mut(|record| {
            let row = rows.binary_search_by(|row| record.id.cmp(&row.id));
            let row = row.ok().and_then(|at| rows.get(at));
            if let Some(row) = row {
                record.outcome = self.shown(row);
            }
            row.is_some()
        });
        records.reverse();
        records
    }

    /// Puts imported records beside those already there. `None` when storage failed.
    pub async fn merge(&self, records: &[Record]) -> Option<Vec<Merged>> {
        let done = self.store().await.merge(records).await.ok()?;
        let written = done.iter().filter_map(|(_, record)| record.as_ref());
        let rows: Vec<Summary> = written.map(Summary::of).collect();
        absorb(&mut self.0.rows.borrow_mut(), rows, true);
        self.notify();
        Some(done.into_iter().map(|(met, _)| met).collect())
    }

    /// Tells the other tabs that much has changed.
    pub fn merged(&self) {
        self.0.tabs.tell(TabMessage::ManyChanged);
    }

    /// The number of records that name a resource which another record names, too.
    pub fn doubles(&self) -> usize {
        let mut seen = std::collections::HashSet::new();
        let rows = self.0.rows.borrow();
        let named = rows.iter().filter(|row| !row.resource_id.is_empty());
        let named = named.map(|row| fingerprint(&format!("{} {}", row.operation, row.resource_id)));
        named.filter(|name| !seen.insert(*name)).count()
    }

    /// The problem with the storage, for people.
    pub fn problem(&self) -> Option<Text> {
        match self.0.store.borrow().as_deref() {
            Some(store) if store.is_durable() => {
                (self.0.unreadable.get() || !store.is_whole()).then_some(messages::UNREADABLE)
            }
            Some(store) if store.is_host_page() => Some(messages::NOT_TAKEN),
            Some(_) => Some(messages::IN_MEMORY),
            None => None,
        }
    }

    /// Whether the records are still being read.
    pub fn is_loading(&self) -> bool {
        !self.0.loaded.is_open()
    }

    /// Takes the turn to look for an open request of an operation and record a new one: what another
    /// form is about to record would not be found.
    pub async fn turn(&self, operation: &'static str) -> Turn {
        let all = &self.0.turns;
        let turns = all.borrow_mut().entry(operation).or_default().clone();
        turns.take().await
    }

    /// Waits until the records have been read.
    pub async fn loaded(&self) {
        self.0.loaded.opened().await;
    }

    /// The number of records.
    pub fn count(&self) -> usize {
        self.0.rows.borrow().len()
    }

    /// The rows that pass a filter, newest first.
    pub fn filtered(&self, filter: &Filter) -> Vec<Rc<Summary>> {
        filter.apply(&self.0.rows.borrow(), |row| self.shown(row))
    }

    /// Whether a record has this resource.
    pub fn has_resource(&self, id: &str) -> bool {
        let rows = self.0.rows.borrow();
        rows.iter().any(|row| *row.resource_id == *id)
    }

    /// The first `most` records whose rows are `wanted`, newest first.
    pub fn ids(&self, most: usize, wanted: impl Fn(&Summary) -> bool) -> Vec<u64> {
        let rows = self.0.rows.borrow();
        let wanted = rows.iter().filter(|row| wanted(row));
        wanted.take(most).map(|row| row.id).collect()
    }

    /// The row of a record.
    pub fn row(&self, id: u64) -> Option<Rc<Summary>> {
        let rows = self.0.rows.borrow();
        let at = rows.binary_search_by(|row| id.cmp(&row.id)).ok()?;
        rows.get(at).cloned()
    }

    /// The outcome that a row shows: an intent that nobody waits for any more is unknown.
    pub fn shown(&self, row: &Summary) -> Outcome {
        if row.outcome != Outcome::Pending {
            return row.outcome;
        }
        let claim = self.0.claims.borrow().get(&row.id).copied();
        let awaited = self.0.sending.borrow().contains_key(&row.id)
            || claim.is_some_and(|until| dom::now() < until);
        match (awaited, row.resource_id.is_empty()) {
            (true, _) => Outcome::Pending,
            (false, true) => Outcome::Unknown,
            (false, false) => Outcome::Created,
        }
    }

    async fn store(&self) -> Rc<Store> {
        loop {
            if let Some(store) = self.0.store.borrow().clone() {
                return store;
            }
            self.0.opened.opened().await;
        }
    }

    async fn change(&self, id: u64, change: impl Fn(Option<Record>) -> Option<Record>) -> bool {
        let written = self.store().await.change(id, change).await;
        if let Some(record) = &written {
            self.show(record);
            self.0.tabs.tell(TabMessage::Changed(id));
        }
        written.is_some()
    }

    fn show(&self, record: &Record) {
        upsert(&mut self.0.rows.borrow_mut(), Summary::of(record));
        self.notify();
    }

    /// Reads all records. What has a row already changed in the meantime and is newer than what
    /// is read, unless `replace` says otherwise.
    async fn load(&self, replace: bool) {
        let store = self.store().await;
        let ids = store.ids().await;
        self.0.unreadable.set(ids.is_err());
        for batch in ids.unwrap_or_default().rchunks(BATCH) {
            let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
                continue;
            };
            match store.range(*first, *last).await {
                Ok(records) => {
                    let rows = records.iter().map(Summary::of).collect();
                    absorb(&mut self.0.rows.borrow_mut(), rows, replace);
                }
                Err(_) => self.0.unreadable.set(true),
            }
            self.notify();
            // Between two batches the page may draw and take input.
            TimeoutFuture::new(0).await;
        }
        self.0.loaded.open();
        self.notify();
    }

    fn notify(&self) {
        let version = self.0.version.get().wrapping_add(1);
        self.0.version.set(version);
        let subscribers = self.0.subscribers.borrow().clone();
        for (_, subscriber) in subscribers {
            subscriber.emit(version);
        }
    }

    fn subscribe(&self, subscriber: Callback<u32>) -> impl FnOnce() {
        let mut subscribers = self.0.subscribers.borrow_mut();
        let number = subscribers.last().map_or(0, |(number, _)| number + 1);
        subscribers.push((number, subscriber));
        let inner = Rc::downgrade(&self.0);
        move || {
            if let Some(inner) = inner.upgrade() {
                inner.subscribers.borrow_mut().retain(|(n, _)| *n != number);
            }
        }
    }

    fn listen(&self) {
        let mut listeners = self.0.listeners.borrow_mut();
        let inner = Rc::downgrade(&self.0);
        listeners.extend(self.0.tabs.listen(move |message| {
            if let Some(history) = History::from(&inner) {
                history.told(message);
            }
        }));
        self.0.tabs.tell(TabMessage::WhoIsSending);
        if let (true, Some(window)) = (self.0.tabs.reachable(), web_sys::window()) {
            let inner = Rc::downgrade(&self.0);
            listeners.push(EventListener::new(&window, "pagehide", move |_| {
                if let Some(history) = History::from(&inner) {
                    history.tell_of_each(TabMessage::Gone);
                }
            }));
        }
    }

    /// Tells the other tabs of each intent whose answer this one waits for.
    fn tell_of_each(&self, message: impl Fn(u64) -> TabMessage) {
        let ids: Vec<u64> = self.0.sending.borrow().keys().copied().collect();
        ids.into_iter().for_each(|id| self.0.tabs.tell(message(id)));
    }

    fn from(inner: &Weak<Inner>) -> Option<History> {
        inner.upgrade().map(History)
    }

    /// Takes note of what another tab has told.
    fn told(&self, message: TabMessage) {
        match message {
            TabMessage::WhoIsSending => self.tell_of_each(TabMessage::Sending),
            TabMessage::Sending(id) => {
                let until = dom::now() + CLAIM_MS;
                self.0.claims.borrow_mut().insert(id, until);
                self.reread(id);
            }
            TabMessage::Gone(id) => {
                self.0.claims.borrow_mut().remove(&id);
                self.notify();
            }
            TabMessage::Changed(id) => {
                self.0.claims.borrow_mut().remove(&id);
                self.reread(id);
            }
            TabMessage::Deleted(id) => {
                remove(&mut self.0.rows.borrow_mut(), id);
                self.notify();
            }
            TabMessage::ManyChanged => {
                let history = self.clone();
                spawn_local(async move { history.load(true).await });
            }
        }
    }

    /// Follows what the host page does to the records that it keeps.
    #[cfg(feature = "embed")]
    fn follow(&self, store: &Store) {
        let inner = Rc::downgrade(&self.0);
        let changed = move || {
            if let Some(history) = History::from(&inner) {
                spawn_local(async move {
                    history.store().await.reread().await;
                    history.0.rows.borrow_mut().clear();
                    history.load(true).await;
                });
            }
        };
        store.subscribe(changed);
    }

    fn reread(&self, id: u64) {
        let history = self.clone();
        spawn_local(async move {
            if let Some(record) = history.record(id).await {
                history.show(&record);
            }
        });
    }
}

/// The history, and a number that changes whenever it does.
#[hook]
pub fn use_history(mount: &Mount) -> (History, u32) {
    let history = History::of(mount);
    let version = use_state_eq(|| history.0.version.get());
    {
        let version = version.clone();
        // Another history is watched anew.
        use_effect_with(history.clone(), move |history| {
            let history = history.clone();
            version.set(history.0.version.get());
            history.subscribe(Callback::from(move |new| version.set(new)))
        });
    }
    (history, *version)
}
