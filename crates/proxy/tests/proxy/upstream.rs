//! What a cloud's server may do to its connections: whatever it is, nobody is told another's id, and what
//! makes no sense leaves the outcome unknown.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{to_bytes, Body};
use axum::http::Request;
use axum::Router;
use serde_json::{json, Value};
use tieline_journal::{Journal, Options, Secret};
use tieline_protocol::problem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::stand_in_clouds::{self, configuration, KEYS};

const CEN: &str = "/v1/CreateCen";
const CCN: &str = "/v1/CreateCloudConnectNetwork";

/// A proxy in front of a server at this address.
fn proxy(address: &str, journal: Journal) -> Router {
    let mut configuration = configuration(address);
    configuration.limits.rate_per_minute = 0;
    stand_in_clouds::proxy(configuration, KEYS, Some(journal))
}

fn journal() -> Journal {
    Journal::memory(Secret::random().expect("a secret"), Options::default())
}

async fn post(app: &Router, path: &str, key: &str, body: &Value) -> (u16, Value) {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .expect("a request");
    let answer = app.clone().oneshot(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// The head and the body of the next request; `None` at the connection's end.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// The value of a parameter in a request's query.
fn parameter(head: &str, name: &str) -> String {
    let start = format!("{name}=");
    let mut parts = head.split(['?', '&', ' ']);
    let found = parts.find_map(|part| part.strip_prefix(start.as_str()));
    found.unwrap_or_default().to_string()
}

/// The answer to a creation of this name, whose id tells it.
fn created(name: &str) -> String {
    let body = format!(r#"{{"CenId":"cen-{name}","RequestId":"R"}}"#);
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// How a server sends one answer too many.
#[derive(Clone, Copy, Debug)]
enum Extra {
    /// In one piece with the right one.
    Together,
    /// After this time.
    After(Duration),
    /// When the next request has come, before its own answer.
    WithTheNext,
}

/// A server that keeps its connections and sends one answer too many on each.
async fn talkative(extra: Extra) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut owed = None;
                let mut first = true;
                while let Some(head) = request(&mut stream).await {
                    let mut answer = created(&parameter(&head, "Name"));
                    if let Some(owed) = owed.take() {
                        answer = format!("{owed}{answer}");
                    }
                    let again = answer.clone();
                    if first && matches!(extra, Extra::Together) {
                        answer += &again;
                    }
                    if stream.write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                    match extra {
                        Extra::After(pause) if first => {
                            tokio::time::sleep(pause).await;
                            if stream.write_all(again.as_bytes()).await.is_err() {
                                return;
                            }
                        }
                        Extra::WithTheNext if first => owed = Some(again),
                        _ => {}
                    }
                    first = false;
                }
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_told_anothers_id_when_a_server_answers_once_too_often() {
    for extra in [
        Extra::Together,
        Extra::After(Duration::ZERO),
        Extra::After(Duration::from_millis(2)),
        Extra::After(Duration::from_millis(20)),
        Extra::WithTheNext,
    ] {
        let app = proxy(&talkative(extra).await, journal());
        let mut wrong = Vec::new();
        for round in 0..20 {
            let creations = (0..5).map(|n| {
                let (app, name) = (app.clone(), format!("n-{round}-{n}"));
                async move {
                    let (_, body) = post(&app, CEN, &name, &json!({ "Name": name })).await;
                    (name, body["CenId"].as_str().unwrap_or_default().to_string())
                }
            });
            for (name, id) in futures_util::future::join_all(creations).await {
                if id != format!("cen-{name}") {
                    wrong.push((name, id));
                }
            }
        }
        assert!(wrong.is_empty(), "{extra:?}: {wrong:?}");
    }
}

/// A server that gives every request the same bytes and ends the connection; how many it got.
async fn reciting(bytes: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if request(&mut stream).await.is_some() {
                counted.fetch_add(1, Ordering::SeqCst);
                stream.write_all(&bytes).await.ok();
                stream.shutdown().await.ok();
            }
        }
    });
    (address, count)
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_leaves_the_outcome_unknown() {
    let id = r#"{"CenId":"cen-1"}"#;
    let long = "x".repeat(1 << 20);
    for bytes in [
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"
            .to_string(),
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n{id}"
        ),
        "HTTP/1.1 100 Continue\r\n\r\n".to_string(),
        format!("HTTP/1.1 99 Odd\r\n\r\n{id}"),
        format!("HTTP/1.1 2000 Odd\r\n\r\n{id}"),
        format!("HTTP/3 200 OK\r\n\r\n{id}"),
        id.to_string(),
        String::new(),
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 17\r\n\r\n{}".to_string(),
        format!("HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{id}"),
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{id}"),
        format!("HTTP/1.1 200 OK\r\nx: {long}\r\n\r\n{id}"),
        "SSH-2.0-OpenSSH_9.2\r\n".to_string(),
    ] {
        let shown: String = bytes.chars().take(60).collect();
        let (address, count) = reciting(bytes.into_bytes()).await;
        let app = proxy(&address, journal());
        let ccn = json!({ "Name": "test", "IsDefault": false, "RegionId": "cn-shanghai" });
        for attempt in 1..=2 {
            let (status, body) = post(&app, CCN, "k", &ccn).await;
            assert_eq!(
                body["type"],
                problem::OUTCOME_UNKNOWN.uri,
                "{shown} {attempt}"
            );
            assert_eq!(status, 502, "{shown}");
            assert_eq!(count.load(Ordering::SeqCst), 1, "{shown}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_an_id_never_has_a_creation_without_a_token_sent_again() {
    let coded = |status: u16, code: &str| {
        let body = format!(r#"{{"Code":"{code}","Message":"m","RequestId":"R"}}"#);
        let length = body.len();
        format!("HTTP/1.1 {status} Odd\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
    };
    let ccn = json!({ "Name": "test", "IsDefault": false, "RegionId": "cn-shanghai" });
    for (status, code) in [
        (503, "ServiceUnavailable"),
        (503, "Throttling.User"),
        (500, "QuotaExceeded"),
        (500, "MissingName"),
        (500, "Forbidden.RAM"),
        (504, "InvalidGatewayResponse"),
        (408, "RequestTimeout"),
        (409, "Conflict.InProcess"),
        (400, "IdempotentProcessing"),
        (400, "New.Code"),
        (429, "New.Code"),
        (429, ""),
        (302, "InvalidName"),
    ] {
        let (address, count) = reciting(coded(status, code).into_bytes()).await;
        let app = proxy(&address, journal());
        let (first, _) = post(&app, CCN, "k", &ccn).await;
        assert_eq!(first, status, "{code}: relayed as it came");
        for _ in 0..2 {
            let (status, body) = post(&app, CCN, "k", &ccn).await;
            assert_eq!(status, 502, "{code}");
            assert_eq!(body["type"], problem::OUTCOME_UNKNOWN.uri, "{code}");
        }
        assert_eq!(count.load(Ordering::SeqCst), 1, "{status} {code}");
    }
    let odd = coded(400, "Throttling.User").replace("\"Code\"", "\"CcnId\":\"ccn-1\",\"Code\"");
    let odd = odd.replace("content-length", "x-length");
    let (address, count) = reciting(odd.into_bytes()).await;
    let app = proxy(&address, journal());
    for _ in 0..3 {
        let (_, body) = post(&app, CCN, "k", &ccn).await;
        assert_eq!(body["CcnId"], "ccn-1");
    }
    assert_eq!(count.load(Ordering::SeqCst), 1, "an id was dropped");
}

/// A server that refuses all as not executed and keeps the tokens that came.
async fn throttling() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let tokens: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = tokens.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if let Some(head) = request(&mut stream).await {
                let token = parameter(&head, "ClientToken");
                kept.lock().expect("a list").push(token);
                let busy = "HTTP/1.1 429 Busy\r\nretry-after: 600\r\ncontent-type: application/json\r\ncontent-length: 21\r\n\r\n{\"Code\":\"Throttling\"}";
                stream.write_all(busy.as_bytes()).await.ok();
            }
        }
    });
    (address, tokens)
}

#[tokio::test]
async fn the_token_that_is_made_for_a_key_stays_with_it_also_when_nothing_was_executed() {
    let (address, tokens) = throttling().await;
    let secret = Secret::random().expect("a secret");
    let forgetful = || Journal::memory(secret.clone(), Options::default());
    for key in ["a", "b"] {
        let app = proxy(&address, forgetful());
        for _ in 0..3 {
            post(&app, CEN, key, &json!({ "Name": "test" })).await;
        }
        // Another journal with the same secret: it has forgotten all, the token is the same.
        let app = proxy(&address, forgetful());
        post(&app, CEN, key, &json!({ "Name": "test" })).await;
    }
    let tokens = tokens.lock().expect("a list").clone();
    assert_eq!(tokens.len(), 8);
    assert!(
        tokens[0].len() == 32 && tokens[0] != tokens[4],
        "{tokens:?}"
    );
    for four in tokens.chunks(4) {
        assert!(four.iter().all(|token| *token == four[0]), "{tokens:?}");
    }
}
