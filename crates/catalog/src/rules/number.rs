//! Rules about numbers.

use alloc::format;

use crate::text::Message;

/// A text that is no number is silent: that is a matter of its type.
pub(super) fn range(text: &str, min: i64, max: i64) -> Option<Message> {
    let n = text.parse::<i64>().ok()?;
    if (min..=max).contains(&n) {
        return None;
    }
    Some(Message::new(
        format!("Must be {min}–{max}; this is {n}."),
        format!("必须在 {min}–{max} 之间，现为 {n}。"),
    ))
}
