//! Where a request goes, whatever stands in it: to a host of the catalog or of the configuration, at
//! the operation's own path, once, with the proxy's own headers. And how much of an answer is taken.

use std::sync::{Arc, Mutex};

use axum::body::{to_bytes, Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::Router;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tieline_catalog::model::{Control, Kind, Operation, Param, ParamLocation, Protocol};
use tieline_catalog::operations::operations;
use tieline_catalog::wire::encode;
use tieline_catalog::{check, Raw};
use tieline_protocol::problem;
use tower::ServiceExt;

use crate::stand_in_clouds::{configuration, proxy, serve, KEYS};

/// What has led a URL elsewhere somewhere before.
const HOSTILE: &[&str] = &[
    "@evil.example",
    "x@evil.example",
    "u:p@evil.example/",
    "evil.example#",
    "evil.example?",
    "evil.example/",
    "evil.example:443",
    "evil.example\\",
    "//evil.example",
    ".evil.example",
    "。evil。example",
    "．evil．example",
    "｡evil｡example",
    "..",
    ".",
    "../../v2",
    "..;/",
    "%2e%2e",
    "%2F..%2f",
    "%00",
    "\0",
    "\r\nHost: evil.example",
    "\r\n\r\nGET /evil HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "\n",
    "\u{2028}",
    "\u{202e}",
    " ",
    "\t",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "2130706433",
    "xn--e1awd7f.example",
    "{region}",
    "{domain_id}",
    "{id}",
    "*",
    "İ",
    "ß",
];

fn hostile() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(HOSTILE).prop_map(str::to_string);
    prop_oneof![
        4 => known.clone(),
        2 => ("[a-z]{0,6}", known, "[a-z]{0,6}").prop_map(|(a, b, c)| format!("{a}{b}{c}")),
        2 => any::<String>(),
        1 => "[a-z0-9.-]{0,80}",
        1 => (200usize..2000).prop_map(|length| "a".repeat(length)),
    ]
}

/// The paths of all leaves; lists with one item.
fn leaves(params: &'static [Param], prefix: &str, found: &mut Vec<String>) {
    for param in params {
        let path = format!("{prefix}{}", param.name);
        leaf(param.kind, path, found);
    }
}

fn leaf(kind: Kind, path: String, found: &mut Vec<String>) {
    match kind {
        Kind::Object(members) => leaves(members, &format!("{path}."), found),
        Kind::List { item, .. } => leaf(item.kind, format!("{path}.1"), found),
        _ => found.push(path),
    }
}

/// An operation's example with up to three leaves replaced. Often it still passes the check.
fn input() -> impl Strategy<Value = (&'static Operation, Raw)> {
    let all: Vec<&'static Operation> = operations().collect();
    proptest::sample::select(all).prop_flat_map(|op| {
        let mut paths = Vec::new();
        leaves(op.params, "", &mut paths);
        let change = (proptest::sample::select(paths), hostile());
        proptest::collection::vec(change, 0..3).prop_map(move |changes| {
            let mut raw = Raw::example(op);
            for param in op.params {
                match param.control {
                    Control::Account => raw.set(param.name, "d1"),
                    _ if param.name == "IpAddress" => raw.set(param.name, "116.62.222.10"),
                    _ => true,
                };
            }
            for (path, text) in &changes {
                raw.set(path, text);
            }
            (op, raw)
        })
    })
}

/// Whether a host is in the catalog's table, a region's label in its one place.
fn is_in_the_table(op: &Operation, host: &str) -> bool {
    let service = op.service;
    let exceptions = service.host_exceptions.iter().map(|(_, host)| *host);
    if exceptions.chain([service.host]).any(|known| known == host) {
        return true;
    }
    let Some((before, after)) = service.regional_host.and_then(|h| h.split_once("{region}")) else {
        return false;
    };
    let label = host
        .strip_prefix(before)
        .and_then(|h| h.strip_suffix(after));
    label.is_some_and(|label| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(plain)
    })
}

/// Whether a path is the operation's own, with one plain segment for each parameter in it.
fn is_own_path(op: &Operation, path: &str) -> bool {
    let template = match op.protocol {
        Protocol::Rpc => "/",
        Protocol::Rest { path, .. } => path,
    };
    let (own, given): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    let fits = |(own, given): (&&str, &&str)| match own.starts_with('{') {
        true => {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b);
            !matches!(*given, "" | "." | "..") && given.bytes().all(plain)
        }
        false => own == given,
    };
    own.len() == given.len() && own.iter().zip(&given).all(fits)
}

#[test]
fn every_checked_request_has_a_host_of_the_table_and_the_operations_path() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(4_000));
    let valid = std::cell::Cell::new(0);
    let property = |(op, raw): (&'static Operation, Raw)| {
        let report = check(op, &raw);
        // Nothing typed reaches a host unchecked, not even in a draft.
        let draft = encode(&report.parsed);
        prop_assert!(is_in_the_table(op, &draft.host), "{}", draft.host);
        if let Ok(accepted) = report.valid() {
            valid.set(valid.get() + 1);
            let request = encode(accepted.parsed());
            prop_assert!(is_in_the_table(op, &request.host), "{}", request.host);
            prop_assert!(is_own_path(op, &request.path), "{}", request.path);
            for (name, value) in &request.headers {
                let plain = |byte: u8| (b' '..=b'~').contains(&byte);
                prop_assert!(
                    name.bytes().all(plain) && value.bytes().all(plain),
                    "{name}"
                );
            }
        }
        Ok(())
    };
    runner.run(&input(), property).expect("the property");
    assert!(valid.get() > 1_000, "only {} passed the check", valid.get());
}

/// A request as it arrived.
#[derive(Clone)]
struct Seen {
    target: String,
    headers: HeaderMap,
}

/// A server in the clouds' place, and the proxy before it.
struct Setup {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    app: Router,
}

async fn setup(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Setup {
    let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
    let kept = seen.clone();
    let handle = move |request: Request| {
        let (kept, answer) = (kept.clone(), answer.clone());
        async move {
            kept.lock().expect("a list").push(Seen {
                target: request.uri().to_string(),
                headers: request.headers().clone(),
            });
            answer()
        }
    };
    let address = serve(Router::new().fallback(handle)).await;
    let mut configuration = configuration(&address);
    configuration.limits.rate_per_minute = 0;
    let app = proxy(configuration, KEYS, None);
    Setup { address, seen, app }
}

/// Where IAM is asked for the account's id.
const IAM: &str = "/v3/auth/domains";

/// The headers that the proxy may send to a cloud.
const SENT: &[&str] = &[
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
    "x-auth-token",
    "x-domain-id",
    "x-sdk-content-sha256",
    "x-sdk-date",
];

/// Whether a parameter of the operation travels in this header.
fn is_own_header(op: &Operation, header: &str) -> bool {
    let mut headers = op.params.iter();
    headers.any(|p| p.location == ParamLocation::Header && p.name.eq_ignore_ascii_case(header))
}

/// Headers that a client smuggles in: known ones, and any others.
fn smuggled() -> impl Strategy<Value = Vec<(String, String)>> {
    let known = proptest::sample::select(vec![
        "authorization",
        "proxy-authorization",
        "cookie",
        "x-auth-token",
        "x-acs-security-token",
        "x-acs-action",
        "x-acs-version",
        "x-acs-signature-nonce",
        "x-acs-",
        "x-sdk-date",
        "x-domain-id",
        "x-project-id",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-real-ip",
        "via",
        "te",
        "trailer",
        "connection",
        "upgrade",
        "expect",
        "x-http-method-override",
        "x-original-url",
    ]);
    let name = prop_oneof![
        3 => known.clone().prop_map(str::to_string),
        1 => (known, "[a-z0-9-]{1,8}").prop_map(|(name, more)| format!("{name}{more}")),
        1 => "x-[a-z0-9-]{1,20}",
    ];
    let value = "canary[!-~]{0,20}";
    proptest::collection::vec((name, value), 0..6)
}

#[test]
fn what_arrives_is_one_request_at_its_place_with_the_proxys_own_headers() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let setup = runtime.block_on(setup(|| {
        (StatusCode::OK, "{\"RequestId\":\"R\"}").into_response()
    }));
    let mut runner = TestRunner::new(ProptestConfig::with_cases(400));
    let property = |((op, raw), headers): ((&'static Operation, Raw), Vec<(String, String)>)| {
        let body = check(op, &raw).parsed.to_json().to_string();
        let mut request = Request::post(format!("/v1/{}", op.name))
            .header("content-type", "application/json")
            .header("idempotency-key", "k");
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let before = setup.seen.lock().expect("a list").len();
        let answer = runtime.block_on(setup.app.clone().oneshot(request));
        prop_assert!(answer.is_ok());
        let seen = setup.seen.lock().expect("a list")[before..].to_vec();
        for Seen { headers, .. } in &seen {
            prop_assert_eq!(&headers["host"], setup.address.as_str());
            for (name, value) in headers {
                let own = is_own_header(op, name.as_str());
                prop_assert!(own || SENT.contains(&name.as_str()), "{} was sent", name);
                prop_assert!(
                    !String::from_utf8_lossy(value.as_bytes()).contains("canary"),
                    "{name}"
                );
            }
        }
        // IAM is asked for the account's id where the request has none.
        let account = op.param_with(Control::Account);
        let has_id = |name: &str| raw.get(name).is_some_and(|id| !id.is_empty());
        let asks_iam = account.is_some_and(|name| !has_id(name));
        let (iam, sent): (Vec<Seen>, Vec<Seen>) =
            seen.into_iter().partition(|seen| seen.target == IAM);
        prop_assert!(iam.len() <= usize::from(asks_iam), "IAM was asked");
        prop_assert!(sent.len() <= 1, "{} requests arrived", sent.len());
        for Seen { target, .. } in sent {
            let path = target.split('?').next().unwrap_or_default();
            prop_assert!(is_own_path(op, path), "{}", target);
        }
        Ok(())
    };
    for op in operations() {
        let mut raw = Raw::example(op);
        if let Some(name) = op.param_with(Control::Account) {
            raw.set(name, "");
        }
        property(((op, raw), Vec::new())).expect("the property without an account's id");
    }
    let inputs = (input(), smuggled());
    runner.run(&inputs, property).expect("the property");
    let arrived = setup.seen.lock().expect("a list").len();
    assert!(arrived > 100, "only {arrived} requests arrived");
}

async fn create(setup: &Setup) -> (StatusCode, HeaderMap, String) {
    let request = Request::post("/v1/CreateCen")
        .header("content-type", "application/json")
        .header("idempotency-key", "k")
        .body(Body::from("{}"))
        .expect("a request");
    let answer = setup.app.clone().oneshot(request).await;
    let (parts, body) = answer.expect("an answer").into_parts();
    let body = to_bytes(body, 1 << 22).await.expect("a body");
    let text = String::from_utf8_lossy(&body).into_owned();
    (parts.status, parts.headers, text)
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let chunk = Bytes::from(vec![b'x'; 1 << 16]);
    let endless = setup(move || {
        let chunk = chunk.clone();
        let chunks =
            futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
        Response::new(Body::from_stream(chunks))
    })
    .await;
    let crowded = setup(|| {
        let mut response = Response::new(Body::from("{}"));
        for n in 0..5_000 {
            let name = axum::http::HeaderName::try_from(format!("x-{n}")).expect("a name");
            response.headers_mut().insert(name, n.into());
        }
        response
    })
    .await;
    for setup in [endless, crowded] {
        let started = std::time::Instant::now();
        let (status, _, body) = create(&setup).await;
        assert_eq!(status, 502, "{body}");
        assert!(body.contains(problem::OUTCOME_UNKNOWN.uri), "{body}");
        // It was the length that ended it, and not the time limit.
        assert!(started.elapsed().as_secs() < 60);
        assert_eq!(setup.seen.lock().expect("a list").len(), 1);
    }
}

/// A cloud's headers could set cookies for the console or loosen its policy.
#[tokio::test]
async fn of_an_answers_headers_few_are_relayed() {
    let hostile = setup(|| {
        let mut response = Response::new(Body::from("{\"CenId\":\"c\",\"RequestId\":\"R\"}"));
        for (name, value) in [
            ("set-cookie", "a=canary"),
            ("location", "http://canary"),
            ("refresh", "0;url=http://canary"),
            ("link", "<http://canary>; rel=preload"),
            ("access-control-allow-origin", "http://canary"),
            ("content-security-policy", "script-src canary"),
            ("clear-site-data", "\"canary\""),
            ("tieline-proxy", "canary"),
            ("server", "canary"),
            ("x-request-id", "told"),
        ] {
            response
                .headers_mut()
                .append(name, value.parse().expect("a value"));
        }
        response
    })
    .await;
    let (status, headers, _) = create(&hostile).await;
    assert_eq!(status, 200);
    assert_eq!(headers["x-request-id"], "told");
    assert!(!format!("{headers:?}").contains("canary"), "{headers:?}");
}
