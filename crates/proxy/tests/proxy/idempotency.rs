//! Nothing twice: creations under an idempotency key, against a sandbox whose resources are counted.

use axum::body::{to_bytes, Body};
use axum::http::Request;
use axum::Router;
use serde_json::{json, Value};
use tieline_protocol::problem;
use tieline_proxy::app;
use tieline_sandbox::Settings;
use tower::ServiceExt;

use crate::in_process::config;

const CEN: &str = "CreateCen";
const CCN: &str = "CreateCloudConnectNetwork";

fn proxy(settings: Settings) -> Router {
    app(config(settings))
}

/// Sends and gives the status, whether the answer is a replay, and the body.
async fn post(app: &Router, op: &str, key: &str, body: &Value) -> (u16, bool, Value) {
    let request = Request::post(format!("/v1/{op}"))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    let replayed = parts.headers.contains_key("idempotency-replayed");
    let json = serde_json::from_slice(&bytes).unwrap_or_default();
    (parts.status.as_u16(), replayed, json)
}

/// How many resources the cloud has.
async fn count(app: &Router, op: &str) -> u64 {
    let (read, body) = match op {
        CEN => ("DescribeCens", json!({})),
        _ => (
            "DescribeCloudConnectNetworks",
            json!({"RegionId": "cn-shanghai"}),
        ),
    };
    let (status, _, body) = post(app, read, "", &body).await;
    assert_eq!(status, 200, "{body}");
    body["TotalCount"].as_u64().expect("a count")
}

fn named(op: &str, name: &str) -> Value {
    match op {
        CEN => json!({ "Name": name }),
        _ => json!({ "Name": name, "IsDefault": false, "RegionId": "cn-shanghai" }),
    }
}

#[tokio::test]
async fn the_same_key_and_body_give_the_stored_answer() {
    let app = proxy(Settings::default());
    for op in [CEN, CCN] {
        let (status, replayed, first) = post(&app, op, "k", &named(op, "branch")).await;
        assert_eq!((status, replayed), (200, false));
        let (status, replayed, again) = post(&app, op, "k", &named(op, "branch")).await;
        assert_eq!((status, replayed), (200, true));
        assert_eq!(again, first);
        assert_eq!(count(&app, op).await, 1);
        let (_, replayed, other) = post(&app, op, "k2", &named(op, "branch")).await;
        assert!(!replayed);
        assert_ne!(other, first);
        assert_eq!(count(&app, op).await, 2);
    }
}

#[tokio::test]
async fn the_same_key_with_another_body_is_a_conflict() {
    let app = proxy(Settings::default());
    post(&app, CEN, "k", &named(CEN, "a")).await;
    let (status, _, body) = post(&app, CEN, "k", &named(CEN, "b")).await;
    assert_eq!(status, 409);
    assert_eq!(body["type"], problem::KEY_REUSED.uri);
    assert_eq!(count(&app, CEN).await, 1);
}

#[tokio::test]
async fn a_refusal_is_stored_and_what_was_not_executed_is_free() {
    let app = proxy(Settings::default());
    let forbidden = named(CEN, "fault-forbidden");
    let (status, _, _) = post(&app, CEN, "k", &forbidden).await;
    assert_eq!(status, 400);
    assert!(post(&app, CEN, "k", &forbidden).await.1);
    let throttled = named(CEN, "fault-throttle");
    let (_, _, first) = post(&app, CEN, "k2", &throttled).await;
    assert_eq!(first["Code"], "Throttling.User");
    assert!(!post(&app, CEN, "k2", &throttled).await.1);
}

#[tokio::test]
async fn a_lost_answer_is_found_by_the_token_that_was_sent_at_first() {
    let app = proxy(Settings::default());
    let lost = named(CEN, "fault-lost");
    let (status, _, body) = post(&app, CEN, "k", &lost).await;
    assert_eq!(body["type"], problem::OUTCOME_UNKNOWN.uri);
    assert_eq!(status, 502);
    // The client sent no token; the proxy made one and kept it with the key.
    let (status, replayed, found) = post(&app, CEN, "k", &lost).await;
    assert_eq!((status, replayed), (200, false), "{found}");
    assert_eq!(count(&app, CEN).await, 1);
    let (_, replayed, again) = post(&app, CEN, "k", &lost).await;
    assert!(replayed);
    assert_eq!(again, found);
}

#[tokio::test]
async fn without_a_token_an_unknown_outcome_is_never_sent_again() {
    let app = proxy(Settings::default());
    let lost = named(CCN, "fault-lost");
    for _ in 0..3 {
        let (status, _, body) = post(&app, CCN, "k", &lost).await;
        assert_eq!(status, 502);
        assert_eq!(body["type"], problem::OUTCOME_UNKNOWN.uri);
        assert_eq!(count(&app, CCN).await, 1);
    }
}

#[tokio::test]
async fn an_execution_that_a_gateway_hides_is_never_done_twice() {
    let app = proxy(Settings::default());
    let hidden = named(CEN, "fault-unavailable");
    let (status, replayed, _) = post(&app, CEN, "k", &hidden).await;
    assert_eq!((status, replayed), (503, false));
    assert_eq!(count(&app, CEN).await, 1);
    // Again with the token that was made for the key at first: the cloud says what it made then.
    let (status, _, found) = post(&app, CEN, "k", &hidden).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(count(&app, CEN).await, 1);
    assert!(post(&app, CEN, "k", &hidden).await.1);
    // Without a token nothing is sent again, by the proxy or for the client.
    let hidden = named(CCN, "fault-unavailable");
    for attempt in 0..3 {
        let (status, replayed, body) = post(&app, CCN, "k", &hidden).await;
        assert!(!replayed);
        match attempt {
            0 => assert_eq!(status, 503),
            _ => assert_eq!(body["type"], problem::OUTCOME_UNKNOWN.uri),
        }
        assert_eq!(count(&app, CCN).await, 1);
    }
}

#[tokio::test]
async fn an_unknown_outcome_is_never_said_to_be_a_lost_connection_when_it_is_none() {
    let app = proxy(Settings::default());
    for fault in ["fault-error", "fault-html"] {
        let unclear = named(CCN, fault);
        let (status, _, _) = post(&app, CCN, fault, &unclear).await;
        assert!(matches!(status, 200 | 500), "{status}");
        let (_, _, body) = post(&app, CCN, fault, &unclear).await;
        assert_eq!(body["type"], problem::OUTCOME_UNKNOWN.uri);
        let title = body["title"].as_str().expect("a title");
        assert!(!title.contains("connection"), "{title}");
        let title = problem::OUTCOME_UNKNOWN.title.zh;
        assert!(!title.contains("连接"), "{title}");
    }
}

#[tokio::test]
async fn a_request_in_flight_makes_the_others_wait() {
    let app = proxy(Settings {
        slow_ms: 300,
        ..Settings::default()
    });
    for op in [CEN, CCN] {
        let slow = named(op, "fault-slow");
        let all = (0..20).map(|_| post(&app, op, "k", &slow));
        let answers = futures_util::future::join_all(all).await;
        let fresh = answers.iter().filter(|(_, replayed, _)| !replayed).count();
        assert_eq!(fresh, 1);
        for (status, _, body) in &answers {
            assert_eq!(*status, 200, "{body}");
            assert_eq!(body, &answers[0].2);
        }
        assert_eq!(count(&app, op).await, 1);
    }
}
