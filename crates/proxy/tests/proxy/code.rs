//! Code for a request, as the proxy makes it.

use axum::http::Request;
use serde_json::{json, Value};
use tieline_catalog::creations;
use tieline_catalog::operations::operations;
use tieline_code::Target;
use tieline_protocol::problem;

use crate::in_process::{bare_console, call, example, get, post, proxy, proxy_with};

fn asked(target: &str, parameters: &str) -> String {
    format!(r#"{{"target":"{target}","parameters":{parameters}}}"#)
}

/// Each request in work takes one place, and none as long as its body drips.
#[tokio::test]
async fn code_takes_one_place_once_its_body_is_there() {
    let app = proxy_with(|config| config.configuration.limits.concurrency = 1);
    let path = "/v1/CreateCen/code";
    let body = asked("curl", r#"{"Name":"test"}"#);
    let dripping = futures_util::stream::pending::<Result<&[u8], std::io::Error>>();
    let dripping = post(path, axum::body::Body::from_stream(dripping));
    let dripping = tokio::spawn(tower::ServiceExt::oneshot(app.clone(), dripping));
    tokio::task::yield_now().await;
    for _ in 0..2 {
        let answer = call(&app, post(path, body.clone())).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(call(&app, get(path)).await.status, 200);
    }
    dripping.abort();
}

#[tokio::test]
async fn every_operation_lists_its_targets() {
    let app = proxy();
    for op in operations() {
        let answer = call(&app, get(&format!("/v1/{}/code", op.name))).await;
        assert_eq!(answer.status, 200);
        let targets = answer.json()["targets"].clone();
        let names: Vec<&str> = targets
            .as_array()
            .expect("a list")
            .iter()
            .map(|listed| listed["target"].as_str().expect("a name"))
            .collect();
        assert_eq!(
            names,
            [
                "curl",
                "python",
                "typescript",
                "go",
                "java",
                "aliyun",
                "hcloud",
                "terraform"
            ]
        );
        // One of the two command lines is another vendor's.
        let other = targets.as_array().expect("a list").iter();
        let other: Vec<&Value> = other
            .filter(|listed| listed["unavailable"].is_object())
            .collect();
        assert!(!other.is_empty(), "{targets}");
    }
}

#[tokio::test]
async fn the_code_is_what_the_crate_makes_or_the_reason_why_there_is_none() {
    let app = proxy();
    let (mut made, mut refused) = (0, 0);
    for op in creations() {
        let listed = call(&app, get(&format!("/v1/{}/code", op.name)))
            .await
            .json();
        for target in Target::ALL {
            let body = asked(target.name(), &example(op));
            let answer = call(&app, post(&format!("/v1/{}/code", op.name), body)).await;
            let listed = listed["targets"].as_array().expect("a list").iter();
            let mut listed = listed.filter(|listed| listed["target"] == target.name());
            let listed = listed.next().expect("it is listed");
            if let Some(reason) = listed.get("unavailable") {
                let problem = answer.problem(&problem::NO_CODE);
                assert_eq!(&problem["message"], reason);
                refused += 1;
                continue;
            }
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
            assert!(answer.body.contains(op.name), "{}", answer.body);
            made += 1;
        }
    }
    assert!(
        made > 30 && refused > 5,
        "{made} were made, {refused} refused"
    );
}

#[tokio::test]
async fn wrong_parameters_are_refused_as_by_the_check() {
    let app = proxy();
    for (parameters, kind) in [
        (r#"{"Name":"http://x"}"#, &problem::RULES),
        (r#"{"Nam":"x"}"#, &problem::MALFORMED),
        (r#"{"Name":"a","Name":"b"}"#, &problem::MALFORMED),
        ("[]", &problem::MALFORMED),
    ] {
        let answer = call(
            &app,
            post("/v1/CreateCen/code", asked("python", parameters)),
        )
        .await;
        let refused = answer.problem(kind);
        let checked = call(&app, post("/v1/CreateCen/check", parameters.to_string()))
            .await
            .json();
        assert_eq!(refused["violations"], checked["violations"], "{parameters}");
    }
    let answer = call(
        &app,
        post(
            "/v1/CreateCen/code",
            asked("python", r#"{"Name":"a\u0000b"}"#),
        ),
    )
    .await;
    answer.problem(&problem::NO_CODE);
}

#[tokio::test]
async fn an_unknown_target_and_a_wrong_shape_are_said() {
    let app = proxy();
    let answer = call(&app, post("/v1/CreateCen/code", asked("perl", "{}"))).await;
    let said = answer.problem(&problem::UNKNOWN_TARGET);
    let said = said["detail"].as_str().expect("a text");
    assert!(
        Target::ALL
            .iter()
            .all(|target| said.contains(target.name())),
        "{said}"
    );
    for body in [
        "",
        "[]",
        "{}",
        r#"{"target":"curl"}"#,
        r#"{"parameters":{}}"#,
        r#"{"target":"curl","target":"go","parameters":{}}"#,
        r#"{"target":"curl","parameters":{},"more":1}"#,
        r#"{"target":"curl","parameters":{},"language":"de"}"#,
        r#"{"target":1,"parameters":{}}"#,
        r#"{"target":"curl","parameters":{},"id":null}"#,
        r#"{"target":"curl","parameters":{},"language":null}"#,
    ] {
        let answer = call(&app, post("/v1/CreateCen/code", body)).await;
        answer.problem(&problem::MALFORMED);
    }
}

#[tokio::test]
async fn curl_goes_to_the_address_under_which_the_proxy_was_asked() {
    let app = proxy_with(|config| {
        config.configuration.console = Some(bare_console("code-console"));
        config
            .configuration
            .allowed_hosts
            .push("tieline.example".into());
    });
    for (host, path, expected) in [
        ("127.0.0.1:8787", "", "http://127.0.0.1:8787/v1/CreateCen"),
        ("localhost", "/api", "http://localhost/api/v1/CreateCen"),
        (
            "tieline.example",
            "/api",
            "https://tieline.example/api/v1/CreateCen",
        ),
    ] {
        let request = Request::post(format!("{path}/v1/CreateCen/code"))
            .header("host", host)
            .header("content-type", "application/json")
            .body(asked("curl", "{}").into())
            .expect("a request");
        let answer = call(&app, request).await;
        assert!(
            answer.body.contains(&format!("'{expected}'")),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn the_comments_language_and_the_id_can_be_given() {
    let app = proxy();
    let body = json!({ "target": "terraform", "parameters": {}, "language": "zh", "id": "cen-1" });
    let answer = call(&app, post("/v1/CreateCen/code", body.to_string())).await;
    assert!(answer.body.contains("环境变量"), "{}", answer.body);
    assert!(answer.body.contains("import {") && answer.body.contains("\"cen-1\""));
}
