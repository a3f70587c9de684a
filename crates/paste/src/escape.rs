//! The escapes of string literals, which the notations have in common.

/// What an escape stands for.
pub enum Escaped {
    /// A character.
    Char(char),
    /// A byte, where the notation means bytes, and else the character of that number.
    Byte(u8),
    /// Nothing: the end of a line that goes on.
    Nothing,
}

/// Reads an escape from behind its backslash.
pub fn escape(chars: &[char], at: &mut usize) -> Escaped {
    let Some(c) = chars.get(*at).copied() else {
        return Escaped::Char('\\');
    };
    *at += 1;
    Escaped::Char(match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'e' => '\u{1b}',
        '\n' => return Escaped::Nothing,
        'x' => match number(chars, at, 2, 16) {
            Some(code) => return Escaped::Byte(code as u8),
            None => 'x',
        },
        'u' if chars.get(*at) == Some(&'{') => braced(chars, at),
        'u' => unit(chars, at),
        'U' => match number(chars, at, 8, 16) {
            Some(code) => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
            None => 'U',
        },
        '0'..='7' => {
            *at -= 1;
            let code = number(chars, at, 3, 8).unwrap_or_default();
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        c => c,
    })
}

/// Up to so many digits.
fn number(chars: &[char], at: &mut usize, most: usize, radix: u32) -> Option<u32> {
    let digits = chars.get(*at..).unwrap_or_default().iter().take(most);
    let digits = digits.map_while(|c| c.to_digit(radix));
    let (count, value) = digits.fold((0, 0u32), |(count, value), digit| {
        (count + 1, value.wrapping_mul(radix).wrapping_add(digit))
    });
    *at += count;
    (count > 0).then_some(value)
}

/// `\u{1f600}`.
fn braced(chars: &[char], at: &mut usize) -> char {
    *at += 1;
    let code = number(chars, at, 8, 16);
    if chars.get(*at) == Some(&'}') {
        *at += 1;
    }
    code.and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `\ud83d\ude00`: one of the two halves alone stands for nothing.
fn unit(chars: &[char], at: &mut usize) -> char {
    let Some(first) = number(chars, at, 4, 16) else {
        return 'u';
    };
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    let before = *at;
    if chars.get(*at) == Some(&'\\') && chars.get(*at + 1) == Some(&'u') {
        *at += 2;
        if let Some(second) = number(chars, at, 4, 16).filter(|s| (0xdc00..0xe000).contains(s)) {
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        *at = before;
    }
    char::REPLACEMENT_CHARACTER
}
