//! Parsed input to the exact HTTP request, and the way back.
//!
//! [`encode`] and [`parse`] are inverse: for values that pass the check, parsing the encoded request
//! and checking it again gives the same values. Credentials, dates and nonces are the signer's; they
//! are no part of a [`Request`] made here.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use percent_encoding::{utf8_percent_encode, AsciiSet, NON_ALPHANUMERIC};

use crate::check::MOST_TOLD;
use crate::input::{Parsed, Raw, Value};
use crate::model::*;
use crate::operations;
use crate::path::find_param;

/// Everything but the unreserved characters of RFC 3986 is encoded, as both vendors' signatures ask.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// An HTTP request to a cloud, without credentials.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// The host, with a port if it is not the scheme's own.
    pub host: String,
    /// The path, percent-encoded.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers, names in lower case, without `host`.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: String,
}

impl fmt::Debug for Request {
    /// Its destination and its names: values can be personal, a header can be a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| -> Vec<String> {
            pairs.iter().map(|(name, _)| name.clone()).collect()
        };
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("path", &self.path)
            .field("query", &names(&self.query))
            .field("headers", &names(&self.headers))
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

impl Request {
    /// The query as it stands in a URL, without `?`.
    pub fn query_string(&self) -> String {
        let pairs = self.query.iter();
        write_query(pairs.map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The whole URL, `https`.
    pub fn url(&self) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        let query = self.query_string();
        format!("https://{}{}{mark}{query}", self.host, self.path)
    }

    /// The value of a header, its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}

/// An HTTP response of a cloud.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The content type, empty when there was none.
    pub content_type: String,
    /// Further headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Response {
    /// The value of a header, its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Percent-encodes UTF-8, leaving only `A-Z a-z 0-9 - _ . ~` (RFC 3986, section 2.3).
pub fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Encodes a query string; [`parse_query`] is the way back.
pub fn write_query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.map(|(name, value)| percent_encode(name) + "=" + &percent_encode(value));
    pairs.collect::<Vec<_>>().join("&")
}

/// Decodes a query string or a form body; `+` is a blank.
pub fn parse_query(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// The request that carries these values: for checked values the one that is sent, for a draft the
/// best that can be shown of it (a missing path part stays as `{domain_id}`).
pub fn encode(parsed: &Parsed) -> Request {
    let op = parsed.operation();
    let service = op.service;
    let region = op
        .param_with(Control::Region)
        .and_then(|name| parsed.get(name));
    let mut request = Request {
        host: host(service, region.as_deref()),
        ..Request::default()
    };
    match op.protocol {
        Protocol::Rpc => {
            request.method = "POST".into();
            request.path = "/".into();
            for (param, value) in parsed.located(ParamLocation::Query) {
                flatten(param.name.to_string(), value, &mut request.query);
            }
            request.headers = vec![
                ("x-acs-action".into(), op.name.into()),
                ("x-acs-version".into(), service.version.into()),
                ("accept".into(), "application/json".into()),
            ];
        }
        Protocol::Rest { method, path } => {
            request.method = method.into();
            request.path = path.into();
            for (param, value) in parsed.located(ParamLocation::Path) {
                let text = percent_encode(&value.text().unwrap_or_default());
                let parts = request.path.split('/');
                let parts = parts.map(|part| match template_name(part) {
                    Some(name) if name == param.name => &text,
                    _ => part,
                });
                request.path = parts.collect::<Vec<_>>().join("/");
            }
            for (param, value) in parsed.located(ParamLocation::Query) {
                match value {
                    // REST repeats the name for each item.
                    Value::List(items) => {
                        for text in items.iter().filter_map(Value::text) {
                            request.query.push((param.name.into(), text));
                        }
                    }
                    leaf => request
                        .query
                        .push((param.name.into(), leaf.text().unwrap_or_default())),
                }
            }
            if method != "GET" {
                request
                    .headers
                    .push(("content-type".into(), "application/json".into()));
                request.body = body(parsed).json();
            }
            for (param, value) in parsed.located(ParamLocation::Header) {
                let text = value.text().unwrap_or_default();
                request
                    .headers
                    .push((param.name.to_ascii_lowercase(), text));
            }
        }
    }
    request
}

/// The body's values.
pub fn body(parsed: &Parsed) -> Value {
    let members = parsed.located(ParamLocation::Body);
    Value::Object(members.map(|(p, value)| (p.name, value.clone())).collect())
}

/// The host of a service for a region. A region that cannot be part of a host name gets the
/// service's own host: the check refuses it, and nothing typed reaches a host name unchecked.
pub fn host(service: &Service, region: Option<&str>) -> String {
    let region = region.filter(|r| Check::RegionLabel.broken_by(r).is_none());
    match (region, service.regional_host) {
        (Some(region), Some(pattern)) => {
            let exception = service.host_exceptions.iter().find(|(r, _)| *r == region);
            match exception {
                Some((_, host)) => (*host).to_string(),
                None => {
                    let part = |part| match part {
                        "region" => region,
                        fixed => fixed,
                    };
                    pattern.split(['{', '}']).map(part).collect()
                }
            }
        }
        _ => service.host.to_string(),
    }
}

fn flatten(path: String, value: &Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::List(items) => {
            for (i, item) in items.iter().enumerate() {
                flatten(format!("{path}.{}", i + 1), item, out);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                flatten(format!("{path}.{name}"), member, out);
            }
        }
        leaf => out.push((path, leaf.text().unwrap_or_default())),
    }
}

/// The reason why a request could not be read as an operation of the catalog.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ParseError {
    /// No operation of that name, or none named at all.
    Action(String),
    /// The operation is known, in another version.
    Version(String),
    /// No operation has that method and path.
    Path,
    /// The body is no JSON object of the operation's shape.
    Body(String),
    /// A parameter's name contradicts another or numbers too many items.
    Parameter(String),
}

/// Reads a request as a server does: RPC by the headers `x-acs-action` and `x-acs-version` (V3) or
/// the parameters Action and Version in query or form body (V1), REST by method and path. Host and
/// signature are not looked at.
///
/// # Errors
/// See [`ParseError`].
pub fn parse(request: &Request) -> Result<(&'static Operation, Raw), ParseError> {
    let form = match request.header("content-type") {
        Some(kind) if kind.starts_with("application/x-www-form-urlencoded") => {
            parse_query(&request.body)
        }
        _ => Vec::new(),
    };
    let pairs: Vec<&(String, String)> = request.query.iter().chain(&form).collect();
    let given = |name: &str| {
        pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    match request.header("x-acs-action").or_else(|| given("Action")) {
        Some(action) => {
            let op = operations::find(action)
                .filter(|op| op.protocol == Protocol::Rpc)
                .ok_or_else(|| ParseError::Action(action.to_string()))?;
            let version = request.header("x-acs-version").or_else(|| given("Version"));
            if version != Some(op.service.version) {
                return Err(ParseError::Version(version.unwrap_or_default().into()));
            }
            let mut raw = Raw::new();
            // Each name is looked for among those before it, and a hostile body has tens of thousands.
            let mut unknown = 0;
            for (name, value) in pairs {
                let own = find_param(op.params, name).is_some();
                if !own && (unknown == MOST_TOLD || Protocol::RPC_COMMON.contains(&name.as_str())) {
                    continue;
                }
                unknown += usize::from(!own);
                if !raw.set(name, value) {
                    return Err(ParseError::Parameter(name.clone()));
                }
            }
            Ok((op, raw))
        }
        None if request.path == "/" || request.path.is_empty() => {
            Err(ParseError::Action(String::new()))
        }
        None => parse_rest(request),
    }
}

fn parse_rest(request: &Request) -> Result<(&'static Operation, Raw), ParseError> {
    for op in operations::operations() {
        let Protocol::Rest { method, path } = op.protocol else {
            continue;
        };
        if method != request.method {
            continue;
        }
        let Some(parts) = match_path(path, &request.path) else {
            continue;
        };
        let mut raw = if method == "GET" {
            Raw::new()
        } else {
            read_body(op, &request.body)?
        };
        for (name, value) in parts {
            raw.set(name, &value);
        }
        for param in op
            .params
            .iter()
            .filter(|p| p.location == ParamLocation::Header)
        {
            if let Some(value) = request.header(&param.name.to_ascii_lowercase()) {
                raw.set(param.name, value);
            }
        }
        for param in op
            .params
            .iter()
            .filter(|p| p.location == ParamLocation::Query)
        {
            let values = request.query.iter().filter(|(n, _)| n == param.name);
            for (i, (name, value)) in values.enumerate() {
                let path = match param.kind {
                    Kind::List { .. } => format!("{name}.{}", i + 1),
                    _ => name.clone(),
                };
                if !raw.set(&path, value) {
                    return Err(ParseError::Parameter(path));
                }
            }
        }
        return Ok((op, raw));
    }
    Err(ParseError::Path)
}

fn read_body(op: &'static Operation, body: &str) -> Result<Raw, ParseError> {
    let raw = Raw::from_json(op, body).map_err(|violations| {
        let texts: Vec<&str> = violations.iter().map(|v| v.message.en.as_str()).collect();
        ParseError::Body(texts.join(" "))
    })?;
    // Only what belongs in the body is taken from it.
    match raw {
        Raw::Object(members) => {
            let outside = members.iter().find(|(n, _)| {
                find_param(op.params, n).is_some_and(|p| p.location != ParamLocation::Body)
            });
            match outside {
                Some((name, _)) => Err(ParseError::Body(format!("{name} is not part of the body"))),
                None => Ok(Raw::Object(members)),
            }
        }
        other => Ok(other),
    }
}

/// The parameter that a part of a path template stands for.
fn template_name(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

/// Matches a path against a template, giving the decoded parts. A part that does not decode to
/// UTF-8 does not match.
pub fn match_path(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut parts = Vec::new();
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parts),
            (Some(want), Some(have)) => match template_name(want) {
                Some(name) => {
                    let text: Cow<str> = percent_encoding::percent_decode_str(have)
                        .decode_utf8()
                        .ok()?;
                    parts.push((name, text.into_owned()));
                }
                None if want == have => {}
                None => return None,
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;

    #[test]
    fn debug_shows_no_value() {
        let pair = |name: &str| vec![(name.to_string(), "canary".to_string())];
        let request = Request {
            path: "/v3".into(),
            query: pair("ContactTel"),
            headers: pair("x-auth-token"),
            body: "canary".into(),
            ..Request::default()
        };
        let text = format!("{request:?} {request:#?}");
        assert!(
            text.contains("/v3") && text.contains("x-auth-token"),
            "{text}"
        );
        assert!(!text.contains("canary"), "{text}");
    }

    #[test]
    fn of_thousands_of_unknown_names_no_more_are_read_than_are_told() {
        let mut seen = 0;
        for op in operations::operations().filter(|op| op.protocol == Protocol::Rpc) {
            let own = op.params.iter().find(|p| matches!(p.kind, Kind::Text));
            let Some(own) = own.map(|param| param.name) else {
                continue;
            };
            seen += 1;
            let names = (0..20_000).map(|n| format!("Other{n}"));
            let names = names.chain([own.to_string()]);
            let request = Request {
                query: names.map(|name| (name, "v".to_string())).collect(),
                headers: vec![
                    ("x-acs-action".into(), op.name.into()),
                    ("x-acs-version".into(), op.service.version.into()),
                ],
                ..Request::default()
            };
            let (_, raw) = parse(&request).expect("an operation");
            assert_eq!(raw.leaves().len(), MOST_TOLD + 1, "{}", op.name);
            assert_eq!(raw.get(own), Some("v"));
            assert_eq!(check(op, &raw).violations.len().min(MOST_TOLD), MOST_TOLD);
        }
        assert!(seen > 0);
    }

    #[test]
    fn the_host_follows_the_region_whatever_the_parameter_is_called() {
        let mut seen = 0;
        for op in operations::operations().filter(|op| op.service.regional_host.is_some()) {
            let Some(name) = op.param_with(Control::Region) else {
                continue;
            };
            let value = || Value::Text("eu-central-1".into());
            let own = Parsed::new(op, vec![(name, value())]);
            let expected = host(op.service, Some("eu-central-1"));
            assert_ne!(expected, op.service.host);
            assert_eq!(encode(&own).host, expected, "{}", op.name);
            assert_eq!(encode(&Parsed::new(op, vec![])).host, op.service.host);
            seen += 1;
        }
        assert!(seen > 0);
    }
}
