//! A sixth operation, `create_transit_router.rs`, in the check, the proxy with its sandbox, the API's
//! description and the page, none of which knows anything of it.
//!
//! `cargo xtask test sixth` adds it to a copy of the checkout as anybody adds an operation, with that
//! file and one line in the registry, and runs these tests there. Elsewhere they say so and do nothing.
#![cfg(not(target_family = "wasm"))]

#[allow(dead_code)]
#[path = "../browser/inputs.rs"]
mod inputs;
#[allow(dead_code)]
#[path = "../browser/page.rs"]
mod page;
#[allow(dead_code)]
#[path = "../browser/page_state.rs"]
mod page_state;

use std::time::Duration;

use serde_json::{json, Value};
use tieline_catalog::error_centre::explain;
use tieline_catalog::{check, find, Operation, Raw};

use crate::inputs::{count, created, fill, final_status, leaves, put, valid};
use crate::page::{journey, Named, Page, TestConfig};
use tieline_test_support::servers::{self, Program, Tools};
use tieline_test_support::webdriver::agent;

const TELEPHONE: &str = "+861055501234";

/// The operation, where it has been added.
fn sixth() -> Option<&'static Operation> {
    let op = find("CreateTransitRouter");
    if op.is_none() {
        let added = std::env::var_os("TIELINE_SIXTH").is_some();
        assert!(!added, "the operation was added and is not found");
        println!("skipped: `cargo xtask test sixth` adds a sixth operation to a copy");
    }
    op
}

/// Input in which two values do not fit each other, each allowed by itself.
fn misfit(op: &'static Operation) -> Raw {
    let mut raw = valid(op);
    assert!(raw.set("edition", "basic") && raw.set("bandwidth", "500"));
    raw
}

#[test]
fn the_check_explains_what_does_not_fit_in_both_languages() {
    let Some(op) = sixth() else { return };
    let violations = check(op, &misfit(op)).violations;
    assert_eq!(violations.len(), 1, "{violations:?}");
    let violation = &violations[0];
    assert_eq!(violation.rule, "edition-bandwidth");
    assert_eq!(violation.parameter, "bandwidth");
    assert_eq!(violation.also.as_deref(), Some("edition"));
    assert!(violation.message.en.contains("100 Mbit/s"), "{violation:?}");
    assert!(violation.message.zh.contains("100 Mbps"), "{violation:?}");
    assert!(violation.source.en.ends_with("line 28"), "{violation:?}");
    assert!(violation.source.zh.ends_with("第 28 行"), "{violation:?}");

    let mut raw = valid(op);
    for (path, text) in [
        ("bandwidth", "500"),
        ("attachments.2.network", "net-1"),
        ("attachments.2.weight", "11"),
        ("contact", "nobody"),
        ("region", "nowhere/evil"),
    ] {
        assert!(raw.set(path, text), "{path}");
    }
    let violations = check(op, &raw).violations;
    let mut paths: Vec<_> = violations.iter().map(|v| v.parameter.as_str()).collect();
    paths.dedup();
    let expected = [
        "region",
        "bandwidth",
        "attachments.2.network",
        "attachments.2.weight",
        "contact",
    ];
    assert_eq!(paths, expected);
}

/// A proxy with its sandbox.
struct Proxy {
    origin: String,
    _program: Program,
}

impl Proxy {
    fn start(flags: &[&str]) -> Proxy {
        let tools = Tools::from_env();
        let tools = tools.unwrap_or_else(|missing| panic!("{missing} is not set"));
        let (program, origin) = servers::proxy(&tools, "127.0.0.1:0", flags);
        Proxy {
            origin,
            _program: program,
        }
    }

    fn ask(&self, path: &str, key: &str, body: Option<&Value>) -> (u16, Value) {
        let agent = agent(Duration::from_secs(60));
        let url = format!("{}/api{path}", self.origin);
        let answer = match body {
            None => agent.get(&url).call(),
            Some(body) => agent
                .post(&url)
                .content_type("application/json")
                .header("idempotency-key", key)
                .send(body.to_string()),
        };
        let mut answer = answer.expect("the proxy answers");
        let text = answer.body_mut().read_to_string().expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (answer.status().as_u16(), body)
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.ask(path, "key-1", Some(body))
    }
}

fn body(op: &'static Operation, raw: &Raw) -> Value {
    check(op, raw).parsed.to_json()
}

#[test]
fn the_proxy_checks_shows_creates_and_reads_it_and_describes_it() {
    let Some(op) = sixth() else { return };
    let proxy = Proxy::start(&["--time-scale", "0"]);
    let mut raw = valid(op);
    raw.set("contact", TELEPHONE);
    let good = body(op, &raw);

    let (status, checked) = proxy.post("/v1/CreateTransitRouter/check", &body(op, &misfit(op)));
    assert_eq!(
        (status, &checked["violations"][0]["rule"]),
        (200, &json!("edition-bandwidth"))
    );
    let (status, refused) = proxy.post("/v1/CreateTransitRouter", &body(op, &misfit(op)));
    assert_eq!(status, 422, "{refused}");

    let (status, preview) = proxy.post("/v1/CreateTransitRouter/preview", &good);
    assert_eq!(status, 200, "{preview}");
    let url = preview["url"].as_str().expect("a URL");
    assert!(
        url.starts_with("https://tr.cn-north-4.myhuaweicloud.com/v1/"),
        "{url}"
    );
    let sent: Value =
        serde_json::from_str(preview["body"].as_str().expect("a body")).expect("JSON");
    assert_eq!(
        (&sent["region"], &sent["bandwidth"]),
        (&json!("cn-north-4"), &json!(50))
    );
    assert!(!preview.to_string().contains(TELEPHONE), "{preview}");

    let (status, made) = proxy.ask("/v1/CreateTransitRouter", "key-2", Some(&good));
    assert_eq!(status, 202, "{made}");
    assert_eq!(made["router"]["attachments"], good["attachments"]);
    let mut question = json!({ "id": made["router"]["id"], "in_region": good["region"],
        "project": good["project"] });
    let (status, read) = proxy.post("/v1/ShowTransitRouter", &question);
    assert_eq!(
        (status, &read["router"]["status"]),
        (200, &json!("Active")),
        "{read}"
    );
    question["in_region"] = json!("ap-southeast-3");
    let (status, elsewhere) = proxy.post("/v1/ShowTransitRouter", &question);
    assert_eq!(status, 404, "{elsewhere}");

    let (status, described) = proxy.ask("/openapi.json", "", None);
    assert_eq!(status, 200);
    let post = &described["paths"]["/v1/CreateTransitRouter"]["post"];
    let schema = &post["requestBody"]["content"]["application/json"]["schema"]["properties"];
    assert_eq!(schema["attachments"]["maxItems"], 3);
    assert_eq!(schema["bandwidth"]["maximum"], 10_000);
    assert_eq!(schema["contact"]["writeOnly"], true);
    assert!(post["responses"]["202"].is_object(), "{post}");

    // What an account needs follows from the tables alone, and so does what it is told without it.
    let (status, policy) = proxy.ask("/v1/CreateTransitRouter/policy", "", None);
    let expected: Value = serde_json::from_str(include_str!("policy.json")).expect("JSON");
    assert_eq!((status, &policy), (200, &expected));
    let denied = explain("TR.0403", None, Some(op));
    assert!(denied[0].advice.en.contains("`tr:transitRouters:create`"));

    // What no table has is no route.
    assert_eq!(proxy.post("/v1/DeleteTransitRouter", &good).0, 404);
}

#[test]
fn the_page_shows_checks_and_creates_it_and_its_status_settles() {
    let Some(op) = sixth() else { return };
    journey("sixth", TestConfig::default(), |page: &Page| {
        page.open("#/");
        page.click("link", Named::Has(op.title.en));
        page.find("heading", Named::Has(op.title.en));
        for (path, _) in leaves(op).iter().filter(|(path, _)| !path.contains(".1")) {
            page.control(path);
        }

        let wrong = misfit(op);
        fill(page, op, &wrong);
        page.click("button", "Create");
        page.focused("alert", "The request was not sent.");
        for path in ["edition", "bandwidth"] {
            assert!(page.invalid(path), "{path}");
        }
        assert!(page.description("bandwidth").contains("100 Mbit/s"));
        page.click("button", Named::Has("中文"));
        page.until("Chinese", || {
            Ok(page.description("bandwidth").contains("100 Mbps"))
        });
        page.shows(op.title.zh);
        page.click("button", Named::Has("English"));
        page.find("heading", Named::Has(op.title.en));
        assert_eq!(count(page, op, &wrong), 0);

        put(page, op, "edition", "premium");
        put(page, op, "contact", TELEPHONE);
        page.leave();
        page.until("the request", || {
            Ok(page.text().contains("tr.cn-north-4.myhuaweicloud.com"))
        });
        assert!(!page.text().contains(TELEPHONE), "{}", page.text());
        page.click("button", "Create");
        let id = created(page, op);
        assert_eq!(count(page, op, &wrong), 1);

        page.click("link", "See it in the history");
        let row = page.row(&[&id, "Created"]);
        assert!(row.contains(op.title.en), "{row}");
        page.row(&[&id, final_status(op)]);
        page.reload();
        page.row(&[&id, final_status(op)]);
        assert!(!page.storage().contains(TELEPHONE));
    });
}
