//! The pace at which many resources are held against the cloud, and what came of it. Pure.

use super::pace::Pace;

/// How often a resource is asked about whose read is refused.
const ATTEMPTS: u32 = 4;
/// So many may be asked about together.
const WINDOW: usize = 20;

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
    pace: Pace,
    tally: Tally,
    total: usize,
}

impl CloudCheck {
    /// A check of the resources of these records.
    pub fn new(records: Vec<u64>) -> CloudCheck {
        CloudCheck {
            total: records.len(),
            // The next is at the end, where it is taken off without moving the others.
            left: records.into_iter().rev().map(|id| (id, 0)).collect(),
            pace: Pace::default(),
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

    /// Takes note of what the last read brought about these.
    pub fn answered(&mut self, answers: &[(u64, Answer)], now: u64) {
        let window = self.left.len().saturating_sub(WINDOW);
        let asked = self.left.split_off(window);
        for (id, refused) in asked {
            let answer = answers.iter().find(|(asked, _)| *asked == id);
            match answer.map(|(_, answer)| *answer) {
                // It was not in the read.
                None => self.left.push((id, refused)),
                Some(Answer::Same) => self.tally.same += 1,
                Some(Answer::Differs) => self.tally.differ += 1,
                Some(Answer::Gone) => self.tally.gone += 1,
                Some(Answer::Refused) if refused + 1 < ATTEMPTS => {
                    self.left.push((id, refused + 1));
                }
                Some(Answer::Refused | Answer::NoQuestion) => self.tally.unknown += 1,
            }
        }
        let refused = answers.iter().any(|(_, answer)| *answer == Answer::Refused);
        // Where nothing was asked there is nothing to wait for.
        if answers
            .iter()
            .any(|(_, answer)| *answer != Answer::NoQuestion)
        {
            self.pace.answered(refused, now);
        }
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
            total in 0usize..60,
            answers in proptest::collection::vec((any(), 1usize..25), 100),
        ) {
            let mut check = CloudCheck::new((0..total as u64).collect());
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
                        let told: Vec<_> = ids.iter().take(together).map(|id| (*id, answer)).collect();
                        last = Some((now, answer != Answer::NoQuestion));
                        let before = check.tally().total();
                        check.answered(&told, now);
                        prop_assert!(check.tally().total() <= before + told.len());
                        if let Next::Wait(ms) = check.next(now) {
                            prop_assert!(ms <= PAUSES_MS[1]);
                        }
                    }
                }
            }
            prop_assert_eq!(check.next(now), Next::Done);
            prop_assert_eq!(check.tally().total(), total);
        }
    }

    #[test]
    fn refusals_slow_it_down_and_do_not_end_it() {
        let mut check = CloudCheck::new(vec![7, 8, 9]);
        let mut now = 0;
        for pause in [500, 1_000, 2_000] {
            assert_eq!(check.next(now), Next::Ask(vec![7, 8, 9]));
            check.answered(&[(7, Answer::Refused), (8, Answer::Refused)], now);
            assert_eq!(check.next(now), Next::Wait(pause));
            now += pause;
        }
        check.answered(&[(7, Answer::Same), (8, Answer::Gone)], now);
        assert_eq!(check.next(now), Next::Wait(1_000));
        assert_eq!(check.next(now + 1_000), Next::Ask(vec![9]));
        check.stop();
        assert_eq!(check.next(now + 1_000), Next::Done);
        assert_eq!((check.tally().total(), check.total()), (2, 3));
    }
}
