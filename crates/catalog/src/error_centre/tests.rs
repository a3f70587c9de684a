use super::*;
use crate::answer::{decode, Answer};
use proptest::prelude::*;

#[test]
fn every_code_of_the_tables_is_listed_with_its_words_and_its_consequence() {
    let all = all();
    let own: usize = creations().map(|op| op.errors().len()).sum();
    let expected = own + COMMON.len() + FAMILIES.len() + errors::WITHOUT_CODE.len();
    assert_eq!(all.len(), expected);
    for e in &all {
        for text in [&e.explanation, &e.advice, &e.consequence().message()] {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{}", e.code);
        }
        assert_eq!(e.title.is_none(), e.entry.is_some(), "{}", e.code);
        if let Some(entry) = e.entry {
            assert_eq!(e.class, entry.class, "{}", e.code);
            assert!(e.source().is_some_and(|said| !said.en.is_empty()));
        }
    }
}

#[test]
fn every_place_leads_back_to_what_it_is_of() {
    for e in all() {
        let place = e.place();
        let (op, code) = read_place(&place);
        assert_eq!((op, code), (e.operation, e.code.as_str()));
        let again = explain(code, None, op);
        assert_eq!(again.len(), 1, "{place}");
        assert_eq!(again[0].explanation, e.explanation, "{place}");
        assert_eq!(again[0].class, e.class, "{place}");
    }
    let op = creations().next().expect("an operation");
    for strange in ["", "a b", "李雷", "../x", "a?b=c", &"x".repeat(101)] {
        assert_eq!(place(Some(op), strange), "", "{strange}");
    }
}

/// What the page says of an answer and what the centre says of its place are the same words.
#[test]
fn an_answer_and_its_place_say_the_same() {
    for op in creations() {
        let mut codes: Vec<(&str, u16)> = op.errors().iter().map(|e| (e.code, e.http)).collect();
        codes.extend([
            ("Throttling.User", 400),
            ("Forbidden.RAM", 403),
            ("APIGW.0301", 401),
        ]);
        for (code, status) in codes {
            let body = format!(r#"{{"Code":"{code}","Message":"m","RequestId":"r"}}"#);
            let response = Response {
                status,
                body,
                ..Response::default()
            };
            let (Answer::Rejected(refusal)
            | Answer::NotExecuted(refusal)
            | Answer::Unknown(refusal)) = decode(op, &response)
            else {
                panic!("{code} is no creation");
            };
            let place = place_of(op, &refusal);
            let (of, code) = read_place(&place);
            let explained = explain(code, None, of);
            assert_eq!(explained[0].explanation, refusal.explanation, "{place}");
            assert_eq!(explained[0].advice, refusal.advice, "{place}");
        }
        for (body, status) in [
            ("", 502),
            ("<html></html>", 200),
            ("{}", 200),
            ("?", 200),
            ("{}", 429),
        ] {
            let response = Response {
                status,
                body: body.into(),
                ..Response::default()
            };
            let (Answer::NotExecuted(refusal) | Answer::Unknown(refusal)) = decode(op, &response)
            else {
                panic!("{body}");
            };
            let place = place_of(op, &refusal);
            let (of, code) = read_place(&place);
            assert_eq!(
                explain(code, None, of)[0].explanation,
                refusal.explanation,
                "{place}"
            );
        }
    }
}

#[test]
fn a_pasted_answer_is_read_in_either_format_with_what_stands_before_it() {
    let xml = "<?xml version='1.0'?><Error><RequestId>R-1</RequestId><HostId>vpc.cn-shanghai.aliyuncs.com</HostId><Code>InvalidName</Code><Message>The name is not valid</Message></Error>";
    let json = r#"{"RequestId":"R-1","HostId":"vpc.cn-shanghai.aliyuncs.com","Code":"InvalidName","Message":"The name is not valid"}"#;
    for body in [xml, json] {
        for (head, status) in [
            ("", None),
            ("400 application/json\n\n", Some(400)),
            // Any other number is none.
            ("request 4711 failed after 512 ms: ", None),
            ("2026-11-26 status code: 400, body: ", Some(400)),
            ("StatusCode: 400\nbody: ", Some(400)),
            (
                "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/xml\r\n\r\n",
                Some(503),
            ),
        ] {
            let Asked::Answer(error, found) = read(&format!("  {head}{body}\n")) else {
                panic!("{head}{body}");
            };
            assert_eq!(found, status);
            assert_eq!(
                (error.code.as_str(), error.request_id.as_deref()),
                ("InvalidName", Some("R-1"))
            );
            let explained = explain_error(&error, status);
            assert!(!explained.is_empty());
            for e in explained {
                // The host tells of which product's operations it is.
                let service = e.operation.expect("in a table").service;
                assert!(service
                    .regional_host
                    .is_some_and(|host| host.starts_with("vpc.")));
                let doubtful = status == Some(503);
                assert_eq!(e.class == ErrorClass::Unknown, doubtful);
            }
        }
    }
    let nested = r#"{"error":{"error_code":"APIGW.0308","error_msg":"slow"}}"#;
    let Asked::Answer(error, _) = read(nested) else {
        panic!();
    };
    assert_eq!(
        explain_error(&error, None)[0].class,
        ErrorClass::NotExecuted
    );
    assert_eq!(read("{\"CenId\":\"cen-1\"}"), Asked::Unreadable);
    assert_eq!(read(" \n"), Asked::Nothing);
    assert_eq!(read("Throttling"), Asked::Words("Throttling".into()));
}

#[test]
fn codes_are_found_by_name_by_words_and_in_a_tool_s_line() {
    let codes = |words: &str| -> Vec<String> { find(words).into_iter().map(|e| e.code).collect() };
    for e in all() {
        let found = find(&e.code.to_ascii_lowercase());
        assert!(
            !found.is_empty() && found.iter().all(|f| f.code == e.code),
            "{}",
            e.code
        );
        let explanation = find(&e.explanation.zh);
        assert!(explanation.iter().any(|f| f.code == e.code), "{}", e.code);
    }
    let line = "ERROR: SDK.ServerError\nErrorCode: Throttling.User\nRequestId: 1815-ABC\nMessage: Request was denied";
    assert_eq!(codes(line), ["Throttling*"]);
    assert_eq!(codes("nothing of the kind"), Vec::<String>::new());
    assert!(codes("quota").len() > 1);
    // A whole log is read no longer than a line of it, and each word once.
    let log = "Throttling.User Throttling.Api nothing-known-0 ".repeat(100);
    assert_eq!(codes(&log), ["Throttling*"]);
}

proptest! {
    #[test]
    fn any_text_is_read_and_looked_for_without_a_panic(text in any::<String>()) {
        match read(&text) {
            Asked::Answer(error, status) => prop_assert!(!explain_error(&error, status).is_empty()),
            Asked::Words(words) => drop(find(&words)),
            Asked::Nothing | Asked::Unreadable => {}
        }
        prop_assert!(!explain(&text, None, None).is_empty());
        let place = place(None, &text);
        let (op, code) = read_place(&place);
        prop_assert_eq!((op, code), (None, place.as_str()));
    }
}
