//! What is in work: how much of it there may be at once, and what becomes of it when its client or the proxy
//! goes.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
#[cfg(unix)]
use std::time::Instant;

use tieline_protocol::problem;

use crate::held_cloud::{Held, HELD};
#[cfg(unix)]
use crate::limits::rest;
#[cfg(target_os = "linux")]
use crate::limits::until_closed;
use crate::limits::{ask, is_problem, number, request};
use crate::server::Server;
use crate::waiting::until;
#[cfg(unix)]
use crate::waiting::PATIENCE;
use crate::PROGRAM;

/// A proxy before this cloud.
fn proxy_before(cloud: &Held, variables: &[(&str, &str)]) -> Server {
    let variables = [&cloud.variables(), variables].concat();
    Server::start_with(PROGRAM, &[], &variables)
}

/// A creation whose answer is held, in a thread of its own.
fn held_creation(address: &str, key: &str) -> thread::JoinHandle<String> {
    let request = request("CreateCen", key, HELD);
    let address = address.to_string();
    thread::spawn(move || ask(&address, &request))
}

/// What the proxy tells of the requests that are in work.
fn in_flight(server: &Server) -> Option<u64> {
    let get = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let metrics = ask(&server.address, get);
    let count = |line: &str| {
        let count = line.strip_prefix("tieline_requests_in_flight ")?;
        count.parse().ok()
    };
    metrics.lines().find_map(count)
}

/// The answer to a list of what there is, once there is room for it.
fn list_when_there_is_room(server: &Server) -> String {
    until("room", || in_flight(server) == Some(0));
    ask(&server.address, &request("DescribeCens", "", "{}"))
}

/// Closes a connection that the server has, and waits until the server has noticed.
#[cfg(target_os = "linux")]
fn hang_up(server: &Server, stream: TcpStream) {
    let client = stream.local_addr().expect("an address").port();
    drop(stream);
    until_closed(server, client);
}

#[cfg(not(target_os = "linux"))]
fn hang_up(_: &Server, stream: TcpStream) {
    drop(stream);
    thread::sleep(std::time::Duration::from_secs(1));
}

#[test]
fn what_is_too_much_at_once_is_refused_and_creates_nothing() {
    let cloud = Held::start();
    let server = proxy_before(&cloud, &[("TIELINE_LIMITS__CONCURRENCY", "2")]);
    let held: Vec<_> = (0..2)
        .map(|n| held_creation(&server.address, &format!("held-{n}")))
        .collect();
    cloud.until_executed(2);
    assert_eq!(in_flight(&server), Some(2));
    let answer = ask(
        &server.address,
        &request("CreateCen", "more", "{\"Name\":\"more\"}"),
    );
    is_problem(&answer, &problem::BUSY);
    assert_eq!(number(&answer, "retry-after"), Some(1));
    for path in ["/healthz", "/metrics"] {
        let get = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let answer = ask(&server.address, &get);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    cloud.release();
    for held in held {
        let answer = held.join().expect("a thread");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    let found = list_when_there_is_room(&server);
    assert!(found.contains("\"TotalCount\":2"), "{found}");
}

/// Hanging up does not make room: the creation goes on, and it counts.
#[test]
fn a_client_that_hangs_up_keeps_its_place() {
    let cloud = Held::start();
    let server = proxy_before(&cloud, &[("TIELINE_LIMITS__CONCURRENCY", "1")]);
    let mut stream = TcpStream::connect(&server.address).expect("a server");
    let held = request("CreateCen", "held", HELD);
    stream.write_all(held.as_bytes()).expect("sent");
    cloud.until_executed(1);
    hang_up(&server, stream);
    assert_eq!(in_flight(&server), Some(1));
    let read = request("DescribeCens", "", "{}");
    is_problem(&ask(&server.address, &read), &problem::BUSY);
    cloud.release();
    let found = list_when_there_is_room(&server);
    assert!(found.contains("\"TotalCount\":1"), "{found}");
    // Its answer was kept.
    let again = ask(&server.address, &held);
    assert!(again.contains("idempotency-replayed"), "{again}");
}

#[cfg(unix)]
#[test]
fn what_is_in_work_is_finished_before_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let audit = folder.path().join("audit.jsonl");
    let audit_file = audit.to_str().expect("UTF-8");
    let cloud = Held::start();
    let variables = [
        ("TIELINE_AUDIT__FILE", audit_file),
        ("TIELINE_LIMITS__REQUEST_TIMEOUT", "120"),
    ];
    let mut server = proxy_before(&cloud, &variables);
    let waiting = held_creation(&server.address, "waits");
    // This one is the last in work, and no connection is left that waits for it.
    cloud.until_executed(1);
    let mut gone = TcpStream::connect(&server.address).expect("a server");
    let held = request("CreateCen", "gone", HELD);
    gone.write_all(held.as_bytes()).expect("sent");
    let mut idle = TcpStream::connect(&server.address).expect("a server");
    cloud.until_executed(2);
    hang_up(&server, gone);
    assert_eq!(in_flight(&server), Some(2));
    let started = Instant::now();
    let id = server.process.id().to_string();
    let ended = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(ended.expect("the command kill").success());
    // Nobody waits on a connection that is only kept open.
    assert_eq!(rest(&mut idle), "");
    assert!(
        TcpStream::connect(&server.address).is_err(),
        "it still listens"
    );
    cloud.release();
    let answer = waiting.join().expect("a thread");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let status = server.process.wait().expect("the process");
    assert!(status.success(), "{status}");
    assert!(started.elapsed() < PATIENCE);
    // Also the creation whose client had gone came to its end.
    let lines = std::fs::read_to_string(&audit).expect("text");
    let created = lines.matches("\"outcome\":\"created\"").count();
    assert_eq!(created, 2, "{lines}");
}
