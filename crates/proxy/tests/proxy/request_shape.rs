//! What a request has to be: method, path, type, encoding, length, origin.

use axum::body::Body;
use axum::http::{Method, Request};
use tieline_protocol::problem;
use tieline_proxy::app;
use tieline_proxy::config::Origin;
use tieline_sandbox::Settings;

use crate::in_process::{call, config, get, post, proxy};

#[tokio::test]
async fn methods_and_paths_that_are_not_there() {
    let app = proxy();
    for (path, allow) in [
        ("/v1/CreateCen", "POST"),
        ("/v1/CreateCen/check", "POST"),
        ("/v1/CreateCen/preview", "POST"),
        ("/v1/CreateCen/code", "GET, HEAD, POST"),
        ("/v1/CreateCen/policy", "GET, HEAD"),
        ("/healthz", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
    ] {
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
        ] {
            if allow.contains(method.as_str()) {
                continue;
            }
            let request = Request::builder().method(&method).uri(path);
            let answer = call(&app, request.body(Body::empty()).expect("a request")).await;
            answer.problem(&problem::METHOD);
            assert_eq!(answer.header("allow"), allow, "{method} {path}");
        }
    }
    for path in [
        "/v1/Nothing",
        "/v1/createcen",
        "/v1/%FF",
        "/v1/Nothing/check",
        "/v1/Nothing/code",
        "/v1/Nothing/policy",
    ] {
        for request in [get(path), post(path, "{}")] {
            call(&app, request)
                .await
                .problem(&problem::UNKNOWN_OPERATION);
        }
    }
    for path in [
        "/",
        "/v1",
        "/v1/CreateCen/",
        "/v1/CreateCen/send",
        "/v2/CreateCen",
        "/api/healthz",
    ] {
        for request in [get(path), post(path, "{}")] {
            call(&app, request).await.problem(&problem::NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn the_body_has_a_type_and_a_limit() {
    let app = proxy();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "",
    ] {
        let request = Request::post("/v1/CreateCen").header("content-type", kind);
        let request = request
            .header("idempotency-key", "k")
            .body(Body::from("{}"));
        let answer = call(&app, request.expect("a request")).await;
        answer.problem(&problem::MEDIA_TYPE);
    }
    let sized = |length: usize| {
        let empty = r#"{"Name":""}"#.len();
        format!(r#"{{"Name":"{}"}}"#, "x".repeat(length - empty))
    };
    let limit = 256 * 1024;
    let answer = call(&app, post("/v1/CreateCen", sized(limit))).await;
    answer.problem(&problem::RULES);
    for length in [limit + 1, 9 << 20] {
        let answer = call(&app, post("/v1/CreateCen", sized(length))).await;
        answer.problem(&problem::TOO_LARGE);
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_refused_with_its_place() {
    let app = proxy();
    for route in ["", "/check", "/preview", "/code"] {
        for (body, offset) in [
            (&b"{\"Name\":\"\xff\"}"[..], 9),
            (b"{\"Name\":\"\xe7\xbd\x91\xe7\xbd\"}", 12),
            (b"{\"Name\":\"\xed\xa0\x80\"}", 9),
            (b"{\"Name\":\"a\"}\xc2", 12),
            (b"\xff\xfe{\0}\0", 0),
        ] {
            let answer = call(&app, post(&format!("/v1/CreateCen{route}"), body.to_vec())).await;
            let problem = answer.problem(&problem::MALFORMED);
            for lang in ["en", "zh"] {
                let said = problem["message"][lang].as_str().expect("a text");
                assert!(said.contains(&format!(" {offset} ")), "{said}");
                assert!(said.contains("UTF-8"), "{said}");
            }
        }
    }
    let list = call(&app, post("/v1/DescribeCens", "{}")).await;
    assert_eq!(list.json()["TotalCount"], 0, "something was created");
}

#[tokio::test]
async fn json_has_no_other_charset_than_utf_8() {
    let app = proxy();
    for (parameters, taken) in [
        ("", true),
        ("; charset=utf-8", true),
        (";charset=UTF-8", true),
        ("; charset=\"Utf-8\"", true),
        ("; Charset=utf-8", true),
        ("; profile=x; charset=utf-8", true),
        (";", true),
        (" ; charset=utf-8", true),
        ("; charset=utf-8;", true),
        (" ", true),
        ("; charset=gbk", false),
        ("; charset=\"GB18030\"", false),
        ("; CHARSET=iso-8859-1", false),
        ("; charset=utf-16", false),
        ("; charset=\"\"", false),
        ("; profile=x; charset=gbk", false),
        ("; charset=utf-8; charset=gbk", false),
    ] {
        for route in ["", "/check", "/preview"] {
            let mut request = post(&format!("/v1/CreateCen{route}"), "{}");
            let kind = format!("Application/JSON{parameters}");
            let headers = request.headers_mut();
            headers.insert("content-type", kind.parse().expect("ASCII"));
            let answer = call(&app, request).await;
            if taken {
                assert_eq!(answer.status, 200, "{kind}: {}", answer.body);
                continue;
            }
            let problem = answer.problem(&problem::MEDIA_TYPE);
            let said = problem["detail"].as_str().expect("a text");
            assert!(said.contains("charset"), "{said}");
        }
    }
}

#[tokio::test]
async fn only_pages_of_this_machine_and_of_the_list_come_in() {
    let mut config = config(Settings::default());
    let portal = Origin::parse("https://portal.example").expect("an origin");
    config.configuration.allowed_origins.push(portal);
    let app = app(config);
    for origin in [
        "http://127.0.0.1:8080",
        "http://localhost:5173",
        "https://portal.example",
    ] {
        let request = Request::options("/v1/CreateCen")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-type,idempotency-key",
            );
        let answer = call(&app, request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        assert_eq!(
            answer.header("access-control-allow-headers"),
            "authorization, content-type, idempotency-key, tieline-mode, tieline-profile"
        );
        assert_eq!(answer.header("vary"), "origin");
        let mut request = post("/v1/CreateCen", "{}");
        request
            .headers_mut()
            .insert("origin", origin.parse().expect("ASCII"));
        let answer = call(&app, request).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
    }
    for origin in ["https://evil.example", "null", "http://portal.example"] {
        for mut request in [get("/healthz"), post("/v1/CreateCen", "{}")] {
            request
                .headers_mut()
                .insert("origin", origin.parse().expect("ASCII"));
            let answer = call(&app, request).await;
            answer.problem(&problem::ORIGIN);
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
    let answer = call(&app, get("/healthz")).await;
    assert_eq!(answer.header("vary"), "origin");
}

/// What is meant for a sandbox reaches no cloud, whatever the proxy has become since somebody looked.
#[tokio::test]
async fn a_request_for_the_other_mode_sends_nothing() {
    let app = proxy();
    let create = |mode: &[&str], name: &str| {
        let mut request = Request::post("/v1/CreateCen")
            .header("content-type", "application/json")
            .header("idempotency-key", name);
        for mode in mode {
            request = request.header("tieline-mode", *mode);
        }
        let body = format!("{{\"Name\":\"{name}\"}}");
        request.body(Body::from(body)).expect("a request")
    };
    for odd in [&["live"][..], &["Sandbox"], &[""], &["sandbox", "live"]] {
        let answer = call(&app, create(odd, "refused")).await;
        answer.problem(&problem::OTHER_MODE);
    }
    for (right, name) in [(&["sandbox"][..], "one"), (&[], "two")] {
        assert_eq!(call(&app, create(right, name)).await.status, 200);
    }
    let read = call(&app, post("/v1/DescribeCens", "{}")).await;
    assert!(read.body.contains("\"TotalCount\":2"), "{}", read.body);
}
