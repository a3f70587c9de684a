//! Secrets, which must not be printed.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A text that is wiped from memory when dropped and that `Debug` does not show. It has neither
/// `Display` nor serialization.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text over without copying it.
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    /// The text itself, for a signature or a header.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is this text. The time it takes says nothing but the lengths.
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret::new(text.to_string())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// An access key, permanent or temporary.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The access key id (Alibaba) or access key (Huawei). It is no secret: every request shows it.
    pub access_key_id: String,
    /// The access key secret (Alibaba) or secret key (Huawei).
    pub secret: Secret,
    /// The token of temporary credentials (STS).
    pub security_token: Option<Secret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials {
            access_key_id: "the-id".into(),
            secret: "hidden".into(),
            security_token: Some("concealed".into()),
        };
        let text = format!("{credentials:?} {credentials:#?}");
        assert!(text.contains("the-id"));
        assert!(!text.contains("hidden") && !text.contains("concealed"));
    }

    #[test]
    fn a_secret_matches_itself_only() {
        let secret = Secret::from("abc");
        assert!(secret.matches("abc"));
        for other in ["", "ab", "abcd", "abd"] {
            assert!(!secret.matches(other));
        }
    }
}
