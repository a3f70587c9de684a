//! Secrets and personal data, followed through the running program: whatever happens to a request,
//! none of them stands in anything that the program puts out.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread;

use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use tieline_catalog::model::{Action, Control, Kind, Operation, Param, Privacy};
use tieline_catalog::operations::operations;
use tieline_catalog::wire::percent_encode;
use tieline_catalog::{check, Raw};

use crate::in_process::services_and_iam;
use crate::server::Server;
use crate::system_sockets::Closed;
use crate::PROGRAM;

/// Values for what is personal or secret. The first that a parameter's rules allow is used.
const PRIVATE: &[&str] = &[
    "canary-value",
    "canary@example.com",
    "13800138000",
    "11010519491231002X",
];

/// The program's own secrets, by the variables that hold them.
const KEYS: &[(&str, &str)] = &[
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "canary-alibaba-id"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary-alibaba-secret"),
    ("ALIBABA_CLOUD_SECURITY_TOKEN", "canary-alibaba-token"),
    ("HUAWEICLOUD_SDK_AK", "canary-huawei-id"),
    ("HUAWEICLOUD_SDK_SK", "canary-huawei-secret"),
    ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "canary-huawei-token"),
    ("HUAWEICLOUD_SDK_DOMAIN_ID", "d1"),
];

/// Those of another profile.
const KEYS_FILE: &str = "[huawei]\nauth_token = \"canary-filed-token\"\n[alibaba]\naccess_key_id = \"canary-filed-id\"\naccess_key_secret = \"canary-filed-secret\"\n";

/// The bearer token that opens the proxy.
const BEARER: &str = "canary-bearer";

/// How the cloud answers: what is sent back, with `{echo}` for the request itself, and `{asked}` for what it
/// asks for, as it came and percent-encoded once more. An empty answer is a lost connection.
const ANSWERS: &[&str] = &[
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"CenId\":\"cen-1\",\"SmartAGId\":\"s\",\"CcnId\":\"c\",\"RequestId\":\"R\"}",
    "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n\r\n{\"cloud_connection\":{\"id\":\"c\"}}",
    "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\r\n{\"Code\":\"InvalidParameter\",\"Message\":\"m\"}",
    "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\r\n{\"Code\":\"Throttling\",\"Message\":\"m\"}",
    "HTTP/1.1 500 Oops\r\ncontent-type: text/html\r\n\r\n<html>{echo}</html>",
    "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\r\n{\"Code\":\"Odd\",\"Message\":\"{echo}\"}",
    "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\r\n{\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"{echo}\"}",
    "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\r\n{\"Code\":\"InvalidParameter\",\"Message\":\"{asked}\"}",
    "HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:1/{echo}\r\n\r\n",
    "HTTP/1.1 nonsense {echo}\r\n\r\n",
    "",
];

/// A cloud that answers as told.
struct Cloud {
    address: String,
    answer: Arc<AtomicUsize>,
    gone: Arc<AtomicBool>,
    seen: Arc<std::sync::Mutex<String>>,
    /// Nobody else is given its port when it has gone.
    _port: Option<Closed>,
}

impl Cloud {
    fn start() -> Cloud {
        let (port, kept) = Closed::port().for_a_server();
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let cloud = Cloud {
            address,
            answer: Arc::default(),
            gone: Arc::default(),
            seen: Arc::default(),
            _port: kept,
        };
        let (answer, gone, seen) = (cloud.answer.clone(), cloud.gone.clone(), cloud.seen.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if gone.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(mut stream) = stream else { continue };
                let Some(request) = read(&stream) else {
                    continue;
                };
                seen.lock().expect("a text").push_str(&request);
                let echo: String = request
                    .chars()
                    .map(|c| {
                        if c.is_ascii_graphic() && c != '"' && c != '\\' {
                            c
                        } else {
                            '_'
                        }
                    })
                    .collect();
                let asked = format!(
                    "{}_{}",
                    echo.split("HTTP/1.1").next().unwrap_or_default(),
                    echo.rsplit("____").next().unwrap_or_default()
                );
                let asked = format!("{asked}_{}", percent_encode(&asked));
                let text = ANSWERS[answer.load(Ordering::SeqCst)].replace("{echo}", &echo);
                let text = text.replace("{asked}", &asked);
                let text = text.replacen("\r\n", "\r\nconnection: close\r\n", 1);
                let _ = stream.write_all(text.as_bytes());
            }
        });
        cloud
    }

    /// Nobody listens any more.
    fn leave(&self) {
        self.gone.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(&self.address));
    }
}

/// A whole request as it arrived, head and body.
fn read(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let lower = line.to_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        text.push_str(&line);
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(text + &String::from_utf8_lossy(&body))
}

/// The paths of what is personal or secret.
fn private(op: &'static Operation) -> Vec<String> {
    fn walk(params: &'static [Param], prefix: &str, found: &mut Vec<String>) {
        for param in params {
            let path = format!("{prefix}{}", param.name);
            if let Kind::Object(inner) = param.kind {
                walk(inner, &format!("{path}."), found);
            } else if param.privacy != Privacy::Public {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(op.params, "", &mut found);
    found
}

/// The document's example with every private parameter filled in.
fn example(op: &'static Operation) -> Raw {
    let mut raw = Raw::example(op);
    for param in op.params {
        match param.control {
            Control::Account => raw.set(param.name, "d1"),
            _ if param.name == "IpAddress" => raw.set(param.name, "116.62.222.10"),
            _ => true,
        };
    }
    for path in private(op) {
        let fits = PRIVATE.iter().find(|value| {
            let mut with = raw.clone();
            with.set(&path, value);
            let violations = check(op, &with).violations;
            violations.iter().all(|v| v.parameter != path)
        });
        raw.set(
            &path,
            fits.unwrap_or_else(|| panic!("{path} takes no canary")),
        );
    }
    raw
}

/// Requests for code, for every target.
fn asked(bodies: &[String]) -> Vec<String> {
    let asked = |body: &String| {
        tieline_code::Target::ALL
            .map(|target| format!(r#"{{"target":"{}","parameters":{body}}}"#, target.name()))
    };
    bodies.iter().flat_map(asked).collect()
}

/// Bodies for an operation: right, wrong by a rule, by a type, by syntax.
fn bodies(op: &'static Operation) -> Vec<String> {
    let right = check(op, &example(op)).parsed.to_json();
    let mut bodies = vec![right.to_string()];
    for path in private(op) {
        let pointer = format!("/{}", path.replace('.', "/"));
        for wrong in [
            json!("canary\u{2028}wrong\u{1b}[31m"),
            json!("canary-".repeat(200)),
            json!(["canary-item"]),
            json!({ "canary-member": "canary-value" }),
            json!(13_800_138_000_u64),
        ] {
            let mut body = right.clone();
            *body.pointer_mut(&pointer).expect("a parameter") = wrong;
            bodies.push(body.to_string());
        }
        let twice = format!("{{\"{path}\":\"canary-a\",\"{path}\":\"canary-b\"}}");
        bodies.push(twice);
        bodies.push(format!("{{\"{path}\":\"canary-cut"));
        bodies.push(format!("{{\"{path}\":\"canary-x\"}} canary-tail"));
    }
    bodies
}

/// Sends for a profile and gives the answer's head, in lower case, and body.
fn ask(
    address: &str,
    (method, path): (&str, &str),
    profile: &str,
    key: &str,
    body: &str,
) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("a server");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nTieline-Profile: {profile}\r\nAuthorization: Bearer {BEARER}\r\nCookie: session=canary-cookie\r\nX-Auth-Token: canary-header\r\nReferer: http://localhost/canary-referer\r\nUser-Agent: canary-agent\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    (head.to_lowercase(), body.to_string())
}

/// Asserts that a text holds none of the canaries.
fn is_clean(what: &str, text: &str) {
    let lower = text.to_lowercase();
    for private in ["canary", "13800138000", "11010519491231002x"] {
        if let Some(at) = lower.find(private) {
            let around: String = lower[at.saturating_sub(200)..].chars().take(400).collect();
            panic!("{what} holds {private}: …{around}…");
        }
    }
    // A hash without a key is as good as the number: it is found by trying.
    for value in PRIVATE {
        let hash = hex::encode(Sha256::digest(value));
        assert!(!lower.contains(&hash), "{what} holds the hash of {value}");
    }
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files_below(&path, found),
            false => found.push(path),
        }
    }
}

/// Writes a configuration that sends everything to `cloud` and keeps files in `kept`.
fn configuration(folder: &Path, kept: &Path, cloud: &Cloud) -> PathBuf {
    let endpoints = services_and_iam().map(|s| format!("{s} = \"http://{}\"\n", cloud.address));
    let keys_file = folder.join("keys.toml");
    fs::write(&keys_file, KEYS_FILE).expect("written");
    let owner = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&keys_file, owner).expect("a mode");
    let configuration = format!(
        "[limits]\nupstream_timeout = 2\nrate_per_minute = 0\n[auth]\ntokens = [{{ name = \"ci\", sha256 = \"{}\" }}]\n[audit]\nfile = \"{}\"\n[journal]\npath = \"{}\"\n[profiles.filed]\ncredentials_file = \"{}\"\n[endpoints]\n{}",
        hex::encode(Sha256::digest(BEARER)),
        kept.join("audit.jsonl").display(),
        kept.join("journal.sqlite").display(),
        keys_file.display(),
        endpoints.collect::<String>()
    );
    let file = folder.join("tieline.toml");
    fs::write(&file, configuration).expect("written");
    file
}

/// The canaries did go where they belong, so their absence elsewhere means something. `seen`: what
/// came to the cloud.
fn went_only_where_it_belongs(seen: &str) {
    for value in [
        "13800138000",
        "11010519491231002X",
        "canary-value",
        "canary-alibaba-id",
        "canary-filed-token",
        "canary-filed-id",
    ] {
        assert!(seen.contains(value), "{value} never reached the cloud");
    }
    assert!(!seen.contains("-secret"), "a key's secret was sent");
    for alien in [
        "canary-cookie",
        "canary-header",
        "canary-referer",
        "canary-agent",
        BEARER,
    ] {
        assert!(!seen.contains(alien), "{alien} was passed on");
    }
}

#[test]
fn no_secret_and_nothing_personal_is_put_out_whatever_happens() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("kept");
    fs::create_dir(&kept).expect("a folder");
    let cloud = Cloud::start();
    let file = configuration(folder.path(), &kept, &cloud);
    let file = file.to_str().expect("UTF-8");
    let mut variables = KEYS.to_vec();
    variables.extend([
        ("TIELINE_JOURNAL__KIND", "sqlite"),
        ("RUST_BACKTRACE", "full"),
        ("RUST_LOG", "trace"),
    ]);
    for args in [&["--print-config"][..], &["doctor"]] {
        let mut command = Command::new(PROGRAM);
        let command = command.args(args).args(["--config", file]);
        let output = command
            .envs(variables.iter().copied())
            .output()
            .expect("run");
        is_clean("the output", &String::from_utf8_lossy(&output.stdout));
        is_clean("the errors", &String::from_utf8_lossy(&output.stderr));
    }
    let mut proxy = Server::start_with(PROGRAM, &["--config", file], &variables);
    // What is not read would fill the pipe and stop the program.
    let mut stderr = proxy.process.stderr.take().expect("piped");
    let log = thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).expect("text");
        text
    });
    let (mut own, mut relayed, mut keys) = (0, 0, 0);
    let mut send_as = |profile: &str, path: &str, body: &str| {
        keys += 1;
        let key = format!("k{keys}");
        let (head, body) = ask(&proxy.address, ("POST", path), profile, &key, body);
        is_clean("a head", &head);
        match head.contains("tieline-relayed") {
            // What a cloud says is the client's to read.
            true => relayed += 1,
            false => {
                own += 1;
                is_clean("the proxy's own answer", &body);
            }
        }
    };
    let mut send = |path: &str, body: &str| send_as("default", path, body);
    for op in operations() {
        let bodies = bodies(op);
        for path in ["/check?canary-query", "/preview", "/canary-path"] {
            for body in &bodies {
                send(&format!("/v1/{}{path}", op.name), body);
            }
        }
        for asked in asked(&bodies) {
            send(&format!("/v1/{}/code", op.name), &asked);
        }
        for body in &bodies[1..] {
            send(&format!("/v1/{}", op.name), body);
        }
    }
    // Whatever the cloud repeats of what it was sent, the journal does not keep.
    for (n, answer) in ANSWERS.iter().enumerate() {
        cloud.answer.store(n, Ordering::SeqCst);
        for op in operations() {
            // What is throttled is sent again and again, so one operation has to be enough.
            if !answer.contains("Throttling") || private(op).len() > 1 {
                send(&format!("/v1/{}", op.name), &bodies(op)[0]);
            }
        }
        files_are_clean(&kept);
    }
    for op in operations() {
        // Without the user's own token the profile's is sent.
        let mut raw = example(op);
        private(op).iter().for_each(|path| raw.remove(path));
        let body = check(op, &raw).parsed.to_json().to_string();
        send_as("filed", &format!("/v1/{}", op.name), &body);
    }
    let mut send = |path: &str, body: &str| send_as("default", path, body);
    cloud.leave();
    for op in operations().filter(|op| op.action == Action::Create) {
        send(&format!("/v1/{}", op.name), &bodies(op)[0]);
    }
    assert!(own > 100 && relayed > 30, "{own} {relayed}");

    let seen = cloud.seen.lock().expect("a text").clone();
    went_only_where_it_belongs(&seen);

    for path in ["/metrics", "/healthz", "/openapi.json"] {
        let (head, body) = ask(&proxy.address, ("GET", path), "default", "k", "");
        assert!(head.starts_with("http/1.1 200 "), "{head}");
        is_clean(path, &body);
    }
    let arguments = fs::read(format!("/proc/{}/cmdline", proxy.process.id()));
    is_clean(
        "argv",
        &String::from_utf8_lossy(&arguments.unwrap_or_default()),
    );
    let id = proxy.process.id().to_string();
    let ended = Command::new("kill").args(["-TERM", &id]).status();
    assert!(ended.expect("the command kill").success());
    let status = proxy.process.wait().expect("the process");
    assert!(status.success(), "{status}");
    let log = log.join().expect("a thread");
    assert!(log.lines().count() > 200, "{log}");
    assert!(log.contains("could not connect to"), "{log}");
    is_clean("the log", &log);

    audit_is_whole_and_clean(&kept.join("audit.jsonl"));
}

/// What is kept beside the proxy holds nothing private.
fn files_are_clean(folder: &Path) {
    let mut files = Vec::new();
    files_below(folder, &mut files);
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).expect("a file");
        is_clean(
            &file.display().to_string(),
            &String::from_utf8_lossy(&bytes),
        );
    }
}

/// Every kind of outcome is in the audit, and nothing private.
fn audit_is_whole_and_clean(file: &Path) {
    let audit = fs::read_to_string(file).expect("an audit");
    let outcomes: std::collections::BTreeSet<String> = audit
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|line| line["outcome"].to_string())
        .collect();
    assert!(outcomes.len() >= 8, "{outcomes:?}");
    is_clean("the audit", &audit);
}
