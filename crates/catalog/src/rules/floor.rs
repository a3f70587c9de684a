//! Whether a location tells a floor.

use alloc::string::String;
use alloc::vec::Vec;

use crate::text::Message;

pub(super) fn floor(text: &str) -> Option<Message> {
    if in_chinese(text) || in_latin(text) {
        return None;
    }
    Some(Message::new(
        "No floor is recognised, like “Level 5”, “3/F” or “5楼”.",
        "未识别到楼层，例如“5楼”“B1层”或“3/F”。",
    ))
}

/// A number, or a word for a floor without one, before 楼 or 层; `楼层` with a number after it. `3号楼` is a
/// building.
fn in_chinese(text: &str) -> bool {
    let numbers = |c: char| c.is_numeric() || "一二三四五六七八九十百零两底顶首夹".contains(c);
    let mut before = ' ';
    let mut names_floor = false;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if matches!(c, '楼' | '樓' | '层' | '層') && numbers(before) {
            return true;
        }
        names_floor |= matches!(c, '层' | '層') && matches!(before, '楼' | '樓');
        if names_floor && c.is_numeric() {
            return true;
        }
        before = c;
    }
    false
}

/// The words and short forms of English, as also Hong Kong writes them.
fn in_latin(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '/');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let numbered = |at: Option<usize>| {
        let word = at.and_then(|at| words.get(at)).copied().unwrap_or_default();
        let number = word.strip_prefix('b').unwrap_or(word);
        number.bytes().next().is_some_and(|b| b.is_ascii_digit())
    };
    words.iter().enumerate().any(|(i, word)| match *word {
        "floor" | "floors" | "storey" | "basement" | "mezzanine" => true,
        "level" | "lvl" => numbered(Some(i + 1)) || numbered(i.checked_sub(1)),
        // Before a number these two are a state of the USA with its postal code.
        "fl" | "flr" => numbered(i.checked_sub(1)),
        other => is_short_form(other),
    })
}

/// `3/F`, `LG/F`, `12F`, `F5`, `L5`, `B1F`.
fn is_short_form(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.len() < 4 && is_number(text);
    if let Some(before) = word.strip_suffix("/f") {
        let letters: String = before.chars().filter(char::is_ascii_alphabetic).collect();
        return !before.is_empty() && letters.len() <= 2 && !before.contains('/');
    }
    let storey = |word: &str| word.strip_suffix('f').is_some_and(digits);
    let basement = word.strip_prefix('b').is_some_and(storey);
    storey(word) || basement || word.strip_prefix(['f', 'l']).is_some_and(digits)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_told_in_both_languages_and_nothing_else_is_taken_for_one() {
        for told in [
            "XX区XX大厦XX栋5楼",
            "杭州市西湖区文三路90号 3号楼 B1层",
            "十二楼",
            "地下一层",
            "５楼",
            "第 5 层",
            "楼层：5",
            "5樓",
            "大厦5F",
            "Level 5",
            "5th level",
            "Level B2",
            "3/F",
            "12/F, Tower 2",
            "LG/F",
            "G/F",
            "1 Main Street, 2nd Floor",
            "ground floor",
            "FLOOR 3",
            "12 Fl.",
            "F5",
            "L12",
            "B1F",
        ] {
            assert_eq!(floor(told), None, "{told}");
        }
        for silent in [
            "",
            "Foshan City",
            "杭州",
            "XX大厦3号楼",
            "楼",
            "教学楼502室",
            "1#楼",
            "Miami, FL 33101",
            "level",
            "F",
            "F12345",
            "/f",
            "Room 12",
            "No. 3/Foshan",
        ] {
            assert!(floor(silent).is_some(), "{silent}");
        }
    }
}
