use super::*;

#[test]
fn messages_show_no_character_that_hides_or_turns_text() {
    let checks = [
        Check::FirstLetter,
        Check::FirstLatinOrHan,
        Check::Chars(Chars::WordsAnd("._-")),
        Check::Chars(Chars::AllBut("\u{202E}\u{200B}")),
        Check::Ascii,
    ];
    for hidden in [
        '\u{202E}',
        '\u{2066}',
        '\u{200B}',
        '\u{3164}',
        '\u{FEFF}',
        '\u{AD}',
        '\u{E0041}',
        '\u{3000}',
        '\t',
    ] {
        let mut met = 0;
        for check in checks {
            if let Some(said) = check.broken_by(&hidden.to_string()) {
                met += 1;
                let code = format!("U+{:04X}", hidden as u32);
                for text in [&said.en, &said.zh] {
                    assert!(text.contains(&code), "{text}");
                    assert!(!text.contains(hidden), "{text}");
                }
            }
        }
        assert!(met > 0, "{hidden:?}");
    }
}

#[test]
fn a_blank_is_called_a_blank() {
    let said = |check: Check, text: &str| check.broken_by(text).map(|m| (m.en, m.zh));
    let words = Check::Chars(Chars::WordsAnd("._-"));
    for (check, text, en, zh) in [
        (
            words,
            "a b",
            "Must not contain a blank. Allowed: letters, Chinese characters, digits and . _ -",
            "不能包含空格。可用字符：字母、中文、数字和 . _ -",
        ),
        (
            words,
            "a\u{3000}b",
            "Must not contain a blank (U+3000). Allowed: letters, Chinese characters, digits and . _ -",
            "不能包含空格（U+3000）。可用字符：字母、中文、数字和 . _ -",
        ),
        (
            words,
            "a\u{200B}b",
            "Must not contain “U+200B”. Allowed: letters, Chinese characters, digits and . _ -",
            "不能包含“U+200B”。可用字符：字母、中文、数字和 . _ -",
        ),
        (
            Check::Chars(Chars::AllBut("<>")),
            "a<b",
            "Must not contain “<”.",
            "不能包含“<”。",
        ),
        (
            Check::FirstLetter,
            " a",
            "Must start with a letter or a Chinese character, not a blank.",
            "必须以字母或中文开头，不能以空格开头。",
        ),
        (
            Check::Ascii,
            "a\u{A0}b",
            "Only ASCII characters; a blank (U+00A0) is none.",
            "只能使用 ASCII 字符，空格（U+00A0）不是。",
        ),
        (Check::Ascii, "网", "Only ASCII characters; “网” is none.", "只能使用 ASCII 字符，“网”不是。"),
    ] {
        let expected = (en.to_string(), zh.to_string());
        assert_eq!(said(check, text), Some(expected));
    }
}
