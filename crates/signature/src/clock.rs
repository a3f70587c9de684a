//! The two spellings of UTC that the vendors sign, to the second.

use time::{Date, Month, OffsetDateTime, Time};

/// `2024-01-02T03:04:05Z` (Alibaba).
pub fn extended(now_ms: u64) -> String {
    let t = utc(now_ms);
    let (y, mo, d) = (t.year(), u8::from(t.month()), t.day());
    let (h, mi, s) = (t.hour(), t.minute(), t.second());
    format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z")
}

/// `20240102T030405Z` (Huawei).
pub fn basic(now_ms: u64) -> String {
    extended(now_ms).replace(['-', ':'], "")
}

/// Reads the extended spelling, exactly; seconds since 1970.
pub fn parse_extended(text: &str) -> Option<i64> {
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let placed = |(at, mark): &(usize, u8)| text.as_bytes().get(*at) == Some(mark);
    let compact = text.replace(['-', ':'], "");
    (text.len() == 20 && marks.iter().all(placed)).then(|| parse_basic(&compact))?
}

/// Reads the basic spelling, exactly; seconds since 1970.
pub fn parse_basic(text: &str) -> Option<i64> {
    if text.len() != 16 || text.get(8..9)? != "T" || text.get(15..)? != "Z" {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<u16> {
        let digits = text.get(from..to)?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok())?
    };
    let small = |from: usize| u8::try_from(number(from, from + 2)?).ok();
    let month = Month::try_from(small(4)?).ok()?;
    let date = Date::from_calendar_date(number(0, 4)?.into(), month, small(6)?).ok()?;
    let time = Time::from_hms(small(9)?, small(11)?, small(13)?).ok()?;
    Some(OffsetDateTime::new_utc(date, time).unix_timestamp())
}

/// Whether a signed time is at most `minutes` before or after the server's.
pub fn is_fresh(signed: i64, now_ms: u64, minutes: u64) -> bool {
    let now = i64::try_from(now_ms / 1000).unwrap_or(i64::MAX);
    signed.abs_diff(now) <= minutes * 60
}

fn utc(now_ms: u64) -> OffsetDateTime {
    // The last second that four digits can name: later clocks are broken anyway.
    const END: u64 = 253_402_300_799;
    let seconds = (now_ms / 1000).min(END) as i64;
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_go_there_and_back() {
        for ms in [0, 951_782_400_000, 1_704_164_645_000, 4_107_542_400_000] {
            let seconds = Some((ms / 1000) as i64);
            assert_eq!(parse_extended(&extended(ms)), seconds);
            assert_eq!(parse_basic(&basic(ms)), seconds);
        }
        assert_eq!(extended(1_704_164_645_999), "2024-01-02T03:04:05Z");
        assert_eq!(basic(1_704_164_645_999), "20240102T030405Z");
        assert_eq!(extended(u64::MAX), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "2024-01-02T03:04:05",
            "2024-01-02 03:04:05Z",
            "2024-13-02T03:04:05Z",
            "2024-02-30T03:04:05Z",
            "2024-01-02T24:04:05Z",
            "+024-01-02T03:04:05Z",
            "2024-01-02T03:04:05.0Z",
            "20240102-T03:04:05Z-",
            "2024年1月2日",
        ] {
            assert_eq!(parse_extended(text), None, "{text}");
            assert_eq!(parse_basic(text), None, "{text}");
        }
        assert_eq!(parse_extended("20240102T030405Z"), None);
        assert_eq!(parse_basic("2024-01-02T03:04:05Z"), None);
    }

    #[test]
    fn freshness_counts_both_ways() {
        assert!(is_fresh(1000, 1_900_000, 15));
        assert!(is_fresh(1900, 1_000_000, 15));
        assert!(!is_fresh(1000, 1_901_000, 15));
        assert!(!is_fresh(1901, 1_000_000, 15));
        assert!(!is_fresh(i64::MIN, u64::MAX, 15));
    }
}
