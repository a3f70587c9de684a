//! The built console, served from a folder.

use std::path::Path;

use axum::extract::Request;
use axum::handler::HandlerWithoutStateExt;
use axum::http::{header, HeaderValue};
use axum::middleware::{from_fn, Next};
use axum::response::Response;
use axum::Router;
use tower_http::services::ServeDir;

use super::problem::not_found;

/// Serves the files of `folder`, `index.html` at `/`. Files with a hash in their name are cached for
/// good, all others are asked for each time. A `.br` or `.gz` beside a file is sent to clients that
/// take it.
pub fn service(folder: &Path) -> Router {
    let files = ServeDir::new(folder)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found.into_service());
    Router::new()
        .fallback_service(files)
        .layer(from_fn(headers))
}

async fn headers(request: Request, next: Next) -> Response {
    let hashed = has_hash(request.uri().path());
    let mut response = next.run(request).await;
    let cache = match hashed && response.status().is_success() {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let value = HeaderValue::from_static(cache);
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}

/// Whether the file's name holds a content hash as Trunk writes it: 16 hexadecimal digits, fewer
/// when the first are zero, between `-` and `.` or `_` (`tieline-1f0c9f2d3b4a5e6f_bg.wasm`).
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('-').skip(1).any(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        (12..=16).contains(&digits) && matches!(part.as_bytes().get(digits), Some(b'.' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_recognised_in_trunks_names() {
        for (path, expected) in [
            ("/tieline-1f0c9f2d3b4a5e6f.js", true),
            ("/tieline-1f0c9f2d3b4a5e6f_bg.wasm", true),
            ("/snippets/a-b-1f0c9f2d3b4a5e6f.js", true),
            ("/tieline-33a7f841156ef73.js", true),
            ("/index.html", false),
            ("/", false),
            ("/a-1f0c.js", false),
            ("/1f0c9f2d3b4a5e6f-a/x.js", false),
        ] {
            assert_eq!(has_hash(path), expected, "{path}");
        }
    }
}
