//! JSON read by an operation's schema, strictly: [`Raw::from_json`].

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::check::{Violation, MOST_TOLD};
use crate::input::Raw;
use crate::model::*;
use crate::path::{find_param, join};
use crate::text::Message;

impl Raw {
    /// Reads a JSON object of parameters by wire name, by the operation's schema.
    ///
    /// # Errors
    /// All of: malformed JSON (`json`), a repeated name (`repeated`), an unknown one (`unknown`), a
    /// value of the wrong type (`type`), each naming its wire path.
    pub fn from_json(op: &'static Operation, json: &str) -> Result<Raw, Vec<Violation>> {
        let tree: Tree = serde_json::from_str(json).map_err(|error| {
            vec![Violation::shape(
                "",
                "json",
                Message::new(
                    format!("The body is not a JSON object: {error}. Send an object of parameters by wire name."),
                    format!("请求体不是 JSON 对象：{error}。请以参数名为键发送一个对象。"),
                ),
            )]
        })?;
        by_schema(op, tree)
    }

    /// The same of JSON that was read before, and has every name once.
    ///
    /// # Errors
    /// As [`Raw::from_json`].
    pub fn from_value(
        op: &'static Operation,
        json: &serde_json::Value,
    ) -> Result<Raw, Vec<Violation>> {
        // Nothing that was read cannot be read.
        by_schema(op, Tree::deserialize(json).unwrap_or(Tree::Null))
    }
}

fn by_schema(op: &'static Operation, tree: Tree) -> Result<Raw, Vec<Violation>> {
    let mut violations = Vec::new();
    let raw = match tree {
        Tree::Object(members) => members_of(op, op.params, members, "", &mut violations),
        other => {
            wrong_type(
                "",
                "a JSON object",
                "一个 JSON 对象",
                &other,
                &mut violations,
            );
            Raw::new()
        }
    };
    match violations.is_empty() {
        true => Ok(raw),
        false => Err(violations),
    }
}

/// JSON with every member kept, so that a repeated name is seen instead of silently lost.
enum Tree {
    Null,
    Boolean(bool),
    Integer(String),
    /// A number that is no `i64`.
    Inexact,
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TreeVisitor;
        impl<'de> Visitor<'de> for TreeVisitor {
            type Value = Tree;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Null)
            }
            fn visit_bool<E>(self, v: bool) -> Result<Tree, E> {
                Ok(Tree::Boolean(v))
            }
            fn visit_i64<E>(self, v: i64) -> Result<Tree, E> {
                Ok(Tree::Integer(v.to_string()))
            }
            fn visit_u64<E>(self, v: u64) -> Result<Tree, E> {
                Ok(i64::try_from(v).map_or(Tree::Inexact, |v| Tree::Integer(v.to_string())))
            }
            fn visit_f64<E>(self, v: f64) -> Result<Tree, E> {
                // 2.0 is the same number as 2 to JSON Schema and to most languages that write it;
                // beyond 2^53 a double no longer says which whole number was meant.
                const EXACT: f64 = 9_007_199_254_740_992.0;
                let number = v as i64;
                Ok(if (-EXACT..=EXACT).contains(&v) && number as f64 == v {
                    Tree::Integer(number.to_string())
                } else {
                    Tree::Inexact
                })
            }
            fn visit_str<E>(self, v: &str) -> Result<Tree, E> {
                Ok(Tree::Text(v.to_string()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Tree::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Tree::Object(members))
            }
        }
        deserializer.deserialize_any(TreeVisitor)
    }
}

fn members_of(
    op: &Operation,
    params: &'static [Param],
    members: Vec<(String, Tree)>,
    path: &str,
    violations: &mut Vec<Violation>,
) -> Raw {
    // A set, because a hostile body has tens of thousands of names.
    let mut seen = BTreeSet::new();
    let mut read: Vec<(String, Raw)> = Vec::new();
    for (name, tree) in members {
        let here = join(path, &name);
        if !seen.insert(name.clone()) {
            tell(violations, || {
                let message = Message::new(
                    format!("{here} is given more than once. Send it once."),
                    format!("{here} 重复出现。请只发送一次。"),
                );
                Violation::shape(&here, "repeated", message)
            });
            continue;
        }
        let value = match find_param(params, &name) {
            Some(param) => by_kind(op, param, tree, &here, violations),
            None => {
                tell(violations, || Violation::unknown(op, params, &here));
                Raw::Text(String::new())
            }
        };
        read.push((name, value));
    }
    Raw::Object(read)
}

/// Tells what is wrong as long as anybody reads it: a hostile body has tens of thousands of mistakes,
/// each of which is told in many more bytes than it has.
fn tell(violations: &mut Vec<Violation>, violation: impl FnOnce() -> Violation) {
    if violations.len() < MOST_TOLD {
        violations.push(violation());
    }
}

fn by_kind(
    op: &Operation,
    param: &'static Param,
    tree: Tree,
    path: &str,
    violations: &mut Vec<Violation>,
) -> Raw {
    match (&param.kind, tree) {
        (Kind::Text, Tree::Text(text)) | (Kind::Integer, Tree::Integer(text)) => Raw::Text(text),
        (Kind::Boolean, Tree::Boolean(value)) => Raw::Text(value.to_string()),
        (Kind::Object(params), Tree::Object(members)) => {
            members_of(op, params, members, path, violations)
        }
        (Kind::List { item, .. }, Tree::List(trees)) => Raw::List(
            trees
                .into_iter()
                .enumerate()
                .map(|(i, tree)| {
                    by_kind(
                        op,
                        item,
                        tree,
                        &join(path, &(i + 1).to_string()),
                        violations,
                    )
                })
                .collect(),
        ),
        (kind, tree) => {
            let (en, zh) = kind.noun();
            wrong_type(path, en, zh, &tree, violations);
            Raw::Text(String::new())
        }
    }
}

fn wrong_type(path: &str, en: &str, zh: &str, tree: &Tree, violations: &mut Vec<Violation>) {
    let (found, found_zh) = match tree {
        Tree::Null => ("null", "空值（null）"),
        Tree::Boolean(_) => ("a boolean", "布尔值"),
        Tree::Integer(_) => ("a number", "数字"),
        Tree::Inexact => ("a fraction or too large a number", "小数或过大的数"),
        Tree::Text(_) => ("a string", "字符串"),
        Tree::List(_) => ("an array", "数组"),
        Tree::Object(_) => ("an object", "对象"),
    };
    let name = if path.is_empty() { "The body" } else { path };
    let name_zh = match path {
        "" => "请求体".to_string(),
        path => format!("{path} "),
    };
    tell(violations, || {
        Violation::shape(
            path,
            "type",
            Message::new(
                format!("{name} must be {en}, not {found}."),
                format!("{name_zh}必须是{zh}，而不是{found_zh}。"),
            ),
        )
    });
}

impl Kind {
    /// The noun for a JSON value of this kind, in English and Chinese.
    pub const fn noun(&self) -> (&'static str, &'static str) {
        match self {
            Kind::Text => ("a string", "字符串"),
            Kind::Integer => ("a whole number", "整数"),
            Kind::Boolean => ("true or false", "布尔值（true 或 false）"),
            Kind::List { .. } => ("an array", "数组"),
            Kind::Object(_) => ("an object", "对象"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::operations;

    #[test]
    fn a_whole_number_is_one_of_64_bits() {
        let mut seen = 0;
        for op in operations() {
            let integers = op.params.iter();
            for param in integers.filter(|p| matches!(p.kind, Kind::Integer)) {
                for (number, fits) in [
                    ("9223372036854775807", true),
                    ("-9223372036854775808", true),
                    ("2.0", true),
                    ("9223372036854775808", false),
                    ("18446744073709551616", false),
                    ("1e17", false),
                    ("0.5", false),
                ] {
                    let json = format!("{{\"{}\":{number}}}", param.name);
                    let read = Raw::from_json(op, &json);
                    assert_eq!(read.is_ok(), fits, "{json}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 0);
    }
}
