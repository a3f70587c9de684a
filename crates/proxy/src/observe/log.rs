//! One line on stderr for each request. It names the operation, never a parameter's value.

use std::fmt::Display;
use std::io::Write as _;
use std::time::Duration;

use axum::http::{Method, StatusCode};

/// The place of a request whose head never came to its end, or had too many headers to read.
pub const UNFINISHED: &str = "(unfinished)";

/// Writes a line for a request that was answered.
pub fn request(method: &Method, place: &Place, status: StatusCode, took: Duration) {
    line(format_args!("{method} {place}"), status.as_u16(), took);
}

/// Writes a line: time, what was asked, status, duration.
pub fn line(what: impl Display, status: u16, took: Duration) {
    let time = tieline_sandbox::utc(crate::in_process_sandbox::now_ms());
    let took = took.as_millis();
    write(format!("{time} {what} {status} {took}ms\n"));
}

/// Writes what went wrong on the way to a cloud. Names in it can be a stranger's (a certificate's):
/// what could break the line is escaped.
pub fn trouble(what: &str) {
    let time = tieline_sandbox::utc(crate::in_process_sandbox::now_ms());
    write(format!("{time} {}\n", what.escape_debug()));
}

/// A line is one write: stderr has no buffer, so that `eprintln!` would make one of each part, and it
/// would panic when nobody takes them.
fn write(line: String) {
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Where a request goes, as far as it may be logged. What is not known word for word stays out: it
/// could be anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    prefix: &'static str,
    /// What is asked for: `/v1`, `/v1/check`, `/healthz`, or what is none of the API's: `/`,
    /// `(file)`.
    pub route: &'static str,
    /// The operation's name, where there is one: `(unknown)` when the catalog does not know it.
    pub operation: &'static str,
}

impl Place {
    /// The place of a path.
    pub fn of(path: &str) -> Place {
        let api = path
            .strip_prefix("/api")
            .filter(|rest| rest.starts_with('/'));
        let prefix = if api.is_some() { "/api" } else { "" };
        let rest = api.unwrap_or(path);
        let (route, operation) = match rest {
            "/healthz" => ("/healthz", ""),
            "/metrics" => ("/metrics", ""),
            "/openapi.json" => ("/openapi.json", ""),
            _ => match rest.strip_prefix("/v1/") {
                Some(rest) => of_operation(rest),
                None if path == "/" => ("/", ""),
                None => ("(file)", ""),
            },
        };
        let prefix = if route == "(file)" { "" } else { prefix };
        Place {
            prefix,
            route,
            operation,
        }
    }

    /// Whether it says only that the proxy is up.
    pub fn is_health(&self) -> bool {
        self.route == "/healthz"
    }

    /// Whether it tells how the proxy is.
    pub fn is_for_operators(&self) -> bool {
        self.is_health() || self.route == "/metrics"
    }
}

fn of_operation(rest: &str) -> (&'static str, &'static str) {
    let (name, action) = rest.split_once('/').unwrap_or((rest, ""));
    let operation = tieline_catalog::find(name).map_or("(unknown)", |op| op.name);
    let route = match action {
        "" => "/v1",
        "check" => "/v1/check",
        "preview" => "/v1/preview",
        _ => "/v1/(unknown)",
    };
    (route, operation)
}

impl Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.prefix)?;
        match self.route.strip_prefix("/v1") {
            Some(action) => write!(f, "/v1/{}{action}", self.operation),
            None => f.write_str(self.route),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unknown_is_logged() {
        let op = tieline_catalog::creations()
            .next()
            .expect("an operation")
            .name;
        for (path, expected) in [
            ("/", "/".to_string()),
            ("/healthz", "/healthz".to_string()),
            ("/api/metrics", "/api/metrics".to_string()),
            ("/api/openapi.json", "/api/openapi.json".to_string()),
            (&format!("/v1/{op}"), format!("/v1/{op}")),
            (
                &format!("/api/v1/{op}/check"),
                format!("/api/v1/{op}/check"),
            ),
            ("/v1/13800138000/check", "/v1/(unknown)/check".to_string()),
            (&format!("/v1/{op}/secret"), format!("/v1/{op}/(unknown)")),
            ("/secret", "(file)".to_string()),
            ("/api/secret", "(file)".to_string()),
        ] {
            assert_eq!(Place::of(path).to_string(), expected);
        }
    }
}
