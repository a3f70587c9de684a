//! The state of the proxy, which all handlers share.

use std::ops::Deref;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use tieline_journal::Journal;

use super::limits::{ConcurrencyLimit, RateLimit};
use super::security_headers;
use crate::config::Configuration;
use crate::idempotency;
use crate::in_process_sandbox::SharedSandbox;
use crate::observe::audit::Audit;
use crate::observe::metrics::Metrics;
use crate::stopping::Stopping;
use crate::upstream::Upstream;

/// The parts that a proxy is made of.
pub struct Config {
    /// The clouds, or their simulation.
    pub upstream: Upstream,
    /// The configuration. The upstream has taken its part of it.
    pub configuration: Configuration,
    /// The journal, which keeps a creation from being sent twice under one key; without it nothing is
    /// remembered.
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
pub struct Shared(Arc<State>);

/// The state behind [`Shared`].
pub struct State {
    /// The parts that the proxy is made of.
    pub config: Config,
    /// The audit file.
    pub audit: Audit,
    /// The requests in work.
    pub concurrency: ConcurrencyLimit,
    /// The counts.
    pub metrics: Metrics,
    /// The requests of each client in time.
    pub rates: RateLimit,
    /// Whether the program was asked to stop.
    pub stopping: Stopping,
    /// The headers of every answer.
    pub fixed_headers: Vec<(HeaderName, HeaderValue)>,
}

impl Shared {
    /// The state of a proxy that has answered nothing yet.
    pub fn new(config: Config) -> Shared {
        let configuration = &config.configuration;
        Shared(Arc::new(State {
            audit: Audit::new(configuration.audit.file.clone()),
            concurrency: ConcurrencyLimit::new(&configuration.limits),
            metrics: Metrics::new(config.upstream.retries()),
            rates: RateLimit::new(&configuration.limits),
            stopping: Stopping::default(),
            fixed_headers: security_headers::fixed(&configuration.frame_ancestors),
            config,
        }))
    }
}

impl Deref for Shared {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}
