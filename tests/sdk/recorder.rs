//! What stands between a client and a server, passes everything on, and keeps the requests.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use tieline_catalog::wire::{parse_query, Request};

/// It listens until the test ends.
pub struct Recorder {
    /// Where it listens: `127.0.0.1:49152`.
    pub address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Recorder {
    /// One in front of the server at this address.
    pub fn before(server: &str) -> Recorder {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (kept, server) = (requests.clone(), server.to_string());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (kept, server) = (kept.clone(), server.clone());
                std::thread::spawn(move || pass(client, &server, &kept));
            }
        });
        Recorder { address, requests }
    }

    /// The requests so far, which are then forgotten.
    pub fn take(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().expect("no panic"))
    }
}

/// Passes one request on, and its answer back; then both connections end.
fn pass(mut client: TcpStream, server: &str, kept: &Mutex<Vec<Request>>) {
    let Some((head, body)) = read(&mut client) else {
        return;
    };
    kept.lock().expect("no panic").push(request(&head, &body));
    let own = |line: &&str| {
        let name = line.split(':').next().unwrap_or_default();
        ![
            "connection",
            "transfer-encoding",
            "content-length",
            "expect",
        ]
        .iter()
        .any(|other| name.eq_ignore_ascii_case(other))
    };
    let head: Vec<&str> = head.split("\r\n").filter(own).collect();
    let end = format!(
        "connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let head = format!("{}\r\n{end}", head.join("\r\n"));
    let mut upstream = TcpStream::connect(server).expect("the server");
    upstream.write_all(head.as_bytes()).expect("sent");
    upstream.write_all(&body).expect("sent");
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).expect("an answer");
    // A client that is gone already has what it wants.
    let _ = client.write_all(&answer);
}

/// The request line and headers, without the empty line, and the body.
fn read(client: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut more = |bytes: &mut Vec<u8>| {
        let mut buffer = [0; 8192];
        let read = client.read(&mut buffer).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&buffer[..read]);
        Some(())
    };
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        more(&mut bytes)?;
    };
    let head = String::from_utf8(bytes[..end].to_vec()).expect("UTF-8");
    let mut rest = bytes.split_off(end + 4);
    let value = |name: &str| {
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_string())
    };
    if value("transfer-encoding").is_some() {
        while !rest.ends_with(b"0\r\n\r\n") {
            more(&mut rest)?;
        }
        return Some((head, unchunked(&rest)));
    }
    let length = value("content-length").map_or(0, |length| length.parse().expect("a length"));
    while rest.len() < length {
        more(&mut rest)?;
    }
    Some((head, rest))
}

fn unchunked(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = chunks.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&chunks[..end]).expect("ASCII");
        let size = usize::from_str_radix(size.trim(), 16).expect("a size");
        if size == 0 {
            break;
        }
        body.extend_from_slice(&chunks[end + 2..end + 2 + size]);
        chunks = &chunks[end + 4 + size..];
    }
    body
}

fn request(head: &str, body: &[u8]) -> Request {
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let method = first.next().unwrap_or_default().to_string();
    let target = first.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = lines.filter_map(|line| line.split_once(':'));
    Request {
        method,
        path: path.to_string(),
        query: parse_query(query),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_string()))
            .collect(),
        body: String::from_utf8(body.to_vec()).expect("UTF-8"),
        ..Request::default()
    }
}
