//! Input before and after parsing, which are different types.
//!
//! [`Raw`] is what somebody typed or sent: text, lists and objects, in any state. [`Parsed`] holds
//! what of it could be read in the operation's own types; [`crate::check`] makes it, and a
//! [`Valid`](crate::Valid) of what breaks no rule.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Serialize, Serializer};

use crate::model::{Example, Kind, Operation, Param, ParamLocation, Privacy};
use crate::path::{find_param, join};

/// The text in place of a value that must not be shown.
pub const MASK: &str = "•••";

/// The highest item number that [`Raw::set`] accepts: far above every documented limit, and low
/// enough that a hostile `Tag.999999999.Key` costs nothing.
const MAX_ITEMS: usize = 200;

/// Unchecked input. Every leaf is text, as in a form or a query string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Raw {
    /// A leaf.
    Text(String),
    /// A list.
    List(Vec<Raw>),
    /// An object; names can repeat only through [`Raw::from_json`], which refuses them.
    Object(Vec<(String, Raw)>),
}

impl Default for Raw {
    fn default() -> Self {
        Raw::new()
    }
}

impl Raw {
    /// Empty input.
    pub fn new() -> Raw {
        Raw::Object(Vec::new())
    }

    /// Sets the leaf at a wire path such as `Tag.1.Key`; whole numbers in it are 1-based item
    /// numbers. Skipped items become empty objects. Returns false, and changes nothing, where the
    /// path is empty, contradicts what is there, or numbers an item above 200.
    pub fn set(&mut self, path: &str, text: &str) -> bool {
        let segments: Vec<&str> = path.split('.').collect();
        // A number that numbers no item is no name of a member either.
        let odd = |s: &&str| s.bytes().all(|b| b.is_ascii_digit()) && item_number(s).is_none();
        if segments.iter().any(odd) || !self.fits(&segments) {
            return false;
        }
        let mut at = self;
        for (depth, segment) in segments.iter().enumerate() {
            let leaf = depth + 1 == segments.len();
            let fresh = || match segments.get(depth + 1) {
                None => Raw::Text(String::new()),
                Some(next) if item_number(next).is_some() => Raw::List(Vec::new()),
                Some(_) => Raw::new(),
            };
            at = match (at, item_number(segment)) {
                (Raw::List(items), Some(n)) => {
                    while items.len() < n {
                        items.push(if items.len() + 1 == n {
                            fresh()
                        } else {
                            Raw::new()
                        });
                    }
                    &mut items[n - 1]
                }
                (Raw::Object(members), _) => {
                    let index = members.iter().position(|(name, _)| name == segment);
                    let index = index.unwrap_or_else(|| {
                        members.push((segment.to_string(), fresh()));
                        members.len() - 1
                    });
                    &mut members[index].1
                }
                _ => return false,
            };
            if leaf {
                *at = Raw::Text(text.to_string());
                return true;
            }
            // An item that was only skipped over so far takes the shape that is needed now.
            if *at == Raw::new() {
                *at = fresh();
            }
        }
        false
    }

    fn fits(&self, segments: &[&str]) -> bool {
        let Some((first, rest)) = segments.split_first() else {
            return matches!(self, Raw::Text(_)) || *self == Raw::new();
        };
        match (self, item_number(first)) {
            (Raw::List(items), Some(n)) => {
                n <= MAX_ITEMS
                    && items
                        .get(n - 1)
                        .map_or(new_path_fits(rest), |i| i.fits(rest))
            }
            (Raw::List(_), None) | (Raw::Text(_), _) => false,
            (Raw::Object(members), number) => {
                match members.iter().find(|(name, _)| name == first) {
                    Some((_, value)) => value.fits(rest),
                    None if number.is_some() => false,
                    None => new_path_fits(rest),
                }
            }
        }
    }

    /// The leaf at a wire path.
    pub fn get(&self, path: &str) -> Option<&str> {
        match self.at(path)? {
            Raw::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The part of the input at a wire path.
    pub fn at(&self, path: &str) -> Option<&Raw> {
        path.split('.')
            .try_fold(self, |at, segment| match (at, item_number(segment)) {
                (Raw::List(items), Some(n)) => items.get(n - 1),
                (Raw::Object(members), _) => {
                    members.iter().find(|(n, _)| n == segment).map(|(_, v)| v)
                }
                _ => None,
            })
    }

    /// Removes what is at a wire path. Later items of a list move up.
    pub fn remove(&mut self, path: &str) {
        let (parent, last) = match path.rsplit_once('.') {
            Some((parent, last)) => (self.at_mut(parent), last),
            None => (Some(self), path),
        };
        match parent {
            Some(Raw::Object(members)) => members.retain(|(name, _)| name != last),
            Some(Raw::List(items)) => match item_number(last) {
                Some(n) if n <= items.len() => {
                    items.remove(n - 1);
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn at_mut(&mut self, path: &str) -> Option<&mut Raw> {
        path.split('.')
            .try_fold(self, |at, segment| match (at, item_number(segment)) {
                (Raw::List(items), Some(n)) => items.get_mut(n - 1),
                (Raw::Object(members), _) => members
                    .iter_mut()
                    .find(|(n, _)| n == segment)
                    .map(|(_, v)| v),
                _ => None,
            })
    }

    /// Every leaf with its wire path, in order.
    pub fn leaves(&self) -> Vec<(String, &str)> {
        fn walk<'a>(at: &'a Raw, path: &str, out: &mut Vec<(String, &'a str)>) {
            match at {
                Raw::Text(text) => out.push((path.to_string(), text)),
                Raw::List(items) => {
                    for (i, item) in items.iter().enumerate() {
                        walk(item, &join(path, &(i + 1).to_string()), out);
                    }
                }
                Raw::Object(members) => {
                    for (name, value) in members {
                        walk(value, &join(path, name), out);
                    }
                }
            }
        }
        let mut out = Vec::new();
        walk(self, "", &mut out);
        out
    }

    /// The document's usable examples, which always pass the check. A required parameter whose
    /// example is masked is left to the user, and so are tokens and personal data.
    pub fn example(op: &'static Operation) -> Raw {
        fn fill(raw: &mut Raw, params: &[Param], path: &str) {
            for param in params.iter().filter(|p| p.privacy == Privacy::Public) {
                let here = join(path, param.name);
                match param.kind {
                    Kind::Object(members) => fill(raw, members, &here),
                    Kind::List { item, .. } => {
                        if let Kind::Object(members) = item.kind {
                            fill(raw, members, &join(&here, "1"));
                        }
                    }
                    _ => {
                        if let Example::Usable(text) = param.example {
                            raw.set(&here, text);
                        }
                    }
                }
            }
        }
        let mut raw = Raw::new();
        fill(&mut raw, op.params, "");
        raw
    }
}

fn item_number(segment: &str) -> Option<usize> {
    match segment.parse::<usize>() {
        Ok(n) if n > 0 && segment.len() < 7 => Some(n),
        _ => None,
    }
}

fn new_path_fits(rest: &[&str]) -> bool {
    rest.iter()
        .all(|s| item_number(s).is_none_or(|n| n <= MAX_ITEMS))
}

/// A value in the operation's own types.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Unicode text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// A list, never empty.
    List(Vec<Value>),
    /// An object; the names are the catalog's.
    Object(Vec<(&'static str, Value)>),
}

impl Value {
    /// The text of a leaf, as it stands in a query string.
    pub fn text(&self) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Integer(n) => Some(n.to_string()),
            Value::Boolean(b) => Some(b.to_string()),
            _ => None,
        }
    }

    /// The value as JSON text.
    pub fn json(&self) -> String {
        // Names are strings, so nothing of a value fails to be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn to_raw(&self) -> Raw {
        match self {
            Value::List(items) => Raw::List(items.iter().map(Value::to_raw).collect()),
            Value::Object(members) => object_raw(members),
            leaf => Raw::Text(leaf.text().unwrap_or_default()),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => to.serialize_str(text),
            Value::Integer(n) => to.serialize_i64(*n),
            Value::Boolean(b) => to.serialize_bool(*b),
            Value::List(items) => to.collect_seq(items),
            Value::Object(members) => Members(members).serialize(to),
        }
    }
}

/// The members of an object.
struct Members<'a>(&'a [(&'static str, Value)]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(n, v)| (n, v)))
    }
}

fn object_raw(members: &[(&'static str, Value)]) -> Raw {
    Raw::Object(
        members
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_raw()))
            .collect(),
    )
}

/// Input in the operation's own types, as far as it could be read, in the catalog's order. Values that
/// have no reading (a number that is none) are left out.
#[derive(Clone, PartialEq, Eq)]
pub struct Parsed {
    operation: &'static Operation,
    values: Vec<(&'static str, Value)>,
}

impl fmt::Debug for Parsed {
    /// Personal data and secrets stay out of logs and panics.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.operation.name, self.masked().values)
    }
}

impl Parsed {
    pub(crate) fn new(operation: &'static Operation, values: Vec<(&'static str, Value)>) -> Parsed {
        Parsed { operation, values }
    }

    /// The operation.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The top-level parameters that are present, in the catalog's order.
    pub fn values(&self) -> &[(&'static str, Value)] {
        &self.values
    }

    /// The text of the leaf at a wire path.
    pub fn get(&self, path: &str) -> Option<String> {
        let mut segments = path.split('.');
        let first = segments.next()?;
        let top = self.values.iter().find(|(name, _)| *name == first)?;
        segments
            .try_fold(&top.1, |at, segment| match at {
                Value::Object(members) => {
                    members.iter().find(|(n, _)| *n == segment).map(|(_, v)| v)
                }
                Value::List(items) => items.get(item_number(segment)? - 1),
                _ => None,
            })?
            .text()
    }

    /// The body of the proxy's `POST /v1/{operation}`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(Members(&self.values)).unwrap_or_default()
    }

    /// The same as unchecked input, to fill a form again.
    pub fn to_raw(&self) -> Raw {
        object_raw(&self.values)
    }

    /// Without personal data and secrets: what may be stored.
    pub fn public(&self) -> Parsed {
        self.with_private(|_| None)
    }

    /// With personal data and secrets replaced by [`MASK`]: what may be shown.
    pub fn masked(&self) -> Parsed {
        self.with_private(|_| Some(Value::Text(MASK.to_string())))
    }

    fn with_private(&self, replace: impl Fn(&Param) -> Option<Value>) -> Parsed {
        let private = |name: &str| {
            find_param(self.operation.params, name).filter(|p| p.privacy != Privacy::Public)
        };
        Parsed {
            operation: self.operation,
            values: self
                .values
                .iter()
                .filter_map(|(name, value)| match private(name) {
                    Some(param) => replace(param).map(|v| (*name, v)),
                    None => Some((*name, value.clone())),
                })
                .collect(),
        }
    }

    /// The present values that travel in `location`, each with its parameter.
    pub fn located(
        &self,
        location: ParamLocation,
    ) -> impl Iterator<Item = (&'static Param, &Value)> {
        self.values.iter().filter_map(move |(name, value)| {
            find_param(self.operation.params, name)
                .filter(|p| p.location == location)
                .map(|p| (p, value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_and_get_follow_wire_paths() {
        let mut raw = Raw::new();
        assert!(raw.set("Name", "a"));
        assert!(raw.set("Tag.2.Key", "k"));
        assert!(raw.set("Tag.1.Value", "v"));
        assert!(raw.set("Filter.1.Value.2", "x"));
        assert_eq!(raw.get("Tag.2.Key"), Some("k"));
        assert_eq!(raw.get("Tag.1.Value"), Some("v"));
        assert_eq!(raw.get("Tag.1.Key"), None);
        assert_eq!(raw.get("Filter.1.Value.2"), Some("x"));
    }

    #[test]
    fn set_refuses_what_contradicts_the_shape_and_changes_nothing() {
        let mut raw = Raw::new();
        raw.set("Tag.1.Key", "k");
        let before = raw.clone();
        for path in [
            "",
            ".",
            "Tag",
            "Tag.x",
            "Tag.1",
            "Tag.999999.Key",
            "1.a",
            "Tag.1.Key.2",
        ] {
            assert!(!raw.set(path, "x"), "{path}");
            assert_eq!(raw, before, "{path}");
        }
    }

    #[test]
    fn remove_moves_later_items_up() {
        let mut raw = Raw::new();
        raw.set("Tag.1.Key", "a");
        raw.set("Tag.2.Key", "b");
        raw.remove("Tag.1");
        assert_eq!(raw.get("Tag.1.Key"), Some("b"));
        raw.remove("Tag.7");
        raw.remove("Nothing.at.all");
        assert_eq!(raw.leaves().len(), 1);
    }
}
