//! The built console, served from a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::handler::HandlerWithoutStateExt;
use axum::http::{header, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state, Next};
use axum::response::{IntoResponse, Response};
use axum::Router;
use tower_http::services::ServeDir;

use super::problem::not_found;

/// The longest name of a file in bytes, so that a system takes it with an ending behind.
const MAX_NAME: usize = 200;

/// The longest path in bytes.
const MAX_PATH: usize = 1000;

/// Serves the files of `folder`, `index.html` at `/`, but no hidden one, and none that a link leads to
/// out of it. Files with a hash in their name are cached for
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
        .layer(from_fn_with_state(Arc::<Path>::from(folder), within))
        .layer(from_fn(headers))
}

/// Lets requests for files of the folder through.
async fn within(State(folder): State<Arc<Path>>, request: Request, next: Next) -> Response {
    let Some(file) = file_of(request.uri().path()) else {
        return not_found().await.into_response();
    };
    if leads_out(&folder, &folder.join(file)).await {
        return not_found().await.into_response();
    }
    next.run(request).await
}

/// The file that a path names, relative to the folder; `None` where it cannot be one of the console's.
fn file_of(path: &str) -> Option<PathBuf> {
    if path.len() > MAX_PATH {
        return None;
    }
    let path = String::from_utf8(decoded(path)).ok()?;
    let parts = path.split('/').filter(|part| !part.is_empty());
    let plain = |part: &&str| {
        part.len() <= MAX_NAME && !part.starts_with('.') && !part.contains(['\\', '\0'])
    };
    parts.map(|part| Some(part).filter(plain)).collect()
}

/// The bytes that a path stands for; a `%` without two digits stands for itself.
fn decoded(path: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
        };
        let pair = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        bytes.push(pair.map_or(*first, |(high, low)| high * 16 + low));
        rest = &after[if pair.is_some() { 2 } else { 0 }..];
    }
    bytes
}

/// Whether a link leads out of the folder from what could be served for a file.
async fn leads_out(folder: &Path, file: &Path) -> bool {
    let Ok(folder) = tokio::fs::canonicalize(folder).await else {
        return true;
    };
    for file in [file.to_path_buf(), file.join("index.html")] {
        for ending in ["", ".br", ".gz"] {
            let mut file = file.clone().into_os_string();
            file.push(ending);
            // What cannot be resolved is not there, and is not found.
            let real = tokio::fs::canonicalize(&file).await;
            if real.is_ok_and(|real| !real.starts_with(&folder)) {
                return true;
            }
        }
    }
    false
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
