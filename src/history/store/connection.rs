//! The connection to the database: opened once for everybody who waits for it, and again after it was
//! lost.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use wasm_bindgen_futures::spawn_local;

use super::blocks::Directory;
use super::database::{self, Records, Tables};
use crate::platform::latch::Latch;

/// How often something is tried: what met a connection that was closed gets a new one.
const ATTEMPTS: usize = 2;

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

    /// Runs `work` in one transaction; see [`database::write`]. `None` when it failed.
    pub async fn write<T>(&self, work: impl AsyncFn(&Tables<'_>) -> Result<T, Error>) -> Option<T> {
        for _ in 0..ATTEMPTS {
            match database::write(&self.get().await?, &self.0.directory, &work).await {
                Ok(done) => return Some(done),
                Err(_) => self.lose(),
            }
        }
        None
    }

    /// Runs `work` on the records, reading only. `None` when it failed.
    pub async fn read<T>(&self, work: impl AsyncFn(&Records<'_>) -> Result<T, Error>) -> Option<T> {
        for _ in 0..ATTEMPTS {
            match database::read(&self.get().await?, &self.0.directory, &work).await {
                Ok(done) => return Some(done),
                Err(_) => self.lose(),
            }
        }
        None
    }

    /// Gives up a connection that fails: the browser may have closed it.
    fn lose(&self) {
        if let Some(db) = self.0.db.take() {
            db.close();
        }
    }

    fn open(&self) -> Rc<Latch> {
        let (ended, inner) = (Rc::new(Latch::default()), self.0.clone());
        let latch = ended.clone();
        spawn_local(async move {
            let opened = database::open().await;
            inner.refused.set(opened.is_err());
            inner.db.replace(opened.ok());
            inner.opening.take();
            latch.open();
        });
        ended
    }
}
