//! Where entries are kept. A store runs [`entry::step`] atomically and durably; it has no rules of
//! its own.

mod memory;
#[cfg(feature = "durable")]
mod redis;
#[cfg(feature = "durable")]
mod sqlite;

#[cfg(feature = "durable")]
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(feature = "durable")]
pub use self::redis::RedisServer;
use crate::entry::{Entry, Reply, Step};
use crate::{EntryId, Error, Unknown};

pub(crate) enum Store {
    Memory(memory::Memory),
    #[cfg(feature = "durable")]
    Sqlite(sqlite::Sqlite),
    #[cfg(feature = "durable")]
    Redis(redis::Redis),
}

impl Store {
    pub(crate) fn memory() -> Store {
        Store::Memory(memory::Memory::default())
    }

    #[cfg(feature = "durable")]
    pub(crate) async fn sqlite(
        path: &Path,
        check_value: &str,
        create: bool,
    ) -> Result<Store, Error> {
        let (path, check_value) = (path.to_path_buf(), check_value.to_string());
        sqlite::Sqlite::open(path, check_value, create)
            .await
            .map(Store::Sqlite)
    }

    #[cfg(feature = "durable")]
    pub(crate) async fn redis(
        server: &RedisServer,
        check_value: &str,
        create: bool,
    ) -> Result<Store, Error> {
        redis::Redis::connect(server, check_value, create)
            .await
            .map(Store::Redis)
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Store::Memory(_) => "memory",
            #[cfg(feature = "durable")]
            Store::Sqlite(_) => "sqlite",
            #[cfg(feature = "durable")]
            Store::Redis(_) => "redis",
        }
    }

    /// Runs a step on an entry, with the clock `ahead` by so many milliseconds. When it returns the
    /// change is durable.
    pub(crate) async fn apply(&self, id: &EntryId, step: Step, ahead: u64) -> Result<Reply, Error> {
        match self {
            Store::Memory(store) => Ok(store.apply(id, step, now().saturating_add(ahead))),
            #[cfg(feature = "durable")]
            Store::Sqlite(store) => store.apply(*id, step, ahead).await,
            #[cfg(feature = "durable")]
            Store::Redis(store) => store.apply(id, step, ahead).await,
        }
    }

    /// The entries whose outcome is not known, in any order.
    pub(crate) async fn unknown(&self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        match self {
            Store::Memory(store) => Ok(store.unknown(now().saturating_add(ahead))),
            #[cfg(feature = "durable")]
            Store::Sqlite(store) => store.unknown(ahead).await,
            #[cfg(feature = "durable")]
            Store::Redis(store) => store.unknown(ahead).await,
        }
    }
}

/// This machine's clock, in milliseconds since 1970.
fn now() -> u64 {
    let age = SystemTime::now().duration_since(UNIX_EPOCH);
    age.map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}

fn write(entry: &Entry, id: &EntryId) -> Result<String, Error> {
    serde_json::to_string(entry).map_err(|_| Error::Unreadable(id.to_string()))
}

/// An entry that cannot be read is an error, never an absent one.
fn read(text: &str, id: &EntryId) -> Result<Entry, Error> {
    serde_json::from_str(text).map_err(|_| Error::Unreadable(id.to_string()))
}
