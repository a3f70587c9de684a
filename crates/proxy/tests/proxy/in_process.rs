//! The proxy's router, called without a port.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{to_bytes, Body};
use axum::http::{Request, StatusCode};
use axum::Router;
use serde_json::Value;
use tieline_catalog::model::{Control, Operation};
use tieline_catalog::operations::operations;
use tieline_catalog::{check, Raw};
use tieline_protocol::problem;
use tieline_proxy::{app, Config, SharedSandbox, VERSION};
use tieline_sandbox::Settings;
use tower::ServiceExt;

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|v| v.to_str());
        value.unwrap_or(Ok("")).expect("ASCII")
    }

    /// Asserts that it is a problem of this kind and returns its body.
    pub fn problem(&self, kind: &problem::ProblemType) -> Value {
        let body = self.json();
        assert_eq!(self.header("content-type"), problem::CONTENT_TYPE, "{body}");
        assert_eq!(body["type"], kind.uri, "{body}");
        assert_eq!(self.status.as_u16(), kind.status);
        assert_eq!(body["status"], kind.status);
        for part in ["/title", "/detail", "/message/en", "/message/zh"] {
            let text = body.pointer(part).and_then(Value::as_str);
            assert!(text.is_some_and(|t| !t.is_empty()), "{part} in {body}");
        }
        assert_eq!(self.header("tieline-relayed"), "");
        body
    }

    pub fn parameters(&self) -> Vec<String> {
        let body = self.json();
        let violations = body["violations"].as_array().cloned().unwrap_or_default();
        let names = violations
            .iter()
            .map(|v| v["parameter"].as_str().unwrap_or_default());
        names.map(str::to_string).collect()
    }
}

/// A proxy with a sandbox of these settings, before it is started.
pub fn config(settings: Settings) -> Config {
    Config::sandbox(SharedSandbox::new(settings))
}

/// A proxy as it is by default.
pub fn proxy() -> Router {
    proxy_with(|_| {})
}

/// A proxy that is configured otherwise than by default.
pub fn proxy_with(change: impl FnOnce(&mut Config)) -> Router {
    let mut config = config(Settings::default());
    change(&mut config);
    app(config)
}

/// The folder of a console that has only a page; `name` is the test's own.
pub fn bare_console(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder for tests");
    std::fs::write(folder.join("index.html"), "<!doctype html>").expect("a file for tests");
    folder
}

/// The proxy's answer to a request.
pub async fn call(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 1 << 24).await.expect("a whole body");
    assert_eq!(parts.headers["tieline-proxy"], VERSION);
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(bytes.to_vec()).expect("UTF-8"),
    }
}

/// A request with an idempotency key of its own.
pub fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    static KEYS: AtomicU64 = AtomicU64::new(0);
    let key = format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed));
    Request::post(path)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(body.into())
        .expect("a request")
}

pub fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

/// The short names of the catalog's services.
pub fn services() -> BTreeSet<&'static str> {
    operations().map(|op| op.service.id).collect()
}

/// Those of all services that the proxy speaks to.
pub fn services_and_iam() -> impl Iterator<Item = &'static str> {
    services().into_iter().chain(["iam"])
}

/// The document's example, with what it masks filled in.
pub fn example(op: &'static Operation) -> String {
    let mut raw = Raw::example(op);
    for param in op.params {
        match param.control {
            Control::Account => raw.set(param.name, "0a1b2c3d"),
            _ if param.name == "IpAddress" => raw.set(param.name, "116.62.222.10"),
            _ => true,
        };
    }
    check(op, &raw).parsed.to_json().to_string()
}
