//! Nothing twice and nothing lost while the proxy is killed (SIGKILL) again and again.
//!
//! The program with its SQLite journal stands in front of a sandbox server that lives on. Clients
//! create resources through it and repeat what got no answer, with the same key; an outcome that stays
//! unknown they look up before they ask again. In the end the cloud's own lists are compared with what
//! the clients know.
//!
//! TIELINE_CRASH_CREATIONS sets how many creations are asked for, TIELINE_CRASH_SEED repeats a run's
//! choices; threads and processes still take turns as the system likes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{json, Value};
use tieline_protocol::problem;

use crate::server::Server;
#[cfg(target_os = "linux")]
use crate::system_sockets::{connections, port, State};
#[cfg(target_os = "linux")]
use crate::waiting::until;
use crate::PROGRAM;

const CLIENTS: usize = 8;
/// Few enough for every run of the tests; the release check asks for 500.
const CREATIONS: usize = 120;
/// How often a client asks for one resource before the test counts as stuck.
const MAX_TRIES: usize = 1_000;
/// The sandbox's slow answer: most kills then strike between execution and answer.
const SLOW_MS: &str = "30";
/// The time limit for a proxy to start.
const START_LIMIT: Duration = Duration::from_secs(120);

/// A kind of resource: its creation, and how the cloud's list of them is read.
struct Subject {
    creation: &'static str,
    id: &'static str,
    read: &'static str,
    items: &'static str,
    has_token: bool,
}

const SUBJECTS: [Subject; 2] = [
    Subject {
        creation: "CreateCen",
        id: "CenId",
        read: "DescribeCens",
        items: "/Cens/Cen",
        has_token: true,
    },
    Subject {
        creation: "CreateCloudConnectNetwork",
        id: "CcnId",
        read: "DescribeCloudConnectNetworks",
        items: "/CloudConnectNetworks/CloudConnectNetwork",
        has_token: false,
    },
];

impl Subject {
    fn body(&self, name: &str) -> Value {
        match self.has_token {
            true => json!({ "Name": name }),
            false => json!({ "Name": name, "IsDefault": false, "RegionId": "cn-shanghai" }),
        }
    }
}

/// SplitMix64: chance that a seed repeats.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// What a client ends up knowing of a resource that it asked for.
struct Known {
    subject: usize,
    name: String,
    id: String,
    /// The key that the proxy answered under; `None` for an id that was looked up.
    key: Option<String>,
}

/// What the clients share.
#[derive(Default)]
struct Clients {
    /// Where the cloud listens.
    cloud: String,
    /// Where the proxy listens while it lives.
    address: Mutex<String>,
    next: AtomicUsize,
    retries: AtomicUsize,
    unknown: AtomicUsize,
    looked_up: AtomicUsize,
    anew: AtomicUsize,
    known: Mutex<Vec<Known>>,
}

impl Clients {
    fn create_all(&self, creations: usize) {
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number >= creations {
                return;
            }
            let known = self.create(number);
            self.known.lock().expect("a list").push(known);
        }
    }

    /// Creates one resource, whatever happens to the proxy meanwhile.
    fn create(&self, number: usize) -> Known {
        let index = number % SUBJECTS.len();
        let subject = &SUBJECTS[index];
        let slow = (number / SUBJECTS.len()).is_multiple_of(2);
        let name = format!("{}-{number}", if slow { "fault-slow" } else { "plain" });
        let body = subject.body(&name);
        let known = |id: &str, key: Option<String>| Known {
            subject: index,
            name: name.clone(),
            id: id.to_string(),
            key,
        };
        let mut key = format!("key-{number}");
        for _ in 0..MAX_TRIES {
            let Some((status, answer)) = self.post(subject.creation, &key, &body) else {
                continue;
            };
            if status == 200 {
                let id = answer[subject.id].as_str().expect("an id");
                return known(id, Some(key));
            }
            let kind = answer["type"].as_str().unwrap_or_default();
            let unknown = [&problem::OUTCOME_UNKNOWN, &problem::OUTCOME_UNKNOWN_TIMEOUT];
            if unknown.iter().all(|problem| problem.uri != kind) {
                assert_eq!(status, 503, "{}: {answer}", subject.creation);
                continue;
            }
            self.unknown.fetch_add(1, Ordering::SeqCst);
            // With a token the same key may be asked for again; without one, only the cloud can tell.
            if !subject.has_token {
                settled(&self.cloud);
                let found = self.list(subject, Some(&name));
                assert!(found.len() <= 1, "{name}: {found:?}");
                match found.first() {
                    Some((id, _)) => {
                        self.looked_up.fetch_add(1, Ordering::SeqCst);
                        return known(id, None);
                    }
                    None => {
                        self.anew.fetch_add(1, Ordering::SeqCst);
                        key.push_str("-anew");
                    }
                }
            }
        }
        panic!("{name}: no answer in {MAX_TRIES} tries");
    }

    /// All resources at the cloud, or those of a name: id and name.
    fn list(&self, subject: &Subject, name: Option<&str>) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for page in 1.. {
            let mut body = json!({ "PageNumber": page, "PageSize": 50 });
            if !subject.has_token {
                body["RegionId"] = "cn-shanghai".into();
                if let Some(name) = name {
                    body["Name"] = name.into();
                }
            }
            let (status, answer) = loop {
                if let Some(answer) = self.post(subject.read, "", &body) {
                    break answer;
                }
            };
            assert_eq!(status, 200, "{answer}");
            let items = answer.pointer(subject.items).and_then(Value::as_array);
            let items = items.expect("a list");
            let text = |item: &Value, name: &str| item[name].as_str().expect("a text").to_string();
            all.extend(items.iter().map(|i| (text(i, subject.id), text(i, "Name"))));
            if items.len() < 50 {
                break;
            }
        }
        all
    }

    /// A connection to the proxy, as soon as there is one again: on a loaded machine it starts slowly.
    fn connect(&self) -> TcpStream {
        let started = Instant::now();
        loop {
            let address = self.address.lock().expect("an address").clone();
            if let Ok(stream) = TcpStream::connect(&address) {
                return stream;
            }
            assert!(started.elapsed() < START_LIMIT, "no proxy listens");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// One request; `None` when there was no whole answer.
    fn post(&self, operation: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let answer = exchange(self.connect(), operation, key, body);
        if answer.is_none() {
            self.retries.fetch_add(1, Ordering::SeqCst);
        }
        answer
    }
}

/// After a crash a request may still lie in the cloud's socket. Waits until the cloud has read what lay there and
/// closed the connections whose other end is gone: what it does not know then it will not get.
#[cfg(target_os = "linux")]
fn settled(cloud: &str) {
    let cloud = port(cloud);
    let left = || -> BTreeSet<u16> {
        let all = connections().into_iter();
        all.filter(|found| found.local == cloud && found.state == State::CloseWait)
            .map(|found| found.remote)
            .collect()
    };
    // Those of the crash before; others are left behind meanwhile.
    let before = left();
    until("the cloud", || before.is_disjoint(&left()));
}

#[cfg(not(target_os = "linux"))]
fn settled(_: &str) {
    std::thread::sleep(Duration::from_secs(1));
}

fn exchange(
    mut stream: TcpStream,
    operation: &str,
    key: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    let body = body.to_string();
    let key = match key {
        "" => String::new(),
        key => format!("Idempotency-Key: {key}\r\n"),
    };
    let request = format!(
        "POST /v1/{operation} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{key}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let patience = Some(Duration::from_secs(60));
    stream.set_read_timeout(patience).expect("a time limit");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    // An answer that was cut off is no JSON.
    Some((status, serde_json::from_str(body).ok()?))
}

/// Reads what a program says, so that its pipe never fills up.
fn drain(server: &mut Server) {
    let mut stderr = server.process.stderr.take().expect("piped");
    std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
}

fn proxy(cloud: &str, journal: &Path) -> Server {
    let endpoint = format!("http://{cloud}");
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key"),
        ("TIELINE_ENDPOINTS__CBN", &endpoint),
        ("TIELINE_ENDPOINTS__SMARTAG", &endpoint),
        ("TIELINE_JOURNAL__KIND", "sqlite"),
        ("TIELINE_JOURNAL__PATH", journal.to_str().expect("UTF-8")),
        ("TIELINE_LIMITS__RATE_PER_MINUTE", "0"),
    ];
    let mut server = Server::start_with(PROGRAM, &[], &variables);
    drain(&mut server);
    server
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}: {text}")))
}

#[test]
fn kills_at_random_moments_neither_double_nor_lose_a_resource() {
    let creations = number("TIELINE_CRASH_CREATIONS").map_or(CREATIONS, |n| n as usize);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a clock after 1970").as_nanos() as u64;
    let seed = number("TIELINE_CRASH_SEED").unwrap_or(now);
    println!("seed {seed}");
    let mut chance = Chance(seed);
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal.sqlite");
    let mut cloud = Server::start(PROGRAM, &["sandbox", "--slow-ms", SLOW_MS]);
    drain(&mut cloud);

    let clients = Clients {
        cloud: cloud.address.clone(),
        ..Clients::default()
    };
    let mut kills = 0;
    std::thread::scope(|scope| {
        let client = |_| scope.spawn(|| clients.create_all(creations));
        let threads: Vec<_> = (0..CLIENTS).map(client).collect();
        let ended = || threads.iter().all(|client| client.is_finished());
        while !ended() {
            let living = proxy(&cloud.address, &journal);
            clients
                .address
                .lock()
                .expect("it")
                .clone_from(&living.address);
            // Where so many kills were not enough the machine is loaded: longer lives get through.
            let life = Duration::from_micros(5_000 + chance.below(115_000));
            std::thread::sleep(life * (1 + kills / creations) as u32);
            if !ended() {
                kills += 1;
            }
            // Dropping it is SIGKILL.
            drop(living);
        }
    });

    let last = proxy(&cloud.address, &journal);
    clients
        .address
        .lock()
        .expect("it")
        .clone_from(&last.address);
    let known = clients.known.lock().expect("a list");
    let (mut at_cloud, mut doubles, mut lost) = (0, 0, 0);
    for (index, subject) in SUBJECTS.iter().enumerate() {
        let there = clients.list(subject, None);
        let mut by_name: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (id, name) in &there {
            by_name.entry(name).or_default().insert(id);
        }
        at_cloud += there.len();
        doubles += there.len() - by_name.len();
        let known = known.iter().filter(|known| known.subject == index);
        let known: BTreeSet<_> = known.map(|k| (k.id.as_str(), k.name.as_str())).collect();
        let there: BTreeSet<_> = there
            .iter()
            .map(|(i, n)| (i.as_str(), n.as_str()))
            .collect();
        // Ids that nobody knows, and ids of nothing.
        lost += there.symmetric_difference(&known).count();
    }
    let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
    println!(
        "creations asked {creations}, kills {kills}, retries {}, unknown answers {} (found by a read {}, asked anew {}), resources at the cloud {at_cloud}, ids known to the clients {}, doubles {doubles}, lost {lost}",
        count(&clients.retries),
        count(&clients.unknown),
        count(&clients.looked_up),
        count(&clients.anew),
        known.len(),
    );
    assert_eq!((doubles, lost), (0, 0), "seed {seed}");
    assert_eq!(
        (at_cloud, known.len()),
        (creations, creations),
        "seed {seed}"
    );
    // The journal still gives every answer again.
    for known in known.iter() {
        let Some(key) = &known.key else { continue };
        let subject = &SUBJECTS[known.subject];
        let again = clients.post(subject.creation, key, &subject.body(&known.name));
        let (_, answer) = again.expect("an answer");
        assert_eq!(answer[subject.id], known.id.as_str(), "{key}: {answer}");
    }
    // Otherwise the test has proved nothing.
    assert!(
        kills * 50 >= creations && count(&clients.retries) > 0,
        "seed {seed}: {kills} kills"
    );
}
