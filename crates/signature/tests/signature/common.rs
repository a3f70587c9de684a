//! What the tests share.

use serde_json::Value as Json;
use tieline_catalog::wire::{parse_query, Request};
use tieline_signature::{Credentials, NonceStore};
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

/// Milliseconds since 1970 of a time in either spelling.
pub fn ms(text: &str) -> u64 {
    let long = match text.as_bytes() {
        [y @ .., _, _, _, _, _, _, _, _, _, _, _, _] if y.len() == 4 => format!(
            "{}-{}-{}T{}:{}:{}Z",
            &text[..4],
            &text[4..6],
            &text[6..8],
            &text[9..11],
            &text[11..13],
            &text[13..15]
        ),
        _ => text.to_string(),
    };
    let time = OffsetDateTime::parse(&long, &Rfc3339).expect("a time");
    u64::try_from(time.unix_timestamp()).expect("after 1970") * 1000
}

/// A member that must be a text.
pub fn text<'a>(json: &'a Json, member: &str) -> &'a str {
    json[member]
        .as_str()
        .unwrap_or_else(|| panic!("no text {member} in {json}"))
}

/// An object of texts as pairs.
pub fn pairs(object: &Json) -> Vec<(String, String)> {
    let members = object.as_object().expect("an object");
    let pair = |(n, v): (&String, &Json)| (n.clone(), v.as_str().expect("a text").to_string());
    members.iter().map(pair).collect()
}

/// The value of the first pair of a name.
pub fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = pairs.iter().filter(|(n, _)| n == name);
    values.next().map(|(_, v)| v.as_str())
}

/// Credentials without a token.
pub fn key(id: &str, secret: &str) -> Credentials {
    Credentials {
        access_key_id: id.into(),
        secret: secret.into(),
        security_token: None,
    }
}

/// A server that knows one access key.
pub fn knows(credentials: &Credentials) -> impl Fn(&str) -> Option<Credentials> + '_ {
    |id: &str| (id == credentials.access_key_id).then(|| credentials.clone())
}

/// Verifies with an empty store, giving the scheme's name and the access key id, or the code and
/// the message.
pub fn verify(
    request: &Request,
    credentials: &Credentials,
    now_ms: u64,
) -> Result<(String, String), (String, String)> {
    let mut nonces = NonceStore::new();
    tieline_signature::verify(request, &knows(credentials), now_ms, &mut nonces)
        .map(|identity| (format!("{:?}", identity.scheme), identity.name))
        .map_err(|refusal| (refusal.code.into_owned(), refusal.message))
}

/// A request as a server reads it from the wire.
pub fn from_wire(method: &str, target: &str, headers: &[(String, String)], body: &str) -> Request {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut lower: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| (name.to_lowercase(), value.clone()))
        .collect();
    let host = find(&lower, "host").unwrap_or_default().to_string();
    lower.retain(|(name, _)| name != "host");
    Request {
        method: method.into(),
        host,
        path: path.into(),
        query: parse_query(query),
        headers: lower,
        body: body.into(),
    }
}
