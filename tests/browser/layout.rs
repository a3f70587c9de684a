//! Narrow windows.

use serde_json::json;
use tieline_catalog::creations;

use crate::inputs::{created, distinguish, fill, send, valid, wrong};
use crate::page::{journey, Named, Page, TestConfig};

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
                    crate::inputs::put(page, op, &path, &text);
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

/// Texts of several lines whose last has a single letter, of those that are nothing but text.
const ORPHANS: &str = "
    const out = [];
    for (const e of document.querySelectorAll('main :is(p, li, dd)')) {
      const node = e.firstChild;
      if (e.childNodes.length != 1 || node.nodeType != 3 || !e.checkVisibility()) continue;
      if (getComputedStyle(e).clipPath != 'none') continue;
      const range = document.createRange(), ends = [];
      for (let i = 0; i < node.data.length; i++) {
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        ends.push(range.getBoundingClientRect().bottom);
      }
      const last = Math.max(...ends);
      const tail = Array.from(node.data).filter((c, i) => ends[i] > last - 4 && /[\\p{L}\\p{N}]/u.test(c));
      if (last - Math.min(...ends) > 4 && tail.length == 1) out.push(node.data);
    }
    return out";

#[test]
fn no_text_ends_with_a_line_of_one_character() {
    journey("orphans", TestConfig::default(), |page| {
        let pages = ["#/", "#/settings", "#/history", "#/permissions"].map(str::to_string);
        let forms = creations().map(|op| format!("#/create/{}", op.name));
        for place in pages.into_iter().chain(forms) {
            page.open(&place);
            // The styles of how texts break come with the second part.
            page.find("button", Named::Has("Go to or do"));
            page.find("heading", Named::Any);
            crate::walkthrough::speak(page, "zh-CN");
            for width in [390, 360, 1400] {
                narrow(page, width);
                let orphans = page.done(page.browser().run(ORPHANS, json!([])));
                assert_eq!(orphans, json!([]), "{place} at {width}");
            }
            crate::walkthrough::speak(page, "en");
        }
    });
}

/// The palette, and where requests go, are in sight on a phone, in a bar of one line.
#[test]
fn a_phone_has_a_way_to_the_palette_and_says_where_requests_go() {
    journey("narrow-top", TestConfig::default(), |page| {
        narrow(page, 390);
        for lang in ["en", "zh-CN"] {
            page.open("#/");
            crate::walkthrough::speak(page, lang);
            let (palette, sandbox) = match lang {
                "en" => ("Go to or do…", "SANDBOX"),
                _ => ("跳转或执行…", "沙箱"),
            };
            page.until(format!("{sandbox} in sight"), || {
                let seen = "const e = document.querySelector('.top .reality');
                    return e?.checkVisibility() && e.textContent == arguments[0]";
                Ok(page.browser().run(seen, json!([sandbox]))? == json!(true))
            });
            let height = "return document.querySelector('header').offsetHeight";
            let height = page.done(page.browser().run(height, json!([])));
            assert!(
                height.as_f64().is_some_and(|px| px < 70.0),
                "{height} in {lang}"
            );
            fits(page, &format!("the bar in {lang}"));
            page.click("button", palette);
            page.find("combobox", palette);
            fits(page, &format!("the palette in {lang}"));
            let op = creations().next().expect("an operation");
            page.click("option", Named::Has(op.name));
            page.until("the form", || {
                let place = page.browser().run("return location.hash", json!([]))?;
                Ok(place == json!(format!("#/create/{}", op.name)))
            });
        }
        crate::walkthrough::speak(page, "en");
        // Between a phone and a desk neither the account nor the region push anything out.
        page.open("#/settings");
        page.type_into("region", "cn-wulanchabu-finance-and-more");
        page.leave();
        for width in [600, 700, 800, 1000, 1400] {
            narrow(page, width);
            page.find("link", Named::Has("cn-wulanchabu-finance-and-more"));
            fits(page, &format!("a long region at {width}"));
        }
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
