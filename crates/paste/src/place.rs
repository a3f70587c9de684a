//! Values of any notation, put where they belong in an operation's input. Names are told by their letters and
//! digits alone, so that `IpAddress`, `ip_address` and `ipAddress` are one.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::{Control, Protocol};
use tieline_catalog::path::join;
use tieline_catalog::{Kind, Operation, Param, Raw};

use crate::reading::{Left, Why};
use crate::tree::{nested, Pairs, Tree};

/// What stands around a request's parameters in the vendors' clients.
const AROUND: [&str; 9] = [
    "body",
    "data",
    "json",
    "query",
    "queryparams",
    "pathparams",
    "headers",
    "params",
    "parameters",
];

/// The account's id in the vendor's credentials, by its letters.
const ACCOUNT: &str = "domainid";

/// Input under construction.
#[derive(Default)]
pub struct Placed {
    /// What was understood.
    pub raw: Raw,
    /// How many values.
    pub count: usize,
    /// What was not.
    pub left: Vec<Left>,
}

impl Placed {
    /// Puts pairs into the input of an operation. What is there already stays.
    pub fn add(&mut self, op: &Operation, pairs: Pairs) {
        let mut pairs = nested(pairs);
        // The vendor's credentials call the account so, whatever the operation calls it.
        let account = op.param_with(Control::Account);
        if let (Some(account), None) = (account, find(op.params, ACCOUNT)) {
            let own = pairs.iter_mut().filter(|(name, _)| folded(name) == ACCOUNT);
            own.for_each(|(name, _)| *name = account.to_string());
        }
        self.members(op.params, pairs, "", 0, true);
    }

    fn members(
        &mut self,
        params: &'static [Param],
        pairs: Pairs,
        path: &str,
        depth: usize,
        top: bool,
    ) {
        for (name, tree) in pairs {
            let found = find(params, &name);
            match (found, tree) {
                (Some(param), tree) => self.value(param, tree, &join(path, param.name)),
                (None, Tree::Map(inner)) if top && is_around(&name) && depth < AROUND.len() => {
                    self.members(params, nested(inner), path, depth + 1, true);
                }
                // What the request's own protocol adds is no parameter, and nobody misses it.
                (None, _) if top && is_of_the_protocol(&name) => {}
                (None, Tree::Nothing | Tree::Variable(_)) => {}
                (None, _) => self.leave(&join(path, &name), Why::Unknown),
            }
        }
    }

    fn value(&mut self, param: &'static Param, tree: Tree, path: &str) {
        match (param.kind, tree) {
            (_, Tree::Nothing) => {}
            (_, Tree::Variable(_)) if self.raw.at(path).is_some() => {}
            (_, Tree::Variable(_)) => self.leave(path, Why::Variable),
            (Kind::Object(members), Tree::Map(pairs)) => {
                self.members(members, pairs, path, 0, false)
            }
            (Kind::List { item, .. }, tree) => match items(item, tree) {
                Some(trees) => self.list(item, trees, path),
                None => self.leave(path, Why::Shape),
            },
            (Kind::Object(_), Tree::Text(text)) => match json(&text) {
                Some(tree @ Tree::Map(_)) => self.value(param, tree, path),
                _ => self.leave(path, Why::Shape),
            },
            (_, Tree::Text(text)) => self.set(path, &text),
            (_, Tree::List(_) | Tree::Map(_)) => self.leave(path, Why::Shape),
        }
    }

    fn list(&mut self, item: &'static Param, trees: Vec<Tree>, path: &str) {
        if self.raw.at(path).is_some() {
            return;
        }
        for (nth, tree) in trees.into_iter().enumerate() {
            self.value(item, tree, &join(path, &(nth + 1).to_string()));
        }
    }

    fn set(&mut self, path: &str, text: &str) {
        // What stands in a variable is not what something less fitting says of the like.
        let variable = |left: &Left| left.name == path && left.why == Why::Variable;
        if self.raw.get(path).is_some() || self.left.iter().any(variable) {
            return;
        }
        match self.raw.set(path, text) {
            true => self.count += 1,
            false => self.leave(path, Why::Shape),
        }
    }

    /// Takes note of what was not understood, once, and as long as anybody reads it.
    pub fn leave(&mut self, name: &str, why: Why) {
        const MOST: usize = 50;
        let left = Left {
            name: name.chars().take(100).collect(),
            why,
        };
        if self.left.len() < MOST && !self.left.contains(&left) {
            self.left.push(left);
        }
    }
}

/// A list's items, however the notation has them.
fn items(item: &'static Param, tree: Tree) -> Option<Vec<Tree>> {
    let pairs = match tree {
        Tree::List(trees) => return Some(trees),
        Tree::Map(pairs) => pairs,
        Tree::Text(text) if text.is_empty() => return Some(Vec::new()),
        Tree::Text(text) => {
            return match json(&text) {
                Some(tree @ (Tree::List(_) | Tree::Map(_))) => items(item, tree),
                _ if !matches!(item.kind, Kind::Object(_)) => Some([Tree::Text(text)].into()),
                _ => None,
            }
        }
        Tree::Nothing | Tree::Variable(_) => return None,
    };
    // By number, as in a query string.
    let numbered = pairs
        .iter()
        .map(|(name, _)| name.parse::<u32>().ok())
        .collect::<Option<Vec<u32>>>();
    if let Some(numbers) = numbered {
        let trees = pairs.into_iter().map(|(_, tree)| tree);
        let mut trees: Vec<(u32, Tree)> = numbers.into_iter().zip(trees).collect();
        trees.sort_by_key(|(number, _)| *number);
        return Some(trees.into_iter().map(|(_, tree)| tree).collect());
    }
    let Kind::Object(members) = item.kind else {
        return None;
    };
    if pairs.iter().all(|(name, _)| find(members, name).is_some()) {
        return Some([Tree::Map(pairs)].into());
    }
    match <[(String, Tree); 1]>::try_from(pairs) {
        // XML has an element around the items, named like one of them.
        Ok([(_, inner @ (Tree::List(_) | Tree::Map(_)))]) => items(item, inner),
        Ok(pair) => keys(members, pair.into()),
        Err(pairs) => keys(members, pairs),
    }
}

/// Tags as keys with values: what has two members, of which the first is the key.
fn keys(members: &'static [Param], pairs: Pairs) -> Option<Vec<Tree>> {
    let [key, value] = members else {
        return None;
    };
    let item = |(name, tree)| {
        Tree::Map(
            [
                (key.name.to_string(), Tree::Text(name)),
                (value.name.to_string(), tree),
            ]
            .into(),
        )
    };
    Some(pairs.into_iter().map(item).collect())
}

fn json(text: &str) -> Option<Tree> {
    let begins = text.trim_start().starts_with(['{', '[']);
    let json = begins.then(|| serde_json::from_str::<serde_json::Value>(text).ok());
    json.flatten().map(Tree::from)
}

/// A name's letters and digits, small.
pub fn folded(name: &str) -> String {
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

fn find(params: &'static [Param], name: &str) -> Option<&'static Param> {
    let exact = params.iter().find(|param| param.name == name);
    exact.or_else(|| {
        let name = folded(name);
        let like = |param: &&Param| !name.is_empty() && folded(param.name) == name;
        params.iter().find(like)
    })
}

fn is_around(name: &str) -> bool {
    AROUND.contains(&&*folded(name))
}

/// Whether a name is of every RPC request, and none of this one's own.
fn is_of_the_protocol(name: &str) -> bool {
    Protocol::RPC_COMMON.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_parameters_are_one_by_their_letters() {
        fn each(params: &[Param]) {
            for (nth, param) in params.iter().enumerate() {
                let same = |other: &&Param| folded(other.name) == folded(param.name);
                assert!(
                    params[nth + 1..].iter().find(same).is_none(),
                    "{}",
                    param.name
                );
                assert!(!is_around(param.name), "{}", param.name);
                match param.kind {
                    Kind::Object(members) => each(members),
                    Kind::List { item, .. } => {
                        if let Kind::Object(members) = item.kind {
                            each(members);
                        }
                    }
                    _ => {}
                }
            }
        }
        for op in tieline_catalog::creations() {
            each(op.params);
        }
    }
}
