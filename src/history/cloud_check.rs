//! The pace at which many resources are held against the cloud, and what came of it. Pure.

use std::rc::Rc;

use super::account_lists::Place;
use super::pace::SharedPace;
use super::refused::{Reason, Refusals, Refused};

/// How often a resource is asked about whose read is refused because the cloud is asked too often. Any other refusal
/// would only be repeated.
const ATTEMPTS: u32 = 4;
/// So many may be asked about together.
const WINDOW: usize = 20;

/// What a question brought.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// The resource is as the history has it.
    Same,
    /// It has another status, or another name.
    Differs,
    /// It is not there.
    Gone,
    /// The read was refused.
    Refused(Rc<Refused>),
    /// It was not asked about: [`CloudCheck::closed`] says why.
    Unasked(Rc<Refused>),
    /// There is no question about it.
    NoQuestion,
}

/// How many resources met what.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// As the history has them.
    pub same: usize,
    /// With another status, or another name.
    pub differ: usize,
    /// Not there.
    pub gone: usize,
    /// Nothing is known of.
    pub unknown: usize,
}

impl Tally {
    /// All of them.
    pub fn total(&self) -> usize {
        self.same + self.differ + self.gone + self.unknown
    }
}

/// What is to be done next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// Ask about the first of these records' resources, and in the same read about as many of the others as it
    /// takes; and tell what came of it.
    Ask(Vec<u64>),
    /// Wait for so many milliseconds.
    Wait(u64),
    /// Nothing more.
    Done,
}

/// A check of many resources, one read after the other.
#[derive(Clone, Debug)]
pub struct CloudCheck {
    /// What is still to be asked about, and how often it was refused.
    left: Vec<(u64, u32)>,
    pace: SharedPace,
    tally: Tally,
    refusals: Refusals,
    total: usize,
}

impl CloudCheck {
    /// A check of the resources of these records, at a pace.
    pub fn new(records: Vec<u64>, pace: SharedPace) -> CloudCheck {
        CloudCheck {
            total: records.len(),
            // The next is at the end, where it is taken off without moving the others.
            left: records.into_iter().rev().map(|id| (id, 0)).collect(),
            pace,
            tally: Tally::default(),
            refusals: Refusals::default(),
        }
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.total
    }

    /// What came of it so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Why some could not be asked about.
    pub fn reasons(&self) -> &[Reason] {
        self.refusals.reasons()
    }

    /// Why nothing more is to be asked in a place, if so.
    pub fn closed(&self, place: &Place) -> Option<Rc<Refused>> {
        self.refusals.closed(place)
    }

    /// What is to be done at this time, in milliseconds of any steady clock.
    pub fn next(&self, now: u64) -> Next {
        if self.left.is_empty() {
            return Next::Done;
        }
        match self.pace.wait(now) {
            Some(ms) => Next::Wait(ms),
            None => {
                let window = self.left.iter().rev().take(WINDOW);
                Next::Ask(window.map(|(id, _)| *id).collect())
            }
        }
    }

    /// Takes note of what the last read, in this place if there was one, brought about these.
    pub fn answered(&mut self, answers: &[(u64, Answer)], place: Option<&Place>, now: u64) {
        let window = self.left.len().saturating_sub(WINDOW);
        let asked = self.left.split_off(window);
        let mut given_up = None;
        for (id, busy) in asked {
            let answer = answers.iter().find(|(asked, _)| *asked == id);
            match answer.map(|(_, answer)| answer) {
                // It was not in the read.
                None => self.left.push((id, busy)),
                Some(Answer::Same) => self.tally.same += 1,
                Some(Answer::Differs) => self.tally.differ += 1,
                Some(Answer::Gone) => self.tally.gone += 1,
                Some(Answer::Refused(why)) if why.is_busy() && busy + 1 < ATTEMPTS => {
                    self.left.push((id, busy + 1));
                }
                Some(Answer::Refused(why)) => {
                    self.unknown(why);
                    given_up = Some(why);
                }
                Some(Answer::Unasked(why)) => self.unknown(why),
                Some(Answer::NoQuestion) => self.tally.unknown += 1,
            }
        }
        let refused = answers.iter().find_map(|(_, answer)| match answer {
            Answer::Refused(why) => Some(why),
            _ => None,
        });
        let unasked = |answer: &Answer| matches!(answer, Answer::NoQuestion | Answer::Unasked(_));
        // Where nothing was asked there is nothing to wait for, and nothing was answered.
        if answers.iter().all(|(_, answer)| unasked(answer)) {
            return;
        }
        match (given_up, refused, place) {
            (Some(why), ..) => self.refusals.given_up(why),
            (None, None, Some(place)) => self.refusals.answered(place),
            _ => {}
        }
        self.pace
            .answered(refused.is_some_and(|why| why.is_busy()), now);
    }

    fn unknown(&mut self, why: &Rc<Refused>) {
        self.tally.unknown += 1;
        self.refusals.count(why);
    }

    /// Asks nothing more.
    pub fn stop(&mut self) {
        self.left.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::pace::PAUSES_MS;
    use super::*;
    use proptest::prelude::*;
    use tieline_catalog::refusal::Refusal;
    use tieline_catalog::{find, Message, Operation, Raw};

    /// A refusal of the read about what an operation makes.
    fn refused(op: &'static Operation, code: &str, http: u16) -> Rc<Refused> {
        let none = || Message::new("", "");
        Rc::new(Refused {
            place: place(op),
            read: find(op.read_back().unwrap().operation).unwrap(),
            why: Refusal {
                code: code.into(),
                http,
                ..Refusal::without_response(none(), none())
            },
        })
    }

    fn place(op: &'static Operation) -> Place {
        Place {
            op,
            scope: Rc::new(Raw::new()),
        }
    }

    fn op(nth: usize) -> &'static Operation {
        tieline_catalog::creations().nth(nth).unwrap()
    }

    fn any() -> impl Strategy<Value = Answer> {
        prop_oneof![
            Just(Answer::Same),
            Just(Answer::Differs),
            Just(Answer::Gone),
            Just(Answer::Refused(refused(op(0), "Throttling.User", 400))),
            Just(Answer::Refused(refused(op(0), "Forbidden.RAM", 403))),
            Just(Answer::Unasked(refused(op(1), "", 0))),
            Just(Answer::NoQuestion),
        ]
    }

    proptest! {
        #[test]
        fn each_resource_is_counted_once_and_questions_keep_their_distance(
            total in 0usize..60,
            answers in proptest::collection::vec((any(), 1usize..25), 100),
        ) {
            let mut check = CloudCheck::new((0..total as u64).collect(), SharedPace::default());
            let (mut now, mut last, mut answers) = (0, None::<(u64, bool)>, answers.into_iter().cycle());
            let mut first = 0;
            for _ in 0..10_000 {
                match check.next(now) {
                    Next::Done => break,
                    Next::Wait(ms) => now += ms,
                    Next::Ask(ids) => {
                        if let Some((at, asked)) = last {
                            prop_assert!(!asked || now >= at + PAUSES_MS[0]);
                        }
                        prop_assert!(ids.is_sorted() && ids.len() <= WINDOW);
                        prop_assert!(ids[0] >= first, "in their order");
                        first = ids[0];
                        let (answer, together) = answers.next().unwrap();
                        let asks = !matches!(answer, Answer::NoQuestion | Answer::Unasked(_));
                        let told: Vec<_> =
                            ids.iter().take(together).map(|id| (*id, answer.clone())).collect();
                        last = Some((now, asks));
                        let before = check.tally().total();
                        check.answered(&told, Some(&place(op(0))), now);
                        prop_assert!(check.tally().total() <= before + told.len());
                        if let Next::Wait(ms) = check.next(now) {
                            prop_assert!(ms <= PAUSES_MS[1]);
                        }
                    }
                }
            }
            prop_assert_eq!(check.next(now), Next::Done);
            prop_assert_eq!(check.tally().total(), total);
            let told: usize = check.reasons().iter().map(|reason| reason.count).sum();
            prop_assert!(told <= check.tally().unknown);
        }
    }

    #[test]
    fn a_busy_cloud_slows_it_down_and_does_not_end_it() {
        let mut check = CloudCheck::new(vec![7, 8, 9], SharedPace::default());
        let busy = || Answer::Refused(refused(op(0), "Throttling.User", 400));
        let mut now = 0;
        for pause in [500, 1_000, 2_000] {
            assert_eq!(check.next(now), Next::Ask(vec![7, 8, 9]));
            check.answered(&[(7, busy()), (8, busy())], None, now);
            assert_eq!(check.next(now), Next::Wait(pause));
            now += pause;
        }
        check.answered(&[(7, Answer::Same), (8, Answer::Gone)], None, now);
        assert_eq!(check.next(now), Next::Wait(1_000));
        assert_eq!(check.next(now + 1_000), Next::Ask(vec![9]));
        check.stop();
        assert_eq!(check.next(now + 1_000), Next::Done);
        assert_eq!((check.tally().total(), check.total()), (2, 3));
        assert!(check.reasons().is_empty());
    }

    /// Checks the resources of these records one by one, each with this answer. Returns the check, how many reads
    /// there were, and how long it took.
    fn checked(total: u64, answer: impl Fn(u64) -> Rc<Refused>) -> (CloudCheck, usize, u64) {
        let mut check = CloudCheck::new((0..total).collect(), SharedPace::default());
        let (mut now, mut reads) = (0, 0);
        loop {
            match check.next(now) {
                Next::Done => return (check, reads, now),
                Next::Wait(ms) => now += ms,
                Next::Ask(ids) => {
                    let why = answer(ids[0]);
                    let place = why.place.clone();
                    let answer = match check.closed(&place) {
                        Some(why) => Answer::Unasked(why),
                        None => {
                            reads += 1;
                            Answer::Refused(why)
                        }
                    };
                    check.answered(&[(ids[0], answer)], Some(&place), now);
                }
            }
        }
    }

    #[test]
    fn a_missing_permission_or_a_proxy_that_is_down_ends_the_asking_and_its_reason_is_told() {
        for (code, http) in [
            ("Forbidden.RAM", 403),
            ("InvalidAccessKeyId.NotFound", 404),
            ("", 0),
        ] {
            let (check, reads, ms) = checked(200, |_| refused(op(0), code, http));
            assert_eq!((reads, check.tally().unknown), (3, 200), "{code}");
            assert!(ms < 5_000, "{code}: {ms}");
            let [reason] = check.reasons() else {
                panic!("{code}: {:?}", check.reasons());
            };
            assert_eq!(
                (reason.count, reason.refused.why.code.as_str()),
                (200, code)
            );
        }
        // Throttling that lasts is no matter of hours either.
        let (check, reads, ms) = checked(200, |_| refused(op(0), "Throttling", 400));
        assert_eq!((reads, check.tally().unknown), (3 * ATTEMPTS as usize, 200));
        assert!(ms < 6 * 60_000, "{ms}");
    }

    #[test]
    fn one_operation_that_may_not_be_asked_about_keeps_no_other_from_it() {
        let which = |id: u64| op((id % 2) as usize);
        let (check, reads, _) = checked(20, |id| match id % 2 {
            0 => refused(which(id), "Forbidden.RAM", 403),
            // What is refused of one resource says nothing about another.
            _ => refused(which(id), "InvalidParameter.Id", 400),
        });
        assert_eq!(reads, 3 + 10);
        let counts: Vec<usize> = check.reasons().iter().map(|reason| reason.count).collect();
        assert_eq!(counts, [10, 10]);
    }

    #[test]
    fn an_answer_between_two_refusals_lets_it_go_on() {
        let mut check = CloudCheck::new((0..40).collect(), SharedPace::default());
        let down = refused(op(0), "", 0);
        for id in 0..40 {
            assert_eq!(check.closed(&down.place), None, "{id}");
            let answer = match id % 3 {
                2 => Answer::Same,
                _ => Answer::Refused(down.clone()),
            };
            check.answered(&[(id, answer)], Some(&down.place), id * 1_000);
        }
        assert_eq!(check.tally().unknown, 27);
    }
}
