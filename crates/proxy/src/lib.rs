//! The proxy: checks requests with the catalog, sends them to a cloud or its simulation, and relays
//! the answers.
//!
//! [`app`] makes the whole router without a port, so that tests call it directly. What a request
//! may be follows from the catalog; no operation is named here.

// Without the real clouds some of what serves them has no caller.
#![cfg_attr(not(feature = "live"), allow(dead_code, unused_imports))]

mod auth;
pub mod cli;
pub mod config;
mod console;
#[cfg(feature = "live")]
mod doctor;
mod guard;
mod headers;
mod log;
mod once;
pub mod openapi;
mod origin;
mod problem;
mod routes;
mod schema;
mod simulation;
mod upstream;
pub mod vendor;

use std::sync::Arc;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::Router;
use tieline_journal::Journal;

pub use config::Configuration;
pub use simulation::{
    SharedSandbox, SANDBOX_ACCESS_KEY, SANDBOX_DOMAIN_ID, SANDBOX_SECRET_KEY, SANDBOX_TOKEN,
};
pub use upstream::{ProfileInfo, SendError, Upstream, World};

/// The proxy's version: `/healthz` and the header `Tieline-Proxy` carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The longest request body in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// What the proxy works with.
pub struct Config {
    /// What answers the requests.
    pub upstream: Upstream,
    /// What is configured. The upstream has taken its part of it.
    pub configuration: Configuration,
    /// What keeps a creation from being sent twice under one key; without it nothing is remembered.
    pub journal: Option<Journal>,
}

impl Config {
    /// The simulation with everything else as it is by default.
    pub fn sandbox(sandbox: SharedSandbox) -> Config {
        let configuration = Configuration::default();
        Config {
            upstream: Upstream::sandbox(sandbox, &configuration),
            configuration,
            journal: once::in_memory(),
        }
    }
}

/// The state of all handlers.
#[derive(Clone)]
struct Shared {
    config: Arc<Config>,
}

/// The whole proxy as a router.
pub fn app(config: Config) -> Router {
    let shared = Shared {
        config: Arc::new(config),
    };
    let fixed = headers::fixed(&shared.config.configuration.frame_ancestors);
    let api = |prefix| routes::api(prefix, &shared.config.upstream);
    let router = match &shared.config.configuration.console {
        // The page's default endpoint is `/api`: one process is a whole deployment.
        Some(folder) => api("")
            .nest("/api", api("/api").fallback(routes::not_found))
            .fallback_service(console::service(folder)),
        None => api("").fallback(routes::not_found),
    };
    router
        .with_state(shared.clone())
        .layer(from_fn_with_state(shared.clone(), auth::guard))
        .layer(from_fn_with_state(shared.clone(), origin::guard))
        .layer(from_fn_with_state(shared, guard::host))
        .layer(from_fn_with_state(fixed, headers::add))
        .layer(from_fn(log::requests))
}
