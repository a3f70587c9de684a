//! The days of a list that is sorted by time. A day is one of the clock here.

use tieline_catalog::Lang;

use super::list_messages as list;
use super::messages;
use super::time::{self, DAY};

/// The number of a moment's day, at a place that is `offset` minutes ahead of UTC.
fn number(ms: u64, offset: i32) -> u64 {
    (time::midnight(ms, offset) as i64 + i64::from(offset) * 60_000).max(0) as u64 / DAY
}

/// Where days begin among so many sorted moments: the places of those that are of another day than the one
/// before. A long day is leapt over, because a list is looked at at each key in its filter.
pub fn beginnings(count: usize, moment: impl Fn(usize) -> u64, offset: i32) -> Vec<usize> {
    let day = |at: usize| number(moment(at), offset);
    let (mut all, mut at) = (Vec::new(), 0);
    while at < count {
        all.push(at);
        let this = day(at);
        let mut leap = 1;
        while at + leap < count && day(at + leap) == this {
            leap *= 2;
        }
        // The day ends after the leap before, and at this one's place at the latest.
        let (mut from, mut to) = (at + leap / 2 + 1, count.min(at + leap));
        while from < to {
            let middle = from + (to - from) / 2;
            match day(middle) == this {
                true => from = middle + 1,
                false => to = middle,
            }
        }
        at = to;
    }
    all
}

/// The name of a moment's day: today, yesterday, or the date with its weekday.
pub fn name(ms: u64, now: u64, offset: i32, lang: Lang) -> String {
    let (day, today) = (number(ms, offset), number(now, offset));
    if day == today {
        return messages::TODAY.get(lang).to_string();
    }
    if day + 1 == today {
        return list::YESTERDAY.get(lang).to_string();
    }
    // The first of all days was a Thursday.
    let weekday = list::WEEKDAYS[(day as usize + 4) % 7];
    format!("{} · {}", &time::local(ms, offset)[..10], weekday.get(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: u64 = 3_600_000;

    #[test]
    fn days_have_the_names_that_people_use() {
        // 2026-11-21, a Saturday, at 00:30 in Beijing.
        let now = time::day("2026-11-21", 480).unwrap() + HOUR / 2;
        let name = |ms, lang| name(ms, now, 480, lang);
        assert_eq!(name(now, Lang::En), "Today");
        assert_eq!(name(now - HOUR, Lang::En), "Yesterday");
        assert_eq!(name(now - HOUR, Lang::Zh), "昨天");
        assert_eq!(name(now - 25 * HOUR, Lang::En), "2026-11-19 · Thursday");
        assert_eq!(name(now - 25 * HOUR, Lang::Zh), "2026-11-19 · 星期四");
        // A clock that is ahead has written tomorrow's.
        assert_eq!(name(now + 24 * HOUR, Lang::En), "2026-11-22 · Sunday");
    }

    #[test]
    fn a_day_begins_at_midnight_here_in_either_direction() {
        let midnight = time::day("2026-11-21", -300).unwrap();
        let moments = [
            midnight + 30 * HOUR,
            midnight + 2,
            midnight,
            midnight - 1,
            midnight - 2 * 24 * HOUR,
        ];
        assert_eq!(beginnings(5, |at| moments[at], -300), [0, 1, 3, 4]);
        assert_eq!(beginnings(5, |at| moments[4 - at], -300), [0, 1, 2, 4]);
        assert_eq!(beginnings(0, |_| 0, 0), [] as [usize; 0]);
    }

    proptest! {
        #[test]
        fn leaps_miss_no_day(mut hours in proptest::collection::vec(0u64..200, 0..60), descending: bool) {
            hours.sort_unstable();
            if descending {
                hours.reverse();
            }
            let day = |at: usize| number(hours[at] * HOUR, 60);
            let begins = |at: &usize| *at == 0 || day(*at) != day(*at - 1);
            let expected: Vec<usize> = (0..hours.len()).filter(begins).collect();
            prop_assert_eq!(beginnings(hours.len(), |at| hours[at] * HOUR, 60), expected);
        }
    }
}
