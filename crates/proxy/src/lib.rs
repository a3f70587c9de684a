//! The proxy: checks requests with the catalog, sends them to a cloud or its simulation, and relays
//! the answers.
//!
//! [`app`] makes the whole router without a port, so that tests call it directly. What a request
//! may be follows from the catalog; no operation is named here.

// Without the real clouds some of what serves them has no caller.
#![cfg_attr(not(feature = "live"), allow(dead_code, unused_imports))]

pub mod cli;
pub mod config;
#[cfg(feature = "live")]
mod doctor;
mod http;
mod idempotency;
mod in_process_sandbox;
mod observe;
pub mod sandbox_server;
mod upstream;

use std::ops::Deref;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use axum::middleware::from_fn_with_state;
use axum::Router;
use tieline_journal::Journal;

use http::limits::{Gate, Rates};
use http::{console, middleware, routes, security_headers};
use observe::audit::Audit;
use observe::metrics::Metrics;

pub use config::Configuration;
pub use http::openapi;
pub use in_process_sandbox::{
    SharedSandbox, SANDBOX_ACCESS_KEY, SANDBOX_DOMAIN_ID, SANDBOX_SECRET_KEY, SANDBOX_TOKEN,
};
pub use upstream::{Heard, Meaning, SendError, Upstream, World};

/// The proxy's version: `/healthz` and the header `Tieline-Proxy` carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

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
            journal: idempotency::in_memory(),
        }
    }
}

/// The state of all handlers. Every layer has a clone for every request, so a clone is one pointer.
#[derive(Clone)]
struct Shared(Arc<State>);

struct State {
    config: Config,
    audit: Audit,
    gate: Gate,
    metrics: Metrics,
    rates: Rates,
    /// The headers of every answer.
    fixed: Vec<(HeaderName, HeaderValue)>,
}

impl Deref for Shared {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

/// The whole proxy as a router.
pub fn app(config: Config) -> Router {
    gated(config).0
}

/// The whole proxy, what knows of the requests in work, and what counts them.
fn gated(config: Config) -> (Router, Gate, Metrics) {
    let configuration = &config.configuration;
    let shared = Shared(Arc::new(State {
        audit: Audit::new(configuration.audit.file.clone()),
        gate: Gate::new(&configuration.limits),
        metrics: Metrics::new(config.upstream.retries()),
        rates: Rates::new(&configuration.limits),
        fixed: security_headers::fixed(&configuration.frame_ancestors),
        config,
    }));
    let (gate, metrics) = (shared.gate.clone(), shared.metrics.clone());
    let api = |prefix| routes::api(prefix, &shared);
    let router = match &shared.config.configuration.console {
        // The page's default endpoint is `/api`: one process is a whole deployment.
        Some(folder) => api("")
            .nest("/api", api("/api").fallback(routes::not_found))
            .fallback_service(console::service(folder)),
        None => api("").fallback(routes::not_found),
    };
    let passage = from_fn_with_state(shared.clone(), middleware::pass);
    (router.with_state(shared).layer(passage), gate, metrics)
}
