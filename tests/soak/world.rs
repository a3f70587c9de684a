//! The cloud, the proxy that is killed again and again, and one that never is, for looking.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;
use tieline_catalog::answer::{decode_read, read_by_name, Found, Item};
use tieline_catalog::model::Fill;
use tieline_catalog::{check, creations, Operation, Raw, Valid};
use tieline_protocol::header;
use tieline_test_support::inputs::name_path;
use tieline_test_support::servers::{closed_port, Program, Tools};
use tieline_test_support::webdriver::agent;

use crate::chance::Chance;

/// The sandbox's slow answer, so that kills and closed tabs strike between execution and answer.
const SLOW_MS: &str = "1200";
/// How long a killed proxy's request may still be on its way into the cloud.
const SETTLING: Duration = Duration::from_millis(400);

/// The programs of a soak.
pub struct World {
    tools: Tools,
    folder: tempfile::TempDir,
    cloud: String,
    _cloud: Program,
    witness: String,
    _witness: Program,
    listen: String,
    proxy: Mutex<Option<Program>>,
    /// The origin of a page that may use the proxy, beside its own.
    allowed: Option<String>,
    held: Mutex<Held>,
}

/// For how long the proxy has been dead or stood still: before, and since when now.
#[derive(Default)]
struct Held {
    before: Duration,
    since: Option<Instant>,
}

fn address(line: &str) -> Option<String> {
    let after = line.split("listening on ").nth(1)?;
    Some(after.split_whitespace().next()?.trim().to_string())
}

impl World {
    /// Starts everything. `allowed` is the origin of another page that uses the proxy.
    pub fn start(tools: Tools, allowed: Option<String>) -> World {
        let mut cloud = Command::new(&tools.proxy);
        cloud.args(["sandbox", "--listen", "127.0.0.1:0", "--slow-ms", SLOW_MS]);
        cloud.args(["--quota", "1000000"]);
        let (cloud, cloud_at) = Program::start(&mut cloud, address).expect("a cloud");
        let folder = tempfile::tempdir().expect("a folder");
        let listen = closed_port().to_string();
        let mut world = World {
            tools,
            folder,
            cloud: cloud_at,
            _cloud: cloud,
            witness: String::new(),
            _witness: Program::start(&mut idle(), |_| Some(()))
                .expect("a program")
                .0,
            listen,
            proxy: Mutex::default(),
            allowed,
            held: Mutex::default(),
        };
        let mut witness = world.command("127.0.0.1:0");
        witness.env("TIELINE_JOURNAL__KIND", "memory");
        let (witness, origin) = Program::start(&mut witness, address).expect("a witness");
        world.witness = origin;
        world._witness = witness;
        world.revive();
        world
    }

    fn command(&self, listen: &str) -> Command {
        let mut command = Command::new(&self.tools.proxy);
        command.args(["--listen", listen, "--console"]);
        command.arg(&self.tools.dist);
        if let Some(origin) = &self.allowed {
            command.args(["--allow-origin", origin]);
        }
        for op in creations() {
            let service = op.service.id.to_uppercase();
            command.env(format!("TIELINE_ENDPOINTS__{service}"), &self.cloud);
        }
        command
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "sandbox-access-key")
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sandbox-secret-key")
            .env("HUAWEICLOUD_SDK_AK", "sandbox-access-key")
            .env("HUAWEICLOUD_SDK_SK", "sandbox-secret-key")
            .env("TIELINE_LIMITS__RATE_PER_MINUTE", "0");
        command
    }

    /// Where the proxy listens while it lives, and serves the page.
    pub fn origin(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// Kills the proxy (SIGKILL).
    pub fn kill(&self) {
        self.proxy.lock().expect("no panic").take();
    }

    /// Starts the proxy again, at the same address with the same journal.
    pub fn revive(&self) {
        let journal = self.folder.path().join("journal.sqlite");
        let mut command = self.command(&self.listen);
        command
            .env("TIELINE_JOURNAL__KIND", "sqlite")
            .env("TIELINE_JOURNAL__PATH", journal);
        let mut failures = Vec::new();
        // The port of the one before can be taken for a moment.
        for _ in 0..50 {
            match Program::start(&mut command, address) {
                Ok((proxy, _)) => {
                    self.proxy.lock().expect("no panic").replace(proxy);
                    return;
                }
                Err(failure) => failures.push(failure),
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("the proxy does not start: {failures:#?}");
    }

    /// Stops the proxy for a while, as a machine that is out of memory does.
    pub fn pause(&self, time: Duration) {
        let proxy = self.proxy.lock().expect("no panic");
        let Some(proxy) = proxy.as_ref() else { return };
        let signal = |name: &str| {
            let id = proxy.id().to_string();
            let _ = Command::new("kill").args([name, &id]).status();
        };
        signal("-STOP");
        std::thread::sleep(time);
        signal("-CONT");
    }

    /// One round of trouble for the proxy: it is killed, or stands still.
    pub fn trouble(&self, chance: &mut Chance) -> &'static str {
        self.held.lock().expect("no panic").since = Some(Instant::now());
        let done = match chance.below(4) {
            0 => {
                self.pause(Duration::from_millis(chance.below(4_000)));
                "proxy stopped for a while"
            }
            _ => {
                self.kill();
                std::thread::sleep(Duration::from_millis(chance.below(2_500)));
                self.revive();
                "proxy killed"
            }
        };
        let now = self.held();
        *self.held.lock().expect("no panic") = Held {
            before: now,
            since: None,
        };
        done
    }

    /// For how long the proxy has answered nobody so far.
    pub fn held(&self) -> Duration {
        let held = self.held.lock().expect("no panic");
        held.before + held.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// The cloud's resources of this input's name, once nothing is on its way any more; `None` where
    /// only a list of all can tell.
    pub fn find(&self, op: &'static Operation, raw: &Raw) -> Option<Vec<Item>> {
        let read = read_by_name(op, raw)?;
        std::thread::sleep(SETTLING);
        Some(self.named(&read, raw.get(&name_path(op))?))
    }

    fn named(&self, read: &Valid, name: &str) -> Vec<Item> {
        let items = self.read(read.parsed().operation(), &read.parsed().to_json());
        items.into_iter().filter(|item| has(item, name)).collect()
    }

    /// All resources of an operation, page by page.
    pub fn all(&self, op: &'static Operation, raw: &Raw) -> Vec<Item> {
        let entries = tieline_catalog::entries().iter();
        let reads = entries.filter(|e| e.create == *op).flat_map(|e| e.reads);
        let mut lists = reads.map(|read| &read.operation);
        let read = lists.find(|read| read.response().list.is_some());
        let read = read.expect("every creation has a read that lists");
        let mut question = Raw::new();
        // Where a resource is looked for is where one is looked up by its id.
        let by_id = op.read_back().map_or(&[][..], |read| read.by_id);
        for param in read.params.iter().filter(|param| param.required) {
            let fill = by_id.iter().find(|(path, _)| *path == param.name);
            let text = match fill {
                Some((_, Fill::Param(name, default))) => raw.get(name).unwrap_or(default),
                Some((_, Fill::Const(text))) => text,
                _ => continue,
            };
            question.set(param.name, text);
        }
        let (mut all, mut ids) = (Vec::new(), BTreeSet::new());
        for page in 1.. {
            let mut asked = question.clone();
            let pages = read.params.iter().any(|param| param.name == "PageNumber");
            if pages {
                asked.set("PageNumber", &page.to_string());
                asked.set("PageSize", "50");
            } else if let Some(last) = all.last() {
                let last: &Item = last;
                asked.set("limit", "1000");
                asked.set("marker", &last.id);
            }
            let items = self.read(read, &check(read, &asked).parsed.to_json());
            let before = ids.len();
            ids.extend(items.iter().map(|item| item.id.clone()));
            if ids.len() == before {
                break;
            }
            all.extend(items);
        }
        all
    }

    fn read(&self, read: &'static Operation, body: &Value) -> Vec<Item> {
        let url = format!("{}/v1/{}", self.witness, read.name);
        let end = Instant::now() + Duration::from_secs(120);
        loop {
            let said = match post(&url, "", body) {
                Some(response) => match decode_read(read, &response) {
                    Found::Items(items) => return items,
                    Found::Refused(refusal) => format!("{refusal:?}"),
                },
                None => "no answer".to_string(),
            };
            assert!(Instant::now() < end, "{} {body}: {said}", read.name);
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A program that does nothing but live, where one is to come.
fn idle() -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "echo ready; exec sleep 1"]);
    command
}

/// Whether an item has this text in one of its fields.
pub fn has(item: &Item, text: &str) -> bool {
    item.fields.iter().any(|(_, own)| own == text)
}

/// One request; `None` when there was no whole answer.
pub fn post(url: &str, key: &str, body: &Value) -> Option<tieline_catalog::wire::Response> {
    let mut request = agent(Duration::from_secs(60))
        .post(url)
        .content_type("application/json");
    if !key.is_empty() {
        request = request.header("Idempotency-Key", key);
    }
    let mut answer = request.send(body.to_string()).ok()?;
    let kind = answer.headers().get("content-type");
    let relayed = answer.headers().get(header::RELAYED);
    let relayed =
        relayed.and_then(|v| Some((header::RELAYED.to_string(), v.to_str().ok()?.into())));
    let headers = relayed.into_iter().collect();
    Some(tieline_catalog::wire::Response {
        status: answer.status().as_u16(),
        content_type: kind
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .into(),
        headers,
        body: answer.body_mut().read_to_string().ok()?,
    })
}
