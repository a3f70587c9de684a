//! The security headers on every kind of response.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::Router;
use tieline_proxy::config::Origin;
use tower::ServiceExt;

use crate::in_process::{bare_console, proxy_with};

fn proxy(name: &str) -> Router {
    proxy_with(|config| {
        let portal = Origin::parse("https://portal.example").expect("an origin");
        config.configuration.console = Some(bare_console(name));
        config.configuration.frame_ancestors = vec![portal];
    })
}

async fn ask(app: &Router, method: Method, path: &str, origin: &str) -> (StatusCode, HeaderMap) {
    let request = Request::builder().method(method).uri(path);
    let request = request
        .header("origin", origin)
        .header("content-type", "application/json")
        .header("idempotency-key", "k");
    let request = request.body(Body::from("{}")).expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    (response.status(), response.headers().clone())
}

#[tokio::test]
async fn every_response_is_kept_from_running_anything_foreign() {
    let app = proxy("headers");
    let here = "http://localhost";
    for (method, path, origin, status, cache) in [
        (Method::GET, "/", here, 200, "no-cache"),
        (Method::GET, "/absent.js", here, 404, "no-cache"),
        (Method::GET, "/healthz", here, 200, "no-store"),
        (Method::GET, "/api/openapi.json", here, 200, "no-store"),
        (Method::GET, "/v1/CreateCen", here, 405, "no-store"),
        (Method::POST, "/v1/CreateCen", here, 200, "no-store"),
        (Method::POST, "/v1/CreateCen", "null", 403, "no-store"),
    ] {
        let (given, headers) = ask(&app, method.clone(), path, origin).await;
        assert_eq!(given, status, "{method} {path}");
        assert_eq!(headers["cache-control"], cache, "{method} {path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{method} {path}");
        }
        assert!(headers.contains_key("permissions-policy"), "{path}");
        let policies: Vec<_> = headers.get_all("content-security-policy").iter().collect();
        let [policy] = policies.as_slice() else {
            panic!("{path}: {policies:?}");
        };
        let policy = policy.to_str().expect("ASCII");
        let directives: Vec<&str> = policy.split("; ").collect();
        for directive in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "connect-src 'self' http: https:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors https://portal.example",
        ] {
            assert!(directives.contains(&directive), "{directive}: {policy}");
        }
    }
}
