use super::*;
use crate::check::check;
use crate::input::Raw;
use crate::operations::operations;

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

#[test]
fn a_repeated_key_is_found_past_the_most_items_too() {
    let mut seen = 0;
    for op in operations() {
        for param in op.params {
            let (Kind::List { max, .. }, Some(key)) = (param.kind, unique_key(param)) else {
                continue;
            };
            let key_of = |n: usize| Raw::Text(format!("k{}", n % (max + 3)));
            let item = |n| Raw::Object(vec![(key.to_string(), key_of(n))]);
            let items = Raw::List((0..max + 5).map(item).collect());
            let raw = Raw::Object(vec![(param.name.to_string(), items)]);
            let found = check(op, &raw).violations;
            let repeated: Vec<&str> = found
                .iter()
                .filter(|v| v.rule == "unique")
                .map(|v| v.parameter.as_str())
                .collect();
            let expected = [max + 4, max + 5].map(|n| format!("{}.{n}.{key}", param.name));
            assert_eq!(repeated, expected, "{}", op.name);
            assert!(found.iter().any(|v| v.rule == "items"));
            seen += 1;
        }
    }
    assert!(seen > 0);
}

fn unique_key(param: &Param) -> Option<&'static str> {
    param.rules.iter().find_map(|rule| match rule.check {
        Check::UniqueKeys(key) => Some(key),
        _ => None,
    })
}

#[test]
fn networks_are_shown_in_the_notation_of_their_documents() {
    let said = |check: Check, text: &str| check.broken_by(text).expect("broken").en;
    assert_eq!(
        said(Check::PrivateCidr, "8.8.8.0/24"),
        "Not a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7)."
    );
    const LOOPBACK: &[(ipnet::IpNet, crate::text::Text)] = &[(
        v4([127, 0, 0, 0], 8),
        crate::text::t("a loopback address", "回环地址"),
    )];
    assert_eq!(
        said(Check::NotWithin(LOOPBACK), "127.0.0.1"),
        "127.0.0.1 is a loopback address (127.0.0.0/8)."
    );
}

#[test]
fn an_as_number_is_plain_or_in_two_halves() {
    let check = Check::AsnBut(45_104);
    for good in ["1", "65000", "4294967295", "123.456", "0.1", "65535.65535"] {
        assert_eq!(check.broken_by(good), None, "{good}");
    }
    for bad in [
        "",
        "0",
        "0.0",
        "4294967296",
        "+1",
        "1.",
        ".1",
        "1.65536",
        "1.2.3",
        "AS65000",
        "45104",
        // The same number in two halves.
        "0.45104",
    ] {
        assert!(check.broken_by(bad).is_some(), "{bad}");
    }
}

#[test]
fn what_a_secret_must_not_contain_is_told_without_a_character_of_it() {
    let check = Check::VisibleAsciiBut("?");
    assert_eq!(check.broken_by("key-1!~"), None);
    for bad in ["a b", "a?b", "密钥", "a\tb"] {
        let said = check.broken_by(bad).expect("broken");
        for shown in ["密", "钥", "a b", "U+"] {
            assert!(
                !said.en.contains(shown) && !said.zh.contains(shown),
                "{said:?}"
            );
        }
    }
}

#[test]
fn a_forbidden_beginning_in_another_case_is_told_as_it_is_written() {
    let check = Check::NotPrefixAnyCase(&["aliyun", "acs:"]);
    let said = |text: &str| check.broken_by(text).map(|said| said.en);
    assert_eq!(said("aliyun"), None, "another rule's");
    assert_eq!(said("ali"), None);
    assert_eq!(said("网Aliyun"), None);
    assert!(said("ALIYUN").is_some_and(|said| said.contains("“ALIYUN”")));
    assert!(said("Acs:x").is_some_and(|said| said.contains("“acs:”")));
    let within = Check::NotContainsAnyCase(&["http://"]);
    assert!(within.broken_by("see HTTP://x").is_some());
    assert_eq!(within.broken_by("see http://x"), None);
}
