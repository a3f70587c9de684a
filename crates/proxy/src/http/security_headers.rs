//! The security headers, which tell browsers how little the proxy's answers may do.
//!
//! They are on every response, the API's and the console's. The console needs no inline script, no
//! inline style, and nothing from another host; so a text that slipped into the page as markup
//! could not run. The console may connect to any host over HTTP, since its user can choose another
//! proxy in the settings.

use axum::http::{header, HeaderName, HeaderValue};
use axum::response::Response;
use tieline_protocol::header as protocol;

use crate::config::Origin;
use crate::version::VERSION;

/// The policy for the console's needs: its own files, and WebAssembly. Images are loaded for the
/// favicon.
const CONSOLE: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self' http: https:; base-uri 'none'; form-action 'none'";

/// Abilities of the browser that the console has no use for. It does write to the clipboard.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=(), serial=(), hid=()";

/// The headers, for a console that pages of `ancestors` may show in a frame.
pub fn fixed(ancestors: &[Origin]) -> Vec<(HeaderName, HeaderValue)> {
    let value = HeaderValue::from_static;
    [
        (HeaderName::from_static(protocol::PROXY), value(VERSION)),
        (header::CONTENT_SECURITY_POLICY, policy(ancestors)),
        (header::X_CONTENT_TYPE_OPTIONS, value("nosniff")),
        (header::REFERRER_POLICY, value("no-referrer")),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            value("same-origin"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            value("same-origin"),
        ),
        (
            HeaderName::from_static("permissions-policy"),
            value(PERMISSIONS),
        ),
    ]
    .into()
}

/// The policy. An origin has only a scheme, a host and a port, so it cannot add a directive.
fn policy(ancestors: &[Origin]) -> HeaderValue {
    let origins: Vec<&str> = ancestors.iter().map(Origin::as_str).collect();
    let ancestors = match origins.is_empty() {
        true => "'none'".to_string(),
        false => origins.join(" "),
    };
    HeaderValue::from_str(&format!("{CONSOLE}; frame-ancestors {ancestors}"))
        .unwrap_or(HeaderValue::from_static(CONSOLE))
}

/// Adds the headers. What says nothing about caching, the API's answers, is stored nowhere.
pub fn add(fixed: &[(HeaderName, HeaderValue)], response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in fixed {
        headers.insert(name, value.clone());
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_pages_may_frame_the_console() {
        let portal = Origin::parse("https://portal.example").expect("an origin");
        let other = Origin::parse("https://b.example:8443").expect("an origin");
        for (list, expected) in [
            (&[][..], "; frame-ancestors 'none'"),
            (
                &[portal, other],
                "; frame-ancestors https://portal.example https://b.example:8443",
            ),
        ] {
            let policy = policy(list);
            let policy = policy.to_str().expect("ASCII");
            assert!(policy.ends_with(expected), "{policy}");
            assert!(!policy.contains("unsafe-inline"));
        }
    }

    /// A separator of the policy's syntax in a configured origin would loosen the policy.
    #[test]
    fn no_origin_adds_a_directive() {
        for wrong in [
            "https://a;script-src *",
            "https://a *",
            "https://a,default-src *",
            "https://*",
            "https://a\r\nx: y",
        ] {
            let origins: Vec<Origin> = Origin::parse(wrong).into_iter().collect();
            let policy = policy(&origins);
            let text = policy.to_str().expect("ASCII");
            assert_eq!(text.matches(';').count(), 7, "{wrong}: {text}");
            assert!(
                !text.contains('*') && !text.contains(','),
                "{wrong}: {text}"
            );
        }
    }
}
