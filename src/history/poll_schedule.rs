//! The schedule of polling the status of resources that are still changing.

use std::collections::HashMap;

/// The longest pause between two questions about one resource, in milliseconds.
const LONGEST: u64 = 30_000;
/// The reads that may be under way at once.
const AT_ONCE: usize = 4;
/// How often in a row a resource may be missing or the read refused before asking stops: right
/// after a creation the reads may lag behind.
const PATIENCE: u32 = 6;

/// Up to this part of a pause is added by chance, so that those who began together do not go on so.
const JITTER: u64 = 4;

/// The pause before question number `attempt` (from 0): 1 s, 2 s, 4 s … 30 s.
pub fn pause(attempt: u32) -> u64 {
    // The fifth doubling is beyond the longest pause already.
    (1_000 << attempt.min(5)).min(LONGEST)
}

/// The result of a poll.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reply {
    /// A status that will still change.
    Changing,
    /// No more questions.
    Settled,
    /// No answer, a refusal or no such resource.
    Nothing,
}

#[derive(Default)]
struct Plan {
    attempt: u32,
    failures: u32,
    due: u64,
    asking: bool,
    given_up: bool,
}

/// The plan of questions, by record id. Times are milliseconds of any steady clock.
#[derive(Default)]
pub struct PollSchedule {
    plans: HashMap<u64, Plan>,
    /// A random number of this tab's.
    salt: u64,
}

impl PollSchedule {
    /// A plan whose pauses differ from those of other tabs by this random number.
    pub fn new(salt: u64) -> PollSchedule {
        PollSchedule {
            salt,
            ..PollSchedule::default()
        }
    }

    /// The pause before a question about this record, with its share of chance; none without a salt.
    fn pause(&self, id: u64, attempt: u32) -> u64 {
        let pause = pause(attempt);
        let chance = self.salt.wrapping_mul(2 * (id ^ u64::from(attempt)) + 1);
        pause + (chance >> 32) % (pause / JITTER + 1)
    }

    /// The records to ask about now, of those that are unsettled, and marks them as asked.
    /// Records that settled otherwise are forgotten.
    pub fn due(&mut self, now: u64, unsettled: &[u64]) -> Vec<u64> {
        self.plans.retain(|id, _| unsettled.contains(id));
        let mut free = AT_ONCE.saturating_sub(self.plans.values().filter(|p| p.asking).count());
        let mut ask = Vec::new();
        for id in unsettled {
            let first = now + self.pause(*id, 0);
            let plan = self.plans.entry(*id).or_insert_with(|| Plan {
                due: first,
                ..Plan::default()
            });
            if free > 0 && !plan.asking && !plan.given_up && plan.due <= now {
                plan.asking = true;
                free -= 1;
                ask.push(*id);
            }
        }
        ask
    }

    /// Notes what a question brought at `now`.
    pub fn answered(&mut self, id: u64, reply: Reply, now: u64) {
        let next = |plan: &Plan| plan.attempt.saturating_add(1);
        let pause = self.plans.get(&id).map(|plan| self.pause(id, next(plan)));
        let (Some(plan), Some(pause)) = (self.plans.get_mut(&id), pause) else {
            return;
        };
        plan.asking = false;
        plan.attempt = next(plan);
        plan.due = now + pause;
        match reply {
            Reply::Changing => plan.failures = 0,
            Reply::Settled => plan.given_up = true,
            Reply::Nothing => {
                plan.failures += 1;
                plan.given_up = plan.failures >= PATIENCE;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses: Vec<u64> = (0..8).map(pause).collect();
        assert_eq!(
            pauses,
            [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
        );
        assert_eq!(pause(63), LONGEST);
        assert_eq!(pause(u32::MAX), LONGEST);
    }

    #[test]
    fn chance_adds_up_to_a_quarter_and_keeps_tabs_apart() {
        let mut seen = std::collections::HashSet::new();
        for salt in 1..200u64 {
            let schedule = PollSchedule::new(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            for attempt in 0..6 {
                let with = schedule.pause(7, attempt);
                let least = pause(attempt);
                assert!((least..=least + least / 4).contains(&with), "{with}");
            }
            seen.insert(schedule.pause(7, 0));
        }
        assert!(seen.len() > 50, "{}", seen.len());
    }

    #[test]
    fn a_question_waits_for_its_pause_and_its_answer() {
        let mut schedule = PollSchedule::default();
        assert!(schedule.due(0, &[7]).is_empty());
        assert!(schedule.due(999, &[7]).is_empty());
        assert_eq!(schedule.due(1_000, &[7]), [7]);
        assert!(schedule.due(60_000, &[7]).is_empty(), "asked already");
        schedule.answered(7, Reply::Changing, 60_000);
        assert!(schedule.due(61_999, &[7]).is_empty());
        assert_eq!(schedule.due(62_000, &[7]), [7]);
        schedule.answered(7, Reply::Settled, 62_100);
        assert!(schedule.due(900_000, &[7]).is_empty());
        // Unsettled once more after it had settled: a new plan.
        assert!(schedule.due(900_000, &[]).is_empty());
        assert!(schedule.due(900_000, &[7]).is_empty());
        assert_eq!(schedule.due(901_000, &[7]), [7]);
    }

    #[test]
    fn few_at_once_and_silence_ends_it() {
        let mut schedule = PollSchedule::default();
        let ids: Vec<u64> = (0..10).collect();
        schedule.due(0, &ids);
        assert_eq!(schedule.due(2_000, &ids), [0, 1, 2, 3]);
        assert!(schedule.due(2_000, &ids).is_empty());
        let mut now = 2_000;
        for _ in 0..PATIENCE {
            for id in 0..4 {
                schedule.answered(id, Reply::Nothing, now);
            }
            now += LONGEST;
            schedule.due(now, &[0, 1, 2, 3]);
        }
        assert!(schedule.due(now + LONGEST, &[0, 1, 2, 3]).is_empty());
    }
}
