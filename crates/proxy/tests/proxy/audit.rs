//! The audit file against those who want to forge it, read too much in it, or act without it.

use std::fs;
use std::future::ready;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use axum::body::{to_bytes, Body};
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::Router;
use serde_json::{json, Value};
use tieline_protocol::problem;
use tieline_proxy::app;
use tieline_proxy::config::Auth;
use tieline_sandbox::Settings;
use tower::ServiceExt;

use crate::in_process::config;
use crate::server::Server;
use crate::waiting::task_until;
use crate::PROGRAM;

const CEN: &str = "/v1/CreateCen";
const ECC: &str = "/v1/CreateExpressCloudConnection";

/// A proxy with an audit in a folder of its own.
struct Audited {
    folder: tempfile::TempDir,
    app: Router,
}

impl Audited {
    fn new() -> Audited {
        Audited::at("audit.jsonl", Settings::default())
    }

    fn at(name: &str, settings: Settings) -> Audited {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(settings);
        let auth = "trusted_header = \"x-user\"\ntrusted_proxies = [\"10.0.0.7/32\"]";
        config.configuration.auth = toml::from_str::<Auth>(auth).expect("a configuration");
        config.configuration.audit.file = Some(folder.path().join(name));
        let app = app(config);
        Audited { folder, app }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("audit.jsonl")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap_or_default()
    }

    fn lines(&self) -> Vec<Value> {
        lines(&self.file())
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        self.post_as("ann", path, key, body.to_string()).await
    }

    async fn post_as(&self, user: &str, path: &str, key: &str, body: String) -> (u16, Value) {
        let mut request = Request::post(path)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .header("x-user", user.as_bytes())
            .body(Body::from(body))
            .expect("a request");
        let peer: SocketAddr = "10.0.0.7:1".parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.app.clone().oneshot(request).await.expect("infallible");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await;
        let body = serde_json::from_slice(&body.expect("a body"));
        (status, body.unwrap_or_default())
    }

    async fn metrics(&self) -> String {
        let mut request = Request::get("/metrics").header("x-user", "ann");
        let peer: SocketAddr = "10.0.0.7:1".parse().expect("an address");
        request = request.extension(ConnectInfo(peer));
        let request = request.body(Body::empty()).expect("a request");
        let response = self.app.clone().oneshot(request).await.expect("infallible");
        let body = to_bytes(response.into_body(), 1 << 20).await;
        String::from_utf8(body.expect("a body").to_vec()).expect("text")
    }
}

fn lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let parsed = text.lines().map(serde_json::from_str);
    parsed.collect::<Result<_, _>>().expect("JSON lines")
}

fn outcomes(lines: &[Value]) -> Vec<&str> {
    let all = lines.iter().map(|line| line["outcome"].as_str());
    all.map(Option::unwrap_or_default).collect()
}

fn personal(tel: &str) -> Value {
    json!({
        "RegionId": "cn-hangzhou", "Bandwidth": 2, "IdcSP": "CU", "PeerLocation": "canary 5F",
        "IDCardNo": "11010519491231002X", "ContactTel": tel, "ContactMail": "canary@example.com",
    })
}

#[tokio::test]
async fn every_request_for_a_cloud_is_written_with_what_became_of_it() {
    let proxy = Audited::new();
    let (_, made) = proxy.post(CEN, "k", &json!({ "Name": "a" })).await;
    proxy.post(CEN, "k", &json!({ "Name": "a" })).await;
    proxy.post(CEN, "k", &json!({ "Name": "b" })).await;
    proxy
        .post(CEN, "k2", &json!({ "Name": "fault-lost" }))
        .await;
    proxy
        .post(CEN, "k3", &json!({ "Name": "fault-forbidden" }))
        .await;
    proxy.post(CEN, "k4", &json!({ "Name": "http://" })).await;
    proxy.post(CEN, "k5", &json!({ "Nonsense": 1 })).await;
    proxy.post("/v1/DescribeCens", "", &json!({})).await;
    proxy.post("/v1/CreateCen/check", "", &json!({})).await;
    proxy.post("/v1/Nothing", "", &json!({})).await;
    let lines = proxy.lines();
    assert_eq!(
        outcomes(&lines),
        [
            "begun",
            "created",
            "begun",
            "replayed",
            "begun",
            "key-reused",
            "begun",
            "outcome-unknown",
            "begun",
            "rejected",
            "rules-broken",
            "malformed-body",
            "answered"
        ]
    );
    let (begun, created) = (&lines[0], &lines[1]);
    assert_eq!(begun["request"], created["request"]);
    assert_ne!(begun["request"], lines[2]["request"]);
    for (name, value) in [
        ("user", json!("ann")),
        ("operation", json!("CreateCen")),
        ("profile", json!("default")),
        ("idempotency_key", json!("k")),
        ("resource", made["CenId"].clone()),
        ("cloud_request_id", made["RequestId"].clone()),
    ] {
        assert_eq!(created[name], value, "{created}");
    }
    assert!(created["duration_ms"].is_u64(), "{created}");
    let time = created["time"].as_str().expect("a time");
    assert!(time.starts_with("20") && time.ends_with('Z'), "{time}");
    // Equal parameters have equal digests, others have others.
    let digest = created["parameters"].as_str().expect("a digest");
    assert_eq!(digest.len(), 64, "{digest}");
    assert_eq!(lines[2]["parameters"], digest);
    assert_ne!(lines[4]["parameters"], digest);
}

#[tokio::test]
async fn a_digest_tells_nothing_about_a_telephone_number() {
    use sha2::{Digest, Sha256};
    let (one, other) = (Audited::new(), Audited::new());
    for proxy in [&one, &other] {
        let (status, body) = proxy.post(ECC, "k", &personal("13800138000")).await;
        assert_eq!(status, 200, "{body}");
        let text = proxy.text();
        for private in ["13800138000", "11010519491231002X", "canary"] {
            assert!(!text.contains(private), "{text}");
        }
        // Whoever knows all but the number finds no digest by trying.
        let guess = personal("13800138000").to_string();
        assert!(
            !text.contains(&hex::encode(Sha256::digest(guess))),
            "{text}"
        );
    }
    // Another secret gives other digests.
    assert_ne!(one.lines()[0]["parameters"], other.lines()[0]["parameters"]);
}

#[tokio::test]
async fn nobody_forges_a_line() {
    let proxy = Audited::new();
    let body = || json!({ "Name": "a" }).to_string();
    for (n, user) in [
        "ann\u{2028}{\"outcome\":\"created\"}",
        "ann\u{2029}b",
        "\",\"outcome\":\"created\",\"x\":\"",
        "ann\\",
        "\u{202e}nna",
        "安",
    ]
    .iter()
    .enumerate()
    {
        let before = proxy.lines().len();
        let (status, _) = proxy.post_as(user, CEN, &format!("k{n}"), body()).await;
        assert_eq!(status, 200);
        let lines = proxy.lines();
        assert_eq!(lines.len(), before + 2);
        assert_eq!(lines[before]["user"], *user);
    }
    // Control characters make no user at all.
    for user in ["ann\u{85}b", "ann\u{9b}31m", "ann\tb"] {
        let before = proxy.lines().len();
        let (status, _) = proxy.post_as(user, CEN, "c", body()).await;
        assert_eq!(status, 401, "{user:?}");
        assert_eq!(proxy.lines().len(), before);
    }
    let text = proxy.text();
    let plain = |byte: u8| byte == b'\n' || (b' '..=b'~').contains(&byte);
    assert!(text.bytes().all(plain), "{text:?}");
    // An idempotency key with anything else than visible ASCII is refused and not repeated.
    let key = "k\u{2028}";
    let (status, _) = proxy.post(CEN, key, &json!({})).await;
    assert_eq!(status, 400);
    let last = proxy.lines().pop().expect("a line");
    assert_eq!(last["outcome"], "idempotency-key");
    assert_eq!(last["idempotency_key"], Value::Null);
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_reads_it_and_a_moved_file_is_made_anew() {
    use std::os::unix::fs::PermissionsExt;
    let proxy = Audited::new();
    let moved = proxy.folder.path().join("audit.jsonl.1");
    for count in [1, 2] {
        proxy.post("/v1/DescribeCens", "", &json!({})).await;
        assert_eq!(proxy.lines().len(), 1);
        let mode = fs::metadata(proxy.file()).expect("a file").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        if count == 1 {
            fs::rename(proxy.file(), &moved).expect("moved");
        }
    }
    assert_eq!(lines(&moved).len(), 1);
}

#[tokio::test]
async fn without_its_audit_it_creates_nothing() {
    let proxy = Audited::new();
    // A folder in the file's place cannot be written, whoever the user is.
    fs::create_dir(proxy.file()).expect("a folder");
    let (status, body) = proxy.post(CEN, "k", &json!({ "Name": "a" })).await;
    assert_eq!(status, 503);
    assert_eq!(body["type"], problem::AUDIT_UNAVAILABLE.uri);
    let (status, found) = proxy.post("/v1/DescribeCens", "", &json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(found["TotalCount"], 0, "{found}");
    let metrics = proxy.metrics().await;
    assert!(
        metrics.contains("tieline_audit_failures_total 2\n"),
        "{metrics}"
    );
    fs::remove_dir(proxy.file()).expect("removed");
    // The refused attempt did not use the key up.
    let (status, _) = proxy.post(CEN, "k", &json!({ "Name": "a" })).await;
    assert_eq!(status, 200);
    assert_eq!(outcomes(&proxy.lines()), ["begun", "created"]);
}

#[tokio::test]
async fn without_its_audit_it_tells_what_the_journal_knows() {
    const CCN: &str = "/v1/CreateCloudConnectNetwork";
    let proxy = Audited::new();
    let (named, lost) = (
        json!({ "Name": "a" }),
        json!({ "Name": "fault-lost", "IsDefault": false }),
    );
    let (_, made) = proxy.post(CEN, "k", &named).await;
    let (status, _) = proxy.post(CCN, "lost", &lost).await;
    assert_eq!(status, 502);
    fs::remove_file(proxy.file()).expect("there");
    fs::create_dir(proxy.file()).expect("a folder");
    let (status, again) = proxy.post(CEN, "k", &named).await;
    assert_eq!((status, &again), (200, &made));
    for (path, key, body, expected) in [
        (CEN, "k", json!({ "Name": "b" }), &problem::KEY_REUSED),
        (CCN, "lost", lost, &problem::OUTCOME_UNKNOWN),
        (CEN, "new", named, &problem::AUDIT_UNAVAILABLE),
    ] {
        let (status, body) = proxy.post(path, key, &body).await;
        assert_eq!(body["type"], expected.uri, "{key}");
        assert_eq!(status, expected.status);
    }
}

#[tokio::test]
async fn an_answer_goes_out_also_when_its_line_cannot_be_written() {
    let settings = Settings {
        slow_ms: 20_000,
        ..Settings::default()
    };
    let proxy = Audited::at("audit.jsonl", settings);
    let slow = json!({ "Name": "fault-slow" });
    let (answer, ()) = tokio::join!(proxy.post(CEN, "k", &slow), async {
        let begun = || ready(proxy.text().ends_with('\n'));
        task_until("the line before the request", begun).await;
        fs::remove_file(proxy.file()).expect("there");
        fs::create_dir(proxy.file()).expect("a folder");
        // From here on no time need pass: where all wait for a clock it goes on at once.
        tokio::time::pause();
    });
    assert_eq!(answer.0, 200);
    assert!(answer.1["CenId"].is_string(), "{}", answer.1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_creations_and_is_said() {
    use std::io::{Read, Write};
    let full = [("TIELINE_AUDIT__FILE", "/dev/full")];
    let mut server = Server::start_with(PROGRAM, &["--sandbox"], &full);
    let mut stream = std::net::TcpStream::connect(&server.address).expect("a server");
    let request = "POST /v1/CreateCen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains(problem::AUDIT_UNAVAILABLE.uri), "{answer}");
    server.process.kill().expect("ended");
    let mut log = String::new();
    let mut stream = server.process.stderr.take().expect("piped");
    stream.read_to_string(&mut log).expect("text");
    assert!(log.contains("the audit file cannot be written"), "{log}");
}

#[test]
fn an_audit_that_cannot_be_written_stops_the_start() {
    let output = Command::new(PROGRAM)
        .args(["--sandbox", "--listen", "127.0.0.1:0"])
        .env("TIELINE_AUDIT__FILE", "/absent/audit.jsonl")
        .output()
        .expect("the program");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("[audit] /absent/audit.jsonl"), "{text}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("audit.jsonl");
    let doctor = |file: &Path| {
        let output = Command::new(PROGRAM)
            .arg("doctor")
            .env("TIELINE_AUDIT__FILE", file)
            .output()
            .expect("the program");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = doctor(Path::new("/absent/audit.jsonl"));
    assert!(
        text.contains("wrong: [audit] /absent/audit.jsonl"),
        "{text}"
    );
    // It makes no file: it may be run by another user than the proxy.
    assert!(!doctor(&file).contains("[audit]") && !file.exists());
}
