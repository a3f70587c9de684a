//! The part of the page that is loaded when it is needed, and what happens when it cannot be.

use serde_json::{json, Value};
use tieline_catalog::creations;

use crate::holding::lift_before;
use crate::inputs::{created, fill, valid};
use crate::page::{journey, Named, Page, TestConfig};

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

/// How long the second file may take before who waits for it is told, in milliseconds.
const LOADING_MS: u32 = 20_000;

/// Holds back whatever asks for the second file, for as long as it takes, or lets it go on.
pub fn delay(page: &Page, delayed: bool) {
    let (method, params) = match delayed {
        true => (
            "Fetch.enable",
            json!({ "patterns": [{ "urlPattern": LATER }] }),
        ),
        false => ("Fetch.disable", json!({})),
    };
    if delayed {
        lift_before(page, LOADING_MS);
    }
    page.done(page.browser().devtools(method, params));
}

#[test]
fn the_module_is_asked_for_first_and_the_rest_when_the_browser_is_idle() {
    journey("later", TestConfig::default(), |page| {
        page.open("#/");
        assert!(divided(page), "the journeys need a release page");
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.reload();
        let script = "return performance.getEntriesByType('resource').map(e => \
            [e.name.replace(/-[0-9a-f]{16}/, '').split('/').pop(), e.startTime, e.responseEnd])";
        let loaded = || {
            let found = page.done(page.browser().run(script, json!([])));
            let found = found.as_array().cloned().unwrap_or_default();
            let entry = |e: &Value| {
                let name = e[0].as_str().unwrap_or_default().to_string();
                (
                    name,
                    e[1].as_f64().unwrap_or(0.0),
                    e[2].as_f64().unwrap_or(0.0),
                )
            };
            found.iter().map(entry).collect::<Vec<_>>()
        };
        let of = |ending: &str| {
            let found = loaded().into_iter();
            found
                .filter(|(name, ..)| name.ends_with(ending))
                .collect::<Vec<_>>()
        };
        // Nothing is touched.
        page.until("the second part", || Ok(!of("_later.wasm").is_empty()));
        page.find("heading", "Request");
        let first = of("_bg.wasm");
        assert_eq!(loaded()[0].0, first[0].0, "{:?}", loaded());
        let later = of("_later.wasm");
        assert_eq!((first.len(), later.len()), (1, 1), "{:?}", loaded());
        assert!(later[0].1 > first[0].2, "{:?}", loaded());
        let sheets = of(".css")
            .into_iter()
            .filter(|(_, start, _)| *start < later[0].1 - 1.0);
        assert_eq!(sheets.count(), 1, "{:?}", loaded());
        // An untouched page loads it once, and so does a touched one.
        fill(page, op, &valid(op));
        assert_eq!(of("_later.wasm").len(), 1);
        let inline = "return [...document.scripts].filter(s => !s.src).length \
            + document.querySelectorAll('style').length";
        assert_eq!(page.done(page.browser().run(inline, json!([]))), json!(0));
    });
}

#[test]
fn before_the_second_part_a_form_takes_input_and_says_nothing_untrue() {
    journey("early", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        delay(page, true);
        page.open(&format!("#/create/{}", op.name));
        let path = crate::inputs::name_path(op);
        page.type_into(&path, "http://no name begins so");
        page.leave();
        page.find("link", "Connection: Checking…");
        for untrue in [
            "Proxy ready",
            "Error:",
            "Nothing has been sent",
            "nothing sent",
        ] {
            assert!(!page.text().contains(untrue), "{untrue}: {}", page.text());
        }
        assert!(!page.has("heading", "Request") && !page.has("alert", Named::Any));
        let invalid =
            "return document.querySelectorAll('[aria-invalid], [data-state=error]').length";
        assert_eq!(page.done(page.browser().run(invalid, json!([]))), json!(0));
        page.click("button", "Create");
        page.find("button", "Loading…");
        delay(page, false);
        page.focused("alert", "The request was not sent.");
        page.find("button", "Create");
        page.find("heading", "Request");
        page.find("link", Named::Has("Proxy ready"));
        assert_eq!(page.value(&path), "http://no name begins so");
        fill(page, op, &valid(op));
        page.click("button", "Create");
        created(page, op);
    });
}

#[test]
fn a_submit_before_the_second_part_is_sent_when_it_comes() {
    journey("early-submit", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        delay(page, true);
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &valid(op));
        page.click("button", "Create");
        page.find("button", "Loading…");
        delay(page, false);
        created(page, op);
    });
}

#[test]
fn without_the_second_part_nothing_is_sent_and_nothing_lost() {
    journey("withheld", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        page.allow("_later.wasm");
        withhold(page, true);
        page.open(&format!("#/create/{}", op.name));
        page.find("link", "Connection: Not checked");
        fill(page, op, &valid(op));
        page.click("button", "Create");
        page.shows(
            "A part of this page could not be loaded. Nothing was sent and nothing is lost.",
        );
        let path = crate::inputs::name_path(op);
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
