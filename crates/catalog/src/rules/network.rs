//! Rules about addresses, networks and regions. The networks of the tables are constants, so that no
//! check has to parse them.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::text::{listed, Message, Text};

/// An IPv4 network, for a table.
pub const fn v4(octets: [u8; 4], length: u8) -> IpNet {
    let [a, b, c, d] = octets;
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length))
}

const fn v6(segments: [u16; 8], length: u8) -> IpNet {
    let [a, b, c, d, e, f, g, h] = segments;
    let first = Ipv6Addr::new(a, b, c, d, e, f, g, h);
    IpNet::V6(Ipv6Net::new_assert(first, length))
}

/// RFC 1918 and RFC 4193.
const PRIVATE: &[IpNet] = &[
    v4([10, 0, 0, 0], 8),
    v4([172, 16, 0, 0], 12),
    v4([192, 168, 0, 0], 16),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
];

/// Reads CIDR notation. The parts are read by the standard library: ipnet alone also takes leading
/// zeros, which some systems read as octal.
fn network(text: &str) -> Option<IpNet> {
    let (address, length) = text.split_once('/')?;
    let ip = address.parse().ok()?;
    let digits = length.bytes().all(|b| b.is_ascii_digit());
    if !digits || length.len() > 1 && length.starts_with('0') {
        return None;
    }
    IpNet::new(ip, length.parse().ok()?).ok()
}

fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

pub(super) fn cidr(text: &str) -> Option<Message> {
    if network(text).is_some() {
        return None;
    }
    Some(Message::new(
        "Not a network in CIDR notation. Write an address, a slash and the prefix length, like 172.16.22.0/24.",
        "不是 CIDR 格式的网段。请使用“地址/前缀长度”的格式，例如 172.16.22.0/24。",
    ))
}

pub(super) fn no_host_bits(text: &str) -> Option<Message> {
    let net = network(text)?;
    let (first, length) = (net.network(), net.prefix_len());
    if net.addr() == first {
        return None;
    }
    Some(Message::new(
        format!("Has host bits set: the network is {first}/{length}."),
        format!("主机位不为零，网络地址为 {first}/{length}。"),
    ))
}

pub(super) fn private(text: &str) -> Option<Message> {
    let net = network(text)?;
    let (first, last) = (net.network(), net.broadcast());
    if PRIVATE
        .iter()
        .any(|p| p.contains(&first) && p.contains(&last))
    {
        return None;
    }
    let all: Vec<String> = PRIVATE.iter().map(IpNet::to_string).collect();
    let all = listed(&all);
    Some(Message::new(
        format!("Not a private network ({}).", all.en),
        format!("不是私网网段（{}）。", all.zh),
    ))
}

pub(super) fn ip(text: &str) -> Option<Message> {
    if address(text).is_some() {
        return None;
    }
    Some(Message::new(
        "Not an IP address. Write it like 203.0.113.7, without a prefix length, port or spaces.",
        "不是 IP 地址。请使用 203.0.113.7 的格式，不带前缀长度、端口或空格。",
    ))
}

pub(super) fn ipv4(text: &str) -> Option<Message> {
    match address(text)? {
        IpAddr::V6(_) => Some(Message::new("An IPv6 address.", "这是 IPv6 地址。")),
        IpAddr::V4(_) => None,
    }
}

pub(super) fn not_within(text: &str, ranges: &[(IpNet, Text)]) -> Option<Message> {
    let ip = address(text)?;
    let (range, what) = ranges.iter().find(|(range, _)| range.contains(&ip))?;
    Some(Message::new(
        format!("{text} is {} ({range}).", what.en),
        format!("{text} 属于{}（{range}）。", what.zh),
    ))
}

pub(super) fn region_label(text: &str) -> Option<Message> {
    let fits = (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-');
    if fits {
        return None;
    }
    Some(Message::new(
        "Not a region ID: a–z, 0–9 and hyphens, like cn-shanghai. It becomes part of the host name.",
        "不是地域 ID：只能是 a–z、0–9 和短横线，例如 cn-shanghai。地域 ID 会成为主机名的一部分。",
    ))
}
