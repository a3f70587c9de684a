//! Alibaba's signature of the parameters, HMAC-SHA1 with SignatureVersion 1.0, as in
//! aliyun-python-sdk-core (PyPI), `rpc_signature_composer.py`, and in the document
//! <https://www.alibabacloud.com/help/en/ram/common-parameters-2>. Older clients use it; this
//! project signs with V3.

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use tieline_catalog::wire::{parse_query, percent_encode, Request};
use zeroize::Zeroizing;

use crate::canonical;
use crate::clock;
use crate::identity::{alibaba_token, Accounts, Identity, Scheme};
use crate::nonces::NonceStore;
use crate::refusal::Refusal;
use crate::secret::{Credentials, Secret};

/// The tolerance of a time stamp in minutes (the document on the parameters of RPC APIs).
const MINUTES: u64 = 31;

/// A parameter's name and value, decoded.
type Parameter = (String, String);

/// Signs the parameters of a request, in place of any earlier signature: sets AccessKeyId,
/// SignatureMethod, SignatureVersion, SignatureNonce, Timestamp, with temporary credentials
/// SecurityToken, and Signature. Query and form body are signed together; Action, Version and
/// Format are the caller's. Neither host nor path nor headers are covered.
pub fn sign(
    method: &str,
    parameters: &mut Vec<Parameter>,
    credentials: &Credentials,
    now_ms: u64,
    nonce: &str,
) {
    parameters.retain(|(name, _)| name != "Signature" && name != "SecurityToken");
    let mut set = |name: &str, value: String| {
        parameters.retain(|(n, _)| n != name);
        parameters.push((name.to_string(), value));
    };
    if let Some(token) = &credentials.security_token {
        set("SecurityToken", token.expose().to_string());
    }
    set("Timestamp", clock::extended(now_ms));
    set("SignatureMethod", "HMAC-SHA1".into());
    set("SignatureVersion", "1.0".into());
    set("SignatureNonce", nonce.into());
    set("AccessKeyId", credentials.access_key_id.clone());
    let mac = hmac_sha1(&credentials.secret, &string_to_sign(method, parameters));
    let signature = mac.map(|mac| STANDARD.encode(mac.finalize().into_bytes()));
    parameters.push(("Signature".into(), signature.unwrap_or_default()));
}

fn string_to_sign(method: &str, parameters: &[Parameter]) -> String {
    let query = canonical::query(parameters);
    format!("{method}&%2F&{}", percent_encode(&query))
}

/// The key has an ampersand at its end. A key may have any length.
fn hmac_sha1(secret: &Secret, text: &str) -> Option<Hmac<Sha1>> {
    let key = Zeroizing::new(format!("{}&", secret.expose()));
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(text.as_bytes());
    Some(mac)
}

/// Query and form body, as the server reads them.
fn parameters(request: &Request) -> Vec<Parameter> {
    let mut parameters = request.query.clone();
    let form = request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if form {
        parameters.extend(parse_query(&request.body));
    }
    parameters
}

pub(crate) fn verify(
    request: &Request,
    accounts: &(impl Accounts + ?Sized),
    now_ms: u64,
    nonces: &mut NonceStore,
) -> Result<Identity, Refusal> {
    let mut parameters = parameters(request);
    let at = parameters.iter().position(|(name, _)| name == "Signature");
    let signature = at.map(|at| parameters.remove(at).1);
    let given = |name: &str| {
        let mut values = parameters.iter().filter(|(n, _)| n == name);
        let value = values.next().map(|(_, v)| v.as_str());
        value.filter(|v| !v.is_empty())
    };
    let required = |name: &str| given(name).ok_or_else(|| Refusal::missing(name));
    let id = required("AccessKeyId")?;
    let signature = signature
        .filter(|s| !s.is_empty())
        .ok_or_else(|| Refusal::missing("Signature"))?;
    for (name, value) in [
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
    ] {
        if required(name)? != value {
            return Err(Refusal::invalid(name));
        }
    }
    let nonce = required("SignatureNonce")?;
    let timestamp = required("Timestamp")?;
    // The clients repeat both in headers, which V1 does not sign, and a server may go by those.
    for (name, header) in [("Action", "x-acs-action"), ("Version", "x-acs-version")] {
        let repeated = request.header(header);
        if repeated.is_some() && repeated != Some(required(name)?) {
            let detail = format!("The header {header} differs from the signed {name}.");
            return Err(Refusal::incomplete(&detail));
        }
    }
    let credentials = accounts.credentials(id).ok_or_else(Refusal::unknown_key)?;
    let seconds = clock::parse_extended(timestamp).ok_or_else(Refusal::time_format)?;
    if !clock::is_fresh(seconds, now_ms, MINUTES) {
        return Err(Refusal::time_expired());
    }
    let bytes = STANDARD.decode(&signature).ok().filter(|b| b.len() == 20);
    let bytes = bytes.ok_or_else(|| Refusal::incomplete("The signature is no SHA-1 in Base64."))?;
    let text = string_to_sign(&request.method, &parameters);
    let fits =
        hmac_sha1(&credentials.secret, &text).is_some_and(|mac| mac.verify_slice(&bytes).is_ok());
    if !fits {
        let quoted = string_to_sign(&request.method, &masked(&parameters));
        return Err(Refusal::v1_mismatch(&quoted));
    }
    alibaba_token(&credentials, given("SecurityToken"))?;
    if !nonces.insert(id, nonce, now_ms) {
        return Err(Refusal::nonce_used());
    }
    Ok(Identity {
        scheme: Scheme::AlibabaV1,
        name: id.to_string(),
    })
}

fn masked(parameters: &[Parameter]) -> Vec<Parameter> {
    let mask = |(name, value): &Parameter| match name.as_str() {
        "SecurityToken" => (name.clone(), canonical::MASK.to_string()),
        _ => (name.clone(), value.clone()),
    };
    parameters.iter().map(mask).collect()
}
