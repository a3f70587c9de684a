//! Times as text. Moments are milliseconds since 1970-01-01T00:00:00Z.

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

/// The moment at which a day that is written `2026-11-21` begins at a place that is `offset` minutes ahead of
/// UTC; none before 1970 or when it is no day.
pub fn day(text: &str, offset: i32) -> Option<u64> {
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
    let utc = (days - 719_468) * DAY;
    let at = utc as i64 - i64::from(offset) * 60_000;
    Some(at.max(0) as u64)
}

/// The beginning of the day of a moment, at such a place.
pub fn midnight(ms: u64, offset: i32) -> u64 {
    let here = |ms: i64, sign: i64| ms + sign * i64::from(offset) * 60_000;
    let shifted = here(ms.min(LAST) as i64, 1);
    here(shifted - shifted.rem_euclid(DAY as i64), -1).max(0) as u64
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

    #[test]
    fn a_day_begins_where_its_clock_says() {
        for offset in [-600, -60, 0, 345, 480] {
            for n in (0..60_000u64).step_by(7) {
                let ms = (n + 1) * DAY + 12_345_678;
                let written = local(ms, offset);
                let begins = day(&written[..10], offset).unwrap();
                assert_eq!(begins, midnight(ms, offset), "{written} {offset}");
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
            assert_eq!(day(no, 0), None, "{no}");
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
