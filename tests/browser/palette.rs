//! The palette and the keys: in one frame, in both languages, with pinyin and with errors, to whatever there is.

use serde_json::json;
use tieline_catalog::{creations, Action};

use crate::inputs::{created, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;
use tieline_test_support::webdriver::key;

/// Presses keys wherever the focus is.
fn press(page: &Page, keys: &str) {
    let active = page.done(page.browser().active());
    page.done(page.browser().keys(&active, keys));
}

/// The titles of the results that are shown.
fn results(page: &Page) -> Vec<String> {
    let script = "return Array.from(document.querySelectorAll('dialog[open] [role=option]'), e =>
        e.textContent.replace(/\\s+/g, ' ').trim())";
    let texts = page.done(page.browser().run(script, json!([])));
    let texts = texts.as_array().into_iter().flatten();
    texts
        .map(|text| text.as_str().unwrap_or_default().to_string())
        .collect()
}

/// Opens the palette and asks; waits until the first result has this in it.
#[track_caller]
fn ask(page: &Page, query: &str, first: &str) {
    press(page, key::PALETTE);
    let field = page.find("combobox", Named::Any);
    page.type_over(&field, query);
    page.until(format!("{first:?} for {query:?}"), || {
        Ok(results(page).first().is_some_and(|own| own.contains(first)))
    });
}

fn hash(page: &Page) -> String {
    let hash = page.done(page.browser().run("return location.hash", json!([])));
    hash.as_str().unwrap_or_default().to_string()
}

#[test]
fn it_opens_within_one_frame_and_gives_the_focus_back() {
    journey("palette-frame", TestConfig::default(), |page| {
        page.open("#/settings");
        page.find("button", Named::Has("Go to or do"));
        page.done(
            page.browser()
                .run("document.getElementById('endpoint').focus()", json!([])),
        );
        for _ in 0..3 {
            let script = "const before = performance.now();
                window.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }));
                await new Promise(requestAnimationFrame);
                const dialog = document.querySelector('dialog:modal');
                return [dialog?.querySelectorAll('[role=option]').length ?? 0, document.activeElement.getAttribute('role'), performance.now() - before]";
            let opened = page.done(page.browser().run_async(script, json!([])));
            println!("opened: {opened}");
            assert!(
                opened[0].as_u64().is_some_and(|count| count > 20),
                "{opened}"
            );
            assert_eq!(opened[1], json!("combobox"));
            press(page, key::ESCAPE);
            page.until("the focus where it was", || Ok(page.focus() == "endpoint"));
        }
    });
}

/// Also where the history is in sight already, with another record's details open.
#[test]
fn a_record_that_is_chosen_is_opened_wherever_one_is() {
    journey("palette-record", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let mut ids = Vec::new();
        for _ in 0..2 {
            page.open("#/");
            page.find("main", Named::Any);
            send(page, op, &valid(op));
            ids.push(created(page, op));
        }
        page.open("#/history");
        page.row(&[&ids[0]]);
        for id in &ids {
            ask(page, id, id);
            press(page, key::ENTER);
            page.find("button", "Close the details");
            let shown = "return document.querySelector('.history-details').textContent";
            page.until(format!("the details of {id}"), || {
                let text = page.browser().run(shown, json!([]))?;
                Ok(text.as_str().is_some_and(|text| text.contains(id.as_str())))
            });
        }
    });
}

#[test]
fn everything_is_found_and_reached_in_both_languages() {
    journey("palette", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        assert_eq!(op.action, Action::Create);
        send(page, op, &valid(op));
        let id = created(page, op);
        for op in creations() {
            for (language, query) in [("en", op.title.en), ("zh-CN", op.title.zh), ("en", op.name)]
            {
                page.open("#/");
                page.find("main", Named::Any);
                speak(page, language);
                let title = if language == "en" {
                    op.title.en
                } else {
                    op.title.zh
                };
                ask(page, query, title);
                press(page, key::ENTER);
                page.find("heading", Named::Has(title));
                assert_eq!(hash(page), format!("#/create/{}", op.name));
            }
            speak(page, "en");
        }
        // By initials, with an error, and each kind of thing.
        for (query, first, place) in [
            ("lsjl", "History", "#/history"),
            ("histroy", "History", "#/history"),
            ("error centre", "Error centre", "#/errors"),
            (
                "InvalidTimeStamp",
                "InvalidTimeStamp.Expired",
                "#/errors/InvalidTimeStamp.Expired",
            ),
            (&id, op.title.en, "#/history/"),
        ] {
            page.open("#/");
            let first = if query == id { id.as_str() } else { first };
            ask(page, query, first);
            press(page, key::ENTER);
            page.until(format!("{query} to lead to {place}"), || {
                Ok(hash(page).starts_with(place))
            });
        }
        // A code that is in no table is looked up all the same.
        press(page, key::PALETTE);
        let field = page.find("combobox", Named::Any);
        page.type_over(&field, "Nobody.Knows.It");
        page.find("link", "Look it up in the error centre");
        press(page, key::ENTER);
        page.until("the error centre", || {
            Ok(hash(page) == "#/errors/Nobody.Knows.It")
        });
        // A field, which gets the focus.
        page.open("#/");
        let param = op
            .params
            .iter()
            .find(|p| p.name.eq_ignore_ascii_case("description"));
        let param = param.expect("a description");
        ask(page, &format!("{} {}", op.name, param.name), param.label.en);
        press(page, key::ENTER);
        page.until("the focus on the field", || Ok(page.focus() == param.name));
        // Actions: the theme, the language, a region.
        ask(page, "dark", "Theme: Dark");
        press(page, key::ENTER);
        let theme = "return document.documentElement.dataset.theme";
        page.until("the dark theme", || {
            Ok(page.browser().run(theme, json!([]))? == json!("dark"))
        });
        ask(page, "shanghai", "cn-shanghai");
        press(page, key::ENTER);
        ask(page, "简体", "简体中文");
        press(page, key::ENTER);
        page.until("Chinese", || {
            Ok(page
                .browser()
                .run("return document.documentElement.lang", json!([]))?
                == json!("zh-CN"))
        });
        ask(page, "mrdy", "默认地域");
        press(page, key::ENTER);
        page.until("the setting", || Ok(page.focus() == "region"));
        assert_eq!(page.value("region"), "cn-shanghai");
    });
}

#[test]
fn single_keys_search_and_show_the_keys_outside_of_fields_until_they_are_switched_off() {
    journey("palette-keys", TestConfig::default(), |page| {
        page.open("#/settings");
        page.find("button", Named::Has("Go to or do"));
        page.leave();
        page.done(page.browser().press(&["/"]));
        page.until("the search", || {
            Ok(page.focus() == "" && page.has("searchbox", "Search"))
        });
        let active = page.done(page.browser().active());
        assert_eq!(page.done(page.browser().role(&active)), "searchbox");
        // In a field they are typed.
        press(page, "?/");
        assert_eq!(page.done(page.browser().property(&active, "value")), "?/");
        assert!(!page.has("dialog", Named::Any));

        page.leave();
        page.done(page.browser().press(&["?"]));
        page.find("dialog", "Keyboard shortcuts");
        speak(page, "zh-CN");
        page.find("dialog", "键盘快捷键");
        speak(page, "en");
        page.click("switch", Named::Has("Use / and ?"));
        page.click("button", "Close");
        page.reload();
        page.find("button", Named::Has("Go to or do"));
        page.done(page.browser().press(&["?"]));
        page.done(page.browser().press(&["/"]));
        assert!(!page.has("dialog", Named::Any));
        // What is held with Ctrl is not switched off, and has the list of keys.
        ask(page, "shortcuts", "Keyboard shortcuts");
        press(page, key::ENTER);
        page.find("dialog", "Keyboard shortcuts");
    });
}
