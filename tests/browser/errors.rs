//! The error centre: found by code, from an answer, by an answer that is pasted, by a request id.

use serde_json::{json, Value};
use tieline_catalog::creations;
use tieline_catalog::error_centre::{all, explain};

use crate::inputs::{distinguish, fill, name_path, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;

/// The codes that are listed, as the page has them.
fn listed(page: &Page) -> Vec<String> {
    let script = "return Array.from(document.querySelectorAll('summary'), e =>
        (e.querySelector('code') ?? e.querySelector('b') ?? e).textContent)";
    let codes = page.done(page.browser().run(script, json!([])));
    let codes = codes.as_array().into_iter().flatten();
    codes
        .filter_map(Value::as_str)
        .map(str::to_string)
        .collect()
}

/// Asks for something, and waits until only these codes are listed.
#[track_caller]
fn ask(page: &Page, field: &str, text: &str, codes: &[&str]) {
    let field = page.find("textbox", field);
    page.type_over(&field, text);
    page.until(format!("{codes:?} for {text:?}"), || {
        Ok(listed(page) == codes)
    });
}

/// The value beside the word of the first entry that is unfolded.
fn said(page: &Page, word: &str) -> String {
    let script = "const terms = Array.from(document.querySelectorAll('details[open] dt'));
        const term = terms.find(e => e.textContent == arguments[0]);
        return term ? term.nextElementSibling.textContent : ''";
    let text = page.done(page.browser().run(script, json!([word])));
    text.as_str().unwrap_or_default().to_string()
}

#[test]
fn every_code_is_listed_and_found_in_both_languages() {
    journey("errors", TestConfig::default(), |page| {
        page.open("#/");
        page.click("link", "Error centre");
        page.find("heading", "Error centre");
        page.until("every code", || Ok(listed(page).len() == all().len()));
        let names = listed(page);
        for explained in all() {
            let name = explained
                .title
                .map_or(explained.code, |title| title.en.into());
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
        for op in creations() {
            let list = op.error_list().expect("every document refers to one");
            let link = format!("a[href='{}'][rel~=noopener]", list.url);
            let script = "return document.querySelectorAll(arguments[0]).length";
            assert_ne!(
                page.done(page.browser().run(script, json!([link]))),
                json!(0)
            );
        }

        const ASK: &str = "Error code, whole error answer, or request ID";
        ask(page, ASK, "throttling.user", &["Throttling*"]);
        assert_eq!(
            said(page, "Created?"),
            "Nothing was created. The same request can be sent again."
        );
        // What announces how many there are is the same element as before.
        let region = "const e = document.querySelector('.codes div[role=status]');
            const same = e.known === true;
            e.known = true;
            return same";
        page.done(page.browser().run(region, json!([])));
        ask(page, ASK, "no such code anywhere", &[]);
        assert_eq!(
            page.done(page.browser().run(region, json!([]))),
            json!(true)
        );
        page.shows("No error code and no record of the history matches.");
        for (body, consequence) in [
            (r#"{"error_code":"APIGW.0308","error_msg":"slow","request_id":"r1"}"#, "Nothing was created. The same request can be sent again."),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n<Error><Code>ServiceUnavailable</Code><Message>no</Message></Error>", "It is not known whether anything was created."),
        ] {
            let code = if body.contains("APIGW") { "APIGW.0308" } else { "ServiceUnavailable" };
            ask(page, ASK, body, &[code]);
            page.shows("Read from the answer");
            assert_eq!(said(page, "Created?"), consequence);
        }
        let field = page.find("textbox", ASK);
        page.type_over(&field, "{\"CenId\": ");
        page.shows("it carries no error code that can be read");

        speak(page, "zh-CN");
        page.find("heading", "错误中心");
        page.shows("其中没有可读取的错误码");
        ask(
            page,
            "错误码、完整的错误响应或请求 ID",
            "throttling.user",
            &["Throttling*"],
        );
        assert_eq!(
            said(page, "是否已创建"),
            "未创建任何资源。可以重新发送同一请求。"
        );
        ask(
            page,
            "错误码、完整的错误响应或请求 ID",
            "限流",
            &["Throttling*", "Rejected.Throttling", "APIGW.0308"],
        );
        // Nothing of it is left anywhere.
        assert!(!page.storage().contains("限流"));
    });
}

#[test]
fn an_answer_leads_to_its_meaning_and_its_request_id_back_to_the_record() {
    journey("errors-answer", TestConfig::default(), |page| {
        for (nth, op) in creations().enumerate() {
            let mut raw = valid(op);
            distinguish(op, &mut raw, nth);
            for (fault, class) in [
                ("fault-forbidden", "Rejected"),
                ("fault-html", "Outcome unknown"),
            ] {
                assert!(raw.set(&name_path(op), fault));
                page.open(&format!("#/create/{}", op.name));
                page.find("button", "Create");
                page.click("button", "Clear");
                fill(page, op, &raw);
                page.click("button", "Create");
                page.find("heading", Named::Has(class));
                let request = said_beside(page, "Request ID");
                let code = said_beside(page, "Code");
                page.click("link", "What it means");
                page.find("heading", "Error centre");
                page.until("its own code", || Ok(listed(page).len() == 1));
                if class == "Rejected" {
                    let code = code.split_whitespace().next().expect("a code").to_string();
                    let explained = &explain(&code, None, Some(op))[0];
                    assert_eq!(listed(page), [code.as_str()]);
                    assert_eq!(said(page, "Created?"), "Nothing was created.");
                    assert_eq!(said(page, "Operation"), op.title.en);
                    let action = tieline_catalog::policy::grant(op).action;
                    assert!(said(page, "What to do").contains(&action), "{action}");
                    assert!(said(page, "Meaning and cause") == explained.explanation.en);
                    let field = page.find("textbox", Named::Has("Error code"));
                    page.type_over(&field, &request);
                    page.find("heading", "In the history");
                    page.until("the record's code", || Ok(listed(page) == [code.as_str()]));
                    page.click("link", Named::Has("fault-forbidden"));
                    page.shows("Idempotency key");
                    assert!(page.text().contains(&request), "{request}");
                    // And back, by the record's code.
                    page.click("link", Named::Is(&code));
                    page.until("the code", || Ok(listed(page) == [code.as_str()]));
                } else {
                    assert_eq!(
                        said(page, "Created?"),
                        "It is not known whether anything was created."
                    );
                    page.click("link", "All error codes");
                    page.until("every code", || Ok(listed(page).len() == all().len()));
                }
            }
        }
    });
}

/// The value beside a word of the answer.
fn said_beside(page: &Page, word: &str) -> String {
    let script = "const terms = Array.from(document.querySelectorAll('dt'));
        const term = terms.find(e => e.textContent == arguments[0]);
        return term ? term.nextElementSibling.textContent : ''";
    let text = page.done(page.browser().run(script, json!([word])));
    text.as_str().unwrap_or_default().to_string()
}
