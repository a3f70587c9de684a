//! A time of which somebody wants to see the records. Pure.

use std::ops::Range;

use super::time::{beginning, day, number, Ahead};

/// A time of which somebody wants to see the records.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum Period {
    /// Whenever.
    #[default]
    Any,
    /// In the last so many days, today included.
    Days(u64),
    /// From a day to another, both included, each written `2026-11-21`; what is no day sets no bound.
    Range(String, String),
}

impl Period {
    /// The choices without a range.
    pub const CHOICES: [Period; 4] = [
        Period::Any,
        Period::Days(1),
        Period::Days(7),
        Period::Days(30),
    ];

    /// The first moment and the one after the last, where clocks are so far ahead of UTC.
    pub fn bounds(&self, now: u64, ahead: Ahead) -> Range<u64> {
        let begins = |day: u64| beginning(day, ahead);
        match self {
            Period::Any => 0..u64::MAX,
            Period::Days(days) => {
                let before = days.saturating_sub(1);
                begins(number(now, ahead).saturating_sub(before))..u64::MAX
            }
            Period::Range(from, to) => {
                let to = day(to).map_or(u64::MAX, |to| begins(to + 1));
                day(from).map(begins).unwrap_or_default()..to
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_of_whole_days_here() {
        // 2026-11-21 at 00:30 in Beijing, which is the day before in London.
        let (hour, length) = (3_600_000, 24 * 3_600_000);
        let now = day("2026-11-20").unwrap() * length + 16 * hour + hour / 2;
        let bounds = |period: Period| period.bounds(now, &|_| 480);
        assert!(bounds(Period::Days(1)).contains(&now));
        assert!(
            !bounds(Period::Days(1)).contains(&(now - hour)),
            "yesterday"
        );
        assert!(bounds(Period::Days(7)).contains(&(now - 6 * length)));
        assert!(!bounds(Period::Days(7)).contains(&(now - 6 * length - hour)));
        let range = |from: &str, to: &str| bounds(Period::Range(from.into(), to.into()));
        assert!(range("2026-11-21", "2026-11-21").contains(&now));
        assert!(!range("2026-11-20", "2026-11-20").contains(&now));
        assert!(range("", "2026-11-21").contains(&0) && range("2026-11-21", "").contains(&now));
    }

    #[test]
    fn a_period_is_of_the_days_that_clocks_said_then() {
        // Summer time ended on 2026-10-25 at 01:00 UTC.
        let hour = 3_600_000;
        let ended = day("2026-10-25").unwrap() * 24 * hour + hour;
        let ahead = |ms| if ms < ended { 120 } else { 60 };
        let bounds = |period: Period, now| period.bounds(now, &ahead);
        let range = |day: &str| bounds(Period::Range(day.into(), day.into()), 0);
        let day = |text: &str| day(text).unwrap() * 24 * hour;
        let summer = day("2026-07-15") - 2 * hour;
        assert_eq!(range("2026-07-15"), summer..summer + 24 * hour);
        let last = day("2026-10-25") - 2 * hour;
        assert_eq!(range("2026-10-25"), last..last + 25 * hour);
        let now = day("2026-10-28");
        assert_eq!(
            bounds(Period::Days(7), now).start,
            day("2026-10-22") - 2 * hour
        );
    }
}
