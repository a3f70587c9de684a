//! Origins and endpoints: who may ask, and where services answer.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::http::Uri;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use tieline_catalog::operations::operations;

use crate::iam;

/// A scheme, a host and perhaps a port: `https://portal.example`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin as browsers write it.
    ///
    /// # Errors
    /// What an origin is.
    pub fn parse(text: &str) -> Result<Origin, String> {
        let uri = text.parse::<Uri>().ok();
        let rebuilt = uri.as_ref().and_then(base);
        match rebuilt {
            Some(origin) if origin == text => Ok(Origin(origin)),
            _ => Err("an origin is a scheme, a host and perhaps a port, like https://portal.example, with no path and no slash at the end".to_string()),
        }
    }

    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Origin, D::Error> {
        let text = String::deserialize(deserializer)?;
        Origin::parse(&text).map_err(D::Error::custom)
    }
}

/// Scheme and authority of an http or https URI without a user.
fn base(uri: &Uri) -> Option<String> {
    let scheme = uri.scheme_str()?;
    let scheme = Some(scheme).filter(|s| matches!(*s, "http" | "https"))?;
    // Origins are written into headers, where `*`, `,` and `;` have meanings of their own.
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
    let authority = uri.authority().filter(|a| a.as_str().bytes().all(plain))?;
    Some(format!("{scheme}://{authority}"))
}

/// Whether an origin is on this machine.
pub(crate) fn is_loopback(origin: &str) -> bool {
    let Ok(uri) = origin.parse::<Uri>() else {
        return false;
    };
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return false;
    }
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The endpoint of a service: an origin; `https`, unless it is on this machine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Endpoint(Origin);

impl Endpoint {
    /// Reads an endpoint.
    ///
    /// # Errors
    /// What an endpoint is.
    pub fn parse(text: &str) -> Result<Endpoint, String> {
        let origin = Origin::parse(text.strip_suffix('/').unwrap_or(text))?;
        if origin.0.starts_with("https://") || is_loopback(&origin.0) {
            return Ok(Endpoint(origin));
        }
        Err("an endpoint on another machine is reached with https".to_string())
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &str {
        self.0 .0.split("://").next().unwrap_or_default()
    }

    /// Host and port, as the header Host has them.
    pub fn authority(&self) -> &str {
        self.0 .0.split("://").nth(1).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Endpoint, D::Error> {
        let text = String::deserialize(deserializer)?;
        Endpoint::parse(&text).map_err(D::Error::custom)
    }
}

/// The services of the catalog and IAM.
pub fn endpoints<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Endpoint>, D::Error> {
    let endpoints = BTreeMap::<String, Endpoint>::deserialize(deserializer)?;
    let mut known: Vec<&str> = operations()
        .map(|op| op.service.id)
        .chain([iam::SERVICE])
        .collect();
    known.sort_unstable();
    known.dedup();
    match endpoints
        .keys()
        .find(|name| !known.contains(&name.as_str()))
    {
        None => Ok(endpoints),
        Some(name) => Err(D::Error::custom(format!(
            "unknown service `{name}`, expected one of {}",
            known.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        assert!(Origin::parse("https://portal.example:8443").is_ok());
        for wrong in [
            "https://portal.example/",
            "portal.example",
            "null",
            "*",
            "ftp://a",
            "https://u@a",
            "https://*",
            "https://*.a",
            "https://a;b",
            "https://a,b",
        ] {
            assert!(Origin::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_endpoint_elsewhere_needs_https() {
        for (text, expected) in [
            ("https://vpc.example", Some(("https", "vpc.example"))),
            (
                "https://vpc.example:8443/",
                Some(("https", "vpc.example:8443")),
            ),
            ("http://127.0.0.1:9090", Some(("http", "127.0.0.1:9090"))),
            ("http://[::1]:9090", Some(("http", "[::1]:9090"))),
            ("http://vpc.example", None),
            ("http://127.0.0.1.evil.example", None),
            ("https://u:p@vpc.example", None),
            ("https://vpc.example/path", None),
            ("https://vpc.example?x", None),
            ("vpc.example", None),
        ] {
            let endpoint = Endpoint::parse(text).ok();
            let found = endpoint.as_ref().map(|e| (e.scheme(), e.authority()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
