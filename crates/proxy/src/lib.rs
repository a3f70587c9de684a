//! The proxy: checks requests with the catalog, signs them, sends them to a cloud or its simulation, and
//! relays the answers. It serves the console too, and has the commands `doctor`, `journal`, `verify` and
//! `sandbox`.
//!
//! [`app`] makes the whole router without a port, so that tests call it directly. What a request
//! may be follows from the catalog; no operation is named here.

pub mod cli;
pub mod config;
#[cfg(feature = "live")]
mod doctor;
mod http;
mod iam;
mod idempotency;
mod in_process_sandbox;
#[cfg(feature = "live")]
mod journal;
mod observe;
mod platform;
pub mod sandbox_server;
mod stopping;
mod upstream;
mod verify;
mod version;

pub use config::Configuration;
pub use http::{app, openapi, Config};
pub use in_process_sandbox::{
    SharedSandbox, SANDBOX_ACCESS_KEY, SANDBOX_ACCOUNT_ID, SANDBOX_SECRET_KEY, SANDBOX_TOKEN,
};
pub use platform::Platform;
pub use upstream::{DecodedResponse, Meaning, SendError, Upstream};
pub use version::VERSION;
