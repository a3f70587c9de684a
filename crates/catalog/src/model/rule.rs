//! Rules, as data: checks, severities and sources.

use ipnet::IpNet;

use super::source::Source;
use crate::text::Text;

/// The severity of a violation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Against the document, or impossible to encode: it stops the request.
    Error,
    /// Allowed by the document but likely wrong: it stops nothing.
    Warning,
}

/// A rule for one parameter: what is checked, how bad it is, and who says so.
#[derive(Clone, Copy)]
pub struct Rule {
    /// The check.
    pub check: Check,
    /// The severity of a violation.
    pub severity: Severity,
    /// The source.
    pub source: Source,
    /// A remark added to the message: why, or what was decided.
    pub note: Option<Text>,
}

impl Rule {
    /// A rule of the document, at `line`.
    pub const fn error(check: Check, line: u16) -> Rule {
        Rule {
            check,
            severity: Severity::Error,
            source: Source::Line(line),
            note: None,
        }
    }

    /// A rule that stops nothing.
    pub const fn warning(check: Check, source: Source) -> Rule {
        Rule {
            check,
            severity: Severity::Warning,
            source,
            note: None,
        }
    }

    /// The same rule from another source.
    pub const fn because(self, source: Source) -> Rule {
        Rule { source, ..self }
    }

    /// The same rule with a remark.
    pub const fn note(self, note: Text) -> Rule {
        Rule {
            note: Some(note),
            ..self
        }
    }
}

/// The characters that a text may be made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chars {
    /// Letters, Chinese characters, digits and the listed others.
    WordsAnd(&'static str),
    /// Any but the listed ones.
    AllBut(&'static str),
}

/// A value of a value list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The wire value.
    pub value: &'static str,
    /// Its meaning.
    pub label: Text,
}

/// The check of a rule. Characters are Unicode scalar values, never bytes.
#[derive(Clone, Copy)]
pub enum Check {
    /// The number of characters, both ends included.
    Length {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// The first character is a letter of any script.
    FirstLetter,
    /// The first character is A–Z, a–z or Chinese.
    FirstLatinOrHan,
    /// Every character is one of these.
    Chars(Chars),
    /// It starts with none of these.
    NotPrefix(&'static [&'static str]),
    /// It starts with none of these in any mixture of upper and lower case.
    NotPrefixAnyCase(&'static [&'static str]),
    /// It contains none of these.
    NotContains(&'static [&'static str]),
    /// It contains none of these in any mixture of upper and lower case.
    NotContainsAnyCase(&'static [&'static str]),
    /// It starts with this.
    Prefix(&'static str),
    /// It tells a floor: `5楼`, `B1层`, `Level 5`, `3/F`, `ground floor`.
    Floor,
    /// It is one of these values. With severity warning the list is a suggestion.
    OneOf(&'static [Choice]),
    /// The number lies in this range, both ends included.
    Range {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// An IPv4 or IPv6 network in CIDR notation, host bits allowed.
    Cidr,
    /// The network's host bits are zero.
    NoHostBits,
    /// The network lies in 10/8, 172.16/12, 192.168/16 or fc00::/7 (RFC 1918, RFC 4193).
    PrivateCidr,
    /// An IPv4 or IPv6 address.
    Ip,
    /// The address is IPv4.
    Ipv4,
    /// The address is in none of these networks; the text says what they are.
    NotWithin(&'static [(IpNet, Text)]),
    /// Only ASCII characters.
    Ascii,
    /// No control character.
    NoControl,
    /// Only visible ASCII characters, and none of these. The message shows nothing of the text, which
    /// can be a secret.
    VisibleAsciiBut(&'static str),
    /// An enterprise project of Huawei Cloud: `0` or a UUID with hyphens.
    EnterpriseProject,
    /// The number of an autonomous system, 1–4294967295, also as its two halves (`123.456`), but not
    /// this one.
    AsnBut(u32),
    /// An e-mail address: one `@`, something before it, a host with no empty label after it.
    Email,
    /// A telephone number: 5–20 digits with an optional leading `+`, separators, and an extension
    /// (`转8001`, `ext. 12`).
    Telephone,
    /// A Chinese resident identity number: 18 characters with a valid date and checksum
    /// (GB 11643-1999), or the 15 digits of the first generation.
    ResidentId,
    /// A resident identity number of the second generation: 18 characters.
    ResidentId18,
    /// A region that can be part of a host name: `a-z`, `0-9` and `-`, at most 63.
    RegionLabel,
    /// The items' members of this name differ from each other.
    UniqueKeys(&'static str),
    /// It can stand as one segment of a path: not empty, not `.` or `..`, no control character.
    PathSegment,
    /// It can stand in a header: visible ASCII.
    HeaderValue,
}

/// A rule over two parameters; the violation shows at both.
#[derive(Clone, Copy)]
pub struct Cross {
    /// The rule's id in violations: `port-speed`.
    pub rule: &'static str,
    /// The wire paths of the two parameters.
    pub params: (&'static str, &'static str),
    /// The severity of a violation.
    pub severity: Severity,
    /// The check.
    pub check: CrossCheck,
    /// The source.
    pub source: Source,
}

/// The check of a rule over two parameters.
#[derive(Clone, Copy)]
pub enum CrossCheck {
    /// The first's value (its default when absent) names a ceiling for the second's number.
    Ceiling {
        /// The first's values, each with its ceiling.
        table: &'static [(&'static str, i64)],
        /// The ceilings' unit.
        unit: Text,
    },
}
