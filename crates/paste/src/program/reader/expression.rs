//! Expressions: where they end matters, and that they are no values.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Reader, STEPS, UNREAD};
use crate::program::lexer::{Language, Token};
use crate::tree::Tree;

/// What stands behind a part of an expression.
enum Operator {
    /// Another part follows.
    Between,
    /// An index, which is whole.
    Index,
}

impl Reader<'_> {
    /// The value that begins here. Of an expression nobody knows the value before it is run.
    pub fn value(&mut self, depth: usize) -> Option<Tree> {
        let first = self.operand(depth)?;
        // What is called with a request, or is one, stays it.
        if matches!(first, Tree::Map(_)) {
            return Some(first);
        }
        let (mut open, mut value) = (0, first);
        while let Some(operator) = self.operator(&mut open) {
            value = UNREAD;
            let before = self.at;
            if matches!(operator, Operator::Between) && self.operand(depth + 1).is_none() {
                self.at = before;
                break;
            }
        }
        Some(value)
    }

    /// Goes past an operator, if one is there. `open` counts the `?` that wait for their `:`.
    fn operator(&mut self, open: &mut usize) -> Option<Operator> {
        let next = self.tokens.get(self.at + 1);
        self.steps += 1;
        let there = match self.peek()? {
            Token::Operator => true,
            Token::Mark(':') => *open > 0,
            // An assignment or an arrow is none.
            Token::Mark('=' | '!') => next == Some(&Token::Mark('=')),
            Token::Mark('-') => next != Some(&Token::Mark('>')),
            Token::Mark(mark) => "+*/%<>&|?^.[".contains(*mark),
            _ => false,
        };
        (there && self.steps <= STEPS).then_some(())?;
        let before = self.at;
        if self.eat('[') {
            // What it chooses is as little known as what it chooses from.
            if self.close() {
                return Some(Operator::Index);
            }
            self.at = before;
            return None;
        }
        match (self.peek(), next) {
            (Some(Token::Mark(':')), _) => *open -= 1,
            (Some(Token::Mark('?')), Some(Token::Mark('?' | '.'))) => {}
            (Some(Token::Mark('?')), _) => *open += 1,
            _ => {}
        }
        self.at += 1;
        // The other characters of one: `==`, `??`, `?.`, `||`. Those of `&&` are read as of the part behind it.
        while let Some(Token::Mark('=' | '<' | '>' | '|' | '?' | '.')) = self.peek() {
            self.at += 1;
        }
        Some(Operator::Between)
    }

    /// Goes past everything up to the mark that closes what was opened before, if it is there.
    pub(super) fn close(&mut self) -> bool {
        let mut open = 1usize;
        while let (Some(token), true) = (self.peek(), self.steps <= STEPS) {
            self.steps += 1;
            self.at += 1;
            match token {
                Token::Mark('(' | '[' | '{') => open += 1,
                Token::Mark(')' | ']' | '}') => open -= 1,
                _ => {}
            }
            if open == 0 {
                return true;
            }
        }
        false
    }

    /// Goes past everything up to what ends an argument.
    pub(super) fn skip(&mut self) {
        while let (Some(token), true) = (self.peek(), self.steps <= STEPS) {
            self.steps += 1;
            match token {
                Token::Mark(',' | ';' | ')' | ']' | '}') => return,
                Token::Mark('(' | '[' | '{') => {
                    self.at += 1;
                    self.close();
                }
                _ => self.at += 1,
            }
        }
    }

    /// Whether what was opened is made in a loop of Terraform's.
    pub(super) fn is_loop(&self) -> bool {
        match (self.peek(), self.tokens.get(self.at + 1)) {
            (Some(Token::Word(first)), Some(Token::Word(_))) => {
                first == "for" && self.language == Language::Terraform
            }
            _ => false,
        }
    }

    /// A text with those that are joined to it.
    pub(super) fn joined(&mut self, mut text: String) -> Tree {
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

    /// `( … )`: a value, or several of them.
    pub(super) fn parentheses(&mut self, depth: usize) -> Option<Tree> {
        let first = self.value(depth)?;
        if self.eat(')') {
            return Some(first);
        }
        let mut items = Vec::from([first]);
        while self.eat(',') {
            if self.is(')') {
                break;
            }
            items.push(self.value(depth)?);
        }
        self.eat(')').then_some(Tree::List(items))
    }
}
