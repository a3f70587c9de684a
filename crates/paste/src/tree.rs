//! Values as they stand in any notation: what every reader makes, and what is then held against the tables.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value as Json;

/// A value of a notation.
#[derive(Clone, PartialEq, Debug)]
pub enum Tree {
    /// Nothing: `null`, `None`, `nil`.
    Nothing,
    /// A text, a number or a truth value.
    Text(String),
    /// What stands for a value that is not there: a variable, an expression.
    Variable(String),
    /// A list.
    List(Vec<Tree>),
    /// Names with values.
    Map(Pairs),
}

/// Names with values, in order.
pub type Pairs = Vec<(String, Tree)>;

/// What the notations themselves nest deeper than this is not read.
pub const DEPTH: usize = 40;

impl From<Json> for Tree {
    fn from(json: Json) -> Tree {
        match json {
            Json::Null => Tree::Nothing,
            Json::Bool(truth) => Tree::Text(truth.to_string()),
            Json::Number(number) => Tree::Text(number.to_string()),
            Json::String(text) => Tree::Text(text),
            Json::Array(items) => Tree::List(items.into_iter().map(Tree::from).collect()),
            Json::Object(members) => {
                let pairs = members.into_iter();
                Tree::Map(pairs.map(|(name, value)| (name, value.into())).collect())
            }
        }
    }
}

/// The pairs with what stands under dotted names put where it belongs: `Tag.1.Key`. A name as long as a novel is
/// none of a parameter and stays as it is.
pub fn nested(pairs: Pairs) -> Pairs {
    let mut out = Pairs::new();
    // Where each map stands by its name, since a text can have tens of thousands, and what belongs under it.
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut under: BTreeMap<usize, Pairs> = BTreeMap::new();
    for (name, value) in pairs {
        match name.split_once('.').filter(|_| is_path(&name)) {
            Some((head, rest)) => {
                let place = *places.entry(head.to_string()).or_insert_with(|| {
                    out.push((head.to_string(), Tree::Map(Pairs::new())));
                    out.len() - 1
                });
                under
                    .entry(place)
                    .or_default()
                    .push((rest.to_string(), value));
            }
            None => {
                if matches!(value, Tree::Map(_)) {
                    places.entry(name.clone()).or_insert(out.len());
                }
                out.push((name, value));
            }
        }
    }
    for (place, pairs) in under {
        if let Some((_, Tree::Map(inner))) = out.get_mut(place) {
            inner.extend(nested(pairs));
        }
    }
    out
}

fn is_path(name: &str) -> bool {
    name.split('.').count() <= DEPTH && name.split('.').all(|segment| !segment.is_empty())
}
