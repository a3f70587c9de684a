//! Rules about text: its length, its characters, what it contains, which values it may have.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::model::{Chars, Choice};
use crate::text::{listed, Message};

/// Whether `c` is a Chinese character: the Han blocks of Unicode, extensions included.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Whether `part` stands in `text`. The search of the standard library is made for long texts, and
/// weighs on the page.
pub fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    part.is_empty() || text.windows(part.len()).any(|at| at == part)
}

pub(super) fn length(text: &str, min: usize, max: usize) -> Option<Message> {
    let n = text.chars().count();
    if (min..=max).contains(&n) {
        return None;
    }
    Some(Message::new(
        format!("{}; this has {n}.", length_en(min, max)),
        format!("{}，当前 {n} 个。", length_zh(min, max)),
    ))
}

pub(super) fn length_en(min: usize, max: usize) -> String {
    match min {
        0 => format!("At most {max} characters"),
        _ => format!("{min}–{max} characters"),
    }
}

pub(super) fn length_zh(min: usize, max: usize) -> String {
    match min {
        0 => format!("最多 {max} 个字符"),
        _ => format!("{min}–{max} 个字符"),
    }
}

pub(super) fn first_letter(text: &str) -> Option<Message> {
    let first = text.chars().next()?;
    if first.is_alphabetic() || is_han(first) {
        return None;
    }
    let first = visible(first);
    Some(Message::new(
        format!(
            "Must start with a letter or a Chinese character, not {}.",
            first.en
        ),
        format!("必须以字母或中文开头，不能以{}开头。", first.zh),
    ))
}

pub(super) fn first_latin_or_han(text: &str) -> Option<Message> {
    let first = text.chars().next()?;
    if !first.is_alphabetic() || first.is_ascii_alphabetic() || is_han(first) {
        return None;
    }
    let first = visible(first);
    Some(Message::new(
        format!(
            "Starts with {}, a letter that is neither A–Z nor Chinese; the cloud may refuse it.",
            first.en
        ),
        format!(
            "以{}开头，该字符既不是英文字母也不是中文，云端可能拒绝。",
            first.zh
        ),
    ))
}

pub(super) fn chars(text: &str, chars: Chars) -> Option<Message> {
    let bad = text.chars().find(|c| !allows(chars, *c))?;
    let shown = visible(bad);
    Some(match chars {
        Chars::WordsAnd(others) => {
            let others = spaced(others);
            Message::new(
                format!("Must not contain {}. Allowed: letters, Chinese characters, digits and {others}", shown.en),
                format!("不能包含{}。可用字符：字母、中文、数字和 {others}", shown.zh),
            )
        }
        Chars::AllBut(_) => Message::new(
            format!("Must not contain {}.", shown.en),
            format!("不能包含{}。", shown.zh),
        ),
    })
}

fn allows(chars: Chars, c: char) -> bool {
    let listed = |list: &str| list.chars().any(|other| other == c);
    match chars {
        Chars::WordsAnd(others) => {
            c.is_alphabetic() || is_han(c) || c.is_ascii_digit() || listed(others)
        }
        Chars::AllBut(others) => !listed(others),
    }
}

pub(super) fn not_prefix(text: &str, prefixes: &[&str]) -> Option<Message> {
    let prefix = prefixes.iter().find(|p| text.starts_with(**p))?;
    Some(Message::new(
        format!("Must not start with “{prefix}”."),
        format!("不能以“{prefix}”开头。"),
    ))
}

/// The same where the case of letters is not that of the rule: what is written exactly so is silent
/// here, another rule finds it.
pub(super) fn not_prefix_any_case(text: &str, prefixes: &[&str]) -> Option<Message> {
    let starts = |p: &&&str| {
        let start = text.as_bytes().get(..p.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(p.as_bytes()))
    };
    let prefix = prefixes.iter().find(starts)?;
    let written = &text[..prefix.len()];
    (written != *prefix).then(|| {
        Message::new(
            format!("Starts with “{written}”, which differs from “{prefix}” in its case only."),
            format!("以“{written}”开头，与“{prefix}”仅大小写不同。"),
        )
    })
}

pub(super) fn not_contains_any_case(text: &str, parts: &[&str]) -> Option<Message> {
    let lower = text.to_ascii_lowercase();
    let part = parts.iter().find(|p| contains(&lower, p))?;
    (!contains(text, part)).then(|| {
        Message::new(
            format!("Contains “{part}” in another case."),
            format!("包含“{part}”的其他大小写形式。"),
        )
    })
}

pub(super) fn not_contains(text: &str, parts: &[&str]) -> Option<Message> {
    let part = parts.iter().find(|p| contains(text, p))?;
    Some(Message::new(
        format!("Must not contain “{part}”."),
        format!("不能包含“{part}”。"),
    ))
}

pub(super) fn prefix(text: &str, prefix: &str) -> Option<Message> {
    if text.starts_with(prefix) {
        return None;
    }
    Some(Message::new(
        format!("Does not start with “{prefix}”."),
        format!("不以“{prefix}”开头。"),
    ))
}

pub(super) fn one_of(text: &str, choices: &[Choice]) -> Option<Message> {
    if choices.iter().any(|c| c.value == text) {
        return None;
    }
    let values: Vec<&str> = choices.iter().map(|c| c.value).collect();
    // A sentence of thirty regions tells nothing; the control offers them.
    if values.len() > 12 {
        let count = values.len();
        return Some(Message::new(
            format!("Not one of the {count} known values."),
            format!("不是已知的 {count} 个取值之一。"),
        ));
    }
    let values = listed(&values);
    Some(Message::new(
        format!("Not one of: {}.", values.en),
        format!("取值不在以下列表中：{}。", values.zh),
    ))
}

pub(super) fn ascii(text: &str) -> Option<Message> {
    let bad = visible(text.chars().find(|c| !c.is_ascii())?);
    Some(Message::new(
        format!("Only ASCII characters; {} is none.", bad.en),
        format!("只能使用 ASCII 字符，{}不是。", bad.zh),
    ))
}

pub(super) fn no_control(text: &str) -> Option<Message> {
    let bad = visible(text.chars().find(|c| c.is_control())?);
    Some(Message::new(
        format!("Contains the control character {}.", bad.en),
        format!("包含控制字符{}。", bad.zh),
    ))
}

pub(super) fn visible_ascii_but(text: &str, others: &str) -> Option<Message> {
    let fits = |c: char| c.is_ascii_graphic() && !others.contains(c);
    if text.chars().all(fits) {
        return None;
    }
    let others = spaced(others);
    Some(Message::new(
        format!("Only visible ASCII characters, without blanks and {others}"),
        format!("只能使用可见的 ASCII 字符，不含空格和 {others}"),
    ))
}

pub(super) fn path_segment(text: &str) -> Option<Message> {
    if !matches!(text, "" | "." | "..") && !text.chars().any(char::is_control) {
        return None;
    }
    Some(Message::new(
        "Cannot stand in a path: must not be empty, “.” or “..”, nor contain control characters.",
        "无法放入路径：不能为空、“.”或“..”，也不能包含控制字符。",
    ))
}

pub(super) fn header_value(text: &str) -> Option<Message> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    Some(Message::new(
        "Cannot be sent in a header: only visible ASCII characters, no spaces or line breaks.",
        "无法放入请求头：只能是可见的 ASCII 字符，不含空格或换行。",
    ))
}

/// `._-` as `. _ -`.
pub(super) fn spaced(chars: &str) -> String {
    let mut out = String::new();
    for c in chars.chars() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// A character as a message can show it: a blank by its name, by its code what else is invisible or
/// turns what stands around it (Unicode's default ignorable characters, all bidirectional controls in
/// them). Of the blanks only the common one needs no code to tell it from the others.
fn visible(c: char) -> Message {
    let unseen = matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}');
    let code = format!("U+{:04X}", c as u32);
    if c == ' ' {
        return Message::new("a blank", "空格");
    }
    if c.is_whitespace() && !c.is_control() {
        return Message::new(format!("a blank ({code})"), format!("空格（{code}）"));
    }
    let shown = match unseen || c.is_control() {
        true => format!("“{code}”"),
        false => format!("“{c}”"),
    };
    Message::new(shown.clone(), shown)
}
