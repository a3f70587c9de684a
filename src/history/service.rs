//! The history as the rest of the console uses it.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use gloo_events::EventListener;
use tieline_catalog::answer::Found;
use tieline_catalog::{check, find, Parsed, Raw, Text};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::observed::observed;
use super::filter::Rows;
use super::index::{
    absorb, fingerprint_of, identity, last_open, last_unknown, remove, row, rows_of, Row, Since,
    Summary,
};
use super::messages;
use super::page_turns::PageTurns;
use super::store::{Begun, Keeping, Known, Store};
use super::tabs::{TabMessage, Tabs};
use crate::client::{LookedUp, Sent, Target};
use crate::platform::dom;
use crate::platform::host_page::HistoryStorage;
use crate::platform::latch::Latch;
use crate::platform::mount::Mount;
use crate::platform::turns::{Turns, TurnsOf};
use tieline_records::{Outcome, Record, Search, Verdict};

/// The most records of the same parameters that are looked at again before one more is made.
const WATCHED: usize = 100;

/// What was known of the history at a moment: whoever decided by it must hear of what came later.
#[derive(Clone, Default)]
pub struct Seen(Rc<Vec<Row>>);

impl Seen {
    /// When the record of this id was changed last.
    fn updated(&self, id: u64) -> Option<u64> {
        row(&self.0, id).map(|row| row.updated)
    }

    /// The newest records that ask for the same.
    fn same(&self, intent: &Record) -> Vec<u64> {
        let intent = Summary::of(intent);
        let same = |row: &&Row| row.params == intent.params && *row.operation == *intent.operation;
        let same = self.0.iter().filter(same);
        same.take(WATCHED).map(|row| row.id).collect()
    }
}

/// Why an intent has no record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoRecord {
    /// The storage did not take it.
    Refused,
    /// Others have recorded something of the same operation meanwhile, which is known now.
    Met,
}

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
    /// Shared with who shows them: see [`History::edit`].
    rows: RefCell<Rc<Vec<Row>>>,
    /// Whose turn it is to look for an open request of an operation and record a new one.
    turns: TurnsOf<&'static str>,
    /// Which console of this page asks for the statuses, where no other tab has this history.
    page_turns: PageTurns,
    /// Opens when there is a store.
    opened: Latch,
    /// Opens when all records have been read.
    loaded: Latch,
    unreadable: Cell<bool>,
    /// Whether somebody tries to write what waits in memory.
    mending: Cell<bool>,
    /// Intents whose answer this tab waits for.
    sending: RefCell<HashMap<u64, Record>>,
    /// Intents whose answer another tab waits for, and how often it was asked since it said so.
    claims: RefCell<HashMap<u64, Rc<Cell<u32>>>>,
    /// The records of which another tab has told and that could not be read since.
    unread: RefCell<HashSet<u64>>,
    version: Cell<u32>,
    /// When others heard of a part of something long, in milliseconds since 1970.
    told: Cell<f64>,
    subscribers: RefCell<Vec<(u32, Callback<u32>)>>,
    tabs: Tabs,
    listeners: RefCell<Vec<EventListener>>,
}

impl History {
    /// One that has no records yet.
    fn new(tabs: Tabs) -> History {
        History(Rc::new(Inner {
            store: RefCell::new(None),
            rows: RefCell::default(),
            turns: TurnsOf::default(),
            page_turns: PageTurns::default(),
            opened: Latch::default(),
            loaded: Latch::default(),
            unreadable: Cell::new(false),
            mending: Cell::new(false),
            sending: RefCell::default(),
            claims: RefCell::default(),
            unread: RefCell::default(),
            version: Cell::new(0),
            told: Cell::new(0.0),
            subscribers: RefCell::default(),
            tabs,
            listeners: RefCell::default(),
        }))
    }

    /// Opens a history and begins to read it.
    pub(super) fn start(history_storage: &HistoryStorage) -> History {
        let history = History::new(match history_storage {
            HistoryStorage::Browser => Tabs::of_origin(),
            #[cfg(feature = "embed")]
            HistoryStorage::Nowhere | HistoryStorage::HostPage(_) => Tabs::none(),
        });
        history.listen();
        {
            let (history, history_storage) = (history.clone(), history_storage.clone());
            spawn_local(async move {
                let store = match history_storage {
                    HistoryStorage::Browser => Store::of_browser(),
                    #[cfg(feature = "embed")]
                    HistoryStorage::Nowhere => Store::nowhere(),
                    #[cfg(feature = "embed")]
                    HistoryStorage::HostPage(object) => Store::of_host_page(object).await,
                };
                #[cfg(feature = "embed")]
                history.follow(&store);
                history.keep_in(store);
                // Until the database is open, what is asked for waits.
                history.reunite().await;
                history.load(false).await;
                history.mend();
            });
        }
        history
    }

    /// Writes an intent. Returns its record only after it is on the disk, so that the request may
    /// leave, and only if others have recorded nothing of its operation since what was `seen`. With `unkept`
    /// it is kept in memory where the browser has no database; nothing is written any more when it is no
    /// longer `wanted`. `simulated`: it is for a sandbox, and goes nowhere else.
    ///
    /// # Errors
    /// Why there is no record.
    pub async fn begin(
        &self,
        parsed: &Parsed,
        key: &str,
        (target, simulated): (&Target, bool),
        seen: &Seen,
        wanted: impl Fn() -> bool,
        unkept: bool,
    ) -> Result<Record, NoRecord> {
        let now = dom::now() as u64;
        let (name, profile) = (target.name().to_string(), target.profile());
        let intent = Record::intent(parsed, key, name, profile, simulated, now);
        let store = self.store().await;
        let updated = |id| seen.updated(id);
        let known = Known {
            updated: &updated,
            watched: seen.same(&intent),
        };
        match store.begin(intent, known, wanted, unkept).await {
            Begun::Recorded(record) => {
                self.0
                    .sending
                    .borrow_mut()
                    .insert(record.id, (*record).clone());
                self.0.tabs.tell(TabMessage::Sending(record.id));
                self.show(&record);
                if store.is_of_browser() {
                    dom::keep_storage();
                }
                self.mend();
                Ok(*record)
            }
            Begun::Met(news) => {
                self.take_news(&news);
                Err(NoRecord::Met)
            }
            Begun::Refused => {
                self.mend();
                Err(NoRecord::Refused)
            }
        }
    }

    /// Reads what others have written since this page looked, as far as it matters to who is about to
    /// send these public parameters, and gives what is known of the history then.
    pub async fn look_again(&self, parsed: &Parsed) -> Seen {
        let intent = Record::intent(parsed, "", String::new(), None, false, 0);
        let store = self.store().await;
        let before = self.seen();
        let updated = |id| before.updated(id);
        let known = Known {
            updated: &updated,
            watched: before.same(&intent),
        };
        let news = store.news(known).await;
        self.take_news(&news.unwrap_or_default());
        self.seen()
    }

    /// What is known of the history now.
    fn seen(&self) -> Seen {
        Seen(self.0.rows.borrow().clone())
    }

    /// Whether a record that is about to be made would outlast the page, or none is to.
    pub async fn keeps(&self) -> bool {
        self.store().await.has_home().await
    }

    fn take_news(&self, news: &[Record]) {
        self.edit(|rows| absorb(rows, rows_of(news), true));
        self.notify();
    }

    /// Writes what became of an intent.
    pub async fn finish(&self, id: u64, sent: &Sent) {
        let intent = self.0.sending.borrow().get(&id).cloned();
        self.change(id, |stored| {
            // A record that was deleted in the meantime comes back: its resource may exist.
            let mut record = stored.or_else(|| intent.clone())?;
            let now = dom::now() as u64;
            record.settle(&sent.answer, sent.by, sent.simulated, sent.signer(), now);
            Some(record)
        })
        .await;
        self.0.sending.borrow_mut().remove(&id);
        self.notify();
    }

    /// The newest intent that a form which is there `since` (milliseconds since 1970) must ask about
    /// before it sends these public parameters to `target`, and whether it is the same but for its
    /// token; see [`last_open`] and [`last_unknown`]. Of others it asks only about those younger than
    /// the record `agreed`. What the form has shown as `made` is known to whom it asks.
    pub fn last_open(
        &self,
        operation: &str,
        public: &Raw,
        since: Since,
        target: &Target,
        agreed: u64,
        made: &[u64],
    ) -> Option<(Rc<Summary>, bool)> {
        let op = find(operation)?;
        let params = identity(op, &check(op, public).parsed.public().to_json());
        let rows = self.0.rows.borrow();
        let shown = |row: &Summary| self.shown(row);
        let same = last_open(&rows, op.name, &params, since, made, shown);
        let found = same.map(|row| (row, true)).or_else(|| {
            let other = last_unknown(&rows, op.name, target.name(), agreed, shown);
            other.map(|row| (row, false))
        });
        found.map(|(row, same)| (row.summary().clone(), same))
    }

    /// Writes what a read reported about the resource of a record, as it was `asked` about. Returns whether that was
    /// new.
    pub async fn observe(&self, asked: &Record, found: &Found) -> bool {
        let seen = self.change(asked.id, |stored| {
            observed(stored?, asked, found, dom::now() as u64)
        });
        seen.await
    }

    /// Writes that an intent's resource was looked for, and what came of it.
    pub async fn looked_up(&self, id: u64, by: Search, told: &LookedUp) {
        self.change(id, |stored| {
            let (mut record, found) = (stored?, (&told.found, told.whole));
            record.looked_up(by, found, told.signer.as_deref(), dom::now() as u64);
            Some(record)
        })
        .await;
    }

    /// Deletes a record. Returns what was there, if anything was; `None` when that failed.
    pub async fn delete(&self, id: u64) -> Option<Option<Record>> {
        let deleted = self.store().await.delete(id).await;
        self.mend();
        if deleted.is_some() {
            self.edit(|rows| remove(rows, id));
            self.0.tabs.tell(TabMessage::Deleted(id));
        }
        self.notify();
        deleted
    }

    /// A record in full; as this page last saw it when it cannot be read.
    pub async fn record(&self, id: u64) -> Option<Record> {
        let store = self.store().await;
        match store.get(id).await {
            Some(record) => record,
            None => store.remembered(id),
        }
    }

    /// A record that has a row: in full, or what the row shows of it.
    pub async fn known_record(&self, row: &Summary) -> Record {
        self.record(row.id).await.unwrap_or_else(|| row.record())
    }

    /// The number of records that name a resource which another record names, too.
    pub fn doubles(&self) -> usize {
        let mut seen = std::collections::HashSet::new();
        let rows = self.0.rows.borrow();
        let named = rows.iter().filter(|row| !row.resource_id.is_empty());
        let named = named.map(|row| fingerprint_of(&[&row.operation, " ", &row.resource_id]));
        named.filter(|name| !seen.insert(*name)).count()
    }

    /// The problem with the storage, for people.
    pub fn problem(&self) -> Option<Text> {
        let store = self.0.store.borrow();
        let store = store.as_deref()?;
        match store.keeping() {
            Keeping::Durable => {
                (self.0.unreadable.get() || !store.is_whole()).then_some(messages::UNREADABLE)
            }
            Keeping::Waiting => Some(messages::WAITING),
            Keeping::Refused => Some(messages::IN_MEMORY),
            Keeping::Newer => Some(messages::NEWER),
            #[cfg(feature = "embed")]
            Keeping::NotTaken => Some(messages::NOT_TAKEN),
        }
    }

    /// Why nothing can be added to the history or taken from it, if so. What happens to the requests of this tab is
    /// kept in memory all the same.
    pub fn read_only(&self) -> Option<Text> {
        let store = self.0.store.borrow();
        let store = store.as_ref()?;
        if store.is_of_file() {
            return Some(messages::FILE_READ_ONLY);
        }
        let newer = store.keeping() == Keeping::Newer;
        newer.then_some(messages::READ_ONLY)
    }

    /// Whether the records are still being read.
    pub fn is_loading(&self) -> bool {
        !self.0.loaded.is_open()
    }

    /// The turns to look for an open request of an operation and record a new one: what another form is
    /// about to record would not be found. Other tabs need none: see [`Store::begin`].
    pub fn turns(&self, operation: &'static str) -> Turns {
        self.0.turns.of(operation)
    }

    /// Which console of this page asks for the statuses, where no other tab has this history.
    pub(super) fn page_turns(&self) -> &PageTurns {
        &self.0.page_turns
    }

    /// Waits until the records have been read.
    pub async fn loaded(&self) {
        self.0.loaded.opened().await;
    }

    /// The number of records.
    pub fn count(&self) -> usize {
        self.0.rows.borrow().len()
    }

    /// All rows, newest first.
    pub fn all(&self) -> Rows {
        Rows::from(self.0.rows.borrow().clone())
    }

    /// Whether a record has this resource.
    pub fn has_resource(&self, id: &str) -> bool {
        let rows = self.0.rows.borrow();
        rows.iter().any(|row| *row.resource_id == *id)
    }

    /// The first `most` records whose rows are `wanted`, newest first.
    pub fn ids(&self, most: usize, wanted: impl Fn(&Row) -> bool) -> Vec<u64> {
        let rows = self.0.rows.borrow();
        let wanted = rows.iter().filter(|row| wanted(row));
        wanted.take(most).map(|row| row.id).collect()
    }

    /// The row of a record.
    pub fn row(&self, id: u64) -> Option<Rc<Summary>> {
        row(&self.0.rows.borrow(), id).map(|row| row.summary().clone())
    }

    /// What is to be said about a row's resource.
    pub fn verdict(&self, row: &Summary) -> Verdict {
        match self.shown(row) {
            Outcome::Pending if row.resource_id.is_empty() => Verdict::Creating,
            _ => row.verdict,
        }
    }

    /// Whether this tab or another waits for the answer to a record's request.
    fn is_awaited(&self, row: &Summary) -> bool {
        let here = self.0.sending.borrow().contains_key(&row.id);
        here || self.0.claims.borrow().contains_key(&row.id)
    }

    /// The outcome that a row shows: an intent that nobody waits for any more is unknown.
    pub fn shown(&self, row: &Summary) -> Outcome {
        if row.outcome != Outcome::Pending {
            return row.outcome;
        }
        match (self.is_awaited(row), row.resource_id.is_empty()) {
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
        let store = self.store().await;
        let missing = Cell::new(false);
        let changed = store.change(id, |stored| {
            missing.set(stored.is_none());
            change(stored)
        });
        let written = changed.await;
        match &written {
            Some(record) => {
                self.show(record);
                self.0.tabs.tell(TabMessage::Changed(id));
            }
            // Somebody has deleted it whose word did not come.
            None if missing.get() && store.get(id).await == Some(None) => {
                self.edit(|rows| remove(rows, id));
                self.notify();
            }
            None => {}
        }
        self.mend();
        written.is_some()
    }
}

/// The history, and a number that changes whenever it does.
#[hook]
pub fn use_history(mount: &Mount) -> (History, u32) {
    let history = History::of(mount);
    let version = use_version(&history);
    (history, version)
}

/// The number that changes whenever this history does.
#[hook]
pub fn use_version(history: &History) -> u32 {
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
    *version
}

mod adoption;
mod bulk_deletion;
mod import_export;
mod loading;
mod notes;
mod observed;
mod of_file;
mod queries;
pub mod row_changes;
mod tab_messages;
