//! Less to read: many optional fields are folded, and a rule is seen while somebody is at its field or breaks it.

use serde_json::{json, Value};
use tieline_catalog::{creations, Operation};

use crate::inputs::{distinguish, doubtful, leaves, put, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;
use tieline_test_support::inputs::allowed;
use tieline_test_support::webdriver::key;

/// The section of optional fields: whether it is open, the text of its summary, and the wire paths in it.
fn section(page: &Page) -> Option<(bool, String, Vec<String>)> {
    let script = "const section = [...document.querySelectorAll('form details')]
            .find(e => /^(Optional fields|可选字段)/.test(e.textContent));
        const names = [...new Set([...section?.querySelectorAll('[name]') ?? []].map(e => e.name))];
        return section ? [section.open, section.querySelector('summary').innerText.replace(/\\s+/g, ' '), names] : null";
    let found = page.done(page.browser().run(script, json!([])));
    let names = found[2].as_array()?.iter();
    let names = names.filter_map(|name| name.as_str().map(str::to_string));
    Some((
        found[0] == json!(true),
        found[1].as_str()?.to_string(),
        names.collect(),
    ))
}

#[track_caller]
fn is_open(page: &Page, expected: bool) {
    page.until(format!("a section that is open: {expected}"), || {
        Ok(section(page).is_some_and(|(open, ..)| open == expected))
    });
}

/// The first operation whose optional fields are folded.
fn folded(page: &Page) -> (&'static Operation, Vec<String>) {
    for op in creations() {
        page.open(&format!("#/create/{}", op.name));
        page.find("heading", "Request");
        if let Some((open, _, names)) = section(page) {
            assert!(!open, "{} is open at first", op.name);
            return (op, names);
        }
    }
    panic!("no operation has many optional fields");
}

fn press_summary(page: &Page) {
    let script = "[...document.querySelectorAll('form summary')]
        .find(e => e.textContent.startsWith('Optional fields')).click()";
    page.done(page.browser().run(script, json!([])));
}

#[test]
fn many_optional_fields_are_folded_and_say_what_is_filled() {
    journey("optional", TestConfig::default(), |page| {
        let (op, names) = folded(page);
        let required = |path: &str| {
            let mut all = leaves(op).into_iter();
            all.any(|(at, param)| at == path && param.required)
        };
        assert!(
            names.len() > 4 && names.iter().all(|name| !required(name)),
            "{names:?}"
        );
        let (_, summary, _) = section(page).expect("a section");
        assert_eq!(summary, format!("Optional fields ({})", names.len()));

        // Filled and closed it says what is in it, in both languages.
        let raw = valid(op);
        let (path, text) = names
            .iter()
            .find_map(|path| Some((path, raw.get(path)?)))
            .expect("an example");
        put(page, op, path, text);
        is_open(page, true);
        press_summary(page);
        is_open(page, false);
        let label = leaves(op).into_iter().find(|(at, _)| at == path);
        let label = label.expect("a field").1.label;
        page.shows(&format!("1 of {} filled: {}", names.len(), label.en));
        speak(page, "zh-CN");
        page.shows(&format!("已填写 1 / {}：{}", names.len(), label.zh));
        speak(page, "en");

        // A draft opens it, and so does whatever leads to a field in it.
        page.reload();
        is_open(page, true);
        page.click("button", "Clear");
        press_summary(page);
        is_open(page, false);
        let other = names.iter().find(|name| *name != path).expect("another");
        let active = page.done(page.browser().active());
        page.done(page.browser().keys(&active, key::PALETTE));
        let field = page.find("combobox", "Go to or do…");
        page.type_over(&field, &format!("{} {other}", op.name));
        page.find("option", Named::Has(other));
        page.done(page.browser().press(&[key::ENTER]));
        page.until("the focus in the section", || Ok(page.focus() == *other));
        is_open(page, true);
        press_summary(page);
        is_open(page, false);
        page.open("#/");
        page.open(&format!("#/create/{}?{path}={text}", op.name));
        page.until("what the link brings", || Ok(page.value(path) == text));
        is_open(page, true);
        page.click("button", "Clear");
    });
}

#[test]
fn what_is_wrong_in_a_closed_section_opens_it() {
    journey("optional-wrong", TestConfig::default(), |page| {
        let (op, names) = folded(page);
        let mut raw = valid(op);
        distinguish(op, &mut raw, 1);
        let wrong = doubtful(op).into_iter().chain(crate::inputs::wrong(op));
        let wrong: Vec<(String, String)> = wrong.filter(|(path, _)| names.contains(path)).collect();
        assert!(!wrong.is_empty(), "nothing can be wrong in it");
        for (path, text) in wrong {
            put(page, op, &path, &text);
            press_summary(page);
            page.leave();
            page.until("what is said of it, in an open section", || {
                let open = section(page).is_some_and(|(open, ..)| open);
                Ok(open && page.description(&path).contains(": "))
            });
            page.click("button", "Clear");
            press_summary(page);
            is_open(page, false);
        }
        // What keeps a submit from being sent is in sight again.
        let error = crate::inputs::wrong(op)
            .into_iter()
            .find(|(path, _)| names.contains(path));
        if let Some((path, text)) = error {
            put(page, op, &path, &text);
            page.leave();
            is_open(page, true);
            press_summary(page);
            is_open(page, false);
            page.click("button", "Create");
            page.focused("alert", "The request was not sent.");
            is_open(page, true);
            assert!(page.invalid(&path));
        }
    });
}

/// What the fields of a list's items have to keep to is seen, too, while somebody is in them.
#[test]
fn a_rule_is_seen_in_an_item_of_a_list() {
    journey("rules-item", TestConfig::default(), |page| {
        let mut lists = 0;
        for op in creations() {
            let found = leaves(op).into_iter().find_map(|(path, param)| {
                let hint = param.rules.iter().find_map(|rule| rule.hint())?;
                path.contains(".1")
                    .then_some((path, hint.en.clone(), allowed(param)))
            });
            let Some((path, hint, usual)) = found else {
                continue;
            };
            lists += 1;
            println!("{} {path}: {hint}", op.name);
            page.open(&format!("#/create/{}", op.name));
            page.find("heading", "Request");
            let example = valid(op);
            put(page, op, &path, example.get(&path).unwrap_or(&usual));
            page.leave();
            page.until("no rules", || Ok(!rules(page, &path, &hint).0));
            let control = page.control(&path);
            page.done(
                page.browser()
                    .run("arguments[0].focus()", json!([control.json()])),
            );
            page.until("the rules", || Ok(rules(page, &path, &hint).0));
        }
        assert!(lists > 0, "no list has rules");
    });
}

/// Whether a field's rules are seen, and whether they are among what describes its control.
fn rules(page: &Page, path: &str, hint: &str) -> (bool, bool) {
    let script = "const [path, hint] = arguments;
        const e = document.getElementsByName(path)[0];
        const about = e.closest('[aria-describedby]').getAttribute('aria-describedby').split(' ')
            .map(id => document.getElementById(id)).filter(e => e);
        const rule = about.flatMap(e => [...e.children]).find(e => e.textContent.split(' · ').includes(hint));
        const { width, height } = rule?.getBoundingClientRect() ?? {};
        return [width > 10 && height > 10, rule != null]";
    let found: Value = page.done(page.browser().run(script, json!([path, hint])));
    (found[0] == json!(true), found[1] == json!(true))
}

#[test]
fn a_rule_is_seen_while_somebody_is_at_its_field_or_breaks_it() {
    journey("rules", TestConfig::default(), |page| {
        for op in creations() {
            page.open(&format!("#/create/{}", op.name));
            page.find("heading", "Request");
            let with_rules = leaves(op).into_iter().find_map(|(path, param)| {
                let hint = param.rules.iter().find_map(|rule| rule.hint())?;
                let wrong = crate::inputs::wrong(op).into_iter();
                let (_, text) = wrong.into_iter().find(|(at, _)| *at == path)?;
                (!path.contains(".1")).then_some((path, hint.en.clone(), text))
            });
            let Some((path, hint, text)) = with_rules else {
                continue;
            };
            println!("{} {path}: {hint}", op.name);
            crate::inputs::reveal(page, &path);
            // What is required and left empty would be wrong.
            if let Some(right) = valid(op).get(&path) {
                put(page, op, &path, right);
            }
            page.leave();
            page.until(
                "no rules",
                || Ok(rules(page, &path, &hint) == (false, true)),
            );
            assert_eq!(rules(page, &path, &hint), (false, true));
            let control = page.control(&path);
            page.done(
                page.browser()
                    .run("arguments[0].focus()", json!([control.json()])),
            );
            page.until(
                "the rules",
                || Ok(rules(page, &path, &hint) == (true, true)),
            );
            page.leave();
            page.until(
                "no rules",
                || Ok(rules(page, &path, &hint) == (false, true)),
            );
            page.type_over(&control, &text);
            page.leave();
            page.until("what is wrong", || Ok(page.invalid(&path)));
            assert_eq!(rules(page, &path, &hint), (true, true));
            page.click("button", "Clear");
        }
    });
}
