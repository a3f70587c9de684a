//! Attacks by those who have no right to use the proxy.

use std::net::SocketAddr;
use std::process::Command;

use axum::body::{to_bytes, Body};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use axum::Router;
use serde_json::Value;
use tieline_protocol::problem;
use tieline_proxy::config::Auth;
use tower::ServiceExt;

use crate::in_process::proxy_with;
use crate::server::Server;
use crate::PROGRAM;

/// `printf %s abc | sha256sum`: the first example of FIPS 180.
const HASH_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn proxy(auth: &str) -> Router {
    let auth = toml::from_str::<Auth>(auth).expect("a configuration");
    proxy_with(|config| config.configuration.auth = auth)
}

fn tokens() -> String {
    format!("tokens = [{{ name = \"ci\", sha256 = \"{HASH_OF_ABC}\" }}]\n")
}

const BEHIND: &str =
    "trusted_header = \"x-user\"\ntrusted_proxies = [\"10.0.0.7/32\", \"fd00::/8\"]";

async fn ask(app: &Router, path: &str, peer: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap) {
    ask_one(app, true, path, peer, headers).await
}

async fn ask_one(
    app: &Router,
    has_tokens: bool,
    path: &str,
    peer: &str,
    headers: &[(&str, &str)],
) -> (u16, HeaderMap) {
    let mut request = match path.starts_with("/v1/") {
        true => Request::post(path),
        false => Request::get(path),
    };
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request
        .header("content-type", "application/json")
        .header("idempotency-key", "k")
        .body(Body::from("{}"))
        .expect("a request");
    let peer: SocketAddr = peer.parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = app.clone().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a whole body");
    if parts.status == 401 {
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["type"], problem::UNAUTHENTICATED.uri);
        let ways: Vec<_> = parts.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(ways[0], "Bearer");
        // Only a proxy that takes tokens has a browser ask for one.
        let asks = "Basic realm=\"Tieline\", charset=\"UTF-8\"";
        assert_eq!(
            ways.get(1).is_some_and(|way| *way == asks),
            has_tokens,
            "{ways:?}"
        );
        assert!(!body.to_string().contains("abd"), "the token is repeated");
    }
    (parts.status.as_u16(), parts.headers)
}

#[tokio::test]
async fn only_the_token_itself_opens() {
    let app = proxy(&tokens());
    for (value, expected) in [
        ("Bearer abc", 200),
        ("bearer abc", 200),
        ("Bearer abd", 401),
        ("Bearer ab", 401),
        ("Bearer ABC", 401),
        ("Bearer ", 401),
        ("Bearer", 401),
        ("abc", 401),
        ("Basic abc", 401),
        ("Basic Y2k6YWJj", 200),     // ci:abc
        ("basic  Y2k6YWJj ", 200),   // the same
        ("Basic Y2k6YWJk", 401),     // ci:abd
        ("Basic Y2k6", 401),         // ci:
        ("Basic OmFiYw==", 401),     // :abc
        ("Basic YWRtaW46YWJj", 401), // admin:abc
        ("Basic Y2k6YWJjOg==", 401), // ci:abc:
        ("Basic YWJj", 401),         // abc
        ("Basic Y2k6YWJj=", 401),
        ("Bearer Y2k6YWJj", 401),
        (&format!("Bearer {HASH_OF_ABC}"), 401),
        ("Bearer abc, Bearer abd", 401),
        ("", 401),
    ] {
        let headers = [("authorization", value)];
        let (status, _) = ask(&app, "/v1/CreateCen", "127.0.0.1:1", &headers).await;
        assert_eq!(status, expected, "{value:?}");
    }
    let twice = [
        ("authorization", "Bearer abd"),
        ("authorization", "Bearer abc"),
    ];
    assert_eq!(
        ask(&app, "/v1/CreateCen", "127.0.0.1:1", &twice).await.0,
        401
    );
    // No header makes a user where none is trusted, not even from this machine.
    let named = [("x-user", "admin"), ("x-forwarded-user", "admin")];
    assert_eq!(
        ask(&app, "/v1/CreateCen", "127.0.0.1:1", &named).await.0,
        401
    );
}

#[tokio::test]
async fn a_users_name_counts_only_from_the_reverse_proxy() {
    let app = proxy(BEHIND);
    for (peer, headers, expected) in [
        ("10.0.0.7:1", &[("x-user", "ann")][..], 200),
        ("[::ffff:10.0.0.7]:1", &[("x-user", "ann")], 200),
        ("[fd00::1]:1", &[("x-user", "ann")], 200),
        ("10.0.0.8:1", &[("x-user", "ann")], 401),
        ("127.0.0.1:1", &[("x-user", "ann")], 401),
        ("[::1]:1", &[("x-user", "ann")], 401),
        (
            "10.0.0.8:1",
            &[("x-user", "ann"), ("x-forwarded-for", "10.0.0.7")],
            401,
        ),
        (
            "10.0.0.8:1",
            &[("x-user", "ann"), ("forwarded", "for=10.0.0.7")],
            401,
        ),
        ("10.0.0.7:1", &[], 401),
        ("10.0.0.7:1", &[("x-user", "")], 401),
        ("10.0.0.7:1", &[("x-user", " ")], 401),
        ("10.0.0.7:1", &[("x-user", "ann"), ("x-user", "bob")], 401),
        ("10.0.0.7:1", &[("authorization", "Bearer abc")], 401),
    ] {
        let (status, _) = ask_one(&app, false, "/v1/CreateCen", peer, headers).await;
        assert_eq!(status, expected, "{peer} {headers:?}");
    }
}

#[tokio::test]
async fn a_stranger_reads_nothing_but_the_health() {
    let app = proxy(&format!("{}{BEHIND}", tokens()));
    for (path, expected) in [
        ("/healthz", 200),
        ("/openapi.json", 401),
        ("/v1/CreateCen/check", 401),
        ("/v1/CreateCen/preview", 401),
        ("/v1/CreateCen/code", 401),
        ("/v1/CreateCen/policy", 401),
        ("/v1/DescribeCens", 401),
        ("/v1/CreateCen/../../healthz", 401),
        ("/healthz/", 401),
        ("//healthz", 401),
        ("/absent", 401),
    ] {
        assert_eq!(
            ask(&app, path, "127.0.0.1:1", &[]).await.0,
            expected,
            "{path}"
        );
    }
}

/// A page asks beforehand, without a token, whether it may send one.
#[tokio::test]
async fn a_page_may_send_its_token() {
    let app = proxy(&tokens());
    let request = Request::options("/v1/CreateCen")
        .header("origin", "http://localhost:5173")
        .header("access-control-request-method", "POST");
    let request = request.body(Body::empty()).expect("a request");
    let response = app.oneshot(request).await.expect("infallible");
    assert_eq!(response.status(), 204);
    let allowed = &response.headers()["access-control-allow-headers"];
    assert!(allowed.to_str().expect("ASCII").contains("authorization"));
}

/// The running program knows the connection's address: without it no reverse proxy is trusted.
#[test]
fn the_program_trusts_the_connections_address() {
    for (net, expected) in [("127.0.0.0/8", "200"), ("10.0.0.7/32", "401")] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("proxy.toml");
        let text = format!("[auth]\ntrusted_header = \"x-user\"\ntrusted_proxies = [\"{net}\"]\n");
        std::fs::write(&file, text).expect("a file");
        let file = file.to_str().expect("UTF-8");
        let server = Server::start(PROGRAM, &["--sandbox", "--config", file]);
        let answer = exchange(&server.address);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {expected} ")),
            "{answer}"
        );
    }
}

fn exchange(address: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).expect("a server");
    let request =
        "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nX-User: ann\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer
}

/// The real clouds are never open to other machines, whatever the flags say.
#[test]
fn another_address_needs_authentication() {
    for flags in [&[][..], &["--allow-remote"]] {
        let output = Command::new(PROGRAM)
            .args(["--listen", "0.0.0.0:0"])
            .args(flags)
            .envs([
                ("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
                ("TIELINE_JOURNAL__KIND", "memory"),
            ])
            .output()
            .expect("the program");
        assert_eq!(output.status.code(), Some(1), "{flags:?}");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains("[auth]"), "{text}");
    }
}

/// What a reverse proxy calls two users is two users, however alike the names look.
#[tokio::test]
async fn user_names_are_compared_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("audit.jsonl");
    let auth = toml::from_str::<Auth>(BEHIND).expect("a configuration");
    let app = proxy_with(|config| {
        config.configuration.auth = auth;
        config.configuration.audit.file = Some(file.clone());
    });
    let names = ["ann", "ann\u{a0}", "\u{3000}ann", "Ann", "a\u{301}nn"];
    for name in names {
        ask(&app, "/v1/CreateCen", "10.0.0.7:1", &[("x-user", name)]).await;
    }
    let text = std::fs::read_to_string(&file).expect("an audit");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    let begun = lines.filter(|line: &Value| line["outcome"] == "begun");
    let users: Vec<Value> = begun.map(|line| line["user"].clone()).collect();
    assert_eq!(users, names);
}
