//! Rules about e-mail addresses, telephone and identity numbers.

use alloc::vec::Vec;

use crate::text::Message;

pub(super) fn email(text: &str) -> Option<Message> {
    if is_email(text) {
        return None;
    }
    some(
        "Does not look like an e-mail address, like name@example.com.",
        "不像电子邮件地址，通常形如 name@example.com。",
    )
}

pub(super) fn telephone(text: &str) -> Option<Message> {
    if is_telephone(text) {
        return None;
    }
    some(
        "Does not look like a telephone number: 5–20 digits, with an optional leading +, separators and an extension (ext. 8001).",
        "不像电话号码：通常为 5–20 位数字，可以“+”开头，可带分隔符和分机号（转8001）。",
    )
}

pub(super) fn second_generation(text: &str) -> Option<Message> {
    if text.len() != 15 || resident_id(text).is_some() {
        return None;
    }
    some(
        "A 15-digit number of the first generation, out of use since 2013.",
        "15 位的第一代身份证号，已于 2013 年停用。",
    )
}

/// Checks a resident identity number by GB 11643-1999: 17 digits and a check character (ISO 7064
/// MOD 11-2), the birth date at digits 7–14; or 15 digits, the birth date at 7–12.
pub(super) fn resident_id(text: &str) -> Option<Message> {
    let bytes = text.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let number = |part: &[u8]| part.iter().fold(0u32, |n, b| n * 10 + u32::from(b - b'0'));
    let shape = match bytes.len() {
        18 => digits(&bytes[..17]) && matches!(bytes[17], b'0'..=b'9' | b'X' | b'x'),
        15 => digits(bytes),
        _ => false,
    };
    if !shape {
        return some(
            "Does not look like a resident identity number: 17 digits and a digit or X, or 15 digits.",
            "不像居民身份证号：通常为 17 位数字加一位数字或 X，或 15 位数字。",
        );
    }
    let (year, month, day) = if bytes.len() == 18 {
        (
            number(&bytes[6..10]),
            number(&bytes[10..12]),
            number(&bytes[12..14]),
        )
    } else {
        (
            1900 + number(&bytes[6..8]),
            number(&bytes[8..10]),
            number(&bytes[10..12]),
        )
    };
    if year < 1850 || day == 0 || day > days_in(year, month) {
        // The year has four digits in the second generation and two in the first.
        return match bytes.len() {
            18 => some(
                "The birth date in the identity number does not exist. Compare digits 7–14 with the card.",
                "身份证号中的出生日期不存在。请核对第 7–14 位数字。",
            ),
            _ => some(
                "The birth date in the identity number does not exist. Compare digits 7–12 with the card.",
                "身份证号中的出生日期不存在。请核对第 7–12 位数字。",
            ),
        };
    }
    if bytes.len() == 18 {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = WEIGHTS
            .iter()
            .zip(bytes)
            .map(|(w, b)| w * u32::from(b - b'0'))
            .sum();
        let expected = b"10X98765432"[(sum % 11) as usize];
        if bytes[17].to_ascii_uppercase() != expected {
            // The expected character is not named: the message must not help to guess a number.
            return some(
                "The check character of the identity number does not fit. Compare it with the card.",
                "身份证号的校验位不符。请与证件核对。",
            );
        }
    }
    None
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

fn some(en: &str, zh: &str) -> Option<Message> {
    Some(Message::new(en, zh))
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let clean = |s: &str| {
        !s.chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '@')
    };
    !local.is_empty()
        && clean(local)
        && clean(host)
        && host.bytes().any(|b| b == b'.')
        && host.split('.').all(|label| !label.is_empty())
}

fn is_telephone(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    // The longer marks first: one holds another.
    let marks = ["分机", "转", "轉", "ext.", "ext", "x", "#", ","];
    let parts = marks.iter().find_map(|mark| lower.split_once(mark));
    let (number, extension) = parts.map_or((lower.as_str(), None), |(n, e)| (n, Some(e)));
    let extended = extension.is_none_or(|extension| {
        let digits = extension.trim_start_matches([' ', ':', '：', '号']).trim();
        (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    });
    let rest = number.strip_prefix(['+', '＋']).unwrap_or(number);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let separator = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '（' | '）' | '－');
    extended
        && (5..=20).contains(&digits)
        && rest.chars().all(|c| c.is_ascii_digit() || separator(c))
}

/// `0` or a UUID with hyphens.
pub(super) fn enterprise_project(text: &str) -> Option<Message> {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    if text == "0" || hex && groups == [8, 4, 4, 4, 12] {
        return None;
    }
    some(
        "Not an enterprise project ID: 0 for the default project, or a UUID with hyphens (36 characters).",
        "不是企业项目 ID：应为 0（默认企业项目），或带连字符的 UUID（36 个字符）。",
    )
}
