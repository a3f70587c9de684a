//! The upstream: the real clouds, or their simulation in this process. Requests to both are signed
//! here, retried here and nowhere else, and the one way out of the proxy.

mod account_id;
mod client;
mod decoded;
mod error;
mod exchange;
#[cfg(feature = "live")]
mod http_client;
#[cfg(feature = "live")]
mod proxy_connector;
mod retry;
mod sign;

pub(crate) use account_id::IAM_TIMEOUT;
#[cfg(feature = "live")]
pub(crate) use client::account_param;
pub use client::Upstream;
pub(crate) use decoded::RELAYED_HEADERS;
pub use decoded::{DecodedResponse, Meaning};
pub use error::SendError;
#[cfg(feature = "live")]
pub(crate) use http_client::system_roots;
pub(crate) use sign::{credential, is_of_the_keys};
