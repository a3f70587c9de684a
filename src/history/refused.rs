//! Reads that were refused: whether they are worth repeating, and whom else the same would happen to. Pure.

use std::rc::Rc;

use tieline_catalog::errors::{denies, is_of_the_account};
use tieline_catalog::refusal::Refusal;
use tieline_catalog::Operation;

use super::account_lists::Place;
use super::pace::is_busy;
use crate::client::is_by_other_keys;

/// After so many refusals one after the other, none of which was about a single resource, the others of the place are
/// not asked about: one alone may be chance.
const ENOUGH: usize = 3;

/// A read that was refused.
#[derive(Clone, PartialEq, Debug)]
pub struct Refused {
    /// Where it asked.
    pub place: Place,
    /// What it was.
    pub read: &'static Operation,
    /// Why it was refused.
    pub why: Refusal,
}

impl Refused {
    /// Whether it is worth repeating.
    pub fn is_busy(&self) -> bool {
        is_busy(self.read, &self.why)
    }

    /// Whether it says nothing about a single resource: nobody answered, or the account may not ask.
    fn is_of_all(&self) -> bool {
        let Refusal { code, http, .. } = &self.why;
        if is_by_other_keys(&self.why) {
            return false;
        }
        *http == 0 || self.is_busy() || denies(self.read, code) || is_of_the_account(code)
    }

    /// Whether people are told the same of both.
    fn is_alike(&self, other: &Refused) -> bool {
        let same = |of: &Refused| (of.why.code.clone(), of.why.http, of.why.explanation.clone());
        self.place == other.place && same(self) == same(other)
    }
}

/// Why some could not be asked about, and how many.
#[derive(Clone, PartialEq, Debug)]
pub struct Reason {
    /// The first refusal of this kind.
    pub refused: Rc<Refused>,
    /// How many resources met it.
    pub count: usize,
}

/// All refusals of a check.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Refusals {
    reasons: Vec<Reason>,
    /// The refusals one after the other in a place that were about no single resource, and the last of them.
    rows: Vec<(Rc<Refused>, usize)>,
}

impl Refusals {
    /// Why nothing more is asked in a place, if so.
    pub fn closed(&self, place: &Place) -> Option<Rc<Refused>> {
        let row = self.rows.iter().find(|(last, _)| last.place == *place);
        let (last, count) = row?;
        (*count >= ENOUGH).then(|| last.clone())
    }

    /// Takes note that this is why one resource more could not be asked about.
    pub fn count(&mut self, refused: &Rc<Refused>) {
        match self
            .reasons
            .iter_mut()
            .find(|reason| reason.refused.is_alike(refused))
        {
            Some(reason) => reason.count += 1,
            None => self.reasons.push(Reason {
                refused: refused.clone(),
                count: 1,
            }),
        }
    }

    /// Takes note that a read was refused and is not repeated.
    pub fn given_up(&mut self, refused: &Rc<Refused>) {
        let at = self
            .rows
            .iter()
            .position(|(last, _)| last.place == refused.place);
        let before = at.map_or(0, |at| self.rows.remove(at).1);
        if refused.is_of_all() {
            self.rows.push((refused.clone(), before + 1));
        }
    }

    /// Takes note that a read in this place was answered.
    pub fn answered(&mut self, place: &Place) {
        self.rows.retain(|(last, _)| last.place != *place);
    }

    /// Why some could not be asked about.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::OTHER_KEYS;
    use tieline_catalog::{creations, find, Message, Raw};

    /// What the present keys have made is asked about, however much the earlier ones have.
    #[test]
    fn what_other_keys_do_not_find_closes_no_place() {
        let op = creations().next().expect("an operation");
        let read = op.read_back().and_then(|read| find(read.operation));
        let refused = |explanation: Message| Refused {
            place: Place {
                op,
                scope: Rc::new(Raw::new()),
            },
            read: read.expect("a read"),
            why: Refusal::without_response(explanation, Message::new("", "")),
        };
        for (explanation, closes) in [
            (OTHER_KEYS.what.message(), false),
            (Message::new("nobody answers", "无人应答"), true),
        ] {
            let refused = Rc::new(refused(explanation));
            let mut refusals = Refusals::default();
            for _ in 0..ENOUGH {
                refusals.given_up(&refused);
            }
            assert_eq!(refusals.closed(&refused.place).is_some(), closes);
        }
    }
}
