//! CORS: which pages may use the proxy.
//!
//! One function decides about the origin and answers preflights, so that a request from a page that
//! is not allowed never reaches a route, whatever its content type.

use axum::extract::Request;
use axum::http::{header, HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use tieline_catalog::text::Message;
use tieline_protocol::{header as protocol, problem};

use super::problem::Problem;
use crate::config::{is_loopback, Origin};

/// The page that a request comes from, if it is one that may use the proxy.
pub struct Page {
    /// A request without an origin comes from no page.
    origin: Option<HeaderValue>,
    preflight: bool,
}

/// Lets requests without an origin and from allowed origins through and refuses the rest.
pub fn page(request: &Request, list: &[Origin]) -> Result<Page, Problem> {
    let origin = request.headers().get(header::ORIGIN).cloned();
    if origin.as_ref().is_some_and(|origin| !allowed(origin, list)) {
        let message = Message::new(
            "This page is neither on this machine nor on the list. Start tieline-proxy with --allow-origin and the page's origin to let it in.",
            "该页面既不在本机，也不在允许列表中。如需放行，请在启动 tieline-proxy 时用 --allow-origin 指定该页面的源。",
        );
        return Err(Problem::new(&problem::ORIGIN, message));
    }
    let preflight = origin.is_some() && is_preflight(request.method(), request.headers());
    Ok(Page { origin, preflight })
}

impl Page {
    /// Whether its browser only asks what it may send.
    pub fn is_preflight(&self) -> bool {
        self.preflight
    }

    /// The answer, with the headers that let the page read it.
    pub fn allow_reading(self, mut response: Response) -> Response {
        if let Some(origin) = self.origin {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                names(protocol::EXPOSED),
            );
        }
        vary(response)
    }
}

fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight: what a page may send.
pub fn preflight() -> Response {
    let fields: [(HeaderName, HeaderValue); 3] = [
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST"),
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            names(protocol::ALLOWED),
        ),
        (
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static("600"),
        ),
    ];
    (StatusCode::NO_CONTENT, fields).into_response()
}

/// A list of header names as a value. Names are ASCII, so that it always is one.
fn names(list: &[&str]) -> HeaderValue {
    HeaderValue::from_str(&list.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

/// Every response depends on the origin, also those to requests without one.
pub fn vary(mut response: Response) -> Response {
    let value = HeaderValue::from_static("origin");
    response.headers_mut().append(header::VARY, value);
    response
}

/// Whether an origin is on the list or a page of this machine, on any port.
fn allowed(origin: &HeaderValue, list: &[Origin]) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    list.iter().any(|o| o.as_str() == origin) || is_loopback(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_machine_and_of_the_list_are_allowed() {
        let list = [Origin::parse("https://portal.example").expect("an origin")];
        for (origin, expected) in [
            ("http://127.0.0.1:8080", true),
            ("http://localhost:5173", true),
            ("http://[::1]:8080", true),
            ("https://portal.example", true),
            ("https://portal.example:444", false),
            ("http://portal.example", false),
            ("http://127.0.0.1.evil.example", false),
            ("http://localhost.evil.example", false),
            ("http://evil.example#127.0.0.1", false),
            ("null", false),
            ("file://127.0.0.1", false),
            ("", false),
        ] {
            let value = HeaderValue::from_str(origin).expect("ASCII");
            assert_eq!(allowed(&value, &list), expected, "{origin}");
        }
    }
}
