//! The stores of entries. A store runs `entry::step` atomically and durably; it has no rules of
//! its own.

mod any;
mod memory;
#[cfg(feature = "durable")]
mod postgres;
#[cfg(feature = "durable")]
mod queue;
#[cfg(feature = "durable")]
mod redis;
#[cfg(feature = "durable")]
mod sqlite;
#[cfg(feature = "durable")]
mod standing;

pub(crate) use any::Store;
#[cfg(feature = "durable")]
pub use postgres::PostgresServer;
#[cfg(feature = "durable")]
pub use redis::RedisServer;
#[cfg(all(test, feature = "durable"))]
pub(crate) use sqlite::Sqlite;
#[cfg(feature = "durable")]
pub(crate) use standing::Opening;
