//! From a submit to the first question, or to the look for an earlier request.

use std::rc::Rc;

use tieline_catalog::{check, Raw};

use super::{Phase, Submission, DOUBLE_CLICK_MS};
use crate::client::Target;
use crate::history::Lookup;
use crate::platform::host_page::Declined;
use crate::submission::event::{Consent, Effect, Focus, Fresh};
use crate::submission::intent::{Intent, Scruple, Settled, Why};

impl Submission {
    /// Whether something was created so short a time ago that a press may be the second half of a double click.
    pub(super) fn just_created(&self, now_ms: u64) -> bool {
        // A clock that went far back has not said when that was, and nobody is kept waiting until it is there again.
        let apart = self.created_ms.map(|at| now_ms.abs_diff(at));
        apart.is_some_and(|ms| ms < DOUBLE_CLICK_MS)
    }

    /// What a submit means to create; nothing, where its input has errors.
    pub(super) fn intended(
        &mut self,
        raw: Raw,
        target: Target,
        fresh: Fresh,
        out: &mut Vec<Effect>,
    ) -> Option<(Intent, Fresh)> {
        let Ok(valid) = check(self.op, &raw).valid() else {
            self.refuse();
            out.extend([Effect::Refuse, Effect::Decline(Declined::Invalid)]);
            return None;
        };
        // The same request again is the same intent, unless the first was settled, or never recorded: its
        // record may still come.
        let same = |last: &&Rc<Settled>| {
            let earlier = &last.intent;
            last.is_open()
                && last.record.is_some()
                && earlier.valid == valid
                && earlier.target.name() == target.name()
        };
        let earlier = self.last.as_ref().filter(same);
        let key = earlier.map_or_else(|| fresh.key.clone(), |last| last.intent.key.clone());
        let intent = Intent {
            valid,
            raw,
            key,
            target,
            real: false,
        };
        let intent = self.with_own_token(intent, None, &fresh, out);
        Some((intent, fresh))
    }

    /// Asks the user about the intent itself.
    pub(super) fn doubt(&mut self, why: Why, intent: Intent, out: &mut Vec<Effect>) {
        self.lookup = Lookup::None;
        self.enter(Phase::Doubting(Rc::new(Scruple { why, intent })), out);
        out.push(Effect::Focus(Focus::Question));
    }

    /// Goes on with what is meant to be created, as far as its user agrees to something real.
    pub(super) fn start(
        &mut self,
        mut intent: Intent,
        again: bool,
        consent: Consent,
        fresh: Fresh,
        out: &mut Vec<Effect>,
    ) {
        intent.real |= consent == Consent::Given;
        match consent {
            Consent::Unknown => {
                let target = intent.target.clone();
                let finding = Phase::FindingProxy {
                    intent,
                    again,
                    fresh,
                };
                self.enter(finding, out);
                out.push(Effect::FindProxy {
                    turn: self.turn,
                    target,
                });
            }
            Consent::Ask => self.doubt(Why::Review { again }, intent, out),
            _ if again => self.doubt(Why::Again, intent, out),
            Consent::Given | Consent::Sandbox => self.find_open(intent, fresh, out),
        }
    }

    /// It was found out what is at the target of what was submitted. Whoever wants no review did not have to wait.
    pub(super) fn proxy_found(&mut self, turn: u32, real: bool, out: &mut Vec<Effect>) {
        if let Phase::FindingProxy {
            intent,
            again,
            fresh,
        } = self.left_by(turn)
        {
            let consent = match real {
                true => Consent::Ask,
                false => Consent::Sandbox,
            };
            self.start(intent, again, consent, fresh, out);
        }
    }
}
