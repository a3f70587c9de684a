//! The store: a database or the host page, and memory for what could not be written there yet.

mod aside;
mod bulk_deletion;
mod connection;
mod damaged;
mod database;
#[cfg(feature = "embed")]
mod host_page;
#[cfg(any(test, feature = "embed"))]
mod host_page_merge;
mod merge;
mod receipt_chains;
mod receipts;
mod record_blocks;
mod spare_database;
mod without_database;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

#[cfg(feature = "embed")]
use wasm_bindgen::JsValue;

use self::connection::Connection;
use self::database::{read_intent, read_record, taken_ids, with_free_id};
#[cfg(feature = "embed")]
use self::host_page::HostStore;
use self::merge::{both, settled};
use self::receipts::put_with_receipts;
use crate::platform::dom::within;
use tieline_records::Record;

pub use self::connection::Damage;
pub use self::merge::Merged;
pub use self::receipts::{proven, Progress, Snapshot, Taken};

/// How long what became of an intent may take to be written, and a record to be read or deleted, in
/// milliseconds. Then it is kept in memory until the database works again. An intent itself is waited for
/// as long as whoever submitted it does: nothing leaves without its record.
const PATIENCE_MS: u32 = 3_000;
/// The most records that are remembered beside those that are stored.
const REMEMBERED: usize = 1_000;

/// The records.
pub struct Store {
    home: Home,
    /// All records when they have no durable home, else those that it has not taken yet.
    memory: Rc<RefCell<BTreeMap<u64, Record>>>,
    /// Those in memory that are written only where something of them is still stored: what has happened to them
    /// brings none back that was deleted.
    dependent: RefCell<BTreeMap<u64, Record>>,
    /// The last records that were written or read one by one, for when the database is gone.
    remembered: RefCell<BTreeMap<u64, Record>>,
    /// Something that is stored was written by a later version.
    garbled: Cell<bool>,
    /// The records that were met and are damaged.
    suspects: RefCell<BTreeSet<u64>>,
    /// What was set aside and is in a file.
    saved: RefCell<BTreeSet<String>>,
}

/// The durable home of the records, beyond the page's memory.
enum Home {
    /// In the browser's database.
    Database(Connection),
    /// By the host page.
    #[cfg(feature = "embed")]
    HostPage(HostStore),
    /// Nowhere, as is wanted.
    #[cfg(any(test, feature = "embed"))]
    Nowhere,
    /// In a file, which is only read.
    File,
}

/// How well the records are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keeping {
    /// Everything is where it is meant to be.
    Durable,
    /// Some of it waits in memory for the database.
    Waiting,
    /// The browser has no database for the page.
    Refused,
    /// A newer version of the page has written them: they are read only.
    Newer,
    /// The host page did not take or give something.
    #[cfg(feature = "embed")]
    NotTaken,
}

/// What a page knows of the records: when a record was changed last, and the records that must not have
/// changed since.
pub struct Known<'a> {
    /// The time of the last change that is known of the record of this id.
    pub updated: &'a dyn Fn(u64) -> Option<u64>,
    /// The ids of the records that are looked at again.
    pub watched: Vec<u64>,
}

/// What came of the attempt to record an intent.
#[derive(PartialEq, Debug)]
pub enum Begun {
    /// It is recorded, durably where that is possible.
    Recorded(Box<Record>),
    /// Others have written these meanwhile, and it is not recorded.
    Met(Vec<Record>),
    /// It is not recorded.
    Refused,
}

impl Store {
    fn of(home: Home) -> Store {
        Store {
            home,
            memory: Rc::default(),
            dependent: RefCell::default(),
            remembered: RefCell::default(),
            garbled: Cell::new(false),
            suspects: RefCell::default(),
            saved: RefCell::default(),
        }
    }

    /// The store in the browser's database.
    pub fn of_browser() -> Store {
        Store::of(Home::Database(Connection::default()))
    }

    /// A store that lasts as long as the page, as is wanted.
    #[cfg(any(test, feature = "embed"))]
    pub fn nowhere() -> Store {
        Store::of(Home::Nowhere)
    }

    /// A store of which the host page has a copy that lasts, by this object.
    #[cfg(feature = "embed")]
    pub async fn of_host_page(object: JsValue) -> Store {
        let (host_page, memory) = HostStore::open(object).await;
        Store {
            memory,
            ..Store::of(Home::HostPage(host_page))
        }
    }

    /// Takes up what the host page has now, however long it takes to give that.
    #[cfg(feature = "embed")]
    pub async fn reread(&self) {
        if let Home::HostPage(host_page) = &self.home {
            host_page.reread(&self.memory, None).await;
        }
    }

    /// Has `changed` called when somebody else has changed what the host page keeps.
    #[cfg(feature = "embed")]
    pub fn subscribe(&self, changed: impl Fn() + 'static) {
        if let Home::HostPage(host_page) = &self.home {
            host_page.subscribe(changed);
        }
    }

    fn database(&self) -> Option<&Connection> {
        match &self.home {
            Home::Database(connection) => Some(connection),
            _ => None,
        }
    }

    /// Whether the records are in this browser's storage.
    pub fn is_of_browser(&self) -> bool {
        self.database().is_some()
    }

    /// Whether there are receipts of the records, as far as is known.
    pub fn keeps_receipts(&self) -> bool {
        self.is_of_browser() && self.keeping() != Keeping::Refused
    }

    /// Whether there is a home for records that outlast the page, or none is wanted. Waits until that is
    /// known.
    pub async fn has_home(&self) -> bool {
        match self.database() {
            Some(database) => database.get().await.is_some() || !database.is_refused(),
            None => true,
        }
    }

    /// Whether all that is stored could be read so far.
    pub fn is_whole(&self) -> bool {
        let given = match &self.home {
            #[cfg(feature = "embed")]
            Home::HostPage(host_page) => host_page.is_whole(),
            _ => true,
        };
        given && !self.garbled.get()
    }

    /// How well the records are kept.
    pub fn keeping(&self) -> Keeping {
        match &self.home {
            Home::Database(database) if database.is_newer() => Keeping::Newer,
            Home::Database(database) if database.is_refused() => Keeping::Refused,
            Home::Database(_) if self.memory.borrow().is_empty() => Keeping::Durable,
            Home::Database(_) => Keeping::Waiting,
            #[cfg(feature = "embed")]
            Home::HostPage(host_page) if !host_page.is_durable() => Keeping::NotTaken,
            _ => Keeping::Durable,
        }
    }

    /// Whether everything is in its home, and that can be reached.
    pub fn is_settled(&self) -> bool {
        let reached = self.database().is_none_or(Connection::is_open);
        reached && self.keeping() == Keeping::Durable
    }

    /// Writes an intent durably, or takes up the one of the same key again, if others have written nothing
    /// of its operation that is not `known`: that is looked at in the same transaction, so that two tabs
    /// cannot both find nothing. It is not written any more when it is no longer `wanted`. With `unkept` a
    /// browser without a database keeps it in memory.
    pub async fn begin(
        &self,
        record: Record,
        known: Known<'_>,
        wanted: impl Fn() -> bool,
        unkept: bool,
    ) -> Begun {
        let Some(database) = self.database() else {
            return match self.is_of_file() {
                true => Begun::Refused,
                false => self.begin_beside(record, &known).await,
            };
        };
        let begun = database.write(async |tables| {
            let news = database::news(&tables.records, known.updated, &known.watched).await?;
            let key = record.intent_key();
            let of_others = |other: &Record| other.intent_key() != key;
            let met = |other: &Record| other.operation == record.operation && of_others(other);
            if news.iter().any(met) {
                return Ok(Begun::Met(news));
            }
            let stored = read_intent(tables, &key).await?;
            let record = match both(stored.clone(), self.in_memory(&key)) {
                Some(known) => known.resume(record.clone()),
                None => {
                    let mut taken = taken_ids(&tables.records, &[&record]).await?;
                    with_free_id(&mut taken, record.clone())
                }
            };
            if !wanted() {
                return Ok(Begun::Refused);
            }
            put_with_receipts(tables, stored.as_ref(), &record).await?;
            Ok(Begun::Recorded(Box::new(record)))
        });
        match begun.await {
            Some(begun) => {
                if let Begun::Recorded(record) = &begun {
                    // What waited has been written with it, under whatever id that was kept.
                    let kept = self.in_memory(&record.intent_key());
                    kept.map(|kept| self.forget(kept.id));
                    self.forget(record.id);
                    self.remember(record);
                }
                begun
            }
            None if unkept && database.is_refused() => {
                Begun::Recorded(Box::new(self.begin_in_memory(record)))
            }
            None => Begun::Refused,
        }
    }

    fn remember(&self, record: &Record) {
        let mut remembered = self.remembered.borrow_mut();
        remembered.insert(record.id, record.clone());
        if remembered.len() > REMEMBERED {
            remembered.pop_first();
        }
    }

    /// The record of this id as far as it is known without its home.
    pub fn remembered(&self, id: u64) -> Option<Record> {
        let kept = self.memory.borrow().get(&id).cloned();
        kept.or_else(|| self.remembered.borrow().get(&id).cloned())
    }

    /// Changes a record in one transaction. `change` gets the stored version, or `None` when
    /// there is none, and returns what to write, or `None` for nothing; what it makes of none brings a record
    /// back that was deleted. Returns what was written, be it only into memory: [`Store::flush`] writes that.
    pub async fn change(
        &self,
        id: u64,
        change: impl Fn(Option<Record>) -> Option<Record>,
    ) -> Option<Record> {
        if self.is_of_file() {
            return None;
        }
        let waits = || self.memory.borrow().get(&id).cloned();
        let mut made = None;
        if let (None, Some(database)) = (waits(), self.database()) {
            let tried = RefCell::new(None);
            let write = database.write(async |tables| {
                let stored = read_record(&tables.records, id).await?;
                let changed = change(stored.clone());
                tried.replace(Some(changed.clone()));
                if let Some(record) = &changed {
                    put_with_receipts(tables, stored.as_ref(), record).await?;
                }
                Ok(changed)
            });
            if let Some(Some(written)) = within(PATIENCE_MS, write).await {
                written.iter().for_each(|record| self.remember(record));
                return written;
            }
            made = tried.into_inner();
        }
        let waiting = waits();
        let changed = match (made, waiting.clone()) {
            // What is given up while it is being written may be written all the same: it is the same here, and
            // nothing has happened twice.
            (Some(made), None) => made?,
            (Some(made), Some(waiting)) => settled(waiting, made?),
            (None, Some(waiting)) => change(Some(waiting))?,
            (None, None) => change(self.database().and_then(|_| self.remembered(id)))?,
        };
        let revives = change(None).is_some();
        self.keep(&changed, waiting.as_ref(), revives);
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            return self.hand_over(host_page, changed, revives).await;
        }
        Some(changed)
    }

    /// A record. `None` when its home could not be asked.
    pub async fn get(&self, id: u64) -> Option<Option<Record>> {
        let kept = self.memory.borrow().get(&id).cloned();
        let (Some(database), None) = (self.database(), &kept) else {
            return Some(kept);
        };
        let read = database.read(async |records| read_record(records, id).await);
        let read = within(PATIENCE_MS, read).await.flatten()?;
        read.iter().for_each(|record| self.remember(record));
        Some(read)
    }

    /// What others have written; see [`Known`]. `None` when it could not be read.
    pub async fn news(&self, known: Known<'_>) -> Option<Vec<Record>> {
        let Some(database) = self.database() else {
            return Some(self.news_in_memory(&known));
        };
        let news = database
            .read(async |records| database::news(records, known.updated, &known.watched).await);
        news.await
    }

    /// The ids of all records, ascending. `None` when they could not be read.
    pub async fn ids(&self) -> Option<Vec<u64>> {
        let mut ids = Vec::new();
        if let Some(database) = self.database() {
            ids = database
                .read(async |all| database::all_ids(all).await)
                .await?;
        }
        for id in self.memory.borrow().keys() {
            if let Err(at) = ids.binary_search(id) {
                ids.insert(at, *id);
            }
        }
        Some(ids)
    }

    /// The records from `first` to `last`, both included. `None` when they could not be read.
    pub async fn range(&self, first: u64, last: u64) -> Option<Vec<Record>> {
        let mut all = BTreeMap::new();
        if let Some(database) = self.database() {
            let read = database.read(async |all| database::read_range(all, first, last).await);
            let batch = read.await?;
            self.garbled
                .set(self.garbled.get() || !batch.later.is_empty());
            self.suspects.borrow_mut().extend(batch.damaged);
            all.extend(batch.read.into_iter().map(|record| (record.id, record)));
        }
        for (id, record) in self.memory.borrow().range(first..=last) {
            all.insert(*id, record.clone());
        }
        Some(all.into_values().collect())
    }
}

mod adoption;
mod export_file;
mod import;
mod of_file;
mod pending_writes;
mod removal;
#[cfg(test)]
mod tests;
