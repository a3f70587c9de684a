//! The machine's invariants over random sequences of events, against a cloud and a history that are
//! as small as can be; and what becomes of every kind of answer, one by one.

use std::collections::HashMap;

use proptest::prelude::*;
use tieline_catalog::answer::{Answer, Created, Found, Item, Refusal};
use tieline_catalog::{creations, Message};

use super::*;
use crate::client::Sent;
use crate::form::state::leaves;
use crate::history::{identity, Outcome, Record};
use crate::submission::event::Command;
use crate::submission::intent::Open;

/// What may happen next. Numbers choose among what is there, modulo how much that is.
#[derive(Clone, Debug)]
enum Move {
    Submit { input: usize, edited: bool },
    Refused,
    Choose(usize, usize),
    Do(usize, Answering),
    TimeOut(usize),
    Wait,
}

/// How an effect that is done ends.
#[derive(Clone, Copy, Debug)]
enum Answering {
    Well,
    ExecutedAndLost,
    LostBefore,
    Rejected,
    NotExecuted,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let answering = prop_oneof![
        4 => Just(Answering::Well),
        2 => Just(Answering::ExecutedAndLost),
        1 => Just(Answering::LostBefore),
        1 => Just(Answering::Rejected),
        1 => Just(Answering::NotExecuted),
    ];
    let one = prop_oneof![
        3 => (0usize..6, any::<bool>()).prop_map(|(input, edited)| Move::Submit { input, edited }),
        1 => Just(Move::Refused),
        3 => (0usize..6, 0usize..3).prop_map(|(which, at)| Move::Choose(which, at)),
        12 => (any::<usize>(), answering).prop_map(|(which, how)| Move::Do(which, how)),
        2 => any::<usize>().prop_map(Move::TimeOut),
        1 => Just(Move::Wait),
    ];
    proptest::collection::vec(one, 0..60)
}

/// The rest of the world, and what it has seen.
struct World {
    op: &'static Operation,
    machine: Submission,
    /// Effects that were ordered and are not done.
    open: Vec<Effect>,
    records: Vec<Record>,
    /// What the cloud made: the identity of the request, its token, the id.
    resources: Vec<(String, Option<String>, String)>,
    /// Which key each token travelled with.
    tokens: HashMap<String, String>,
    /// Keys of intents about which the user said "send anyway".
    approved: Vec<String>,
    /// What was submitted, the token aside.
    submitted: Vec<String>,
    /// The records whose request has left, once for each time.
    sent: Vec<u64>,
    actions: usize,
    counter: u64,
}

impl World {
    fn new(op: &'static Operation) -> World {
        World {
            op,
            machine: Submission::new(op),
            open: Vec::new(),
            records: Vec::new(),
            resources: Vec::new(),
            tokens: HashMap::new(),
            approved: Vec::new(),
            submitted: Vec::new(),
            sent: Vec::new(),
            actions: 0,
            counter: 0,
        }
    }

    fn fresh(&mut self) -> Fresh {
        self.counter += 1;
        Fresh {
            key: format!("key-{}", self.counter),
            token: format!("token-{}", self.counter),
        }
    }

    /// One of six inputs: two that differ, each without a token of its own, or with one of two.
    fn input(&self, which: usize) -> Raw {
        let mut raw = Raw::example(self.op);
        if let Some(token) = self.op.token {
            raw.remove(token);
            if which % 3 > 0 {
                raw.set(token, &format!("typed-{}", which % 3));
            }
        }
        if which >= 3 {
            let leaves = leaves(self.op, &raw);
            let described = leaves.iter().find(|(path, _)| path.ends_with("escription"));
            let (path, _) = described.expect("every operation takes a description");
            raw.set(path, "another one");
        }
        raw
    }

    fn step(&mut self, event: Event) {
        let (machine, effects) = self.machine.clone().step(event);
        self.machine = machine;
        for effect in effects {
            self.order(effect);
        }
        self.check_liveness();
    }

    /// Looks at an order, and keeps it until it is done.
    fn order(&mut self, effect: Effect) {
        match &effect {
            Effect::Send {
                intent,
                record,
                doubted,
                ..
            } => self.check_send(intent, *record, *doubted),
            Effect::Focus(_)
            | Effect::ForgetServed
            | Effect::Serve(_)
            | Effect::Refuse
            | Effect::RenewToken(_)
            | Effect::ClearForm(_)
            | Effect::Notify(_)
            | Effect::Recheck => return,
            _ => {}
        }
        self.open.push(effect);
    }

    fn check_send(&mut self, intent: &Intent, record: u64, doubted: bool) {
        self.sent.push(record);
        assert!(
            self.sent.len() <= self.actions,
            "sent more often than asked for"
        );
        let of = |record: &Record| identity(self.op, &record.params).to_string();
        let here = self.records.iter().find(|r| r.id == record);
        let here = here.expect("nothing is sent before it is recorded");
        assert_eq!(here.key, intent.key, "the record is the intent's");
        assert_eq!(here.params, intent.valid.parsed().public().to_json());
        assert!(self.submitted.contains(&of(here)), "a submit is a snapshot");
        let token = intent.token();
        if let Some(token) = &token {
            let key = self.tokens.entry(token.clone());
            let key = key.or_insert_with(|| intent.key.clone());
            assert_eq!(*key, intent.key, "a token belongs to its key for ever");
        }
        if doubted {
            assert!(
                token.is_some(),
                "what may exist is repeated with a token only"
            );
        }
        let open = |r: &&Record| {
            // A record that was written too late made nothing.
            r.id != record
                && self.sent.contains(&r.id)
                && of(r) == of(here)
                && matches!(r.outcome, Outcome::Unknown | Outcome::Pending)
        };
        if self.records.iter().any(|r| open(&r)) {
            assert!(self.approved.contains(&intent.key), "nobody was asked");
        }
    }

    /// Whatever the user waits for has a time limit that has not passed.
    fn check_liveness(&self) {
        let limit = Limit::Phase(self.machine.turn);
        let waits =
            |effect: &Effect| matches!(effect, Effect::Wait { limit: l, .. } if *l == limit);
        if self.machine.is_busy() {
            assert!(self.open.iter().any(waits), "{:?}", self.machine.phase);
        }
        if self.machine.lookup == Lookup::Looking {
            let limit = Limit::Lookup(self.machine.look);
            let waits =
                |effect: &Effect| matches!(effect, Effect::Wait { limit: l, .. } if *l == limit);
            assert!(self.open.iter().any(waits));
        }
        for record in &self.records {
            if record.doubted && record.resource_id.is_none() {
                assert!(matches!(
                    record.outcome,
                    Outcome::Unknown | Outcome::Pending
                ));
            }
        }
    }

    fn play(&mut self, step: Move) {
        match step {
            Move::Submit { input, edited } => {
                let raw = self.input(input);
                let params = check(self.op, &raw).parsed.public().to_json();
                self.submitted.push(identity(self.op, &params).to_string());
                self.actions += 1;
                let fresh = self.fresh();
                self.step(Event::Submitted {
                    raw,
                    edited,
                    target: Target::InPage,
                    now_ms: self.counter,
                    fresh,
                });
            }
            Move::Refused => self.step(Event::Refused),
            Move::Choose(which, at) => {
                let command = [
                    Command::Repeat,
                    Command::LookUp,
                    Command::Adopt(at),
                    Command::SendAnyway,
                    Command::Cancel,
                    Command::GoToField,
                ][which];
                self.actions += 1;
                let fresh = self.fresh();
                if command == Command::SendAnyway {
                    self.approved.push(fresh.key.clone());
                }
                self.step(Event::Chosen { command, fresh });
            }
            Move::Do(which, how) => {
                let doable: Vec<usize> = (0..self.open.len())
                    .filter(|at| !matches!(self.open[*at], Effect::Wait { .. }))
                    .collect();
                if !doable.is_empty() {
                    let effect = self.open.remove(doable[which % doable.len()]);
                    self.perform(effect, how);
                }
            }
            Move::TimeOut(which) => {
                let waits: Vec<usize> = (0..self.open.len())
                    .filter(|at| matches!(self.open[*at], Effect::Wait { .. }))
                    .collect();
                if !waits.is_empty() {
                    let effect = self.open.remove(waits[which % waits.len()]);
                    self.perform(effect, Answering::Well);
                }
            }
            Move::Wait => self.counter += 2 * DOUBLE_CLICK_MS,
        }
    }

    fn perform(&mut self, effect: Effect, how: Answering) {
        let now_ms = self.counter;
        match effect {
            Effect::FindOpen { turn, intent, .. } => {
                let params = intent.valid.parsed().public().to_json();
                let wanted = identity(self.op, &params);
                let open = |r: &&Record| {
                    let same = identity(self.op, &r.params) == wanted;
                    same && matches!(r.outcome, Outcome::Unknown | Outcome::Pending)
                };
                let found = self.records.iter().rev().find(open).cloned();
                // Nobody waits for what is pending here: the machine waits for one at a time.
                let open = found.map(|record| Open {
                    record,
                    same: true,
                    outcome: Outcome::Unknown,
                });
                self.step(Event::OpenFound { turn, open });
            }
            Effect::AskHost { turn, .. } => {
                let allowed = matches!(how, Answering::Well | Answering::ExecutedAndLost);
                self.step(Event::HostAnswered { turn, allowed });
            }
            Effect::Record { turn, intent } => {
                let record = match how {
                    Answering::Rejected => None,
                    _ => Some(self.begin(&intent)),
                };
                self.step(Event::Recorded { turn, record });
            }
            Effect::Send {
                turn,
                intent,
                record,
                doubted,
            } => {
                let sent = Sent::of(self.cloud(&intent, how));
                self.step(Event::Answered {
                    turn,
                    intent,
                    record,
                    doubted,
                    sent: sent.clone(),
                    now_ms,
                });
                let finish = |e: &Effect| matches!(e, Effect::Finish { record: r, sent: s, .. } if *r == record && *s == sent);
                assert!(self.open.iter().any(finish), "every answer is written");
            }
            Effect::Finish { turn, record, sent } => {
                let known = self.records.iter_mut().find(|r| r.id == record);
                known.expect("a record").settle(&sent, now_ms);
                self.step(Event::Finished { turn, now_ms });
            }
            Effect::FindByName { look, raw, .. } => {
                let params = check(self.op, &raw).parsed.public().to_json();
                let wanted = identity(self.op, &params).to_string();
                let made = self.resources.iter().filter(|(made, ..)| *made == wanted);
                let found = match how {
                    Answering::Rejected => Found::Refused(refusal()),
                    _ => Found::Items(made.map(|(.., id)| item(id)).collect()),
                };
                self.step(Event::Found { look, found });
            }
            Effect::Adopt {
                turn, record, item, ..
            } => {
                let known = self.records.iter_mut().find(|r| r.id == record);
                known.expect("a record").adopt(&item, false, now_ms);
                self.step(Event::Adopted {
                    turn,
                    simulated: false,
                    now_ms,
                });
            }
            Effect::Wait { limit, .. } => self.step(Event::TimedOut { limit, now_ms }),
            _ => unreachable!("such effects are not kept"),
        }
    }

    fn begin(&mut self, intent: &Intent) -> (u64, bool) {
        let endpoint = intent.target.name().to_string();
        let new = Record::intent(intent.valid.parsed(), &intent.key, endpoint, self.counter);
        let known = self.records.iter_mut().find(|r| r.key == intent.key);
        let record = match known {
            Some(known) => {
                *known = known.clone().resume(new);
                known.clone()
            }
            None => {
                let id = self.records.len() as u64 + 1;
                self.records.push(Record { id, ..new });
                self.records[id as usize - 1].clone()
            }
        };
        (record.id, record.doubted)
    }

    /// A cloud that knows a token again.
    fn cloud(&mut self, intent: &Intent, how: Answering) -> Answer {
        let params = intent.valid.parsed().public().to_json();
        let what = identity(self.op, &params).to_string();
        let executed = matches!(how, Answering::Well | Answering::ExecutedAndLost);
        let token = intent.token();
        let known = self
            .resources
            .iter()
            .find(|(_, t, _)| token.is_some() && *t == token);
        let id = match known {
            Some((.., id)) => id.clone(),
            None => format!("made-{}", self.resources.len() + 1),
        };
        if executed && known.is_none() {
            self.resources.push((what, token, id.clone()));
        }
        match how {
            Answering::Well => created(&id),
            Answering::ExecutedAndLost | Answering::LostBefore => Answer::Unknown(refusal()),
            Answering::Rejected => Answer::Rejected(refusal()),
            Answering::NotExecuted => Answer::NotExecuted(refusal()),
        }
    }
}

fn created(id: &str) -> Answer {
    Answer::Created(Created {
        id: id.to_string(),
        status: None,
        request_id: None,
        fields: Vec::new(),
    })
}

fn item(id: &str) -> Item {
    Item {
        id: id.to_string(),
        status: None,
        fields: Vec::new(),
    }
}

fn refusal() -> Refusal {
    let text = Message::new("en", "zh");
    Refusal::without_response(text.clone(), text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_invariants_hold_whatever_happens(moves in moves(), which in 0usize..16) {
        let all: Vec<_> = creations().collect();
        let mut world = World::new(all[which % all.len()]);
        for step in moves {
            world.play(step);
        }
        // When nothing but time passes, nobody waits for ever.
        for _ in 0..8 {
            let turn = world.machine.turn;
            let limit = Limit::Phase(turn);
            let waits = |e: &Effect| matches!(e, Effect::Wait { limit: l, .. } if *l == limit);
            if let Some(at) = world.open.iter().position(waits) {
                let effect = world.open.remove(at);
                world.perform(effect, Answering::Well);
            }
        }
        prop_assert!(!world.machine.is_busy());
    }

    #[test]
    fn what_is_answered_too_late_is_written_all_the_same(moves in moves(), which in 0usize..16) {
        let all: Vec<_> = creations().collect();
        let mut world = World::new(all[which % all.len()]);
        for step in moves {
            world.play(step);
        }
        // Whatever is still open ends well, in any order, after everything else was given up.
        for _ in 0..200 {
            let Some(at) = world.open.iter().position(|e| !matches!(e, Effect::Wait { .. })) else {
                break;
            };
            let effect = world.open.remove(at);
            world.perform(effect, Answering::Well);
        }
        for (_, _, id) in &world.resources {
            let known = world.records.iter().any(|r| r.resource_id.as_ref() == Some(id));
            let doubted = world.records.iter().any(|r| r.outcome == Outcome::Unknown);
            prop_assert!(known || doubted, "{id} was made and nobody knows");
        }
    }
}
