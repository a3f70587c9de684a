//! `tieline-proxy verify`: an exported history against those who changed it, and against the audit and the
//! journal of the proxy that it was made through.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use serde_json::{json, Value};
use tieline_catalog::answer::{Answer, Created, Refusal};
use tieline_catalog::{check, find, Message, Raw};
use tieline_records::event::Before;
use tieline_records::export::{head, part, CHAINS, TAIL};
use tieline_records::receipt::Entry;
use tieline_records::{By, Chain, Head, Outcome, Receipt, Record, What};

use crate::server::{self, Server};
use crate::PROGRAM;

const OPERATION: &str = "CreateCen";

/// A history as the console keeps it.
#[derive(Clone)]
struct History {
    records: Vec<Record>,
    head: Head,
    receipts: Vec<Receipt>,
}

impl History {
    fn new() -> History {
        History {
            records: Vec::new(),
            head: Head::genesis("0d9e", 1_000),
            receipts: Vec::new(),
        }
    }

    fn note(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.receipts.push(self.head.append(entry, now()));
        }
    }

    /// What the console writes of a creation under this key, with the id that came of it, if one did.
    fn record(&mut self, key: &str, name: &str, id: Option<&str>) {
        let op = find(OPERATION).expect("an operation");
        let mut raw = Raw::new();
        raw.set("Name", name);
        let parsed = check(op, &raw).parsed;
        let mut record = Record::intent(&parsed, key, "/api".into(), None, false, now());
        self.note(Entry::between(None, &record));
        let before = record.clone();
        let text = Message::new("", "");
        let answer = match id {
            Some(id) => Answer::Created(Created {
                id: id.to_string(),
                status: None,
                request_id: None,
                fields: Vec::new(),
            }),
            None => Answer::Unknown(Refusal::without_response(text.clone(), text)),
        };
        record.settle(&answer, By::Cloud, true, None, now());
        self.note(Entry::between(Some(&before), &record));
        self.records.push(record);
    }

    /// Exports it to a file.
    fn export(&mut self, to: &Path) -> Value {
        let records = self.records.len() as u64;
        self.note(vec![Entry::exported(records, false)]);
        let chain = Chain {
            chain: self.head.chain.clone(),
            since: self.head.since,
            head: self.head.hash.clone(),
            receipts: self.receipts.clone(),
        };
        let records: Vec<String> = self.records.iter().map(part).collect();
        let text = [&head(), &records.join(","), CHAINS, &part(&chain), TAIL].concat();
        std::fs::write(to, &text).expect("written");
        serde_json::from_str(&text).expect("JSON")
    }
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.expect("after 1970").as_millis() as u64
}

/// The exit code of the program with these arguments, and what it says.
fn verify(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let output = server::command(PROGRAM)
        .arg("verify")
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .expect("the program");
    let mut said = String::from_utf8(output.stdout).expect("text");
    said += &String::from_utf8_lossy(&output.stderr);
    (output.status.code().expect("an exit code"), said)
}

/// Sends a creation and returns the id that the answer has.
fn create(address: &str, key: &str, name: &str) -> Option<String> {
    let body = json!({ "Name": name }).to_string();
    let mut stream = TcpStream::connect(address).expect("a server");
    let request = format!(
        "POST /v1/{OPERATION} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    let (_, rest) = answer.split_once("\"CenId\":\"")?;
    Some(rest.split('"').next().expect("an id").to_string())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn a_whole_export_is_told_from_one_that_was_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.json");
    let mut history = History::new();
    history.record("a", "first", Some("cen-1"));
    let noted = history.head.hash.clone();
    history.record("b", "second", Some("cen-2"));
    let whole = history.export(&file);
    let (code, said) = verify(&[&text(&file)], &[]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("2 records") && said.ends_with("\nwhole\n"),
        "{said}"
    );
    assert!(
        said.contains(&format!("5 receipts, head {}", history.head.hash)),
        "{said}"
    );
    let (code, said) = verify(&[&text(&file), "--head", &noted], &[]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = verify(&[&text(&file), "--head", &"0".repeat(64)], &[]);
    assert!(
        code == 1 && said.contains("no chain has passed the head"),
        "{said}"
    );

    let changed = |change: &dyn Fn(&mut Value)| {
        let mut changed = whole.clone();
        change(&mut changed);
        std::fs::write(&file, changed.to_string()).expect("written");
        verify(&[&text(&file)], &[])
    };
    let (code, said) = changed(&|file| {
        file["chains"][0]["receipts"][1]["id"] = json!("cen-9");
    });
    let link = "BROKEN chain 0d9e: the link from receipt 2 to receipt 1 does not hold";
    assert!(code == 1 && said.contains(link), "{said}");
    let (code, said) = changed(&|file| {
        file["records"].as_array_mut().expect("records").remove(0);
    });
    assert!(
        code == 1 && said.contains("record CreateCen a: has receipts and is not there"),
        "{said}"
    );
    // What has no receipt is told of, and never called whole.
    for event in ["note", "look-up", "imported", "of a later version"] {
        let (code, said) = changed(&|file| {
            let events = file["records"][0]["events"].as_array_mut().expect("events");
            let last = events.last().expect("an event").clone();
            let n = last["n"].as_u64().expect("a number") + 1;
            events.push(
                json!({ "event": event, "at": last["at"], "n": n, "text": "x", "by": "user" }),
            );
        });
        assert!(code == 0 && said.contains("not covered: "), "{said}");
        assert!(
            said.contains("o receipt tells") && !said.ends_with("\nwhole\n"),
            "{event}: {said}"
        );
    }
    // A file's text moves no cursor.
    let (_, said) = changed(&|file| file["records"][0]["key"] = json!("\u{1b}[2J"));
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn what_is_no_history_or_has_no_receipts_is_told_from_a_broken_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.json");
    let (code, said) = verify(&[&text(&file)], &[]);
    assert!(code == 2 && said.contains("cannot be read"), "{said}");
    for (content, why) in [
        ("<html>", "no exported history"),
        ("{}", "no exported history"),
        (
            "{\"format\":\"tieline-history\",\"version\":1,\"records\":[]}",
            "no receipts",
        ),
        (
            "{\"format\":\"tieline-history\",\"version\":3,\"records\":[],\"chains\":[{}]}",
            "newer version",
        ),
    ] {
        std::fs::write(&file, content).expect("written");
        let (code, said) = verify(&[&text(&file)], &[]);
        assert!(code == 2 && said.contains(why), "{content}: {said}");
    }
}

#[test]
fn the_audit_and_the_history_must_know_the_same_resources() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, audit]: [PathBuf; 2] =
        ["history.json", "audit.jsonl"].map(|n| folder.path().join(n));
    let audit_path = text(&audit);
    let variables = [("TIELINE_AUDIT__FILE", audit_path.as_str())];
    let proxy = Server::start_with(PROGRAM, &["--sandbox"], &variables);
    let mut history = History::new();
    let mut made = Vec::new();
    for key in ["a", "b"] {
        let id = create(&proxy.address, key, key).expect("an id");
        history.record(key, key, Some(&id));
        made.push(id);
    }
    let compare = |file: &Path| verify(&[&text(file), "--audit", &audit_path], &[]);
    history.export(&file);
    let (code, said) = compare(&file);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("audit: 2 resources created, 2 records sent there\n"),
        "{said}"
    );

    // One that only the proxy knows, and one that it never answered with.
    let lost = create(&proxy.address, "c", "c").expect("an id");
    let (code, said) = compare(&file);
    assert!(
        code == 1 && said.contains(&format!("{lost}: the audit has this resource")),
        "{said}"
    );
    let (code, said) = verify(
        &[&text(&file), "--audit", &audit_path, "--user", "ann"],
        &[],
    );
    assert!(
        code == 1 && said.contains("the record has this resource, and the audit has not"),
        "{said}"
    );
    history.record("c", "c", Some(&lost));
    history.record("d", "d", Some("cen-invented"));
    history.export(&file);
    let (code, said) = compare(&file);
    let invented = "CreateCen cen-invented: the record has this resource, and the audit has not";
    assert!(
        code == 1 && said.contains(invented) && !said.contains(&lost),
        "{said}"
    );
    // Of another endpoint's records nothing is asked.
    let arguments = [
        &text(&file),
        "--audit",
        &audit_path,
        "--endpoint",
        "https://other",
    ];
    let (_, said) = verify(&arguments, &[]);
    assert!(said.contains("0 records sent there"), "{said}");
}

#[test]
fn an_id_that_nothing_proves_is_known_under_its_own_key_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, audit] = ["history.json", "audit.jsonl"].map(|n| text(&folder.path().join(n)));
    let line = |key: &str| {
        json!({
            "time": "2000-01-01T00:00:00Z", "operation": OPERATION, "idempotency_key": key, "resource": "cen-9",
        })
    };
    // A record of a version without events; it is older than the chain.
    let mut history = History::new();
    history.record("a", "first", None);
    let old = Record {
        created: 100,
        updated: 200,
        key: "old".to_string(),
        outcome: Outcome::Created,
        resource_id: Some("cen-9".to_string()),
        events: Vec::new(),
        ..history.records[0].clone()
    };
    history.records.push(old);
    history.export(Path::new(&file));
    for (key, expected) in [("old", 0), ("other", 1)] {
        std::fs::write(&audit, line(key).to_string()).expect("written");
        let (code, said) = verify(&[&file, "--audit", &audit], &[]);
        assert_eq!(code, expected, "{said}");
        assert!(
            said.contains("UNPROVEN record CreateCen old\n") && !said.ends_with("\nwhole\n"),
            "{said}"
        );
    }
}

/// A record can have several such lines: what is left out is counted by lines, not by records.
#[test]
fn of_what_is_not_proven_the_lines_that_are_left_out_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.json");
    let mut history = History::new();
    for number in 0..12 {
        history.record(&format!("key-{number}"), "first", None);
        let record = history.records.last_mut().expect("a record");
        let before = What::Before(Before {
            outcome: Outcome::Unknown,
            doubted: false,
            id: None,
            status: None,
            absent: false,
            request_id: None,
            endpoint: "/api".to_string(),
            simulated: true,
            code: None,
            message: None,
        });
        record.append(&What::Imported { new: true }, now());
        record.append(&before, now());
        record.rest.insert("of a later version".into(), json!(1));
    }
    history.export(&file);
    let (code, said) = verify(&[&text(&file)], &[]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("UNPROVEN record").count(), 20, "{said}");
    assert!(
        said.contains("\n4 more such lines are left out\n"),
        "{said}"
    );
}

#[test]
fn what_the_journal_does_not_know_must_be_in_the_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| text(&folder.path().join(name));
    let (file, audit, journal, config) = (
        at("history.json"),
        at("audit.jsonl"),
        at("journal.sqlite"),
        at("config.toml"),
    );
    let cloud = Server::start(PROGRAM, &["sandbox"]);
    let endpoint = format!("http://{}", cloud.address);
    std::fs::write(&config, "").expect("written");
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
        ("TIELINE_ENDPOINTS__CBN", &endpoint),
        ("TIELINE_JOURNAL__KIND", "sqlite"),
        ("TIELINE_JOURNAL__PATH", &journal),
        ("TIELINE_AUDIT__FILE", &audit),
    ];
    let proxy = Server::start_with(PROGRAM, &[], &variables);
    let mut history = History::new();
    for key in ["a", "b"] {
        assert_eq!(create(&proxy.address, key, "fault-lost"), None);
    }
    drop(proxy);
    history.record("a", "fault-lost", None);
    history.export(Path::new(&file));
    let arguments = [&*file, "--audit", &audit, "--config", &config];
    let (code, said) = verify(&arguments, &variables);
    assert!(
        code == 1 && said.contains("CreateCen b: its outcome is unknown to the journal"),
        "{said}"
    );
    assert!(!said.contains("CreateCen a:"), "{said}");
    history.record("b", "fault-lost", None);
    history.export(Path::new(&file));
    let (code, said) = verify(&arguments, &variables);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("journal: 2 with an unknown outcome; 2 are unknown here too"),
        "{said}"
    );

    // What it has answered is compared by the key, also where somebody has taken the line out of the audit.
    let proxy = Server::start_with(PROGRAM, &[], &variables);
    let made = create(&proxy.address, "c", "third").expect("an id");
    drop(proxy);
    let lines = std::fs::read_to_string(&audit).expect("an audit");
    let without = lines.lines().filter(|line| !line.contains(&made));
    let without: Vec<&str> = without.collect();
    std::fs::write(&audit, without.join("\n")).expect("written");
    let mut forged = history.clone();
    forged.record("c", "third", Some("cen-forged"));
    forged.export(Path::new(&file));
    let (code, said) = verify(&arguments, &variables);
    let lost = format!("CreateCen c: the journal has answered with the resource {made}");
    assert!(code == 1 && said.contains(&lost), "{said}");
    history.record("c", "third", Some(&made));
    history.export(Path::new(&file));
    let (_, said) = verify(&arguments, &variables);
    assert!(
        said.contains("journal: 1 answers compared") && !said.contains("has answered"),
        "{said}"
    );
}
