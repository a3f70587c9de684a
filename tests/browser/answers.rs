//! Each kind of answer, by the faults that the sandbox takes orders for, and sending once.

use serde_json::json;
use tieline_catalog::{creations, Operation, Raw};
use tieline_sandbox::{Fault, FAULTS};

use crate::holding::{start_clock, stop_clock};
use crate::inputs::{count, created, distinguish, fill, id_in, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use tieline_test_support::webdriver::key;

const SLOW: TestConfig = TestConfig {
    proxy: &["--slow-ms", "1500"],
    window: (1400, 900),
    without_proxy: false,
};

/// Valid input whose name orders a fault.
fn ordering(op: &'static Operation, fault: Fault) -> Raw {
    let info = FAULTS
        .iter()
        .find(|f| f.fault == fault)
        .expect("in the table");
    let mut raw = valid(op);
    raw.set(&name_path(op), &format!("e2e-{}", info.sentinel));
    raw
}

/// What the page calls the outcome, and whether the cloud has a resource afterwards.
fn meaning(fault: Fault) -> (&'static str, bool) {
    match fault {
        Fault::Throttle => ("Not executed", false),
        Fault::Error | Fault::Html => ("Outcome unknown", false),
        Fault::Lost | Fault::Unavailable => ("Outcome unknown", true),
        Fault::Slow => ("Created", true),
        Fault::Forbidden | Fault::Quota => ("Rejected", false),
    }
}

fn each_answer(name: &str, wanted: impl Fn(&Operation) -> bool) {
    journey(name, SLOW, |page| {
        for op in creations().filter(|op| wanted(op)) {
            let mut unknown = false;
            for (nth, info) in FAULTS.iter().enumerate() {
                println!("{} {}", op.name, info.name);
                let mut raw = ordering(op, info.fault);
                distinguish(op, &mut raw, nth);
                let (heading, made) = meaning(info.fault);
                send(page, op, &raw);
                // Whatever is unresolved is asked about, unless the same token makes that needless.
                let asked = || page.has("button", "Send it anyway");
                if unknown {
                    page.until("an answer or a question", || {
                        Ok(asked() || page.has("heading", Named::Has(heading)))
                    });
                    assert!(op.token.is_some() || asked());
                    if asked() {
                        page.click("button", "Send it anyway");
                    }
                }
                unknown |= heading == "Outcome unknown";
                page.find("heading", Named::Has(heading));
                page.until(
                    "the answer to have the focus, or the field it is about",
                    || {
                        let focus = page.focus();
                        Ok(focus.starts_with(heading) || !focus.is_empty() && page.invalid(&focus))
                    },
                );
                let answer = page.text_of("region", "Answer");
                assert_eq!(
                    id_in(op, &answer).is_some(),
                    heading == "Created",
                    "{answer}"
                );
                assert_eq!(
                    count(page, op, &raw),
                    usize::from(made),
                    "{} {}",
                    op.name,
                    info.name
                );
                page.click("link", "History");
                page.row(&[raw.get(&name_path(op)).unwrap_or_default(), heading]);
            }
        }
    });
}

#[test]
fn each_kind_of_answer_is_told_apart_with_a_token() {
    each_answer("answers-token", |op| op.token.is_some());
}

#[test]
fn each_kind_of_answer_is_told_apart_without_a_token() {
    each_answer("answers-no-token", |op| op.token.is_none());
}

#[test]
fn after_a_lost_answer_the_repeat_with_the_token_makes_no_second_resource() {
    journey("lost-token", TestConfig::default(), |page| {
        for op in creations().filter(|op| op.token.is_some()) {
            println!("{}", op.name);
            let raw = ordering(op, Fault::Lost);
            send(page, op, &raw);
            page.find("heading", Named::Has("Outcome unknown"));
            page.click("button", "Repeat with the same token");
            let id = created(page, op);
            assert_eq!(count(page, op, &raw), 1, "{}", op.name);
            page.click("link", "History");
            page.row(&[&id, "Created"]);
            assert_eq!(
                rows_named(page, raw.get(&name_path(op)).unwrap_or_default(), op),
                1
            );
        }
    });
}

/// A repetition that makes nothing says nothing about the request before it.
#[test]
fn a_repetition_that_fails_leaves_the_doubt() {
    journey("lost-doubt", TestConfig::default(), |page| {
        let offline = |offline: bool| {
            let nothing = json!({ "offline": offline, "latency": 0,
                "downloadThroughput": -1, "uploadThroughput": -1 });
            let command = "Network.emulateNetworkConditions";
            page.done(page.browser().devtools(command, nothing));
        };
        page.done(page.browser().devtools("Network.enable", json!({})));
        for op in creations().filter(|op| op.token.is_some()) {
            println!("{}", op.name);
            let raw = ordering(op, Fault::Lost);
            send(page, op, &raw);
            page.find("heading", Named::Has("Outcome unknown"));
            offline(true);
            page.click("button", "Repeat with the same token");
            page.shows("This repetition created nothing");
            page.find("heading", Named::Has("Outcome unknown"));
            offline(false);

            // What knows of it asks before the same is sent as something new.
            page.click("button", "Clear");
            fill(page, op, &raw);
            page.click("button", "Create");
            page.shows("its outcome is unknown");
            assert_eq!(count(page, op, &raw), 1, "asking sends nothing");
            page.click("button", "Repeat with the same token");
            let id = created(page, op);
            assert_eq!(count(page, op, &raw), 1, "{}", op.name);
            page.click("link", "History");
            page.row(&[&id, "Created"]);
        }
    });
}

/// The history's rows of an operation with this name in them.
fn rows_named(page: &Page, name: &str, op: &Operation) -> usize {
    let rows = page.rows();
    rows.iter()
        .filter(|r| r.contains(name) && r.contains(op.title.en))
        .count()
}

#[test]
fn after_a_lost_answer_without_a_token_a_second_submit_asks_first() {
    journey("lost-no-token", TestConfig::default(), |page| {
        for op in creations().filter(|op| op.token.is_none()) {
            println!("{}", op.name);
            let raw = ordering(op, Fault::Lost);
            send(page, op, &raw);
            page.find("heading", Named::Has("Outcome unknown"));
            page.click("button", "Create");
            page.shows("its outcome is unknown");
            page.until("the focus on the question", || {
                Ok(page.focus().contains("its outcome is unknown"))
            });
            assert_eq!(count(page, op, &raw), 1, "asking sends nothing");
            page.click("button", "Do not send");
            assert_eq!(count(page, op, &raw), 1);

            // Also after a reload, when only the history knows about it.
            page.reload();
            page.open(&format!("#/create/{}", op.name));
            fill(page, op, &raw);
            page.click("button", "Create");
            page.find("button", "Send it anyway");
            page.click("button", "Look it up by name");
            page.shows("Found:");
            let answer = page.text_of("region", "Answer");
            assert!(id_in(op, &answer).is_some(), "{answer}");
            assert_eq!(count(page, op, &raw), 1, "looking sends nothing");
            let word = page.find("textbox", Named::Has("Looked there yourself?"));
            page.type_over(&word, "I looked");
            page.click("button", "Send it anyway");
            // Some clouds refuse a name that is taken.
            let unique = op.simulation().and_then(|s| s.unique);
            let taken = unique.is_some_and(|(path, _)| path == name_path(op));
            let there = if taken { 1 } else { 2 };
            page.until("the second answer", || Ok(count(page, op, &raw) == there));
        }
    });
}

/// What the history knows of a lost request makes its repetition safe, whichever way it comes about.
#[test]
fn after_a_reload_the_repeat_still_has_its_token() {
    journey("lost-token-reload", TestConfig::default(), |page| {
        for op in creations().filter(|op| op.token.is_some()) {
            println!("{}", op.name);
            let name = |way: &str| format!("{way}-{}-fault-lost", op.name);
            let lost = |nth: usize, way: &str| {
                let mut raw = ordering(op, Fault::Lost);
                raw.set(&name_path(op), &name(way));
                distinguish(op, &mut raw, nth);
                send(page, op, &raw);
                page.find("heading", Named::Has("Outcome unknown"));
                page.reload();
                raw
            };
            let once = |raw: &Raw, way: &str| {
                created(page, op);
                assert_eq!(count(page, op, raw), 1, "{} {way}", op.name);
                page.click("link", "History");
                page.row(&[&name(way), "Created"]);
                assert_eq!(rows_named(page, &name(way), op), 1, "{} {way}", op.name);
            };

            // With the draft, which has a token of its own by now.
            let raw = lost(1, "draft");
            page.click("button", "Create");
            page.find("button", "Send it anyway");
            page.click("button", "Repeat with the same token");
            once(&raw, "draft");

            // Filled again from the history.
            let raw = lost(2, "refill");
            page.click("link", "History");
            page.row(&[&name("refill"), "Outcome unknown"]);
            page.click("button", Named::Has(&name("refill")));
            page.shows("repeats this request with its same token");
            page.click("button", "Fill the form again");
            page.click("button", "Create");
            once(&raw, "refill");

            // Typed anew under another token.
            let raw = lost(3, "anew");
            page.click("button", "Clear");
            fill(page, op, &raw);
            page.click("button", "Create");
            page.find("button", "Send it anyway");
            page.click("button", "Repeat with the same token");
            once(&raw, "anew");
        }
    });
}

/// Another word in the description makes no other resource.
#[test]
fn after_a_lost_answer_an_edited_request_asks_once_and_names_the_earlier_one() {
    journey("lost-edited", TestConfig::default(), |page| {
        for op in creations().filter(|op| op.token.is_none()) {
            println!("{}", op.name);
            let raw = ordering(op, Fault::Lost);
            let name = raw.get(&name_path(op)).unwrap_or_default().to_string();
            send(page, op, &raw);
            page.find("heading", Named::Has("Outcome unknown"));
            let mut other = raw.clone();
            other.set(&name_path(op), "other-name");
            fill(page, op, &other);
            page.click("button", "Create");
            page.find("link", Named::Has(&name));
            assert_eq!(count(page, op, &other), 0, "asking sends nothing");
            page.click("button", "Send it anyway");
            created(page, op);
            assert_eq!(count(page, op, &other), 1);
            // It was asked about, and the answer was to go on.
            other.set(&name_path(op), "third-name");
            fill(page, op, &other);
            page.click("button", "Create");
            page.until("the third", || Ok(count(page, op, &other) == 1));
            // Its answer as well: without it the third would be the one that is asked about.
            created(page, op);
            // The link leads to the record.
            page.reload();
            fill(page, op, &other);
            page.click("button", "Create");
            page.click("link", Named::Has(&name));
            page.find("button", "Close the details");
            page.click("button", "Look it up by name");
            page.click("button", "Use this resource");
            page.row(&[&name, "Created"]);
        }
    });
}

/// What a look finds can be taken over where it was found, and the draft is done with.
#[test]
fn the_form_takes_a_lost_resource_over() {
    journey("adopt-form", TestConfig::default(), |page| {
        for op in creations().filter(|op| op.token.is_none()) {
            println!("{}", op.name);
            let raw = ordering(op, Fault::Lost);
            let name = raw.get(&name_path(op)).unwrap_or_default().to_string();
            for way in ["answer", "question"] {
                let name = format!("{way}-{name}");
                let mut raw = raw.clone();
                raw.set(&name_path(op), &name);
                send(page, op, &raw);
                page.find("heading", Named::Has("Outcome unknown"));
                if way == "question" {
                    page.click("button", "Create");
                    page.find("button", "Send it anyway");
                }
                page.click("button", "Look it up by name");
                page.click("button", "Use this resource");
                page.focused("heading", "found by a look-up");
                let answer = page.text_of("region", "Answer");
                assert!(id_in(op, &answer).is_some(), "{answer}");
                assert_eq!(page.value(&name_path(op)), "", "the form is done with");
                page.reload();
                assert_eq!(page.value(&name_path(op)), "", "and its draft");
                page.click("link", "History");
                page.row(&[&name, "Created"]);
                assert_eq!(count(page, op, &raw), 1);
            }
        }
    });
}

/// The request that made the resource stays in sight until something new is typed.
#[test]
fn the_request_that_was_sent_stays_in_sight() {
    journey("sent-request", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let name = "first-request";
        let mut raw = valid(op);
        raw.set(&name_path(op), name);
        send(page, op, &raw);
        created(page, op);
        assert_eq!(page.value(&name_path(op)), "", "the form is empty");
        let request = page.text_of("region", "Request that was sent");
        assert!(request.contains(name), "{request}");
        page.type_into(&name_path(op), "next");
        let request = page.text_of("region", "Request");
        assert!(
            request.contains("next") && !request.contains(name),
            "{request}"
        );
        page.click("link", "History");
        page.row(&["Created", "simulated"]);
    });
}

#[test]
fn what_was_not_executed_can_be_sent_again_under_the_same_intent() {
    journey("throttle-again", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let raw = ordering(op, Fault::Throttle);
        send(page, op, &raw);
        page.find("heading", Named::Has("Not executed"));
        page.click("button", "Send again");
        page.find("heading", Named::Has("Not executed"));
        page.click("link", "History");
        page.row(&["Not executed"]);
        assert_eq!(page.rows().len(), 1, "one intent, one record");
    });
}

#[test]
fn a_double_click_and_a_double_enter_send_once() {
    journey("once", SLOW, |page| {
        let mut nth = 0;
        for op in creations() {
            for (way, fault) in [
                ("click", None),
                ("click", Some(Fault::Slow)),
                ("enter", None),
                ("enter", Some(Fault::Slow)),
            ] {
                println!("{} {way} {fault:?}", op.name);
                let mut raw = match fault {
                    Some(fault) => ordering(op, fault),
                    None => valid(op),
                };
                let name = format!("{}-{way}", raw.get(&name_path(op)).unwrap_or_default());
                raw.set(&name_path(op), &name);
                nth += 1;
                distinguish(op, &mut raw, nth);
                page.open(&format!("#/create/{}", op.name));
                fill(page, op, &raw);
                // The second press comes at once, however late the browser handles it.
                stop_clock(page);
                if way == "click" {
                    let button = page.find("button", "Create");
                    page.done(page.browser().run(
                        "arguments[0].scrollIntoView({ block: 'center' })",
                        json!([button.json()]),
                    ));
                    page.done(page.browser().double_click(&button));
                } else {
                    let control = page.control(&name_path(op));
                    page.done(
                        page.browser()
                            .run("arguments[0].focus()", json!([control.json()])),
                    );
                    page.done(page.browser().press(&[key::ENTER, key::ENTER]));
                }
                created(page, op);
                start_clock(page);
                assert_eq!(count(page, op, &raw), 1, "{} {way} {fault:?}", op.name);
                page.click("link", "History");
                page.row(&[&name]);
                assert_eq!(
                    rows_named(page, &name, op),
                    1,
                    "{} {way} {fault:?}",
                    op.name
                );
            }
        }
        // As many resources as records: nothing was sent that the history does not know.
        page.shows(&format!("Records: {}", 4 * creations().count()));
    });
}

/// A record that says nothing certain offers to look the resource up, and takes it over.
#[test]
fn the_history_finds_a_lost_resource_by_its_name() {
    journey("adopt", TestConfig::default(), |page| {
        let op = creations()
            .find(|op| op.token.is_none())
            .expect("an operation without a token");
        send(page, op, &ordering(op, Fault::Lost));
        page.find("heading", Named::Has("Outcome unknown"));
        page.click("link", "History");
        page.row(&["Outcome unknown"]);
        page.click("button", Named::Has(op.title.en));
        page.click("button", "Look it up by name");
        page.click("button", "Use this resource");
        let row = page.row(&["Created"]);
        assert!(id_in(op, &row).is_some(), "{row}");
    });
}
