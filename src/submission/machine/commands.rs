//! What the user does after an answer or a question.

use std::rc::Rc;

use tieline_catalog::answer::{status_of, Answer, Created, Found};
use tieline_catalog::Raw;
use tieline_records::{By, Outcome, Record};

use super::{Phase, Submission, LOOKUP_MS};
use crate::client::Sent;
use crate::history::{is_of_sandbox, Lookup};
use crate::platform::host_page::Declined;
use crate::submission::event::{Command, Consent, Effect, Focus, Fresh, Limit};
use crate::submission::intent::{Intent, Question, Settled, Why};

impl Submission {
    /// A question is about what was submitted: where that is no longer what the form holds, it is
    /// withdrawn, and the next submit asks anew.
    pub(super) fn edited(&mut self, raw: &Raw, out: &mut Vec<Effect>) {
        let asked = match &self.phase {
            Phase::Confirming(question) => &question.intent,
            Phase::Doubting(scruple) => &scruple.intent,
            _ => return,
        };
        if asked.raw != *raw {
            self.phase = Phase::Idle;
            self.lookup = Lookup::None;
            out.push(Effect::Decline(Declined::Changed));
        }
    }

    /// A question is about the earlier request as it is now: what nobody knows the outcome of any more is not
    /// sent again unless somebody has looked, and what made nothing stands against nothing.
    pub(super) fn shown(&mut self, record: u64, outcome: Outcome) {
        if let Phase::Confirming(question) = &mut self.phase {
            if question.open.record.id == record && question.open.outcome != outcome {
                Rc::make_mut(question).open.outcome = outcome;
            }
        }
    }

    /// After a submit that did not pass, an earlier creation beside it would be taken for its answer.
    pub(super) fn refuse(&mut self) {
        if self.last.as_ref().is_some_and(|l| l.created().is_some()) {
            self.last = None;
        }
    }

    pub(super) fn choose(
        &mut self,
        command: Command,
        consent: Consent,
        fresh: Fresh,
        out: &mut Vec<Effect>,
    ) {
        let question = self.question().cloned();
        let last = self.last.clone();
        if let Phase::Doubting(scruple) = &self.phase {
            // Beside this question there is no other, and no answer.
            let scruple = scruple.clone();
            match command {
                Command::SendAnyway => {
                    self.unkept |= scruple.why == Why::Unkept;
                    let mut intent = scruple.intent.clone();
                    intent.real |= matches!(scruple.why, Why::Review { .. });
                    self.find_open(intent, fresh, out);
                }
                Command::Cancel => {
                    self.phase = Phase::Idle;
                    out.push(Effect::Decline(Declined::Cancelled));
                    out.push(Effect::Focus(Focus::Button));
                }
                _ => {}
            }
            return;
        }
        match command {
            Command::Repeat => match (&question, &last) {
                (Some(question), _) => {
                    let again = question.token().and_then(|t| question.intent.with_token(t));
                    if let Some(mut intent) = again {
                        intent.key.clone_from(&question.open.record.key);
                        out.extend(intent.token().map(Effect::RenewToken));
                        self.ask_host(intent, out);
                    }
                }
                (None, Some(last)) if last.is_repeatable() => {
                    let intent = last.intent.clone();
                    // What never got its record is a new intent: the old record may still come.
                    let intent = match last.record {
                        Some(_) => {
                            // The form may have got another one since.
                            out.extend(intent.token().map(Effect::RenewToken));
                            intent
                        }
                        None => {
                            let key = fresh.key.clone();
                            self.with_own_token(Intent { key, ..intent }, None, &fresh, out)
                        }
                    };
                    self.repeat(intent, consent, fresh, out);
                }
                (None, _) => {}
            },
            Command::SendAnyway => {
                if let Some(question) = question.filter(|question| !question.must_look()) {
                    self.agreed = question.open.record.id;
                    let intent = Intent {
                        key: fresh.key.clone(),
                        ..question.intent.clone()
                    };
                    let taken = question.open.record.token();
                    let intent = self.with_own_token(intent, taken, &fresh, out);
                    self.agreed_key.clone_from(&intent.key);
                    self.ask_host(intent, out);
                }
            }
            Command::Cancel => {
                self.phase = Phase::Idle;
                self.lookup = Lookup::None;
                out.push(Effect::Decline(Declined::Cancelled));
                out.push(Effect::Focus(Focus::Button));
            }
            Command::GoToField => {
                let field = last.as_ref().and_then(|last| last.field.clone());
                out.extend(field.map(|field| Effect::Focus(Focus::Field(field))));
            }
            Command::SayLooked => {
                if let Some(question) = &question {
                    let record = question.open.record.id;
                    out.push(Effect::NoteLooked { record });
                    self.looked();
                }
            }
            Command::LookUp => {
                let (target, raw, record, simulated) = match (&question, &last) {
                    (Some(asked), _) if asked.can_look_up() => {
                        let (record, target) = (&asked.open.record, asked.intent.target.clone());
                        let simulated = is_of_sandbox(record);
                        (target, record.raw(), Some(record.id), simulated)
                    }
                    (None, Some(last)) if last.can_look_up() => {
                        let intent = &last.intent;
                        let raw = intent.valid.parsed().to_raw();
                        let simulated = last.sent.simulated;
                        (intent.target.clone(), raw, last.record, simulated)
                    }
                    _ => return,
                };
                self.look += 1;
                self.lookup = Lookup::Looking;
                let look = self.look;
                let limit = Limit::Lookup(look);
                out.push(Effect::LookUp {
                    look,
                    target,
                    raw,
                    record,
                    simulated,
                });
                let ms = LOOKUP_MS;
                out.push(Effect::Wait { limit, ms });
            }
            Command::Adopt(at) => self.adopt(at, question, out),
        }
    }

    /// Sends an intent again that went nowhere, or has a token. It may have been meant for a sandbox.
    fn repeat(&mut self, intent: Intent, consent: Consent, fresh: Fresh, out: &mut Vec<Effect>) {
        match intent.real {
            true => self.find_open(intent, fresh, out),
            false => self.start(intent, false, consent, fresh, out),
        }
    }

    /// A look-up has ended. One that failed, that came too soon or did not come to its end does not count as having
    /// looked.
    pub(super) fn found(&mut self, found: Found, whole: bool, counts: bool) {
        if whole && counts {
            self.looked();
        }
        self.lookup = match found {
            Found::Items(items) if !whole => Lookup::Part(items.into()),
            found => Lookup::Done(Rc::new(found)),
        };
    }

    /// Somebody has looked for the resource that the user is asked about.
    fn looked(&mut self) {
        if let Phase::Confirming(question) = &mut self.phase {
            Rc::make_mut(question).looked = true;
        }
    }

    fn adopt(&mut self, at: usize, question: Option<Rc<Question>>, out: &mut Vec<Effect>) {
        let item = self.lookup.items().get(at).cloned();
        let (intent, record, clear) = match (&question, &self.last) {
            (Some(asked), _) => {
                let (record, intent) = (asked.open.record.clone(), asked.intent.clone());
                let key = record.key.clone();
                (Intent { key, ..intent }, Rc::new(record), asked.open.same)
            }
            (None, Some(last)) => match self.lost_record(last) {
                Some(record) => (last.intent.clone(), record, true),
                None => return,
            },
            (None, None) => return,
        };
        let Some(item) = item else {
            return;
        };
        let simulated = self.simulated;
        let created = Created {
            status: Some(status_of(self.op, &item)),
            id: item.id.clone(),
            request_id: None,
            fields: Vec::new(),
        };
        let settled = Settled {
            intent,
            sent: Sent {
                simulated,
                ..Sent::of(Answer::Created(created), By::Cloud)
            },
            field: None,
            record: Some(record.id),
            adopted: true,
        };
        let adopting = Phase::Adopting {
            settled,
            clear,
            before: question,
        };
        self.enter(adopting, out);
        out.push(Effect::Adopt {
            turn: self.turn,
            record,
            item,
            simulated,
        });
    }

    /// The record of a request of which nobody knows what became, as it was when that left.
    fn lost_record(&self, last: &Settled) -> Option<Rc<Record>> {
        self.written(last.record.filter(|_| last.is_unknown())?)
            .cloned()
    }

    /// The record of what was sent from here, as it was when that left last.
    pub(super) fn written(&self, id: u64) -> Option<&Rc<Record>> {
        self.own.iter().rev().find(|record| record.id == id)
    }
}
