//! Commands of a shell, as words: POSIX quoting and bash's `$'…'`. Nothing is expanded.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::escape::{escape, Escaped};
use crate::tree::Tree;

/// Stands on both sides of the name of what a shell would have put in. It is no character of any text.
pub const EXPANDED: char = '\u{10ffff}';

/// A word's value; what a shell would have put in is not there.
pub fn value(word: &str) -> Tree {
    match word.contains(EXPANDED) {
        true => Tree::Variable(word.replace(EXPANDED, "")),
        false => Tree::Text(word.to_string()),
    }
}

/// The commands of a script, each as its words, without comments.
pub fn commands(text: &str) -> Vec<Vec<String>> {
    let mut shell = Shell {
        chars: text.chars().collect(),
        at: 0,
        commands: Vec::new(),
        words: Vec::new(),
        word: None,
        target: None,
        here: Vec::new(),
    };
    shell.run();
    shell.commands
}

struct Shell {
    chars: Vec<char>,
    at: usize,
    commands: Vec<Vec<String>>,
    words: Vec<String>,
    word: Option<String>,
    /// What the next word is to a redirection, if one stands before it.
    target: Option<Target>,
    /// The ends of the documents that follow this line.
    here: Vec<String>,
}

/// What a redirection has behind it. It is no word of the command.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    /// A file, a descriptor or a text.
    File,
    /// The end of a document: `<<EOF`.
    Document,
}

impl Shell {
    fn run(&mut self) {
        while let Some(c) = self.next() {
            match c {
                '\\' => match self.next() {
                    Some('\n') | None => {}
                    // A line that goes on in a file from Windows.
                    Some('\r') if self.peek() == Some('\n') => self.at += 1,
                    Some(c) => self.push(c),
                },
                '\'' => self.single(),
                '"' => self.double(),
                '$' => self.dollar(false),
                '`' => self.skipped('`'),
                '>' | '<' => self.redirection(c),
                '#' if self.word.is_none() => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                '\n' => {
                    self.end_command();
                    self.documents();
                }
                ';' | '|' | '&' | '(' | ')' => self.end_command(),
                c if c.is_whitespace() => self.end_word(),
                c => self.push(c),
            }
        }
        self.end_command();
    }

    fn next(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += usize::from(c.is_some());
        c
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_with(String::new).push(c);
    }

    /// Goes past a character, if it is there.
    fn eat(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        self.at += usize::from(there);
        there
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else {
            return;
        };
        match self.target.take() {
            None => self.words.push(word),
            Some(Target::Document) => self.here.push(word),
            Some(Target::File) => {}
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        self.target = None;
        if !self.words.is_empty() {
            self.commands.push(core::mem::take(&mut self.words));
        }
    }

    /// What follows `>` or `<` outside of quotes.
    fn redirection(&mut self, mark: char) {
        if mark == '<' && self.placeholder() {
            return;
        }
        // A number right before it is the descriptor that is redirected.
        let digits = |word: &String| word.chars().all(|c| c.is_ascii_digit());
        if self.word.as_ref().is_some_and(digits) {
            self.word = None;
        }
        self.end_word();
        let document = mark == '<' && self.eat('<') && !self.eat('<');
        match document {
            true => self.eat('-'),
            false => ['>', '&', '|'].into_iter().any(|c| self.eat(c)),
        };
        self.target = Some(match document {
            true => Target::Document,
            false => Target::File,
        });
    }

    /// Takes `<name>`, which in the documents stands for a word. In a script nobody writes redirections so.
    fn placeholder(&mut self) -> bool {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let inside = |c: &&char| c.is_alphanumeric() || "-_.".contains(**c);
        let length = rest.iter().take_while(inside).count();
        let there = length > 0 && rest.get(length) == Some(&'>');
        if there {
            self.push('<');
            for _ in 0..=length {
                let c = self.next();
                self.word.get_or_insert_with(String::new).extend(c);
            }
        }
        there
    }

    /// Goes past the documents that follow a line.
    fn documents(&mut self) {
        for end in core::mem::take(&mut self.here) {
            while self.at < self.chars.len() {
                let mut line = String::new();
                while let Some(c) = self.next().filter(|c| *c != '\n') {
                    line.push(c);
                }
                if line.trim() == end {
                    break;
                }
            }
        }
    }

    fn single(&mut self) {
        self.word.get_or_insert_with(String::new);
        while let Some(c) = self.next().filter(|c| *c != '\'') {
            self.push(c);
        }
    }

    fn double(&mut self) {
        self.word.get_or_insert_with(String::new);
        while let Some(c) = self.next() {
            match c {
                '"' => return,
                '\\' => match self.next() {
                    Some(c @ ('$' | '`' | '"' | '\\')) => self.push(c),
                    Some('\n') | None => {}
                    Some(c) => {
                        self.push('\\');
                        self.push(c);
                    }
                },
                '$' => self.dollar(true),
                '`' => self.skipped('`'),
                c => self.push(c),
            }
        }
    }

    /// What follows a dollar sign, in double quotes or outside of any.
    fn dollar(&mut self, quoted: bool) {
        match self.peek() {
            // A text to be translated.
            Some('"') if !quoted => {}
            // The arguments of a script or a function, and what a shell knows of itself.
            Some(c) if c.is_ascii_digit() || "@*#?!-$".contains(c) => {
                self.at += 1;
                for c in [EXPANDED, c, EXPANDED] {
                    self.push(c);
                }
            }
            Some('\'') if !quoted => {
                self.at += 1;
                self.ansi();
            }
            Some('{') => self.skipped('}'),
            Some('(') => self.skipped(')'),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                self.push(EXPANDED);
                while let Some(c) = self
                    .peek()
                    .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
                {
                    self.push(c);
                    self.at += 1;
                }
                self.push(EXPANDED);
            }
            _ => self.push('$'),
        }
    }

    /// What a shell would put something in for, up to its end: `${…}`, `$(…)`, `` `…` ``.
    fn skipped(&mut self, end: char) {
        self.push(EXPANDED);
        let (mut open, mut quote) = (0usize, None);
        while let Some(c) = self.next() {
            match (quote, c) {
                (Some(mark), c) if c == mark => quote = None,
                (Some('\''), _) => {}
                (_, '\\') => {
                    self.next();
                }
                (Some(_), _) => {}
                (None, '\'' | '"') if end != '`' => quote = Some(c),
                (None, '{') if end == '}' => open += 1,
                (None, '(') if end == ')' => open += 1,
                (None, c) if c == end => match end {
                    '`' => break,
                    _ => {
                        open = open.saturating_sub(1);
                        if open == 0 {
                            break;
                        }
                    }
                },
                _ => {}
            }
        }
        self.push(EXPANDED);
    }

    /// `$'…'`: escapes, of which `\x` gives bytes.
    fn ansi(&mut self) {
        let mut bytes = Vec::new();
        while let Some(c) = self.next().filter(|c| *c != '\'') {
            let mut buffer = [0; 4];
            if c != '\\' {
                bytes.extend(c.encode_utf8(&mut buffer).bytes());
                continue;
            }
            match escape(&self.chars, &mut self.at) {
                Escaped::Byte(byte) => bytes.push(byte),
                Escaped::Char(c) => bytes.extend(c.encode_utf8(&mut buffer).bytes()),
                Escaped::Nothing => {}
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.word.get_or_insert_with(String::new).push_str(&text);
    }
}
