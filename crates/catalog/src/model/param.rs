//! A request parameter, as data.

use super::rule::{Check, Choice, Rule, Severity};
use super::source::Source;
use crate::text::{same, Text};

/// The kind of a parameter's value.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Unicode text.
    Text,
    /// A whole number, in `i64`.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list of at most `max` items.
    List {
        /// An item; its `name` is not used.
        item: &'static Param,
        /// The most items the API takes.
        max: usize,
        /// Whether one more stops the request.
        severity: Severity,
        /// Who says so.
        source: Source,
    },
    /// An object with members.
    Object(&'static [Param]),
}

/// The care that a value needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Privacy {
    /// Nothing special.
    Public,
    /// Personal data: masked in previews, never stored, goes to the cloud only.
    Personal,
    /// A credential: like personal data, and kept in memory only.
    Secret,
}

/// A hint for the form beyond what the kind and the rules say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Control {
    /// What the kind and the rules say: text, number, switch, choices, list.
    Auto,
    /// Text of several lines.
    Area,
    /// A region picker that also takes a typed region.
    Region,
    /// A generated idempotency token, shown and replaceable.
    Token,
    /// An account id that the settings can provide.
    Account,
}

/// The document's example of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Example {
    /// The document gives none.
    None,
    /// It can be sent as it is.
    Usable(&'static str),
    /// Partly hidden by the document (`ecc-d****`): shown, never filled in.
    Masked(&'static str),
}

/// The part of a request in which a top-level parameter travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamLocation {
    /// The query string.
    Query,
    /// A part of the path template.
    Path,
    /// A request header.
    Header,
    /// The JSON body.
    Body,
}

/// A request parameter.
#[derive(Clone, Copy)]
pub struct Param {
    /// The wire name of this level: `Name`, `Tag`, `Key`, `cloud_connection`.
    pub name: &'static str,
    /// The label in the form.
    pub label: Text,
    /// The help, from the document.
    pub help: Text,
    /// The kind of its value.
    pub kind: Kind,
    /// The part of the request in which it travels; members and items travel with their parent.
    pub location: ParamLocation,
    /// Whether the document requires it.
    pub required: bool,
    /// An empty text is a value like another: also where it is required, nothing need be entered.
    pub may_be_empty: bool,
    /// Who says that it should be there, where its absence is remarked on and stops nothing.
    pub expected: Option<Source>,
    /// The reason why a server must accept a request without it although the document requires it.
    pub server_accepts_absence: Option<Source>,
    /// The rules, each with its source.
    pub rules: &'static [Rule],
    /// The document's example.
    pub example: Example,
    /// The value that the document says applies when it is absent.
    pub default: Option<&'static str>,
    /// The care that it needs.
    pub privacy: Privacy,
    /// A hint for the form.
    pub control: Control,
    /// The document line that introduces it.
    pub source: Source,
}

impl Param {
    /// An optional text in the query, to be completed with `..Param::TEXT`.
    pub const TEXT: Param = Param {
        name: "",
        label: same(""),
        help: same(""),
        kind: Kind::Text,
        location: ParamLocation::Query,
        required: false,
        may_be_empty: false,
        expected: None,
        server_accepts_absence: None,
        rules: &[],
        example: Example::None,
        default: None,
        privacy: Privacy::Public,
        control: Control::Auto,
        source: Source::Line(0),
    };

    /// Whether something has to be entered or chosen.
    pub const fn must_be_filled(&self) -> bool {
        self.required && !self.may_be_empty
    }

    /// The text with which a form starts: a switch is always on one side, the default's or, where the
    /// document has none, its example's.
    pub const fn start(&self) -> Option<&'static str> {
        match (self.kind, self.default, self.example) {
            (Kind::Boolean, None, Example::Usable(example)) => Some(example),
            (Kind::Boolean, default, _) => default,
            _ => None,
        }
    }

    /// Whether the vendor's API has it today and the operation's document does not know it.
    pub const fn is_newer_than_the_document(&self) -> bool {
        !matches!(self.source, Source::Line(_) | Source::Lines(..))
    }

    /// The value list, if a rule or a suggestion gives one, and whether other values are allowed.
    pub fn choices(&self) -> Option<(&'static [Choice], bool)> {
        self.rules.iter().find_map(|rule| match rule.check {
            Check::OneOf(choices) => Some((choices, rule.severity == Severity::Warning)),
            _ => None,
        })
    }

    /// The longest text that the document allows, in characters.
    pub fn max_length(&self) -> Option<usize> {
        self.rules.iter().find_map(|rule| match rule.check {
            Check::Length { max, .. } if rule.severity == Severity::Error => Some(max),
            _ => None,
        })
    }
}
