//! Values as they stand in any notation: what every reader makes, and what is then held against the tables.

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
    for (name, value) in pairs {
        let segments: Vec<&str> = name.split('.').collect();
        let plain = segments.len() > DEPTH || segments.iter().any(|segment| segment.is_empty());
        match plain {
            true => out.push((name, value)),
            false => insert(&mut out, &segments, value),
        }
    }
    out
}

fn insert(pairs: &mut Pairs, segments: &[&str], value: Tree) {
    let Some((first, rest)) = segments.split_first() else {
        return;
    };
    if rest.is_empty() {
        pairs.push((first.to_string(), value));
        return;
    }
    let found = pairs
        .iter_mut()
        .find(|(name, tree)| name == first && matches!(tree, Tree::Map(_)));
    if let Some((_, Tree::Map(inner))) = found {
        return insert(inner, rest, value);
    }
    let mut inner = Pairs::new();
    insert(&mut inner, rest, value);
    pairs.push((first.to_string(), Tree::Map(inner)));
}
