//! A name, and what is called on it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::lexer::Language;
use crate::place::folded;
use crate::tree::{Pairs, Tree};

/// What is in parentheses behind a name.
#[derive(Default)]
pub struct Arguments {
    /// Those without a name.
    pub values: Vec<Tree>,
    /// Those with one.
    pub named: Pairs,
}

/// A name and what is called on it, one after the other.
pub struct Chain {
    /// The last name.
    pub name: String,
    /// All names: `os.environ`.
    path: String,
    /// Whether `new` stands before it.
    made: bool,
    /// Whether it was called already.
    called: bool,
    language: Language,
    /// What it gives, as far as it is known.
    pub value: Option<Tree>,
    /// What `setName(…)` and `withName(…)` have set.
    set: Pairs,
}

impl Chain {
    /// A name by itself.
    pub fn new(name: &str, made: bool, language: Language) -> Chain {
        Chain {
            name: name.to_string(),
            path: name.to_string(),
            made,
            called: false,
            language,
            value: None,
            set: Pairs::new(),
        }
    }

    /// Goes on to a member.
    pub fn member(&mut self, name: &str) {
        self.name = name.to_string();
        self.path.push('.');
        self.path.push_str(name);
        self.changed();
    }

    /// What is made of a value is another one. A request stays what it is.
    pub fn changed(&mut self) {
        if let Some(Tree::Text(_) | Tree::List(_)) = self.value {
            self.value = Some(Tree::Variable(self.path.clone()));
        }
    }

    /// Whether it gives what the environment holds.
    pub fn is_environment(&self) -> bool {
        let name = folded(&self.name);
        ["environ", "env", "getenv", "need", "getproperty"].contains(&&*name)
    }

    /// Whether what it is called with is what it gives: a pointer to it, a model of an SDK, an encoding of it.
    fn is_wrapper(&self) -> bool {
        const NAMES: [&str; 9] = [
            "pointer",
            "ptr",
            "dict",
            "str",
            "int",
            "valueOf",
            "int32",
            "int64",
            "encodeURIComponent",
        ];
        let request = folded(&self.name).ends_with("request");
        let known = self.path.starts_with("tea.") || NAMES.contains(&&*self.name);
        !self.called && (self.made || request || known)
    }

    /// Calls it.
    pub fn call(&mut self, arguments: Arguments) {
        // A function of Terraform's makes something else of what it takes.
        if self.language == Language::Terraform {
            self.value = Some(Tree::Variable(self.path.clone()));
            return;
        }
        let Arguments { mut values, named } = arguments;
        let environment = self.is_environment();
        let first = match values.len() {
            0 if named.is_empty() => None,
            0 => Some(Tree::Map(named)),
            1 => values.pop(),
            _ => None,
        };
        let name = &self.name;
        let member = ["set_", "with_", "set", "with", "Set", "With"]
            .into_iter()
            .find_map(|before| name.strip_prefix(before).filter(|rest| !rest.is_empty()));
        match (member, first) {
            (_, Some(Tree::Text(name))) if environment => self.value = Some(Tree::Variable(name)),
            (Some(member), Some(value)) => self.set.push((member.to_string(), value)),
            (_, first) if matches!(&*self.name, "asList" | "of" | "singletonList") => {
                values.extend(first);
                self.value = Some(Tree::List(values));
            }
            (_, None) if matches!(&*self.name, "put" | "set" | "add") && values.len() == 2 => {
                let value = values.pop();
                if let (Some(Tree::Text(name)), Some(value)) = (values.pop(), value) {
                    self.set.push((name, value));
                }
            }
            (_, Some(value)) if !matches!(self.value, Some(Tree::Map(_))) => {
                let kept = !matches!(value, Tree::Text(_) | Tree::List(_)) || self.is_wrapper();
                self.value = Some(match kept {
                    true => value,
                    false => Tree::Variable(self.path.clone()),
                });
            }
            // A request among other arguments.
            (_, None) if self.value.is_none() => {
                let maps = |tree: &Tree| matches!(tree, Tree::Map(_));
                self.value = values.into_iter().find(maps);
            }
            _ => self.changed(),
        }
        self.called = true;
    }

    /// What it gives in the end.
    pub fn end(self) -> Tree {
        match (self.value, self.set.is_empty()) {
            (Some(Tree::Map(mut pairs)), _) => {
                pairs.extend(self.set);
                Tree::Map(pairs)
            }
            (_, false) => Tree::Map(self.set),
            (Some(value), true) => value,
            (None, true) => Tree::Variable(self.path),
        }
    }
}
