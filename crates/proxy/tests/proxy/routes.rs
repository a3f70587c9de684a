//! The routes of the API: what they answer.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use serde_json::{json, Value};
use tieline_catalog::model::{Action, Control};
use tieline_catalog::operations::{creations, operations};
use tieline_protocol::problem;
use tieline_proxy::{app, SharedSandbox, Upstream, SANDBOX_ACCOUNT_ID, VERSION};
use tieline_sandbox::Settings;

use crate::in_process::{call, config, example, get, post, proxy};

#[tokio::test]
async fn health_tells_who_it_is() {
    let answer = call(&proxy(), get("/healthz")).await;
    let expected = json!({
        "name": "tieline-proxy",
        "version": VERSION,
        "mode": "sandbox",
        "credentials": { "alibaba": true, "huawei": true },
        "profiles": [{ "name": "default", "alibaba": true, "huawei": true }],
    });
    assert_eq!(answer.json(), expected);
}

#[tokio::test]
async fn every_creation_goes_through_and_its_answer_is_relayed() {
    let app = proxy();
    for op in creations() {
        let answer = call(&app, post(&format!("/v1/{}", op.name), example(op))).await;
        assert_eq!(
            answer.status.as_u16(),
            op.response().status,
            "{}",
            answer.body
        );
        assert_eq!(answer.header("tieline-relayed"), "1");
        let path = format!("/{}", op.response().id.replace('.', "/"));
        let body = answer.json();
        assert!(body.pointer(&path).is_some_and(Value::is_string), "{body}");
    }
}

#[tokio::test]
async fn a_read_needs_no_key_and_a_creation_exactly_one() {
    let app = proxy();
    for op in operations().filter(|op| op.action == Action::Create) {
        let path = format!("/v1/{}", op.name);
        let long = "k".repeat(256);
        for keys in [
            vec![],
            vec![""],
            vec!["a b"],
            vec!["é"],
            vec![&long],
            vec!["a", "b"],
        ] {
            let mut request = Request::post(&path).header("content-type", "application/json");
            for key in &keys {
                request = request.header("idempotency-key", *key);
            }
            let request = request.body(Body::from(example(op))).expect("a request");
            let answer = call(&app, request).await;
            answer.problem(&problem::IDEMPOTENCY_KEY);
        }
    }
    let request = Request::post("/v1/DescribeCens")
        .header("content-type", "application/json")
        .body(Body::from("{}"))
        .expect("a request");
    let answer = call(&app, request).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["TotalCount"], 0);
}

#[tokio::test]
async fn a_key_of_255_characters_is_taken() {
    let request = Request::post("/v1/CreateCen")
        .header("content-type", "Application/JSON; charset=utf-8")
        .header("idempotency-key", "~".repeat(255))
        .body(Body::from("{}"))
        .expect("a request");
    assert_eq!(call(&proxy(), request).await.status, 200);
}

#[tokio::test]
async fn a_check_reports_without_sending() {
    let app = proxy();
    let body = r#"{"Name":"http://x","Tag":[{"Key":"a","Value":""},{"Key":"a"}]}"#;
    let answer = call(&app, post("/v1/CreateCen/check", body)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.parameters(), ["Name", "Tag.2.Key", "Tag.2.Value"]);
    let violation = &answer.json()["violations"][0];
    for member in ["rule", "severity", "source"] {
        assert!(violation[member].is_string(), "{violation}");
    }
    assert!(violation["message"]["en"].is_string() && violation["message"]["zh"].is_string());
    let answer = call(&app, post("/v1/CreateCen/check", "{}")).await;
    assert_eq!(answer.json(), json!({ "violations": [] }));
    let list = call(&app, post("/v1/DescribeCens", "{}")).await;
    assert_eq!(list.json()["TotalCount"], 0);
}

#[tokio::test]
async fn a_preview_shows_the_request_and_masks_what_is_private() {
    let app = proxy();
    let body = r#"{"Name":"a b","Tag":[{"Key":"k","Value":""}]}"#;
    let answer = call(&app, post("/v1/CreateCen/preview", body)).await.json();
    assert_eq!(answer["method"], "POST");
    assert_eq!(
        answer["url"],
        "https://cbn.aliyuncs.com/?Name=a%20b&Tag.1.Key=k&Tag.1.Value="
    );
    assert_eq!(answer["headers"]["x-acs-action"], "CreateCen");
    assert_eq!(answer["body"], "");
    let body = r#"{"domain_id":"d","X-Auth-Token":"s3cr3t","cloud_connection":{"name":"n"}}"#;
    let answer = call(&app, post("/v1/CreateCloudConnection/preview", body)).await;
    assert!(!answer.body.contains("s3cr3t"), "{}", answer.body);
    assert_eq!(
        answer.json()["body"],
        r#"{"cloud_connection":{"name":"n"}}"#
    );
    let answer = call(&app, post("/v1/CreateCen/preview", r#"{"Name":"http://"}"#)).await;
    answer.problem(&problem::RULES);
}

#[tokio::test]
async fn a_wrong_shape_is_400_and_names_everything() {
    let app = proxy();
    for suffix in ["", "/check", "/preview"] {
        let path = format!("/v1/CreateCen{suffix}");
        for (body, parameters) in [
            ("", vec![""]),
            ("[]", vec![""]),
            ("{\"Name\":", vec![""]),
            ("{} {}", vec![""]),
            (r#"{"Nam":"x","Name":1}"#, vec!["Nam", "Name"]),
            (r#"{"Name":"a","Name":"b"}"#, vec!["Name"]),
            (r#"{"Tag":[{"Key":"a","Key":"b"}]}"#, vec!["Tag.1.Key"]),
            (r#"{"Tag":{"Key":"a"}}"#, vec!["Tag"]),
            (r#"{"Name":null}"#, vec!["Name"]),
        ] {
            let answer = call(&app, post(&path, body)).await;
            answer.problem(&problem::MALFORMED);
            assert_eq!(answer.parameters(), parameters, "{body}");
        }
        let answer = call(&app, post(&path, vec![b'{', 0xff, b'}'])).await;
        answer.problem(&problem::MALFORMED);
    }
}

#[tokio::test]
async fn a_whole_number_may_be_written_with_a_point() {
    let app = proxy();
    for (size, status) in [("2", 200), ("2.0", 200), ("2.5", 400), ("1e300", 400)] {
        let body = format!(r#"{{"PageSize":{size}}}"#);
        let answer = call(&app, post("/v1/DescribeCens", body)).await;
        assert_eq!(answer.status, status, "{size}: {}", answer.body);
    }
}

#[tokio::test]
async fn broken_rules_are_422_with_all_violations_and_nothing_is_sent() {
    let app = proxy();
    let body = r#"{"Name":"http://x","ProtectionLevel":"FULL"}"#;
    let answer = call(&app, post("/v1/CreateCen", body)).await;
    answer.problem(&problem::RULES);
    assert_eq!(answer.parameters(), ["Name", "ProtectionLevel"]);
    let list = call(&app, post("/v1/DescribeCens", "{}")).await;
    assert_eq!(list.json()["TotalCount"], 0);
}

#[tokio::test]
async fn the_proxy_fills_the_account_in_unless_the_request_names_one() {
    for op in creations() {
        let Some(param) = op.params.iter().find(|p| p.control == Control::Account) else {
            continue;
        };
        let mut body: Value = serde_json::from_str(&example(op)).expect("JSON");
        let path = format!("/v1/{}/preview", op.name);
        for (given, expected) in [
            (json!("abc123"), "abc123"),
            (json!(""), SANDBOX_ACCOUNT_ID),
            (Value::Null, SANDBOX_ACCOUNT_ID),
        ] {
            // A cloud of its own: a value may be taken in the account.
            let app = proxy();
            body[param.name] = given;
            if body[param.name].is_null() {
                body.as_object_mut().expect("an object").remove(param.name);
            }
            let answer = call(&app, post(&path, body.to_string())).await;
            let url = answer.json()["url"].to_string();
            assert!(url.contains(&format!("/{expected}/")), "{url}");
            let sent = call(&app, post(&format!("/v1/{}", op.name), body.to_string())).await;
            assert_eq!(sent.status.as_u16(), op.response().status, "{}", sent.body);
        }
    }
}

#[tokio::test]
async fn only_a_profile_that_exists_can_be_chosen() {
    let mut config = config(Settings::default());
    let profiles = &mut config.configuration.profiles;
    profiles.insert("second".to_string(), Default::default());
    let sandbox = SharedSandbox::new(Settings::default());
    config.upstream = Upstream::sandbox(sandbox, &config.configuration);
    let app = app(config);
    let choose = |names: &[&str]| {
        let mut request = post("/v1/DescribeCens", "{}");
        for name in names {
            let name = name.parse().expect("a header");
            request.headers_mut().append("tieline-profile", name);
        }
        request
    };
    for names in [&[][..], &["default"], &["second"]] {
        assert_eq!(call(&app, choose(names)).await.status, 200, "{names:?}");
    }
    for names in [&["third"][..], &[""], &["default", "second"], &["Second"]] {
        let answer = call(&app, choose(names)).await;
        let body = answer.problem(&problem::UNKNOWN_PROFILE);
        let detail = body["detail"].to_string();
        assert!(detail.contains("default, second"), "{detail}");
    }
}

#[tokio::test]
async fn a_warning_stops_nothing() {
    let body = r#"{"RegionId":"cn-shanghai","IpAddress":"127.0.0.1"}"#;
    let app = proxy();
    let checked = call(&app, post("/v1/CreateCustomerGateway/check", body)).await;
    assert_eq!(checked.json()["violations"][0]["severity"], "warning");
    let sent = call(&app, post("/v1/CreateCustomerGateway", body)).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
}

#[tokio::test]
async fn the_clouds_own_refusal_is_relayed_unchanged() {
    let app = app(config(Settings {
        quota: Some(0),
        ..Settings::default()
    }));
    let answer = call(
        &app,
        post("/v1/CreateCloudConnectNetwork", r#"{"IsDefault":false}"#),
    )
    .await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("tieline-relayed"), "1");
    assert_eq!(answer.json()["Code"], "CcnAmountLimit");
    let answer = call(&app, post("/v1/CreateCen", r#"{"Name":"fault-html"}"#)).await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("tieline-relayed"), "1");
}

#[tokio::test]
async fn a_lost_or_late_answer_is_an_unknown_outcome() {
    let lost = r#"{"Name":"fault-lost","ClientToken":"t"}"#;
    let app_ = proxy();
    let answer = call(&app_, post("/v1/CreateCen", lost)).await;
    let body = answer.problem(&problem::OUTCOME_UNKNOWN);
    assert!(
        body["detail"]
            .as_str()
            .is_some_and(|d| d.contains("ClientToken")),
        "{body}"
    );
    assert_eq!(call(&app_, post("/v1/CreateCen", lost)).await.status, 200);
    let mut config = config(Settings::default());
    let sandbox = SharedSandbox::new(Settings::default());
    config.upstream =
        Upstream::sandbox(sandbox, &config.configuration).with_timeout(Duration::from_millis(20));
    let slow = app(config);
    let answer = call(&slow, post("/v1/CreateCen", r#"{"Name":"fault-slow"}"#)).await;
    answer.problem(&problem::OUTCOME_UNKNOWN_TIMEOUT);
    let list = call(&slow, post("/v1/DescribeCens", "{}")).await;
    assert_eq!(
        list.json()["TotalCount"],
        1,
        "the late answer's resource exists"
    );
}
