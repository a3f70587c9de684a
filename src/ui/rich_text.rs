//! Sentences and wire names as HTML.

use yew::prelude::*;

/// A wire name that may break where its words end: `Create|Cloud|Connection`, `domain_|id`.
pub fn breakable(name: &str) -> Html {
    html! { { for name_parts(name).into_iter().map(|word| html! { <>{ word }<wbr /></> }) } }
}

fn name_parts(name: &str) -> Vec<String> {
    let mut name_parts = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if starts || matches!(before, '.' | '_' | '-') {
            name_parts.push(String::new());
        }
        if let Some(word) = name_parts.last_mut() {
            word.push(c);
        }
        before = c;
    }
    name_parts
}

/// The sentence with what it quotes between backticks set as code.
pub fn rich_text(text: &str) -> Html {
    html! {
        <>
            { for text.split('`').enumerate().map(|(i, part)| match i % 2 {
                1 => html! { <code>{ for part.split_inclusive(' ').map(|word| html! { <span>{ word }</span> }) }</code> },
                _ => html! { { part } },
            }) }
        </>
    }
}

/// The first `limit` bytes of a text, less if that would cut a character; whether more follows.
pub fn head(text: &str, limit: usize) -> (&str, bool) {
    if text.len() <= limit {
        return (text, false);
    }
    let end = (0..=limit)
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0);
    (&text[..end], true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_name_breaks_between_its_words() {
        let split = |name| name_parts(name).join("|");
        assert_eq!(split("CreateCen"), "Create|Cen");
        assert_eq!(split("cloud_connection.name"), "cloud_|connection.|name");
        assert_eq!(split("IDCardNo"), "IDCard|No");
        assert_eq!(split("X-Auth-Token"), "X-|Auth-|Token");
    }

    #[test]
    fn a_long_answer_is_cut_between_characters() {
        assert_eq!(head("短", 3), ("短", false));
        assert_eq!(head("短短", 4), ("短", true));
        assert_eq!(head("短", 2), ("", true));
    }
}
