//! Times as text. Moments are milliseconds since 1970-01-01T00:00:00Z.

const DAY: u64 = 86_400_000;
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
    fn days_follow_each_other() {
        let mut before = utc(0);
        for day in 1..60_000 {
            let next = utc(day * DAY);
            assert!(before < next, "{before} then {next}");
            before = next;
        }
    }
}
