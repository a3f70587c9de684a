//! Sending through the proxy or to the sandbox inside the page, and the outcome.
//!
//! Every failure on the way becomes an `Answer` whose class is true: *not executed* only when it
//! is certain that nothing reached the cloud, *unknown* otherwise. A creation is therefore
//! preceded by a look at the proxy's `healthz`, because `fetch` cannot tell a refused connection
//! from one that broke after the request had left.

mod access;
mod checks;
mod classify;
mod connection;
pub mod endpoint;
mod fetch;
mod header;
mod health;
mod in_page;
mod messages;
mod send;
mod sent;
mod target;

pub use access::{Access, Proxy};
pub use checks::{connection, Freshness};
pub use classify::{is_by_other_keys, repeated};
pub use connection::Connection;
pub use messages::NO_LOOK_UP;
#[cfg(test)]
pub use messages::OTHER_KEYS;
pub use send::{find_lost, is_simulated, lost, other, read, send, signed_read, unsent, LookedUp};
pub use sent::{read_failure, Sent};
pub use target::Target;
