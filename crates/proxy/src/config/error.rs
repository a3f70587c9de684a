//! The errors of a configuration, with their position.

use std::fmt;

/// The reason why the configuration cannot be used, in a sentence. No value that is secret is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError(pub String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// `tieline.toml, line 7`.
pub(super) fn position(name: &str, text: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let line = 1 + before.iter().filter(|b| **b == b'\n').count();
    format!("{name}, line {line}")
}

/// A message about a value without what could be secret in it. A password can stand where a kind belongs,
/// and a token where its hash does; messages quote what they do not like.
pub(super) fn without_secrets(message: &str) -> String {
    let (about, expected) = match message.rfind(", expected") {
        Some(at) => message.split_at(at),
        None => (message, ""),
    };
    let quote = ['`', '"'];
    let (Some(start), Some(end)) = (about.find(quote), about.rfind(quote)) else {
        return message.to_string();
    };
    let inner = about.get(start + 1..end).unwrap_or_default();
    let (before, after) = (&about[..start], about.get(end + 1..).unwrap_or_default());
    // Of a value of the wrong type nothing is known, not even what it was meant for.
    let any = before.starts_with("invalid ");
    match !any && is_harmless(inner) {
        true => message.to_string(),
        false => format!("{before}(not shown){after}{expected}"),
    }
}

/// Whether a text is more likely a word, a host or an address than a secret.
fn is_harmless(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b" .:/[]_-".contains(&b);
    text.len() <= 40 && text.bytes().all(plain)
}

/// The name of a variable, unless it looks like the key that belongs into the variable.
pub(crate) fn variable(name: &str) -> &str {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    match name.len() <= 64 && name.contains('_') && name.bytes().all(plain) {
        true => name,
        false => {
            "(not shown: it is not written like the name of a variable, such as MY_ACCESS_KEY)"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_secret_is_not_shown() {
        for (message, shown) in [
            (
                "unknown field `lisen`, expected `listen`",
                "unknown field `lisen`, expected `listen`",
            ),
            (
                "unknown variant `paper`, expected `sqlite`",
                "unknown variant `paper`, expected `sqlite`",
            ),
            (
                "unknown variant `redis://u:CANARY@h`, expected one of `sqlite`, `redis`",
                "unknown variant (not shown), expected one of `sqlite`, `redis`",
            ),
            (
                "unknown variant `a`b\"CANARY`, expected `c`",
                "unknown variant (not shown), expected `c`",
            ),
            (
                "invalid type: string \"canary\", expected struct Token",
                "invalid type: string (not shown), expected struct Token",
            ),
            (
                "invalid type: integer `4711`, expected a string",
                "invalid type: integer (not shown), expected a string",
            ),
            (
                "unknown field `LTAI5tCANARY`, expected `a`",
                "unknown field (not shown), expected `a`",
            ),
            (
                "`https://u:p@h/` is no host: write",
                "(not shown) is no host: write",
            ),
            (
                "`https://portal.example/` is no host",
                "`https://portal.example/` is no host",
            ),
            (
                "the number must be between 1 and 2",
                "the number must be between 1 and 2",
            ),
            ("an odd ` alone", "an odd ` alone"),
        ] {
            assert_eq!(without_secrets(message), shown);
        }
        assert_eq!(variable("MY_ACCESS_KEY"), "MY_ACCESS_KEY");
        for key in ["LTAI5tCANARY", "SECRETCANARY", "a_b", "AB=_", ""] {
            assert!(variable(key).starts_with("(not shown"), "{key}");
        }
    }
}
