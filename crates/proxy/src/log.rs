//! One line on stderr for each request. It names the operation, never a parameter's value.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// Logs the proxy's requests.
pub async fn requests(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let place = place(request.uri().path());
    let response = next.run(request).await;
    line(
        &format!("{method} {place}"),
        response.status().as_u16(),
        started,
    );
    response
}

/// Writes a line: time, what was asked, status, duration.
pub fn line(what: &str, status: u16, started: Instant) {
    let time = tieline_sandbox::utc(crate::simulation::now_ms());
    let took = started.elapsed().as_millis();
    eprintln!("{time} {what} {status} {took}ms");
}

/// Writes what went wrong on the way to a cloud. Names in it can be a stranger's (a certificate's):
/// what could break the line is escaped.
pub fn trouble(what: &str) {
    let time = tieline_sandbox::utc(crate::simulation::now_ms());
    eprintln!("{time} {}", what.escape_debug());
}

/// The path as it may be logged. What is not known word for word stays out: it could be anything.
fn place(path: &str) -> String {
    let api = path
        .strip_prefix("/api")
        .filter(|rest| rest.starts_with('/'));
    let known = match api.unwrap_or(path) {
        "/" => return "/".to_string(),
        known @ ("/healthz" | "/openapi.json") => known.to_string(),
        other => match other.strip_prefix("/v1/") {
            Some(rest) => {
                let (name, action) = rest.split_once('/').unwrap_or((rest, ""));
                let name = tieline_catalog::find(name).map_or("(unknown)", |op| op.name);
                match action {
                    "" => format!("/v1/{name}"),
                    "check" | "preview" => format!("/v1/{name}/{action}"),
                    _ => format!("/v1/{name}/(unknown)"),
                }
            }
            None => return "(file)".to_string(),
        },
    };
    let prefix = if api.is_some() { "/api" } else { "" };
    format!("{prefix}{known}")
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
            ("/api/openapi.json", "/api/openapi.json".to_string()),
            (&format!("/v1/{op}"), format!("/v1/{op}")),
            (
                &format!("/api/v1/{op}/check"),
                format!("/api/v1/{op}/check"),
            ),
            ("/v1/13800138000/check", "/v1/(unknown)/check".to_string()),
            (&format!("/v1/{op}/secret"), format!("/v1/{op}/(unknown)")),
            ("/secret", "(file)".to_string()),
        ] {
            assert_eq!(place(path), expected);
        }
    }
}
