//! Values among a program's tokens.

use alloc::string::String;
use alloc::vec::Vec;

use super::chain::{Arguments, Chain};
use super::lexer::{Language, Token};
use crate::tree::{Pairs, Tree, DEPTH};

mod expression;

/// Reading looks at no more tokens than this, those that it looks at twice counted twice.
const STEPS: usize = 400_000;

/// The value of what is not read, or not known before it is run.
const UNREAD: Tree = Tree::Variable(String::new());

/// A place among tokens, and what is read from there.
pub struct Reader<'a> {
    tokens: &'a [Token],
    language: Language,
    /// The token that is read next.
    pub at: usize,
    steps: usize,
}

impl<'a> Reader<'a> {
    /// Before the first token.
    pub fn new(tokens: &'a [Token], language: Language) -> Reader<'a> {
        Reader {
            tokens,
            language,
            at: 0,
            steps: 0,
        }
    }

    /// Whether everything was read, or as much as is.
    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len() || self.steps >= STEPS
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
    pub fn is_body(&self) -> bool {
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
    pub fn pair(&mut self) -> Option<(String, Tree)> {
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
        let mut value = self.assigned(1);
        // Behind a type, or behind another name of the same.
        while matches!(value, Tree::Variable(_)) && self.is('=') && self.assignment() {
            value = self.assigned(1);
        }
        Some((name, value))
    }

    /// What was assigned. Where it cannot be read there is something all the same.
    fn assigned(&mut self, depth: usize) -> Tree {
        let before = self.at;
        self.value(depth).unwrap_or_else(|| {
            self.at = before;
            UNREAD
        })
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

    /// A part of an expression.
    fn operand(&mut self, depth: usize) -> Option<Tree> {
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
            Token::Mark(sign @ ('-' | '+' | '!' | '~')) => match (sign, self.peek()?) {
                ('-', Token::Number(number)) => {
                    self.at += 1;
                    Some(Tree::Text(["-", number].concat()))
                }
                _ => {
                    self.operand(depth + 1)?;
                    Some(UNREAD)
                }
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
            Token::Mark('(') => self.parentheses(depth + 1),
            Token::Mark('&' | '*') => self.operand(depth + 1),
            Token::Word(word) => self.word(word, depth),
            Token::Mark(_) | Token::Operator => None,
        }
    }

    /// Goes past the type before the items of a Go list, if there is one.
    fn typed(&mut self) -> bool {
        let before = self.at;
        while let Some(Token::Word(_) | Token::Mark('*' | '.')) = self.peek() {
            self.at += 1;
        }
        // `interface{}` has braces of its own.
        let next = |more| self.tokens.get(self.at + more);
        let own = next(1) == Some(&Token::Mark('}')) && next(2) == Some(&Token::Mark('{'));
        let there = self.at > before && self.is('{');
        if there && own {
            self.at += 2;
        }
        if !there {
            self.at = before;
        }
        there
    }

    fn list(&mut self, depth: usize) -> Option<Tree> {
        if self.is_loop() {
            return self.close().then_some(UNREAD);
        }
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
        if self.is_loop() {
            return self.close().then_some(UNREAD);
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
        let before = self.at;
        let value = self.value(depth + 1);
        if let (None, true) = (&value, self.steps <= STEPS && depth < DEPTH) {
            self.at = before;
            // There the next argument has no mark before it.
            if self.language != Language::Terraform {
                self.skip();
            }
        }
        Some((name.clone(), value.unwrap_or(UNREAD)))
    }

    /// What begins with a word: a constant, a name, a call, and what is called on it.
    fn word(&mut self, word: &str, depth: usize) -> Option<Tree> {
        match word {
            "true" | "True" => return Some(Tree::Text("true".into())),
            "false" | "False" => return Some(Tree::Text("false".into())),
            "null" | "None" | "nil" | "undefined" => return Some(Tree::Nothing),
            "await" | "return" => return self.value(depth + 1),
            _ => {}
        }
        let mut chain = match (word, self.peek()) {
            ("new", Some(Token::Word(next))) => {
                self.at += 1;
                Chain::new(next, true, self.language)
            }
            ("new", _) => return self.value(depth + 1),
            _ => Chain::new(word, false, self.language),
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
                    let before = self.at;
                    // A type parameter, an index, or the name of a variable of the environment.
                    match self.value(depth + 1) {
                        Some(Tree::Text(name)) if chain.is_environment() => {
                            chain.value = Some(Tree::Variable(name));
                        }
                        _ => chain.changed(),
                    }
                    if !self.eat(']') {
                        self.at = before;
                        self.close().then_some(())?;
                    }
                    // Go: the keys' type, and then the values' type and the members.
                    if chain.name == "map" && self.typed() {
                        chain.value = Some(self.braces(depth + 1)?);
                    }
                }
                Some(Token::Mark('<')) if self.type_parameters() => {}
                Some(Token::Mark('*')) if chain.name == "string" => self.at += 1,
                Some(Token::Mark('.')) => {
                    let Some(Token::Word(next)) = self.tokens.get(self.at + 1) else {
                        return None;
                    };
                    self.at += 2;
                    chain.member(next);
                }
                _ => return Some(chain.end()),
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

    /// Goes past `<…>`, of types only, if it is there.
    fn type_parameters(&mut self) -> bool {
        let before = self.at;
        self.at += 1;
        while let Some(Token::Word(_) | Token::Mark(',' | '.' | '?')) = self.peek() {
            self.at += 1;
        }
        let there = self.eat('>');
        if !there {
            self.at = before;
        }
        there
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
            let before = self.at;
            let value = self.value(depth + 1);
            let whole = value.is_some() && (self.is(',') || self.is(')'));
            match (named, value) {
                (Some(name), Some(value)) if whole => arguments.named.push((name.clone(), value)),
                (Some(name), _) => {
                    self.at = before;
                    self.skip();
                    let unread = UNREAD;
                    arguments.named.push((name.clone(), unread));
                }
                (None, value) => arguments.values.push(value?),
            }
            if !self.is(',') && !self.is(')') {
                return None;
            }
        }
    }
}
