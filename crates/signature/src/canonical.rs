//! The canonical form of a request, which Alibaba V3 and Huawei share but for the path, and what
//! both algorithms do with headers.

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use tieline_catalog::wire::{write_query, Request};

/// Sorted by name and value before encoding, as the SDKs sort, and joined.
pub fn query(pairs: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = pairs.iter().collect();
    sorted.sort_unstable();
    write_query(sorted.iter().map(|(name, value)| (&**name, &**value)))
}

/// The canonical request, with the path already canonical. `signed` is sorted and in lower case.
pub fn request(request: &Request, path: &str, signed: &[String]) -> String {
    // Most requests fit, so that the text grows in place.
    let mut text = String::with_capacity(1024);
    let query = query(&request.query);
    for part in [&request.method, "\n", path, "\n", &query, "\n"] {
        text.push_str(part);
    }
    for name in signed {
        text.push_str(name);
        text.push(':');
        write_header(&mut text, request, name);
        text.push('\n');
    }
    text.push('\n');
    for (i, name) in signed.iter().enumerate() {
        text.push_str(if i == 0 { "" } else { ";" });
        text.push_str(name);
    }
    text.push('\n');
    text.push_str(&sha256_hex(request.body.as_bytes()));
    text
}

/// Hexadecimal SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

/// HMAC-SHA256 started with a key and a text. A key may have any length.
pub fn hmac_sha256(key: &str, text: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(text.as_bytes());
    Some(mac)
}

/// The hexadecimal signature of a text.
pub fn signature(key: &str, text: &str) -> String {
    let mac = hmac_sha256(key, text).map(|mac| mac.finalize().into_bytes());
    mac.map(|mac| base16ct::lower::encode_string(&mac))
        .unwrap_or_default()
}

/// Whether a hexadecimal signature fits, compared in constant time; `None` when it is none.
pub fn fits(key: &str, text: &str, signature: &str) -> Option<bool> {
    let bytes = base16ct::mixed::decode_vec(signature).ok();
    let bytes = bytes.filter(|bytes| bytes.len() == 32)?;
    Some(hmac_sha256(key, text)?.verify_slice(&bytes).is_ok())
}

/// The names of all headers and `host`, in lower case, sorted, each once.
pub fn header_names(request: &Request) -> Vec<String> {
    let names = request.headers.iter().map(|(name, _)| name.to_lowercase());
    let mut names: Vec<String> = names.chain(["host".to_string()]).collect();
    names.sort();
    names.dedup();
    names
}

/// Sets a header in place of those of the same name.
pub fn set_header(request: &mut Request, name: &str, value: impl Into<String>) {
    remove_header(request, name);
    request.headers.push((name.to_string(), value.into()));
}

/// Removes every header of a name.
pub fn remove_header(request: &mut Request, name: &str) {
    request
        .headers
        .retain(|(n, _)| !n.eq_ignore_ascii_case(name));
}

/// The request with every secret that it carries replaced, to be quoted in an error.
pub fn masked(request: &Request) -> Request {
    const SECRET: &[&str] = &[
        "authorization",
        "cookie",
        "x-acs-security-token",
        "x-auth-token",
        "x-security-token",
    ];
    let mut masked = request.clone();
    for (name, value) in &mut masked.headers {
        if SECRET.iter().any(|s| name.eq_ignore_ascii_case(s)) {
            *value = MASK.to_string();
        }
    }
    masked
}

/// The placeholder of a secret in an error.
pub const MASK: &str = "***";

/// The parts `name=value` of an Authorization header after the algorithm's name. The vendors differ
/// in blanks after the commas; both are read.
pub fn authorization_part<'a>(authorization: &'a str, name: &str) -> Option<&'a str> {
    let (_, parts) = authorization.split_once(' ')?;
    let mut parts = parts.split(',').map(str::trim);
    let part = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    part.filter(|value| !value.is_empty())
}

/// The signed headers as the client lists them, in lower case and sorted.
pub fn signed_headers(list: &str) -> Vec<String> {
    let mut names: Vec<String> = list.split(';').map(str::to_lowercase).collect();
    names.sort();
    names.dedup();
    names
}

/// Trimmed; several of one name are sorted and joined by commas
/// (alibabacloud-tea-openapi, `get_canonicalized_headers`).
fn write_header(text: &mut String, request: &Request, name: &str) {
    if name == "host" {
        text.push_str(request.host.trim());
        return;
    }
    let named = |(n, _): &&(String, String)| n.eq_ignore_ascii_case(name);
    let mut same = request.headers.iter().filter(named);
    let Some((_, first)) = same.next() else {
        return;
    };
    let mut values = vec![first.trim()];
    values.extend(same.map(|(_, value)| value.trim()));
    values.sort_unstable();
    for (i, value) in values.iter().enumerate() {
        text.push_str(if i == 0 { "" } else { "," });
        text.push_str(value);
    }
}
