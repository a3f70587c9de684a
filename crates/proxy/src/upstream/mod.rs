//! Where checked requests go: to the real clouds, or to their simulation in this process. Both ways
//! are signed, and retried here and nowhere else.

mod account_id;
mod client;
mod decoded;
#[cfg(feature = "live")]
pub(crate) mod https;
#[cfg(feature = "live")]
mod proxy_connector;
mod retry;
mod sign;

pub(crate) use client::account_param;
pub use client::{SendError, Upstream, World};
pub use decoded::{Heard, Meaning};
