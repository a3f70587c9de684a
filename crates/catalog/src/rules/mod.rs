//! What each kind of rule checks, and the messages, built from the rule's own numbers.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

use crate::model::*;
use crate::text::{t, Message, Text};

/// Whether `c` is a Chinese character: the Han blocks of Unicode, extensions included.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

impl Chars {
    fn allows(self, c: char) -> bool {
        match self {
            Chars::WordsAnd(others) => {
                c.is_alphabetic() || is_han(c) || c.is_ascii_digit() || holds(others, c)
            }
            Chars::AllBut(others) => !holds(others, c),
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
                let first = visible(first);
                message(
                    format!(
                        "Must start with a letter or a Chinese character, not {}.",
                        first.en
                    ),
                    format!("必须以字母或中文开头，不能以{}开头。", first.zh),
                )
            }
            Check::FirstLatinOrHan => {
                let first = text.chars().next()?;
                if !first.is_alphabetic() || first.is_ascii_alphabetic() || is_han(first) {
                    return None;
                }
                let first = visible(first);
                message(
                    format!("Starts with {}, a letter that is neither A–Z nor Chinese; the cloud may refuse it.", first.en),
                    format!("以{}开头，它既不是 A–Z 也不是中文，云端可能拒绝。", first.zh),
                )
            }
            Check::Chars(chars) => {
                let bad = text.chars().find(|c| !chars.allows(*c))?;
                let shown = visible(bad);
                match chars {
                    Chars::WordsAnd(others) => {
                        let others = spaced(others);
                        message(
                            format!("Must not contain {}. Allowed: letters, Chinese characters, digits and {others}", shown.en),
                            format!("不能包含{}。可用字符：字母、中文、数字和 {others}", shown.zh),
                        )
                    }
                    Chars::AllBut(_) => message(
                        format!("Must not contain {}.", shown.en),
                        format!("不能包含{}。", shown.zh),
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
                let part = one_of(parts, |p| contains(text, p))?;
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
                if one_of(words, |w| contains(text, w)).is_some() {
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
                // A sentence of thirty regions tells nothing; the control offers them.
                if values.len() > 12 {
                    let count = values.len();
                    return message(
                        format!("Not one of the {count} known values."),
                        format!("不在 {count} 个已知取值之内。"),
                    );
                }
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
                if network(text).is_some() {
                    return None;
                }
                message(
                    "Not a network in CIDR notation. Write an address, a slash and the prefix length, like 172.16.22.0/24.",
                    "不是 CIDR 格式的网段。请写成“地址/前缀长度”，例如 172.16.22.0/24。",
                )
            }
            Check::NoHostBits => {
                let net = network(text)?;
                let (first, length) = (net.network(), net.prefix_len());
                if net.addr() == first {
                    return None;
                }
                message(
                    format!("Has host bits set: the network is {first}/{length}."),
                    format!("主机位不为零：该网段应为 {first}/{length}。"),
                )
            }
            Check::PrivateCidr => {
                let net = network(text)?;
                let (first, last) = (net.network(), net.broadcast());
                if PRIVATE
                    .iter()
                    .any(|p| covers(p, &first) && covers(p, &last))
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
                let (range, what) = ranges.iter().find(|(range, _)| covers(range, &ip))?;
                message(
                    format!("{text} is {} ({range}).", what.en),
                    format!("{text} 属于{}（{range}）。", what.zh),
                )
            }
            Check::Ascii => {
                let bad = visible(text.chars().find(|c| !c.is_ascii())?);
                message(
                    format!("Only ASCII characters; {} is none.", bad.en),
                    format!("只能使用 ASCII 字符，{}不是。", bad.zh),
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

/// A character as a message can show it: a blank by its name, by its code what else is invisible or
/// turns what stands around it (Unicode's default ignorable characters, all bidirectional controls in
/// them). Of the blanks only the common one needs no code to tell it from the others.
fn visible(c: char) -> Message {
    let unseen = matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}');
    let code = format!("U+{:04X}", c as u32);
    if c == ' ' {
        return Message::new("a blank", "空格");
    }
    if c.is_whitespace() && !c.is_control() {
        return Message::new(format!("a blank ({code})"), format!("空格（{code}）"));
    }
    let shown = match unseen || c.is_control() {
        true => format!("“{code}”"),
        false => format!("“{c}”"),
    };
    Message::new(shown.clone(), shown)
}

/// RFC 1918 and RFC 4193.
const PRIVATE: &[&str] = &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

/// Reads CIDR notation. The parts are read by std: ipnet alone also takes leading zeros, which some
/// systems read as octal.
fn network(text: &str) -> Option<IpNet> {
    let (address, length) = text.split_once('/')?;
    let ip = IpAddr::from_str(address).ok()?;
    let digits = length.bytes().all(|b| b.is_ascii_digit());
    if !digits || length.len() > 1 && length.starts_with('0') {
        return None;
    }
    IpNet::new(ip, length.parse().ok()?).ok()
}

fn covers(range: &str, ip: &IpAddr) -> bool {
    network(range).is_some_and(|range| range.contains(ip))
}

fn holds(text: &str, wanted: char) -> bool {
    text.chars().any(|c| c == wanted)
}

/// Whether `part` stands in `text`. The search of std is made for long texts, and weighs on the
/// page.
pub fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    part.is_empty() || text.windows(part.len()).any(|at| at == part)
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
        && holds(host, '.')
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
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

/// A ready-made list for [`Check::NotWithin`]: addresses that no public gateway can have.
pub const SPECIAL_ADDRESSES: &[(&str, Text)] = &[
    ("10.0.0.0/8", t("a private address", "私网地址")),
    ("172.16.0.0/12", t("a private address", "私网地址")),
    ("192.168.0.0/16", t("a private address", "私网地址")),
    ("0.0.0.0/8", t("a reserved address", "保留地址")),
    (
        "100.64.0.0/10",
        t("a shared (carrier NAT) address", "运营商共享地址"),
    ),
    ("127.0.0.0/8", t("a loopback address", "回环地址")),
    ("169.254.0.0/16", t("a link-local address", "链路本地地址")),
    ("192.0.0.0/24", t("a reserved address", "保留地址")),
    ("192.0.2.0/24", t("a documentation address", "文档示例地址")),
    ("198.18.0.0/15", t("a benchmarking address", "基准测试地址")),
    (
        "198.51.100.0/24",
        t("a documentation address", "文档示例地址"),
    ),
    (
        "203.0.113.0/24",
        t("a documentation address", "文档示例地址"),
    ),
    ("224.0.0.0/4", t("a multicast address", "组播地址")),
    ("240.0.0.0/4", t("a reserved address", "保留地址")),
    ("::/128", t("an unspecified address", "未指定地址")),
    ("::1/128", t("a loopback address", "回环地址")),
    ("fc00::/7", t("a private address", "私网地址")),
    ("fe80::/10", t("a link-local address", "链路本地地址")),
    ("ff00::/8", t("a multicast address", "组播地址")),
    (
        "2001:db8::/32",
        t("a documentation address", "文档示例地址"),
    ),
];

#[cfg(test)]
mod tests;
