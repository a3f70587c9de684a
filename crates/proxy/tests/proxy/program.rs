//! The program itself: its ports, exit codes, log lines, and dropped connections.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output};
use std::time::{SystemTime, UNIX_EPOCH};

use tieline_catalog::wire::{parse_query, Request};
use tieline_proxy::{SANDBOX_ACCESS_KEY, SANDBOX_SECRET_KEY};
use tieline_signature::{v1, Credentials};

use crate::server::{self, Server};
use crate::PROGRAM;

fn program(args: &[&str]) -> Output {
    let mut command = server::command(PROGRAM);
    command.args(args).output().expect("the program")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Sends bytes and returns everything that comes back until the connection ends.
fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a server");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    // A reset connection counts as the end, like a closed one.
    let _ = stream.read_to_string(&mut answer);
    answer
}

/// A request to the sandbox server as the older clients sign it.
fn vendor_request(query: &str) -> String {
    let mut parameters = parse_query(query);
    parameters.push(("Version".to_string(), "2017-09-12".to_string()));
    let credentials = Credentials {
        access_key_id: SANDBOX_ACCESS_KEY.to_string(),
        secret: SANDBOX_SECRET_KEY.into(),
        security_token: None,
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a clock after 1970").as_nanos();
    let (now_ms, nonce) = ((now / 1_000_000) as u64, now.to_string());
    v1::sign("POST", &mut parameters, &credentials, now_ms, &nonce);
    let request = Request {
        query: parameters,
        ..Request::default()
    };
    let query = request.query_string();
    format!("POST /?{query} HTTP/1.1\r\nHost: cbn.aliyuncs.com\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

#[test]
fn without_keys_it_says_what_to_set() {
    let output = program(&[]);
    assert_eq!(output.status.code(), Some(2));
    let text = stderr(&output);
    for name in [
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "HUAWEICLOUD_SDK_AK",
        "--sandbox",
    ] {
        assert!(text.contains(name), "{text}");
    }
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn other_machines_are_kept_out() {
    for mode in ["--sandbox", "sandbox"] {
        let output = program(&[mode, "--listen", "0.0.0.0:0"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).contains("--allow-remote"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn a_port_in_use_is_said_in_one_sentence() {
    let server = Server::start(PROGRAM, &["--sandbox"]);
    let output = program(&["--sandbox", "--listen", &server.address]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(
        text.contains(&server.address) && text.contains("in use"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn a_console_without_an_index_is_refused() {
    let output = program(&["--sandbox", "--console", env!("CARGO_TARGET_TMPDIR")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("index.html"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_sandbox_server_speaks_xml_repeats_the_host_and_loses_answers() {
    let server = Server::start(PROGRAM, &["sandbox"]);
    let answer = exchange(&server.address, &vendor_request("Action=CreateCen&Name=a"));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.contains("\r\ncontent-type: text/xml;charset=utf-8\r\n"),
        "{answer}"
    );
    assert!(
        answer.contains("<CreateCenResponse><CenId>cen-"),
        "{answer}"
    );
    let answer = exchange(&server.address, &vendor_request("Action=Nothing"));
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
    assert!(
        answer.contains("<HostId>cbn.aliyuncs.com</HostId>"),
        "{answer}"
    );
    let lost = vendor_request("Action=CreateCen&Name=fault-lost");
    assert_eq!(exchange(&server.address, &lost), "");
    let answer = exchange(&server.address, &vendor_request("Action=DescribeCens"));
    assert!(answer.contains("<Name>fault-lost</Name>"), "{answer}");
}

#[cfg(unix)]
#[test]
fn it_ends_in_order_and_its_log_holds_no_values() {
    let mut server = Server::start(PROGRAM, &["--sandbox"]);
    let body = r#"{"Name":"canary-name","ClientToken":"canary-token"}"#;
    for path in [
        "/v1/CreateCen?canary-query",
        "/v1/canary-operation",
        "/canary-path",
    ] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: canary-key\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        assert!(exchange(&server.address, &request).starts_with("HTTP/1.1 "));
    }
    let id = server.process.id().to_string();
    let ended = Command::new("kill").args(["-TERM", &id]).status();
    assert!(ended.expect("the command kill").success());
    let status = server.process.wait().expect("the process");
    assert!(status.success(), "{status}");
    let mut log = String::new();
    let mut stream = server.process.stderr.take().expect("piped");
    stream.read_to_string(&mut log).expect("text");
    assert_eq!(log.lines().count(), 3, "{log}");
    assert!(log.contains(" POST /v1/CreateCen 200 "), "{log}");
    assert!(!log.contains("canary"), "{log}");
}

/// Stderr is a pipe that nobody reads: it holds some 1,500 lines.
#[test]
fn a_log_that_nobody_takes_stops_no_request_and_holds_nothing_long() {
    let mut server = Server::start(PROGRAM, &["--sandbox"]);
    let method = "X".repeat(60_000);
    let odd = format!("{method} /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    exchange(&server.address, &odd);
    let mut stream = TcpStream::connect(&server.address).expect("a server");
    let limit = Some(std::time::Duration::from_secs(20));
    stream.set_read_timeout(limit).expect("a time limit");
    let mut reader = std::io::BufReader::new(stream.try_clone().expect("a stream"));
    for n in 0..4_000 {
        let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("sent");
        let mut length = 0;
        loop {
            let mut line = String::new();
            let read = std::io::BufRead::read_line(&mut reader, &mut line);
            assert!(read.is_ok_and(|n| n > 0), "request {n} was not answered");
            if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a number");
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a body");
    }
    let mut stderr = server.process.stderr.take().expect("piped");
    let _ = server.process.kill();
    let mut log = String::new();
    stderr.read_to_string(&mut log).expect("text");
    assert!(log.contains(" (other) "), "the odd method is not there");
    assert!(log.lines().all(|line| line.len() < 200), "a long line");
}

/// `/dev/full` takes nothing.
#[cfg(target_os = "linux")]
#[test]
fn an_output_that_nobody_takes_is_no_panic() {
    for args in [
        &["--print-config"][..],
        &["doctor"],
        &["--print-config", "--sandbox"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let output = server::command(PROGRAM)
            .args(args)
            .stdout(full.expect("a device"))
            .output()
            .expect("the program");
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
        assert!(!text.contains("panicked"), "{text}");
    }
}
