use super::*;
use crate::operations::{creations, find};
use crate::refusal::advice_after_unknown;

/// Decodes for CreateCen and names the class, with the code or id.
fn class_of(status: u16, body: &str) -> String {
    let response = Response {
        status,
        body: body.to_string(),
        ..Response::default()
    };
    match decode(find("CreateCen").unwrap(), &response) {
        Answer::Created(created) => format!("created {}", created.id),
        Answer::Rejected(r) => format!("rejected {}", r.code),
        Answer::NotExecuted(r) => format!("not executed {}", r.code),
        Answer::Unknown(r) => format!("unknown {}", r.code),
    }
}

/// The whole matrix is that of `errors::meaning`; these are its ways through an answer.
#[test]
fn classes_follow_the_code_as_far_as_the_status_lets_them() {
    let coded = |code: &str| format!(r#"{{"Code":"{code}","Message":"m","RequestId":"R"}}"#);
    for (statuses, code, class) in [
        (
            &[200, 400, 403, 409, 429][..],
            "Throttling.User",
            "not executed",
        ),
        (&[503, 504, 408], "Throttling.User", "unknown"),
        (&[200, 400, 403, 409], "InvalidTagValue", "rejected"),
        (
            &[500, 503, 504, 408, 302, 101],
            "InvalidTagValue",
            "unknown",
        ),
        (&[400, 403, 404], "Forbidden.RAM", "rejected"),
        (&[200, 408, 409, 500, 503], "Forbidden.RAM", "unknown"),
        (&[408], "RequestTimeout", "unknown"),
        (&[409], "Conflict.InProcess", "unknown"),
        (&[504], "InvalidGatewayResponse", "unknown"),
        (&[400, 409, 503], "ServiceUnavailable", "unknown"),
        (&[200, 400, 409], "IdempotentProcessing", "unknown"),
        (&[400, 403, 429, 500], "New.Code", "unknown"),
        (&[429], "", "unknown"),
    ] {
        for status in statuses {
            assert_eq!(
                class_of(*status, &coded(code)),
                format!("{class} {code}"),
                "{status}"
            );
        }
    }
}

#[test]
fn what_is_told_of_an_unknown_outcome_never_says_that_nothing_was_created() {
    for op in creations() {
        for (status, code) in [
            (503, "Throttling.User"),
            (503, "InvalidName"),
            (503, "MissingRegionId"),
            (409, "InvalidName.Other"),
            (400, "New.Code"),
            (503, "ServiceUnavailable"),
            (400, "IdempotentProcessing"),
        ] {
            let response = Response {
                status,
                body: format!(r#"{{"Code":"{code}","Message":"m"}}"#),
                ..Response::default()
            };
            let Answer::Unknown(refusal) = decode(op, &response) else {
                panic!("{} {status} {code}", op.name)
            };
            assert_eq!(refusal.advice, advice_after_unknown(op), "{status} {code}");
            assert_eq!(refusal.parameter, None, "{status} {code}");
            assert!(!refusal.explanation.en.contains("Nothing was created"));
            assert!(!refusal.explanation.zh.contains("未创建任何资源"));
        }
    }
}

#[test]
fn error_bodies_of_every_shape() {
    assert_eq!(
        class_of(400, "<?xml version='1.0'?><Error><RequestId>R</RequestId><HostId>h</HostId><Code>InvalidParameter</Code><Message>a &lt; b</Message></Error>"),
        "rejected InvalidParameter"
    );
    for body in [
        r#"{"error_code":"APIGW.0301","error_msg":"m","request_id":"r"}"#,
        r#"{"errorCode":"APIGW.0301","errorMsg":"m"}"#,
        r#"{"code":"APIGW.0301","message":"m"}"#,
        r#"{"error":{"code":"APIGW.0301","message":"m"}}"#,
    ] {
        assert_eq!(class_of(401, body), "rejected APIGW.0301", "{body}");
    }
}

#[test]
fn answers_that_say_nothing_leave_the_outcome_unknown() {
    let huge = format!(r#"{{"CenId":"{}"}}"#, "x".repeat(MAX_BODY));
    let deep = format!("{}{}", "<a>".repeat(5_000), "</a>".repeat(5_000));
    let nested = "[".repeat(100_000);
    for body in [
        "",
        "   ",
        "{}",
        "[]",
        "null",
        "7",
        r#"{"CenId":""}"#,
        r#"{"CenId":null}"#,
        r#"{"CenId":{"a":1}}"#,
        r#"{"CenId":"cen-1""#,
        "<html><body>Sign in</body></html>",
        "<!DOCTYPE html><title>x</title>",
        "<a><b></a>",
        "<a",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a><CenId>&x;</CenId></a>",
        "<a><CenId>&nbsp;</CenId></a>",
        r#"{"CenId":" "}"#,
        "<a><CenId> </CenId></a>",
        "{\"CenId\":\"\u{200b}\"}",
        r#"{"CenId":"-"}"#,
        r#"{"CenId":"null"}"#,
        r#"{"CenId":false}"#,
        huge.as_str(),
        deep.as_str(),
        nested.as_str(),
    ] {
        for status in [200, 201, 302, 404, 429, 500, 502, 504] {
            let shown: String = body.chars().take(40).collect();
            assert_eq!(class_of(status, body), "unknown ", "{status} {shown}");
        }
    }
}

#[test]
fn an_id_is_never_dropped_whatever_stands_beside_it() {
    let json = r#"{"CenId":"cen-1","RequestId":"R"}"#;
    let xml = "<CreateCenResponse><CenId>cen-1</CenId></CreateCenResponse>";
    for status in [200, 201, 302, 404, 429, 500, 502, 504] {
        for body in [json, xml] {
            assert_eq!(class_of(status, body), "created cen-1", "{status} {body}");
        }
    }
    for code in [
        "InternalError",
        "Throttling.User",
        "InvalidTagValue",
        "New.Code",
    ] {
        let json = format!(r#"{{"CenId":"cen-1","Code":"{code}"}}"#);
        let xml = format!("<Error><Code>{code}</Code><CenId>cen-1</CenId></Error>");
        for status in [101, 200, 302, 400, 403, 408, 409, 429, 500, 503] {
            for body in [&json, &xml] {
                assert_eq!(class_of(status, body), "created cen-1", "{status} {body}");
            }
        }
    }
}

#[test]
fn created_in_json_and_xml() {
    let json = "\u{feff}{\"CenId\":\"cen-1\",\"RequestId\":\"R\"}";
    assert_eq!(class_of(200, json), "created cen-1");
    let xml = "<CreateCenResponse><CenId>cen-1</CenId><RequestId>R</RequestId></CreateCenResponse>";
    assert_eq!(class_of(200, xml), "created cen-1");
}

#[test]
fn reads_in_json_and_xml() {
    let op = find("DescribeCens").unwrap();
    let read = |status, body: &str| {
        decode_read(
            op,
            &Response {
                status,
                body: body.into(),
                ..Response::default()
            },
        )
    };
    let one = |found: Found| match found {
        Found::Items(items) => items
            .into_iter()
            .map(|i| format!("{} {}", i.id, i.status.unwrap_or_default()))
            .collect::<Vec<_>>(),
        Found::Refused(refusal) => vec![format!("refused {}", refusal.code)],
    };
    assert_eq!(
        one(read(
            200,
            r#"{"Cens":{"Cen":[{"CenId":"a","Status":"Active"},{"CenId":"b","Status":"Creating"}]}}"#
        )),
        ["a Active", "b Creating"]
    );
    assert_eq!(
        one(read(
            200,
            "<R><Cens><Cen><CenId>a</CenId><Status>Active</Status></Cen></Cens></R>"
        )),
        ["a Active"]
    );
    assert_eq!(
        one(read(
            200,
            "<R><Cens><Cen><CenId>a</CenId></Cen><Cen><CenId>b</CenId></Cen></Cens></R>"
        )),
        ["a ", "b "]
    );
    assert!(one(read(200, "<R><Cens/></R>")).is_empty());
    assert!(one(read(200, r#"{"Cens":{"Cen":[]}}"#)).is_empty());
    assert!(one(read(200, r#"{"Cens":{}}"#)).is_empty());
    assert_eq!(one(read(200, "{}")), ["refused "]);
    // What cannot be read is no proof that there is none.
    for body in [
        r#"{"Cens":7}"#,
        r#"{"Cens":"sign in"}"#,
        r#"{"Cens":{"Cen":7}}"#,
        r#"{"Cens":{"Other":[{"CenId":"a"}]}}"#,
        r#"{"Cens":{"Cen":[{"CenId":"a"},{"Name":"b"}]}}"#,
        r#"{"Cens":{"Cen":[7]}}"#,
    ] {
        assert_eq!(one(read(200, body)), ["refused "], "{body}");
    }
    assert_eq!(
        one(read(400, r#"{"Code":"Throttling","Message":""}"#)),
        ["refused Throttling"]
    );
    let show = find("ShowCloudConnection").unwrap();
    let gone = Response {
        status: 404,
        body: r#"{"error_code":"X","error_msg":"gone"}"#.into(),
        ..Response::default()
    };
    assert_eq!(decode_read(show, &gone), Found::Items(vec![]));
    // A 404 of something else says nothing about the resource.
    for body in [
        "",
        "<html>404 Not Found</html>",
        "{}",
        r#"{"error_code":"APIGW.0101","error_msg":"The API does not exist"}"#,
        r#"{"Code":"InvalidAccessKeyId.NotFound","Message":"The key was deleted"}"#,
        r#"{"Code":"InvalidAction.NotFound","Message":"No such API"}"#,
        r#"{"Code":"InvalidRegionId.NotFound","Message":"No such region"}"#,
        r#"{"Code":"Forbidden.RAM","Message":"Not allowed"}"#,
    ] {
        let stranger = Response {
            body: body.into(),
            ..gone.clone()
        };
        let found = decode_read(show, &stranger);
        assert!(matches!(found, Found::Refused(_)), "{body}: {found:?}");
    }
}

#[test]
fn advice_after_an_unknown_outcome_depends_on_the_token() {
    for op in creations() {
        let advice = advice_after_unknown(op).en;
        match op.token {
            Some(token) => assert!(advice.contains(&format!("same {token}"))),
            None => assert!(advice.contains("Look the resource up")),
        }
    }
}
