//! Attacks by pages and machines that are not allowed.

use axum::body::{to_bytes, Body};
use axum::http::{Method, Request};
use axum::Router;
use serde_json::Value;
use tieline_protocol::problem::{self, ProblemType};
use tower::ServiceExt;

use crate::in_process::proxy_with;

/// The status and the problem's type of an answer.
async fn ask(app: &Router, method: Method, uri: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(uri)
        .header("content-type", "application/json")
        .header("idempotency-key", "k");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from("{}")).expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    (
        status,
        body["type"].as_str().unwrap_or_default().to_string(),
    )
}

fn refused(kind: &ProblemType) -> (u16, String) {
    (kind.status, kind.uri.to_string())
}

const CREATE: &str = "/v1/CreateCen";

/// How many instances the simulation has.
async fn created(app: &Router) -> usize {
    let request = Request::post("/v1/DescribeCens")
        .header("content-type", "application/json")
        .body(Body::from("{}"))
        .expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    let body = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    body["Cens"]["Cen"].as_array().expect("a list").len()
}

#[tokio::test]
async fn a_rebound_name_reads_and_creates_nothing() {
    let app = proxy_with(|_| {});
    for headers in [
        &[("host", "evil.example")][..],
        &[("host", "evil.example:8787")],
        // To the browser the page and the proxy are one origin.
        &[
            ("host", "evil.example:8787"),
            ("origin", "http://evil.example:8787"),
        ],
        &[("host", "evil.example"), ("origin", "http://localhost")],
        &[("host", "localhost"), ("host", "evil.example")],
        &[("host", "evil.example"), ("x-forwarded-host", "localhost")],
        &[("host", "evil.example"), ("forwarded", "host=localhost")],
        &[("host", "localhost.evil.example")],
        &[("host", "")],
    ] {
        for (method, path) in [
            (Method::GET, "/healthz"),
            (Method::GET, "/openapi.json"),
            (Method::POST, CREATE),
            (Method::OPTIONS, CREATE),
        ] {
            let answer = ask(&app, method, path, headers).await;
            assert_eq!(answer, refused(&problem::HOST), "{path} {headers:?}");
        }
    }
    let line = "http://evil.example/healthz";
    let answer = ask(&app, Method::GET, line, &[("host", "localhost")]).await;
    assert_eq!(answer, refused(&problem::HOST));
    assert_eq!(created(&app).await, 0);
    let answer = ask(&app, Method::POST, CREATE, &[("host", "localhost:8787")]).await;
    assert_eq!(answer.0, 200);
    assert_eq!(created(&app).await, 1);
}

#[tokio::test]
async fn a_listed_name_is_answered_as_it_is_listed() {
    let app = proxy_with(|config| {
        config.configuration.allowed_hosts = vec!["portal.example".to_string()];
    });
    for (host, expected) in [
        ("portal.example", 200),
        ("portal.example:8787", 421),
        ("a.portal.example", 421),
    ] {
        let answer = ask(&app, Method::GET, "/healthz", &[("host", host)]).await;
        assert_eq!(answer.0, expected, "{host}");
    }
}

#[tokio::test]
async fn a_strangers_page_creates_nothing() {
    let app = proxy_with(|_| {});
    for origin in [
        "null",
        "https://evil.example",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
        "http://evil.example\\@localhost",
        "file://localhost",
        "",
    ] {
        for method in [Method::POST, Method::OPTIONS] {
            let headers = [("host", "localhost"), ("origin", origin)];
            let answer = ask(&app, method, CREATE, &headers).await;
            assert_eq!(answer, refused(&problem::ORIGIN), "{origin}");
        }
    }
    assert_eq!(created(&app).await, 0);
}
