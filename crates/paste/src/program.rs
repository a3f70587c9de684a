//! Values in a program: Python, TypeScript, Go, Java, and Terraform's language. None of them is parsed as its
//! compiler does; what matters is where names get values, and that is written alike in all of them.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::place::folded;
use crate::tree::{Pairs, Tree};
use lexer::{tokens, Token};
use reader::Reader;

mod chain;
mod lexer;
mod reader;
mod terraform;

pub use lexer::Language;
pub use terraform::{blocks, Block};

/// What a program has in it.
pub struct Program {
    /// Names with values that belong together, in order.
    pub groups: Vec<Group>,
    /// Names that get a value by themselves: `ip_address = "…"`.
    pub loose: Vec<Group>,
    /// All words, for the operation's name among them.
    pub words: Vec<String>,
}

/// Names with values that belong together.
pub struct Group {
    /// They.
    pub pairs: Pairs,
    /// By its letters, whatever is called or made with them and creates something: `createcenrequest`.
    pub names: Vec<String>,
    /// The variable of which a statement says so.
    base: Option<String>,
}

/// Reads a program.
pub fn program(text: &str, language: Language) -> Program {
    let tokens = tokens(text, language);
    let mut reader = Reader::new(&tokens, language);
    let (mut groups, mut loose): (Vec<Group>, Vec<Group>) = Default::default();
    // What the variables hold, by the names of what they were made by.
    let mut made: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    while !reader.is_done() {
        let before = reader.at;
        if reader.is_body() {
            reader.at += 1;
            continue;
        }
        let base = match &tokens[before] {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        };
        let held = base.and_then(|base| made.get(base)).cloned();
        if let Some((name, tree)) = reader.pair() {
            let mut names = creating(&tokens[before..reader.at]);
            let member = tokens.get(before + 1) == Some(&Token::Mark('.'));
            match (base, member) {
                (Some(base), false) => {
                    // From here on it holds something else.
                    let last = groups.last_mut();
                    let last = last.filter(|last| last.base.as_deref() == Some(base));
                    last.into_iter().for_each(|last| last.base = None);
                    made.insert(base, names.clone());
                }
                _ => names.extend(held.unwrap_or_default()),
            }
            let (to, pairs) = match tree {
                Tree::Map(pairs) => (&mut groups, pairs),
                tree => (&mut loose, [(name, tree)].into()),
            };
            to.push(Group {
                pairs,
                names,
                base: None,
            });
            continue;
        }
        reader.at = before;
        match reader.value(0) {
            Some(Tree::Map(pairs)) if !pairs.is_empty() => {
                let mut names = creating(&tokens[before..reader.at]);
                names.extend(held.unwrap_or_default());
                match groups.last_mut() {
                    // One statement after the other about the same thing.
                    Some(last) if base.is_some() && last.base.as_deref() == base => {
                        last.pairs.extend(pairs);
                        last.names.extend(names);
                    }
                    _ => groups.push(Group {
                        pairs,
                        names,
                        base: base.map(str::to_string),
                    }),
                }
            }
            // What lies inside may be something still.
            _ => reader.at = before + 1,
        }
    }
    let words = tokens.iter().filter_map(|token| match token {
        Token::Word(word) | Token::Text(word) if word.len() < 100 => Some(word.clone()),
        _ => None,
    });
    Program {
        groups,
        loose,
        words: words.collect(),
    }
}

/// The names among tokens that tell of a creation.
fn creating(tokens: &[Token]) -> Vec<String> {
    let names = tokens.iter().filter_map(|token| match token {
        Token::Word(word) if word.len() < 100 => Some(folded(word)),
        _ => None,
    });
    names.filter(|name| name.starts_with("create")).collect()
}
