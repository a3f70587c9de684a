//! The paths of the API, and the label of a request by the path that matched it.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use tieline_protocol::health;

use crate::observe::route_label::RouteLabel;

/// The prefix of the API's second address, beside a console.
pub const API: &str = "/api";

/// The proxy's name, version and state.
pub const HEALTH: &str = health::PATH;

/// The counts for operators.
pub const METRICS: &str = "/metrics";

/// The OpenAPI document.
pub const OPENAPI: &str = "/openapi.json";

/// Sends an operation's request.
pub const SEND: &str = "/v1/{operation}";

/// Checks an operation's parameters.
pub const CHECK: &str = "/v1/{operation}/check";

/// Shows an operation's request.
pub const PREVIEW: &str = "/v1/{operation}/preview";

/// Lists what an operation's request can be had as code for, and makes it.
pub const CODE: &str = "/v1/{operation}/code";

/// Shows what an account has to be allowed to do for an operation.
pub const POLICY: &str = "/v1/{operation}/policy";

/// The label of a request that the router has found a route for, or none.
pub fn label(request: &Request) -> RouteLabel {
    let matched = request.extensions().get::<MatchedPath>();
    matched.map_or(RouteLabel::UNMATCHED, |matched| {
        label_of(matched.as_str(), request.uri().path())
    })
}

fn label_of(matched: &str, path: &str) -> RouteLabel {
    let (prefix, template) = match matched.strip_prefix(API) {
        Some(template) => (API, template),
        None => ("", matched),
    };
    let operation = || {
        let rest = path.strip_prefix(prefix)?.strip_prefix("/v1/")?;
        let name = rest.split('/').next()?;
        tieline_catalog::find(name).map(|op| op.name)
    };
    let (route, operation) = match template {
        HEALTH => (HEALTH, ""),
        METRICS => (METRICS, ""),
        OPENAPI => (OPENAPI, ""),
        SEND => ("/v1", operation().unwrap_or(RouteLabel::UNKNOWN)),
        CHECK => ("/v1/check", operation().unwrap_or(RouteLabel::UNKNOWN)),
        PREVIEW => ("/v1/preview", operation().unwrap_or(RouteLabel::UNKNOWN)),
        CODE => ("/v1/code", operation().unwrap_or(RouteLabel::UNKNOWN)),
        POLICY => ("/v1/policy", operation().unwrap_or(RouteLabel::UNKNOWN)),
        _ => return RouteLabel::UNMATCHED,
    };
    RouteLabel {
        prefix,
        route,
        operation,
    }
}

/// Whether a request only asks whether the proxy is up.
pub fn is_health(label: &RouteLabel) -> bool {
    label.route == HEALTH
}

/// Whether a request with this method for this route is read to the end of its body.
pub fn reads_a_body(method: &Method, label: &RouteLabel) -> bool {
    let routes = ["/v1", "/v1/check", "/v1/preview", "/v1/code"];
    method == Method::POST && routes.contains(&label.route)
}

/// Whether a request asks how the proxy is.
pub fn is_for_operators(label: &RouteLabel) -> bool {
    is_health(label) || label.route == METRICS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unknown_is_logged() {
        let op = tieline_catalog::creations().next().expect("an operation");
        let op = op.name;
        for (template, path, expected) in [
            ("/healthz", "/healthz", "/healthz".to_string()),
            ("/api/metrics", "/api/metrics", "/api/metrics".to_string()),
            (
                "/api/openapi.json",
                "/api/openapi.json",
                "/api/openapi.json".to_string(),
            ),
            (SEND, &format!("/v1/{op}"), format!("/v1/{op}")),
            (
                "/api/v1/{operation}/check",
                &format!("/api/v1/{op}/check"),
                format!("/api/v1/{op}/check"),
            ),
            (
                CHECK,
                "/v1/13800138000/check",
                "/v1/(unknown)/check".to_string(),
            ),
            (
                PREVIEW,
                "/v1/%20/preview",
                "/v1/(unknown)/preview".to_string(),
            ),
            (CODE, &format!("/v1/{op}/code"), format!("/v1/{op}/code")),
            (
                POLICY,
                "/v1/secret/policy",
                "/v1/(unknown)/policy".to_string(),
            ),
            ("/secret", "/secret", "(unmatched)".to_string()),
            ("/api/secret", "/api/secret", "(unmatched)".to_string()),
        ] {
            assert_eq!(label_of(template, path).to_string(), expected);
        }
    }
}
