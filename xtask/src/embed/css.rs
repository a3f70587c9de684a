//! Style sheets without what only their readers need.

/// A style sheet without comments, and without spaces where they mean nothing. Texts in quotes stay
/// as they are.
pub fn small(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    // Whether spaces stand between what was written last and what comes.
    let mut space = false;
    while let Some(next) = rest.chars().next() {
        if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
            space = true;
            continue;
        }
        if next.is_whitespace() {
            rest = rest.trim_start();
            space = true;
            continue;
        }
        let before = out.chars().last();
        let tight = before.is_none_or(|before| "{};,:".contains(before)) || "{};,".contains(next);
        if space && !tight {
            out.push(' ');
        }
        space = false;
        if next == '}' && before == Some(';') {
            out.pop();
        }
        let taken = match next {
            '"' | '\'' => quoted(rest, next),
            _ => next.len_utf8(),
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

/// A small style sheet whose rules for windows of some width are for elements of that width. Other
/// conditions, and those that are more than a width, stay as they are.
pub fn contained(css: &str) -> String {
    const MEDIA: &str = "@media (";
    let mut parts = css.split(MEDIA);
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let condition = part.split('{').next().unwrap_or_default();
        let width = ["min-width:", "max-width:"].iter().any(|feature| {
            let value = condition.strip_prefix(feature);
            value.is_some_and(|value| value.ends_with("px)") && value.matches(')').count() == 1)
        });
        out += if width { "@container tieline (" } else { MEDIA };
        out += part;
    }
    out
}

/// A small style sheet whose lengths in `rem` do not shrink with another page's root: a page that makes a
/// `rem` of 10 px would have text of 8 px otherwise. They still grow with what a reader has set.
pub fn floored(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("rem") {
        let (before, after) = (&rest[..at], &rest[at + 3..]);
        let number = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let pixels = before[number.len()..]
            .parse::<f64>()
            .map(|rems| rems * 16.0);
        let whole =
            !number.ends_with(['-', '_']) && !after.starts_with(|c: char| c.is_alphanumeric());
        match pixels {
            Ok(pixels) if whole => {
                let rems = &before[number.len()..];
                out += &format!("{number}max({pixels}px,{rems}rem)");
            }
            _ => out += &rest[..at + 3],
        }
        rest = after;
    }
    out + rest
}

/// How long the text in quotes at the start is, with its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{contained, floored, small};

    #[test]
    fn lengths_do_not_shrink_with_another_pages_root() {
        for (css, expected) in [
            ("a{width:0.75rem}", "a{width:max(12px,0.75rem)}"),
            (
                "a{width:min(30rem,100%)}",
                "a{width:min(max(480px,30rem),100%)}",
            ),
            (
                "a{b:minmax(8rem,1.1fr)8rem}",
                "a{b:minmax(max(128px,8rem),1.1fr)max(128px,8rem)}",
            ),
            (".remove{a:b}", ".remove{a:b}"),
            ("a{b:-1rem}", "a{b:-1rem}"),
            (".x1remove{a:b}", ".x1remove{a:b}"),
        ] {
            assert_eq!(floored(css), expected);
        }
    }

    #[test]
    fn only_a_width_alone_is_the_elements() {
        for (css, expected) in [
            (
                "@media (max-width:799px){a{}}b{}",
                "@container tieline (max-width:799px){a{}}b{}",
            ),
            (
                "a{}@media (min-width:1px){}",
                "a{}@container tieline (min-width:1px){}",
            ),
            (
                "@media (max-width:799px),(pointer:coarse){}",
                "@media (max-width:799px),(pointer:coarse){}",
            ),
            (
                "@media (min-width:1px) and (max-width:2px){}",
                "@media (min-width:1px) and (max-width:2px){}",
            ),
            (
                "@media (prefers-reduced-motion:reduce){}",
                "@media (prefers-reduced-motion:reduce){}",
            ),
        ] {
            assert_eq!(contained(css), expected);
        }
    }

    #[test]
    fn spaces_that_mean_something_stay() {
        for (css, expected) in [
            (
                "/* a */ a , b > c {\n  color : red;\n}\n",
                "a,b > c{color :red}",
            ),
            ("a :hover { }", "a :hover{}"),
            (
                "a { width: calc(1px + 2px); x: y z }",
                "a{width:calc(1px + 2px);x:y z}",
            ),
            (
                "@media (min-width: 1px) and (x) { a { b: c; } }",
                "@media (min-width:1px) and (x){a{b:c}}",
            ),
            (
                r#"a { content: "x /* ; \" } y"; }"#,
                r#"a{content:"x /* ; \" } y"}"#,
            ),
            ("a{}/* open", "a{}"),
            ("a/* b */c{}", "a c{}"),
        ] {
            assert_eq!(small(css), expected);
        }
    }
}
