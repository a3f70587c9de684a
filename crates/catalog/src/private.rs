//! The private values of a request in a text that somebody else wrote: a cloud's refusal may repeat what it
//! was sent, as it does with what it has computed a signature over.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::{Answer, Refusal};
use crate::input::{Parsed, Value, MASK};
use crate::model::Privacy;
use crate::path::find_param;
use crate::wire::percent_encode;

/// The fewest bytes of a value that is looked for. A shorter one stands in any text by chance, and tells
/// nothing of anybody.
const SHORTEST: usize = 3;

impl Parsed {
    /// A text with [`MASK`] in the place of each personal or secret value of these parameters: as it is, as
    /// JSON writes it, and percent-encoded, once or twice.
    pub fn hidden_in(&self, text: &str) -> String {
        let mut found = Vec::new();
        for (name, value) in self.values() {
            let param = find_param(self.operation().params, name);
            if param.is_some_and(|param| param.privacy != Privacy::Public) {
                leaves(value, &mut found);
            }
        }
        let mut written: Vec<String> = found.iter().flat_map(|value| writings(value)).collect();
        // A value may be part of another one.
        written.sort_by_key(|value| core::cmp::Reverse(value.len()));
        let mut text = text.to_string();
        for value in written.iter().filter(|value| value.len() >= SHORTEST) {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), MASK);
            }
        }
        text
    }

    /// What a cloud has answered to these parameters, with a message that repeats none of their personal or
    /// secret values: a record keeps it.
    pub fn hidden_from(&self, answer: Answer) -> Answer {
        let hidden = |refusal: Refusal| Refusal {
            message: self.hidden_in(&refusal.message),
            ..refusal
        };
        match answer {
            Answer::Created(created) => Answer::Created(created),
            Answer::Rejected(refusal) => Answer::Rejected(hidden(refusal)),
            Answer::NotExecuted(refusal) => Answer::NotExecuted(hidden(refusal)),
            Answer::Unknown(refusal) => Answer::Unknown(hidden(refusal)),
        }
    }
}

fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(members) => members.iter().for_each(|(_, member)| leaves(member, found)),
        leaf => found.extend(leaf.text()),
    }
}

/// The ways in which a value may stand in a text.
fn writings(value: &str) -> Vec<String> {
    let json = serde_json::Value::from(value).to_string();
    let inner = json
        .strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'));
    let inner = inner.unwrap_or(&json);
    let escaped = |c: char| -> String {
        if c.is_ascii() {
            return c.to_string();
        }
        let units = c.encode_utf16(&mut [0; 2]).to_vec();
        units
            .iter()
            .map(|unit| alloc::format!("\\u{unit:04x}"))
            .collect()
    };
    let once = percent_encode(value);
    let mut all = Vec::from([
        value.to_string(),
        inner.to_string(),
        inner.chars().map(escaped).collect(),
        percent_encode(&once),
        once,
    ]);
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::creations;
    use crate::{check, Raw};

    #[test]
    fn a_private_value_is_hidden_however_it_is_written() {
        let mut found = 0;
        for op in creations() {
            for param in op.params.iter().filter(|p| p.privacy != Privacy::Public) {
                let mut raw = Raw::new();
                raw.set(param.name, "杭 1+a@b\"c");
                let parsed = check(op, &raw).parsed;
                if parsed.get(param.name).is_none() {
                    continue;
                }
                found += 1;
                raw.set(param.name, "abc\"");
                let quoted = check(op, &raw).parsed;
                let hidden = quoted.hidden_in(r#"{"Message":"bad abc\" here"}"#);
                assert_eq!(hidden, alloc::format!(r#"{{"Message":"bad {MASK} here"}}"#));
                for text in [
                    "杭 1+a@b\"c",
                    "杭 1+a@b\\\"c",
                    "\\u676d 1+a@b\\\"c",
                    "%E6%9D%AD%201%2Ba%40b%22c",
                    "%25E6%259D%25AD%25201%252Ba%2540b%2522c",
                ] {
                    let around = alloc::format!("a={text}&b");
                    let hidden = parsed.hidden_in(&around);
                    assert_eq!(hidden, alloc::format!("a={MASK}&b"), "{}", param.name);
                }
            }
            let mut raw = Raw::example(op);
            raw.set("Name", "branch");
            assert_eq!(check(op, &raw).parsed.hidden_in("branch"), "branch");
        }
        assert!(found > 2, "{found}");
    }

    #[test]
    fn no_record_gets_what_a_cloud_repeats() {
        for op in creations() {
            let private = |p: &&crate::Param| p.privacy != Privacy::Public;
            for param in op.params.iter().filter(private) {
                let mut raw = Raw::new();
                raw.set(param.name, "canary@example.com");
                let parsed = check(op, &raw).parsed;
                if parsed.get(param.name).is_none() {
                    continue;
                }
                for (status, code) in [
                    (400, "SignatureDoesNotMatch"),
                    (400, "Throttling"),
                    (500, "Odd"),
                ] {
                    let body = alloc::format!(
                        r#"{{"Code":"{code}","Message":"is canary%40example.com","RequestId":"R"}}"#
                    );
                    let response = crate::wire::Response {
                        status,
                        body,
                        ..Default::default()
                    };
                    let answer = parsed.hidden_from(crate::answer::decode(op, &response));
                    let (Answer::Rejected(told)
                    | Answer::NotExecuted(told)
                    | Answer::Unknown(told)) = answer
                    else {
                        panic!("{code} made something");
                    };
                    assert_eq!(told.message, alloc::format!("is {MASK}"), "{code}");
                    assert_eq!((told.code.as_str(), told.http), (code, status));
                }
            }
        }
    }
}
