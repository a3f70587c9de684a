//! The days of a list that is sorted by time. A day is one of the clock here.

use tieline_catalog::Lang;

use super::list_messages as list;
use super::messages;
use super::time::{self, beginning, number, Ahead};

/// Where days begin among so many sorted moments: the places of those that are of another day than the one
/// before. A long day is leapt over, because a list is looked at at each key in its filter; clocks are asked about
/// each day and not about each moment.
pub fn beginnings(count: usize, moment: impl Fn(usize) -> u64, ahead: Ahead) -> Vec<usize> {
    let (mut all, mut at) = (Vec::new(), 0);
    while at < count {
        all.push(at);
        let day = number(moment(at), ahead);
        let (begins, ends) = (beginning(day, ahead), beginning(day + 1, ahead));
        let of_day = |ms: u64| (begins..ends).contains(&ms);
        let mut leap = 1;
        while at + leap < count && of_day(moment(at + leap)) {
            leap *= 2;
        }
        // The day ends after the leap before, and at this one's place at the latest.
        let (mut from, mut to) = (at + leap / 2 + 1, count.min(at + leap));
        while from < to {
            let middle = from + (to - from) / 2;
            match of_day(moment(middle)) {
                true => from = middle + 1,
                false => to = middle,
            }
        }
        at = to;
    }
    all
}

/// The name of a moment's day: today, yesterday, or the date with its weekday.
pub fn name(ms: u64, now: u64, ahead: Ahead, lang: Lang) -> String {
    let (day, today) = (number(ms, ahead), number(now, ahead));
    if day == today {
        return messages::TODAY.get(lang).to_string();
    }
    if day + 1 == today {
        return list::YESTERDAY.get(lang).to_string();
    }
    // The first of all days was a Thursday.
    let weekday = list::WEEKDAYS[(day as usize + 4) % 7];
    let date = time::local(ms, ahead(ms));
    format!("{} · {}", &date[..10], weekday.get(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: u64 = 3_600_000;

    #[test]
    fn days_have_the_names_that_people_use() {
        // 2026-11-21, a Saturday, at 00:30 in Beijing.
        let now = beginning(time::day("2026-11-21").unwrap(), &|_| 480) + HOUR / 2;
        let name = |ms, lang| name(ms, now, &|_| 480, lang);
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
        let midnight = beginning(time::day("2026-11-21").unwrap(), &|_| -300);
        let moments = [
            midnight + 30 * HOUR,
            midnight + 2,
            midnight,
            midnight - 1,
            midnight - 2 * 24 * HOUR,
        ];
        assert_eq!(beginnings(5, |at| moments[at], &|_| -300), [0, 1, 3, 4]);
        assert_eq!(beginnings(5, |at| moments[4 - at], &|_| -300), [0, 1, 2, 4]);
        assert_eq!(beginnings(0, |_| 0, &|_| 0), [] as [usize; 0]);
    }

    #[test]
    fn a_past_moment_is_of_the_day_that_clocks_said_then() {
        // Summer time ended between the two.
        let ended = 1_792_890_000_000;
        let ahead = |ms| if ms < ended { 120 } else { 60 };
        let now = ended + 30 * 24 * HOUR;
        let summer = beginning(time::day("2026-07-15").unwrap(), &ahead);
        assert_eq!(time::local(summer, ahead(summer)), "2026-07-15 00:00:00");
        let name = |ms| name(ms, now, &ahead, Lang::En);
        assert_eq!(name(summer), "2026-07-15 · Wednesday");
        assert_eq!(name(summer - 1), "2026-07-14 · Tuesday");
        let moments = [
            summer - 1,
            summer,
            summer + 24 * HOUR - 1,
            summer + 24 * HOUR,
        ];
        assert_eq!(beginnings(4, |at| moments[at], &ahead), [0, 1, 3]);
    }

    #[test]
    fn clocks_are_not_asked_about_each_moment() {
        let asked = std::cell::Cell::new(0);
        let ahead = |_| {
            asked.set(asked.get() + 1);
            60
        };
        // A week of 50,000 records.
        let moment = |at: usize| at as u64 * 7 * 24 * HOUR / 50_000;
        assert_eq!(beginnings(50_000, moment, &ahead).len(), 8);
        assert!(asked.get() < 100, "{}", asked.get());
    }

    proptest! {
        #[test]
        fn leaps_miss_no_day(
            mut hours in proptest::collection::vec(0u64..200, 0..60), descending: bool, change in 0u64..200,
        ) {
            let ahead = |ms| if ms < change * HOUR { 120 } else { 60 };
            hours.sort_unstable();
            if descending {
                hours.reverse();
            }
            let day = |at: usize| number(hours[at] * HOUR, &ahead);
            let begins = |at: &usize| *at == 0 || day(*at) != day(*at - 1);
            let expected: Vec<usize> = (0..hours.len()).filter(begins).collect();
            prop_assert_eq!(beginnings(hours.len(), |at| hours[at] * HOUR, &ahead), expected);
        }
    }
}
