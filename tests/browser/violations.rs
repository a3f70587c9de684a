//! What is wrong is said where it is wrong, before anything is sent.

use serde_json::json;
use tieline_catalog::{check, creations, Lang};

use crate::inputs::{created, doubtful, fill, leaves, put, send, valid, wrong};
use crate::page::{journey, Named, TestConfig};
use tieline_test_support::webdriver::Element;

/// The links of the error summary.
const LINKS: &str = "return Array.from(arguments[0].querySelectorAll('a'))";

#[test]
fn every_field_with_a_wrong_value_says_so_and_nothing_is_sent() {
    journey("reject-all", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            page.open(&format!("#/create/{}", op.name));
            let mut raw = valid(op);
            let wrong = wrong(op);
            assert!(!wrong.is_empty(), "{} has rules", op.name);
            for (path, text) in &wrong {
                raw.set(path, text);
            }
            fill(page, op, &raw);
            page.click("button", "Create");

            let summary = page.focused("alert", "The request was not sent.");
            let errors: Vec<_> = check(op, &raw).errors().cloned().collect();
            let links = page.done(page.browser().run(LINKS, json!([summary.json()])));
            let links: Vec<Element> = links
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Element::of)
                .collect();
            assert_eq!(
                links.len(),
                errors.len(),
                "{} one link for each error",
                op.name
            );
            for error in &errors {
                let path = &error.parameter;
                assert!(page.invalid(path), "{} {path} is marked", op.name);
                let said = page.description(path);
                assert!(
                    said.contains(error.message.get(Lang::En)),
                    "{} {path}: {said:?} lacks {:?}",
                    op.name,
                    error.message.en
                );
            }
            // A link leads to its field.
            for (link, error) in links.iter().zip(&errors) {
                page.click_on(link);
                page.until(format!("the focus on {}", error.parameter), || {
                    Ok(page.focus() == error.parameter)
                });
            }
        }
        page.click("link", "History");
        page.shows("Nothing has been sent yet");
    });
}

#[test]
fn what_is_required_is_asked_for() {
    journey("required", TestConfig::default(), |page| {
        for op in creations() {
            page.open(&format!("#/create/{}", op.name));
            let none = tieline_catalog::Raw::new();
            let required: Vec<_> = leaves(op)
                .into_iter()
                .filter(|(path, p)| p.required && !path.contains(".1") && p.start().is_none())
                .filter(|(path, _)| check(op, &none).errors().any(|v| v.parameter == *path))
                .map(|(path, _)| path)
                .collect();
            if required.is_empty() {
                continue;
            }
            page.click("button", "Create");
            page.focused("alert", "The request was not sent.");
            for path in required {
                assert!(page.invalid(&path), "{} {path}", op.name);
            }
        }
    });
}

/// A field is checked when it is left, and from then on with every key until it is right.
#[test]
fn a_field_is_checked_on_leaving_and_live_after_that() {
    journey("live", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            page.open(&format!("#/create/{}", op.name));
            let good = valid(op);
            for (path, text) in wrong(op) {
                let Some(right) = good.get(&path).filter(|text| !text.is_empty()) else {
                    continue;
                };
                put(page, op, &path, &text);
                assert!(
                    !page.invalid(&path),
                    "{path} while typing for the first time"
                );
                page.leave();
                page.until(format!("{path} to be marked"), || Ok(page.invalid(&path)));
                page.type_into(&path, right);
                page.until(format!("{path} to be right while it has the focus"), || {
                    Ok(!page.invalid(&path) && page.focus() == path)
                });
            }
        }
    });
}

#[test]
fn a_warning_is_shown_and_stops_nothing() {
    journey("warn", TestConfig::default(), |page| {
        for op in creations() {
            let mut raw = valid(op);
            let doubtful = doubtful(op);
            for (path, text) in &doubtful {
                raw.set(path, text);
            }
            if doubtful.is_empty() || check(op, &raw).errors().count() > 0 {
                continue;
            }
            println!("{} {doubtful:?}", op.name);
            page.open(&format!("#/create/{}", op.name));
            fill(page, op, &raw);
            page.leave();
            for warning in &check(op, &raw).violations {
                let path = &warning.parameter;
                page.until(format!("the warning at {path}"), || {
                    Ok(page.description(path).contains(&warning.message.en))
                });
                assert!(!page.invalid(path), "{path}: a warning is no error");
            }
            page.click("button", "Create");
            created(page, op);
        }
    });
}

/// A rule over two fields shows at both.
#[test]
fn a_rule_over_two_fields_shows_at_both() {
    journey("cross", TestConfig::default(), |page| {
        let mut met = 0;
        for op in creations() {
            for cross in op.cross {
                let tieline_catalog::CrossCheck::Ceiling {
                    table: ceilings, ..
                } = cross.check;
                let (first, second) = cross.params;
                let (value, most) = ceilings[0];
                let above =
                    leaves(op)
                        .into_iter()
                        .find(|(path, _)| path == second)
                        .map(|(_, p)| match p.choices() {
                            None => Some((most + 1).to_string()),
                            Some((all, _)) => {
                                let above = |v: &&str| v.parse::<i64>().is_ok_and(|n| n > most);
                                all.iter().map(|c| c.value).find(above).map(str::to_string)
                            }
                        });
                let above = above.flatten().expect("a value above the ceiling");
                page.open(&format!("#/create/{}", op.name));
                put(page, op, first, value);
                put(page, op, second, &above);
                page.leave();
                let mut raw = valid(op);
                raw.set(first, value);
                raw.set(second, &above);
                let report = check(op, &raw);
                let broken = report.violations.iter().find(|v| v.rule == cross.rule);
                let message = &broken.expect("the rule is broken").message.en;
                for path in [first, second] {
                    page.until(format!("{message:?} at {path}"), || {
                        Ok(page.description(path).contains(message.as_str()))
                    });
                }
                met += 1;
            }
        }
        assert!(met > 0, "no rule over two fields");
    });
}

/// While an input method composes, what is there is unfinished and nothing is said about it.
#[test]
fn nothing_is_checked_while_composing() {
    journey("compose", TestConfig::default(), |page| {
        for op in creations() {
            let Some((path, text)) = wrong(op).into_iter().find(|(path, _)| !path.contains(".1"))
            else {
                continue;
            };
            println!("{} {path}", op.name);
            page.open(&format!("#/create/{}", op.name));
            // From an error, so that checking is live.
            put(page, op, &path, &text);
            page.leave();
            page.until("an error", || Ok(page.invalid(&path)));
            let good = valid(op);
            let Some(right) = good.get(&path).filter(|t| !t.is_empty()) else {
                continue;
            };
            page.type_into(&path, right);
            page.until("no error", || Ok(!page.invalid(&path)));

            page.type_into(&path, &text);
            page.leave();
            page.until("an error", || Ok(page.invalid(&path)));
            let before = page.description(&path);
            let control = page.control(&path);
            page.done(page.browser().run(
                "arguments[0].focus(); arguments[0].select();",
                json!([control.json()]),
            ));
            page.done(page.browser().devtools(
                "Input.imeSetComposition",
                json!({ "text": "ni hao", "selectionStart": 6, "selectionEnd": 6 }),
            ));
            page.until("the composed text", || Ok(page.value(&path) == "ni hao"));
            assert_eq!(page.description(&path), before, "{path} while composing");
            // An Enter that belongs to the input method submits nothing.
            page.done(page.browser().run(
                "arguments[0].dispatchEvent(new KeyboardEvent('keydown',
                    { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true }))",
                json!([control.json()]),
            ));
            page.done(
                page.browser()
                    .devtools("Input.insertText", json!({ "text": right })),
            );
            page.until("the composed text", || Ok(page.value(&path) == right));
            page.until("no error after composing", || Ok(!page.invalid(&path)));
            assert!(!page.has("alert", Named::Has("not sent")));
        }
    });
}

/// A refusal by the cloud that names a parameter leads to its field.
#[test]
fn a_refusal_of_the_cloud_leads_to_its_field() {
    journey("refused-field", TestConfig::default(), |page| {
        let mut met = 0;
        for op in creations() {
            let Some((path, _)) = op.simulation().and_then(|s| s.unique) else {
                continue;
            };
            let raw = valid(op);
            send(page, op, &raw);
            created(page, op);
            send(page, op, &raw);
            page.find("heading", "Rejected");
            page.until(format!("the focus on {path}"), || Ok(page.focus() == path));
            assert!(page.invalid(path), "{path}");
            let answer = page.text_of("region", "Answer");
            let code = op
                .errors()
                .iter()
                .find(|e| e.when == tieline_catalog::When::Taken)
                .expect("a code for what is taken");
            assert!(answer.contains(code.code), "{answer}");
            assert!(page.description(path).contains(code.explanation.en));
            page.click("link", "History");
            page.row(&["Rejected"]);
            met += 1;
        }
        assert!(met > 0, "nothing is unique");
    });
}
