//! The vendors' answers to a request that is not signed as it should be.
//!
//! Codes, statuses and texts are those of recorded answers and of the vendors' documents; a text of
//! our own is said to be so. Which check a server makes first is not documented: here it is what is
//! missing, the key, the time, the signature, the token and then the nonce.

use std::borrow::Cow;
use std::fmt;

use tieline_catalog::model::Provider;

/// The reason why a request was refused, for the server to write in the vendor's format. No secret is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Whose error it is, and so in which format it is answered.
    pub provider: Provider,
    /// The HTTP status.
    pub status: u16,
    /// The vendor's code.
    pub code: Cow<'static, str>,
    /// The vendor's message. It quotes what the client sent, so it needs the format's escaping.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    fn alibaba(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal {
            provider: Provider::Alibaba,
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    fn huawei(code: &'static str, reason: String) -> Refusal {
        Refusal {
            provider: Provider::Huawei,
            status: 401,
            code: code.into(),
            message: reason,
        }
    }

    /// A common parameter is missing: `Missing` and its name, as for any parameter.
    pub(crate) fn missing(parameter: &str) -> Refusal {
        Refusal {
            code: format!("Missing{parameter}").into(),
            ..Refusal::alibaba(
                400,
                "",
                format!("{parameter} is mandatory for this action."),
            )
        }
    }

    pub(crate) fn invalid(parameter: &str) -> Refusal {
        let message = format!("The specified parameter \"{parameter}\" is not valid.");
        Refusal::alibaba(400, "InvalidParameter", message)
    }

    /// `detail`: our own addition, or nothing.
    pub(crate) fn incomplete(detail: &str) -> Refusal {
        let message =
            format!("The request signature does not conform to Aliyun standards. {detail}");
        Refusal::alibaba(400, "IncompleteSignature", message.trim_end())
    }

    pub(crate) fn unknown_key() -> Refusal {
        let message = "Specified access key is not found.";
        Refusal::alibaba(404, "InvalidAccessKeyId.NotFound", message)
    }

    pub(crate) fn time_format() -> Refusal {
        let message = "Specified time stamp or date value is not well formatted.";
        Refusal::alibaba(400, "InvalidTimeStamp.Format", message)
    }

    pub(crate) fn time_expired() -> Refusal {
        let message = "Specified time stamp or date value is expired.";
        Refusal::alibaba(400, "InvalidTimeStamp.Expired", message)
    }

    pub(crate) fn nonce_used() -> Refusal {
        let message = "Specified signature nonce was used already.";
        Refusal::alibaba(400, "SignatureNonceUsed", message)
    }

    /// The text before the colon is what the older clients split at: they tell a wrong secret from a
    /// wrong computation by comparing what follows with their own (aliyun-python-sdk-core,
    /// `client.py`).
    pub(crate) fn v1_mismatch(string_to_sign: &str) -> Refusal {
        let message = format!(
            "Specified signature is not matched with our calculation. \
             server string to sign is:{string_to_sign}"
        );
        Refusal::alibaba(400, "SignatureDoesNotMatch", message)
    }

    pub(crate) fn v3_mismatch(string_to_sign: &str, canonical_request: &str) -> Refusal {
        let message = format!(
            "Specified signature does not match our calculation. \
             server StringToSign is [{string_to_sign}] \
             server CanonicalRequest is [{canonical_request}]"
        );
        Refusal::alibaba(400, "SignatureDoesNotMatch", message)
    }

    /// The key is a temporary one and came without its token.
    pub(crate) fn token_missing() -> Refusal {
        Refusal::missing("SecurityToken")
    }

    /// The code is the vendor's, the text ours.
    pub(crate) fn token_mismatch() -> Refusal {
        let message = "The specified SecurityToken does not belong to the AccessKeyId.";
        Refusal::alibaba(400, "InvalidSecurityToken.MismatchWithAccessKey", message)
    }

    /// Huawei's refusal of an identity or a signature.
    pub(crate) fn iam(reason: &str) -> Refusal {
        let message = format!("Incorrect IAM authentication information: {reason}");
        Refusal::huawei("APIGW.0301", message)
    }

    /// Huawei's refusal of an Authorization header that its gateway cannot read.
    pub(crate) fn app(reason: &str) -> Refusal {
        let message = format!("Incorrect app authentication information: {reason}");
        Refusal::huawei("APIGW.0303", message)
    }
}
