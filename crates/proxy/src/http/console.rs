//! The built console, served from a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::handler::HandlerWithoutStateExt;
use axum::http::{header, HeaderValue, Method};
use axum::middleware::{from_fn, from_fn_with_state, Next};
use axum::response::{IntoResponse, Response};
use axum::Router;
use tower_http::services::ServeDir;

use super::problem::not_found;
use crate::config::Origin;

/// The page of the package that other pages show in a frame.
const FRAME: &str = "embed.html";

/// Where that page lists the hosts that may use it, as in static/embed/embed.html.
const HOSTS: &str = "name=\"tieline-hosts\"";
const CONTENT: &str = "content=\"";

/// The longest name of a file in bytes, so that a system takes it with an ending behind.
const MAX_NAME: usize = 200;

/// The longest path in bytes.
const MAX_PATH: usize = 1000;

/// Serves the files of `folder`, `index.html` at `/`, but no hidden one, and none that a link leads to
/// out of it. Files with a hash in their name are cached for
/// good, all others are asked for each time. A `.br` or `.gz` beside a file is sent to clients that
/// take it. The page for frames ([`FRAME`]) is told of the `hosts` that may use it.
pub fn service(folder: &Path, hosts: &[Origin]) -> Router {
    let files = ServeDir::new(folder)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found.into_service());
    Router::new()
        .fallback_service(files)
        .layer(from_fn_with_state(
            Arc::new(Served::new(folder, hosts)),
            within,
        ))
        .layer(from_fn(headers))
}

/// What is served.
struct Served {
    folder: PathBuf,
    /// The origins that may use the page for frames, separated by spaces.
    hosts: String,
}

impl Served {
    fn new(folder: &Path, hosts: &[Origin]) -> Served {
        let hosts: Vec<&str> = hosts.iter().map(Origin::as_str).collect();
        Served {
            folder: folder.to_path_buf(),
            hosts: hosts.join(" "),
        }
    }
}

/// Lets requests for files of the folder through.
async fn within(State(served): State<Arc<Served>>, request: Request, next: Next) -> Response {
    let Some(file) = file_of(request.uri().path()) else {
        return not_found().await.into_response();
    };
    let path = served.folder.join(file);
    if leads_out(&served.folder, &path).await {
        return not_found().await.into_response();
    }
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    if read && path.file_name().is_some_and(|name| name == FRAME) {
        // A compressed copy would know nothing of the hosts, and perhaps be an older one.
        if let Ok(page) = tokio::fs::read_to_string(&path).await {
            return frame(&page, &served.hosts);
        }
    }
    next.run(request).await
}

/// The page for frames with the hosts that may use it, beside those that it names itself.
fn frame(page: &str, hosts: &str) -> Response {
    let mark = page.find(HOSTS).map(|at| at + HOSTS.len());
    let list = mark.and_then(|at| Some(at + page.get(at..)?.find(CONTENT)? + CONTENT.len()));
    let (before, after) = page.split_at(list.unwrap_or(page.len()));
    let separator = if after.starts_with('"') { "" } else { " " };
    let text = match list {
        Some(_) => format!("{before}{hosts}{separator}{after}"),
        None => page.to_string(),
    };
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, html)], Body::from(text)).into_response()
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
