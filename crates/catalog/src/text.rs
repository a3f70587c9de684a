//! Text in the two languages of the product.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

/// A language of the user interface and of every message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The BCP 47 tag, as in the `lang` attribute of a page.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }
}

/// A constant text in both languages; a missing language does not compile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Text {
    /// The text in `lang`.
    pub const fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// The same text as a [`Message`].
    pub fn message(&self) -> Message {
        Message::new(self.en, self.zh)
    }
}

/// Writes a [`Text`] in a table: English, then Chinese.
pub const fn t(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// A text that is the same in both languages: a name, a code, a number.
pub const fn same(text: &'static str) -> Text {
    Text { en: text, zh: text }
}

/// Names or values in a row, each language with its own mark between them.
pub fn listed(items: &[impl AsRef<str>]) -> Message {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    Message::new(items.join(", "), items.join("、"))
}

/// A message in both languages that was built at run time, from a rule's own numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Message {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Message {
    /// A message from its two texts.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Message {
            en: en.into(),
            zh: zh.into(),
        }
    }

    /// The message in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}
