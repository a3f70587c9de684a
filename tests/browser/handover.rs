//! A form handed over and kept: as a link, as a file, as a preset. Opening one fills the form and sends nothing.

use serde_json::json;
use tieline_catalog::{creations, Operation, Raw};
use tieline_test_support::webdriver::Element;

use crate::inputs::{count, fill, name_path, private, put, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;

fn form(page: &Page, op: &Operation) {
    page.open(&format!("#/create/{}", op.name));
    page.find("button", "Create");
    page.find("heading", "Request");
}

/// Unfolds what hands a form over.
fn unfold(page: &Page) {
    page.fold("Hand over and keep");
    page.find("button", "Download a file");
}

/// What the button copies.
fn copied(page: &Page, button: &str) -> String {
    // Without a permission a browser that nobody looks at copies nothing.
    let catch =
        "window.__copied = ''; Object.defineProperty(navigator, 'clipboard', { configurable: true,
        value: { writeText: async text => { window.__copied = text } } })";
    page.done(page.browser().run(catch, json!([])));
    page.click("button", button);
    page.wait("something copied", || {
        let text = page.browser().run("return window.__copied", json!([]))?;
        Ok(text
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_string))
    })
}

#[track_caller]
fn holds(page: &Page, op: &Operation, raw: &Raw, but: &[(String, String)]) {
    for (path, text) in raw.leaves() {
        if op.token == Some(&*path) {
            continue;
        }
        let gone = but.iter().any(|(private, _)| *private == path);
        let text = if gone { "" } else { text };
        page.until(format!("{} {path} to hold {text:?}", op.name), || {
            Ok(page.value(&path) == text)
        });
    }
}

fn address(page: &Page) -> String {
    let url = page.done(page.browser().get("url"));
    url.as_str().unwrap_or_default().to_string()
}

#[test]
fn a_link_fills_the_form_and_sends_nothing() {
    journey("handover-link", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let (raw, secrets) = private(op);
            form(page, op);
            fill(page, op, &raw);
            unfold(page);
            let link = copied(page, "Copy a link");
            let place = format!("{}/#/create/{}?", page.origin, op.name);
            assert!(link.starts_with(&place), "{link}");
            for (path, secret) in &secrets {
                for secret in [
                    secret.clone(),
                    tieline_catalog::wire::percent_encode(secret),
                ] {
                    assert!(!link.contains(&secret), "{path} in {link}");
                }
            }
            assert!(!link.contains("Token="), "{link}");
            page.click("button", "Clear");
            let hash = link
                .split_once('/')
                .and_then(|(_, rest)| rest.split_once("/#"));
            let (_, hash) = hash.expect("a fragment");

            // As somebody else opens it: on a page that is not there yet.
            page.open("#/settings");
            page.open(&format!("#{hash}"));
            page.shows("Filled in.");
            holds(page, op, &raw, &secrets);
            assert!(!address(page).contains('?'), "{}", address(page));
            page.reload();
            holds(page, op, &raw, &secrets);
            assert!(!page.has("region", "From a link"));

            // Over what is there only when that is wanted, and back again.
            put(page, op, &name_path(op), "mine");
            page.open(&format!("#{hash}"));
            page.shows("The form holds input already");
            assert_eq!(page.value(&name_path(op)), "mine");
            page.click("button", "Fill in");
            holds(page, op, &raw, &secrets);
            page.click("button", "Undo");
            page.until(
                "what was there",
                || Ok(page.value(&name_path(op)) == "mine"),
            );
            speak(page, "zh-CN");
            page.find("region", "来自链接");
            page.shows("已撤销。");
            page.click("button", "关闭");
            speak(page, "en");
            assert_eq!(count(page, op, &raw), 0, "{}", op.name);
            page.click("button", "Clear");
        }
    });
}

#[test]
fn a_hostile_link_says_so_and_changes_nothing() {
    journey("handover-hostile", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let name = name_path(op);
        form(page, op);
        put(page, op, &name, "mine");
        let long = "x".repeat(200_001);
        for (query, says) in [
            (
                "Nothing=1&__proto__=2",
                "Nothing in it belongs to this form",
            ),
            ("%ff%00=%ff&=&&&", "Nothing in it belongs to this form"),
            (
                "endpoint=https://example.com&token=a",
                "Nothing in it belongs to this form",
            ),
            (
                "Tag.99999999.Key=a&Name.1.x=y",
                "Nothing in it belongs to this form",
            ),
            (&long, "This cannot be read: it is too long"),
            (
                "<img src=x onerror=alert(1)>=1",
                "Nothing in it belongs to this form",
            ),
        ] {
            page.open(&format!("#/create/{}?{query}", op.name));
            page.shows(says);
            assert_eq!(page.value(&name), "mine", "{query}");
            page.click("button", "Close");
            page.until("no message", || Ok(!page.text().contains(says)));
        }
        // What is understood of it is offered, and the rest is named.
        let mixed = format!("{name}=<b>theirs</b>&Nothing=1");
        page.open(&format!("#/create/{}?{mixed}", op.name));
        page.shows("1 value understood, 1 not");
        page.fold("What the link brings");
        page.shows("no parameter of this operation");
        page.click("button", "Fill in");
        page.until("their name", || Ok(page.value(&name) == "<b>theirs</b>"));
        assert_eq!(count(page, op, &valid(op)), 0);
    });
}

#[test]
fn a_file_is_written_and_read_and_holds_nothing_private() {
    journey("handover-file", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let (raw, secrets) = private(op);
            form(page, op);
            fill(page, op, &raw);
            unfold(page);
            page.click("button", "Download a file");
            let name = format!("{}.tieline.json", op.name);
            let text = page.saved(&name);
            let path = page.downloads().join(name);
            for (path, secret) in &secrets {
                assert!(!text.contains(secret.as_str()), "{path} in {text}");
            }
            page.click("button", "Clear");
            open(page, &path);
            page.shows("Filled in.");
            holds(page, op, &raw, &secrets);

            let bad = page.downloads().join("bad.json");
            for content in [
                "",
                "{",
                "\u{0}\u{1}",
                "{\"operation\":\"Nope\",\"values\":{}}",
                &"[".repeat(250_000),
            ] {
                std::fs::write(&bad, content).expect("a file");
                open(page, &bad);
                page.shows("The form is as it was.");
                holds(page, op, &raw, &secrets);
            }
            assert_eq!(count(page, op, &raw), 0, "{}", op.name);
            page.click("button", "Clear");
        }
    });
}

/// Gives the page a file, whose field is not shown: a button stands for it.
fn open(page: &Page, path: &std::path::Path) {
    page.find("button", "Open a file");
    let find = "return document.querySelector('.wire-pane input[type=file]')";
    let field = page.done(page.browser().run(find, json!([])));
    let field = Element::of(&field).expect("a field for a file");
    page.done(page.browser().keys(&field, &path.display().to_string()));
}

#[test]
fn presets_are_kept_used_deleted_and_hold_nothing_private() {
    journey("handover-presets", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let (raw, secrets) = private(op);
            form(page, op);
            fill(page, op, &raw);
            unfold(page);
            page.shows("None is kept yet.");
            page.click("button", "Keep as a preset");
            page.shows("Give it a name first.");
            let name = page.find("textbox", "Name of the preset");
            page.type_over(&name, "测试 & test");
            page.click("button", "Keep as a preset");
            page.shows("Kept: 测试 & test");
            let stored = page.storage();
            for (path, secret) in &secrets {
                for secret in [
                    secret.clone(),
                    tieline_catalog::wire::percent_encode(secret),
                ] {
                    assert!(!stored.contains(&secret), "{path} is stored");
                }
            }
            page.click("button", "Clear");
            page.reload();
            page.find("heading", "Request");
            unfold(page);
            page.click("button", "Fill in: 测试 & test");
            holds(page, op, &raw, &secrets);
            page.click("button", "Undo");
            page.until("an empty form", || {
                Ok(page.value(&name_path(op)).is_empty())
            });
            page.click("button", "Delete: 测试 & test");
            page.shows("Deleted: 测试 & test");
            page.click("button", "Undo");
            page.find("button", "Delete: 测试 & test");
            speak(page, "zh-CN");
            page.find("button", Named::Is("填入表单：测试 & test"));
            page.click("button", "删除：测试 & test");
            page.shows("已删除：测试 & test");
            speak(page, "en");
            assert_eq!(count(page, op, &raw), 0, "{}", op.name);
        }
    });
}
