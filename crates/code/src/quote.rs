//! What the targets' literals share. Each target's own rules are in its file.

use alloc::format;
use alloc::string::String;

/// Whether a character is never written as it is: it has no shape of its own, or it changes the order in
/// which its neighbours are shown, so that code would not be what it looks like (CVE-2021-42574).
pub fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// A text with each character as `escape` writes it, or as it is.
pub fn escaped(text: &str, escape: impl Fn(char) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match escape(c) {
            Some(written) => out.push_str(&written),
            None => out.push(c),
        }
    }
    out
}

/// The escapes that C-like literals share, for a literal in this quotation mark.
pub fn common(c: char, mark: char) -> Option<String> {
    match c {
        '\\' => Some("\\\\".into()),
        '\n' => Some("\\n".into()),
        '\r' => Some("\\r".into()),
        '\t' => Some("\\t".into()),
        _ if c == mark => Some(format!("\\{mark}")),
        _ => None,
    }
}

/// `\uXXXX` for each UTF-16 unit: JSON, Java.
pub fn utf16(c: char) -> String {
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units).iter();
    units.map(|unit| format!("\\u{unit:04x}")).collect()
}

/// `\uXXXX`, or `\UXXXXXXXX` beyond the first plane: Python, Go, HCL.
pub fn utf32(c: char) -> String {
    let code = u32::from(c);
    match code {
        0..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// A JSON string, without its quotation marks.
pub fn json(text: &str) -> String {
    escaped(text, |c| {
        common(c, '"').or_else(|| unseen(c).then(|| utf16(c)))
    })
}

/// A word of a shell: in single quotation marks, or, where something in it is not seen, as bash and zsh
/// read `$'…'`.
pub fn shell(text: &str) -> String {
    if !text.chars().any(|c| unseen(c) && c != '\n') {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    let inner = escaped(text, |c| {
        common(c, '\'').or_else(|| {
            // By bytes, since what `\u` means depends on the locale.
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).bytes();
            unseen(c).then(|| bytes.map(|byte| format!("\\x{byte:02x}")).collect())
        })
    });
    format!("$'{inner}'")
}
