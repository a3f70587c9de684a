//! The signature that goes with each cloud.

use sha2::{Digest, Sha256};
use tieline_catalog::model::{Param, ParamLocation, Provider};
use tieline_catalog::wire::Request;
use tieline_signature::{acs3, sdk_hmac};

use crate::config::{Account, HuaweiKeys};

/// Huawei's header for a token of IAM, which takes the place of a signature.
const AUTH_TOKEN: &str = "x-auth-token";

/// The parameter by which a user gives a token of their own, if there is one among these.
pub fn credential(params: &[Param]) -> Option<&'static str> {
    let own = params.iter().find(|param| {
        param.location == ParamLocation::Header && param.name.eq_ignore_ascii_case(AUTH_TOKEN)
    });
    own.map(|param| param.name)
}

/// How the codes begin that say that the key, and not the request, is what the cloud does not like.
const KEY_CODES: &[&str] = &[
    "InvalidAccessKeyId",
    "InvalidSecurityToken",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "MissingSecurityToken",
    "APIGW.0301",
    "APIGW.0302",
    "APIGW.0303",
];

/// Whether a code speaks of the keys that sign a request rather than of what it asks for: with others the
/// same request may be taken.
pub fn is_of_the_keys(code: &str) -> bool {
    KEY_CODES.iter().any(|known| code.starts_with(known))
}

/// How many bytes of a digest tell signers apart.
const SIGNER: usize = 8;

/// Whose keys sign an account's requests to a cloud, as a digest: two that differ may be two accounts. A request to
/// Huawei Cloud names its account itself, and temporary keys are others each hour.
pub fn signer(provider: Provider, account: &Account) -> Option<String> {
    let keys = match provider {
        Provider::Alibaba => account.alibaba.as_ref()?,
        Provider::Huawei => return None,
    };
    if keys.security_token.is_some() {
        return None;
    }
    let digest = Sha256::digest(format!("tieline signer\n{}", keys.access_key_id));
    let digits = digest.iter().take(SIGNER).map(|byte| format!("{byte:02x}"));
    Some(digits.collect())
}

/// Signs a request as an account; `None` when the account has no keys for the cloud. A request that
/// carries a user's own token is not signed: it is that user's, not the account's.
pub fn sign(
    request: &mut Request,
    provider: Provider,
    account: &Account,
    account_id: Option<&str>,
    now_ms: u64,
    nonce: &str,
) -> Option<()> {
    match provider {
        Provider::Alibaba => {
            acs3::sign(request, account.alibaba.as_ref()?, now_ms, nonce);
        }
        Provider::Huawei if request.header(AUTH_TOKEN).is_some() => {}
        Provider::Huawei => match account.huawei.as_ref()? {
            HuaweiKeys::Signed(credentials) => {
                sdk_hmac::sign(request, credentials, account_id, now_ms);
            }
            HuaweiKeys::Token(token) => {
                let header = (AUTH_TOKEN.to_string(), token.expose().to_string());
                request.headers.push(header);
            }
        },
    }
    Some(())
}
