//! The one function that interprets the rules: [`check`].

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::Serialize;

use crate::input::{Checked, Raw, Value};
use crate::model::*;
use crate::text::{Message, Text};

/// A rule that an input breaks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Violation {
    /// The wire path of the parameter: `Tag.2.Key`; empty for the input as a whole.
    pub parameter: String,
    /// The rule's id: `length`, `required`, `cidr` and so on.
    pub rule: &'static str,
    /// Whether it stops the request.
    pub severity: Severity,
    /// What is wrong and what to do, from the rule's own numbers.
    pub message: Message,
    /// Who says so: a document line, a fact, or a decision.
    pub source: String,
    /// The other parameter of a rule over two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also: Option<String>,
}

impl Violation {
    pub(crate) fn shape(path: &str, rule: &'static str, message: Message) -> Violation {
        Violation {
            parameter: path.to_string(),
            rule,
            severity: Severity::Error,
            message,
            source: "Tieline: the input must have the operation's shape".to_string(),
            also: None,
        }
    }

    pub(crate) fn unknown(op: &Operation, siblings: &[Param], path: &str) -> Violation {
        let names: Vec<&str> = siblings.iter().map(|p| p.name).collect();
        let names = names.join(", ");
        Violation::shape(
            path,
            "unknown",
            Message::new(
                format!("{} has no parameter {path}. Known here: {names}.", op.name),
                format!("{} 没有参数 {path}。此处可用：{names}。", op.name),
            ),
        )
    }
}

/// What [`check`] returns: the values, and everything that is wrong with them.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// What could be read of the input.
    pub checked: Checked,
    /// All violations, in the order of the parameters.
    pub violations: Vec<Violation>,
}

impl Report {
    /// The violations that stop the request.
    pub fn errors(&self) -> impl Iterator<Item = &Violation> {
        self.violations
            .iter()
            .filter(|v| v.severity == Severity::Error)
    }

    /// The values, if no violation stops them.
    ///
    /// # Errors
    /// All violations, warnings included, when at least one is an error.
    pub fn valid(self) -> Result<Valid, Vec<Violation>> {
        if self.errors().next().is_some() {
            Err(self.violations)
        } else {
            Ok(Valid(self.checked))
        }
    }
}

/// Values that broke no rule of severity error. [`Report::valid`] is the only way to make one, and
/// only these are sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Valid(Checked);

impl Valid {
    /// The values.
    pub fn checked(&self) -> &Checked {
        &self.0
    }

    /// The values.
    pub fn into_checked(self) -> Checked {
        self.0
    }
}

/// Reads `raw` by the operation's tables and reports every violation. It never panics and never
/// stops at the first; an empty list counts as absent.
pub fn check(op: &'static Operation, raw: &Raw) -> Report {
    check_as(op, raw, false)
}

/// The same as a server does it: what [`Param::server_accepts_absence`] names may be missing.
pub fn check_as_server(op: &'static Operation, raw: &Raw) -> Report {
    check_as(op, raw, true)
}

fn check_as(op: &'static Operation, raw: &Raw, server: bool) -> Report {
    let mut checker = Checker {
        op,
        server,
        violations: Vec::new(),
    };
    let values = match raw {
        Raw::Object(members) => checker.members(op.params, members, ""),
        _ => checker.members(op.params, &[], ""),
    };
    let checked = Checked {
        operation: op,
        values,
    };
    for cross in op.cross {
        checker.cross(cross, &checked);
    }
    Report {
        checked,
        violations: checker.violations,
    }
}

struct Checker {
    op: &'static Operation,
    server: bool,
    violations: Vec<Violation>,
}

impl Checker {
    fn members(
        &mut self,
        params: &'static [Param],
        members: &[(String, Raw)],
        path: &str,
    ) -> Vec<(&'static str, Value)> {
        let mut values = Vec::new();
        for param in params {
            let here = join(path, param.name);
            match members.iter().find(|(name, _)| name == param.name) {
                Some((_, raw)) => {
                    if let Some(value) = self.value(param, raw, &here) {
                        values.push((param.name, value));
                    }
                }
                None if param.required => {
                    if let Kind::Object(inner) = param.kind {
                        // The missing members are what the user can fill in.
                        self.members(inner, &[], &here);
                    } else if !(self.server && param.server_accepts_absence.is_some()) {
                        self.required(param, &here);
                    }
                }
                None => {}
            }
        }
        for (name, _) in members {
            if find_param(params, name).is_none() {
                let violation = Violation::unknown(self.op, params, &join(path, name));
                self.violations.push(violation);
            }
        }
        values
    }

    fn value(&mut self, param: &'static Param, raw: &Raw, path: &str) -> Option<Value> {
        match (&param.kind, raw) {
            (Kind::Object(params), Raw::Object(members)) => {
                Some(Value::Object(self.members(params, members, path)))
            }
            (Kind::List { item, max }, Raw::List(raws)) => self.list(param, item, *max, raws, path),
            (Kind::Object(_) | Kind::List { .. }, _) | (_, Raw::List(_) | Raw::Object(_)) => {
                self.wrong_type(param, path);
                None
            }
            (kind, Raw::Text(text)) => {
                if text.is_empty() && param.required {
                    self.required(param, path);
                    return Some(Value::Text(String::new())).filter(|_| matches!(kind, Kind::Text));
                }
                let value = match kind {
                    Kind::Integer => text.parse().ok().map(Value::Integer),
                    Kind::Boolean => text.parse().ok().map(Value::Boolean),
                    _ => Some(Value::Text(text.clone())),
                };
                if value.is_none() {
                    self.wrong_type(param, path);
                }
                for rule in param.rules {
                    if let Some(message) = rule.check.broken_by(text) {
                        self.push(rule, path, message);
                    }
                }
                value
            }
        }
    }

    fn list(
        &mut self,
        param: &'static Param,
        item: &'static Param,
        max: usize,
        raws: &[Raw],
        path: &str,
    ) -> Option<Value> {
        if raws.len() > max {
            let count = raws.len();
            self.violations.push(Violation {
                source: param.source.cite(self.op),
                ..Violation::shape(
                    path,
                    "items",
                    Message::new(
                        format!(
                            "At most {max} items; there are {count}. Remove {}.",
                            count - max
                        ),
                        format!(
                            "最多 {max} 项，现有 {count} 项。请删除 {} 项。",
                            count - max
                        ),
                    ),
                )
            });
        }
        for rule in param.rules {
            if let Check::UniqueKeys(key) = rule.check {
                self.unique(rule, key, raws, path);
            }
        }
        let values: Vec<Value> = raws
            .iter()
            .enumerate()
            .filter_map(|(i, raw)| self.value(item, raw, &join(path, &(i + 1).to_string())))
            .collect();
        (!values.is_empty()).then_some(Value::List(values))
    }

    fn unique(&mut self, rule: &'static Rule, key: &str, raws: &[Raw], path: &str) {
        for (i, raw) in raws.iter().enumerate() {
            let Some(text) = raw.get(key).filter(|t| !t.is_empty()) else {
                continue;
            };
            if let Some(first) = raws[..i].iter().position(|r| r.get(key) == Some(text)) {
                let first = first + 1;
                let here = format!("{path}.{}.{key}", i + 1);
                let message = Message::new(
                    format!("The same {key} as in item {first}. Use each {key} once."),
                    format!("与第 {first} 项的 {key} 相同。每个 {key} 只能使用一次。"),
                );
                self.push(rule, &here, message);
            }
        }
    }

    fn cross(&mut self, cross: &'static Cross, checked: &Checked) {
        let (a, b) = cross.params;
        let CrossCheck::Ceiling(table) = cross.check;
        let default = find_param(self.op.params, a).and_then(|p| p.default);
        let choice = checked.get(a).or_else(|| default.map(str::to_string));
        let number = checked.get(b).and_then(|text| text.parse::<i64>().ok());
        let (Some(choice), Some(number)) = (choice, number) else {
            return;
        };
        let Some((_, max)) = table.iter().find(|(value, _)| *value == choice) else {
            return;
        };
        if number > *max {
            self.violations.push(Violation {
                parameter: b.to_string(),
                rule: cross.rule,
                severity: cross.severity,
                message: Message::new(
                    format!("{a} {choice} carries at most {max}; {b} is {number}. Choose a lower {b} or another {a}."),
                    format!("{a} 为 {choice} 时上限为 {max}，而 {b} 为 {number}。请降低 {b} 或更换 {a}。"),
                ),
                source: cross.source.cite(self.op),
                also: Some(a.to_string()),
            });
        }
    }

    fn required(&mut self, param: &Param, path: &str) {
        self.violations.push(Violation {
            source: param.source.cite(self.op),
            ..Violation::shape(
                path,
                "required",
                Message::new("Required. Enter a value.", "必填。请输入取值。"),
            )
        });
    }

    fn wrong_type(&mut self, param: &Param, path: &str) {
        let (en, zh) = param.kind.noun();
        self.violations.push(Violation {
            source: param.source.cite(self.op),
            ..Violation::shape(
                path,
                "type",
                Message::new(format!("Must be {en}."), format!("必须是{zh}。")),
            )
        });
    }

    fn push(&mut self, rule: &Rule, path: &str, mut message: Message) {
        if let Some(note) = rule.note {
            message.en = format!("{} {}", message.en, note.en);
            message.zh = format!("{}{}", message.zh, note.zh);
        }
        self.violations.push(Violation {
            parameter: path.to_string(),
            rule: rule.check.id(),
            severity: rule.severity,
            message,
            source: rule.source.cite(self.op),
            also: None,
        });
    }
}

/// Whether `c` is a Chinese character: the Han blocks of Unicode, extensions included.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

impl Chars {
    fn allows(self, c: char) -> bool {
        match self {
            Chars::WordsAnd(others) => {
                c.is_alphabetic() || is_han(c) || c.is_ascii_digit() || others.contains(c)
            }
            Chars::AllBut(others) => !others.contains(c),
        }
    }
}

fn message(en: impl Into<String>, zh: impl Into<String>) -> Option<Message> {
    Some(Message::new(en, zh))
}

fn one_of<'a>(texts: &'a [&'a str], hit: impl Fn(&str) -> bool) -> Option<&'a str> {
    texts.iter().copied().find(|t| hit(t))
}

impl Check {
    /// The rule's id, as violations carry it.
    pub const fn id(&self) -> &'static str {
        match self {
            Check::Length { .. } => "length",
            Check::FirstLetter | Check::FirstLatinOrHan => "first-character",
            Check::Chars(_) => "characters",
            Check::NotPrefix(_) => "forbidden-prefix",
            Check::NotContains(_) => "forbidden-substring",
            Check::Prefix(_) => "prefix",
            Check::Mentions(_) => "mentions",
            Check::OneOf(_) => "value",
            Check::Range { .. } => "range",
            Check::Cidr => "cidr",
            Check::NoHostBits => "host-bits",
            Check::PrivateCidr => "private-network",
            Check::Ip => "ip",
            Check::Ipv4 => "ipv4",
            Check::NotWithin(_) => "special-address",
            Check::Ascii => "ascii",
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
            Check::Length { min, max } => {
                let n = text.chars().count();
                if (min..=max).contains(&n) {
                    return None;
                }
                message(
                    format!("{}; this has {n}.", length_en(min, max)),
                    format!("{}，现有 {n} 个。", length_zh(min, max)),
                )
            }
            Check::FirstLetter => {
                let first = text.chars().next()?;
                if first.is_alphabetic() || is_han(first) {
                    return None;
                }
                message(
                    format!("Must start with a letter or a Chinese character, not “{first}”."),
                    format!("必须以字母或中文开头，不能以“{first}”开头。"),
                )
            }
            Check::FirstLatinOrHan => {
                let first = text.chars().next()?;
                if !first.is_alphabetic() || first.is_ascii_alphabetic() || is_han(first) {
                    return None;
                }
                message(
                    format!("Starts with “{first}”, a letter that is neither A–Z nor Chinese; the cloud may refuse it."),
                    format!("以“{first}”开头，它既不是 A–Z 也不是中文，云端可能拒绝。"),
                )
            }
            Check::Chars(chars) => {
                let bad = text.chars().find(|c| !chars.allows(*c))?;
                let shown = visible(bad);
                match chars {
                    Chars::WordsAnd(others) => {
                        let others = spaced(others);
                        message(
                            format!("Must not contain “{shown}”. Allowed: letters, Chinese characters, digits and {others}"),
                            format!("不能包含“{shown}”。可用字符：字母、中文、数字和 {others}"),
                        )
                    }
                    Chars::AllBut(_) => message(
                        format!("Must not contain “{shown}”."),
                        format!("不能包含“{shown}”。"),
                    ),
                }
            }
            Check::NotPrefix(prefixes) => {
                let prefix = one_of(prefixes, |p| text.starts_with(p))?;
                message(
                    format!("Must not start with “{prefix}”."),
                    format!("不能以“{prefix}”开头。"),
                )
            }
            Check::NotContains(parts) => {
                let part = one_of(parts, |p| text.contains(p))?;
                message(
                    format!("Must not contain “{part}”."),
                    format!("不能包含“{part}”。"),
                )
            }
            Check::Prefix(prefix) => {
                if text.starts_with(prefix) {
                    return None;
                }
                message(
                    format!("Usually starts with “{prefix}”."),
                    format!("通常以“{prefix}”开头。"),
                )
            }
            Check::Mentions(words) => {
                if one_of(words, |w| text.contains(w)).is_some() {
                    return None;
                }
                let words = words.join(", ");
                message(
                    format!("Mentions none of: {words}."),
                    format!("未提及以下任何一项：{words}。"),
                )
            }
            Check::OneOf(choices) => {
                if choices.iter().any(|c| c.value == text) {
                    return None;
                }
                let values: Vec<&str> = choices.iter().map(|c| c.value).collect();
                let values = values.join(", ");
                message(
                    format!("Not one of: {values}."),
                    format!("不在以下取值之内：{values}。"),
                )
            }
            Check::Range { min, max } => match text.parse::<i64>() {
                Ok(n) if (min..=max).contains(&n) => None,
                Ok(n) => message(
                    format!("Must be {min}–{max}; this is {n}."),
                    format!("必须在 {min}–{max} 之间，现为 {n}。"),
                ),
                Err(_) => None,
            },
            Check::Cidr => {
                if IpNet::from_str(text).is_ok() {
                    return None;
                }
                message(
                    "Not a network in CIDR notation. Write an address, a slash and the prefix length, like 172.16.22.0/24.",
                    "不是 CIDR 格式的网段。请写成“地址/前缀长度”，例如 172.16.22.0/24。",
                )
            }
            Check::NoHostBits => {
                let net = IpNet::from_str(text).ok()?;
                if net.addr() == net.network() {
                    return None;
                }
                let trunc = net.trunc();
                message(
                    format!("Has host bits set: the network is {trunc}."),
                    format!("主机位不为零：该网段应为 {trunc}。"),
                )
            }
            Check::PrivateCidr => {
                let net = IpNet::from_str(text).ok()?;
                if PRIVATE
                    .iter()
                    .any(|p| within(p, &net.network(), &net.broadcast()))
                {
                    return None;
                }
                message(
                    format!("Not a private network ({}).", PRIVATE.join(", ")),
                    format!("不是私网网段（{}）。", PRIVATE.join("、")),
                )
            }
            Check::Ip => {
                if IpAddr::from_str(text).is_ok() {
                    return None;
                }
                message(
                    "Not an IP address. Write it like 203.0.113.7, without a prefix length, port or spaces.",
                    "不是 IP 地址。请写成 203.0.113.7 的形式，不带前缀长度、端口或空格。",
                )
            }
            Check::Ipv4 => match IpAddr::from_str(text) {
                Ok(IpAddr::V6(_)) => message("An IPv6 address.", "这是 IPv6 地址。"),
                _ => None,
            },
            Check::NotWithin(ranges) => {
                let ip = IpAddr::from_str(text).ok()?;
                let (range, what) = ranges.iter().find(|(range, _)| within(range, &ip, &ip))?;
                message(
                    format!("{ip} is {} ({range}).", what.en),
                    format!("{ip} 属于{}（{range}）。", what.zh),
                )
            }
            Check::Ascii => {
                let bad = text.chars().find(|c| !c.is_ascii())?;
                message(
                    format!("Only ASCII characters; “{bad}” is none."),
                    format!("只能使用 ASCII 字符，“{bad}”不是。"),
                )
            }
            Check::Email => {
                if is_email(text) {
                    return None;
                }
                message(
                    "Not an e-mail address. Write it like name@example.com.",
                    "不是电子邮件地址。请写成 name@example.com 的形式。",
                )
            }
            Check::Telephone => {
                if is_telephone(text) {
                    return None;
                }
                message(
                    "Not a telephone number: 5–20 digits, with an optional leading + and spaces, hyphens or parentheses between them.",
                    "不是电话号码：应为 5–20 位数字，可以 + 开头，数字间可有空格、短横线或括号。",
                )
            }
            Check::ResidentId => resident_id(text),
            Check::ResidentId18 => {
                if text.len() != 15 || resident_id(text).is_some() {
                    return None;
                }
                message(
                    "A 15-digit number of the first generation, out of use since 2013.",
                    "15 位的第一代身份证号，已于 2013 年停用。",
                )
            }
            Check::RegionLabel => {
                let fits = (1..=63).contains(&text.len())
                    && text
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                    && !text.starts_with('-')
                    && !text.ends_with('-');
                if fits {
                    return None;
                }
                message(
                    "Not a region id: a–z, 0–9 and hyphens, like cn-shanghai. It becomes part of the host name.",
                    "不是地域 ID：只能是 a–z、0–9 和短横线，例如 cn-shanghai。它会成为主机名的一部分。",
                )
            }
            Check::UniqueKeys(_) => None,
            Check::PathSegment => {
                if !matches!(text, "" | "." | "..") && !text.chars().any(char::is_control) {
                    return None;
                }
                message(
                    "Cannot stand in a path: must not be empty, “.” or “..”, nor contain control characters.",
                    "无法放入路径：不能为空、“.”或“..”，也不能包含控制字符。",
                )
            }
            Check::HeaderValue => {
                if !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic()) {
                    return None;
                }
                message(
                    "Cannot be sent in a header: only visible ASCII characters, no spaces or line breaks.",
                    "无法放入请求头：只能是可见的 ASCII 字符，不含空格或换行。",
                )
            }
        }
    }
}

impl Rule {
    /// What the rule asks, in a few words, for the help under a control. `None` where the control
    /// itself shows it (value lists) and for rules that stop nothing.
    pub fn hint(&self) -> Option<Message> {
        if self.severity == Severity::Warning {
            return None;
        }
        match self.check {
            Check::Length { min, max } => message(length_en(min, max), length_zh(min, max)),
            Check::FirstLetter => message(
                "starts with a letter or a Chinese character",
                "以字母或中文开头",
            ),
            Check::Chars(Chars::WordsAnd(others)) => message(
                format!("letters, Chinese characters, digits and {}", spaced(others)),
                format!("字母、中文、数字和 {}", spaced(others)),
            ),
            Check::Chars(Chars::AllBut(others)) => message(
                format!("without {}", spaced(others)),
                format!("不含 {}", spaced(others)),
            ),
            Check::NotPrefix(prefixes) => message(
                format!("not starting with {}", prefixes.join(" or ")),
                format!("不以 {} 开头", prefixes.join(" 或 ")),
            ),
            Check::NotContains(parts) => message(
                format!("without {}", parts.join(" or ")),
                format!("不含 {}", parts.join(" 或 ")),
            ),
            Check::Range { min, max } => message(format!("{min}–{max}"), format!("{min}–{max}")),
            Check::Cidr => message("CIDR notation", "CIDR 格式"),
            Check::Ip => message("IP address", "IP 地址"),
            Check::Ascii => message("ASCII characters", "ASCII 字符"),
            _ => None,
        }
    }
}

fn length_en(min: usize, max: usize) -> String {
    match min {
        0 => format!("At most {max} characters"),
        _ => format!("{min}–{max} characters"),
    }
}

fn length_zh(min: usize, max: usize) -> String {
    match min {
        0 => format!("最多 {max} 个字符"),
        _ => format!("{min}–{max} 个字符"),
    }
}

/// `._-` as `. _ -`.
fn spaced(chars: &str) -> String {
    let mut out = String::new();
    for c in chars.chars() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// A character as a message can show it: blanks and invisible ones by their code.
fn visible(c: char) -> String {
    if c.is_whitespace() || c.is_control() {
        format!("U+{:04X}", c as u32)
    } else {
        c.to_string()
    }
}

/// RFC 1918 and RFC 4193.
const PRIVATE: &[&str] = &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

fn within(range: &str, first: &IpAddr, last: &IpAddr) -> bool {
    IpNet::from_str(range).is_ok_and(|net| net.contains(first) && net.contains(last))
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let clean = |s: &str| {
        !s.chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '@')
    };
    !local.is_empty()
        && clean(local)
        && clean(host)
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
}

fn is_telephone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    (5..=20).contains(&digits)
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')'))
}

/// Checks a resident identity number by GB 11643-1999: 17 digits and a check character (ISO 7064
/// MOD 11-2), the birth date at digits 7–14; or 15 digits, the birth date at 7–12.
fn resident_id(text: &str) -> Option<Message> {
    let bytes = text.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let number = |part: &[u8]| part.iter().fold(0u32, |n, b| n * 10 + u32::from(b - b'0'));
    let shape = match bytes.len() {
        18 => digits(&bytes[..17]) && matches!(bytes[17], b'0'..=b'9' | b'X' | b'x'),
        15 => digits(bytes),
        _ => false,
    };
    if !shape {
        return message(
            "Not a resident identity number: 17 digits and a digit or X, or 15 digits.",
            "不是居民身份证号：应为 17 位数字加一位数字或 X，或 15 位数字。",
        );
    }
    let (year, month, day) = if bytes.len() == 18 {
        (
            number(&bytes[6..10]),
            number(&bytes[10..12]),
            number(&bytes[12..14]),
        )
    } else {
        (
            1900 + number(&bytes[6..8]),
            number(&bytes[8..10]),
            number(&bytes[10..12]),
        )
    };
    if year < 1850 || day == 0 || day > days_in(year, month) {
        return message(
            "The birth date in the identity number does not exist. Compare digits 7–14 with the card.",
            "身份证号中的出生日期不存在。请核对第 7–14 位数字。",
        );
    }
    if bytes.len() == 18 {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = WEIGHTS
            .iter()
            .zip(bytes)
            .map(|(w, b)| w * u32::from(b - b'0'))
            .sum();
        let expected = b"10X98765432"[(sum % 11) as usize];
        if bytes[17].to_ascii_uppercase() != expected {
            // The expected character is not named: the message must not help to guess a number.
            return message(
                "The check character of the identity number does not fit. Compare it with the card.",
                "身份证号的校验位不符。请与证件核对。",
            );
        }
    }
    None
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// The parameter of that name among siblings.
pub fn find_param(params: &'static [Param], name: &str) -> Option<&'static Param> {
    params.iter().find(|p| p.name == name)
}

/// The parameter at a wire path, item numbers included.
pub fn param_at(op: &'static Operation, path: &str) -> Option<&'static Param> {
    let mut segments = path.split('.');
    let first = find_param(op.params, segments.next()?)?;
    segments.try_fold(first, |at, segment| match at.kind {
        Kind::Object(members) => find_param(members, segment),
        Kind::List { item, .. } => segment.parse::<usize>().ok().map(|_| item),
        _ => None,
    })
}

/// Joins a wire path and a name.
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_string()
    } else {
        format!("{path}.{name}")
    }
}

/// A wire path without its item numbers: `Tag.2.Key` → `Tag.Key`.
pub fn without_numbers(path: &str) -> String {
    let kept: Vec<&str> = path
        .split('.')
        .filter(|s| s.parse::<usize>().is_err())
        .collect();
    kept.join(".")
}

/// A ready-made list for [`Check::NotWithin`]: addresses that no public gateway can have.
pub const SPECIAL_ADDRESSES: &[(&str, Text)] = &[
    (
        "10.0.0.0/8",
        crate::text::t("a private address", "私网地址"),
    ),
    (
        "172.16.0.0/12",
        crate::text::t("a private address", "私网地址"),
    ),
    (
        "192.168.0.0/16",
        crate::text::t("a private address", "私网地址"),
    ),
    (
        "0.0.0.0/8",
        crate::text::t("a reserved address", "保留地址"),
    ),
    (
        "100.64.0.0/10",
        crate::text::t("a shared (carrier NAT) address", "运营商共享地址"),
    ),
    (
        "127.0.0.0/8",
        crate::text::t("a loopback address", "回环地址"),
    ),
    (
        "169.254.0.0/16",
        crate::text::t("a link-local address", "链路本地地址"),
    ),
    (
        "192.0.0.0/24",
        crate::text::t("a reserved address", "保留地址"),
    ),
    (
        "192.0.2.0/24",
        crate::text::t("a documentation address", "文档示例地址"),
    ),
    (
        "198.18.0.0/15",
        crate::text::t("a benchmarking address", "基准测试地址"),
    ),
    (
        "198.51.100.0/24",
        crate::text::t("a documentation address", "文档示例地址"),
    ),
    (
        "203.0.113.0/24",
        crate::text::t("a documentation address", "文档示例地址"),
    ),
    (
        "224.0.0.0/4",
        crate::text::t("a multicast address", "组播地址"),
    ),
    (
        "240.0.0.0/4",
        crate::text::t("a reserved address", "保留地址"),
    ),
    (
        "::/128",
        crate::text::t("an unspecified address", "未指定地址"),
    ),
    ("::1/128", crate::text::t("a loopback address", "回环地址")),
    ("fc00::/7", crate::text::t("a private address", "私网地址")),
    (
        "fe80::/10",
        crate::text::t("a link-local address", "链路本地地址"),
    ),
    (
        "ff00::/8",
        crate::text::t("a multicast address", "组播地址"),
    ),
    (
        "2001:db8::/32",
        crate::text::t("a documentation address", "文档示例地址"),
    ),
];
