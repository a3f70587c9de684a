//! The part of the page that is loaded when it is needed, and what happens when it cannot be.

use serde_json::json;
use tieline_catalog::creations;

use crate::page::{journey, Page, TestConfig};
use crate::values::{created, fill, valid};

/// The second file of a release page; other builds have one only.
const LATER: &str = "*_later.wasm";

/// Lets the browser refuse to load the second file, or load it again.
fn withhold(page: &Page, withheld: bool) {
    let urls = if withheld { json!([LATER]) } else { json!([]) };
    page.done(page.browser().devtools("Network.enable", json!({})));
    page.done(
        page.browser()
            .devtools("Network.setBlockedURLs", json!({ "urls": urls })),
    );
}

fn divided(page: &Page) -> bool {
    let script = "return document.querySelector('link[rel=later][href$=\".wasm\"]') !== null";
    page.done(page.browser().run(script, json!([]))) == json!(true)
}

#[test]
fn a_first_visit_does_not_load_what_is_needed_later() {
    journey("later", TestConfig::default(), |page| {
        page.open("#/");
        assert!(divided(page), "the journeys need a release page");
        let script = "return performance.getEntriesByType('resource').map(e => e.name).join()";
        let loaded = || page.done(page.browser().run(script, json!([]))).to_string();
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.control(&crate::values::name_path(op));
        assert!(!loaded().contains("_later"), "{}", loaded());
        fill(page, op, &valid(op));
        page.until("the second part", || Ok(loaded().contains("_later.wasm")));
    });
}

#[test]
fn without_the_second_part_nothing_is_sent_and_nothing_lost() {
    journey("withheld", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.allow("_later.wasm");
        withhold(page, true);
        fill(page, op, &valid(op));
        page.click("button", "Create");
        page.shows(
            "A part of this page could not be loaded. Nothing was sent and nothing is lost.",
        );
        let path = crate::values::name_path(op);
        assert_eq!(Some(page.value(&path).as_str()), valid(op).get(&path));
        page.click("link", "History");
        page.shows("A part of this page could not be loaded.");
        withhold(page, false);
        page.click("button", "Check again");
        page.shows("Nothing has been sent yet");
        page.open(&format!("#/create/{}", op.name));
        page.click("button", "Create");
        created(page, op);
    });
}
