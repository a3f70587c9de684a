//! The interpretation of each kind of rule, and the messages, built from the rule's own numbers.

mod floor;
mod identity;
mod network;
mod number;
mod text;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::model::*;
use crate::text::Message;

pub use network::v4;
pub use text::contains;

impl Check {
    /// The rule's id, as violations carry it.
    pub const fn id(&self) -> &'static str {
        match self {
            Check::Length { .. } => "length",
            Check::FirstLetter | Check::FirstLatinOrHan => "first-character",
            Check::Chars(_) => "characters",
            Check::NotPrefix(_) | Check::NotPrefixAnyCase(_) => "forbidden-prefix",
            Check::NotContains(_) | Check::NotContainsAnyCase(_) => "forbidden-substring",
            Check::Prefix(_) => "prefix",
            Check::Floor => "floor",
            Check::OneOf(_) => "value",
            Check::Range { .. } => "range",
            Check::Cidr => "cidr",
            Check::NoHostBits => "host-bits",
            Check::PrivateCidr => "private-network",
            Check::Ip => "ip",
            Check::Ipv4 => "ipv4",
            Check::NotWithin(_) => "special-address",
            Check::Ascii => "ascii",
            Check::NoControl => "control-character",
            Check::VisibleAsciiBut(_) => "visible-ascii",
            Check::EnterpriseProject => "enterprise-project",
            Check::AsnBut(_) => "asn",
            Check::Email => "email",
            Check::Telephone => "telephone",
            Check::ResidentId => "resident-id",
            Check::ResidentId18 => "resident-id-generation",
            Check::RegionLabel => "region",
            Check::UniqueKeys(_) => "unique",
            Check::PathSegment => "path-segment",
            Check::HeaderValue => "header-value",
        }
    }

    /// The message if `text` breaks the check. A check that presumes another (host bits presume a
    /// network) is silent where that other is broken.
    pub fn broken_by(&self, text: &str) -> Option<Message> {
        match *self {
            Check::Length { min, max } => text::length(text, min, max),
            Check::FirstLetter => text::first_letter(text),
            Check::FirstLatinOrHan => text::first_latin_or_han(text),
            Check::Chars(chars) => text::chars(text, chars),
            Check::NotPrefix(prefixes) => text::not_prefix(text, prefixes),
            Check::NotPrefixAnyCase(prefixes) => text::not_prefix_any_case(text, prefixes),
            Check::NotContains(parts) => text::not_contains(text, parts),
            Check::NotContainsAnyCase(parts) => text::not_contains_any_case(text, parts),
            Check::Prefix(prefix) => text::prefix(text, prefix),
            Check::Floor => floor::floor(text),
            Check::OneOf(choices) => text::one_of(text, choices),
            Check::Range { min, max } => number::range(text, min, max),
            Check::Cidr => network::cidr(text),
            Check::NoHostBits => network::no_host_bits(text),
            Check::PrivateCidr => network::private(text),
            Check::Ip => network::ip(text),
            Check::Ipv4 => network::ipv4(text),
            Check::NotWithin(ranges) => network::not_within(text, ranges),
            Check::Ascii => text::ascii(text),
            Check::NoControl => text::no_control(text),
            Check::VisibleAsciiBut(others) => text::visible_ascii_but(text, others),
            Check::EnterpriseProject => identity::enterprise_project(text),
            Check::AsnBut(reserved) => number::asn_but(text, reserved),
            Check::Email => identity::email(text),
            Check::Telephone => identity::telephone(text),
            Check::ResidentId => identity::resident_id(text),
            Check::ResidentId18 => identity::second_generation(text),
            Check::RegionLabel => network::region_label(text),
            // A rule of the whole list: the check of a list looks at it.
            Check::UniqueKeys(_) => None,
            Check::PathSegment => text::path_segment(text),
            Check::HeaderValue => text::header_value(text),
        }
    }
}

impl Rule {
    /// The rule in a few words, for the help under a control. `None` where the control
    /// itself shows it (value lists) and for rules that stop nothing.
    pub fn hint(&self) -> Option<Message> {
        if self.severity == Severity::Warning {
            return None;
        }
        match self.check {
            Check::Length { min, max } => {
                hint(text::length_en(min, max), text::length_zh(min, max))
            }
            Check::FirstLetter => hint(
                "starts with a letter or a Chinese character",
                "以字母或中文开头",
            ),
            Check::Chars(Chars::WordsAnd(others)) => hint(
                format!(
                    "letters, Chinese characters, digits and {}",
                    text::spaced(others)
                ),
                format!("字母、中文、数字和 {}", text::spaced(others)),
            ),
            Check::Chars(Chars::AllBut(others)) => hint(
                format!("without {}", text::spaced(others)),
                format!("不含 {}", text::spaced(others)),
            ),
            Check::NotPrefix(prefixes) => hint(
                format!("not starting with {}", prefixes.join(" or ")),
                format!("不以 {} 开头", prefixes.join(" 或 ")),
            ),
            Check::NotContains(parts) => hint(
                format!("without {}", parts.join(" or ")),
                format!("不含 {}", parts.join(" 或 ")),
            ),
            Check::Range { min, max } => hint(format!("{min}–{max}"), format!("{min}–{max}")),
            Check::Cidr => hint("CIDR notation", "CIDR 格式"),
            Check::NotWithin(ranges) => {
                let ranges: Vec<String> = ranges.iter().map(|(net, _)| net.to_string()).collect();
                hint(
                    format!("not within {}", ranges.join(", ")),
                    format!("不在 {} 之内", ranges.join("、")),
                )
            }
            Check::Ascii => hint("ASCII characters", "ASCII 字符"),
            _ => None,
        }
    }
}

fn hint(en: impl Into<String>, zh: impl Into<String>) -> Option<Message> {
    Some(Message::new(en, zh))
}

#[cfg(test)]
mod tests;
