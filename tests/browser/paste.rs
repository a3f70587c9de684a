//! Paste to fill.

use serde_json::json;
use tieline_catalog::{check, creations, Operation, Raw};
use tieline_code::{generate, Context, Target};
use tieline_test_support::webdriver::key;

use crate::inputs::{count, name_path, put, valid};
use crate::page::{journey, Page, TestConfig};
use crate::walkthrough::speak;

/// Opens a form with the field for what is pasted.
fn unfold(page: &Page, op: &Operation) {
    page.open(&format!("#/create/{}", op.name));
    page.find("heading", "Request");
    page.fold("Paste to fill");
    page.find("textbox", "Text to read");
}

/// Puts a text into the field, as if it were typed at once.
pub fn read(page: &Page, text: &str) {
    let area = page.find("textbox", "Text to read");
    page.type_over(&area, text);
}

fn holds(page: &Page, op: &Operation, raw: &Raw) {
    for (path, text) in raw.leaves() {
        page.until(format!("{} {path} to hold {text:?}", op.name), || {
            Ok(page.value(&path) == text)
        });
    }
}

#[test]
fn what_the_code_pane_writes_fills_the_form_again() {
    journey("paste", TestConfig::default(), |page| {
        for (nth, op) in creations().enumerate() {
            unfold(page, op);
            let raw = valid(op);
            let parsed = check(op, &raw).parsed;
            let context = Context {
                proxy: &page.origin,
                ..Context::default()
            };
            // Each target with some operation; all of them with all are the crate's own tests.
            let written = Target::ALL.into_iter().cycle().skip(nth * 3).take(4);
            for target in written {
                let Ok(code) = generate(&parsed, target, &context) else {
                    continue;
                };
                println!("{} {}", op.name, target.name());
                page.click("button", "Clear");
                read(page, &code);
                page.shows("understood");
                assert_eq!(
                    page.value(&name_path(op)),
                    "",
                    "nothing is filled in unasked"
                );
                page.click("button", "Fill in");
                page.shows("Filled in.");
                if target == Target::Terraform {
                    let name = raw.get(&name_path(op)).expect("a name").to_string();
                    page.until("the name", || Ok(page.value(&name_path(op)) == name));
                } else {
                    holds(page, op, &raw);
                }
                page.click("button", "Undo");
                page.until("an empty form", || {
                    Ok(page.value(&name_path(op)).is_empty())
                });
            }
            assert_eq!(count(page, op, &raw), 0, "{}", op.name);
        }
    });
}

#[test]
fn what_is_pasted_is_filled_in_at_once_and_undone() {
    journey("paste-undo", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let name = name_path(op);
        unfold(page, op);
        put(page, op, &name, "mine");
        let text = format!("{{\"{name}\": \"theirs\", \"Color\": \"red\"}}");
        read(page, &text);
        page.shows("1 value understood, 1 not");
        page.shows("Color");
        page.shows("no parameter of this operation");
        // Cut out and pasted by keys.
        let area = page.find("textbox", "Text to read");
        page.done(
            page.browser()
                .keys(&area, &format!("{}\u{E009}x\u{E000}", key::ALL)),
        );
        page.until("no report", || {
            Ok(!page.text().contains("no parameter of this operation"))
        });
        assert_eq!(page.value(&name), "mine");
        page.done(page.browser().keys(&area, "\u{E009}v\u{E000}"));
        page.until("what was pasted", || Ok(page.value(&name) == "theirs"));
        page.shows("Filled in.");
        page.click("button", "Undo");
        page.until("what was there", || Ok(page.value(&name) == "mine"));

        speak(page, "zh-CN");
        page.find("textbox", "要识别的文本");
        page.shows("未识别");
        speak(page, "en");
        // Of another form, of none here, and of nothing.
        let other = creations().nth(1).expect("another");
        read_other(page, other, "theirs-too");
        page.shows("This is of another form");
        page.click("link", "Open its form with these values");
        page.until("the other form", || {
            Ok(page.value(&name_path(other)) == "theirs-too")
        });
        unfold(page, op);
        for (text, says) in [
            (
                "aliyun ecs RunInstances --ImageId x",
                "This is RunInstances",
            ),
            ("hello", "Nothing in it belongs to this form"),
            ("{\"a\":", "Nothing in it belongs to this form"),
        ] {
            read(page, text);
            page.shows(says);
            assert_eq!(page.value(&name), "mine");
        }
    });
}

/// A command that creates something else.
fn read_other(page: &Page, op: &'static Operation, name: &str) {
    let json = json!({ "operation": op.name, "values": { name_path(op): name } });
    read(page, &json.to_string());
}
