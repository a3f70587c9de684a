//! JSON in one form for one meaning, and digests of it.
//!
//! The form is that of RFC 8785 (JSON Canonicalization Scheme): members sorted by their UTF-16 code
//! units, no space, strings with the shortest escapes. Numbers here are whole and below 2^53, which is
//! all that records and receipts hold; others stand as they are read.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// The canonical form of a value.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// The canonical form of an object.
pub fn canonical_object(members: &Map<String, Value>) -> String {
    let mut out = String::new();
    write_object(members, &mut out);
    out
}

/// The SHA-256 of a text, as 64 hexadecimal digits.
pub fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        // Writing into a text does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The SHA-256 of a value's canonical form.
pub fn digest(value: &Value) -> String {
    sha256(&canonical(value))
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => write_object(members, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        leaf => {
            let _ = write!(out, "{leaf}");
        }
    }
}

fn write_object(members: &Map<String, Value>, out: &mut String) {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (at, (name, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        // A text's own form as JSON.
        out.push_str(&serde_json::to_string(name).unwrap_or_default());
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_as_rfc_8785_says() {
        // Section 3.2.3 of the RFC, with its order by UTF-16 code units.
        let value: Value = serde_json::from_str(
            "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
        )
        .unwrap();
        let texts = [
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh",
        ];
        let form = canonical(&value);
        let places: Vec<usize> = texts.iter().map(|t| form.find(t).unwrap()).collect();
        assert!(places.is_sorted(), "{form}");
    }

    #[test]
    fn one_meaning_has_one_form() {
        let value = json!({ "b": [1, { "z": null, "a": true }], "a": "\u{1f}\n/\"é" });
        assert_eq!(
            canonical(&value),
            "{\"a\":\"\\u001f\\n/\\\"é\",\"b\":[1,{\"a\":true,\"z\":null}]}"
        );
    }

    #[test]
    fn a_digest_is_that_of_the_standard() {
        assert_eq!(
            sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(digest(&json!({})), sha256("{}"));
    }
}
