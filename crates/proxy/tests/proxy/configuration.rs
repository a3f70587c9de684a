//! The program with a configuration: what it refuses, what it prints, and what the doctor finds.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;

use crate::in_process::{services, services_and_iam};
use crate::server::{self, Server};
use crate::system_sockets::Closed;
use crate::PROGRAM;

const ALIBABA: [(&str, &str); 2] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
];
const HUAWEI: [(&str, &str); 2] = [
    ("CLOUD_SDK_AK", "sandbox-access-key"),
    ("CLOUD_SDK_SK", "sandbox-secret-key"),
];

/// Environment variables.
type Variables = [(&'static str, &'static str)];

/// A folder for one test's files.
struct Files(TempDir);

impl Files {
    fn new() -> Files {
        Files(tempfile::tempdir().expect("a folder"))
    }

    fn write(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).expect("written");
        set_mode(&path, mode);
        path
    }

    /// A configuration file.
    fn config(&self, text: &str) -> String {
        let path = self.write("tieline.toml", text, 0o644);
        path.display().to_string()
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

fn run(args: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = server::command(PROGRAM);
    // What is tried out here leaves no file behind.
    command.env("TIELINE_JOURNAL__KIND", "memory");
    let variables = variables.iter().copied();
    let output: Output = command.args(args).envs(variables).output().expect("run");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let both = text(&output.stdout) + &text(&output.stderr);
    assert!(!both.contains("canary"), "{both}");
    (output.status.code(), both)
}

/// A configuration whose services are all at one address.
fn all_at(address: &str) -> String {
    let lines = services_and_iam().map(|s| format!("{s} = \"http://{address}\"\n"));
    let lines: String = lines.collect();
    format!("[limits]\nupstream_timeout = 5\n[endpoints]\n{lines}")
}

#[test]
fn a_mistake_in_the_file_is_said_with_its_line_and_nothing_starts() {
    let files = Files::new();
    let file = files.config("listen = \"127.0.0.1:0\"\nlimit = 7\n");
    for args in [&["--config", &file][..], &["--sandbox", "--config", &file]] {
        let (code, text) = run(args, &ALIBABA);
        assert_eq!(code, Some(2));
        assert!(
            text.contains("tieline.toml, line 2: unknown field `limit`"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    let (code, text) = run(&["doctor", "--config", &file], &ALIBABA);
    assert_eq!(code, Some(1));
    assert!(text.contains("line 2: unknown field"), "{text}");
    let (code, text) = run(&["--sandbox"], &[("TIELINE_LIMITS__HEADERS", "many")]);
    assert_eq!(code, Some(2));
    assert!(text.contains("TIELINE_LIMITS__HEADERS"), "{text}");
}

#[test]
fn the_printed_configuration_names_keys_and_shows_none() {
    let files = Files::new();
    let file = files.config(
        "[journal]\nkind = \"redis\"\nurl = \"redis://:canary@127.0.0.1\"\n[profiles.other.alibaba_env]\naccess_key_id = \"OTHER_ID\"\naccess_key_secret = \"OTHER_SECRET\"\n",
    );
    let variables = [
        ("TIELINE_CONFIG", file.as_str()),
        ("TIELINE_JOURNAL__KIND", "redis"),
        ("TIELINE_LIMITS__BODY_KIB", "17"),
        ("CLOUD_SDK_AK", "canary-ak"),
        ("CLOUD_SDK_SK", "canary-sk"),
        ("OTHER_ID", "canary-id"),
        ("OTHER_SECRET", "canary-secret"),
    ];
    let (code, text) = run(&["--print-config"], &variables);
    assert_eq!(code, Some(0), "{text}");
    for line in [
        "body_kib = 17",
        "url = \"***\"",
        "# default: Alibaba Cloud no, Huawei Cloud yes",
        "# other: Alibaba Cloud yes, Huawei Cloud no",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn a_mistyped_variable_is_refused_and_a_strange_one_told_once_without_its_value() {
    for args in [&[][..], &["--sandbox"], &["doctor"], &["journal"]] {
        let (code, text) = run(args, &[("TIELINE_LISTN", "canary")]);
        let expected = if args == ["doctor"] { 1 } else { 2 };
        assert_eq!(code, Some(expected), "{text}");
        assert!(text.contains("TIELINE_LISTN: "), "{text}");
        assert!(text.contains("Do you mean TIELINE_LISTEN?"), "{text}");
    }
    let strange = [
        ("TIELINE_SERVICE_HOST", "canary"),
        ("TIELINE_PORT", "tcp://canary"),
    ];
    for args in [&["--print-config"][..], &["doctor"]] {
        let (_, text) = run(args, &strange);
        let told = text.lines().filter(|line| line.contains("TIELINE_"));
        let told: Vec<&str> = told.collect();
        assert_eq!(told.len(), 1, "{text}");
        assert!(!told[0].starts_with("wrong: "), "{text}");
        for (name, _) in strange {
            assert!(told[0].contains(name), "{text}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_of_keys_is_read_only_when_nobody_else_can() {
    let files = Files::new();
    let keys = "[alibaba]\naccess_key_id = \"canary-id\"\naccess_key_secret = \"canary-secret\"\n[huawei]\nauth_token = \"canary-token\"\ndomain_id = \"d1\"\n";
    let path = files.write("keys.toml", keys, 0o600);
    let link = files.0.path().join("link.toml");
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    let print = |path: &Path| {
        let path = path.display();
        let text = format!("[profiles.p]\ncredentials_file = \"{path}\"\n");
        run(&["--print-config", "--config", &files.config(&text)], &[])
    };
    for path in [&path, &link] {
        let (code, text) = print(path);
        assert_eq!(code, Some(0), "{text}");
        assert!(
            text.contains("# p: Alibaba Cloud yes, Huawei Cloud yes"),
            "{text}"
        );
    }
    for mode in [0o640, 0o604, 0o620, 0o601, 0o644] {
        set_mode(&path, mode);
        for path in [&path, &link] {
            let (code, text) = print(path);
            assert_eq!(code, Some(2), "{mode:o}: {text}");
            assert!(
                text.contains("chmod 600") && text.contains("profile p"),
                "{text}"
            );
        }
    }
    for (name, text, says) in [
        (
            "a",
            "[alibaba]\naccess_key_secret = 5\naccess_key_id = canary",
            "line 3",
        ),
        (
            "b",
            "[alibaba]\nsecret = \"canary\"",
            "unknown field `secret`",
        ),
        ("c", "canary", "line 1"),
        (
            "d",
            "[alibaba]\naccess_key_id = \"canary\"",
            "missing field",
        ),
        (
            "e",
            "[alibaba]\naccess_key_id = \"x\"\naccess_key_secret = \"canary \"",
            "blanks",
        ),
        (
            "f",
            "[huawei]\naccess_key = \"canary\"",
            "access_key and secret_key",
        ),
        ("g", "[huawei]\nauth_token = \"canary\\n\"", "auth_token"),
    ] {
        let (code, found) = print(&files.write(name, text, 0o600));
        assert_eq!(code, Some(2), "{name}: {found}");
        assert!(found.contains(says), "{name}: {found}");
    }
    for (path, says) in [
        (Path::new("/dev/null"), "is no file"),
        (files.0.path(), "is no file"),
        (Path::new("absent.toml"), "absent.toml cannot be read"),
    ] {
        let (code, found) = print(path);
        assert_eq!(code, Some(2), "{found}");
        assert!(found.contains(says), "{found}");
    }
}

#[test]
fn half_a_key_is_none() {
    for (variable, missing) in [
        (
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ),
        ("HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_AK"),
        ("CLOUD_SDK_AK", "CLOUD_SDK_SK"),
    ] {
        let (code, text) = run(&[], &[(variable, "canary")]);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(&format!("{missing} is not")), "{text}");
    }
}

#[test]
fn other_machines_reach_the_real_clouds_only_with_a_login() {
    for args in [
        &["--listen", "0.0.0.0:0"][..],
        &["--listen", "0.0.0.0:0", "--allow-remote"],
    ] {
        let (code, text) = run(args, &ALIBABA);
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains("configure [auth]"), "{text}");
    }
}

#[test]
fn no_secret_and_nothing_personal_is_written_while_it_serves() {
    let files = Files::new();
    let sandbox = Server::start(PROGRAM, &["sandbox"]);
    let file = files.config(&all_at(&sandbox.address));
    let variables = [
        ALIBABA[0],
        (ALIBABA[1].0, "canary-secret"),
        HUAWEI[0],
        HUAWEI[1],
    ];
    let mut proxy = Server::start_with(PROGRAM, &["--config", &file], &variables);
    let ecc = r#"{"RegionId":"cn-hangzhou","Bandwidth":2,"IdcSP":"CU","PeerLocation":"canary 5F","IDCardNo":"11010519491231002X","ContactTel":"13800138000","ContactMail":"canary@example.com"}"#;
    let cc =
        r#"{"domain_id":"d1","X-Auth-Token":"canary-token","cloud_connection":{"name":"canary"}}"#;
    for (op, body, says) in [
        ("CreateExpressCloudConnection", ecc, "SignatureDoesNotMatch"),
        ("CreateCloudConnection", cc, "APIGW.0301"),
    ] {
        let request = format!(
            "POST /v1/{op} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: canary\r\nAuthorization: Bearer canary-bearer\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(&proxy.address).expect("a server");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.contains(says), "{answer}");
        for secret in ["canary-secret", "canary-token", "canary-bearer"] {
            assert!(!answer.contains(secret), "{answer}");
        }
    }
    let arguments = fs::read_to_string(format!("/proc/{}/cmdline", proxy.process.id()));
    assert!(!arguments.unwrap_or_default().contains("canary"));
    proxy.process.kill().expect("ended");
    let mut log = String::new();
    let mut stream = proxy.process.stderr.take().expect("piped");
    stream.read_to_string(&mut log).expect("text");
    assert_eq!(log.lines().count(), 2, "{log}");
    for private in [
        "canary",
        "13800138000",
        "11010519491231002X",
        "sandbox-secret-key",
    ] {
        assert!(!log.contains(private), "{log}");
    }
}

#[test]
fn the_doctor_is_content_with_the_right_keys() {
    let files = Files::new();
    let sandbox = Server::start(PROGRAM, &["sandbox"]);
    let file = files.config(&all_at(&sandbox.address));
    let variables = [ALIBABA, HUAWEI].concat();
    let (code, text) = run(&["doctor", "--config", &file], &variables);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("wrong:"), "{text}");
    for service in services() {
        assert!(
            text.contains(&format!("{service} accepts the key")),
            "{service}: {text}"
        );
    }
    assert!(text.contains("IAM tells the account id"), "{text}");
}

#[test]
fn the_doctor_says_what_is_wrong() {
    let files = Files::new();
    let sandbox = Server::start(PROGRAM, &["sandbox"]);
    let right = all_at(&sandbox.address);
    let closed = Closed::port();
    let wrong_secret = [ALIBABA[0], (ALIBABA[1].0, "canary")];
    let wrong_id = [(ALIBABA[0].0, "unknown"), ALIBABA[1]];
    let wrong_huawei = [HUAWEI[0], (HUAWEI[1].0, "canary")];
    let no_iam = right.replace(
        &format!("iam = \"http://{}\"", sandbox.address),
        &format!("iam = \"http://{}\"", closed.address),
    );
    let behind = clock_server("Thu, 01 Jan 2015 00:00:00 GMT");
    let ahead = clock_server("Thu, 01 Jan 2099 00:00:00 GMT");
    let keys = files.write("keys.toml", "[alibaba]\n", 0o644);
    let open = format!("[profiles.p]\ncredentials_file = \"{}\"\n", keys.display());
    let unlocked = "listen = \"0.0.0.0:1\"\n".to_string() + &right;
    let cases: [(&str, &Variables, &str); 10] = [
        ("", &[], "no profile has keys"),
        (
            &right,
            &wrong_secret,
            "refuses the key (SignatureDoesNotMatch)",
        ),
        (
            &right,
            &wrong_id,
            "refuses the key (InvalidAccessKeyId.NotFound)",
        ),
        (&right, &wrong_huawei, "the account id is missing"),
        (
            &no_iam,
            &HUAWEI,
            "the account id is missing, and IAM cannot be reached",
        ),
        (&all_at(&closed.address), &ALIBABA, "cannot be reached"),
        (&all_at(&behind), &ALIBABA, " s ahead of that of http://"),
        (&all_at(&ahead), &ALIBABA, " s behind that of http://"),
        (&open, &[], "chmod 600"),
        (&unlocked, &ALIBABA, "nobody has to log in"),
    ];
    for (config, variables, says) in cases {
        let file = files.config(config);
        let (code, text) = run(&["doctor", "--config", &file], variables);
        assert_eq!(code, Some(1), "{says}: {text}");
        let wrong = text.lines().filter(|line| line.starts_with("wrong: "));
        let wrong: Vec<&str> = wrong.collect();
        assert!(
            wrong.iter().any(|line| line.contains(says)),
            "{says}: {text}"
        );
    }
    let (code, text) = run(&["doctor", "--config", "absent.toml"], &ALIBABA);
    assert_eq!(code, Some(1));
    assert!(text.contains("absent.toml cannot be read"), "{text}");
}

/// A server whose clock stands still at a date.
fn clock_server(date: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let body = r#"{"Code":"InvalidTimeStamp.Expired","Message":"expired"}"#;
            let length = body.len();
            let answer = format!("HTTP/1.1 400 Bad Request\r\nDate: {date}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}
