//! The pace at which many resources are held against the cloud, and what came of it. Pure.

use std::collections::VecDeque;

/// The pause between two questions, at first and at most, in milliseconds. APIs of this kind take some hundred
/// questions a minute from an account, which others need as well.
const PAUSES_MS: [u64; 2] = [250, 30_000];
/// How often a resource is asked about whose read is refused.
const ATTEMPTS: u32 = 4;

/// What a question brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The resource is as the history has it.
    Same,
    /// It has another status, or another name.
    Differs,
    /// It is not there.
    Gone,
    /// The read was refused: the cloud may be asked too often.
    Refused,
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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Ask about this record's resource, and tell what came of it.
    Ask(u64),
    /// Wait for so many milliseconds.
    Wait(u64),
    /// Nothing more.
    Done,
}

/// A check of many resources, one after the other.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// What is still to be asked about, and how often it was refused.
    left: VecDeque<(u64, u32)>,
    pause: u64,
    /// Before this time nothing is asked.
    due: u64,
    tally: Tally,
    total: usize,
}

impl Sweep {
    /// A check of the resources of these records.
    pub fn new(records: Vec<u64>) -> Sweep {
        Sweep {
            total: records.len(),
            left: records.into_iter().map(|id| (id, 0)).collect(),
            pause: PAUSES_MS[0],
            due: 0,
            tally: Tally::default(),
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

    /// What is to be done at this time, in milliseconds of any steady clock.
    pub fn next(&self, now: u64) -> Next {
        match self.left.front() {
            None => Next::Done,
            Some(_) if now < self.due => Next::Wait(self.due - now),
            Some((id, _)) => Next::Ask(*id),
        }
    }

    /// Takes note of what the question brought that was asked last.
    pub fn answered(&mut self, answer: Answer, now: u64) {
        let Some((id, refused)) = self.left.pop_front() else {
            return;
        };
        let [shortest, longest] = PAUSES_MS;
        match answer {
            Answer::Same => self.tally.same += 1,
            Answer::Differs => self.tally.differ += 1,
            Answer::Gone => self.tally.gone += 1,
            Answer::NoQuestion => {
                // Nothing was asked, so that there is nothing to wait for.
                self.tally.unknown += 1;
                return;
            }
            Answer::Refused if refused + 1 < ATTEMPTS => self.left.push_front((id, refused + 1)),
            Answer::Refused => self.tally.unknown += 1,
        }
        self.pause = match answer {
            Answer::Refused => longest.min(self.pause * 2),
            _ => shortest.max(self.pause / 2),
        };
        self.due = now + self.pause;
    }

    /// Asks nothing more.
    pub fn stop(&mut self) {
        self.left.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any() -> impl Strategy<Value = Answer> {
        prop_oneof![
            Just(Answer::Same),
            Just(Answer::Differs),
            Just(Answer::Gone),
            Just(Answer::Refused),
            Just(Answer::NoQuestion),
        ]
    }

    proptest! {
        #[test]
        fn each_resource_is_counted_once_and_questions_keep_their_distance(
            total in 0usize..20, answers in proptest::collection::vec(any(), 100),
        ) {
            let mut sweep = Sweep::new((0..total as u64).collect());
            let (mut now, mut last, mut answers) = (0, None::<(u64, bool)>, answers.into_iter().cycle());
            let mut refused = 0;
            for _ in 0..1_000 {
                match sweep.next(now) {
                    Next::Done => break,
                    Next::Wait(ms) => now += ms,
                    Next::Ask(_) => {
                        if let Some((at, asked)) = last {
                            prop_assert!(!asked || now >= at + PAUSES_MS[0]);
                        }
                        let answer = answers.next().unwrap();
                        refused = if answer == Answer::Refused { refused + 1 } else { 0 };
                        last = Some((now, answer != Answer::NoQuestion));
                        sweep.answered(answer, now);
                        prop_assert!(sweep.due <= now + PAUSES_MS[1]);
                    }
                }
            }
            prop_assert_eq!(sweep.next(now), Next::Done);
            prop_assert_eq!(sweep.tally().total(), total);
        }
    }

    #[test]
    fn refusals_slow_it_down_and_do_not_end_it() {
        let mut sweep = Sweep::new(vec![7, 8]);
        let mut now = 0;
        for pause in [500, 1_000, 2_000] {
            assert_eq!(sweep.next(now), Next::Ask(7));
            sweep.answered(Answer::Refused, now);
            assert_eq!(sweep.next(now), Next::Wait(pause));
            now += pause;
        }
        sweep.answered(Answer::Same, now);
        assert_eq!(sweep.next(now), Next::Wait(1_000));
        assert_eq!(sweep.next(now + 1_000), Next::Ask(8));
        sweep.stop();
        assert_eq!(sweep.next(now + 1_000), Next::Done);
        assert_eq!((sweep.tally().total(), sweep.total()), (1, 2));
    }
}
