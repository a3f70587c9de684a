//! The console's files and the API beside them, without a port.

use std::fs;
use std::path::PathBuf;

use axum::body::{to_bytes, Body};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::Router;
use tieline_protocol::problem;
use tieline_proxy::config::Origin;
use tower::ServiceExt;

use crate::in_process::proxy_with;

const SCRIPT: &str = "tieline-0123456789abcdef.js";
const MODULE: &str = "tieline-0123456789abcdef_bg.wasm";

/// A folder like Trunk's, with a file beside it that nobody may get.
fn console(name: &str) -> Router {
    console_for(name, "")
}

/// The same for those whom `auth` lets in.
fn console_for(name: &str, auth: &str) -> Router {
    let outer = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let dist = outer.join("dist");
    fs::create_dir_all(&dist).expect("a folder for tests");
    for (file, text) in [
        ("index.html", "<!DOCTYPE html><title>Tieline</title>"),
        (SCRIPT, "export {}"),
        (MODULE, "\0asm"),
        ("tieline-0123456789abcdef.css", "a {}"),
        ("../secret.txt", "secret"),
    ] {
        fs::write(dist.join(file), text).expect("a file for tests");
    }
    fs::write(dist.join(format!("{SCRIPT}.br")), "compressed").expect("a file for tests");
    proxy_with(|config| {
        config.configuration.console = Some(dist);
        config.configuration.auth = toml::from_str(auth).expect("a configuration");
    })
}

async fn get(app: &Router, path: &str, encoding: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).header("accept-encoding", encoding);
    let request = request.body(Body::empty()).expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a whole body");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (parts.status, parts.headers, text)
}

#[tokio::test]
async fn files_have_their_types_and_hashed_ones_stay_in_the_cache() {
    let app = console("types");
    for (path, kind, cache) in [
        ("/", "text/html", "no-cache"),
        ("/index.html", "text/html", "no-cache"),
        (
            &format!("/{SCRIPT}"),
            "text/javascript",
            "public, max-age=31536000, immutable",
        ),
        (
            &format!("/{MODULE}"),
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
        (
            "/tieline-0123456789abcdef.css",
            "text/css",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let (status, headers, _) = get(&app, path, "identity").await;
        assert_eq!(status, 200, "{path}");
        let given = headers["content-type"].to_str().expect("ASCII");
        assert!(given.starts_with(kind), "{path}: {given}");
        assert_eq!(headers["cache-control"], cache, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    let (_, _, page) = get(&app, "/", "identity").await;
    assert!(page.contains("<title>Tieline"), "{page}");
}

#[tokio::test]
async fn a_compressed_file_goes_to_those_who_take_it() {
    let app = console("compressed");
    let (_, headers, body) = get(&app, &format!("/{SCRIPT}"), "br").await;
    assert_eq!(
        (headers["content-encoding"].as_bytes(), body.as_str()),
        (&b"br"[..], "compressed")
    );
    let (_, headers, body) = get(&app, &format!("/{SCRIPT}"), "identity").await;
    assert_eq!(
        (headers.get("content-encoding"), body.as_str()),
        (None, "export {}")
    );
}

/// What its deployer wrote into the page, or an older compressed copy of it, must not decide who may use it.
#[tokio::test]
async fn the_page_for_frames_knows_the_configured_hosts() {
    let outer = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("frames");
    let package = outer.join("embed");
    fs::create_dir_all(&package).expect("a folder for tests");
    let page = include_str!("../../../../static/embed/embed.html");
    fs::write(package.join("embed.html"), page).expect("a file for tests");
    for ending in ["br", "gz"] {
        let copy = package.join(format!("embed.html.{ending}"));
        fs::write(copy, "an old copy").expect("a file for tests");
    }
    let hosts = ["https://portal.example", "https://b.example:8443"];
    let app = |hosts: &[&str]| {
        proxy_with(|config| {
            config.configuration.console = Some(outer.clone());
            let origins = hosts
                .iter()
                .map(|host| Origin::parse(host).expect("an origin"));
            config.configuration.frame_ancestors = origins.collect();
        })
    };
    let (open, shut) = (app(&hosts), app(&[]));
    for encoding in ["identity", "br", "gzip", "br, gzip"] {
        let (status, headers, text) = get(&open, "/embed/embed.html", encoding).await;
        assert_eq!(status, 200, "{encoding}");
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["cache-control"], "no-cache");
        assert!(headers.get("content-encoding").is_none(), "{headers:?}");
        let list =
            "name=\"tieline-hosts\" content=\"https://portal.example https://b.example:8443\"";
        assert!(text.contains(list), "{text}");
        let policy = headers["content-security-policy"].to_str().expect("ASCII");
        let ancestors = "frame-ancestors https://portal.example https://b.example:8443";
        assert!(policy.ends_with(ancestors), "{policy}");
        let (_, _, text) = get(&shut, "/embed/embed.html", encoding).await;
        assert_eq!(text, page, "without hosts it is as it was made");
    }
    // What its deployer has written into it counts, too.
    let edited = page.replace("content=\"\"", "content=\"https://old.example\"");
    fs::write(package.join("embed.html"), edited).expect("a file for tests");
    let (_, _, text) = get(&open, "/embed/embed.html", "br").await;
    assert!(
        text.contains("https://b.example:8443 https://old.example\""),
        "{text}"
    );
}

#[tokio::test]
async fn the_api_is_also_under_api() {
    let app = console("api");
    for path in ["/healthz", "/api/healthz", "/api/openapi.json"] {
        let (status, headers, _) = get(&app, path, "identity").await;
        assert_eq!(status, 200, "{path}");
        assert_eq!(headers["content-type"], "application/json", "{path}");
    }
    let (_, _, document) = get(&app, "/api/openapi.json", "identity").await;
    assert!(document.contains(r#""servers":[{"url":"/api"}]"#));
    let request = Request::post("/api/v1/CreateCen")
        .header("content-type", "application/json")
        .header("idempotency-key", "k");
    let request = request.body(Body::from("{}")).expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn nothing_else_is_served() {
    let app = console("nothing-else");
    for path in [
        "/absent.js",
        "/v1",
        "/v1/CreateCen/send",
        "/api",
        "/api/absent",
        "/api/v1/CreateCen/send",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%5csecret.txt",
        "//secret.txt",
    ] {
        let (status, headers, body) = get(&app, path, "identity").await;
        assert_eq!(status, 404, "{path}");
        assert_eq!(headers["content-type"], problem::CONTENT_TYPE, "{path}");
        assert!(!body.contains("secret"), "{path}: {body}");
    }
}

/// A browser that is told so asks its user, and sends what they typed with the page's own requests too.
#[tokio::test]
async fn a_browser_opens_the_console_with_a_token() {
    // The hash of `abc`, and `ci:abc` as a browser sends it.
    let auth = "tokens = [{ name = \"ci\", sha256 = \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\" }]";
    let app = console_for("token", auth);
    for path in ["/", &format!("/{SCRIPT}"), "/api/openapi.json"] {
        let (status, headers, _) = get(&app, path, "identity").await;
        assert_eq!(status, 401, "{path}");
        let mut ways = headers.get_all("www-authenticate").iter();
        assert!(
            ways.any(|way| way.as_bytes().starts_with(b"Basic ")),
            "{headers:?}"
        );
        // The browser asks when a page is opened, not when one sends a request.
        for (mode, asks) in [("navigate", true), ("cors", false), ("same-origin", false)] {
            let request = Request::get(path).header("sec-fetch-mode", mode);
            let request = request.body(Body::empty()).expect("a request");
            let response = app.clone().oneshot(request).await.expect("infallible");
            assert_eq!(response.status(), 401);
            let mut ways = response.headers().get_all("www-authenticate").iter();
            assert_eq!(
                ways.any(|way| way.as_bytes().starts_with(b"Basic ")),
                asks,
                "{mode}"
            );
        }
        let request = Request::get(path).header("authorization", "Basic Y2k6YWJj");
        let request = request.body(Body::empty()).expect("a request");
        let response = app.clone().oneshot(request).await.expect("infallible");
        assert_eq!(response.status(), 200, "{path}");
    }
    // Another site's page that makes the browser send it along is refused by its origin.
    for origin in ["https://evil.example", "null"] {
        let request = Request::post("/api/v1/CreateCen")
            .header("authorization", "Basic Y2k6YWJj")
            .header("content-type", "application/json")
            .header("idempotency-key", "k")
            .header("origin", origin);
        let request = request.body(Body::from("{}")).expect("a request");
        let response = app.clone().oneshot(request).await.expect("infallible");
        assert_eq!(response.status(), 403, "{origin}");
    }
}

#[tokio::test]
async fn a_path_that_is_too_long_for_a_file_is_a_problem_document() {
    let app = console("long");
    for length in [201, 255, 256, 300, 3000] {
        for path in [
            format!("/{}", "a".repeat(length)),
            format!("/a/{}", "%61".repeat(length)),
        ] {
            let (status, headers, body) = get(&app, &path, "br, gzip").await;
            assert_eq!(status, 404, "{length}: {body}");
            assert_eq!(headers["content-type"], problem::CONTENT_TYPE, "{length}");
        }
    }
    let (status, ..) = get(&app, &format!("/{}", "a/".repeat(400)), "br").await;
    assert_eq!(status, 404);
}

#[cfg(unix)]
#[tokio::test]
async fn hidden_files_and_links_out_of_the_folder_are_not_served() {
    let app = console("links");
    let dist = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("links/dist");
    fs::create_dir_all(dist.join(".git")).expect("a folder");
    fs::create_dir_all(dist.join("inner")).expect("a folder");
    fs::write(dist.join(".env"), "secret").expect("a file");
    fs::write(dist.join(".git/config"), "secret").expect("a file");
    fs::write(dist.join("plain.txt"), "plain").expect("a file");
    let out = "../../secret.txt";
    for (link, to) in [
        ("out.txt", "../secret.txt"),
        ("folder", ".."),
        ("inner/index.html", out),
        ("plain.txt.gz", "../secret.txt"),
        ("within.txt", "plain.txt"),
    ] {
        let _ = fs::remove_file(dist.join(link));
        std::os::unix::fs::symlink(to, dist.join(link)).expect("a link");
    }
    for path in [
        "/.env",
        "/%2eenv",
        "/%2Eenv",
        "/.git/config",
        "/%2egit/config",
        "/out.txt",
        "/%6fut.txt",
        "/folder/secret.txt",
        "/inner/",
        "/inner/index.html",
        "/plain.txt",
    ] {
        let (status, headers, body) = get(&app, path, "gzip").await;
        assert_eq!(status, 404, "{path}: {body}");
        assert_eq!(headers["content-type"], problem::CONTENT_TYPE, "{path}");
    }
    let (status, _, body) = get(&app, "/within.txt", "identity").await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "plain"));
}
