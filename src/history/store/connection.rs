//! The connection to the database: opened once for everybody who waits for it, and again after it was
//! lost.
//!
//! One that a newer version of the page has used is read and not written. One that is damaged is left as it is, and
//! another begun under another name, which is taken in as soon as the first one opens again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use wasm_bindgen_futures::spawn_local;

use super::database::{self, name_of, Records, Tables, Unopened, NAME, SPARE};
use super::record_blocks::Directory;
use crate::platform::dom;
use crate::platform::latch::Latch;

/// How often something is tried: what met a connection that was closed gets a new one.
const ATTEMPTS: usize = 2;
/// The pauses before a database is opened again that seems to be damaged, in milliseconds: the browser may only
/// have been busy with it.
const PAUSES_MS: [u32; 2] = [200, 800];
/// Says in the browser's storage that there is a spare database.
const BEGUN: &str = "tieline-history-spare";

/// What is damaged.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Damage {
    /// How many values were set aside.
    pub values: usize,
    /// What is wrong with the whole database: a new one stands for it.
    pub database: Option<String>,
}

/// A connection, or the attempt to have one.
#[derive(Default)]
pub struct Connection(Rc<Inner>);

#[derive(Default)]
struct Inner {
    db: RefCell<Option<Database>>,
    /// The attempt to open it that is under way. It ends when the browser says so: another tab that is
    /// about to upgrade the database holds it up.
    opening: RefCell<Option<Rc<Latch>>>,
    /// What is known of the database's blocks.
    directory: Directory,
    /// The browser said no, the last time.
    refused: Cell<bool>,
    /// The database that a newer version has used.
    newer: RefCell<Option<Database>>,
    /// What is wrong with the database, and that the spare one stands for it.
    damage: RefCell<Option<String>>,
}

impl Connection {
    /// The database, as soon as it is open; `None` when the browser refuses.
    pub async fn get(&self) -> Option<Database> {
        if let Some(db) = self.0.db.borrow().clone() {
            return Some(db);
        }
        let opening = self.0.opening.borrow_mut();
        let opening = { opening }.get_or_insert_with(|| self.open()).clone();
        opening.opened().await;
        self.0.db.borrow().clone()
    }

    /// Whether it is open, as far as is known.
    pub fn is_open(&self) -> bool {
        self.0.db.borrow().is_some()
    }

    /// Whether the browser has no database for the page: it refused the last time that it was asked.
    pub fn is_refused(&self) -> bool {
        self.0.refused.get()
    }

    /// Whether what is there was written by a newer version, and is only read.
    pub fn is_newer(&self) -> bool {
        self.0.newer.borrow().is_some()
    }

    /// What is wrong with the database for which the spare one stands.
    pub fn damage(&self) -> Option<String> {
        self.0.damage.borrow().clone()
    }

    /// The names of the blocks that are damaged, as far as is known.
    pub fn damaged_blocks(&self) -> Vec<String> {
        self.0.directory.damaged().into_iter().collect()
    }

    /// The spare database, if one was begun and the first one is open.
    pub async fn spare(&self) -> Option<Database> {
        dom::stored(BEGUN)?;
        self.get().await?;
        if self.damage().is_some() {
            return None;
        }
        database::open(SPARE, || {}).await.ok()
    }

    /// Runs `work` in one transaction; see [`database::write`]. `None` when it failed.
    pub async fn write<T>(&self, work: impl AsyncFn(&Tables<'_>) -> Result<T, Error>) -> Option<T> {
        for _ in 0..ATTEMPTS {
            match database::write(&self.get().await?, &self.0.directory, &work).await {
                Ok(done) => return Some(done),
                Err(error) => self.lose(&error),
            }
        }
        None
    }

    /// Runs `work` on the records, reading only. `None` when it failed.
    pub async fn read<T>(&self, work: impl AsyncFn(&Records<'_>) -> Result<T, Error>) -> Option<T> {
        for _ in 0..ATTEMPTS {
            let db = match self.get().await {
                Some(db) => db,
                None => self.0.newer.borrow().clone()?,
            };
            match database::read(&db, &self.0.directory, &work).await {
                Ok(done) => return Some(done),
                Err(error) => self.lose(&error),
            }
        }
        None
    }

    /// Gives up a connection that fails: the browser may have closed it.
    fn lose(&self, error: &Error) {
        if let Some(db) = self.0.db.take() {
            db.close();
            // What every version of it has is not there.
            if name_of(error) == "NotFoundError" && self.damage().is_none() {
                let damage = format!("NotFoundError: {error}");
                self.0.damage.replace(Some(damage));
            }
        }
        self.0.newer.take();
    }

    fn open(&self) -> Rc<Latch> {
        let (ended, inner) = (Rc::new(Latch::default()), self.0.clone());
        let latch = ended.clone();
        spawn_local(async move {
            inner.opened().await;
            inner.opening.take();
            latch.open();
        });
        ended
    }
}

impl Inner {
    /// Opens the database, or what stands for it.
    async fn opened(self: &Rc<Inner>) {
        if self.newer.borrow().is_some() {
            return;
        }
        let damaged = self.damage.borrow().is_some();
        let first = match damaged {
            // As long as the page lasts there is one home.
            true => Err(Unopened::Damaged(String::new())),
            false => open_patiently().await,
        };
        let db = match first {
            Ok(db) => Some(db),
            Err(Unopened::Damaged(why)) => self.begin_anew(why).await,
            Err(Unopened::Newer) => {
                let inner = Rc::downgrade(self);
                let closed = move || {
                    if let Some(inner) = inner.upgrade() {
                        inner.newer.take();
                    }
                };
                let newer = database::open_as_it_is(NAME, closed).await;
                self.newer.replace(newer);
                None
            }
            Err(Unopened::Refused) => None,
        };
        self.refused.set(db.is_none());
        self.db.replace(db);
    }

    /// Opens the spare database. Where that fails, too, it is not the other one that is damaged.
    async fn begin_anew(&self, why: String) -> Option<Database> {
        let spare = database::open(SPARE, || {}).await.ok()?;
        self.damage.borrow_mut().get_or_insert(why);
        dom::store(BEGUN, Some("begun"));
        Some(spare)
    }
}

async fn open_patiently() -> Result<Database, Unopened> {
    let mut opened = database::open(NAME, || {}).await;
    for pause in PAUSES_MS {
        if !matches!(opened, Err(Unopened::Damaged(_))) {
            break;
        }
        TimeoutFuture::new(pause).await;
        opened = database::open(NAME, || {}).await;
    }
    opened
}
