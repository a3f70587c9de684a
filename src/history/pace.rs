//! The pace at which a cloud is asked one thing after the other. Pure.

/// The pause between two questions, at first and at most, in milliseconds. APIs of this kind take some hundred
/// questions a minute from an account, which others need as well.
pub const PAUSES_MS: [u64; 2] = [250, 30_000];

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
        self.due.checked_sub(now).filter(|wait| *wait > 0)
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

#[cfg(test)]
mod tests {
    use super::*;

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
