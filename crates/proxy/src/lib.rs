//! The proxy: checks requests with the catalog, sends them to a cloud or its simulation, and relays
//! the answers.
//!
//! [`app`] makes the whole router without a port, so that tests call it directly. What a request
//! may be follows from the catalog; no operation is named here.

pub mod cli;
pub mod config;
mod console;
mod log;
pub mod openapi;
mod origin;
mod problem;
mod routes;
mod schema;
mod upstream;
pub mod vendor;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::Router;
use tower_http::set_header::SetResponseHeaderLayer;

pub use upstream::{SendError, SharedSandbox, Upstream};

/// The proxy's version: `/healthz` and the header `Tieline-Proxy` carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The longest request body in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// What the proxy works with.
pub struct Config {
    /// What answers the requests.
    pub upstream: Upstream,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Origins beyond those of this machine whose pages may use the proxy.
    pub allowed_origins: Vec<String>,
    /// The folder of a built console to serve.
    pub console: Option<PathBuf>,
    /// Which clouds' credentials are present.
    pub credentials: Credentials,
}

/// Which clouds' credentials are present; never the credentials themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Credentials {
    /// Alibaba Cloud's.
    pub alibaba: bool,
    /// Huawei Cloud's.
    pub huawei: bool,
}

impl Config {
    /// The defaults before an upstream.
    pub fn new(upstream: Upstream) -> Config {
        Config {
            upstream,
            timeout: Duration::from_secs(30),
            allowed_origins: Vec::new(),
            console: None,
            credentials: Credentials::default(),
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
    let api = || routes::api("").fallback(routes::not_found);
    let router = match &shared.config.console {
        // The page's default endpoint is `/api`: one process is a whole deployment.
        Some(folder) => routes::api("")
            .nest("/api", routes::api("/api").fallback(routes::not_found))
            .fallback_service(console::service(folder)),
        None => api(),
    };
    router
        .with_state(shared.clone())
        .layer(from_fn_with_state(shared, origin::guard))
        .layer(header("tieline-proxy", VERSION))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "no-referrer"))
        .layer(from_fn(log::requests))
}

fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}
