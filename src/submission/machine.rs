//! A submission as a pure state machine: everything between a submit and its answer that has to be
//! decided, without a browser, a clock or randomness. The runner does what it orders.
//!
//! It holds these, and its tests prove them over random sequences of events:
//!
//! - Nothing is sent before the history has recorded it, and what was recorded is finished there. Where the
//!   browser keeps no record that outlasts the page, nothing is sent unless the user says so.
//! - What creates something real was reviewed as it is sent, or its user does not want that.
//! - A submit is a snapshot: what is sent is what was in the form, and for where it was meant, then.
//! - One intent has one key, and a client token belongs to its key for ever.
//! - Every phase that waits is left by each failure and by a time limit, and a question that nobody sees
//!   is not asked.
//! - After an unknown outcome nothing is repeated unasked, unless its token makes that safe, and without a
//!   token not before somebody has looked for its resource. What clouds may have executed no sandbox repeats.

use std::rc::Rc;

use tieline_catalog::{Operation, Text};
use tieline_records::{Outcome, Record};

use super::event::{Effect, Event, Focus, Fresh, Limit};
use super::intent::{Intent, Open, Question, Scruple, Settled, Why};
use super::messages;
use crate::client::unsent;
use crate::history::{is_doubted_by_clouds, Lookup, NoRecord};
use crate::platform::host_page::Declined;

/// A submit this soon after a creation, with nothing typed in between, is the second half of a
/// double click. Milliseconds.
const DOUBLE_CLICK_MS: u64 = 1_000;

/// How long it may take to find out what would create it, in milliseconds: longer than the client's own
/// limits together.
const PROXY_MS: u32 = 25_000;
/// How long the history may take to be read, in milliseconds.
const FINDING_MS: u32 = 15_000;
/// How long the host page may take to allow a request, in milliseconds. It may ask its own user.
const HOST_MS: u32 = 300_000;
/// How long the history may take to write, in milliseconds.
const WRITING_MS: u32 = 15_000;
/// How long a request may take, in milliseconds: longer than the client's own limits together.
const SENDING_MS: u32 = 90_000;
/// How long a look-up or an adoption may take, in milliseconds: likewise.
const LOOKUP_MS: u32 = 80_000;

/// A submission and all that led to its present state. See the module's documentation.
#[derive(Clone, Debug)]
pub struct Submission {
    op: &'static Operation,
    phase: Phase,
    /// Counts the phases, so that an answer to one that has been left is told from one to this.
    turn: u32,
    last: Option<Rc<Settled>>,
    /// When the last resource was created, in milliseconds since 1970.
    created_ms: Option<u64>,
    /// The record about which the user was asked last and sent nevertheless.
    agreed: u64,
    /// The key of the intent that was sent nevertheless.
    agreed_key: String,
    /// The client tokens that were sent from here, each with the key that it belongs to.
    tokens: Vec<(String, String)>,
    /// The records of what was sent from here, as they were then.
    own: Vec<Rc<Record>>,
    /// The records that ended as created in this form's sight.
    made: Vec<u64>,
    /// The user takes records that last no longer than the page.
    unkept: bool,
    lookup: Lookup,
    /// Counts the look-ups.
    look: u32,
    /// A sandbox was asked by the last one.
    simulated: bool,
    /// Nobody sees a question any more.
    left: bool,
}

#[derive(Clone, Debug)]
enum Phase {
    /// Nothing is under way.
    Idle,
    /// It is being found out what would create it.
    FindingProxy {
        intent: Intent,
        /// Nothing was filled in since the last creation.
        again: bool,
        fresh: Fresh,
    },
    /// The history is asked for an earlier request.
    FindingOpen(Intent, Fresh),
    /// The user is asked. This alone waits for as long as it takes.
    Confirming(Rc<Question>),
    /// The user is asked about the intent itself, likewise.
    Doubting(Rc<Scruple>),
    /// The host page is asked.
    AskingHost(Intent),
    /// The history writes the intent.
    Recording(Intent),
    /// The request is on its way.
    Sending {
        intent: Intent,
        record: u64,
        doubted: bool,
    },
    /// The history writes the answer.
    Finishing(Settled),
    /// The history takes over a resource that was found.
    Adopting {
        settled: Settled,
        clear: bool,
        before: Option<Rc<Question>>,
    },
}

impl Submission {
    /// A form of this operation from which nothing was sent yet.
    pub fn new(op: &'static Operation) -> Submission {
        Submission {
            op,
            phase: Phase::Idle,
            turn: 0,
            last: None,
            created_ms: None,
            agreed: 0,
            agreed_key: String::new(),
            tokens: Vec::new(),
            own: Vec::new(),
            made: Vec::new(),
            unkept: false,
            lookup: Lookup::None,
            look: 0,
            simulated: false,
            left: false,
        }
    }

    /// The state after an event, and what is to be done.
    pub fn step(mut self, event: Event) -> (Submission, Vec<Effect>) {
        let mut out = Vec::new();
        match event {
            Event::Submitted {
                raw,
                edited,
                target,
                consent,
                now_ms,
                fresh,
            } => {
                // Who submitted what is under way still hears of that.
                if !self.is_busy() {
                    let again = !edited && self.created_ms.is_some();
                    if again && self.just_created(now_ms) {
                        out.push(Effect::Decline(Declined::Repeated));
                    } else if let Some((intent, fresh)) =
                        self.intended(raw, target, fresh, &mut out)
                    {
                        self.start(intent, again, consent, fresh, &mut out);
                    }
                }
            }
            Event::ProxyFound { turn, real } => self.proxy_found(turn, real, &mut out),
            Event::Refused => self.refuse(),
            Event::Edited(raw) => self.edited(&raw, &mut out),
            Event::Shown { record, outcome } => self.shown(record, outcome),
            Event::Left => self.left = true,
            Event::OpenFound { turn, open, kept } => {
                if let Phase::FindingOpen(intent, fresh) = self.left_by(turn) {
                    match kept || self.unkept {
                        true => self.open_found(intent, &fresh, open, &mut out),
                        false => self.doubt(Why::Unkept, intent, &mut out),
                    }
                }
            }
            Event::HostAnswered { turn, allowed } => {
                if let (Phase::AskingHost(intent), true) = (self.left_by(turn), allowed) {
                    self.enter(Phase::Recording(intent.clone()), &mut out);
                    let (turn, unkept) = (self.turn, self.unkept);
                    out.push(Effect::Record {
                        turn,
                        intent,
                        unkept,
                    });
                }
            }
            Event::Recorded {
                turn,
                record,
                fresh,
            } => self.recorded(turn, record, fresh, &mut out),
            Event::Answered {
                turn,
                intent,
                record,
                doubted,
                sent,
                now_ms,
            } => {
                let here = turn == self.turn;
                let written = (*sent).clone();
                let settled = Settled::by(intent, record, doubted, *sent);
                let settled = settled.beside(self.written(record).map(|it| &**it));
                match self.left_by(turn) {
                    Phase::Sending { .. } => self.enter(Phase::Finishing(settled), &mut out),
                    _ => self.answered_late(settled, now_ms, &mut out),
                }
                out.push(Effect::Finish {
                    turn: if here { self.turn } else { 0 },
                    record,
                    sent: written,
                });
            }
            Event::Finished { turn, now_ms } => {
                if let Phase::Finishing(settled) = self.left_by(turn) {
                    self.settle(settled, true, now_ms, &mut out);
                }
            }
            Event::Chosen {
                command,
                consent,
                fresh,
            } => {
                if !self.is_busy() {
                    self.choose(command, consent, fresh, &mut out);
                }
            }
            Event::Found {
                look,
                found,
                whole,
                simulated,
                counts,
            } => {
                if look == self.look && self.lookup == Lookup::Looking {
                    self.simulated = simulated;
                    self.found(found, whole, counts);
                }
            }
            Event::Adopted { turn, now_ms } => {
                if let Phase::Adopting { settled, clear, .. } = self.left_by(turn) {
                    self.lookup = Lookup::None;
                    self.settle(settled, clear, now_ms, &mut out);
                }
            }
            Event::TimedOut { limit, now_ms } => self.timed_out(limit, now_ms, &mut out),
        }
        if self.left && matches!(self.phase, Phase::Confirming(_) | Phase::Doubting(_)) {
            self.phase = Phase::Idle;
            out.push(Effect::Decline(Declined::Left));
        }
        (self, out)
    }

    /// The phase of this turn, which is left by that; [`Phase::Idle`], and nothing is left, when
    /// another one has begun since.
    fn left_by(&mut self, turn: u32) -> Phase {
        if turn != self.turn {
            return Phase::Idle;
        }
        self.turn += 1;
        std::mem::replace(&mut self.phase, Phase::Idle)
    }

    fn enter(&mut self, phase: Phase, out: &mut Vec<Effect>) {
        self.turn += 1;
        let ms = match &phase {
            Phase::Idle | Phase::Confirming(_) | Phase::Doubting(_) => None,
            Phase::FindingProxy { .. } => Some(PROXY_MS),
            Phase::FindingOpen(..) => Some(FINDING_MS),
            Phase::AskingHost(_) => Some(HOST_MS),
            Phase::Recording(_) | Phase::Finishing(_) => Some(WRITING_MS),
            Phase::Sending { .. } => Some(SENDING_MS),
            Phase::Adopting { .. } => Some(LOOKUP_MS),
        };
        self.phase = phase;
        let limit = Limit::Phase(self.turn);
        out.extend(ms.map(|ms| Effect::Wait { limit, ms }));
    }

    fn find_open(&mut self, intent: Intent, fresh: Fresh, out: &mut Vec<Effect>) {
        self.lookup = Lookup::None;
        let lost = self.lost(&intent).and_then(|last| last.record);
        self.enter(Phase::FindingOpen(intent.clone(), fresh), out);
        out.push(Effect::FindOpen {
            turn: self.turn,
            intent,
            agreed: self.agreed,
            lost,
            made: self.made.clone(),
        });
    }

    /// The intent with a client token of its own, when the one that it has was sent under another key
    /// or is the `taken` one.
    fn with_own_token(
        &self,
        intent: Intent,
        taken: Option<&str>,
        fresh: &Fresh,
        out: &mut Vec<Effect>,
    ) -> Intent {
        let token = intent.token();
        let foreign =
            |(known, key): &(String, String)| Some(known) == token.as_ref() && *key != intent.key;
        let taken = taken.is_some() && token.as_deref() == taken;
        if !taken && !self.tokens.iter().any(foreign) {
            return intent;
        }
        match intent.with_token(&fresh.token) {
            Some(renewed) => {
                out.push(Effect::RenewToken(fresh.token.clone()));
                renewed
            }
            None => intent,
        }
    }

    /// The last request, when it was of the same intent and nobody knows what became of it.
    fn lost(&self, intent: &Intent) -> Option<&Settled> {
        let last = self.last.as_deref()?;
        (last.is_unknown() && last.intent.key == intent.key).then_some(last)
    }

    fn open_found(
        &mut self,
        mut intent: Intent,
        fresh: &Fresh,
        open: Option<Box<Open>>,
        out: &mut Vec<Effect>,
    ) {
        let Some(open) = open else {
            // The record is gone, and with it the doubt: only a token makes this the same intent still.
            if intent.token().is_none() && self.lost(&intent).is_some() {
                intent.key.clone_from(&fresh.key);
            }
            self.ask_host(intent, out);
            return;
        };
        if open.record.id == self.agreed && intent.key == self.agreed_key {
            self.ask_host(intent, out);
            return;
        }
        let question = Question::about(*open, intent);
        // The same token again cannot make a second resource; a fresh one can. What was created is to be told of.
        let safe = question.token().is_some() && question.open.outcome != Outcome::Created;
        if safe && question.token() == question.intent.token().as_deref() {
            intent = question.intent;
            intent.key = question.open.record.key;
            self.ask_host(intent, out);
            return;
        }
        self.enter(Phase::Confirming(Rc::new(question)), out);
        out.push(Effect::Focus(Focus::Question));
    }

    fn ask_host(&mut self, intent: Intent, out: &mut Vec<Effect>) {
        if let Some(token) = intent.token() {
            if !self.tokens.iter().any(|(known, _)| *known == token) {
                self.tokens.push((token, intent.key.clone()));
            }
        }
        self.lookup = Lookup::None;
        out.push(Effect::ForgetServed);
        self.enter(Phase::AskingHost(intent.clone()), out);
        let turn = self.turn;
        out.push(Effect::AskHost { turn, intent });
    }

    fn recorded(
        &mut self,
        turn: u32,
        record: Result<Rc<Record>, NoRecord>,
        fresh: Fresh,
        out: &mut Vec<Effect>,
    ) {
        match (self.left_by(turn), record) {
            (Phase::Recording(intent), Ok(written)) => {
                let (record, doubted) = (written.id, written.doubted);
                let clouds = is_doubted_by_clouds(&written);
                self.own.push(written);
                let sending = Phase::Sending {
                    intent: intent.clone(),
                    record,
                    doubted,
                };
                self.enter(sending, out);
                out.push(Effect::Send {
                    turn: self.turn,
                    intent,
                    record,
                    doubted,
                    clouds,
                });
            }
            (Phase::Recording(intent), Err(NoRecord::Refused)) => {
                self.stop(intent, messages::NOT_RECORDED, out);
            }
            // Another tab was faster, and what it sent is known now.
            (Phase::Recording(intent), Err(NoRecord::Met)) => self.find_open(intent, fresh, out),
            // It was written too late: nothing was sent, and the record is to say so.
            (_, Ok(written)) => out.push(Effect::Finish {
                turn: 0,
                record: written.id,
                sent: unsent(messages::NOT_RECORDED),
            }),
            (_, Err(_)) => {}
        }
    }

    /// Ends a submission of which nothing has left.
    fn stop(&mut self, intent: Intent, why: Text, out: &mut Vec<Effect>) {
        let settled = Settled {
            intent,
            sent: unsent(why),
            field: None,
            record: None,
            adopted: false,
        };
        self.settle(settled, false, 0, out);
    }

    fn settle(&mut self, settled: Settled, clear: bool, now_ms: u64, out: &mut Vec<Effect>) {
        self.phase = Phase::Idle;
        if settled.sent.problem.is_some() {
            out.push(Effect::Recheck);
        }
        if settled.created().is_some() {
            self.created_ms = Some(now_ms);
            self.made.extend(settled.record);
            if clear {
                out.push(Effect::ClearForm(settled.intent.raw.clone()));
            }
        }
        let about = settled.about_fields();
        if !about.is_empty() {
            out.push(Effect::Serve(about));
        }
        out.push(Effect::Focus(match &settled.field {
            Some(field) => Focus::Field(field.clone()),
            None => Focus::Answer,
        }));
        let settled = Rc::new(settled);
        out.push(Effect::Notify(settled.clone()));
        self.last = Some(settled);
    }
}

mod commands;
mod submit;
#[cfg(test)]
mod tests;
mod time_limits;
mod view;
