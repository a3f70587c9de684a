//! Drafts, and what is never stored.

use serde_json::json;
use tieline_catalog::{creations, Operation, Raw};

use crate::inputs::{count, created, fill, name_path, private, valid};
use crate::page::{journey, Page, TestConfig};

fn form(page: &Page, op: &Operation) {
    page.open(&format!("#/create/{}", op.name));
    page.find("button", "Create");
}

#[track_caller]
fn holds(page: &Page, op: &Operation, raw: &Raw, secrets: &[(String, String)]) {
    for (path, text) in raw.leaves() {
        let expected = match secrets.iter().any(|(secret, _)| *secret == path) {
            true => "",
            false => text,
        };
        page.until(format!("{} {path} to hold {expected:?}", op.name), || {
            Ok(page.value(&path) == expected)
        });
    }
}

#[track_caller]
fn nothing_stored(page: &Page, op: &Operation, secrets: &[(String, String)]) {
    let stored = page.storage();
    for (path, value) in secrets {
        for value in [value, &tieline_catalog::wire::percent_encode(value)] {
            assert!(!stored.contains(value), "{} stores {path}", op.name);
        }
    }
    let url = page.done(page.browser().get("url")).to_string();
    for (path, value) in secrets {
        assert!(!url.contains(value), "{path} is in the address");
    }
}

#[test]
fn a_draft_survives_and_personal_data_is_never_stored() {
    journey("drafts", TestConfig::default(), |page| {
        let mut personal = 0;
        for op in creations() {
            println!("{}", op.name);
            let (raw, secrets) = private(op);
            personal += secrets.len();
            form(page, op);
            fill(page, op, &raw);
            for (_, value) in &secrets {
                assert!(
                    !page.text().contains(value),
                    "{} shows personal data",
                    op.name
                );
            }
            nothing_stored(page, op, &secrets);

            page.click("link", "History");
            page.shows("History");
            page.done(page.browser().post("back", &serde_json::json!({})));
            page.find("button", "Create");
            holds(page, op, &raw, &secrets);
            page.reload();
            holds(page, op, &raw, &secrets);

            // With all of it in the request.
            fill(page, op, &raw);
            page.click("button", "Create");
            created(page, op);
            nothing_stored(page, op, &secrets);
            for (path, text) in valid(op).leaves() {
                if text.len() > 3 && text != "true" {
                    let kept = page.storage();
                    assert!(kept.contains(text), "the history keeps {path}");
                }
            }

            // A created resource clears its draft.
            form(page, op);
            page.reload();
            let first = raw.leaves()[0].0.clone();
            let cleared = raw
                .leaves()
                .into_iter()
                .map(|(path, _)| path)
                .filter(|path| !path.contains(".1") && *path != first)
                .find(|path| crate::inputs::name_path(op) == *path)
                .unwrap_or(first);
            assert_eq!(
                page.value(&cleared),
                "",
                "{} {cleared} is empty again",
                op.name
            );
        }
        assert!(personal > 0, "no operation takes personal data");
    });
}

#[test]
fn the_sandbox_in_the_page_stores_no_personal_data_either() {
    let config = TestConfig {
        without_proxy: true,
        ..TestConfig::default()
    };
    journey("drafts-in-page", config, |page| {
        page.open("#/");
        page.click("button", "Use the sandbox in this page");
        for op in creations() {
            println!("{}", op.name);
            let (raw, secrets) = private(op);
            form(page, op);
            fill(page, op, &raw);
            page.click("button", "Create");
            created(page, op);
            nothing_stored(page, op, &secrets);
        }
    });
}

#[test]
fn clear_empties_the_form_and_its_draft() {
    journey("clear", TestConfig::default(), |page| {
        for op in creations() {
            form(page, op);
            fill(page, op, &valid(op));
            page.click("button", "Clear");
            let name = crate::inputs::name_path(op);
            page.until("an empty form", || Ok(page.value(&name).is_empty()));
            page.reload();
            assert_eq!(page.value(&name), "", "{}", op.name);
        }
    });
}

#[test]
fn the_example_is_filled_in_and_right() {
    journey("example", TestConfig::default(), |page| {
        for op in creations() {
            form(page, op);
            page.click("button", "Fill with the example");
            for (path, text) in Raw::example(op).leaves() {
                // A token is each form's own.
                if op.token == Some(&*path) {
                    continue;
                }
                page.until(format!("{} {path}", op.name), || {
                    Ok(page.value(&path) == text)
                });
                assert!(!page.invalid(&path));
            }
        }
    });
}

/// Whatever a tab stores, it takes nothing away that another has stored since.
#[test]
fn two_tabs_keep_what_each_of_them_was_given() {
    journey("two-drafts", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let name = crate::inputs::name_path(op);
        let first = page.tab();
        form(page, op);
        fill(page, op, &valid(op));
        let second = page.new_tab();
        form(page, op);
        page.until("the draft", || Ok(!page.value(&name).is_empty()));
        page.type_into(&name, "typed-in-the-second");
        // What the first created was its own draft, and not what is in the second by now.
        page.show_tab(&first);
        page.click("button", "Create");
        created(page, op);
        page.show_tab(&second);
        page.reload();
        page.until("what was typed", || {
            Ok(page.value(&name) == "typed-in-the-second")
        });

        // A setting that is changed in one stays when another is changed elsewhere.
        page.show_tab(&first);
        page.open("#/settings");
        page.find("heading", "Settings");
        page.show_tab(&second);
        page.open("#/settings");
        page.type_into("region", "cn-beijing");
        page.leave();
        page.show_tab(&first);
        page.click("button", "中文");
        page.find("heading", "设置");
        page.show_tab(&second);
        page.reload();
        page.until("the region", || Ok(page.value("region") == "cn-beijing"));
        page.find("heading", "设置");
    });
}

/// A browser that is killed right after a creation may not have forgotten the draft that it was made from: what was
/// recorded meanwhile is asked about, although the form is younger.
#[test]
fn a_draft_that_outlived_its_creation_creates_nothing_unasked() {
    journey("draft-outlived", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let mut raw = valid(op);
            raw.set(&name_path(op), "made-and-killed");
            form(page, op);
            fill(page, op, &raw);
            let key = format!("tieline.draft.{}", op.name);
            let draft = "return localStorage.getItem(arguments[0])";
            // It is kept a moment after the last key.
            page.leave();
            let kept = page.wait("the draft", || {
                let kept = page.browser().run(draft, json!([key]))?;
                Ok(kept
                    .as_str()
                    .is_some_and(|t| t.contains("made-and-killed"))
                    .then_some(kept))
            });
            page.click("button", "Create");
            created(page, op);
            page.open("#/history");
            // As the browser finds it when it is started again.
            let back = "localStorage.setItem(arguments[0], arguments[1])";
            page.done(page.browser().run(back, json!([key, kept])));
            form(page, op);
            holds(page, op, &raw, &private(op).1);
            // What is never stored is typed again.
            fill(page, op, &raw);
            page.click("button", "Create");
            page.shows("An earlier request has created a resource from the same input");
            page.click("button", "Do not send");
            assert_eq!(count(page, op, &raw), 1);
        }
    });
}
