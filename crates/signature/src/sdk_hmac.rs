//! Huawei's signature, SDK-HMAC-SHA256, as in huaweicloudsdkcore (PyPI), `signer/signer.py`, and in
//! the API Request Signing Guide,
//! <https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-004.html>.
//!
//! The SDK can leave a body that is no JSON unsigned (`UNSIGNED-PAYLOAD`). Here every body is
//! signed, and a request whose body is not is refused.

use percent_encoding::percent_decode_str;
use tieline_catalog::wire::{percent_encode, Request};

use crate::canonical::{self, remove_header, set_header};
use crate::clock;
use crate::identity::{Accounts, Identity, Scheme};
use crate::refusal::Refusal;
use crate::secret::Credentials;

const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The tolerance of a time stamp in minutes: a recorded answer refuses one that is 15 minutes and a second
/// old.
const MINUTES: u64 = 15;

/// Signs a request, in place of any earlier signature: sets `x-sdk-date`, `x-domain-id` when there
/// is one, with temporary credentials `x-security-token`, and `authorization`. There is no nonce.
///
/// As in the vendor's SDK every header that the request has is signed, and `host`, but for names
/// with an underscore. So a header that something on the way may change is to be added after
/// signing, and path, query, host and body are to be sent as they are here, byte for byte.
pub fn sign(
    request: &mut Request,
    credentials: &Credentials,
    domain_id: Option<&str>,
    now_ms: u64,
) {
    remove_header(request, "authorization");
    remove_header(request, "x-domain-id");
    remove_header(request, "x-security-token");
    let date = clock::basic(now_ms);
    set_header(request, "x-sdk-date", date.as_str());
    if let Some(domain_id) = domain_id {
        set_header(request, "x-domain-id", domain_id);
    }
    if let Some(token) = &credentials.security_token {
        set_header(request, "x-security-token", token.expose());
    }
    let mut signed = canonical::header_names(request);
    signed.retain(|name| !name.contains('_'));
    let text = string_to_sign(&date, &canonical_request(request, &signed));
    let signature = canonical::signature(credentials.secret.expose(), &text);
    let (id, list) = (&credentials.access_key_id, signed.join(";"));
    let value = format!("{ALGORITHM} Access={id}, SignedHeaders={list}, Signature={signature}");
    set_header(request, "authorization", value);
}

/// The path is decoded, each segment encoded again, and a slash put at the end; on the wire it
/// stays as it is.
fn canonical_request(request: &Request, signed: &[String]) -> String {
    let decoded = percent_decode_str(&request.path).decode_utf8_lossy();
    let segments: Vec<String> = decoded.split('/').map(percent_encode).collect();
    let mut path = segments.join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    canonical::request(request, &path, signed)
}

fn string_to_sign(date: &str, canonical: &str) -> String {
    let hash = canonical::sha256_hex(canonical.as_bytes());
    format!("{ALGORITHM}\n{date}\n{hash}")
}

pub(crate) fn verify(
    request: &Request,
    authorization: &str,
    accounts: &(impl Accounts + ?Sized),
    now_ms: u64,
) -> Result<Identity, Refusal> {
    if !authorization.starts_with("SDK-HMAC-SHA256 ") {
        return Err(Refusal::app(
            "the algorithm in Authorization is not supported",
        ));
    }
    let part = |name: &str| canonical::authorization_part(authorization, name);
    let empty = || Refusal::app("Access or Credential is empty in Authorization");
    let id = part("Access").ok_or_else(empty)?;
    let unreadable = |name: &str| Refusal::app(&format!("{name} is empty in Authorization"));
    let signature = part("Signature").ok_or_else(|| unreadable("Signature"))?;
    let list = part("SignedHeaders").ok_or_else(|| unreadable("SignedHeaders"))?;
    let signed = canonical::signed_headers(list);
    if let Some(name) = unsigned(request, &signed) {
        let reason = format!("verify aksk signature fail, the header {name} is not signed");
        return Err(Refusal::iam(&reason));
    }
    let credentials = accounts
        .credentials(id)
        .ok_or_else(|| Refusal::iam(&format!("ak {id} not exist")))?;
    let date = request.header("x-sdk-date").unwrap_or_default();
    let seconds = clock::parse_basic(date).ok_or_else(|| {
        Refusal::iam("calc aksk signature fail:x-sdk-date is missing or not well formatted")
    })?;
    if !clock::is_fresh(seconds, now_ms, MINUTES) {
        let now = clock::basic(now_ms);
        let reason = format!(
            "calc aksk signature fail:signature expired, signature time:{date},server time:{now}"
        );
        return Err(Refusal::iam(&reason));
    }
    let text = string_to_sign(date, &canonical_request(request, &signed));
    if canonical::fits(credentials.secret.expose(), &text, signature) != Some(true) {
        // The gateway quotes the canonical request on one line.
        let quoted = canonical_request(&canonical::masked(request), &signed).replace('\n', "|");
        let reason = format!("verify aksk signature fail, canonicalRequest:{quoted}");
        return Err(Refusal::iam(&reason));
    }
    let token = request.header("x-security-token");
    let fits = match (&credentials.security_token, token) {
        (None, None) => true,
        (Some(expected), Some(token)) => expected.matches(token),
        _ => false,
    };
    if !fits {
        // The text is ours: a temporary key and its token belong together.
        let reason = "verify aksk signature fail, X-Security-Token does not belong to the ak";
        return Err(Refusal::iam(reason));
    }
    Ok(Identity {
        scheme: Scheme::HuaweiSdk,
        name: id.to_string(),
    })
}

/// A header that decides what the request means and is not covered by the signature. Content-Type
/// is none: bodies are JSON whatever it says.
fn unsigned(request: &Request, signed: &[String]) -> Option<String> {
    const DECIDING: &[&str] = &[
        "host",
        "x-domain-id",
        "x-project-id",
        "x-sdk-date",
        "x-security-token",
    ];
    canonical::header_names(request)
        .into_iter()
        .find(|name| DECIDING.contains(&name.as_str()) && !signed.contains(name))
}
