//! Sources: the documents, facts and decisions behind the tables.

use alloc::format;

use crate::text::{Message, Text};

/// The source of a statement: every rule, parameter, field and code carries one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A line of the operation's own seed document.
    Line(u16),
    /// Lines of it, from the first to the last.
    Lines(u16, u16),
    /// Something public beyond the document that says so: a later document, an SDK.
    Fact(Text),
    /// A decision of this project, where the documents are silent or contradict themselves.
    Decision(Text),
}

impl Source {
    /// The source in words: whose document, its title and the line; or what else says so.
    pub fn cite(&self, vendor: Text, title: Text) -> Message {
        match self {
            Source::Line(line) => Message::new(
                format!("{}, {}, line {line}", vendor.en, title.en),
                format!("{}，{}，第 {line} 行", vendor.zh, title.zh),
            ),
            Source::Lines(from, to) => Message::new(
                format!("{}, {}, lines {from}–{to}", vendor.en, title.en),
                format!("{}，{}，第 {from}–{to} 行", vendor.zh, title.zh),
            ),
            Source::Fact(text) => text.message(),
            Source::Decision(why) => Message::new(
                format!("Tieline: {}", why.en),
                format!("Tieline：{}", why.zh),
            ),
        }
    }
}

/// What a document says at one of its lines, in its own words: the line that the tables cite, and the sentences
/// that stand there or, where the line holds a name only, right below it.
pub type Quote = (u16, &'static str);

/// The vendor's document behind an operation.
pub struct Document {
    /// The seed file's name.
    pub file: &'static str,
    /// Its title, with its date where it has one.
    pub title: Text,
}

/// Data that is read where an operation is explained only: in the reference and in the API's description.
#[derive(Clone, Copy)]
pub struct Doc<T>(T);

impl<T: Copy> Doc<T> {
    /// Wraps it.
    pub const fn new(value: T) -> Doc<T> {
        Doc(value)
    }

    /// The value.
    pub const fn get(&self) -> T {
        self.0
    }
}
