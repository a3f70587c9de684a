//! The schedule of polling the status of resources that are still changing.

use std::collections::HashMap;

/// The longest pause between two questions about one resource, in milliseconds.
const LONGEST: u64 = 30_000;
/// The reads that may be under way at once.
const AT_ONCE: usize = 4;
/// How often in a row a resource may be missing or the read refused before asking stops: right
/// after a creation the reads may lag behind.
const PATIENCE: u32 = 6;

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
}

impl PollSchedule {
    /// The records to ask about now, of those that are unsettled, and marks them as asked.
    /// Records that settled otherwise are forgotten.
    pub fn due(&mut self, now: u64, unsettled: &[u64]) -> Vec<u64> {
        self.plans.retain(|id, _| unsettled.contains(id));
        let mut free = AT_ONCE.saturating_sub(self.plans.values().filter(|p| p.asking).count());
        let mut ask = Vec::new();
        for id in unsettled {
            let plan = self.plans.entry(*id).or_insert_with(|| Plan {
                due: now + pause(0),
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
        let Some(plan) = self.plans.get_mut(&id) else {
            return;
        };
        plan.asking = false;
        plan.attempt = plan.attempt.saturating_add(1);
        plan.due = now + pause(plan.attempt);
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
