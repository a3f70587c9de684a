//! Times as text. Moments are milliseconds since 1970-01-01T00:00:00Z.

use crate::platform::dom;

/// The milliseconds of a day.
pub const DAY: u64 = 86_400_000;
/// 9999-12-31T23:59:59.999Z: the last moment with a four-digit year.
pub const LAST: u64 = 253_402_300_799_999;

/// A moment's year, month, day and milliseconds of the day (proleptic Gregorian calendar, UTC).
fn civil(ms: u64) -> (u64, u64, u64, u64) {
    let ms = ms.min(LAST);
    // Days since 0000-03-01, so that the leap day is the last of its year.
    let days = ms / DAY + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = era * 400 + year + u64::from(month <= 2);
    (year, month, day, ms % DAY)
}

/// `2026-11-21T09:50:00.000Z` (RFC 3339, UTC).
pub fn utc(ms: u64) -> String {
    let (year, month, day, rest) = civil(ms);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        rest / 3_600_000,
        rest / 60_000 % 60,
        rest / 1_000 % 60,
        rest % 1_000
    )
}

/// `2026-11-21 17:50:00` at a place that is `offset` minutes ahead of UTC.
pub fn local(ms: u64, offset: i32) -> String {
    let shifted = (ms as i64).saturating_add(i64::from(offset) * 60_000);
    let (year, month, day, rest) = civil(shifted.max(0) as u64);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}",
        rest / 3_600_000,
        rest / 60_000 % 60,
        rest / 1_000 % 60
    )
}

/// How many minutes clocks at a place are ahead of UTC at a moment: where there is summer time, not always the same.
pub type Ahead<'a> = &'a dyn Fn(u64) -> i32;

/// A moment by the clocks here, as they were then.
pub fn here(ms: u64) -> String {
    local(ms, dom::minutes_ahead(ms))
}

/// The number of a moment's day, at such a place.
pub fn number(ms: u64, ahead: Ahead) -> u64 {
    let ms = ms.min(LAST);
    (ms as i64 + i64::from(ahead(ms)) * 60_000).max(0) as u64 / DAY
}

/// The moment at which the day of this number begins, at such a place.
pub fn beginning(number: u64, ahead: Ahead) -> u64 {
    let utc = number.min(LAST / DAY) * DAY;
    let at = |offset: i32| (utc as i64 - i64::from(offset) * 60_000).max(0) as u64;
    // No place is a day ahead of UTC, or behind it.
    let (before, after) = (ahead(utc.saturating_sub(DAY)), ahead(utc + DAY));
    let (early, late) = (at(before), at(after));
    // Clocks that change about midnight have two of them or none: the first one counts, or the moment of the change.
    match ahead(late) == after && ahead(early) != before {
        true => late,
        false => early,
    }
}

/// The number of a day that is written `2026-11-21`; none before 1970 or when it is no day.
pub fn day(text: &str) -> Option<u64> {
    let mut parts = text.split('-').map(str::parse::<u64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let known =
        (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !known || parts.next().is_some() {
        return None;
    }
    // Days since 0000-03-01, the inverse of [`civil`].
    let (year, month) = match month > 2 {
        true => (year, month - 3),
        false => (year - 1, month + 9),
    };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some(days - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_dates() {
        assert_eq!(utc(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(utc(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(utc(1_709_251_199_999), "2024-02-29T23:59:59.999Z");
        assert_eq!(utc(4_107_542_400_000), "2100-03-01T00:00:00.000Z");
        assert_eq!(utc(u64::MAX), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_place_has_its_own_clock() {
        assert_eq!(local(1_709_251_199_999, 480), "2024-03-01 07:59:59");
        assert_eq!(local(1_709_251_199_999, -60), "2024-02-29 22:59:59");
        assert_eq!(local(0, -600), "1970-01-01 00:00:00");
    }

    /// The clocks of a place where they change at these moments, and what they are ahead from there on.
    fn changing(changes: &[(&str, i32)]) -> impl Fn(u64) -> i32 {
        let at = |text: &str| {
            day(&text[..10]).unwrap() * DAY + text[11..].parse::<u64>().unwrap() * 60_000
        };
        let changes: Vec<(u64, i32)> = changes
            .iter()
            .map(|(text, ahead)| (at(text), *ahead))
            .collect();
        move |ms| {
            let before = changes.iter().rev().find(|(at, _)| *at <= ms);
            before.map_or(0, |(_, ahead)| *ahead)
        }
    }

    #[test]
    fn a_day_begins_where_its_clock_says() {
        for offset in [-720, -600, -60, 0, 345, 480, 840] {
            let ahead = |_| offset;
            for n in (0..60_000u64).step_by(7) {
                let ms = (n + 1) * DAY + 12_345_678;
                let written = local(ms, offset);
                let begins = beginning(day(&written[..10]).unwrap(), &ahead);
                assert_eq!(
                    begins,
                    beginning(number(ms, &ahead), &ahead),
                    "{written} {offset}"
                );
                assert_eq!(
                    local(begins, offset),
                    format!("{} 00:00:00", &written[..10])
                );
            }
        }
        for no in [
            "",
            "2026",
            "2026-13-01",
            "2026-00-01",
            "2026-01-32",
            "1969-12-31",
            "2026-01-01-01",
            "x-y-z",
        ] {
            assert_eq!(day(no), None, "{no}");
        }
        assert_eq!(beginning(u64::MAX, &|_| 0) / DAY, LAST / DAY);
    }

    #[test]
    fn days_are_as_long_as_clocks_make_them() {
        // Minutes of the day in UTC, and what clocks are ahead from there on.
        let berlin = changing(&[
            ("1970-01-01 0", 60),
            ("2026-03-29 60", 120),
            ("2026-10-25 60", 60),
        ]);
        let santiago = changing(&[
            ("1970-01-01 0", -180),
            ("2026-04-05 180", -240),
            ("2026-09-06 240", -180),
        ]);
        let azores = changing(&[
            ("1970-01-01 0", -60),
            ("2026-03-29 60", 0),
            ("2026-10-25 60", -60),
        ]);
        let samoa = changing(&[("1970-01-01 0", -600), ("2011-12-30 600", 840)]);
        let hours = |text: &str, ahead: Ahead| {
            let day = day(text).unwrap();
            (beginning(day + 1, ahead) - beginning(day, ahead)) as f64 / 3_600_000.0
        };
        for (text, ahead, expected) in [
            ("2026-03-28", &berlin as Ahead, 24.0),
            ("2026-03-29", &berlin, 23.0),
            ("2026-10-25", &berlin, 25.0),
            // The clocks go back at the end of the day, and forward at its beginning.
            ("2026-04-04", &santiago, 25.0),
            ("2026-09-06", &santiago, 23.0),
            // Midnight is there twice.
            ("2026-10-24", &azores, 24.0),
            ("2026-10-25", &azores, 25.0),
            ("2026-03-29", &azores, 23.0),
            // A day that was left out is none.
            ("2011-12-29", &samoa, 24.0),
            ("2011-12-30", &samoa, 0.0),
            ("2011-12-31", &samoa, 24.0),
        ] {
            assert_eq!(hours(text, ahead), expected, "{text}");
        }
        for ahead in [&berlin as Ahead, &santiago, &azores, &samoa] {
            let mut days = 0;
            for day in day("2011-12-20").unwrap()..day("2027-01-01").unwrap() {
                let (begins, ends) = (beginning(day, ahead), beginning(day + 1, ahead));
                if begins < ends {
                    days += 1;
                    assert_eq!((number(begins, ahead), number(ends - 1, ahead)), (day, day));
                }
            }
            assert!(days > 5_000);
        }
    }

    #[test]
    fn days_follow_each_other() {
        let mut before = utc(0);
        for day in 1..60_000 {
            let next = utc(day * DAY);
            assert!(before < next, "{before} then {next}");
            before = next;
        }
    }
}
