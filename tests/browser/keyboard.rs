//! The whole journey without a mouse.

use serde_json::{json, Value};
use tieline_catalog::{creations, Operation};

use crate::page::{journey, Page, World};
use crate::values::{created, name_path, valid};
use crate::webdriver::key;

/// What has the focus: role-like particulars, and whether one can see that it has it.
const FOCUS: &str = "
    const e = document.activeElement;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const label = e.labels && e.labels[0] ? getComputedStyle(e.labels[0]) : style;
    const ring = s => s.outlineStyle != 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow != 'none';
    return { name: e.name || '', type: e.type || '', tag: e.tagName, value: e.value || '', checked: !!e.checked,
      text: (e.innerText || e.getAttribute('aria-label') || '').trim(),
      ring: ring(style) || ring(label),
      covered: (() => { const top = document.elementFromPoint(
        Math.min(innerWidth - 2, Math.max(1, box.x + Math.min(box.width / 2, 20))),
        Math.min(innerHeight - 2, Math.max(1, box.y + box.height / 2)));
        return !(top && (e.contains(top) || top.contains(e) || (e.labels && Array.from(e.labels).some(l => l.contains(top))))); })(),
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };";

fn focus(page: &Page) -> Value {
    page.done(page.browser().run(FOCUS, json!([])))
}

/// Presses Tab until the focus is where it is wanted; every stop on the way must be visible.
#[track_caller]
fn tab_to(page: &Page, what: &str, wanted: impl Fn(&Value) -> bool) {
    for _ in 0..120 {
        page.done(page.browser().press(&[key::TAB]));
        let at = focus(page);
        if at["tag"] == "BODY" {
            continue;
        }
        assert!(at["inside"] == true, "the focus is out of sight on {at}");
        assert!(at["covered"] == false, "the focus is covered on {at}");
        assert!(at["ring"] == true, "the focus cannot be seen on {at}");
        if wanted(&at) {
            return;
        }
    }
    panic!("Tab does not reach {what}; it is on {}", focus(page));
}

fn type_text(page: &Page, text: &str) {
    let keys: Vec<String> = text.chars().map(String::from).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    page.done(page.browser().press(&keys));
}

/// Fills a form's present fields in the order of Tab.
fn fill_by_keyboard(page: &Page, op: &'static Operation) {
    for (path, text) in valid(op).leaves() {
        // A list starts empty here: its items are a button away, and optional.
        if path.contains(".1") || page.value(&path) == text {
            continue;
        }
        tab_to(page, &path, |at| at["name"] == json!(path));
        let at = focus(page);
        match at["type"].as_str().unwrap_or_default() {
            "radio" => {
                for _ in 0..12 {
                    page.done(page.browser().press(&[key::DOWN]));
                    let at = focus(page);
                    if at["value"] == json!(text) && at["checked"] == true {
                        break;
                    }
                }
            }
            "checkbox" => page.done(page.browser().press(&[key::SPACE])),
            // Typing picks an option.
            _ => type_text(page, text),
        }
        page.until(format!("{path} to hold {text:?}"), || {
            Ok(page.value(&path) == text)
        });
    }
}

#[test]
fn every_form_works_by_keyboard_alone() {
    journey("keyboard", World::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            page.open("#/");
            page.reload();
            tab_to(page, "the link to the operation", |at| {
                at["text"].as_str().is_some_and(|t| t.contains(op.name))
            });
            page.done(page.browser().press(&[key::ENTER]));
            page.find("button", "Create");
            fill_by_keyboard(page, op);
            // Enter in a field submits.
            let name = name_path(op);
            if page.focus() != name {
                page.done(page.browser().press(&[key::TAB]));
                tab_to_back(page, &name);
            }
            page.done(page.browser().press(&[key::ENTER]));
            let id = created(page, op);
            tab_to(page, "the way to the history", |at| {
                at["text"] == "See it in the history"
            });
            page.done(page.browser().press(&[key::ENTER]));
            page.row(&[&id]);
        }

        // In the history: arrow keys move, Enter opens, Escape closes and gives the focus back.
        let total = creations().count();
        page.until("all records", || Ok(page.rows().len() == total));
        let first = creations().last().expect("an operation").title.en;
        let second = creations()
            .nth(total - 2)
            .expect("a second operation")
            .title
            .en;
        tab_to(page, "the first record", |at| {
            at["tag"] == "BUTTON"
                && at["text"].as_str().is_some_and(|t| t.len() > 4)
                && focused_name(page).contains(first)
        });
        page.done(page.browser().press(&[key::DOWN]));
        page.until("the second record", || {
            Ok(focused_name(page).contains(second))
        });
        page.done(page.browser().press(&[key::ENTER]));
        page.find("button", "Close the details");
        page.shows("Idempotency key");
        page.done(page.browser().press(&[key::ESCAPE]));
        page.until("the focus back on the record", || {
            Ok(focused_name(page).contains(second))
        });
    });
}

fn focused_name(page: &Page) -> String {
    let active = page.done(page.browser().active());
    page.browser().name(&active).unwrap_or_default()
}

/// Presses Shift and Tab until the field has the focus.
#[track_caller]
fn tab_to_back(page: &Page, path: &str) {
    for _ in 0..60 {
        let back = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": [
            { "type": "keyDown", "value": key::SHIFT }, { "type": "keyDown", "value": key::TAB },
            { "type": "keyUp", "value": key::TAB }, { "type": "keyUp", "value": key::SHIFT } ] }] });
        page.done(page.browser().post("actions", &back));
        if page.focus() == path {
            return;
        }
    }
    panic!("Shift and Tab do not reach {path}");
}

/// The first Tab offers to skip to the content.
#[test]
fn the_way_to_the_content_can_be_skipped() {
    journey("skip", World::default(), |page| {
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.find("button", "Create");
        page.done(page.browser().press(&[key::TAB]));
        page.focused("link", "Skip to the content");
        page.done(page.browser().press(&[key::ENTER, key::TAB]));
        page.until("the focus in the form", || {
            let inside = "return document.activeElement.closest('main') != null";
            Ok(page.browser().run(inside, json!([]))? == json!(true))
        });
    });
}

/// Removing an item of a list leaves the focus in the list, at every position.
#[test]
fn a_list_keeps_the_focus_when_items_come_and_go() {
    journey("list-focus", World::default(), |page| {
        for op in creations() {
            for param in op.params {
                let tieline_catalog::Kind::List { max, .. } = param.kind else {
                    continue;
                };
                let label = param.label.en;
                page.open(&format!("#/create/{}", op.name));
                let first = crate::values::leaves(op)
                    .into_iter()
                    .find(|(path, _)| path.starts_with(&format!("{}.1", param.name)))
                    .expect("a field in an item")
                    .0;
                for item in 1..=max {
                    page.click("button", &*format!("Add: {label}"));
                    let path = first.replacen(".1", &format!(".{item}"), 1);
                    page.until(format!("the focus on {path}"), || Ok(page.focus() == path));
                }
                let add = page.find("button", &*format!("Add: {label}"));
                let disabled = page.done(page.browser().attribute(&add, "aria-disabled"));
                assert_eq!(disabled.as_deref(), Some("true"), "full at {max}");
                page.shows(&format!("The API takes at most {max}."));
                for _ in 0..max {
                    page.click("button", &*format!("Remove: {label} 1"));
                    page.until("the focus to stay in the list", || {
                        let inside = "const e = document.activeElement; return e != document.body && e.closest('form') != null";
                        Ok(page.browser().run(inside, json!([]))? == json!(true))
                    });
                }
            }
        }
    });
}
