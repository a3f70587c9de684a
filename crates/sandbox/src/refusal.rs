//! Refusals: the error code for each case.
//!
//! The operation's own document comes first. Where it has no code for a case, the generic codes of
//! the vendors stand in, which `tieline_catalog::errors` lists; Huawei's document lists no code at
//! all, so that only its gateway's codes are the vendor's own there.

use alloc::format;
use alloc::string::{String, ToString};

use tieline_catalog::check::Violation;
use tieline_catalog::model::{ErrorCode, Operation, Provider, When};
use tieline_catalog::path::without_numbers;
use tieline_catalog::wire::ParseError;

/// An error answer before it is written in a format.
#[derive(Clone, PartialEq, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub http: u16,
    /// The code.
    pub code: String,
    /// The message.
    pub message: String,
}

impl Refusal {
    fn new(http: u16, code: impl Into<String>, message: impl Into<String>) -> Refusal {
        Refusal {
            http,
            code: code.into(),
            message: message.into(),
        }
    }

    fn documented(entry: &ErrorCode) -> Refusal {
        Refusal::new(entry.http, entry.code, entry.message)
    }

    /// A request that is none of the catalog's.
    pub fn unparsable(provider: Provider, error: &ParseError) -> Refusal {
        match (error, provider) {
            (ParseError::Action(name), _) if name.is_empty() => {
                Refusal::new(400, "MissingAction", "Action is mandatory for this action.")
            }
            (ParseError::Action(_), _) => Refusal::new(
                404,
                "InvalidAction.NotFound",
                "Specified api is not found, please check your url and method.",
            ),
            (ParseError::Version(version), _) if version.is_empty() => Refusal::new(
                400,
                "MissingVersion",
                "Version is mandatory for this action.",
            ),
            (ParseError::Version(_), _) => Refusal::new(
                400,
                "InvalidVersion",
                "Specified parameter Version is not valid.",
            ),
            (ParseError::Path, Provider::Huawei) => Refusal::new(
                404,
                "APIGW.0101",
                "The API does not exist or has not been published in the environment",
            ),
            (ParseError::Path, Provider::Alibaba) => {
                Refusal::new(404, "InvalidAction.NotFound", "Specified api is not found.")
            }
            (ParseError::Body(why), _) => Refusal::new(400, "InvalidParameter", why.as_str()),
            (ParseError::Parameter(name), _) => Refusal::new(
                400,
                "InvalidParameter",
                format!("The parameter {name} is not valid."),
            ),
        }
    }

    /// A rule of the catalog is broken.
    pub fn violation(op: &Operation, violation: &Violation) -> Refusal {
        let path = without_numbers(&violation.parameter);
        let top = path.split('.').next().unwrap_or_default();
        let alibaba = op.service.provider == Provider::Alibaba;
        if violation.rule == "required" && alibaba {
            return Refusal::new(
                400,
                format!("Missing{top}"),
                format!("{} is mandatory for this action.", violation.parameter),
            );
        }
        let invalid = |e: &&ErrorCode| e.when == When::Invalid;
        let mut documented = op.errors().iter().filter(invalid);
        let own = documented
            .clone()
            .find(|e| e.parameter == Some(path.as_str()));
        let any = || documented.find(|e| e.parameter.is_none());
        if let Some(entry) = own.or_else(any) {
            return Refusal::documented(entry);
        }
        let code = match top {
            "" => "InvalidParameter".to_string(),
            top if alibaba => format!("Invalid{top}.Malformed"),
            _ => "InvalidParameter".to_string(),
        };
        let message = format!("{}: {}", violation.parameter, violation.message.en);
        Refusal::new(400, code, message)
    }

    /// The documented code for a case, else a generic one.
    pub fn when(op: &Operation, when: When, parameter: Option<&str>) -> Refusal {
        let fits =
            |e: &&ErrorCode| e.when == when && (parameter.is_none() || e.parameter == parameter);
        if let Some(entry) = op.errors().iter().find(fits) {
            return Refusal::documented(entry);
        }
        match when {
            When::Forbidden => Refusal::new(
                403,
                "Forbidden",
                "User not authorized to operate on the specified resource.",
            ),
            When::Quota => Refusal::new(400, "QuotaExceeded", "The quota of resource is full."),
            When::Taken => Refusal::new(
                400,
                format!("Invalid{}.AlreadyExist", parameter.unwrap_or("Parameter")),
                "The specified value already exists.",
            ),
            When::Invalid | When::Never => {
                Refusal::new(400, "InvalidParameter", "A parameter is not valid.")
            }
        }
    }

    /// The client token was used with other parameters.
    pub fn token_reused(op: &Operation) -> Refusal {
        let token = op.token.unwrap_or("token");
        Refusal::new(
            400,
            "IdempotentParameterMismatch",
            format!("The specified {token} was used with other parameters."),
        )
    }

    /// Too many requests.
    pub fn throttled(provider: Provider) -> Refusal {
        match provider {
            Provider::Alibaba => Refusal::new(
                400,
                "Throttling.User",
                "Request was denied due to user flow control.",
            ),
            Provider::Huawei => Refusal::new(
                429,
                "APIGW.0308",
                "The throttling threshold has been reached: policy user over ratelimit",
            ),
        }
    }

    /// An internal error.
    pub fn internal() -> Refusal {
        Refusal::new(
            500,
            "InternalError",
            "The request processing has failed due to some unknown error.",
        )
    }

    /// A gateway that gave up, whatever became of the request behind it.
    pub fn unavailable() -> Refusal {
        Refusal::new(
            503,
            "ServiceUnavailable",
            "The request has failed due to a temporary failure of the server.",
        )
    }

    /// A read of a single resource that does not exist.
    pub fn not_found() -> Refusal {
        Refusal::new(
            404,
            "InvalidInstanceId.NotFound",
            "The specified resource does not exist.",
        )
    }
}
