//! Programs that create through the proxy and repeat with the same key what got no answer.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tieline_catalog::answer::{decode, Answer, Refusal};
use tieline_catalog::{check, creations, Message, Operation, Raw};
use tieline_protocol::{header, problem};
use tieline_test_support::inputs::minimal;

use crate::chance::Chance;
use crate::claims::Claim;
use crate::pages::Shared;
use crate::tally::{Tally, Wrong};
use crate::world::{post, World};

/// What a name can order from the sandbox.
pub const FAULTS: [&str; 12] = [
    "plain",
    "plain",
    "plain",
    "plain",
    "plain-too",
    "fault-slow",
    "fault-slow",
    "fault-lost",
    "fault-unavailable",
    "fault-error",
    "fault-html",
    "fault-throttle",
];
/// How often a client asks before it gives up.
const MAX_TRIES: u32 = 60;

/// Input of this name; what may be used only once is made of `number`.
pub fn input(op: &'static Operation, name: &str, number: u64) -> Raw {
    let mut raw = minimal(op, name, &format!("made by round {number}"));
    if let Some((path, _)) = op.simulation().and_then(|s| s.unique) {
        let before = raw.get(path).unwrap_or_default();
        let own = match before.parse::<std::net::IpAddr>() {
            Ok(_) => format!(
                "20.{}.{}.{}",
                number >> 16 & 255,
                number >> 8 & 255,
                number & 255
            ),
            Err(_) => format!("{before}-{number}"),
        };
        raw.set(path, &own);
    }
    raw
}

/// What a client learnt at last.
enum Learnt {
    Created(String),
    Nothing,
    Unknown,
}

/// Creates one resource after another until it is over.
pub fn run(shared: &Shared, actor: u64, pause: Duration) {
    let mut round = 0;
    while !shared.over.load(Ordering::Relaxed) {
        let number = shared.numbers.fetch_add(1, Ordering::Relaxed);
        let mut chance = Chance::of(shared.seed, actor, round);
        let place = format!("seed {} round {actor}:{round}", shared.seed);
        one(shared, &mut chance, number, &place);
        round += 1;
        std::thread::sleep(pause);
    }
}

fn one(shared: &Shared, chance: &mut Chance, number: u64, place: &str) {
    let (world, tally) = (shared.world, shared.tally);
    let all: Vec<_> = creations().collect();
    let op = all[chance.below(all.len() as u64) as usize];
    let name = format!("s{number}-{}", chance.one_of(&FAULTS));
    let raw = input(op, &name, number);
    let body = check(op, &raw).parsed.to_json();
    let key = format!("soak-{number}");
    let learnt = ask(world, tally, op, &key, &body);
    // What got its answer may be asked for again at any time.
    if let (Learnt::Created(id), true) = (&learnt, chance.below(5) == 0) {
        if let Learnt::Created(again) = ask(world, tally, op, &key, &body) {
            if again != *id {
                tally.found(
                    Wrong::FalseCreated,
                    format!("{place}: {name}: {id}, then {again}"),
                );
            }
        }
    }
    tally.count("creations asked for by clients");
    let (created, denied) = match learnt {
        Learnt::Created(id) => (vec![id], false),
        Learnt::Nothing => (Vec::new(), true),
        Learnt::Unknown => (Vec::new(), false),
    };
    let claim = Claim {
        op,
        raw,
        created,
        denied,
        known: true,
        place: format!("{place}: {name}"),
    };
    shared.claims.make(claim, world, tally);
}

fn ask(world: &World, tally: &Tally, op: &'static Operation, key: &str, body: &Value) -> Learnt {
    let url = format!("{}/v1/{}", world.origin(), op.name);
    let mut unknown = 0;
    for _ in 0..MAX_TRIES {
        tally.count("requests of clients");
        let Some(response) = post(&url, key, body) else {
            tally.count("requests of clients without an answer");
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        let answer = match response.header(header::RELAYED) {
            Some(_) => decode(op, &response),
            None => of_the_proxy(&response.body),
        };
        match answer {
            Answer::Created(created) => return Learnt::Created(created.id),
            Answer::Rejected(_) | Answer::NotExecuted(_) => return Learnt::Nothing,
            Answer::Unknown(_) => unknown += 1,
        }
        if unknown == 3 {
            tally.count("outcomes of clients that stayed unknown");
            return Learnt::Unknown;
        }
    }
    tally.count("clients that gave up");
    Learnt::Unknown
}

/// What a problem of the proxy's own means: only two of them say that something may have happened.
fn of_the_proxy(body: &str) -> Answer {
    let answer: Value = serde_json::from_str(body).unwrap_or_default();
    let kind = answer["type"].as_str().unwrap_or_default();
    let text = Message::new("", "");
    let refusal = Refusal::without_response(text.clone(), text);
    let unknown = [&problem::OUTCOME_UNKNOWN, &problem::OUTCOME_UNKNOWN_TIMEOUT];
    match unknown.iter().any(|problem| problem.uri == kind) {
        true => Answer::Unknown(refusal),
        false => Answer::NotExecuted(refusal),
    }
}
