//! A submit is a snapshot: what is typed while it is under way is another intent.

use serde_json::json;
use tieline_catalog::{creations, Operation};

use crate::holding::{hold_creations, let_go, lift};
use crate::inputs::{count, created, fill, leaves, name_path, put, valid};
use crate::page::{journey, Named, Page, TestConfig};

/// A field for any text: the description, or the name where there is none.
fn other_field(op: &'static Operation) -> String {
    let all = leaves(op).into_iter();
    let mut found = all.filter(|(path, _)| path.ends_with("escription"));
    found.next().map_or_else(|| name_path(op), |(path, _)| path)
}

/// How long the history may take to be read before a submit is given up, in milliseconds.
const FINDING_MS: u32 = 15_000;

#[test]
fn what_is_typed_while_a_request_is_on_its_way_stays() {
    journey("typed-meanwhile", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let mut raw = valid(op);
            raw.set(&name_path(op), "typed-before");
            page.open(&format!("#/create/{}", op.name));
            // The answer takes as long as it takes to type something else.
            hold_creations(page);
            fill(page, op, &raw);
            page.click("button", "Create");
            page.find("button", "Sending…");
            put(page, op, &other_field(op), "typed meanwhile");
            let_go(page);
            page.until("the answer", || {
                Ok(page.text_of("region", "Answer").contains("Created"))
            });
            assert_eq!(
                page.value(&other_field(op)),
                "typed meanwhile",
                "{}",
                op.name
            );
            // Nor is the user taken away from the field.
            let script = "return document.activeElement.name";
            let focus = page.done(page.browser().run(script, json!([])));
            assert_eq!(focus, json!(other_field(op)), "{}", op.name);
            assert_eq!(count(page, op, &raw), 1, "{}", op.name);
            // The draft has it, too.
            page.reload();
            page.until("the draft", || {
                Ok(page.value(&other_field(op)) == "typed meanwhile")
            });
        }
    });
}

#[test]
fn what_was_submitted_is_sent_and_not_what_was_typed_while_it_waited() {
    journey("snapshot", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        // The database must be there to be held, and a second tab holds it while this one reads it.
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        let first = page.tab();
        let second = page.new_tab();
        page.open_beside();
        page.hold_database();
        page.show_tab(&first);
        page.open(&format!("#/create/{}", op.name));
        page.reload();
        lift(page, FINDING_MS);
        let mut submitted = valid(op);
        submitted.set(&name_path(op), "submitted-name");
        fill(page, op, &submitted);
        page.click("button", "Create");
        page.find("button", "Sending…");
        put(page, op, &name_path(op), "typed-later");
        page.show_tab(&second);
        page.release_database();
        page.show_tab(&first);
        // The focus stays where the typing is.
        page.until("the answer", || {
            Ok(page.text_of("region", "Answer").contains("Created"))
        });
        let mut later = submitted.clone();
        later.set(&name_path(op), "typed-later");
        assert_eq!(count(page, op, &submitted), 1, "what was submitted");
        assert_eq!(count(page, op, &later), 0, "what was not");
        assert_eq!(page.value(&name_path(op)), "typed-later");
        page.click("link", "History");
        page.row(&["submitted-name", "Created"]);
    });
}

/// A creation stays in sight until the next submit, also one that does not pass.
#[test]
fn a_submit_that_is_refused_takes_the_last_creation_away() {
    journey("refused-after", TestConfig::default(), |page: &Page| {
        for op in creations() {
            let wrong = crate::inputs::wrong(op);
            let Some((at, text)) = wrong.first() else {
                continue;
            };
            page.open(&format!("#/create/{}", op.name));
            fill(page, op, &valid(op));
            page.click("button", "Create");
            created(page, op);
            put(page, op, at, text);
            page.click("button", "Create");
            page.shows("The request was not sent");
            page.until("an empty answer", || {
                Ok(!page.has("heading", Named::Has("Created")))
            });
        }
    });
}

/// The form was given another token meanwhile; the repetition with the first one ends it all the same.
#[test]
fn a_repetition_from_a_question_empties_the_form() {
    journey("repeat-clears", TestConfig::default(), |page| {
        for op in creations().filter(|op| op.token.is_some()) {
            println!("{}", op.name);
            let mut raw = valid(op);
            raw.set(&name_path(op), "e2e-fault-lost");
            page.open(&format!("#/create/{}", op.name));
            fill(page, op, &raw);
            page.click("button", "Create");
            page.find("heading", "Outcome unknown");
            page.click("button", "New token");
            page.click("button", "Create");
            page.shows("It had the same parameters");
            page.click("button", "Repeat with the same token");
            created(page, op);
            assert_eq!(page.value(&name_path(op)), "", "{}", op.name);
            assert_eq!(count(page, op, &raw), 1, "{}", op.name);
        }
    });
}

/// What a form is about to record, a form that is opened after it must know.
#[test]
fn a_form_opened_again_waits_for_what_is_about_to_be_recorded() {
    journey("opened-again", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let mut raw = valid(op);
            raw.set(&name_path(op), &format!("{}-again", op.name));
            page.open(&format!("#/create/{}", op.name));
            fill(page, op, &raw);
            // Away and back within a frame or two, and submitted again as soon as the form is there.
            let script = "const [create] = [...document.querySelectorAll('button[type=submit]')];
                 const hash = location.hash;
                 create.click();
                 location.hash = '#/';
                 setTimeout(() => {
                   location.hash = hash;
                   const look = setInterval(() => {
                     const again = document.querySelector('button[type=submit]');
                     const name = document.getElementsByName(arguments[0])[0];
                     if (!again || again === create || !name?.value) return;
                     clearInterval(look);
                     again.click();
                   }, 1);
                 }, 15);";
            page.done(page.browser().run(script, json!([name_path(op)])));
            page.until("one resource", || Ok(count(page, op, &raw) > 0));
            page.until("a question, an answer or an empty form", || {
                let answer = page.text_of("region", "Answer");
                let told = answer.contains("Send it anyway") || answer.contains("Created");
                Ok(told || page.value(&name_path(op)).is_empty())
            });
            assert_eq!(count(page, op, &raw), 1, "{}", op.name);
        }
    });
}
