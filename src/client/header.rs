//! What a header can carry.

/// The longest value of a header, in bytes: servers take no longer ones.
const LONGEST_HEADER: usize = 8 * 1024;

/// Whether a text can be the value of a header as it is; the browser throws at others.
pub fn fits_header(text: &str) -> bool {
    (1..=LONGEST_HEADER).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_header_can_carry_is_put_into_one() {
        for good in ["abc", "eyJhbGciOi.x-y_z~+/=", "team-a"] {
            assert!(fits_header(good), "{good}");
        }
        for bad in [
            "",
            "a b",
            "a\nb",
            "a\r\nX: y",
            "令牌",
            "caf\u{e9}",
            "a\0",
            &"x".repeat(8193),
        ] {
            assert!(!fits_header(bad), "{bad:?}");
        }
    }
}
