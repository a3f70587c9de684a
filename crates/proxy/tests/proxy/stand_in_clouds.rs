//! What stands in for the clouds: servers on loopback, and a proxy that takes them for real.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::Router;
use tieline_journal::Journal;
use tieline_proxy::config::{accounts, Configuration, Endpoint, Environment};
use tieline_proxy::{app, Config, Upstream};
use tokio::net::TcpListener;

use crate::in_process::services_and_iam;

/// The variables with the keys that the sandbox knows; the first two are Alibaba Cloud's.
pub const KEYS: &[(&str, &str)] = &[
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
    ("HUAWEICLOUD_SDK_AK", "sandbox-access-key"),
    ("HUAWEICLOUD_SDK_SK", "sandbox-secret-key"),
];

/// Serves a router until the test ends; its address.
pub async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A cloud's answer in JSON.
pub fn vendors(status: u16, body: impl Into<String>) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", "application/json")], body.into()).into_response()
}

/// The endpoint of a server without TLS.
pub fn endpoint(address: &str) -> Endpoint {
    Endpoint::parse(&format!("http://{address}")).expect("an endpoint")
}

/// A configuration with every service at one address.
pub fn configuration(address: &str) -> Configuration {
    let mut configuration = Configuration::default();
    // Longer than any machine takes: whoever is about this limit sets it.
    configuration.limits.upstream_timeout = 120;
    configuration.endpoints = services_and_iam()
        .map(|service| (service.to_string(), endpoint(address)))
        .collect();
    configuration
}

/// What a proxy of this configuration sends through, with the keys in these variables.
pub fn upstream(configuration: &Configuration, variables: &[(&str, &str)]) -> Upstream {
    let variables = variables.iter();
    let environment: Environment = variables
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    let accounts = accounts(configuration, &environment).expect("accounts");
    Upstream::live(configuration, accounts).expect("TLS")
}

/// A proxy of this configuration, with the keys in these variables.
pub fn proxy(
    configuration: Configuration,
    variables: &[(&str, &str)],
    journal: Option<Journal>,
) -> Router {
    app(Config {
        upstream: upstream(&configuration, variables),
        configuration,
        journal,
    })
}
