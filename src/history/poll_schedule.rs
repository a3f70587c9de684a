//! The schedule of polling the status of resources that are still changing.

use std::collections::{HashMap, HashSet};

/// The longest pause between two questions about one resource, in milliseconds.
const LONGEST: u64 = 30_000;
/// The reads that may be under way at once.
const AT_ONCE: usize = 4;
/// So many are asked about without their longest pauses, the newest ones; and within the longest pause, so many of
/// all others: a cloud that refuses its reads leaves more and more of them open.
const AT_MOST: usize = 50;

/// Up to this part of a pause is added by chance, so that those who began together do not go on so.
const JITTER: u64 = 4;

/// The pause before question number `attempt` (from 0): 1 s, 2 s, 4 s … 30 s.
pub fn pause(attempt: u32) -> u64 {
    // The fifth doubling is beyond the longest pause already.
    (1_000 << attempt.min(5)).min(LONGEST)
}

/// Whether the pause before this question is the longest one.
fn is_slow(attempt: u32) -> bool {
    pause(attempt) == LONGEST
}

/// The result of a poll.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reply {
    /// A later question may be answered otherwise: the status will still change, the resource is not visible yet, or
    /// the read was refused or not answered.
    Open,
    /// No more questions.
    Settled,
}

#[derive(Default)]
struct Plan {
    attempt: u32,
    due: u64,
    /// The read that is under way, by the first record that it asks about.
    asking: Option<u64>,
    /// Nothing more is asked, although its record stays as it is.
    settled: bool,
}

/// The plan of questions, by record id. Times are milliseconds of any clock, which may be set
/// back.
#[derive(Default)]
pub struct PollSchedule {
    plans: HashMap<u64, Plan>,
    /// A random number of this tab's.
    salt: u64,
    /// How many are asked about that have come to the longest pause.
    slow: usize,
    /// When it was looked last for what is due.
    looked: u64,
}

impl PollSchedule {
    /// A plan whose pauses differ from those of other tabs by this random number.
    pub fn new(salt: u64) -> PollSchedule {
        PollSchedule {
            salt,
            ..PollSchedule::default()
        }
    }

    /// The pause before a question about this record, with its share of chance; none without a salt. The longest one
    /// grows with those who have come to it, so that each of them has its turn.
    fn pause(&self, id: u64, attempt: u32) -> u64 {
        let turns = match is_slow(attempt) {
            true => self.slow.div_ceil(AT_MOST).max(1) as u64,
            false => 1,
        };
        let pause = pause(attempt) * turns;
        let chance = self.salt.wrapping_mul(2 * (id ^ u64::from(attempt)) + 1);
        pause + (chance >> 32) % (pause / JITTER + 1)
    }

    /// The records to ask about now, of all those that are unsettled, newest first, and marks them as asked: together
    /// stand those that have a `group`, which can be asked about together, and are the same one's. Records that settled
    /// otherwise are forgotten.
    pub fn due(
        &mut self,
        now: u64,
        unsettled: &[u64],
        group: impl Fn(u64) -> Option<usize>,
    ) -> Vec<Vec<u64>> {
        let there: HashSet<u64> = unsettled.iter().copied().collect();
        self.plans.retain(|id, _| there.contains(id));
        let under_way: HashSet<u64> = self.plans.values().filter_map(|p| p.asking).collect();
        let mut free = AT_ONCE.saturating_sub(under_way.len());
        // What nothing more is asked about takes no place from the others.
        let settled = |id: &u64| self.plans.get(id).is_some_and(|plan| plan.settled);
        let open = unsettled.iter().copied().filter(|id| !settled(id));
        let slow = |id: &u64| self.plans.get(id).is_some_and(|p| is_slow(p.attempt));
        let (slow, mut open): (Vec<u64>, Vec<u64>) = open.partition(slow);
        open.truncate(AT_MOST);
        self.slow = slow.len();
        if now < std::mem::replace(&mut self.looked, now) {
            self.set_back(now);
        }
        for id in &open {
            let first = now + self.pause(*id, 0);
            self.plans.entry(*id).or_insert_with(|| Plan {
                due: first,
                ..Plan::default()
            });
        }
        // Who has waited longest comes first, or those whose reads take long would keep all others waiting.
        let since = |id: &u64| self.plans.get(id).map_or(0, |plan| plan.due);
        let mut slow = slow;
        open.sort_by_key(since);
        slow.sort_by_key(since);
        open.extend(slow);
        let open: Vec<(u64, Option<usize>)> = open.into_iter().map(|id| (id, group(id))).collect();
        let mut ask: Vec<Vec<u64>> = Vec::new();
        for (first, group) in &open {
            if free == 0 || !self.is_due(*first, now, 0) {
                continue;
            }
            free -= 1;
            // Chance has drawn apart what began together; one read is enough for all of it.
            let others = open.iter().filter(|(id, other)| {
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

    /// Lets nothing wait longer than its pause from now: it was planned before the clock was set back.
    fn set_back(&mut self, now: u64) {
        let latest = |(id, plan): (&u64, &Plan)| (*id, now + self.pause(*id, plan.attempt));
        let latest: Vec<(u64, u64)> = self.plans.iter().map(latest).collect();
        for (id, latest) in latest {
            if let Some(plan) = self.plans.get_mut(&id) {
                plan.due = plan.due.min(latest);
            }
        }
    }

    /// Whether it is time to ask about a record; with `early` it is so this part of the pause sooner.
    fn is_due(&self, id: u64, now: u64, early: u64) -> bool {
        self.plans.get(&id).is_some_and(|plan| {
            let sooner = pause(plan.attempt).checked_div(early).unwrap_or(0);
            plan.asking.is_none() && !plan.settled && plan.due <= now + sooner
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
        plan.settled = reply == Reply::Settled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each by itself.
    fn alone(_: u64) -> Option<usize> {
        None
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
        let mut due = |now, unsettled: &[u64], answers: &[(Reply, u64)]| {
            let due = schedule.due(now, unsettled, alone);
            for (reply, at) in answers {
                schedule.answered(7, *reply, *at);
            }
            due
        };
        assert!(due(0, &[7], &[]).is_empty());
        assert!(due(999, &[7], &[]).is_empty());
        assert_eq!(due(1_000, &[7], &[]), [[7]]);
        let asked = due(60_000, &[7], &[(Reply::Open, 60_000)]);
        assert!(asked.is_empty(), "asked already");
        assert!(due(61_999, &[7], &[]).is_empty());
        assert_eq!(due(62_000, &[7], &[(Reply::Settled, 62_100)]), [[7]]);
        assert!(due(900_000, &[7], &[]).is_empty());
        // Unsettled once more after it had settled: a new plan.
        assert!(due(900_000, &[], &[]).is_empty());
        assert!(due(900_000, &[7], &[]).is_empty());
        assert_eq!(due(901_000, &[7], &[]), [[7]]);
    }

    #[test]
    fn few_are_asked_at_once() {
        let mut schedule = PollSchedule::default();
        let ids: Vec<u64> = (0..10).collect();
        schedule.due(0, &ids, alone);
        assert_eq!(schedule.due(2_000, &ids, alone), [[0], [1], [2], [3]]);
        assert!(schedule.due(2_000, &ids, alone).is_empty());
        schedule.answered(2, Reply::Open, 2_000);
        assert_eq!(schedule.due(2_000, &ids, alone), [[4]]);
    }

    #[test]
    fn what_is_not_visible_yet_or_refused_is_asked_about_for_as_long_as_it_is() {
        let mut schedule = PollSchedule::default();
        let (mut now, mut last) = (0, 0);
        schedule.due(now, &[7], alone);
        // Longer than a cloud may need to show what it has made.
        while now < 2 * tieline_records::fold::VISIBLE_MS {
            now += 500;
            if !schedule.due(now, &[7], alone).is_empty() {
                schedule.answered(7, Reply::Open, now);
                assert!(now - last <= LONGEST, "{last} to {now}");
                last = now;
            }
        }
        assert!(now - last <= LONGEST, "{last}");
    }

    #[test]
    fn a_clock_that_is_set_back_ends_no_questions() {
        // Before the first question, and after many.
        for questions in [0, 9] {
            let mut schedule = PollSchedule::new(0x9e37_79b9_7f4a_7c15);
            let mut now = 3_600_000;
            schedule.due(now, &[7], alone);
            for _ in 0..questions {
                now += 2 * LONGEST;
                assert_eq!(schedule.due(now, &[7], alone), [[7]]);
                schedule.answered(7, Reply::Open, now);
            }
            assert!(schedule.due(0, &[7], alone).is_empty());
            assert_eq!(schedule.due(LONGEST * 5 / 4, &[7], alone), [[7]]);
        }
    }

    #[test]
    fn what_nothing_more_is_asked_about_keeps_no_place_from_others() {
        let mut schedule = PollSchedule::default();
        let ids: Vec<u64> = (0..2 * AT_MOST as u64).rev().collect();
        let (newest, oldest) = ids.split_at(AT_MOST);
        let mut asked = Vec::new();
        for now in (0..60_000).step_by(500) {
            for id in schedule.due(now, &ids, alone).concat() {
                asked.push(id);
                schedule.answered(id, Reply::Settled, now);
            }
        }
        asked.sort_unstable();
        let all: Vec<u64> = (0..ids.len() as u64).collect();
        assert_eq!(asked, all, "each of {newest:?} and {oldest:?} once");
    }

    /// What is asked about in so many milliseconds, where each read takes so long and says nothing: the times of the
    /// questions, by record.
    fn refused_all_along(total: u64, ms: u64, takes: u64) -> Vec<Vec<u64>> {
        let mut schedule = PollSchedule::new(0x9e37_79b9_7f4a_7c15);
        let ids: Vec<u64> = (0..total).rev().collect();
        let mut asked = vec![Vec::new(); ids.len()];
        let mut under_way: Vec<(u64, u64)> = Vec::new();
        for now in (0..ms).step_by(500) {
            let (done, left): (Vec<_>, Vec<_>) =
                under_way.into_iter().partition(|(end, _)| *end <= now);
            under_way = left;
            for (_, id) in done {
                schedule.answered(id, Reply::Open, now);
            }
            for id in schedule.due(now, &ids, alone).concat() {
                asked[id as usize].push(now);
                under_way.push((now + takes, id));
            }
        }
        asked
    }

    #[test]
    fn of_more_than_there_are_places_for_each_has_its_turn_again_and_again() {
        const TOTAL: u64 = 4 * AT_MOST as u64;
        let asked = refused_all_along(TOTAL, 30 * 60_000, 500);
        for (id, times) in asked.iter().enumerate() {
            let late: Vec<u64> = times.iter().copied().filter(|t| *t > 10 * 60_000).collect();
            assert!(late.len() >= 6, "{id}: {times:?}");
            let longest = late.windows(2).map(|pair| pair[1] - pair[0]).max();
            assert!(
                longest <= Some(4 * LONGEST * 5 / 4 + 5_000),
                "{id}: {longest:?}"
            );
        }
        // The cloud hears no more of it for all that.
        let late = asked.iter().flatten().filter(|t| **t > 20 * 60_000);
        let most = 10 * 60_000 / LONGEST as usize * AT_MOST;
        assert!(late.count() <= most + AT_MOST);
    }

    #[test]
    fn reads_that_take_long_keep_nobody_from_being_asked_about() {
        let asked = refused_all_along(2 * AT_MOST as u64, 4 * 3_600_000, 20_000);
        for (id, times) in asked.iter().enumerate() {
            assert!(times.last() > Some(&(3 * 3_600_000)), "{id}: {times:?}");
        }
    }

    #[test]
    fn what_can_be_asked_about_together_is_although_chance_drew_it_apart() {
        let mut schedule = PollSchedule::new(0x9e37_79b9_7f4a_7c15);
        let group = |id: u64| (id < 20).then_some((id % 2) as usize);
        let ids: Vec<u64> = (0..23).collect();
        assert!(schedule.due(0, &ids, group).is_empty());
        let mut reads = Vec::new();
        for now in 1_000..1_300 {
            reads.extend(schedule.due(now, &ids, group));
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
            schedule.answered(*id, Reply::Open, 1_300);
        }
        assert_eq!(schedule.due(1_300, &ids, group).len(), 1);
    }
}
