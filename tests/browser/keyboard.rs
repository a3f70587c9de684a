//! The whole journey without a mouse.

use serde_json::{json, Value};
use tieline_catalog::{creations, Operation};

use crate::inputs::{created, name_path, valid};
use crate::page::{journey, Page, TestConfig};
use tieline_test_support::webdriver::key;

/// What has the focus: role-like particulars, whether it is in sight, and what the focus was on
/// before if that looks now as it did with the focus.
const FOCUS: &str = "
    const e = document.activeElement, box = e.getBoundingClientRect();
    const ring = e => [e, ...(e.labels || [])].map(e => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(e);
      return [outlineStyle == 'none' ? '' : outlineStyle + outlineWidth + outlineColor, boxShadow].join();
    }).join(' ');
    const was = window.__focused;
    const blind = was && was.e != e && was.e.checkVisibility() && ring(was.e) == was.ring ? was.e.outerHTML.slice(0, 200) : '';
    // What Tab does not reach, as the whole content, gets the focus by other ways only.
    window.__focused = e.tabIndex < 0 ? null : { e, ring: ring(e) };
    const within = (value, most) => Math.min(most - 2, Math.max(1, value));
    const top = document.elementFromPoint(within(box.x + Math.min(box.width / 2, 20), innerWidth),
      within(box.y + box.height / 2, innerHeight));
    const own = top && (e.contains(top) || top.contains(e) || Array.from(e.labels || []).some(l => l.contains(top)));
    return { name: e.name || '', type: e.type || '', tag: e.tagName, value: e.value || '', checked: !!e.checked,
      text: (e.innerText || e.getAttribute('aria-label') || '').trim(), blind, covered: !own,
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };";

fn focus(page: &Page) -> Value {
    page.done(page.browser().run(FOCUS, json!([])))
}

/// Presses Tab; wherever it stops must be visible, and visibly so.
#[track_caller]
fn tab(page: &Page) -> Value {
    page.done(page.browser().press(&[key::TAB]));
    let at = focus(page);
    if at["tag"] != "BODY" {
        assert!(at["inside"] == true, "the focus is out of sight on {at}");
        assert!(at["covered"] == false, "the focus is covered on {at}");
    }
    let blind = at["blind"].as_str().unwrap_or_default();
    assert!(blind.is_empty(), "the focus could not be seen on {blind}");
    at
}

/// Presses Tab until the focus is where it is wanted.
#[track_caller]
fn tab_to(page: &Page, what: &str, wanted: impl Fn(&Value) -> bool) {
    for _ in 0..120 {
        let at = tab(page);
        if at["tag"] != "BODY" && wanted(&at) {
            return;
        }
    }
    panic!("Tab does not reach {what}; it is on {}", focus(page));
}

/// Presses Tab from the top of the page to its end; how often it stops.
#[track_caller]
pub fn stops(page: &Page) -> usize {
    let first =
        "const first = document.querySelector('a'); first.focus(); return first.checkVisibility()";
    page.done(page.browser().run(first, json!([])));
    let mut stops = 1;
    while tab(page)["tag"] != "BODY" {
        stops += 1;
        assert!(stops < 300, "Tab does not come to an end");
    }
    stops
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
        let folded = "return document.getElementsByName(arguments[0])[0].closest('details:not([open])') != null";
        if page.done(page.browser().run(folded, json!([path]))) == json!(true) {
            tab_to(page, "the section of optional fields", |at| {
                at["tag"] == "SUMMARY"
                    && at["text"]
                        .as_str()
                        .is_some_and(|t| t.starts_with("Optional"))
            });
            page.done(page.browser().press(&[key::ENTER]));
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
    journey("keyboard", TestConfig::default(), |page| {
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
    journey("skip", TestConfig::default(), |page| {
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
    journey("list-focus", TestConfig::default(), |page| {
        for op in creations() {
            for param in op.params {
                let tieline_catalog::Kind::List { max, .. } = param.kind else {
                    continue;
                };
                let label = param.label.en;
                page.open(&format!("#/create/{}", op.name));
                crate::inputs::reveal(page, param.name);
                let first = crate::inputs::leaves(op)
                    .into_iter()
                    .find(|(path, _)| path.starts_with(&format!("{}.1", param.name)))
                    .expect("a field in an item")
                    .0;
                for item in 1..=max {
                    page.click("button", &*format!("Add: {label}"));
                    let path = first.replacen(".1", &format!(".{item}"), 1);
                    page.until(format!("the focus on {path}"), || Ok(page.focus() == path));
                    // What is in the others stays as it is, and so do the elements themselves.
                    let same = "const e = document.getElementsByName(arguments[0])[0], known = e.known === true;
                        e.known = true;
                        return known";
                    let same = page.done(page.browser().run(same, json!([first])));
                    assert_eq!(same, json!(item > 1), "{path} made the first item anew");
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

/// An item of a list comes, is filled and goes without a mouse.
#[test]
fn a_list_is_filled_and_emptied_by_keyboard() {
    journey("list-keys", TestConfig::default(), |page| {
        let mut lists = 0;
        for op in creations() {
            for param in op.params {
                let tieline_catalog::Kind::List { .. } = param.kind else {
                    continue;
                };
                lists += 1;
                page.open(&format!("#/create/{}", op.name));
                page.find("button", "Create");
                if param.is_newer_than_the_document() {
                    tab_to(page, "the section", |at| {
                        at["text"]
                            .as_str()
                            .is_some_and(|t| t.starts_with("Newer than"))
                    });
                    page.done(page.browser().press(&[key::ENTER]));
                }
                let add = format!("Add: {}", param.label.en);
                tab_to(page, &add, |_| focused_name(page) == add);
                page.done(page.browser().press(&[key::ENTER]));
                let fields: Vec<_> = crate::inputs::leaves(op)
                    .into_iter()
                    .map(|(path, _)| path)
                    .filter(|path| path.starts_with(&format!("{}.1", param.name)))
                    .collect();
                for (nth, path) in fields.iter().enumerate() {
                    if nth > 0 {
                        tab_to(page, path, |at| at["name"] == json!(path));
                    }
                    page.until(format!("the focus on {path}"), || Ok(page.focus() == *path));
                    type_text(page, "value");
                    page.until("the text", || Ok(page.value(path) == "value"));
                }
                let remove = format!("Remove: {} 1", param.label.en);
                tab_to(page, &remove, |_| focused_name(page) == remove);
                page.done(page.browser().press(&[key::SPACE]));
                page.until("the focus on the button that adds", || {
                    Ok(focused_name(page) == add)
                });
                let gone = "return document.getElementsByName(arguments[0]).length";
                let left = page.done(page.browser().run(gone, json!([fields[0]])));
                assert_eq!(left, json!(0), "{} {} is still there", op.name, fields[0]);
            }
        }
        assert!(lists > 0, "no operation has a list");
    });
}

/// The history is filtered, and a record deleted after asking, without a mouse.
#[test]
fn the_history_works_by_keyboard_alone() {
    journey("history-keys", TestConfig::default(), |page| {
        let mut ids = Vec::new();
        for op in creations().take(2) {
            crate::inputs::send(page, op, &valid(op));
            ids.push(created(page, op));
        }
        tab_to(page, "the way to the history", |at| {
            at["text"] == "See it in the history"
        });
        page.done(page.browser().press(&[key::ENTER]));
        page.row(&[&ids[1]]);
        tab_to(page, "the filter", |_| focused_name(page) == "Text");
        type_text(page, &ids[0]);
        page.until("one record", || Ok(page.rows().len() == 1));
        tab_to(page, "the outcome", |_| focused_name(page) == "Outcome");
        // Typing picks an option.
        type_text(page, "Gone");
        page.shows("No records match the filter");
        tab_to(page, "the way back", |at| at["text"] == "Clear the filter");
        page.done(page.browser().press(&[key::ENTER]));
        page.focused("searchbox", "Text");
        page.until("both records", || Ok(page.rows().len() == 2));

        tab_to(page, "the first record", |at| {
            at["tag"] == "BUTTON" && at["text"].as_str().is_some_and(|t| t.contains(':'))
        });
        page.done(page.browser().press(&[key::ENTER]));
        page.shows("Idempotency key");
        tab_to(page, "deleting", |at| at["text"] == "Delete the record");
        page.done(page.browser().press(&[key::ENTER]));
        page.focused("button", "Cancel");
        // The focus cannot leave the question for the page behind it.
        for _ in 0..6 {
            page.done(page.browser().press(&[key::TAB]));
            let behind = "const e = document.activeElement;
                return e != document.body && e.closest('dialog') == null";
            let behind = page.done(page.browser().run(behind, json!([])));
            assert_eq!(behind, json!(false), "the focus is behind the question");
        }
        page.done(page.browser().press(&[key::ESCAPE]));
        page.focused("button", "Delete the record");
        assert!(page.has("button", "Close the details"), "one at a time");
        page.done(page.browser().press(&[key::ENTER]));
        page.focused("button", "Cancel");
        page.done(page.browser().press(&[key::TAB]));
        page.focused("button", "Delete");
        page.done(page.browser().press(&[key::ENTER]));
        page.shows("The record was deleted.");
        page.until("the focus on the record that is left", || {
            Ok(page.rows().len() == 1 && focused_name(page).contains(", "))
        });
    });
}

/// The search leads to an operation, in a wide window and in the unfolded list of a narrow one.
#[test]
fn the_search_leads_to_an_operation_by_keyboard() {
    journey("search-keys", TestConfig::default(), |page| {
        let op = creations().last().expect("an operation");
        for width in [1400, 390] {
            crate::layout::sized(page, width, 844);
            page.open("#/");
            page.reload();
            if width < 1200 {
                tab_to(page, "the list", |at| at["text"] == "Operations");
                page.done(page.browser().press(&[key::ENTER, key::TAB]));
                page.focused("searchbox", "Search");
                page.done(page.browser().press(&[key::ESCAPE]));
                page.focused("button", "Operations");
                page.done(page.browser().press(&[key::ENTER]));
            }
            tab_to(page, "the search", |at| at["type"] == "search");
            type_text(page, op.name);
            page.until("one operation", || {
                let links = page.all("link", crate::page::Named::Any)?;
                let mut found = 0;
                for link in &links {
                    let text = page.browser().text(link)?;
                    found += usize::from(creations().any(|op| text.contains(op.title.en)));
                }
                // The first page lists them all beside it.
                Ok(found == 1 + creations().count())
            });
            tab_to(page, "the operation", |at| {
                at["text"].as_str().is_some_and(|t| t.contains(op.name))
            });
            page.done(page.browser().press(&[key::ENTER]));
            page.find("button", "Create");
            page.until("the focus on the content", || {
                let main = "return document.activeElement.tagName";
                Ok(page.browser().run(main, json!([]))? == json!("MAIN"))
            });
        }
    });
}
