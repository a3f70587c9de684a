//! Every page in every state that it can be in, for what must hold in all of them: each state is
//! reached once, and everything that judges states looks at it then.

use serde_json::json;
use tieline_catalog::afterwards::deletion_command;
use tieline_catalog::reconcile::look_up;
use tieline_catalog::{creations, Operation, Raw};

use crate::connection::offline;
use crate::damaged_history::{in_database, unopened};
use crate::inputs::{count, distinguish, doubtful, fail, fill, name_path, put, valid};
use crate::many_records::two_days;
use crate::page::{Named, Page, TestConfig};
use crate::review::pretend_live;
use crate::unrecorded::outside;
use tieline_test_support::webdriver::key;

/// A proxy that is slow until it ends, where slowness is ordered.
pub const UNHURRIED: TestConfig = TestConfig {
    proxy: &["--slow-ms", "300000"],
    window: (1400, 900),
    without_proxy: false,
};

/// How many parts a walkthrough has. They need nothing of each other, so that several browsers can
/// walk at a time.
pub const PARTS: usize = 4;

/// Brings the page into one state after another, in English and in a window of this size, and says in
/// which it is. The forms are divided among the parts, and the first has everything else. What happens
/// in a state leaves it as it was, language and window included.
pub fn walkthrough(page: &Page, part: usize, state: &mut dyn FnMut(&str)) {
    let first = part == 0;
    if first {
        for (place, says) in [
            ("#/", "What do you want to create?"),
            ("#/nowhere/at/all", "There is no such page"),
            ("#/history", "Nothing has been sent yet"),
        ] {
            page.open(place);
            page.find("heading", says);
            state(place);
        }
        tour(page, state);
        search(page, state);
        palette(page, state);
    }
    for (nth, op) in creations().enumerate() {
        if nth % PARTS == part {
            form(page, op, nth, state);
        }
    }
    if first {
        history(page, state);
        crate::newer_file::walk(page, state);
        settings(page, state);
        review(page, state);
        errors(page, state);
        storage(page, state);
        connection(page, state);
    }
}

/// The error centre: all codes, one unfolded, an answer that was pasted, nothing found.
fn errors(page: &Page, state: &mut dyn FnMut(&str)) {
    page.open("#/errors");
    page.find("heading", "Error centre");
    state("the error centre");
    let documented = creations().find(|op| !op.errors().is_empty());
    let op = documented.expect("a document with codes");
    let place = format!("#/errors/{}/{}", op.name, op.errors()[0].code);
    for place in [
        place.as_str(),
        "#/errors/Throttling.User",
        "#/errors/Nobody.Knows",
    ] {
        page.open(place);
        page.find("link", "All error codes");
        state(place);
    }
    let field = page.find("textbox", Named::Has("Error code"));
    let body = r#"{"Code":"Throttling.User","Message":"Request was denied due to user flow control.","RequestId":"0C2EE7A8-74D4-4081-8236-CEBDE3BBCF50"}"#;
    page.type_over(&field, body);
    page.shows("Read from the answer");
    state("a pasted answer");
    page.type_over(&field, "no such code anywhere");
    page.shows("No error code and no record");
    state("an unknown code");
    page.open("#/permissions");
    page.find("heading", "Permissions");
    state("the permissions");
}

/// The way to the operations: unfolded where it folds, and searched.
fn search(page: &Page, state: &mut dyn FnMut(&str)) {
    page.open("#/");
    if page.has("button", "Operations") {
        page.click("button", "Operations");
        page.find("searchbox", "Search");
        state("the ways unfolded");
    }
    let search = page.find("searchbox", "Search");
    page.type_over(&search, "a parameter that nothing has");
    page.shows("No operations match");
    state("a search for nothing");
    page.type_over(&search, "ClientToken");
    page.shows("↳");
    state("a search for a parameter");
    page.type_over(&search, "");
}

/// The tour from its first step to its last, as it is asked for.
fn tour(page: &Page, state: &mut dyn FnMut(&str)) {
    crate::tour_and_progress::ask(page);
    loop {
        let step = page.wait("a step of the tour", || {
            Ok(crate::tour_and_progress::step(page))
        });
        state(&format!("the tour, {step}"));
        if !page.has("button", "Next") {
            break;
        }
        page.click("button", "Next");
        page.until("the next step", || {
            Ok(crate::tour_and_progress::step(page).is_some_and(|now| now != step))
        });
    }
    page.click("button", "Done");
}

/// The palette with everything, with nothing, and the list of the keys.
fn palette(page: &Page, state: &mut dyn FnMut(&str)) {
    page.open("#/");
    page.until("the palette", || {
        let there = "return document.querySelectorAll('dialog').length > 0";
        Ok(page.browser().run(there, json!([]))? == json!(true))
    });
    press(page, key::PALETTE);
    let field = page.find("combobox", "Go to or do…");
    state("the palette");
    page.type_over(&field, "Throttling");
    page.find("option", Named::Has("Throttling"));
    state("the palette with what was asked for");
    page.type_over(&field, "Nobody.Knows");
    page.find("link", "Look it up in the error centre");
    state("the palette with nothing");
    press(page, key::ESCAPE);
    page.leave();
    press(page, "?");
    page.find("dialog", "Keyboard shortcuts");
    state("the list of the keys");
    press(page, key::ESCAPE);
}

/// Presses keys wherever the focus is.
fn press(page: &Page, keys: &str) {
    let active = page.done(page.browser().active());
    page.done(page.browser().keys(&active, keys));
}

/// A form from empty to each kind of answer.
fn form(page: &Page, op: &'static Operation, nth: usize, state: &mut dyn FnMut(&str)) {
    let mut at = |what: &str| state(&format!("{} {what}", op.name));
    page.open(&format!("#/create/{}", op.name));
    page.find("button", "Create");
    at("empty");
    if page.has("button", Named::Has("Show the list")) {
        page.click("button", Named::Has("Show the list"));
        page.find("option", Named::Any);
        at("with the list of regions");
        press(page, key::ESCAPE);
    }

    fail(page, op);
    at("with errors");

    let mut raw = valid(op);
    for (path, text) in doubtful(op) {
        raw.set(&path, &text);
    }
    page.click("button", "Clear");
    page.find("button", "Undo");
    at("cleared, which can be undone");
    if nth == 0 {
        elsewhere(page, op, &mut at);
    }
    fill(page, op, &raw);
    page.leave();
    at("with warnings");

    let mut raw = valid(op);
    distinguish(op, &mut raw, nth);
    for (path, text) in raw.leaves() {
        if page.value(&path) != text {
            put(page, op, &path, text);
        }
    }
    for (name, heading) in [
        ("fault-forbidden", "Rejected"),
        ("fault-throttle", "Not executed"),
        ("fault-lost", "Outcome unknown"),
    ] {
        put(page, op, &name_path(op), &format!("walk-{name}"));
        page.click("button", "Create");
        page.find("heading", Named::Has(heading));
        let unfold = "document.querySelectorAll('details').forEach(e => e.open = true)";
        page.done(page.browser().run(unfold, json!([])));
        at(heading);
    }

    // Typed anew it has another token, and is asked about in every case.
    raw.set(&name_path(op), "walk-fault-lost");
    page.click("button", "Clear");
    fill(page, op, &raw);
    page.click("button", "Create");
    page.find("button", "Send it anyway");
    // What was doubtful in the first may make it another one.
    if page.has("textbox", Named::Has("Looked there yourself?")) {
        at("with a question before anybody has looked");
    }
    // What cannot be looked up says so and offers nothing.
    if look_up(op, &raw).is_some() {
        page.click("button", Named::Has("Look it up by"));
        page.shows("Found:");
    } else {
        page.shows("cannot be looked up by name");
    }
    at("with a question");

    // The question is about what was submitted, so that typing withdraws it.
    raw.set(&name_path(op), "walk");
    distinguish(op, &mut raw, nth + 100);
    fill(page, op, &raw);
    page.click("button", "Create");
    page.click("button", "Send it anyway");
    page.focused("heading", "Created");
    page.fold("How to delete it");
    at("Created");

    // Where an empty form could be sent, a press too many is asked about.
    if tieline_catalog::check(op, &Raw::new()).errors().count() == 0 {
        page.wait("a question", || {
            page.click("button", "Create");
            Ok(page.has("button", "Create another one").then_some(()))
        });
        at("with a question about one more");
        page.click("button", "Do not send");
    }
}

/// What fills a form from elsewhere, and hands it over.
fn elsewhere(page: &Page, op: &'static Operation, at: &mut impl FnMut(&str)) {
    let name = name_path(op);
    page.fold("Paste to fill");
    let long = "x".repeat(300);
    let text = json!({ &name: "pasted", "Color": "red", &long: long });
    crate::paste::read(page, &text.to_string());
    page.shows("no parameter of this operation");
    at("with a text that was read");
    page.fold("Hand over and keep");
    let field = page.find("textbox", "Name of the preset");
    page.type_over(
        &field,
        "a-preset-with-a-name-of-sixty-characters-which-is-the-longest",
    );
    page.click("button", "Keep as a preset");
    page.shows("Kept:");
    at("with a preset");
    page.fold("Reference");
    page.shows("Error codes");
    at("with the reference");
    page.fold("Reference");
    page.fold("Paste to fill");
    page.fold("Hand over and keep");
    put(page, op, &name, "typed");
    page.open(&format!(
        "#/create/{}?{name}=from-a-link&Color=red",
        op.name
    ));
    page.shows("The form holds input already");
    page.fold("What the link brings");
    at("with a link's values");
    page.click("button", "Close");
}

fn history(page: &Page, state: &mut dyn FnMut(&str)) {
    page.open("#/history");
    page.row(&["Created"]);
    state("history with rows");
    page.click("button", "Columns");
    page.click("checkbox", "Request ID");
    page.click("checkbox", "Note");
    page.find("button", "Note");
    state("history with the choice of the columns");
    page.click("button", "Usual columns");
    page.click("button", "Columns");
    page.click("checkbox", Named::Has("Select all records shown"));
    page.find("button", "Delete the selected records");
    state("history with selected records");
    page.click("button", "Delete the selected records");
    page.find("dialog", Named::Has("Delete the selected records"));
    state("the question before deleting what is selected");
    page.click("button", "Cancel");
    page.click("button", "Clear the selection");
    let text = page.find("searchbox", "Text");
    page.type_over(&text, "no record has this");
    page.shows("No records match the filter");
    state("history filtered to nothing");
    page.click("button", "Clear the filter");
    page.choose("Time", "range");
    two_days(page);
    state("history of a range of days");
    page.choose("Time", "");
    page.click("button", "Check against the cloud");
    // With so few records it may be over before it is looked at.
    page.until("the check to end", || {
        let text = page.text();
        let counts = text.split("Checked: ").nth(1);
        let counts = counts.and_then(|rest| rest.split('.').next()?.split_once(" of "));
        Ok(counts.is_some_and(|(done, all)| done == all) && !page.has("button", "Stop checking"))
    });
    state("history held against the cloud");
    unrecorded(page, state);
    for word in ["Outcome unknown", "Created"] {
        let select = page.find("combobox", "Outcome");
        let choose = "const [e, word] = arguments;
            e.value = Array.from(e.options).find(o => o.text == word).value;
            e.dispatchEvent(new Event('change', { bubbles: true }))";
        page.done(page.browser().run(choose, json!([select.json(), word])));
        page.until(format!("only {word}"), || {
            let rows = page.rows();
            Ok(!rows.is_empty() && rows.iter().all(|row| row.contains(word)))
        });
        let op = creations().next().expect("an operation");
        page.click("button", Named::Has(op.title.en));
        page.shows("Idempotency key");
        if word != "Created" {
            page.click("button", Named::Has("Look it up by"));
            page.find("button", "Use this resource");
        }
        state(&format!("details of {word}"));
        page.click("button", "Delete the record");
        page.find("dialog", "Delete this record?");
        state("the question before deleting");
        if word != "Created" {
            page.click("button", "Cancel");
            page.click("button", "Close the details");
        }
    }
    page.click("button", "Delete");
    page.find("button", "Undo");
    state("a deletion that can be taken back");
    page.click("button", "Undo");
    page.shows("The record is there again.");
}

/// A history that does not open, and one of which a record is damaged.
fn storage(page: &Page, state: &mut dyn FnMut(&str)) {
    unopened(page);
    page.reload();
    page.open("#/history");
    page.shows("cannot open this page's history");
    state("a history that does not open");
    page.done(
        page.browser()
            .run("localStorage.setItem('healed', 'yes')", json!([])),
    );
    in_database(
        page,
        "const tx = db.transaction('records', 'readwrite');
         tx.objectStore('records').put('{\"resource_id\":\"cen-broken\"', 4096);
         await ended(tx);
         return null;",
    );
    page.reload();
    page.shows("damaged and were set aside: 1.");
    state("a history with a damaged record");
}

/// What the history does not tell of: found, and what a lost request may have made among it.
fn unrecorded(page: &Page, state: &mut dyn FnMut(&str)) {
    let op = creations().next().expect("an operation");
    let mut raw = valid(op);
    raw.set(&name_path(op), "somebody-elses");
    outside(page, op, &raw);
    page.fold("Resources of the account that are not recorded here");
    page.click("button", "Look for them");
    page.find("button", "Look for them");
    page.shows("somebody-elses");
    page.shows("whose outcome is not known");
    state("history with what has no record");
    page.fold("Resources of the account that are not recorded here");
}

fn settings(page: &Page, state: &mut dyn FnMut(&str)) {
    page.open("#/settings");
    page.find("heading", "Settings");
    state("settings");
    page.type_into("endpoint", "nowhere");
    page.leave();
    page.until("the mark", || Ok(page.invalid("endpoint")));
    state("settings with an error");
    page.reload();
}

/// What is asked before something real is created.
fn review(page: &Page, state: &mut dyn FnMut(&str)) {
    pretend_live(page);
    // One whose deletion has a command, and one that has none.
    let has_command = |op: &&'static Operation| deletion_command(op, "ID", &valid(op)).is_some();
    let (with, without): (Vec<_>, Vec<_>) = creations().partition(has_command);
    for op in with.into_iter().take(1).chain(without.into_iter().take(1)) {
        let mut raw = valid(op);
        for (path, text) in doubtful(op) {
            raw.set(&path, &text);
        }
        page.open(&format!("#/create/{}", op.name));
        page.find("button", "Create");
        fill(page, op, &raw);
        page.click("button", "Create");
        page.find("button", "Create it for real");
        state(&format!("a review of {}", op.name));
        page.click("button", "Do not send");
        page.click("button", "Clear");
    }
    page.reload();
}

/// What is sent without end, then to nobody, then to the page itself.
fn connection(page: &Page, state: &mut dyn FnMut(&str)) {
    let op = creations().next().expect("an operation");
    let mut raw = valid(op);
    raw.set(&name_path(op), "walk-fault-slow");
    page.open(&format!("#/create/{}", op.name));
    fill(page, op, &raw);
    page.click("button", "Create");
    // What another record leaves open is asked about.
    page.click("button", "Send it anyway");
    page.find("button", "Sending…");
    page.until(
        "the request to have left",
        || Ok(count(page, op, &raw) == 1),
    );
    state("while sending");
    page.kill_proxy();
    page.find("heading", Named::Has("Outcome unknown"));
    page.open("#/settings");
    page.click("button", "Check the connection");
    page.shows("No proxy answers.");
    for place in ["#/settings", "#/"] {
        page.open(place);
        state(&format!("{place} without a proxy"));
    }
    offline(page, true);
    page.shows("This device is offline.");
    state("a device without a network");
    offline(page, false);
    page.shows("No proxy answers.");
    page.click("button", "Use the sandbox in this page");
    page.shows("nothing that is created here exists");
    for place in ["#/settings", "#/", "#/history"] {
        page.open(place);
        state(&format!("{place} with the sandbox in the page"));
    }
    page.open(&format!("#/create/{}", op.name));
    page.find("button", "Create");
    state("a form with the sandbox in the page");

    // A later version of the console has used the database.
    page.upgrade_database();
    raw.set(&name_path(op), "walk-unkept");
    fill(page, op, &raw);
    page.click("button", "Create");
    page.find("button", "Send without a record");
    state("a question about the record");
    page.open("#/history");
    page.shows("A newer version of this page has written this browser's history.");
    page.click("button", Named::Has(op.title.en));
    page.shows("it cannot be changed here");
    state("a history that a newer version has written");
}

/// Switches the language and the theme without moving the focus, and nothing moves meanwhile.
pub fn look(page: &Page, language: &str, theme: &str) {
    let media = json!({ "features": [
        { "name": "prefers-color-scheme", "value": theme },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    page.done(page.browser().devtools("Emulation.setEmulatedMedia", media));
    speak(page, language);
}

/// Switches the language without moving the focus.
pub fn speak(page: &Page, language: &str) {
    // The one button that is in another language than the page.
    let switch = "const [language] = args, root = document.documentElement;
        if (root.lang != language) document.querySelector('button[lang]').click();
        while (root.lang != language) await new Promise(requestAnimationFrame);";
    page.done(page.browser().run_async(switch, json!([language])));
}
