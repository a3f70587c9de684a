//! Attacks by clients that ask for too much: too slowly, too deep, too many, too often.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use serde_json::Value;
use tieline_protocol::problem::{self, ProblemType};

use crate::server::Server;
use crate::waiting::{until, PATIENCE};
use crate::PROGRAM;

pub fn proxy(variables: &[(&str, &str)]) -> Server {
    Server::start_with(PROGRAM, &["--sandbox"], variables)
}

/// Everything that comes until the connection ends, however it ends.
pub fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

pub fn request(op: &str, key: &str, body: &str) -> String {
    format!(
        "POST /v1/{op} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends on a connection of its own and reads the answer to its end.
pub fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a server");
    let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    stream.write_all(request.as_bytes()).expect("sent");
    rest(&mut stream)
}

/// Asserts that an answer is a whole problem of this kind.
pub fn is_problem(answer: &str, kind: &ProblemType) {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(
        head.starts_with(&format!("HTTP/1.1 {} ", kind.status)),
        "{answer}"
    );
    assert!(head.contains("application/problem+json"), "{answer}");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["type"], kind.uri);
    for text in ["/title", "/message/en", "/message/zh"] {
        assert_ne!(body.pointer(text), None, "{body}");
    }
}

/// The named header's number.
pub fn number(answer: &str, name: &str) -> Option<u64> {
    let prefix = format!("{name}: ");
    let line = answer.lines().find(|line| line.starts_with(&prefix))?;
    line[prefix.len()..].trim().parse().ok()
}

#[test]
fn a_request_that_comes_too_slowly_is_given_up() {
    let server = proxy(&[("TIELINE_LIMITS__REQUEST_TIMEOUT", "2")]);
    // So much of its body that for its rate alone it would be waited for a hundred seconds.
    let much = 100 * 1024;
    let body = format!("{{\"Name\":\"{}\"}}", "x".repeat(2 * much));
    let whole = request("CreateCen", "slow", &body);
    let head = whole.find("\r\n\r\n").expect("a head") + 4;
    // Within the request line, within the headers, before the body, within the body.
    let cases = [5, 40, head, head + much].map(|sent| [(sent, false), (sent, true)]);
    // At once, as each takes as long as the limit.
    thread::scope(|scope| {
        for (sent, drip) in cases.concat() {
            let (server, whole) = (&server, whole.as_bytes());
            scope.spawn(move || {
                let mut stream = TcpStream::connect(&server.address).expect("a server");
                let started = Instant::now();
                let (first, more) = whole.split_at(sent);
                stream.write_all(first).expect("sent");
                // A byte now and then makes no request faster. There are enough of them for hours.
                let mut writer = stream.try_clone().expect("a socket");
                let more = more[..more.len() - 1].to_vec();
                let dripping = thread::spawn(move || {
                    for byte in more.chunks(1).take_while(|_| drip) {
                        sleep(Duration::from_millis(150));
                        if writer.write_all(byte).is_err() {
                            break;
                        }
                    }
                });
                stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
                let answer = rest(&mut stream);
                let took = started.elapsed();
                assert!(took < PATIENCE, "{sent} {drip}: {took:?}");
                is_problem(&answer, &problem::SLOW);
                assert!(
                    answer.to_lowercase().contains("\r\nconnection: close\r\n"),
                    "{answer}"
                );
                drop(stream);
                dripping.join().expect("a thread");
            });
        }
    });
    // Those that never had a whole head are counted as well.
    let metrics = ask(
        &server.address,
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    let counted = "tieline_requests_total{route=\"(unfinished)\",operation=\"\",outcome=\"request-timeout\"} 4";
    assert!(metrics.contains(counted), "{metrics}");
    // A connection that asks for nothing is closed without a word.
    let mut idle = TcpStream::connect(&server.address).expect("a server");
    assert_eq!(rest(&mut idle), "");
    let count = ask(&server.address, &request("DescribeCens", "", "{}"));
    assert!(count.contains("\"TotalCount\":0"), "{count}");
}

#[test]
fn a_client_that_does_not_read_its_answers_is_cut_off() {
    let server = proxy(&[("TIELINE_LIMITS__REQUEST_TIMEOUT", "1")]);
    let one = ask(
        &server.address,
        "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    // More than the sockets' buffers take.
    let times = 64 * 1024 * 1024 / one.len();
    let mut stream = TcpStream::connect(&server.address).expect("a server");
    let mut writer = stream.try_clone().expect("a socket");
    let sending = thread::spawn(move || {
        for _ in 0..times {
            let get = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
            if writer.write_all(get.as_bytes()).is_err() {
                break;
            }
        }
    });
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    // It is reading the requests, and then it has given up.
    stream.peek(&mut [0]).expect("an answer");
    given_up(&server, &stream);
    let mut received = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => received += length,
            Err(error) => {
                let kind = error.kind();
                assert_eq!(kind, ErrorKind::ConnectionReset, "it was not cut off");
                break;
            }
        }
    }
    // What the sockets' buffers held, and no more.
    assert!(received < times * one.len() / 2, "all was sent");
    sending.join().expect("a thread");
}

/// Waits until the server has given up a connection that it has had.
#[cfg(target_os = "linux")]
fn given_up(server: &Server, stream: &TcpStream) {
    let client = stream.local_addr().expect("an address").port();
    until_closed(server, client);
}

#[cfg(not(target_os = "linux"))]
fn given_up(_: &Server, _: &TcpStream) {
    sleep(Duration::from_secs(10));
}

#[cfg(target_os = "linux")]
pub fn until_closed(server: &Server, client: u16) {
    use crate::system_sockets::{connections, port};
    let ends = (port(&server.address), client);
    until("the connection's end", || {
        let all = connections();
        let mut own = all
            .iter()
            .filter(|found| (found.local, found.remote) == ends);
        !own.any(|found| found.open)
    });
}

/// Whoever opens connections only to have them leaves files and sockets for the others' work.
#[cfg(target_os = "linux")]
#[test]
fn connections_that_ask_for_nothing_do_not_use_everything_up() {
    let server = proxy(&[
        ("TIELINE_LIMITS__CONCURRENCY", "1"),
        ("TIELINE_LIMITS__REQUEST_TIMEOUT", "2"),
    ]);
    let connect = |_| TcpStream::connect(&server.address).expect("a connection");
    let mut idle: Vec<_> = (0..300).map(connect).collect();
    let files = format!("/proc/{}/fd", server.process.id());
    let open = || std::fs::read_dir(&files).expect("a list").count();
    // It takes them as fast as the machine lets it, and never more than there is room for. Where the
    // machine is so slow that the first have had their time before anybody looks, others follow.
    let started = Instant::now();
    let mut most = 0;
    while started.elapsed() < Duration::from_millis(500) || most < 60 {
        most = most.max(open());
        assert!(most < 100, "{most}");
        assert!(started.elapsed() < PATIENCE, "{most}");
        idle.extend((0..3).map(connect));
        sleep(Duration::from_millis(10));
    }
    drop(idle);
    // There is room again as soon as the unused ones have had their time.
    let started = Instant::now();
    let health = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    // Until the closed ones are noticed, this address has its share and is turned away without an answer.
    let answer = || {
        let mut stream = TcpStream::connect(&server.address).ok()?;
        stream.write_all(health).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer).filter(|answer| !answer.is_empty())
    };
    let answer = loop {
        if let Some(answer) = answer() {
            break answer;
        }
        let waited = started.elapsed();
        assert!(waited < PATIENCE, "no room again");
        sleep(Duration::from_millis(20));
    };
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn too_many_headers_are_refused() {
    let server = proxy(&[("TIELINE_LIMITS__HEADERS", "20")]);
    let with = |count: usize| {
        let more: String = (0..count).map(|n| format!("X-{n}: {n}\r\n")).collect();
        // Two that `ask` and this line send beside them.
        format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{more}\r\n")
    };
    let answer = ask(&server.address, &with(18));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    for count in [19, 60] {
        is_problem(
            &ask(&server.address, &with(count)),
            &problem::TOO_MANY_HEADERS,
        );
    }
    // Far more are not even read.
    for flood in [
        with(2000),
        format!(
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
            "x".repeat(200_000)
        ),
    ] {
        let mut stream = TcpStream::connect(&server.address).expect("a server");
        // The answer may come before all is sent.
        let _ = stream.write_all(flood.as_bytes());
        let mut start = [0; 13];
        if stream.read_exact(&mut start).is_ok() {
            assert_eq!(&start, b"HTTP/1.1 431 ");
        }
    }
    let answer = ask(&server.address, &with(0));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    // All of them are counted: those that were read, and those that were not.
    let counted = ["/healthz", "(unfinished)"].map(|route| {
        format!("tieline_requests_total{{route=\"{route}\",operation=\"\",outcome=\"too-many-headers\"}} 2\n")
    });
    let get = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    until(&format!("{counted:?}"), || {
        let metrics = ask(&server.address, get);
        counted.iter().all(|line| metrics.contains(line))
    });
}

#[test]
fn deep_json_and_long_bodies_are_refused() {
    let server = proxy(&[
        ("TIELINE_LIMITS__JSON_DEPTH", "8"),
        ("TIELINE_LIMITS__BODY_KIB", "1"),
    ]);
    let deep = |levels: usize| {
        let levels = levels - 1;
        format!("{{\"Name\":{}{}}}", "[".repeat(levels), "]".repeat(levels))
    };
    for levels in [9, 400] {
        let answer = ask(&server.address, &request("CreateCen", "k", &deep(levels)));
        is_problem(&answer, &problem::MALFORMED);
        assert!(answer.contains("at most 8 deep"), "{answer}");
    }
    let answer = ask(&server.address, &request("CreateCen", "k", &deep(8)));
    assert!(
        answer.contains("\"violations\"") && !answer.contains("deep"),
        "{answer}"
    );
    let long = format!("{{\"Name\":\"{}\"}}", "x".repeat(1024));
    let answer = ask(&server.address, &request("CreateCen", "k", &long));
    is_problem(&answer, &problem::TOO_LARGE);
    assert!(answer.contains("1 KiB"), "{answer}");
}

#[test]
fn a_client_that_sends_too_often_waits() {
    let tokens = format!(
        "[{{ name = \"ann\", sha256 = \"{}\" }}, {{ name = \"bob\", sha256 = \"{}\" }}]",
        sha256("a"),
        sha256("b")
    );
    let server = proxy(&[
        ("TIELINE_LIMITS__RATE_PER_MINUTE", "30"),
        ("TIELINE_AUTH__TOKENS", &tokens),
    ]);
    let get = |token: &str| {
        let request = format!(
            "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        ask(&server.address, &request)
    };
    let until_refused = |token: &str, status: &str| -> (u64, String) {
        let started = Instant::now();
        for taken in 0.. {
            let answer = get(token);
            // One more comes free every two seconds.
            let most = 31 + started.elapsed().as_secs() / 2;
            assert!(taken <= most, "{token} is not refused after {most}");
            if !answer.starts_with(&format!("HTTP/1.1 {status} ")) {
                return (taken, answer);
            }
        }
        unreachable!("numbers go on")
    };
    let (taken, refusal) = until_refused("a", "200");
    assert!(taken >= 30, "{taken}");
    is_problem(&refusal, &problem::TOO_MANY_REQUESTS);
    let wait = number(&refusal, "retry-after").expect("Retry-After");
    assert!((1..=3).contains(&wait), "{wait}");
    // Another user from the same address has their own count, and so have those who guess tokens.
    assert!(get("b").starts_with("HTTP/1.1 200 "));
    let (guesses, refusal) = until_refused("guess", "401");
    assert!(guesses >= 30, "{guesses}");
    is_problem(&refusal, &problem::TOO_MANY_REQUESTS);
    let health = ask(
        &server.address,
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    assert!(health.starts_with("HTTP/1.1 200 "), "{health}");
    sleep(Duration::from_secs(wait));
    assert!(get("a").starts_with("HTTP/1.1 200 "));
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(text))
}

/// Thirty thousand mistakes in 256 KiB, each of which was told in a kilobyte.
#[test]
fn what_is_told_of_a_hostile_body_is_no_longer_than_it() {
    let proxy = proxy(&[]);
    let names: Vec<String> = (0..22_000).map(|n| format!("\"x{n}\":1")).collect();
    let body = format!("{{{}}}", names.join(","));
    assert!(body.len() < 256 * 1024);
    for op in [
        "CreateCen/check",
        "CreateExpressCloudConnection/check",
        "CreateCen",
    ] {
        let answer = ask(&proxy.address, &request(op, "k", &body));
        assert!(answer.len() < 200 * 1024, "{op}: {}", answer.len());
        let body = answer.split_once("\r\n\r\n").expect("a body").1;
        let body: Value = serde_json::from_str(body).expect("JSON");
        let told = body["violations"].as_array().expect("a list").len();
        assert_eq!(told, 100);
        let says = body["detail"].as_str().expect("a text");
        assert!(says.contains("the first 100"), "{says}");
    }
}
