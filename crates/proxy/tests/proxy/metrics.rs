//! What `/metrics` tells, to whom, and how much a client can make of it.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::{to_bytes, Body};
use axum::http::{Method, Request, Response};
use axum::Router;
use tieline_catalog::operations::operations;
use tieline_proxy::config::Auth;
use tieline_proxy::Config;
use tower::ServiceExt;

use crate::in_process::{bare_console, proxy_with};

fn proxy(change: impl FnOnce(&mut Config)) -> Router {
    proxy_with(|config| {
        config.configuration.limits.rate_per_minute = 0;
        change(config);
    })
}

async fn ask(app: &Router, method: Method, path: &str, key: &str, body: &str) -> Response<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .expect("a request");
    app.clone().oneshot(request).await.expect("infallible")
}

async fn post(app: &Router, path: &str, key: &str, body: &str) {
    ask(app, Method::POST, path, key, body).await;
}

async fn metrics(app: &Router) -> String {
    let response = ask(app, Method::GET, "/metrics", "k", "").await;
    let kind = &response.headers()["content-type"];
    assert_eq!(
        kind,
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    let body = to_bytes(response.into_body(), 1 << 24).await;
    let text = String::from_utf8(body.expect("a body").to_vec()).expect("text");
    assert!(text.ends_with("# EOF\n"), "{text}");
    text
}

/// A sample's value.
fn sample(text: &str, series: &str) -> f64 {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    let value = line.unwrap_or_else(|| panic!("{series} is not in {text}"));
    value.parse().expect("a number")
}

#[tokio::test]
async fn requests_are_counted_by_what_became_of_them() {
    let app = proxy(|_| {});
    let cen = "/v1/CreateCen";
    for _ in 0..2 {
        post(&app, cen, "k", "{\"Name\":\"a\"}").await;
    }
    post(&app, cen, "k", "{\"Name\":\"b\"}").await;
    post(&app, cen, "k2", "{\"Name\":\"fault-lost\"}").await;
    post(&app, cen, "k3", "{").await;
    post(&app, "/api/v1/CreateCen", "k3", "{").await;
    post(&app, "/v1/CreateCen/canary", "k3", "{").await;
    ask(&app, Method::GET, "/", "", "").await;
    post(&app, "/v1/CreateCen/check", "", "{}").await;
    post(&app, "/v1/DescribeCens", "", "{}").await;
    ask(&app, Method::GET, "/healthz", "", "").await;
    let text = metrics(&app).await;
    for (route, operation, outcome, expected) in [
        ("/v1", "CreateCen", "created", 1.0),
        ("/v1", "CreateCen", "replayed", 1.0),
        ("/v1", "CreateCen", "key-reused", 1.0),
        ("/v1", "CreateCen", "outcome-unknown", 1.0),
        ("/v1", "CreateCen", "malformed-body", 1.0),
        // Without a console there is nothing at `/api` nor at `/`.
        ("(unmatched)", "", "not-found", 3.0),
        ("/v1/check", "CreateCen", "answered", 1.0),
        ("/v1", "DescribeCens", "answered", 1.0),
        ("/healthz", "", "answered", 1.0),
    ] {
        let series = format!(
            "tieline_requests_total{{route=\"{route}\",operation=\"{operation}\",outcome=\"{outcome}\"}}"
        );
        assert_eq!(sample(&text, &series), expected, "{series}");
    }
    for (answer, expected) in [("fresh", 2.0), ("replay", 1.0), ("conflict", 1.0)] {
        let series = format!("tieline_journal_answers_total{{answer=\"{answer}\"}}");
        assert_eq!(sample(&text, &series), expected);
    }
    let at = "route=\"/v1\",operation=\"CreateCen\"";
    let count = format!("tieline_request_duration_seconds_count{{{at}}}");
    assert_eq!(sample(&text, &count), 5.0);
    let all = format!("tieline_request_duration_seconds_bucket{{le=\"+Inf\",{at}}}");
    assert_eq!(sample(&text, &all), 5.0);
    assert_eq!(sample(&text, "tieline_requests_in_flight"), 0.0);
    assert_eq!(sample(&text, "tieline_audit_failures_total"), 0.0);
}

/// With a console the API is below `/api` too, counted as the same routes; any other path is the
/// console's.
#[tokio::test]
async fn a_route_has_one_label_wherever_it_is_mounted() {
    let dist = bare_console("metrics-console");
    let app = proxy(|config| config.configuration.console = Some(dist));
    for prefix in ["", "/api"] {
        post(&app, &format!("{prefix}/v1/CreateCen/check"), "", "{}").await;
        ask(&app, Method::GET, &format!("{prefix}/healthz"), "", "").await;
        ask(&app, Method::GET, &format!("{prefix}/nothing"), "", "").await;
    }
    ask(&app, Method::GET, "/", "", "").await;
    let text = metrics(&app).await;
    for (route, operation, outcome, expected) in [
        ("/v1/check", "CreateCen", "answered", 2.0),
        ("/healthz", "", "answered", 2.0),
        ("(unmatched)", "", "not-found", 2.0),
        ("(unmatched)", "", "answered", 1.0),
    ] {
        let series = format!(
            "tieline_requests_total{{route=\"{route}\",operation=\"{operation}\",outcome=\"{outcome}\"}}"
        );
        assert_eq!(sample(&text, &series), expected, "{series}");
    }
}

#[tokio::test]
async fn what_was_sent_again_is_counted() {
    let app = proxy(|_| {});
    let throttled = "{\"Name\":\"fault-throttle\"}";
    post(&app, "/v1/CreateCen", "k", throttled).await;
    let text = metrics(&app).await;
    let series = "tieline_upstream_retries_total{operation=\"CreateCen\"}";
    assert_eq!(sample(&text, series), 3.0);
    let series =
        "tieline_requests_total{route=\"/v1\",operation=\"CreateCen\",outcome=\"not-executed\"}";
    assert_eq!(sample(&text, series), 1.0);
}

/// Its creation goes on without it.
#[tokio::test]
async fn a_client_that_hangs_up_is_counted() {
    let app = proxy(|_| {});
    let asked = post(&app, "/v1/CreateCen", "k", "{\"Name\":\"fault-slow\"}");
    let given_up = tokio::time::timeout(Duration::from_millis(100), asked).await;
    assert!(given_up.is_err(), "it was answered at once");
    let series = "tieline_requests_total{route=\"/v1\",operation=\"CreateCen\",outcome=\"gone\"}";
    assert_eq!(sample(&metrics(&app).await, series), 1.0);
    let count = "tieline_request_duration_seconds_count{route=\"/v1\",operation=\"CreateCen\"}";
    assert_eq!(sample(&metrics(&app).await, count), 1.0);
}

/// Every name that a client can choose, chosen often.
#[tokio::test]
async fn a_client_makes_no_series() {
    let app = proxy(|_| {});
    let attack = |n: usize| async move {
        vec![
            (Method::POST, format!("/v1/canary{n}")),
            (Method::POST, format!("/v1/CreateCen/canary{n}")),
            (Method::GET, format!("/canary{n}?canary{n}")),
            (Method::POST, format!("/v1/CreateCen%2Fcanary{n}")),
            (
                Method::from_bytes(format!("CANARY{n}").as_bytes()).expect("a method"),
                "/v1/CreateCen".to_string(),
            ),
        ]
    };
    let mut sizes = BTreeSet::new();
    for n in 0..50 {
        for (method, path) in attack(n).await {
            let key = format!("canary-{n}");
            ask(&app, method, &path, &key, "{\"canary\":1}").await;
        }
        if n > 0 {
            let text = metrics(&app).await;
            assert!(!text.to_lowercase().contains("canary"), "{text}");
            sizes.insert(text.lines().count());
        }
    }
    assert!(sizes.len() <= 2, "{sizes:?}");
}

/// With all that there is to ask for, the text stays small.
#[tokio::test]
async fn the_number_of_series_is_bounded() {
    let app = proxy(|_| {});
    for op in operations() {
        for suffix in ["", "/check", "/preview", "/code", "/x"] {
            for body in ["{}", "{", "[]", "{\"Name\":\"fault-error\"}"] {
                let path = format!("/v1/{}{suffix}", op.name);
                post(&app, &path, op.name, body).await;
            }
        }
    }
    let lines = metrics(&app).await.lines().count();
    assert!(lines < 100 * operations().count(), "{lines}");
}

#[tokio::test]
async fn a_stranger_reads_no_metrics() {
    let app = proxy(|config| {
        let tokens = format!(
            "tokens = [{{ name = \"ci\", sha256 = \"{}\" }}]",
            "00".repeat(32)
        );
        config.configuration.auth = toml::from_str::<Auth>(&tokens).expect("a configuration");
    });
    let response = ask(&app, Method::GET, "/metrics", "", "").await;
    assert_eq!(response.status(), 401);
    let response = ask(&app, Method::POST, "/metrics", "", "").await;
    assert_eq!(response.status(), 401);
}
