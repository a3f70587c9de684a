//! The whole proxy as a router.

use axum::middleware::from_fn_with_state;
use axum::Router;

use super::limits::ConcurrencyLimit;
use super::problem::not_found;
use super::state::{Config, Shared};
use super::{console, middleware, paths, routes};
use crate::observe::metrics::Metrics;
use crate::stopping::Stopping;

/// A router, with the requests in work and their counts.
pub struct Service {
    /// The routes behind everything that each request passes.
    pub router: Router,
    /// The requests in work.
    pub concurrency: ConcurrencyLimit,
    /// The counts.
    pub metrics: Metrics,
    /// Whether nothing more is to be begun.
    pub stopping: Stopping,
}

/// The whole proxy as a router.
pub fn app(config: Config) -> Router {
    service(config).router
}

/// The whole proxy.
pub fn service(config: Config) -> Service {
    let shared = Shared::new(config);
    let (concurrency, metrics) = (shared.concurrency.clone(), shared.metrics.clone());
    let stopping = shared.stopping.clone();
    let api = |prefix| routes::api(prefix, &shared);
    let hosts = &shared.config.configuration.frame_ancestors;
    let router = match &shared.config.configuration.console {
        // The page's default endpoint is `/api`: one process is a whole deployment.
        Some(folder) => api("")
            .nest(paths::API, api(paths::API).fallback(not_found))
            .fallback_service(console::service(folder, hosts)),
        None => api("").fallback(not_found),
    };
    let every_request = from_fn_with_state(shared.clone(), middleware::pass);
    Service {
        router: router.with_state(shared).layer(every_request),
        concurrency,
        metrics,
        stopping,
    }
}
