//! A program's tokens, whatever its language. Comments and the ends of lines are none.

use alloc::string::String;
use alloc::vec::Vec;

use crate::escape::{escape, Escaped};

/// What a text is written in, as far as it makes a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Terraform's: `${` begins an expression in any text.
    Terraform,
    /// Go, in whose back quotes nothing is escaped.
    Go,
    /// Any other.
    Other,
}

/// A token.
#[derive(Clone, PartialEq, Debug)]
pub enum Token {
    /// A name or a key word.
    Word(String),
    /// A number, as it is written.
    Number(String),
    /// A string literal's text.
    Text(String),
    /// A string literal with an expression in it.
    Template(String),
    /// An operator that is a word: Python's `a if b else c`.
    Operator,
    /// Anything else, by its character.
    Mark(char),
}

/// The tokens of a program.
pub fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut lexer = Lexer {
        chars: text.chars().collect(),
        at: 0,
        language,
    };
    let mut out = Vec::new();
    // What is open, and whether the next token begins a line.
    let (mut open, mut first) = (Vec::new(), true);
    while let Some(c) = lexer.peek(0) {
        match c {
            c if c.is_whitespace() => {
                first |= c == '\n';
                lexer.at += 1;
                continue;
            }
            '<' if language == Language::Terraform && lexer.document() => {
                out.push(Token::Template(String::new()));
            }
            '#' => lexer.line(),
            '/' if lexer.peek(1) == Some('/') => lexer.line(),
            '/' if lexer.peek(1) == Some('*') => lexer.block(),
            '"' | '\'' | '`' => out.push(lexer.literal(c, "")),
            c if c.is_ascii_digit() => out.push(lexer.number()),
            c if c.is_alphabetic() || c == '_' || c == '$' => {
                let word = lexer.word();
                let prefix = matches!(
                    &*word,
                    "r" | "b" | "f" | "u" | "R" | "F" | "rb" | "fr" | "rf"
                );
                match lexer.peek(0) {
                    Some(mark @ ('"' | '\'')) if prefix => out.push(lexer.literal(mark, &word)),
                    _ => {
                        // In parentheses an expression goes on over lines.
                        let inside = !first || matches!(open.last(), Some('(' | '['));
                        out.push(match inside && is_operator(&word, out.last()) {
                            true => Token::Operator,
                            false => Token::Word(word),
                        });
                    }
                }
            }
            c => {
                lexer.at += 1;
                match c {
                    '(' | '[' | '{' => open.push(c),
                    ')' | ']' | '}' => drop(open.pop()),
                    _ => {}
                }
                out.push(Token::Mark(c));
            }
        }
        first = false;
    }
    out
}

/// Whether a word stands between two parts of an expression.
fn is_operator(word: &str, before: Option<&Token>) -> bool {
    let value = match before {
        None | Some(Token::Operator) => false,
        Some(Token::Mark(mark)) => ")]}".contains(*mark),
        Some(_) => true,
    };
    value && ["if", "else", "or", "and", "in", "is", "not"].contains(&word)
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    language: Language,
}

impl Lexer {
    fn peek(&self, more: usize) -> Option<char> {
        self.chars.get(self.at + more).copied()
    }

    /// Goes past a text over lines, `<<EOT` up to `EOT`, if one begins here.
    fn document(&mut self) -> bool {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let begin = match rest {
            ['<', '<', '-', ..] => 3,
            ['<', '<', ..] => 2,
            _ => return false,
        };
        let line = |rest: &[char]| -> (String, usize) {
            let line: String = rest.iter().take_while(|c| **c != '\n').collect();
            let length = line.chars().count() + 1;
            (line, length)
        };
        let (end, mut at) = line(&rest[begin..]);
        let name = |c: char| c.is_alphanumeric() || c == '_';
        if !end.trim().starts_with(name) {
            return false;
        }
        at += begin;
        while at < rest.len() {
            let (next, length) = line(&rest[at..]);
            if next.trim() == end.trim() {
                // The end of its line is no part of it.
                at += length - 1;
                break;
            }
            at += length;
        }
        self.at += at.min(rest.len());
        true
    }

    fn line(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.at += 1;
        }
    }

    fn block(&mut self) {
        self.at += 2;
        while self.peek(0).is_some() && !(self.peek(0) == Some('*') && self.peek(1) == Some('/')) {
            self.at += 1;
        }
        self.at += 2;
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek(0) {
            // A name of Terraform, or of a header, has hyphens in it.
            let hyphen = c == '-' && self.language == Language::Terraform;
            if !(c.is_alphanumeric() || c == '_' || c == '$' || hyphen) {
                break;
            }
            word.push(c);
            self.at += 1;
        }
        word
    }

    fn number(&mut self) -> Token {
        let mut number = String::new();
        while let Some(c) = self.peek(0) {
            let point = c == '.' && self.peek(1).is_some_and(|c| c.is_ascii_digit());
            match c {
                // Digits are grouped by it.
                '_' => {}
                // A long one, in Java.
                'L' | 'l' | 'n' if !number.is_empty() => {
                    self.at += 1;
                    break;
                }
                c if c.is_ascii_alphanumeric() || point => number.push(c),
                _ => break,
            }
            self.at += 1;
        }
        Token::Number(number)
    }

    /// A string literal that begins with this mark, with what stands before it.
    fn literal(&mut self, mark: char, prefix: &str) -> Token {
        let long = self.peek(1) == Some(mark) && self.peek(2) == Some(mark);
        let ends = if long { 3 } else { 1 };
        self.at += ends;
        let raw = prefix.contains(['r', 'R']) || mark == '`' && self.language == Language::Go;
        let formatted = prefix.contains(['f', 'F']);
        let (mut text, mut template) = (String::new(), false);
        while let Some(c) = self.peek(0) {
            let end = (0..ends).all(|more| self.peek(more) == Some(mark));
            if end {
                self.at += ends;
                break;
            }
            // What is not ended on its line was none.
            if c == '\n' && !long && mark != '`' {
                break;
            }
            self.at += 1;
            if c == '\\' && !raw {
                match escape(&self.chars, &mut self.at) {
                    Escaped::Char(c) => text.push(c),
                    Escaped::Byte(byte) => text.push(char::from(byte)),
                    Escaped::Nothing => {}
                }
                continue;
            }
            let expression = match self.language {
                Language::Terraform => matches!(c, '$' | '%') && self.peek(0) == Some('{'),
                Language::Go => false,
                Language::Other => mark == '`' && c == '$' && self.peek(0) == Some('{'),
            };
            if expression
                && self.peek(0) == Some('{')
                && text.ends_with(c)
                && self.language == Language::Terraform
            {
                // `$${` is how Terraform writes `${`; one of them is there already.
                continue;
            }
            template |= expression || formatted && matches!(c, '{');
            text.push(c);
        }
        match template {
            true => Token::Template(text),
            false => Token::Text(text),
        }
    }
}
