//! The verification of a request by whichever scheme it is signed with.

use tieline_catalog::wire::Request;

use crate::identity::{Accounts, Identity, Scheme};
use crate::nonces::NonceStore;
use crate::refusal::Refusal;
use crate::{acs3, sdk_hmac, v1};

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
