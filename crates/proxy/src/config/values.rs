//! Values that are checked when they are read, so that a wrong one is refused with its line.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use axum::http::uri::Authority;
use ipnet::IpNet;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};
use tieline_catalog::model::Check;
use tieline_signature::Secret;

/// A text that is never printed.
#[derive(Clone, Debug)]
pub struct Hidden(Secret);

impl Hidden {
    /// The text itself.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hidden, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Hidden(Secret::new(text)))
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

/// A SHA-256. It is not printed: a short token could be guessed from it.
#[derive(Clone, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(***)")
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)
            .map_err(|_| D::Error::custom("a SHA-256 has 64 hexadecimal digits"))?;
        Ok(Digest(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

/// A whole number between two others.
pub fn within<'de, D, T, const MIN: u64, const MAX: u64>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Copy + TryInto<u64>,
{
    let number = T::deserialize(deserializer)?;
    match number.try_into() {
        Ok(n) if (MIN..=MAX).contains(&n) => Ok(number),
        _ => Err(D::Error::custom(format!(
            "the number must be between {MIN} and {MAX}"
        ))),
    }
}

/// Values of the header Host.
pub fn hosts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let hosts = Vec::<String>::deserialize(deserializer)?;
    for text in &hosts {
        host(text).map_err(D::Error::custom)?;
    }
    Ok(hosts)
}

/// A name or an address, and perhaps a port.
fn host(text: &str) -> Result<(), String> {
    let authority = text.parse::<Authority>().ok();
    let fits = authority.is_some_and(|authority| {
        // The parser is lenient about what follows the host.
        let port = authority.port_u16().map(|port| format!(":{port}"));
        let name = authority.host();
        let whole = format!("{name}{}", port.unwrap_or_default()) == text;
        let inner = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
        whole
            && match inner {
                Some(address) => address.parse::<Ipv6Addr>().is_ok(),
                None => {
                    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
                    !name.is_empty() && name.bytes().all(plain)
                }
            }
    });
    match fits {
        true => Ok(()),
        false => Err(format!(
            "`{text}` is no host: write a name or an address and perhaps a port, like portal.example, portal.example:8443 or [fd00::1]:8443, with no scheme, path or blank"
        )),
    }
}

/// Networks; an address alone is the network of that address.
pub fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let network = |text: &String| {
        let alone = text.parse::<IpAddr>().map(IpNet::from);
        alone.or_else(|_| text.parse()).map_err(|_| {
            D::Error::custom(format!(
                "`{text}` is neither an address nor a network, such as 127.0.0.1 or 10.0.0.0/24"
            ))
        })
    };
    texts.iter().map(network).collect()
}

/// Names that stand well in a header and in a menu.
pub fn profiles<'de, D, P>(deserializer: D) -> Result<BTreeMap<String, P>, D::Error>
where
    D: Deserializer<'de>,
    P: Deserialize<'de>,
{
    let profiles = BTreeMap::<String, P>::deserialize(deserializer)?;
    let fits = |name: &String| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        (1..=64).contains(&name.len()) && name.bytes().all(plain)
    };
    match profiles.keys().find(|name| !fits(name)) {
        None => Ok(profiles),
        Some(name) => Err(D::Error::custom(format!(
            "the profile name `{name}` must have 1 to 64 of A-Z a-z 0-9 - _ ."
        ))),
    }
}

/// The account id becomes part of a path.
pub fn account_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let id = String::deserialize(deserializer)?;
    match is_account_id(&id) {
        true => Ok(Some(id)),
        false => Err(D::Error::custom(
            "domain_id is the account's id: letters, digits, - and _",
        )),
    }
}

/// What a journal was named when it was begun.
pub fn journal_identity<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let identity = String::deserialize(deserializer)?;
    match identity.len() == 32 && identity.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => Ok(Some(identity)),
        false => Err(D::Error::custom(
            "a journal's identity has 32 hexadecimal digits; the proxy tells it when it begins one",
        )),
    }
}

/// Whether a text can be an account id: part of a path, and of nothing else.
pub(crate) fn is_account_id(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        && Check::PathSegment.broken_by(id).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_perhaps_a_port_and_nothing_else() {
        for right in [
            "portal.example",
            "Portal.example:8443",
            "portal_1",
            "10.0.0.5",
            "10.0.0.5:443",
            "[fd00::1]",
            "[fd00::1]:8443",
            "xn--fiqs8s.example",
        ] {
            assert_eq!(host(right), Ok(()), "{right}");
        }
        for wrong in [
            "",
            " ",
            "https://portal.example",
            "https://portal.example/",
            "portal.example/",
            "portal.example/path",
            " portal.example",
            "portal.example ",
            "portal.example, b.example",
            "portal.example:",
            "portal.example:https",
            "portal.example:0443",
            "portal.example:65536",
            ":8443",
            "u@portal.example",
            "*",
            "*.example",
            "fd00::1",
            "[fd00::1",
            "[portal]",
            "[]",
            "portal.example?x",
            "portal.example#x",
            "门户.example",
        ] {
            assert!(host(wrong).is_err(), "{wrong:?}");
        }
    }
}
