//! The proxy's own errors as responses (RFC 9457).

use axum::http::{header, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tieline_catalog::check::MOST_TOLD;
use tieline_catalog::text::Message;
use tieline_catalog::Violation;
use tieline_protocol::problem::{self, ProblemType};

use crate::observe::audit::Outcome;

/// An error of the proxy itself.
#[derive(Debug)]
pub struct Problem {
    kind: &'static ProblemType,
    message: Message,
    violations: Option<Vec<Violation>>,
    allow: Option<&'static str>,
    retry_after: Option<u64>,
    browser: bool,
}

impl Problem {
    /// A problem of this kind; the message says what is wrong and what to do.
    pub fn new(kind: &'static ProblemType, message: Message) -> Problem {
        Problem {
            kind,
            message,
            violations: None,
            allow: None,
            retry_after: None,
            browser: false,
        }
    }

    /// Whether it is of this kind.
    pub fn is(&self, kind: &ProblemType) -> bool {
        self.kind == kind
    }

    /// The same, with the advice to send the request again after some seconds.
    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// The same, where a browser is to ask its user for a name and a token as the password.
    pub fn asking_a_browser(mut self) -> Problem {
        self.browser = true;
        self
    }

    /// A problem that lists what is wrong with the parameters.
    pub fn with_violations(kind: &'static ProblemType, mut violations: Vec<Violation>) -> Problem {
        let count = violations.len();
        let message = match count < MOST_TOLD {
            true => Message::new(
                format!("{count} found; “violations” lists them. Correct them and send again."),
                format!("共 {count} 处，见 violations。请修正后重新发送。"),
            ),
            false => Message::new(
                format!("“violations” lists the first {MOST_TOLD}. Correct them and send again."),
                format!("violations 列出前 {MOST_TOLD} 处。请修正后重新发送。"),
            ),
        };
        violations.truncate(MOST_TOLD);
        Problem {
            violations: Some(violations),
            ..Problem::new(kind, message)
        }
    }

    /// A method that the path does not take; `allow` names those it takes.
    pub fn method(allow: &'static str) -> Problem {
        let message = Message::new(format!("Use {allow}."), format!("请使用 {allow}。"));
        Problem {
            allow: Some(allow),
            ..Problem::new(&problem::METHOD, message)
        }
    }
}

/// Any other path.
pub async fn not_found() -> Problem {
    Problem::new(
        &problem::NOT_FOUND,
        Message::new(
            "GET /openapi.json describes the paths that exist.",
            "GET /openapi.json 列出了所有可用路径。",
        ),
    )
}

/// A request that did not arrive in time.
pub fn slow() -> Problem {
    Problem::new(
        &problem::SLOW,
        Message::new(
            "Nothing was sent. Send the request again, faster.",
            "未向云端发送任何请求。请重新发送，并在时限内传输完毕。",
        ),
    )
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": self.kind.uri,
            "title": self.kind.title.en,
            "status": self.kind.status,
            "detail": self.message.en,
            "message": self.message,
        });
        if let Some(violations) = self.violations {
            body["violations"] = json!(violations);
        }
        let status =
            StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (
            status,
            [(header::CONTENT_TYPE, problem::CONTENT_TYPE)],
            body.to_string(),
        )
            .into_response();
        if self.kind == &problem::UNAUTHENTICATED {
            let scheme = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        if self.browser {
            let scheme = HeaderValue::from_static("Basic realm=\"Tieline\", charset=\"UTF-8\"");
            response
                .headers_mut()
                .append(header::WWW_AUTHENTICATE, scheme);
        }
        let headers = response.headers_mut();
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.kind == &problem::SLOW {
            // The rest of the request may come yet: nothing else can be read from the connection.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
            .extensions_mut()
            .insert(Outcome::named(self.kind.name()));
        response
    }
}
