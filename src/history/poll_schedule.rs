//! The schedule of polling the status of resources that are still changing.

use std::collections::{HashMap, HashSet};

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
    /// The read that is under way, by the first record that it asks about.
    asking: Option<u64>,
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

    /// The records to ask about now, of those that are unsettled, and marks them as asked: together stand those that
    /// have a group, which can be asked about together, and are the same one's. Records that settled otherwise
    /// are forgotten.
    pub fn due(&mut self, now: u64, unsettled: &[(u64, Option<usize>)]) -> Vec<Vec<u64>> {
        let there: HashSet<u64> = unsettled.iter().map(|(id, _)| *id).collect();
        self.plans.retain(|id, _| there.contains(id));
        let under_way: HashSet<u64> = self.plans.values().filter_map(|p| p.asking).collect();
        let mut free = AT_ONCE.saturating_sub(under_way.len());
        for (id, _) in unsettled {
            let first = now + self.pause(*id, 0);
            self.plans.entry(*id).or_insert_with(|| Plan {
                due: first,
                ..Plan::default()
            });
        }
        let mut ask: Vec<Vec<u64>> = Vec::new();
        for (first, group) in unsettled {
            if free == 0 || !self.is_due(*first, now, 0) {
                continue;
            }
            free -= 1;
            // Chance has drawn apart what began together; one read is enough for all of it.
            let others = unsettled.iter().filter(|(id, other)| {
                id != first && group.is_some() && group == other && self.is_due(*id, now, JITTER)
            });
            let ids: Vec<u64> = std::iter::once(*first)
                .chain(others.map(|(id, _)| *id))
                .collect();
            for id in &ids {
                if let Some(plan) = self.plans.get_mut(id) {
                    plan.asking = Some(*first);
                }
            }
            ask.push(ids);
        }
        ask
    }

    /// Whether it is time to ask about a record; with `early` it is so this part of the pause sooner.
    fn is_due(&self, id: u64, now: u64, early: u64) -> bool {
        self.plans.get(&id).is_some_and(|plan| {
            let sooner = pause(plan.attempt).checked_div(early).unwrap_or(0);
            plan.asking.is_none() && !plan.given_up && plan.due <= now + sooner
        })
    }

    /// Notes what a question brought at `now`.
    pub fn answered(&mut self, id: u64, reply: Reply, now: u64) {
        let next = |plan: &Plan| plan.attempt.saturating_add(1);
        let pause = self.plans.get(&id).map(|plan| self.pause(id, next(plan)));
        let (Some(plan), Some(pause)) = (self.plans.get_mut(&id), pause) else {
            return;
        };
        plan.asking = None;
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

    /// Each by itself.
    fn alone(ids: &[u64]) -> Vec<(u64, Option<usize>)> {
        ids.iter().map(|id| (*id, None)).collect()
    }

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
        let seven = alone(&[7]);
        assert!(schedule.due(0, &seven).is_empty());
        assert!(schedule.due(999, &seven).is_empty());
        assert_eq!(schedule.due(1_000, &seven), [[7]]);
        assert!(schedule.due(60_000, &seven).is_empty(), "asked already");
        schedule.answered(7, Reply::Changing, 60_000);
        assert!(schedule.due(61_999, &seven).is_empty());
        assert_eq!(schedule.due(62_000, &seven), [[7]]);
        schedule.answered(7, Reply::Settled, 62_100);
        assert!(schedule.due(900_000, &seven).is_empty());
        // Unsettled once more after it had settled: a new plan.
        assert!(schedule.due(900_000, &[]).is_empty());
        assert!(schedule.due(900_000, &seven).is_empty());
        assert_eq!(schedule.due(901_000, &seven), [[7]]);
    }

    #[test]
    fn few_at_once_and_silence_ends_it() {
        let mut schedule = PollSchedule::default();
        let ids = alone(&(0..10).collect::<Vec<u64>>());
        schedule.due(0, &ids);
        assert_eq!(schedule.due(2_000, &ids), [[0], [1], [2], [3]]);
        assert!(schedule.due(2_000, &ids).is_empty());
        let few = alone(&[0, 1, 2, 3]);
        let mut now = 2_000;
        for _ in 0..PATIENCE {
            for id in 0..4 {
                schedule.answered(id, Reply::Nothing, now);
            }
            now += LONGEST;
            schedule.due(now, &few);
        }
        assert!(schedule.due(now + LONGEST, &few).is_empty());
    }

    #[test]
    fn what_can_be_asked_about_together_is_although_chance_drew_it_apart() {
        let mut schedule = PollSchedule::new(0x9e37_79b9_7f4a_7c15);
        let group = |id: u64| (id < 20).then_some((id % 2) as usize);
        let ids: Vec<(u64, Option<usize>)> = (0..23).map(|id| (id, group(id))).collect();
        assert!(schedule.due(0, &ids).is_empty());
        let mut reads = Vec::new();
        for now in 1_000..1_300 {
            reads.extend(schedule.due(now, &ids));
        }
        let of_group = |n: usize| reads.iter().filter(move |ids| group(ids[0]) == Some(n));
        for n in 0..2 {
            assert_eq!(of_group(n).count(), 1, "{reads:?}");
            assert!(of_group(n)
                .all(|ids| ids.len() == 10 && ids.iter().all(|id| group(*id) == Some(n))));
        }
        assert_eq!(
            reads.len(),
            AT_ONCE,
            "two of the three that are alone: {reads:?}"
        );
        // The answers of one read make room for one.
        for id in of_group(0).flatten() {
            schedule.answered(*id, Reply::Changing, 1_300);
        }
        assert_eq!(schedule.due(1_300, &ids).len(), 1);
    }
}
