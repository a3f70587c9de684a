//! The proxy as it serves real clouds, against servers on loopback that stand in for them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{to_bytes, Body};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::Router;
use serde_json::{json, Value};
use tieline_protocol::problem;
use tieline_proxy::config::Endpoint;
use tieline_proxy::{app, sandbox_server, Config, Platform, SharedSandbox, SANDBOX_ACCOUNT_ID};
use tieline_sandbox::Settings;
use tower::ServiceExt;

use crate::stand_in_clouds::{self, configuration, serve, upstream, vendors, KEYS};
use crate::system_sockets::Closed;

const CEN: &str = "/v1/CreateCen";
const CONNECTION: &str = "/v1/CreateCloudConnection";
const TOKENED: &str = r#"{"Name":"test","ClientToken":"token-1"}"#;
const CREATED: &str = r#"{"CenId":"cen-1","RequestId":"R"}"#;

/// A request as it arrived.
#[derive(Clone, Debug)]
struct Seen {
    uri: String,
    headers: HeaderMap,
    body: String,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|v| v.to_str());
        value.unwrap_or(Ok("")).expect("ASCII")
    }
}

/// A server that answers the n-th request as told and remembers what came.
struct Fake {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    async fn start(answer: impl Fn(usize) -> Response + Send + Sync + 'static) -> Fake {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (seen.clone(), Arc::new(answer));
        let handle = move |request: Request| {
            let (kept, answer) = (kept.clone(), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, 1 << 20).await.expect("a body");
                let mut seen = kept.lock().expect("a list");
                seen.push(Seen {
                    uri: parts.uri.to_string(),
                    headers: parts.headers,
                    body: String::from_utf8_lossy(&body).into_owned(),
                });
                answer(seen.len() - 1)
            }
        };
        let address = serve(Router::new().fallback(handle)).await;
        Fake { address, seen }
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a list").clone()
    }
}

/// Chance that draws no pauses, and a clock whose seconds all differ.
fn hasty() -> Platform {
    let (time, chance) = (AtomicU64::new(0), AtomicU64::new(0));
    Platform {
        now_ms: Arc::new(move || 1_800_000_000_000 + 1000 * time.fetch_add(1, Ordering::SeqCst)),
        entropy: Arc::new(move || 1_000_001 * u128::from(chance.fetch_add(1, Ordering::SeqCst))),
    }
}

fn proxy(fake: &Fake) -> Router {
    let configuration = configuration(&fake.address);
    let upstream = upstream(&configuration, KEYS).with_platform(hasty());
    app(Config {
        upstream,
        configuration,
        journal: None,
    })
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn kind(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["type"].as_str().unwrap_or_default().to_string()
    }
}

async fn post(app: &Router, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(path)
        .header("content-type", "application/json")
        .header("idempotency-key", "key-1");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_string()));
    let answer = app.clone().oneshot(request.expect("a request")).await;
    let (parts, body) = answer.expect("an answer").into_parts();
    let body = to_bytes(body, 1 << 22).await.expect("a body");
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

fn coded(status: u16, code: &str) -> Response {
    let body = json!({ "Code": code, "Message": "m", "RequestId": "R", "HostId": "h" });
    vendors(status, body.to_string())
}

#[tokio::test]
async fn each_attempt_is_signed_anew_and_otherwise_the_same() {
    let fake = Fake::start(|n| match n {
        0 => coded(400, "Throttling.User"),
        1 => coded(429, "Throttling"),
        _ => vendors(200, CREATED),
    })
    .await;
    let answer = post(&proxy(&fake), CEN, TOKENED, &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_str()),
        (200, CREATED)
    );
    let seen = fake.seen();
    assert_eq!(seen.len(), 3);
    for pair in seen.windows(2) {
        assert_eq!(pair[0].uri, pair[1].uri);
        assert!(
            pair[0].uri.contains("ClientToken=token-1"),
            "{}",
            pair[0].uri
        );
        for fresh in ["x-acs-signature-nonce", "x-acs-date", "authorization"] {
            let values = (pair[0].header(fresh), pair[1].header(fresh));
            assert!(
                !values.0.is_empty() && values.0 != values.1,
                "{fresh}: {values:?}"
            );
        }
    }
    assert_eq!(seen[0].header("x-acs-signature-nonce").len(), 32);
    assert_eq!(seen[0].header("host"), fake.address);
}

#[tokio::test]
async fn repetition_ends_and_the_last_answer_is_relayed() {
    for (status, code, times) in [
        (400, "Throttling.User", 4),
        (400, "SignatureNonceUsed", 2),
        (400, "InvalidTimeStamp.Expired", 2),
        (400, "SignatureDoesNotMatch", 1),
        (404, "InvalidAccessKeyId.NotFound", 1),
        (500, "InternalError", 1),
        (400, "InvalidName", 1),
    ] {
        let fake = Fake::start(move |_| coded(status, code)).await;
        for (path, body) in [(CEN, TOKENED), ("/v1/DescribeCens", "{}")] {
            let before = fake.seen().len();
            let answer = post(&proxy(&fake), path, body, &[]).await;
            assert_eq!(answer.status, status, "{code}");
            assert_eq!(answer.headers["tieline-relayed"], "1");
            assert_eq!(fake.seen().len() - before, times, "{code} {path}");
        }
    }
}

#[tokio::test]
async fn a_wait_that_the_time_limit_does_not_allow_is_left_to_the_client() {
    let fake = Fake::start(|_| {
        let mut answer = coded(429, "Throttling");
        let value = "300".parse().expect("a header");
        answer.headers_mut().insert("retry-after", value);
        answer
    })
    .await;
    let started = Instant::now();
    let configuration = configuration(&fake.address);
    let upstream = upstream(&configuration, KEYS).with_platform(hasty());
    let app = app(Config {
        upstream,
        configuration,
        journal: None,
    });
    let answer = post(&app, CEN, TOKENED, &[]).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.headers["retry-after"], "300");
    assert_eq!(fake.seen().len(), 1);
    assert!(started.elapsed() < Duration::from_secs(60));
}

/// A page tells by it that other keys are there now, which may not see what the first ones made.
#[tokio::test]
async fn an_answer_says_whose_keys_asked_for_it_and_nothing_else_of_them() {
    let fake = Fake::start(|_| vendors(200, CREATED)).await;
    let configuration = configuration(&fake.address);
    let mut signers = Vec::new();
    for (id, temporary) in [("first", None), ("second", None), ("first", Some("token"))] {
        let keys = KEYS.iter().map(|(name, key)| match *name {
            "ALIBABA_CLOUD_ACCESS_KEY_ID" => (*name, id),
            _ => (*name, *key),
        });
        let token = temporary.map(|token| ("ALIBABA_CLOUD_SECURITY_TOKEN", token));
        let keys: Vec<_> = keys.chain(token).collect();
        let app = app(Config {
            upstream: upstream(&configuration, &keys).with_platform(hasty()),
            configuration: configuration.clone(),
            journal: None,
        });
        for (path, body) in [(CEN, TOKENED), ("/v1/DescribeCens", "{}")] {
            let answer = post(&app, path, body, &[]).await;
            let signer = answer.headers.get("tieline-signer");
            signers.push(signer.map_or("".into(), |value| {
                value.to_str().expect("ASCII").to_string()
            }));
        }
    }
    assert!(
        signers[..4].iter().all(|digest| digest.len() == 16),
        "{signers:?}"
    );
    assert_eq!((&signers[0], &signers[2]), (&signers[1], &signers[3]));
    assert_ne!(signers[0], signers[2]);
    assert_eq!(signers[4], "", "they are others in an hour");
}

#[tokio::test]
async fn an_unknown_outcome_is_never_repeated() {
    let endless = || vendors(200, "x".repeat(2 << 20));
    let lost = || {
        let failure = std::io::Error::other("lost");
        let parts = futures_util::stream::iter([Err::<&[u8], _>(failure)]);
        Response::new(Body::from_stream(parts))
    };
    let ccn = r#"{"Name":"test-ccn","IsDefault":false}"#;
    for (path, body) in [(CEN, TOKENED), ("/v1/CreateCloudConnectNetwork", ccn)] {
        let too_long = Fake::start(move |_| endless()).await;
        let dropped = Fake::start(move |_| lost()).await;
        for fake in [too_long, dropped] {
            let answer = post(&proxy(&fake), path, body, &[]).await;
            assert_eq!(
                answer.kind(),
                problem::OUTCOME_UNKNOWN.uri,
                "{}",
                answer.body
            );
            assert_eq!(fake.seen().len(), 1);
        }
        let page = Fake::start(|_| vendors(502, "<html>Bad gateway</html>")).await;
        assert_eq!(post(&proxy(&page), path, body, &[]).await.status, 502);
        assert_eq!(page.seen().len(), 1);
    }
}

#[tokio::test]
async fn what_cannot_have_been_sent_is_said_to_be_so() {
    let closed = Closed::port();
    let mut configuration = configuration(&closed.address);
    // A server that speaks no TLS: the handshake fails.
    let plain = Fake::start(|_| vendors(200, CREATED)).await;
    let tls = Endpoint::parse(&format!("https://{}", plain.address)).expect("an endpoint");
    configuration.endpoints.insert("vpc".to_string(), tls);
    let app = stand_in_clouds::proxy(configuration, KEYS, None);
    let gateway = r#"{"RegionId":"cn-shanghai","IpAddress":"116.62.222.10"}"#;
    for (path, body) in [(CEN, TOKENED), ("/v1/CreateCustomerGateway", gateway)] {
        let answer = post(&app, path, body, &[]).await;
        assert_eq!(
            answer.kind(),
            problem::UPSTREAM_UNREACHABLE.uri,
            "{}",
            answer.body
        );
        assert_eq!(answer.status, 503);
    }
    assert!(plain.seen().is_empty());
}

#[tokio::test]
async fn a_redirect_is_relayed_and_not_followed() {
    let trap = Fake::start(|_| vendors(200, CREATED)).await;
    let target = format!("http://{}/stolen", trap.address);
    let fake = Fake::start(move |_| {
        (
            StatusCode::TEMPORARY_REDIRECT,
            [("location", target.clone())],
        )
            .into_response()
    })
    .await;
    let answer = post(&proxy(&fake), CEN, TOKENED, &[]).await;
    assert_eq!(answer.status, 307);
    assert!(!answer.headers.contains_key("location"));
    assert_eq!((fake.seen().len(), trap.seen().len()), (1, 0));
}

#[tokio::test]
async fn nothing_of_the_clients_headers_is_passed_on() {
    let fake = Fake::start(|_| vendors(200, CREATED)).await;
    let smuggled = [
        ("authorization", "Bearer canary"),
        ("cookie", "a=canary"),
        ("x-auth-token", "canary"),
        ("x-acs-security-token", "canary"),
        ("x-acs-action", "DeleteCen"),
        ("x-sdk-date", "canary"),
        ("x-domain-id", "canary"),
        ("forwarded", "for=canary"),
        ("x-forwarded-for", "canary"),
        ("x-forwarded-host", "canary"),
        ("x-request-id", "canary"),
        ("user-agent", "canary"),
        ("referer", "http://localhost/canary"),
    ];
    let cc = r#"{"domain_id":"d1","cloud_connection":{"name":"test"}}"#;
    for (path, body) in [(CEN, TOKENED), (CONNECTION, cc)] {
        post(&proxy(&fake), path, body, &smuggled).await;
    }
    let seen = fake.seen();
    assert_eq!(seen.len(), 2);
    for request in &seen {
        let text = format!("{request:?}");
        assert!(
            !text.contains("canary") && !text.contains("DeleteCen"),
            "{text}"
        );
        for absent in [
            "cookie",
            "forwarded",
            "x-forwarded-for",
            "x-auth-token",
            "idempotency-key",
        ] {
            assert!(!request.headers.contains_key(absent), "{absent}");
        }
    }
    assert_eq!(seen[0].header("x-acs-action"), "CreateCen");
    assert_eq!(seen[1].header("x-domain-id"), "d1");
    assert_eq!(seen[1].body, r#"{"cloud_connection":{"name":"test"}}"#);
}

#[tokio::test]
async fn a_users_token_goes_alone_and_a_profiles_signs() {
    let fake = Fake::start(|_| vendors(201, r#"{"cloud_connection":{"id":"c"}}"#)).await;
    let app = proxy(&fake);
    let own = r#"{"domain_id":"d1","X-Auth-Token":"own-token","cloud_connection":{"name":"test"}}"#;
    post(&app, CONNECTION, own, &[]).await;
    let plain = r#"{"domain_id":"d1","cloud_connection":{"name":"test"}}"#;
    post(&app, CONNECTION, plain, &[]).await;
    let seen = fake.seen();
    assert_eq!(seen[0].header("x-auth-token"), "own-token");
    assert_eq!(seen[0].header("authorization"), "");
    assert_eq!(seen[1].header("x-auth-token"), "");
    let signature = seen[1].header("authorization");
    assert!(
        signature.starts_with("SDK-HMAC-SHA256 Access=sandbox-access-key, "),
        "{signature}"
    );
}

#[tokio::test]
async fn the_account_is_asked_from_iam_once() {
    let fake = Fake::start(|n| match n {
        0 => vendors(200, r#"{"domains":[{"id":"../evil"}]}"#),
        1 => vendors(200, r#"{"domains":[{"id":"found1"}],"links":{}}"#),
        _ => vendors(201, r#"{"cloud_connection":{"id":"c"}}"#),
    })
    .await;
    let app = proxy(&fake);
    let body = r#"{"cloud_connection":{"name":"test"}}"#;
    // An id that is none does not reach the path.
    let unknown = post(&app, CONNECTION, body, &[]).await;
    assert_eq!(unknown.kind(), problem::ACCOUNT_UNKNOWN.uri);
    for _ in 0..2 {
        assert_eq!(post(&app, CONNECTION, body, &[]).await.status, 201);
    }
    let paths: Vec<String> = fake.seen().into_iter().map(|s| s.uri).collect();
    let (iam, create) = ("/v3/auth/domains", "/v3/found1/ccaas/cloud-connections");
    assert_eq!(paths, [iam, iam, create, create]);
}

/// Who has no keys is told so, and not to enter what the configuration says.
#[tokio::test]
async fn a_configured_account_is_filled_in_without_keys_too() {
    let fake = Fake::start(|_| vendors(201, r#"{"cloud_connection":{"id":"c"}}"#)).await;
    let configuration = configuration(&fake.address);
    let id = [("HUAWEICLOUD_SDK_DOMAIN_ID", "d1")];
    let app = stand_in_clouds::proxy(configuration, &id, None);
    let body = r#"{"cloud_connection":{"name":"test"}}"#;
    let preview = post(&app, &format!("{CONNECTION}/preview"), body, &[]).await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    let path = "/v3/d1/ccaas/cloud-connections";
    assert!(preview.body.contains(path), "{}", preview.body);
    let answer = post(&app, CONNECTION, body, &[]).await;
    let kind = problem::NO_CREDENTIALS.uri;
    assert_eq!(answer.kind(), kind, "{}", answer.body);
    // It is not put beside somebody else's token.
    let own = r#"{"X-Auth-Token":"own-token","cloud_connection":{"name":"test"}}"#;
    let answer = post(&app, CONNECTION, own, &[]).await;
    assert_eq!(answer.kind(), problem::RULES.uri, "{}", answer.body);
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn a_profile_without_keys_sends_nothing() {
    let fake = Fake::start(|_| vendors(200, CREATED)).await;
    let mut configuration = configuration(&fake.address);
    let profiles = &mut configuration.profiles;
    profiles.insert("empty".to_string(), Default::default());
    let app = stand_in_clouds::proxy(configuration, &KEYS[..2], None);
    let choose = [("tieline-profile", "empty")];
    let answer = post(&app, CEN, TOKENED, &choose).await;
    assert_eq!(
        answer.kind(),
        problem::NO_CREDENTIALS.uri,
        "{}",
        answer.body
    );
    assert_eq!(fake.seen().len(), 0);
    assert_eq!(post(&app, CEN, TOKENED, &[]).await.status, 200);
    let health = Request::get("/healthz").body(Body::empty());
    let health = app
        .oneshot(health.expect("a request"))
        .await
        .expect("an answer");
    let health = to_bytes(health.into_body(), 1 << 16).await.expect("a body");
    let health: Value = serde_json::from_slice(&health).expect("JSON");
    assert_eq!(health["mode"], "live");
    let expected = json!([
        { "name": "default", "alibaba": true, "huawei": false },
        { "name": "empty", "alibaba": false, "huawei": false },
    ]);
    assert_eq!(health["profiles"], expected);
}

#[tokio::test]
async fn the_verifying_sandbox_takes_the_right_key_and_refuses_others() {
    let address = serve(sandbox_server::app(SharedSandbox::new(Settings::default()))).await;
    let cc = r#"{"cloud_connection":{"name":"test"}}"#;
    let with = |variables: &[(&str, &str)]| {
        stand_in_clouds::proxy(configuration(&address), variables, None)
    };
    let right = with(KEYS);
    let answer = post(&right, CEN, TOKENED, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = post(&right, CONNECTION, cc, &[]).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let made: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(made["cloud_connection"]["domain_id"], SANDBOX_ACCOUNT_ID);
    for (token, status) in [("sandbox-token", 201), ("canary-token", 401)] {
        let body = format!(
            r#"{{"domain_id":"{SANDBOX_ACCOUNT_ID}","X-Auth-Token":"{token}","cloud_connection":{{"name":"{token}"}}}}"#
        );
        let answer = post(&right, CONNECTION, &body, &[]).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(!answer.body.contains("canary"), "{}", answer.body);
    }
    let wrong = |index: usize| {
        let mut variables = KEYS.to_vec();
        variables[index].1 = "canary-wrong";
        variables.push(("HUAWEICLOUD_SDK_DOMAIN_ID", "d1"));
        with(&variables)
    };
    for (index, path, body, status, code) in [
        (0, CEN, TOKENED, 404, "InvalidAccessKeyId.NotFound"),
        (1, CEN, TOKENED, 400, "SignatureDoesNotMatch"),
        (2, CONNECTION, cc, 401, "APIGW.0301"),
        (3, CONNECTION, cc, 401, "APIGW.0301"),
    ] {
        let answer = post(&wrong(index), path, body, &[]).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.body.contains(code), "{}", answer.body);
        // The id of a key may be named, its secret never.
        let secret = index % 2 == 1 && answer.body.contains("canary");
        assert!(
            !secret && !answer.body.contains("sandbox-secret"),
            "{}",
            answer.body
        );
    }
}
