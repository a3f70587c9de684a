//! `tieline-proxy journal`: an operator finds what nobody knows the outcome of.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tieline_catalog::operations::creations;

use crate::held_cloud::{Held, HELD};
use crate::server::{self, Server};
use crate::system_sockets::Closed;
use crate::waiting::PATIENCE;
use crate::PROGRAM;

/// Sends a creation and returns the answer.
pub fn create(address: &str, op: &str, key: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a server");
    let request = format!(
        "POST /v1/{op} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer
}

#[test]
fn what_became_unknown_is_listed_and_found_again_in_the_audit() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let cloud = Server::start(PROGRAM, &["sandbox"]);
    let endpoint = format!("http://{}", cloud.address);
    let (journal, audit) = (file("journal.sqlite"), file("audit.jsonl"));
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
        ("TIELINE_ENDPOINTS__SMARTAG", &endpoint),
        ("TIELINE_ENDPOINTS__CBN", &endpoint),
        ("TIELINE_JOURNAL__KIND", "sqlite"),
        ("TIELINE_JOURNAL__PATH", &journal),
        ("TIELINE_AUDIT__FILE", &audit),
    ];
    let list = || {
        let output = server::command(PROGRAM)
            .arg("journal")
            .envs(variables)
            .output();
        let output = output.expect("the program");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let proxy = Server::start_with(PROGRAM, &[], &variables);
    let lost = |region: &str| format!("{{{region}\"Name\":\"fault-lost\"}}");
    let mut expected = Vec::new();
    for (op, body) in [
        (
            "CreateCloudConnectNetwork",
            lost("\"IsDefault\":true,\"RegionId\":\"cn-shanghai\","),
        ),
        ("CreateCen", lost("")),
    ] {
        let answer = create(&proxy.address, op, op, &body);
        assert!(answer.contains("outcome-unknown"), "{answer}");
        let token = creations().any(|known| known.name == op && known.token.is_some());
        expected.push((op, token));
    }
    let made = create(&proxy.address, "CreateCen", "made", "{\"Name\":\"a\"}");
    assert!(made.starts_with("HTTP/1.1 200 "), "{made}");
    // The running proxy has the file for itself.
    let (code, _, error) = list();
    assert!(
        code == Some(2) && error.contains("in use by another process"),
        "{error}"
    );
    drop(proxy);

    let (code, listed, error) = list();
    assert_eq!(code, Some(0), "{error}");
    assert!(listed.ends_with("2 with an unknown outcome\n"), "{listed}");
    let text = std::fs::read_to_string(&audit).expect("an audit");
    for (line, (op, token)) in listed.lines().zip(expected) {
        let entry = line.split(' ').nth(1).expect("an entry");
        let found = text
            .lines()
            .find(|line| line.contains(entry))
            .expect("a line");
        let found: Value = serde_json::from_str(found).expect("JSON");
        assert_eq!(
            (&found["journal_entry"], &found["operation"]),
            (&entry.into(), &op.into())
        );
        let advice = match token {
            true => "the client may repeat the request, as long as the same keys sign",
            false => "look the resource up",
        };
        assert!(line.ends_with(advice), "{line}");
    }
}

/// What is answered stays answered, and nothing new is sent whose intent cannot be kept.
#[cfg(unix)]
#[test]
fn a_start_on_a_full_disk_gives_the_answers_again_and_sends_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal.sqlite").display().to_string();
    let cloud = Server::start(PROGRAM, &["sandbox"]);
    let endpoint = format!("http://{}", cloud.address);
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
        ("TIELINE_ENDPOINTS__CBN", &endpoint),
        ("TIELINE_JOURNAL__KIND", "sqlite"),
        ("TIELINE_JOURNAL__PATH", &journal),
    ];
    // A process that may write no byte to a file.
    let full = [
        "-c",
        "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"",
        PROGRAM,
    ];
    let body = "{\"Name\":\"a\"}";
    let proxy = Server::start_with(PROGRAM, &[], &variables);
    let made = create(&proxy.address, "CreateCen", "made", body);
    let id = made.split("\"CenId\":").nth(1).expect("an id").to_string();
    let unclear = "{\"Name\":\"fault-lost\"}";
    let lost = create(&proxy.address, "CreateCen", "lost", unclear);
    assert!(lost.contains("outcome-unknown"), "{lost}");
    // Killed, so that there is something to write at the next start.
    drop(proxy);
    let proxy = Server::start_with("sh", &full, &variables);
    for round in 0..2 {
        let again = create(&proxy.address, "CreateCen", "made", body);
        assert!(again.contains("idempotency-replayed: true"), "{again}");
        assert!(again.contains(&id), "{again}");
        let new = create(&proxy.address, "CreateCen", &format!("n{round}"), body);
        assert!(new.starts_with("HTTP/1.1 503 "), "{new}");
        assert!(new.contains("journal-unavailable"), "{new}");
        // It may have been executed, so it is not said that nothing was sent.
        let lost = create(&proxy.address, "CreateCen", "lost", unclear);
        assert!(lost.starts_with("HTTP/1.1 502 "), "{lost}");
        assert!(lost.contains("outcome-unknown"), "{lost}");
    }
    drop(proxy);
    let proxy = Server::start_with(PROGRAM, &[], &variables);
    let new = create(&proxy.address, "CreateCen", "n0", body);
    assert!(new.starts_with("HTTP/1.1 200 "), "{new}");
    // Where there is no journal yet, it is said what to do.
    let mut first = server::command("sh");
    let elsewhere = folder.path().join("new.sqlite");
    let key = folder.path().join("new.key");
    std::fs::write(&key, "5e".repeat(32)).expect("written");
    let owner = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&key, owner).expect("closed");
    let first = first
        .args(full)
        .args(["--listen", "127.0.0.1:0"])
        .envs(variables)
        .env("TIELINE_JOURNAL__PATH", &elsewhere)
        .output()
        .expect("the program");
    let text = String::from_utf8_lossy(&first.stderr).into_owned();
    assert_eq!(first.status.code(), Some(2), "{text}");
    assert!(text.contains("check that the disk has space"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_removed_while_it_is_used_lets_nothing_be_created_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name);
    let journal = file("journal.sqlite").display().to_string();
    let cloud = Server::start(PROGRAM, &["sandbox"]);
    let endpoint = format!("http://{}", cloud.address);
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
        ("TIELINE_ENDPOINTS__CBN", &endpoint),
        ("TIELINE_JOURNAL__KIND", "sqlite"),
        ("TIELINE_JOURNAL__PATH", &journal),
    ];
    let body = "{\"Name\":\"a\"}";
    let proxy = Server::start_with(PROGRAM, &[], &variables);
    let made = create(&proxy.address, "CreateCen", "made", body);
    assert!(made.starts_with("HTTP/1.1 200 "), "{made}");
    std::fs::remove_file(&journal).expect("removed");
    for key in ["made", "new"] {
        let refused = create(&proxy.address, "CreateCen", key, body);
        assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
        assert!(refused.contains("journal-unavailable"), "{refused}");
    }
    // A second one does not start in its place.
    let second = server::command(PROGRAM)
        .args(["--listen", "127.0.0.1:0"])
        .envs(variables)
        .output()
        .expect("the program");
    let text = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(2), "{text}");
    assert!(text.contains("in use by another process"), "{text}");
}

/// A mistyped path must not look like a journal in which all is well.
#[test]
fn where_there_is_no_journal_none_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = |variables: &[(&str, &str)]| {
        let output = server::command(PROGRAM)
            .arg("journal")
            .current_dir(folder.path())
            .envs(variables.iter().copied())
            .output()
            .expect("the program");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        (output.status.code(), text)
    };
    let files = || {
        let files = std::fs::read_dir(folder.path()).expect("a folder");
        files.map(|file| {
            let file = file.expect("a file");
            (file.file_name(), file.metadata().expect("a file").len())
        })
    };
    let secret = "5e".repeat(32);
    for (variables, path) in [
        (&[][..], "tieline-journal.sqlite"),
        (
            &[("TIELINE_JOURNAL__PATH", "mistyped.sqlite")],
            "mistyped.sqlite",
        ),
        (
            &[
                ("TIELINE_JOURNAL__PATH", "mistyped.sqlite"),
                ("TIELINE_JOURNAL_SECRET", &secret),
            ],
            "mistyped.sqlite",
        ),
    ] {
        let (code, text) = list(variables);
        assert_eq!(code, Some(2), "{text}");
        let path = folder.path().join(path).display().to_string();
        assert!(text.contains(&format!("no journal at {path}")), "{text}");
        assert_eq!(files().count(), 0, "something was made");
    }
    // A file that holds no journal stays as it is, and no key is made for it.
    std::fs::write(folder.path().join("empty.sqlite"), "").expect("written");
    let empty = ("TIELINE_JOURNAL__PATH", "empty.sqlite");
    for (variables, says) in [
        (&[empty][..], "empty.key"),
        (
            &[empty, ("TIELINE_JOURNAL_SECRET", &secret)],
            "no journal at ",
        ),
    ] {
        let (code, text) = list(variables);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(says), "{text}");
        let found: Vec<_> = files().collect();
        assert_eq!(found, [("empty.sqlite".into(), 0)]);
    }
    let (code, text) = list(&[("TIELINE_JOURNAL__KIND", "memory")]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("[journal] kind is memory"), "{text}");
}

/// Emptied, as by a wrong command; also while a request is on its way.
#[test]
fn a_redis_server_that_is_emptied_while_it_is_used_lets_nothing_be_created_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some((_server, port)) = redis(folder.path()) else {
        return;
    };
    let cloud = Held::start();
    let secret = "5e".repeat(32);
    let url = format!("redis://127.0.0.1:{port}");
    let journal = [
        ("TIELINE_JOURNAL__KIND", "redis"),
        ("TIELINE_JOURNAL__URL_ENV", "THE_URL"),
        ("THE_URL", &url),
        ("TIELINE_JOURNAL_SECRET", &secret),
    ];
    let variables = [cloud.variables(), journal].concat();
    let proxy = Server::start_with(PROGRAM, &[], &variables);
    let body = "{\"Name\":\"a\"}";
    let made = create(&proxy.address, "CreateCen", "made", body);
    assert!(made.starts_with("HTTP/1.1 200 "), "{made}");
    let address = proxy.address.clone();
    let slow = std::thread::spawn(move || create(&address, "CreateCen", "slow", HELD));
    cloud.until_executed(1);
    let emptied = command(port, "FLUSHALL");
    assert!(emptied.starts_with("+OK"), "{emptied}");
    for key in ["made", "new", "slow"] {
        let refused = create(&proxy.address, "CreateCen", key, body);
        assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
        assert!(refused.contains("journal-unavailable"), "{refused}");
    }
    // An id that the cloud gave is told all the same.
    cloud.release();
    let slow = slow.join().expect("a thread");
    assert!(slow.contains("\"CenId\""), "{slow}");
    // A new start begins anew only where no certain journal is expected.
    let other = server::command(PROGRAM)
        .args(["--listen", "127.0.0.1:0"])
        .envs(variables)
        .env("TIELINE_JOURNAL__IDENTITY", "5e".repeat(16))
        .output()
        .expect("the program");
    let text = String::from_utf8_lossy(&other.stderr).into_owned();
    assert_eq!(other.status.code(), Some(2), "{text}");
    assert!(text.contains("the configuration names 5e5e"), "{text}");
    assert_eq!(command(port, "DBSIZE"), ":0\r\n");
}

/// A Redis server as the journal needs it, and its port; `None`, and why on the error output, without one.
fn redis(folder: &std::path::Path) -> Option<(Ended, u16)> {
    let (port, reserved) = Closed::port().for_a_server();
    let folder = folder.display();
    let settings = format!(
        "--port {port} --bind 127.0.0.1 --appendonly yes --appendfsync always --dir {folder}"
    );
    started(&settings, port, reserved)
}

fn started(settings: &str, port: u16, reserved: Option<Closed>) -> Option<(Ended, u16)> {
    let server = Command::new("redis-server")
        .args(settings.split(' '))
        .stdout(Stdio::null())
        .spawn();
    let mut server = match server {
        Ok(server) => Ended(server, reserved),
        Err(error) => {
            eprintln!("SKIPPED: redis-server cannot be started ({error}); install Debian's package redis-server");
            return None;
        }
    };
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = server.0.try_wait().expect("a process");
        assert!(ended.is_none() && Instant::now() < until, "{ended:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    Some((server, port))
}

/// The server's answer to a command of one line.
fn command(port: u16, line: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a server");
    stream
        .write_all(format!("{line}\r\n").as_bytes())
        .expect("sent");
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).expect("text");
    answer
}

/// The certificate must be one that the proxy trusts.
#[test]
fn a_redis_server_is_reached_by_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]);
    let made = made.expect("a certificate");
    let (certificate, key) = (file("cert.pem"), file("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).expect("written");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    let (port, reserved) = Closed::port().for_a_server();
    let settings = format!("--port 0 --bind 127.0.0.1 --tls-port {port} --tls-auth-clients no --appendonly yes --appendfsync always --tls-cert-file {certificate} --tls-key-file {key} --tls-ca-cert-file {certificate} --dir {}", folder.path().display());
    let Some(_server) = started(&settings, port, reserved) else {
        return;
    };
    let url = format!("rediss://localhost:{port}");
    let secret = "5e".repeat(32);
    let variables = [
        ("TIELINE_JOURNAL__KIND", "redis"),
        ("TIELINE_JOURNAL__URL", &url),
        ("TIELINE_JOURNAL_SECRET", &secret),
    ];
    for (trusted, code, expected) in [
        // Nothing was written by the first, or the second would find it.
        (Some(&certificate), 2, "no journal at the Redis server"),
        (Some(&certificate), 2, "no journal at the Redis server"),
        (None, 2, "Redis server failed while connecting"),
    ] {
        let mut command = server::command(PROGRAM);
        command.arg("journal").envs(variables);
        if let Some(certificate) = trusted {
            command.env("SSL_CERT_FILE", certificate);
        }
        let output = command.output().expect("the program");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains(expected), "{text}");
        assert_eq!(output.status.code(), Some(code), "{text}");
    }
}

/// A process that ends with the value, and the port that is kept for it.
struct Ended(Child, #[allow(dead_code)] Option<Closed>);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
