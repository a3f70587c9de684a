//! Attacks by whole addresses, on everybody else: what one or several of them can take.

use std::io::Write;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tieline_protocol::problem;

use crate::limits::{is_problem, proxy, request, rest};
use crate::waiting::PATIENCE;

/// A connection from another of the machine's own addresses.
fn connect_from(from: &str, address: &str) -> TcpStream {
    let socket = rustix::net::socket(
        rustix::net::AddressFamily::INET,
        rustix::net::SocketType::STREAM,
        None,
    );
    let socket = socket.expect("a socket");
    let from: std::net::SocketAddr = format!("{from}:0").parse().expect("an address");
    let to: std::net::SocketAddr = address.parse().expect("an address");
    rustix::net::bind(&socket, &from).expect("bound");
    rustix::net::connect(&socket, &to).expect("connected");
    let stream = TcpStream::from(socket);
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a time limit");
    stream
}

fn ask_from(from: &str, address: &str, request: &str) -> String {
    let mut stream = connect_from(from, address);
    let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    stream.write_all(request.as_bytes()).expect("sent");
    rest(&mut stream)
}

/// Neither with connections that say nothing nor with bodies that never end.
#[test]
fn one_address_cannot_keep_the_others_out() {
    // They would be waited for longer than the test waits.
    let server = proxy(&[
        ("TIELINE_LIMITS__CONCURRENCY", "16"),
        ("TIELINE_LIMITS__REQUEST_TIMEOUT", "120"),
    ]);
    let body = request("DescribeCens", "", "{}");
    let long = endless();
    let slow: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.address).expect("a connection");
            let _ = stream.write_all(long.as_bytes());
            stream
        })
        .collect();
    let silent: Vec<_> = (0..300)
        .map(|_| TcpStream::connect(&server.address).expect("a connection"))
        .collect();
    sleep(Duration::from_millis(500));
    let started = Instant::now();
    let answer = ask_from("127.0.0.2", &server.address, &body);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(started.elapsed() < PATIENCE);
    drop((slow, silent));
}

/// Bodies that never end, from more addresses than any share keeps out: as many as may be in work.
#[test]
fn slow_bodies_keep_nobody_from_being_served_and_are_given_up_soon() {
    let server = proxy(&[
        ("TIELINE_LIMITS__CONCURRENCY", "16"),
        ("TIELINE_LIMITS__REQUEST_TIMEOUT", "120"),
    ]);
    let body = request("DescribeCens", "", "{}");
    let slow = |count: usize, text: &str| -> Vec<TcpStream> {
        let from = |n: usize| format!("127.0.0.{}", 2 + n % 8);
        let streams = (0..count).map(|n| {
            let mut stream = connect_from(&from(n), &server.address);
            stream.write_all(text.as_bytes()).expect("sent");
            stream
        });
        streams.collect()
    };
    let long = slow(48, &endless());
    let begun = Instant::now();
    let short = slow(16, body.strip_suffix('}').expect("a body"));
    sleep(Duration::from_millis(300));
    for from in ["127.0.0.1", "127.0.0.2"] {
        let started = Instant::now();
        let answer = ask_from(from, &server.address, &body);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(started.elapsed() < PATIENCE);
    }
    // Not only after the time limit, as nearly nothing of them came.
    for mut stream in short {
        is_problem(&rest(&mut stream), &problem::SLOW);
    }
    let took = begun.elapsed();
    assert!(took < PATIENCE, "{took:?}");
    drop(long);
}

/// A request whose body never ends, and of which so much has come that it is waited for minutes.
fn endless() -> String {
    let body = format!("{{\"Name\":\"{}\"}}", "x".repeat(200 * 1024));
    let whole = request("DescribeCens", "", &body);
    whole.strip_suffix('}').expect("a body").to_string()
}
