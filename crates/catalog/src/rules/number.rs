//! Rules about numbers.

use alloc::format;

use crate::text::Message;

/// The number of an autonomous system (RFC 4271, RFC 6793): plain, or as its two halves of 16 bits.
pub(super) fn asn_but(text: &str, reserved: u32) -> Option<Message> {
    let number = match text.split_once('.') {
        None => whole::<u32>(text),
        Some((high, low)) => whole::<u16>(high)
            .zip(whole::<u16>(low))
            .map(|(high, low)| (u32::from(high) << 16) | u32::from(low)),
    };
    match number {
        Some(0) | None => Some(Message::new(
            "Not the number of an autonomous system: 1–4294967295, or its two halves like 123.456.",
            "不是自治系统号：应为 1–4294967295，或写成“前 16 位”与“后 16 位”以点号分隔的两段形式，例如 123.456。",
        )),
        Some(number) if number == reserved => Some(Message::new(
            format!("{reserved} belongs to the cloud itself: use another number."),
            format!("{reserved} 是云厂商自用的自治系统号，请使用其他值。"),
        )),
        Some(_) => None,
    }
}

/// A number in plain digits: the standard library alone also takes a sign.
fn whole<T: core::str::FromStr>(text: &str) -> Option<T> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// A text that is no number is silent: that is a matter of its type.
pub(super) fn range(text: &str, min: i64, max: i64) -> Option<Message> {
    let n = text.parse::<i64>().ok()?;
    if (min..=max).contains(&n) {
        return None;
    }
    Some(Message::new(
        format!("Must be {min}–{max}; this is {n}."),
        format!("必须在 {min}–{max} 之间，当前为 {n}。"),
    ))
}
