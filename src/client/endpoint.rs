//! The address of a proxy, and its checks.

use tieline_catalog::Text;

use crate::ui::messages;

/// The path that Trunk and the proxy serve the proxy's routes at.
pub const DEFAULT_ENDPOINT: &str = "/api";

/// The problem with a proxy endpoint; `None` for an http(s) URL without credentials, query and
/// fragment, and for an absolute path.
pub fn check_endpoint(endpoint: &str) -> Option<Text> {
    let authority = |rest: &str| rest.split('/').next().unwrap_or_default().to_string();
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| endpoint.strip_prefix(scheme));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\');
    match rest {
        _ if endpoint.contains(odd) => Some(messages::ENDPOINT_ODD),
        Some(rest) if authority(rest).is_empty() => Some(messages::ENDPOINT_FORM),
        Some(rest) if authority(rest).split_once('@').is_some() => Some(messages::ENDPOINT_USER),
        Some(_) => None,
        // `//host` is another host in disguise.
        None if endpoint.starts_with('/') && !endpoint.starts_with("//") => None,
        None => Some(messages::ENDPOINT_FORM),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_url_or_an_absolute_path() {
        for good in [
            "/api",
            "/",
            "http://127.0.0.1:8787",
            "https://tieline.example/api/",
        ] {
            assert_eq!(check_endpoint(good), None, "{good}");
        }
        for bad in [
            "",
            "api",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "ftp://x",
            "http://",
            "https:///x",
            "https://user:secret@x",
            "https://x?y",
            "https://x#y",
            "/a b",
            "/a\tb",
        ] {
            assert!(check_endpoint(bad).is_some(), "{bad}");
        }
    }
}
