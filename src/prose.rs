//! How sentences and wire names are set.

use yew::prelude::*;

/// A wire name that may break where its words end: `Create|Cloud|Connection`, `domain_|id`.
pub fn breakable(name: &str) -> Html {
    html! { { for words(name).into_iter().map(|word| html! { <>{ word }<wbr /></> }) } }
}

fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if starts || matches!(before, '.' | '_' | '-') {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
        before = c;
    }
    words
}

/// The sentence with what it quotes between backticks set as code.
pub fn prose(text: &str) -> Html {
    html! {
        <>
            { for text.split('`').enumerate().map(|(i, part)| match i % 2 {
                1 => html! { <code>{ for part.split_inclusive(' ').map(|word| html! { <span>{ word }</span> }) }</code> },
                _ => html! { { part } },
            }) }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_name_breaks_between_its_words() {
        let split = |name| words(name).join("|");
        assert_eq!(split("CreateCen"), "Create|Cen");
        assert_eq!(split("cloud_connection.name"), "cloud_|connection.|name");
        assert_eq!(split("IDCardNo"), "IDCard|No");
        assert_eq!(split("X-Auth-Token"), "X-|Auth-|Token");
    }
}
