//! Who signed a request.

use tieline_catalog::wire::Request;

use crate::nonces::NonceStore;
use crate::refusal::Refusal;
use crate::secret::Credentials;
use crate::{acs3, sdk_hmac, v1};

/// The accounts that a server knows. A closure from an access key id to its credentials is one.
pub trait Accounts {
    /// The credentials of an access key. With a security token they are temporary: a request must
    /// then carry that token.
    fn credentials(&self, access_key_id: &str) -> Option<Credentials>;

    /// Whose token (X-Auth-Token) this is. Unless defined otherwise no token is known; compare with
    /// [`crate::Secret::matches`].
    fn token_holder(&self, token: &str) -> Option<String> {
        let _ = token;
        None
    }
}

impl<F: Fn(&str) -> Option<Credentials>> Accounts for F {
    fn credentials(&self, access_key_id: &str) -> Option<Credentials> {
        self(access_key_id)
    }
}

/// How a request was signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheme {
    /// Alibaba's signature of parameters, HMAC-SHA1.
    AlibabaV1,
    /// Alibaba's ACS3-HMAC-SHA256.
    AlibabaV3,
    /// Huawei's SDK-HMAC-SHA256.
    HuaweiSdk,
    /// Huawei's X-Auth-Token.
    HuaweiToken,
}

/// Who sent a request, proven.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// How it was proven.
    pub scheme: Scheme,
    /// The access key id, or the holder of the token.
    pub name: String,
}

/// Checks a request as the vendors' servers do.
///
/// The scheme is told by the Authorization header. Without one, a request for the path `/` is
/// Alibaba's V1, and any other is Huawei's with X-Auth-Token. `request.host` must be the Host header
/// as it came, and the names of headers in lower case. Tolerances of the clock: V1 31 minutes, V3
/// and Huawei 15, both ways. Huawei's scheme has no nonce, so that a repetition within that time is
/// not noticed.
///
/// # Errors
/// The vendor's answer: `Missing…`, `InvalidParameter`, `IncompleteSignature`,
/// `InvalidAccessKeyId.NotFound`, `InvalidTimeStamp.Format`, `InvalidTimeStamp.Expired`,
/// `SignatureDoesNotMatch`, `InvalidSecurityToken.MismatchWithAccessKey`, `SignatureNonceUsed`;
/// `APIGW.0301` and `APIGW.0303`.
pub fn verify(
    request: &Request,
    accounts: &(impl Accounts + ?Sized),
    now_ms: u64,
    nonces: &mut NonceStore,
) -> Result<Identity, Refusal> {
    let root = request.path.is_empty() || request.path == "/";
    match request.header("authorization") {
        Some(text) if text.starts_with("ACS3-") => {
            acs3::verify(request, text, accounts, now_ms, nonces)
        }
        Some(text) if text.starts_with("SDK-") || !root => {
            sdk_hmac::verify(request, text, accounts, now_ms)
        }
        Some(_) => Err(Refusal::invalid("Authorization")),
        None if root => v1::verify(request, accounts, now_ms, nonces),
        None => token(request, accounts),
    }
}

fn token(request: &Request, accounts: &(impl Accounts + ?Sized)) -> Result<Identity, Refusal> {
    let token = request
        .header("x-auth-token")
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Refusal::iam("x-auth-token not found"))?;
    let name = accounts
        .token_holder(token)
        .ok_or_else(|| Refusal::iam("decrypt token fail"))?;
    Ok(Identity {
        scheme: Scheme::HuaweiToken,
        name,
    })
}

/// A temporary key comes with its own token, a permanent one with none.
pub(crate) fn alibaba_token(credentials: &Credentials, given: Option<&str>) -> Result<(), Refusal> {
    match (&credentials.security_token, given) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(Refusal::token_missing()),
        (Some(expected), Some(token)) if expected.matches(token) => Ok(()),
        _ => Err(Refusal::token_mismatch()),
    }
}
