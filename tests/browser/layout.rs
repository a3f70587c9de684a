//! Narrow windows.

use serde_json::json;
use tieline_catalog::creations;

use crate::page::{journey, Named, Page, TestConfig};
use crate::values::{created, distinguish, fill, send, valid, wrong};

#[track_caller]
pub fn fits(page: &Page, place: &str) {
    // What sticks out, to be named.
    let script = "
        const width = innerWidth;
        if (document.scrollingElement.scrollWidth <= width) return [];
        const out = Array.from(document.body.querySelectorAll('*'))
            .filter(e => e.getBoundingClientRect().right > width + 1 && e.checkVisibility())
            .map(e => e.outerHTML.slice(0, 120));
        return ['' + document.scrollingElement.scrollWidth].concat(out.slice(0, 6));";
    let out = page.done(page.browser().run(script, json!([])));
    assert_eq!(out, json!([]), "{place} is wider than the window");
}

fn narrow(page: &Page, width: u32) {
    sized(page, width, 844);
}

/// Gives the window this size in CSS pixels.
pub fn sized(page: &Page, width: u32, height: u32) {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    page.done(
        page.browser()
            .devtools("Emulation.setDeviceMetricsOverride", size),
    );
}

#[test]
fn a_phone_shows_every_page_without_scrolling_sideways() {
    journey("narrow", TestConfig::default(), |page| {
        for width in [390, 320] {
            narrow(page, width);
            for place in ["#/", "#/settings", "#/history", "#/nowhere/at/all"] {
                page.open(place);
                page.find("heading", Named::Any);
                fits(page, &format!("{place} at {width}"));
            }
            for op in creations() {
                let place = format!("{} at {width}", op.name);
                page.open(&format!("#/create/{}", op.name));
                page.find("button", "Create");
                fits(page, &place);
                fill(page, op, &valid(op));
                for (path, text) in wrong(op) {
                    crate::values::put(page, op, &path, &text);
                }
                page.click("button", "Create");
                page.focused("alert", "The request was not sent.");
                fits(page, &format!("{place} with errors"));
                let mut raw = valid(op);
                distinguish(op, &mut raw, width as usize);
                page.click("button", "Clear");
                send(page, op, &raw);
                created(page, op);
                fits(page, &format!("{place} with an answer"));
            }
            page.open("#/history");
            page.row(&["Created"]);
            fits(page, &format!("the history at {width}"));
            let op = creations().last().expect("an operation");
            page.click("button", Named::Has(op.title.en));
            page.find("button", "Close the details");
            page.shows("Idempotency key");
            fits(page, &format!("details at {width}"));
        }
    });
}

/// The way to the operations folds on a phone and unfolds by its button.
#[test]
fn the_way_to_the_operations_unfolds_on_a_phone() {
    journey("narrow-nav", TestConfig::default(), |page| {
        narrow(page, 390);
        page.open("#/");
        let op = creations().next().expect("an operation");
        page.click("button", "Operations");
        page.find("searchbox", "Search");
        fits(page, "the open navigation");
        page.click("link", Named::Has(op.name));
        page.find("button", "Create");
        page.until("the navigation to fold", || {
            Ok(!page.has("searchbox", "Search"))
        });
    });
}

/// A window that is turned or made wider with a record open: what the details cover takes no focus,
/// and what they do not cover takes it again.
#[test]
fn the_list_behind_the_details_follows_the_width() {
    journey("turned", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        send(page, op, &valid(op));
        created(page, op);
        page.open("#/history");
        page.click("button", Named::Has(op.title.en));
        page.shows("Idempotency key");
        for (width, covered) in [(390, true), (1400, false), (900, true), (1400, false)] {
            sized(page, width, 844);
            page.until(format!("covered at {width}: {covered}"), || {
                let inert = "return document.querySelector('[inert]') != null";
                Ok(page.browser().run(inert, json!([]))? == json!(covered))
            });
        }
    });
}
