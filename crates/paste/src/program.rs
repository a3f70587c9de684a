//! Values in a program: Python, TypeScript, Go, Java, and Terraform's language. None of them is parsed as its
//! compiler does; what matters is where names get values, and that is written alike in all of them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::place::folded;
use crate::tree::{Pairs, Tree, DEPTH};
use lexer::{tokens, Token};

mod lexer;

pub use lexer::Language;

/// Reading looks at no more tokens than this, those that it looks at twice counted twice.
const STEPS: usize = 400_000;

/// What a program has in it.
pub struct Program {
    /// Names with values that belong together, in order.
    pub groups: Vec<Pairs>,
    /// Names that get a value by themselves: `ip_address = "…"`.
    pub loose: Pairs,
    /// All words, for the operation's name among them.
    pub words: Vec<String>,
}

/// A resource of Terraform.
pub struct Block {
    /// `resource` or `provider`.
    pub kind: String,
    /// Its type: `alicloud_cen_instance`.
    pub name: String,
    /// Its arguments.
    pub pairs: Pairs,
}

/// Reads a program.
pub fn program(text: &str, language: Language) -> Program {
    let tokens = tokens(text, language);
    let mut reader = Reader::new(&tokens, language);
    let mut groups: Vec<(Option<String>, Pairs)> = Vec::new();
    let mut loose = Pairs::new();
    while reader.at < tokens.len() && reader.steps < STEPS {
        let before = reader.at;
        if reader.is_body() {
            reader.at += 1;
            continue;
        }
        if let Some(pair) = reader.pair() {
            match pair {
                (_, Tree::Map(pairs)) => groups.push((None, pairs)),
                pair => loose.push(pair),
            }
            continue;
        }
        reader.at = before;
        let base = match &tokens[before] {
            Token::Word(word) => Some(word.clone()),
            _ => None,
        };
        match reader.value(0) {
            Some(Tree::Map(pairs)) if !pairs.is_empty() => match groups.last_mut() {
                // One statement after the other about the same thing.
                Some((last, group)) if base.is_some() && *last == base => group.extend(pairs),
                _ => groups.push((base, pairs)),
            },
            // What lies inside may be something still.
            _ => reader.at = before + 1,
        }
    }
    let words = tokens.iter().filter_map(|token| match token {
        Token::Word(word) | Token::Text(word) if word.len() < 100 => Some(word.clone()),
        _ => None,
    });
    Program {
        groups: groups.into_iter().map(|(_, pairs)| pairs).collect(),
        loose,
        words: words.collect(),
    }
}

/// The blocks of a Terraform file.
pub fn blocks(text: &str) -> Vec<Block> {
    let tokens = tokens(text, Language::Terraform);
    let mut reader = Reader::new(&tokens, Language::Terraform);
    let mut blocks = Vec::new();
    while reader.at < tokens.len() && reader.steps < STEPS {
        let (Some(Token::Word(kind)), Some(Token::Text(name))) =
            (tokens.get(reader.at), tokens.get(reader.at + 1))
        else {
            reader.at += 1;
            continue;
        };
        reader.at += 2;
        if let Some(Token::Text(_)) = tokens.get(reader.at) {
            reader.at += 1;
        }
        if let Some(Tree::Map(pairs)) = reader.value(0) {
            blocks.push(Block {
                kind: kind.clone(),
                name: name.clone(),
                pairs,
            });
        }
    }
    blocks
}

struct Reader<'a> {
    tokens: &'a [Token],
    language: Language,
    at: usize,
    steps: usize,
}

/// What is in parentheses behind a name.
#[derive(Default)]
struct Arguments {
    values: Vec<Tree>,
    named: Pairs,
}

impl<'a> Reader<'a> {
    fn new(tokens: &'a [Token], language: Language) -> Reader<'a> {
        Reader {
            tokens,
            language,
            at: 0,
            steps: 0,
        }
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, mark: char) -> bool {
        self.peek() == Some(&Token::Mark(mark))
    }

    /// Goes past a mark, if it is there.
    fn eat(&mut self, mark: char) -> bool {
        let there = self.is(mark);
        self.at += usize::from(there);
        there
    }

    /// Whether this opens the body of a function or the like, and not an object.
    fn is_body(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let object = match before {
            None => true,
            Some(Token::Mark(mark)) => "=:,([".contains(*mark),
            Some(Token::Word(word)) => word == "return",
            Some(_) => false,
        };
        self.is('{') && !object
    }

    /// `name = value` or `name: value`, which may stand anywhere: the last part of `request.name` is its name.
    fn pair(&mut self) -> Option<(String, Tree)> {
        let mut name = match self.peek()? {
            Token::Word(name) | Token::Text(name) => name.clone(),
            _ => return None,
        };
        self.at += 1;
        while self.eat('.') {
            match self.peek()? {
                Token::Word(next) => name = next.clone(),
                _ => return None,
            }
            self.at += 1;
        }
        self.assignment().then_some(())?;
        let value = self.value(1)?;
        Some((name, value))
    }

    /// Goes past what assigns, if it is there: neither a comparison nor an arrow.
    fn assignment(&mut self) -> bool {
        let next = self.tokens.get(self.at + 1);
        match self.peek() {
            Some(Token::Mark('=')) if matches!(next, Some(Token::Mark('=' | '>'))) => false,
            Some(Token::Mark('=')) => {
                self.at += 1;
                true
            }
            Some(Token::Mark(':')) => {
                // `:=` declares.
                self.at += 1;
                self.eat('=');
                true
            }
            _ => false,
        }
    }

    /// The value that begins here.
    fn value(&mut self, depth: usize) -> Option<Tree> {
        self.steps += 1;
        if depth > DEPTH || self.steps > STEPS {
            return None;
        }
        let token = self.peek()?;
        self.at += 1;
        match token {
            Token::Text(text) => Some(self.joined(text.clone())),
            Token::Number(number) => Some(Tree::Text(number.clone())),
            Token::Template(text) => Some(Tree::Variable(text.clone())),
            Token::Mark('-') => match self.peek()? {
                Token::Number(number) => {
                    self.at += 1;
                    Some(Tree::Text(["-", number].concat()))
                }
                _ => None,
            },
            Token::Mark('[') if self.is(']') => {
                self.at += 1;
                // Go: a type and then the items, or an empty list of the others'.
                match self.typed() {
                    true => self.braces(depth + 1),
                    false => Some(Tree::List(Vec::new())),
                }
            }
            Token::Mark('[') => self.list(depth + 1),
            Token::Mark('{') => {
                self.at -= 1;
                self.braces(depth + 1)
            }
            Token::Mark('(') => {
                let inner = self.value(depth + 1)?;
                self.eat(')').then_some(inner)
            }
            Token::Mark('&' | '*') => self.value(depth + 1),
            Token::Word(word) => self.word(word, depth),
            Token::Mark(_) => None,
        }
    }

    /// A text with those that are joined to it.
    fn joined(&mut self, mut text: String) -> Tree {
        // In Terraform what stands behind a text is the next argument.
        while self.language != Language::Terraform {
            self.steps += 1;
            let plus = self.is('+');
            match self.tokens.get(self.at + usize::from(plus)) {
                Some(Token::Text(more)) => text.push_str(more),
                _ if plus => return Tree::Variable(text),
                _ => return Tree::Text(text),
            }
            self.at += 1 + usize::from(plus);
        }
        Tree::Text(text)
    }

    /// Goes past the type before the items of a Go list, if there is one.
    fn typed(&mut self) -> bool {
        let before = self.at;
        while let Some(Token::Word(_) | Token::Mark('*' | '.')) = self.peek() {
            self.at += 1;
        }
        let there = self.at > before && self.is('{');
        if !there {
            self.at = before;
        }
        there
    }

    fn list(&mut self, depth: usize) -> Option<Tree> {
        let mut items = Vec::new();
        loop {
            while self.eat(',') {}
            if self.eat(']') {
                return Some(Tree::List(items));
            }
            items.push(self.value(depth)?);
            if !self.is(',') && !self.is(']') {
                return None;
            }
        }
    }

    /// `{ … }`: names with values, or items. What is neither is passed over.
    fn braces(&mut self, depth: usize) -> Option<Tree> {
        if !self.eat('{') || depth > DEPTH {
            return None;
        }
        let (mut pairs, mut items) = (Pairs::new(), Vec::new());
        loop {
            self.steps += 1;
            while self.eat(',') || self.eat(';') {}
            if self.eat('}') {
                return Some(match pairs.is_empty() && !items.is_empty() {
                    true => Tree::List(items),
                    false => Tree::Map(pairs),
                });
            }
            let before = self.at;
            match self.entry(depth) {
                Some(pair) => pairs.push(pair),
                None => {
                    self.at = before;
                    match self.value(depth + 1) {
                        Some(item) => items.push(item),
                        None => self.at = before + 1,
                    }
                }
            }
            if self.at >= self.tokens.len() || self.steps > STEPS {
                return None;
            }
        }
    }

    fn entry(&mut self, depth: usize) -> Option<(String, Tree)> {
        let (Token::Word(name) | Token::Text(name) | Token::Number(name)) = self.peek()? else {
            return None;
        };
        self.at += 1;
        // A block of Terraform needs no mark.
        let block = self.language == Language::Terraform && self.is('{');
        (block || self.assignment()).then_some(())?;
        Some((name.clone(), self.value(depth + 1)?))
    }

    /// What begins with a word: a constant, a name, a call, and what is called on it.
    fn word(&mut self, word: &str, depth: usize) -> Option<Tree> {
        match word {
            "true" | "True" => return Some(Tree::Text("true".into())),
            "false" | "False" => return Some(Tree::Text("false".into())),
            "null" | "None" | "nil" | "undefined" => return Some(Tree::Nothing),
            "new" | "await" | "return" => return self.value(depth + 1),
            _ => {}
        }
        let mut chain = Chain {
            name: word.to_string(),
            value: None,
            set: Pairs::new(),
        };
        loop {
            self.steps += 1;
            if self.steps > STEPS {
                return None;
            }
            match self.peek() {
                Some(Token::Mark('(')) => {
                    self.at += 1;
                    let arguments = self.arguments(depth + 1)?;
                    chain.call(arguments);
                }
                Some(Token::Mark('{')) if self.is_composite(&chain) => {
                    chain.value = Some(self.braces(depth + 1)?);
                }
                Some(Token::Mark('[')) => {
                    self.at += 1;
                    // A type parameter, an index, or the name of a variable of the environment.
                    match self.value(depth + 1) {
                        Some(Tree::Text(name)) if chain.is_environment() => {
                            chain.value = Some(Tree::Variable(name));
                        }
                        Some(_) => {}
                        None => return None,
                    }
                    self.eat(']').then_some(())?;
                }
                Some(Token::Mark('<')) => self.type_parameters()?,
                Some(Token::Mark('*')) if chain.name == "string" => self.at += 1,
                Some(Token::Mark('.')) => {
                    let Some(Token::Word(next)) = self.tokens.get(self.at + 1) else {
                        return None;
                    };
                    self.at += 2;
                    chain.name.clone_from(next);
                }
                _ => return Some(chain.end(word)),
            }
        }
    }

    /// Whether braces behind a name are its members: not the body of a function or a class.
    fn is_composite(&self, chain: &Chain) -> bool {
        let next = |more| self.tokens.get(self.at + more);
        let member = match (next(1), next(2)) {
            // What `:=` declares stands in a body.
            (Some(Token::Word(_) | Token::Text(_)), Some(Token::Mark(':'))) => {
                next(3) != Some(&Token::Mark('='))
            }
            (Some(Token::Mark('}')), _) => true,
            _ => false,
        };
        chain.value.is_none() && self.language != Language::Terraform && member
    }

    /// Goes past `<…>`, of types only.
    fn type_parameters(&mut self) -> Option<()> {
        self.at += 1;
        while let Some(Token::Word(_) | Token::Mark(',' | '.' | '?')) = self.peek() {
            self.at += 1;
        }
        self.eat('>').then_some(())
    }

    fn arguments(&mut self, depth: usize) -> Option<Arguments> {
        let mut arguments = Arguments::default();
        loop {
            self.steps += 1;
            while self.eat(',') {}
            if self.eat(')') {
                return Some(arguments);
            }
            let before = self.at;
            let named = match (self.peek()?, self.tokens.get(self.at + 1)) {
                (Token::Word(name), Some(Token::Mark('='))) => {
                    self.at += 1;
                    self.assignment().then_some(name)
                }
                _ => None,
            };
            if named.is_none() {
                self.at = before;
            }
            let value = self.value(depth + 1)?;
            match named {
                Some(name) => arguments.named.push((name.clone(), value)),
                None => arguments.values.push(value),
            }
            if !self.is(',') && !self.is(')') {
                return None;
            }
        }
    }
}

/// A name and what is called on it, one after the other.
struct Chain {
    name: String,
    value: Option<Tree>,
    /// What `setName(…)` and `withName(…)` have set.
    set: Pairs,
}

impl Chain {
    /// Whether it gives what the environment holds.
    fn is_environment(&self) -> bool {
        let name = folded(&self.name);
        ["environ", "env", "getenv", "need", "getproperty"].contains(&&*name)
    }

    fn call(&mut self, arguments: Arguments) {
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
            (_, first) if matches!(&*self.name, "asList" | "of") => {
                values.extend(first);
                self.value = Some(Tree::List(values));
            }
            (_, None) if matches!(&*self.name, "put" | "set" | "add") && values.len() == 2 => {
                let value = values.pop();
                if let (Some(Tree::Text(name)), Some(value)) = (values.pop(), value) {
                    self.set.push((name, value));
                }
            }
            // Whatever is made of one value is that value: a pointer, a model of an SDK.
            (_, Some(value)) if !matches!(self.value, Some(Tree::Map(_))) => {
                self.value = Some(value);
            }
            // A request among other arguments.
            (_, None) if self.value.is_none() => {
                let maps = |tree: &Tree| matches!(tree, Tree::Map(_));
                self.value = values.into_iter().find(maps);
            }
            _ => {}
        }
    }

    fn end(self, first: &str) -> Tree {
        match (self.value, self.set.is_empty()) {
            (Some(Tree::Map(mut pairs)), _) => {
                pairs.extend(self.set);
                Tree::Map(pairs)
            }
            (_, false) => Tree::Map(self.set),
            (Some(value), true) => value,
            (None, true) => Tree::Variable(first.to_string()),
        }
    }
}
