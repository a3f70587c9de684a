//! The journal: what was sent to a cloud under an idempotency key, and what became of it.
//!
//! Creating a resource twice costs money, and losing the id of one costs more. So the intent to send
//! is durable before a request leaves ([`Journal::begin`]), and the answer is durable before the
//! client gets it ([`Journal::finish`]):
//!
//! ```text
//!            begin                  finish(Created | Rejected)
//!   (free) ────────► held ──────────────────────────────────────► answered ──► (free)
//!      ▲              │ ▲ retry_with_token                         ▲     after the retention
//!      │ NotExecuted  │ │                                          │
//!      ├──────────────┤ │          finish(Created), reconcile      │
//!      │              ▼ │                                          │
//!      └─────────── unknown ───────────────────────────────────────┘
//! ```
//!
//! - A lease whose holder crashes or stalls ends; the key is then *unknown*, never free. Unknown
//!   entries do not expire.
//! - Once an attempt is unknown, a repeat that is refused or not executed proves nothing about the
//!   first attempt: only a created resource or [`Journal::reconcile`] settles the key.
//! - The store holds keyed digests instead of principals, keys and parameters ([`Secret`]), and
//!   answers as they were relayed.
//!
//! A request is one task of its own, from `begin` to `finish`: were it cut off when its client hangs
//! up, the key would turn unknown for no reason.
//!
//! Stores: [`Journal::sqlite`] for one process, [`Journal::redis`] and [`Journal::postgres`] for several
//! replicas, [`Journal::memory`] for tests and simulations. All run the same rules (`entry.rs`) and pass the
//! same tests (`contract.rs`).

mod clock;
#[cfg(all(test, feature = "durable"))]
mod contract;
mod entry;
mod error;
mod journal;
mod secret;
mod store;
mod types;

pub use error::Error;
pub use journal::{Journal, Options};
pub use secret::Secret;
#[cfg(feature = "durable")]
pub use store::{PostgresServer, RedisServer};
pub use types::{Answer, Begin, EntryId, Intent, Key, Lease, Outcome, Settled, Unknown};
