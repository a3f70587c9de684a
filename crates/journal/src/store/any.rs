//! A store of any kind.

#[cfg(feature = "durable")]
use std::path::Path;

use super::memory::Memory;
#[cfg(feature = "durable")]
use super::postgres::{Postgres, PostgresServer};
#[cfg(feature = "durable")]
use super::redis::{Redis, RedisServer};
#[cfg(feature = "durable")]
use super::sqlite::Sqlite;
#[cfg(feature = "durable")]
use super::standing::Opening;
#[cfg(feature = "durable")]
use crate::clock::wall;
use crate::entry::{Reply, Step};
use crate::error::Error;
use crate::types::{EntryId, Unknown};

/// One of the stores.
pub(crate) enum Store {
    Memory(Memory),
    #[cfg(feature = "durable")]
    Sqlite(Sqlite),
    #[cfg(feature = "durable")]
    Redis(Redis),
    #[cfg(feature = "durable")]
    Postgres(Postgres),
}

impl Store {
    pub(crate) fn memory() -> Store {
        Store::Memory(Memory::default())
    }

    #[cfg(feature = "durable")]
    pub(crate) async fn sqlite(
        path: &Path,
        check_value: &str,
        create: bool,
    ) -> Result<Store, Error> {
        let (path, check_value) = (path.to_path_buf(), check_value.to_string());
        Sqlite::open(path, check_value, create, wall)
            .await
            .map(Store::Sqlite)
    }

    #[cfg(feature = "durable")]
    pub(crate) async fn redis(server: &RedisServer, opening: &Opening) -> Result<Store, Error> {
        Redis::connect(server, opening).await.map(Store::Redis)
    }

    #[cfg(feature = "durable")]
    pub(crate) async fn postgres(
        server: &PostgresServer,
        opening: &Opening,
    ) -> Result<Store, Error> {
        Postgres::connect(server, opening)
            .await
            .map(Store::Postgres)
    }

    /// The identity of a journal on a server, and whether it was begun when it was opened.
    pub(crate) fn identity(&self) -> Option<(&str, bool)> {
        match self {
            Store::Memory(_) => None,
            #[cfg(feature = "durable")]
            Store::Sqlite(_) => None,
            #[cfg(feature = "durable")]
            Store::Redis(store) => Some((&store.standing.identity, store.standing.begun)),
            #[cfg(feature = "durable")]
            Store::Postgres(store) => Some((&store.standing.identity, store.standing.begun)),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Store::Memory(_) => "memory",
            #[cfg(feature = "durable")]
            Store::Sqlite(_) => "sqlite",
            #[cfg(feature = "durable")]
            Store::Redis(_) => "redis",
            #[cfg(feature = "durable")]
            Store::Postgres(_) => "postgres",
        }
    }

    /// Runs a step on an entry, with the clock `ahead` by so many milliseconds. When it returns the
    /// change is durable.
    pub(crate) async fn apply(&self, id: &EntryId, step: Step, ahead: u64) -> Result<Reply, Error> {
        match self {
            Store::Memory(store) => Ok(store.apply(id, step, ahead)),
            #[cfg(feature = "durable")]
            Store::Sqlite(store) => store.apply(*id, step, ahead).await,
            #[cfg(feature = "durable")]
            Store::Redis(store) => store.apply(id, step, ahead).await,
            #[cfg(feature = "durable")]
            Store::Postgres(store) => store.apply(id, step, ahead).await,
        }
    }

    /// Loses an entry, as no store should. Only of the memory's.
    #[cfg(all(test, feature = "durable"))]
    pub(crate) fn forget(&self, id: &EntryId) {
        if let Store::Memory(store) = self {
            store.forget(id);
        }
    }

    /// The entries whose outcome is not known, in any order.
    pub(crate) async fn unknown(&self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        match self {
            Store::Memory(store) => Ok(store.unknown(ahead)),
            #[cfg(feature = "durable")]
            Store::Sqlite(store) => store.unknown(ahead).await,
            #[cfg(feature = "durable")]
            Store::Redis(store) => store.unknown(ahead).await,
            #[cfg(feature = "durable")]
            Store::Postgres(store) => store.unknown(ahead).await,
        }
    }
}
