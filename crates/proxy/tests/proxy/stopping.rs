//! The end of the program while requests wait, and an audit that stalls.

use std::future::ready;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use axum::response::Response;
use tieline_protocol::problem;

use crate::server::Server;
use crate::unknown_outcome::{coded, created, Cloud};
use crate::waiting::{task_until, PATIENCE};
use crate::PROGRAM;

fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a server");
    // A test that waits for ever says nothing.
    let limit = stream.set_read_timeout(Some(PATIENCE));
    limit.expect("a time limit");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

/// Creates under the key `k` on a thread of its own.
fn creation(address: &str) -> std::thread::JoinHandle<String> {
    let address = address.to_string();
    let body = "{\"Name\":\"a\"}";
    let request = format!(
        "POST /v1/CreateCen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    std::thread::spawn(move || exchange(&address, &request))
}

fn metrics(address: &str) -> String {
    let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    exchange(address, request)
}

fn terminate(server: &Server) {
    let id = server.process.id().to_string();
    let ended = Command::new("kill").args(["-TERM", &id]).status();
    assert!(ended.expect("the command kill").success());
}

fn ends_well(server: &mut Server, within: Duration) {
    let started = Instant::now();
    let status = loop {
        if let Some(status) = server.process.try_wait().expect("the process") {
            break status;
        }
        assert!(started.elapsed() < within, "it does not end");
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(status.success(), "{status}");
}

/// Sends for an operation under this key, and gives the answer and how long it took.
fn timed(address: &str, operation: &str, key: &str) -> (String, Duration) {
    let started = Instant::now();
    let request = format!(
        "POST /v1/{operation} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    );
    (exchange(address, &request), started.elapsed())
}

/// A pipe that nobody reads stalls whoever opens it.
#[test]
fn an_audit_that_stalls_holds_no_request_and_no_end_for_long() {
    // Not as long as a client waits, and longer than any machine takes beside the limits themselves.
    const SOON: Duration = Duration::from_secs(25);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("audit.jsonl");
    let variables = [("TIELINE_AUDIT__FILE", file.to_str().expect("UTF-8"))];
    let mut server = Server::start_with(PROGRAM, &["--sandbox"], &variables);
    let (made, _) = timed(&server.address, "CreateCen", "k");
    assert!(made.starts_with("HTTP/1.1 200 "), "{made}");
    std::fs::remove_file(&file).expect("there");
    let pipe = Command::new("mkfifo").arg(&file).status();
    assert!(pipe.expect("the command mkfifo").success());
    let creation = |key: &'static str| {
        let address = server.address.clone();
        std::thread::spawn(move || timed(&address, "CreateCen", key))
    };
    // Many at once wait no longer than one.
    let many: Vec<_> = ["a", "b", "c", "d"].map(creation).into();
    for (answer, took) in many.into_iter().map(|one| one.join().expect("a thread")) {
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains(problem::AUDIT_UNAVAILABLE.uri), "{answer}");
        assert!(took < SOON, "{took:?}");
    }
    for (operation, key) in [("DescribeCens", "r"), ("CreateCen", "k")] {
        let (answer, took) = timed(&server.address, operation, key);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(took < SOON, "{operation}: {took:?}");
    }
    terminate(&server);
    ends_well(&mut server, SOON);
}

/// Stops a proxy in which one request with a key waits for another. What the other's and the waiting one's
/// clients are told, and how many requests came to the cloud.
async fn stopped_while_one_waits(script: fn(usize) -> Response) -> ([String; 2], usize) {
    let (cloud, held) = Cloud::holding(script).await;
    let endpoint = format!("http://{}", cloud.address);
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
        ("TIELINE_ENDPOINTS__CBN", &endpoint),
        ("TIELINE_LIMITS__UPSTREAM_TIMEOUT", "60"),
    ];
    let mut server = Server::start_with(PROGRAM, &[], &variables);
    let first = creation(&server.address);
    cloud.until_seen(1).await;
    let second = creation(&server.address);
    let waits = || ready(metrics(&server.address).contains("answer=\"in-flight\""));
    task_until("the second to wait", waits).await;
    terminate(&server);
    let gone = || ready(TcpStream::connect(&server.address).is_err());
    task_until("the end of listening", gone).await;
    held.iter().for_each(|gate| gate.notify_one());
    let ended = || ready(first.is_finished() && second.is_finished());
    task_until("the answers", ended).await;
    let told = [first, second].map(|thread| thread.join().expect("a thread"));
    ends_well(&mut server, PATIENCE);
    (told, cloud.seen().len())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_begins_nothing_once_the_program_is_to_stop() {
    // The first makes nothing, so that its key is free.
    let (told, seen) = stopped_while_one_waits(|n| match n {
        0 => coded(400, "SignatureDoesNotMatch"),
        _ => created(),
    })
    .await;
    assert!(told[0].contains("SignatureDoesNotMatch"), "{}", told[0]);
    let unknown = problem::OUTCOME_UNKNOWN_TIMEOUT.uri;
    assert!(told[1].contains(unknown), "{}", told[1]);
    assert_eq!(seen, 1);
    // An answer is told as ever.
    let (told, seen) = stopped_while_one_waits(|_| created()).await;
    for told in &told {
        assert!(told.contains("cen-1"), "{told}");
    }
    assert_eq!(seen, 1);
}
