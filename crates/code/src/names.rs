//! How the vendors' SDKs derive their names from the wire's.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The words of a name, in lower case: `IDCardNo` is `id card no`, `X-Auth-Token` is `x auth token`.
pub fn words(name: &str) -> Vec<String> {
    split(name, true)
}

/// Alibaba Cloud's names in Python: a word begins where a capital follows a small letter, so `IDCardNo` is
/// `idcard_no` and `IdcSP` is `idc_sp`. Names that have underscores already stay as they are.
pub fn snake(name: &str) -> String {
    split(name, false).join("_")
}

fn split(name: &str, acronyms: bool) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (i, c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            words.extend((!word.is_empty()).then(|| core::mem::take(&mut word)));
            continue;
        }
        let before = i.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(i + 1);
        let begins = c.is_ascii_uppercase()
            && match before {
                Some(before) if before.is_ascii_uppercase() => {
                    acronyms && after.is_some_and(char::is_ascii_lowercase)
                }
                Some(_) => true,
                None => false,
            };
        if begins && !word.is_empty() {
            words.push(core::mem::take(&mut word));
        }
        word.push(c.to_ascii_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The name of an environment variable: `ID_CARD_NO`.
pub fn variable(name: &str) -> String {
    words(name).join("_").to_ascii_uppercase()
}

/// A class's name: `cloud_connection` is `CloudConnection`; what has no underscores keeps its capitals.
pub fn class(name: &str) -> String {
    name.split(['_', '-']).map(capitalised).collect()
}

/// A member's name in TypeScript and Java: a small letter first, unless the first word is in capitals.
pub fn member(name: &str) -> String {
    let class = class(name);
    let mut letters = class.chars();
    match (letters.next(), letters.next()) {
        (Some(_), Some(second)) if second.is_ascii_uppercase() => class,
        (Some(first), _) => {
            let mut member = first.to_ascii_lowercase().to_string();
            member.push_str(&class[first.len_utf8()..]);
            member
        }
        _ => class,
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => {
            let mut word = first.to_ascii_uppercase().to_string();
            word.push_str(letters.as_str());
            word
        }
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_derived_as_the_vendors_do() {
        assert_eq!(snake("IDCardNo"), "idcard_no");
        assert_eq!(snake("IdcSP"), "idc_sp");
        assert_eq!(snake("RedundantEccId"), "redundant_ecc_id");
        assert_eq!(snake("enterprise_project_id"), "enterprise_project_id");
        assert_eq!(variable("IDCardNo"), "ID_CARD_NO");
        assert_eq!(variable("X-Auth-Token"), "X_AUTH_TOKEN");
        assert_eq!(class("cloud_connection"), "CloudConnection");
        assert_eq!(member("IDCardNo"), "IDCardNo");
        assert_eq!(member("IdcSP"), "idcSP");
        assert_eq!(member("enterprise_project_id"), "enterpriseProjectId");
        assert_eq!(words("CreateCen").join("_"), "create_cen");
    }
}
