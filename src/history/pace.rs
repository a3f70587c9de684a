//! The pace at which a cloud is asked one thing after the other. Pure, but for the one that a page has.

use std::cell::RefCell;
use std::rc::Rc;

use tieline_catalog::errors::meaning;
use tieline_catalog::refusal::Refusal;
use tieline_catalog::{ErrorClass, Operation};
use tieline_protocol::problem;

/// The pause between two questions, at first and at most, in milliseconds. APIs of this kind take some hundred
/// questions a minute from an account, which others need as well.
pub const PAUSES_MS: [u64; 2] = [250, 30_000];

/// Whether the cloud or the proxy is asked too often: only then is the same read worth repeating.
pub fn is_busy(read: &'static Operation, refusal: &Refusal) -> bool {
    let class = meaning(read, &refusal.code, refusal.http).class;
    let often = !refusal.code.is_empty() && class == ErrorClass::NotExecuted;
    let proxy = problem::BUSY.uri.rsplit(':').next() == Some(refusal.code.as_str());
    often || proxy || refusal.http == 429
}

/// When the next question may leave. Times are milliseconds of any steady clock.
#[derive(Clone, Debug)]
pub struct Pace {
    pause: u64,
    /// Before this time nothing is asked.
    due: u64,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            pause: PAUSES_MS[0],
            due: 0,
        }
    }
}

impl Pace {
    /// For how long nothing is to be asked, if so.
    pub fn wait(&self, now: u64) -> Option<u64> {
        // A longer one is left from before the clock was set back.
        let waits = |wait: &u64| (1..=PAUSES_MS[1]).contains(wait);
        self.due.checked_sub(now).filter(waits)
    }

    /// Takes note that something is asked now: whoever shares the pace waits as well.
    pub fn asked(&mut self, now: u64) {
        self.due = self.due.max(now + self.pause);
    }

    /// Takes note of an answer: a refusal slows it down, since the cloud may be asked too often.
    pub fn answered(&mut self, refused: bool, now: u64) {
        let [shortest, longest] = PAUSES_MS;
        self.pause = match refused {
            true => longest.min(self.pause * 2),
            false => shortest.max(self.pause / 2),
        };
        self.due = now + self.pause;
    }
}

/// A pace that several keep together: each alone would ask as often as all may.
#[derive(Clone, Debug, Default)]
pub struct SharedPace(Rc<RefCell<Pace>>);

thread_local! {
    static OF_PAGE: SharedPace = SharedPace::default();
}

impl SharedPace {
    /// The one of all that is asked at leisure from this page.
    pub fn of_page() -> SharedPace {
        OF_PAGE.with(SharedPace::clone)
    }

    /// See [`Pace::wait`].
    pub fn wait(&self, now: u64) -> Option<u64> {
        self.0.borrow().wait(now)
    }

    /// See [`Pace::asked`].
    pub fn asked(&self, now: u64) {
        self.0.borrow_mut().asked(now);
    }

    /// See [`Pace::answered`].
    pub fn answered(&self, refused: bool, now: u64) {
        self.0.borrow_mut().answered(refused, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting() {
        let mut pace = Pace::default();
        pace.asked(3_600_000);
        assert!(pace.wait(3_600_000).is_some());
        assert_eq!(pace.wait(0), None);
    }

    #[test]
    fn those_who_share_a_pace_ask_no_more_often_than_one() {
        let pace = SharedPace::default();
        let askers = [pace.clone(), pace.clone()];
        let (mut asked, mut left) = (Vec::new(), [None::<u64>; 2]);
        for now in (0..10_000).step_by(50) {
            for (asker, left) in askers.iter().zip(&mut left) {
                // An answer takes some time, in which the other one may be about to ask.
                if left.is_some_and(|at| now >= at + 150) {
                    asker.answered(false, now);
                    *left = None;
                }
                if left.is_none() && asker.wait(now).is_none() {
                    asker.asked(now);
                    asked.push(now);
                    *left = Some(now);
                }
            }
        }
        assert!(asked
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= PAUSES_MS[0]));
        assert!(asked.len() > 20, "{}", asked.len());
    }

    #[test]
    fn refusals_double_the_pause_and_answers_halve_it() {
        let mut pace = Pace::default();
        assert_eq!(pace.wait(0), None);
        let mut now = 0;
        for (refused, pause) in [
            (true, 500),
            (true, 1_000),
            (false, 500),
            (false, 250),
            (false, 250),
        ] {
            pace.answered(refused, now);
            assert_eq!(pace.wait(now), Some(pause));
            assert_eq!(pace.wait(now + pause - 1), Some(1));
            now += pause;
            assert_eq!(pace.wait(now), None);
        }
        (0..20).for_each(|_| pace.answered(true, now));
        assert_eq!(pace.wait(now), Some(PAUSES_MS[1]));
    }
}
