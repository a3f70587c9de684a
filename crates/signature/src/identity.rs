//! The accounts that a server knows, and which of them signed a request.

use crate::refusal::Refusal;
use crate::secret::Credentials;

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

/// The scheme of a signature.
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

/// The sender of a request, proven.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// The scheme that proved it.
    pub scheme: Scheme,
    /// The access key id, or the holder of the token.
    pub name: String,
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
