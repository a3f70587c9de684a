//! Alibaba's V3 signature, ACS3-HMAC-SHA256, as in alibabacloud-tea-openapi (PyPI),
//! `Utils.get_authorization`, and in the document
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>.

use tieline_catalog::wire::Request;

use crate::canonical::{self, remove_header, set_header};
use crate::clock;
use crate::identity::{alibaba_token, Accounts, Identity, Scheme};
use crate::nonces::NonceStore;
use crate::refusal::Refusal;
use crate::secret::Credentials;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The tolerance of a time stamp in minutes: V3's document asks for a time "within 15 minutes before the
/// request"; the same is granted to clocks that run ahead.
const MINUTES: u64 = 15;

/// Signs a request, in place of any earlier signature: sets `x-acs-date`, `x-acs-signature-nonce`,
/// `x-acs-content-sha256`, with temporary credentials `x-acs-accesskey-id` and
/// `x-acs-security-token`, and `authorization`.
///
/// As in the vendor's SDK every header that the request has is signed, and `host`. So a header that
/// something on the way may change is to be added after signing, and path, query, host and body are
/// to be sent as they are here. The nonce must be new for each attempt.
pub fn sign(request: &mut Request, credentials: &Credentials, now_ms: u64, nonce: &str) {
    remove_header(request, "authorization");
    remove_header(request, "x-acs-accesskey-id");
    remove_header(request, "x-acs-security-token");
    set_header(request, "x-acs-date", clock::extended(now_ms));
    set_header(request, "x-acs-signature-nonce", nonce);
    let hash = canonical::sha256_hex(request.body.as_bytes());
    set_header(request, "x-acs-content-sha256", hash);
    let id = &credentials.access_key_id;
    if let Some(token) = &credentials.security_token {
        set_header(request, "x-acs-accesskey-id", id);
        set_header(request, "x-acs-security-token", token.expose());
    }
    let signed = canonical::header_names(request);
    let (text, _) = string_to_sign(request, &signed);
    let signature = canonical::signature(credentials.secret.expose(), &text);
    let list = signed.join(";");
    let value = format!("{ALGORITHM} Credential={id},SignedHeaders={list},Signature={signature}");
    set_header(request, "authorization", value);
}

/// The string to sign and the canonical request that it is the digest of.
fn string_to_sign(request: &Request, signed: &[String]) -> (String, String) {
    let path = match request.path.as_str() {
        "" => "/",
        path => path,
    };
    let canonical = canonical::request(request, path, signed);
    let hash = canonical::sha256_hex(canonical.as_bytes());
    (format!("{ALGORITHM}\n{hash}"), canonical)
}

pub(crate) fn verify(
    request: &Request,
    authorization: &str,
    accounts: &(impl Accounts + ?Sized),
    now_ms: u64,
    nonces: &mut NonceStore,
) -> Result<Identity, Refusal> {
    if !authorization.starts_with("ACS3-HMAC-SHA256 ") {
        return Err(Refusal::invalid("Authorization"));
    }
    let part = |name: &str| {
        canonical::authorization_part(authorization, name)
            .ok_or_else(|| Refusal::incomplete(&format!("Authorization has no {name}.")))
    };
    let (id, signature) = (part("Credential")?, part("Signature")?);
    let signed = canonical::signed_headers(part("SignedHeaders")?);
    let header = |name: &str| {
        request
            .header(name)
            .ok_or_else(|| Refusal::incomplete(&format!("The header {name} is missing.")))
    };
    let date = header("x-acs-date")?;
    let nonce = header("x-acs-signature-nonce")?;
    header("x-acs-content-sha256")?;
    if let Some(name) = unsigned(request, &signed) {
        let detail = format!("The header {name} is not signed.");
        return Err(Refusal::incomplete(&detail));
    }
    let credentials = accounts.credentials(id).ok_or_else(Refusal::unknown_key)?;
    let seconds = clock::parse_extended(date).ok_or_else(Refusal::time_format)?;
    if !clock::is_fresh(seconds, now_ms, MINUTES) {
        return Err(Refusal::time_expired());
    }
    let (text, _) = string_to_sign(request, &signed);
    match canonical::fits(credentials.secret.expose(), &text, signature) {
        Some(true) => {}
        Some(false) => {
            let (_, quoted) = string_to_sign(&canonical::masked(request), &signed);
            return Err(Refusal::v3_mismatch(&text, &quoted));
        }
        None => {
            return Err(Refusal::incomplete(
                "The signature is no SHA-256 in hexadecimal.",
            ))
        }
    }
    alibaba_token(&credentials, request.header("x-acs-security-token"))?;
    if !nonces.insert(id, nonce, now_ms) {
        return Err(Refusal::nonce_used());
    }
    Ok(Identity {
        scheme: Scheme::AlibabaV3,
        name: id.to_string(),
    })
}

/// A header that decides what the request means and is not covered by the signature: the document
/// asks for host, content-type and every x-acs- header to be signed.
fn unsigned(request: &Request, signed: &[String]) -> Option<String> {
    canonical::header_names(request).into_iter().find(|name| {
        let deciding = name == "host"
            || name.starts_with("x-acs-")
            || (name == "content-type" && !request.body.is_empty());
        deciding && !signed.contains(name)
    })
}
