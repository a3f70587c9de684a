//! A cloud, a history and a user that are as small as can be, for the tests of the machine.

use std::collections::HashMap;

use tieline_catalog::answer::{Answer, Found};
use tieline_catalog::{check, Raw};

use super::super::*;
use super::answers::{created, item, refusal};
use super::moves::{input, Answering, Move};
use crate::client::{Sent, Target};
use crate::history::identity;
use crate::submission::event::{Command, Consent};
use crate::submission::intent::Open;
use tieline_records::{fold::VISIBLE_MS, By, Outcome, Record, Search};

/// The rest of the world, and what it has seen.
#[derive(Clone)]
pub struct World {
    pub op: &'static Operation,
    pub machine: Submission,
    /// Effects that were ordered and are not done.
    pub open: Vec<Effect>,
    pub records: Vec<Record>,
    /// What the cloud made: the identity of the request, its token, its key, the id.
    pub resources: Vec<(String, Option<String>, String, String)>,
    /// Which key each token travelled with.
    pub tokens: HashMap<String, String>,
    /// Keys of intents about which the user said "send anyway", here or in another tab.
    pub approved: Vec<String>,
    /// Whether a record outlasts the page.
    pub kept: bool,
    /// Whether the user has said that none has to.
    pub unkept: bool,
    /// The records that were there when it was decided by them.
    pub seen: usize,
    /// What may create something real, the token aside: it was reviewed, or nobody wants that.
    pub reviewed: Vec<String>,
    /// What was submitted, the token aside.
    pub submitted: Vec<String>,
    pub sends: usize,
    pub actions: usize,
    pub counter: u64,
}

impl World {
    pub fn new(op: &'static Operation) -> World {
        World {
            op,
            machine: Submission::new(op),
            open: Vec::new(),
            records: Vec::new(),
            resources: Vec::new(),
            tokens: HashMap::new(),
            approved: Vec::new(),
            kept: true,
            unkept: false,
            seen: 0,
            reviewed: Vec::new(),
            submitted: Vec::new(),
            sends: 0,
            actions: 0,
            counter: 0,
        }
    }

    pub fn fresh(&mut self) -> Fresh {
        self.counter += 1;
        Fresh {
            key: format!("key-{}", self.counter),
            token: format!("token-{}", self.counter),
        }
    }

    pub fn step(&mut self, event: Event) {
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
                clouds,
                ..
            } => {
                assert!(intent.real || !clouds, "clouds may have executed it");
                self.check_send(intent, *record, *doubted);
            }
            Effect::Focus(_)
            | Effect::ForgetServed
            | Effect::Serve(_)
            | Effect::Refuse
            | Effect::Decline(_)
            | Effect::RenewToken(_)
            | Effect::ClearForm(_)
            | Effect::Notify(_)
            | Effect::NotifyLate(_)
            | Effect::Recheck => return,
            _ => {}
        }
        self.open.push(effect);
    }

    fn check_send(&mut self, intent: &Intent, record: u64, doubted: bool) {
        self.sends += 1;
        assert!(self.sends <= self.actions, "sent more often than asked for");
        let of = |record: &Record| identity(self.op, &record.params);
        let here = self.records.iter().find(|r| r.id == record);
        let here = here.expect("nothing is sent before it is recorded");
        assert!(
            self.kept || self.unkept,
            "nobody said that no record has to last"
        );
        assert_eq!(here.key, intent.key, "the record is the intent's");
        let reviewed = self.reviewed.contains(&of(here));
        assert!(!intent.real || reviewed, "nobody has seen what is real");
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
        let in_flight = |id: u64| {
            let of = |e: &Effect| matches!(e, Effect::Send { record, .. } if *record == id);
            self.open.iter().any(of)
        };
        // A record that was written too late is pending, too, but nothing of it was sent.
        let open = |r: &&Record| {
            let doubt = r.outcome == Outcome::Unknown || in_flight(r.id);
            r.id != record && of(r) == of(here) && doubt
        };
        // The user is asked about the newest.
        if let Some(other) = self.records.iter().rev().find(open) {
            assert!(self.approved.contains(&intent.key), "nobody was asked");
            // What somebody says is on its way into the record.
            let said = self.open.contains(&Effect::NoteLooked { record: other.id });
            let seen = other.token().is_some() || other.is_looked_up() || said;
            assert!(seen || token.is_some(), "nobody has looked");
        }
    }

    fn identity_of(&self, intent: &Intent) -> String {
        let params = intent.valid.parsed().public().to_json();
        identity(self.op, &params)
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
        let asked = self.machine.scruple().is_some() || self.machine.question().is_some();
        assert!(
            !(self.machine.left && asked && !self.machine.is_busy()),
            "nobody can answer what is asked of a form that was left"
        );
        for record in &self.records {
            if record.doubted && record.resource_id.is_none() {
                assert!(matches!(
                    record.outcome,
                    Outcome::Unknown | Outcome::Pending
                ));
            }
        }
    }

    pub fn play(&mut self, step: Move) {
        match step {
            Move::Submit {
                which,
                edited,
                consent,
            } => {
                let raw = input(self.op, which);
                let params = check(self.op, &raw).parsed.public().to_json();
                let identity = identity(self.op, &params);
                if consent == Consent::Given {
                    self.reviewed.push(identity.clone());
                }
                self.submitted.push(identity);
                self.actions += 1;
                let fresh = self.fresh();
                let untyped = !edited && self.machine.created_ms.is_some();
                let idle = !self.machine.is_busy();
                self.step(Event::Submitted {
                    raw,
                    edited,
                    target: Target::InPage,
                    consent,
                    now_ms: self.counter,
                    fresh,
                });
                // Nor is what has to be reviewed first.
                assert!(!(idle && consent == Consent::Ask && self.machine.is_busy()));
                // What nobody has filled in since a creation is never on its way without a question.
                let known = consent != Consent::Unknown;
                assert!(!(idle && untyped && known && self.machine.is_busy()));
            }
            Move::Refused => self.step(Event::Refused),
            Move::Edited(which) => self.step(Event::Edited(input(self.op, which))),
            Move::Choose(which, at, consent) => {
                let command = [
                    Command::Repeat,
                    Command::LookUp,
                    Command::Adopt(at),
                    Command::SendAnyway,
                    Command::Cancel,
                    Command::GoToField,
                    Command::SayLooked,
                ][which];
                self.actions += 1;
                let fresh = self.fresh();
                match (command, self.machine.scruple(), self.machine.settled()) {
                    (Command::SendAnyway, Some(scruple), _) => {
                        self.unkept |= scruple.why == Why::Unkept;
                        if matches!(scruple.why, Why::Review { .. }) {
                            self.reviewed.push(self.identity_of(&scruple.intent));
                        }
                    }
                    (Command::SendAnyway, None, _) => self.approved.push(fresh.key.clone()),
                    (Command::Repeat, _, Some(last)) if consent == Consent::Given => {
                        self.reviewed.push(self.identity_of(&last.intent));
                    }
                    _ => {}
                }
                self.step(Event::Chosen {
                    command,
                    consent,
                    fresh,
                });
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
            Move::Elsewhere(which) => {
                let (mut raw, Fresh { key, token }) = (input(self.op, which), self.fresh());
                // Each form has a token of its own.
                if let Some(path) = self.op.token {
                    raw.set(path, &token);
                }
                let valid = check(self.op, &raw).valid().expect("a valid input");
                let endpoint = Target::InPage.name().to_string();
                let now = self.counter;
                let mut new = Record::intent(valid.parsed(), &key, endpoint, None, false, now);
                let id = self.records.len() as u64 + 1;
                // Nobody knows what became of it.
                new.settle(&Answer::Unknown(refusal()), By::Nobody, false, None, now);
                self.records.push(Record { id, ..new });
                // Whoever sent it there answered for it; here it can be repeated with its token.
                self.approved.push(key);
            }
            Move::Keep(kept) => self.kept = kept,
            Move::Leave => self.step(Event::Left),
        }
    }

    pub fn perform(&mut self, effect: Effect, how: Answering) {
        let now_ms = self.counter;
        match effect {
            Effect::FindProxy { turn, .. } => {
                let real = matches!(how, Answering::Rejected | Answering::NotExecuted);
                self.step(Event::ProxyFound { turn, real });
            }
            Effect::FindOpen {
                turn, intent, lost, ..
            } => {
                let params = intent.valid.parsed().public().to_json();
                let wanted = identity(self.op, &params);
                let open = |r: &&Record| {
                    let same = identity(self.op, &r.params) == wanted;
                    same && matches!(r.outcome, Outcome::Unknown | Outcome::Pending)
                };
                let found = self.records.iter().rev().find(open);
                let lost = || self.records.iter().find(|r| Some(r.id) == lost);
                let found = found.or_else(lost).cloned();
                // Nobody waits for what is pending here: the machine waits for one at a time.
                let open = found.map(|record| {
                    Box::new(Open {
                        outcome: match record.outcome {
                            Outcome::Pending => Outcome::Unknown,
                            other => other,
                        },
                        record,
                        same: true,
                    })
                });
                // As in the runner: a look that was given up says nothing to the one that came after it.
                if self.machine.is_deciding(Some(turn)) {
                    self.seen = self.records.len();
                }
                let kept = self.kept;
                self.step(Event::OpenFound { turn, open, kept });
            }
            Effect::AskHost { turn, .. } => {
                let allowed = matches!(how, Answering::Well | Answering::ExecutedAndLost);
                self.step(Event::HostAnswered { turn, allowed });
            }
            Effect::Record {
                turn,
                intent,
                unkept,
            } => {
                assert_eq!(unkept, self.unkept);
                let news = &self.records[self.seen..];
                let met = news.iter().any(|record| record.key != intent.key);
                let record = match how {
                    Answering::Rejected => Err(NoRecord::Refused),
                    _ if met => Err(NoRecord::Met),
                    _ if !self.kept && !unkept => Err(NoRecord::Refused),
                    _ => Ok(self.begin(&intent)),
                };
                let fresh = self.fresh();
                self.step(Event::Recorded {
                    turn,
                    record,
                    fresh,
                });
            }
            Effect::Send {
                turn,
                intent,
                record,
                doubted,
                ..
            } => {
                let mut sent = Sent::of(self.cloud(&intent, how), By::Cloud);
                sent.simulated = !intent.real;
                self.step(Event::Answered {
                    turn,
                    intent,
                    record,
                    doubted,
                    sent: Box::new(sent.clone()),
                    now_ms,
                });
                let finish = |e: &Effect| matches!(e, Effect::Finish { record: r, sent: s, .. } if *r == record && *s == sent);
                assert!(self.open.iter().any(finish), "every answer is written");
            }
            Effect::Finish { turn, record, sent } => {
                let known = self.records.iter_mut().find(|r| r.id == record);
                let known = known.expect("a record");
                known.settle(&sent.answer, sent.by, sent.simulated, None, now_ms);
                self.step(Event::Finished { turn, now_ms });
            }
            Effect::NoteLooked { record } => {
                self.looked_up(record, Search::User, &Found::Items(Vec::new()), 0);
            }
            Effect::LookUp {
                look, raw, record, ..
            } => self.look_up(look, &raw, record, how),
            Effect::Adopt {
                turn, record, item, ..
            } => {
                let known = self.records.iter_mut().find(|r| r.id == record.id);
                let known = known.expect("a record");
                assert_eq!(record.intent_key(), known.intent_key());
                known.adopt(&item, false, None, now_ms);
                self.step(Event::Adopted { turn, now_ms });
            }
            Effect::Wait { limit, .. } => self.step(Event::TimedOut { limit, now_ms }),
            _ => unreachable!("such effects are not kept"),
        }
    }

    pub fn step_timeout(&mut self, limit: Limit) {
        self.open
            .retain(|e| !matches!(e, Effect::Wait { limit: l, .. } if *l == limit));
        self.step(Event::TimedOut { limit, now_ms: 0 });
    }

    fn look_up(&mut self, look: u32, raw: &Raw, record: Option<u64>, how: Answering) {
        let params = check(self.op, raw).parsed.public().to_json();
        let wanted = identity(self.op, &params);
        // The page offers only what no record has.
        let has = |record: &Record, id: &String| record.resource_id.as_ref() == Some(id);
        let free = |id: &String| !self.records.iter().any(|r| has(r, id));
        let made = self.resources.iter();
        let made = made.filter(|(made, .., id)| *made == wanted && free(id));
        let found = match how {
            Answering::Rejected => Found::Refused(refusal()),
            _ => Found::Items(made.map(|(.., id)| item(id)).collect()),
        };
        // One that goes well comes late enough.
        let late = u64::from(how == Answering::Well) * VISIBLE_MS;
        let counts = record.is_some_and(|id| self.looked_up(id, Search::Name, &found, late));
        self.step(Event::Found {
            look,
            found,
            whole: true,
            simulated: false,
            counts,
        });
    }

    fn looked_up(&mut self, record: u64, by: Search, found: &Found, late: u64) -> bool {
        let known = self.records.iter_mut().find(|r| r.id == record);
        let known = known.expect("a record");
        known.looked_up(by, (found, true), None, self.counter + late);
        known.is_looked_up()
    }

    fn begin(&mut self, intent: &Intent) -> Rc<Record> {
        let endpoint = intent.target.name().to_string();
        let parsed = intent.valid.parsed();
        let (key, now) = (&intent.key, self.counter);
        let new = Record::intent(parsed, key, endpoint, None, !intent.real, now);
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
        Rc::new(record)
    }

    /// A cloud that knows a token again.
    fn cloud(&mut self, intent: &Intent, how: Answering) -> Answer {
        let params = intent.valid.parsed().public().to_json();
        let what = identity(self.op, &params);
        let executed = matches!(how, Answering::Well | Answering::ExecutedAndLost);
        let token = intent.token();
        let known = self
            .resources
            .iter()
            .find(|(_, t, ..)| token.is_some() && *t == token);
        let id = match known {
            Some((.., id)) => id.clone(),
            None => format!("made-{}", self.resources.len() + 1),
        };
        if executed && known.is_none() {
            let key = intent.key.clone();
            self.resources.push((what, token, key, id.clone()));
        }
        match how {
            Answering::Well => created(&id),
            Answering::ExecutedAndLost | Answering::LostBefore => Answer::Unknown(refusal()),
            Answering::Rejected => Answer::Rejected(refusal()),
            Answering::NotExecuted => Answer::NotExecuted(refusal()),
        }
    }
}
