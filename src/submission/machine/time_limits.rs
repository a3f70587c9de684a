//! What takes too long, and what comes too late.

use std::rc::Rc;

use tieline_catalog::answer::Found;

use super::{Phase, Submission};
use crate::client::{lost, read_failure};
use crate::history::Lookup;
use crate::submission::event::{Consent, Effect, Limit};
use crate::submission::intent::Settled;
use crate::submission::messages;

impl Submission {
    /// A request that had been given up was answered nevertheless.
    pub(super) fn answered_late(&mut self, settled: Settled, now_ms: u64, out: &mut Vec<Effect>) {
        if let Phase::Finishing(given_up) = &mut self.phase {
            if given_up.record == settled.record && settled.created().is_some() {
                *given_up = settled;
                return;
            }
        }
        let ours = |last: &Rc<Settled>| last.record == settled.record && last.created().is_none();
        if settled.created().is_none() || !self.last.as_ref().is_some_and(ours) {
            return;
        }
        let asked = self.question().map(|question| question.open.record.id);
        if matches!(self.phase, Phase::Confirming(_)) && asked == settled.record {
            self.phase = Phase::Idle;
        }
        self.created_ms = Some(now_ms);
        self.made.extend(settled.record);
        out.push(Effect::ClearForm(settled.intent.raw.clone()));
        let settled = Rc::new(settled);
        out.push(Effect::NotifyLate(settled.clone()));
        self.last = Some(settled);
    }

    pub(super) fn timed_out(&mut self, limit: Limit, now_ms: u64, out: &mut Vec<Effect>) {
        let turn = match limit {
            Limit::Phase(turn) => turn,
            Limit::Lookup(look) => {
                if look == self.look && self.lookup == Lookup::Looking {
                    let refusal = read_failure(messages::LOOKUP_SILENT);
                    self.lookup = Lookup::Done(Rc::new(Found::Refused(refusal)));
                }
                return;
            }
        };
        match self.left_by(turn) {
            Phase::Idle => {}
            // Nobody is hurried, and no limit is set.
            asked @ (Phase::Confirming(_) | Phase::Doubting(_)) => self.enter(asked, out),
            // Nobody answers: only what says that it is a sandbox may get it.
            Phase::FindingProxy {
                intent,
                again,
                fresh,
            } => self.start(intent, again, Consent::Sandbox, fresh, out),
            Phase::FindingOpen(intent, _) => self.stop(intent, messages::HISTORY_SILENT, out),
            Phase::AskingHost(intent) => self.stop(intent, messages::HOST_SILENT, out),
            Phase::Recording(intent) => self.stop(intent, messages::NOT_RECORDED, out),
            Phase::Sending {
                intent,
                record,
                doubted,
            } => {
                let sent = lost(self.op, intent.real);
                let written = sent.clone();
                let settled = Settled::by(intent, record, doubted, sent);
                let settled = settled.beside(self.written(record).map(|it| &**it));
                self.enter(Phase::Finishing(settled), out);
                out.push(Effect::Finish {
                    turn: self.turn,
                    record,
                    sent: written,
                });
            }
            Phase::Finishing(settled) => self.settle(settled, true, now_ms, out),
            // What was found is still in sight, and can be adopted once more.
            Phase::Adopting { before, .. } => {
                if let Some(question) = before {
                    self.enter(Phase::Confirming(question), out);
                }
            }
        }
    }
}
