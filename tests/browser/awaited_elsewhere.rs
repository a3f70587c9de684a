//! A request whose answer another tab waits for: what is said of it here while that lasts, and when that tab is gone.

use serde_json::json;

use crate::damaged_history::any;
use crate::history::open_details;
use crate::holding::{hold_creations, let_go};
use crate::inputs::{count, created, fill, name_path, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::second_tab::Tab;
use tieline_catalog::Raw;

/// Keeps this tab from asking others whether they still wait, until [`ask_in_vain`].
fn hold_questions(page: &Page) {
    let script = "const before = window.setTimeout;
        window.questions = [];
        window.setTimeout = (act, ms, ...rest) =>
          ms == 5_000 ? window.questions.push(act) : before(act, ms, ...rest);";
    page.done(page.browser().run(script, json!([])));
}

/// Has it ask as often as it takes until nobody is believed any more who does not answer.
fn ask_in_vain(page: &Page) {
    for _ in 0..5 {
        page.until("a question to be due", || {
            let asks = "return window.questions.splice(0).map(act => act()).length";
            Ok(page.browser().run(asks, json!([]))? != json!(0))
        });
    }
}

/// A tab that is killed while it waits for an answer says nothing of that.
#[test]
fn what_a_killed_tab_was_waiting_for_becomes_unknown() {
    journey("killed-tab", TestConfig::default(), |page| {
        let op = any();
        let mut raw = valid(op);
        raw.set(&name_path(op), "killed-while-sending");
        let first = page.tab();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        hold_questions(page);
        let second = page.new_tab();
        page.open(&format!("#/create/{}", op.name));
        let no_word = "const post = BroadcastChannel.prototype.postMessage;
             BroadcastChannel.prototype.postMessage = function (message) {
               if (!String(message).startsWith('gone ')) post.call(this, message);
             };";
        page.done(page.browser().run(no_word, json!([])));
        hold_creations(page);
        fill(page, op, &raw);
        page.click("button", "Create");
        page.shows("Sending…");
        page.until("it to have left", || Ok(count(page, op, &raw) == 1));
        page.show_tab(&first);
        page.row(&["killed-while-sending", "Sending"]);
        page.show_tab(&second);
        page.done(page.browser().delete("window"));
        page.show_tab(&first);
        let row = page.row(&["killed-while-sending"]);
        assert!(row.contains("Sending"), "it is believed until then: {row}");
        ask_in_vain(page);
        page.row(&["killed-while-sending", "Outcome unknown"]);
    });
}

/// Has one tab send and keep its answer, and another one ask about that; both tabs, the one in sight last.
fn asked_in_two(page: &Page, raw: &Raw) -> [Tab; 2] {
    let op = any();
    page.open(&format!("#/create/{}", op.name));
    fill(page, op, raw);
    let first = page.tab();
    let second = page.new_tab();
    page.open(&format!("#/create/{}", op.name));
    fill(page, op, raw);
    page.show_tab(&first);
    hold_creations(page);
    page.click("button", "Create");
    page.until("it to have left", || Ok(count(page, op, raw) == 1));
    page.show_tab(&second);
    page.click("button", "Create");
    page.shows("An earlier request is still in progress");
    [first, second]
}

/// A question tells of the earlier request what is true of it now, not what was when it was asked.
#[test]
fn a_question_about_another_tabs_request_tells_when_that_has_its_answer() {
    journey("question-goes-on", TestConfig::default(), |page| {
        let op = any();
        let mut raw = valid(op);
        raw.set(&name_path(op), "asked-about-in-two");
        let [first, second] = asked_in_two(page, &raw);
        page.show_tab(&first);
        let_go(page);
        let id = created(page, op);
        page.show_tab(&second);
        page.shows("An earlier request has created a resource from the same input");
        assert!(!page.text().contains("still in progress"));
        page.click("button", "Do not send");
        page.click("link", "History");
        page.row(&["asked-about-in-two", &id]);
        assert_eq!(count(page, op, &raw), 1);
    });
}

/// What may exist and has no token is not sent again before somebody has looked, also where the other tab went away
/// after it was asked about.
#[test]
fn a_question_about_a_tab_that_goes_away_waits_for_somebody_to_look() {
    journey("question-and-gone", TestConfig::default(), |page| {
        let op = any();
        assert!(op.token.is_none(), "nothing makes a repetition safe");
        let mut raw = valid(op);
        raw.set(&name_path(op), "asked-about-and-gone");
        let [first, second] = asked_in_two(page, &raw);
        page.show_tab(&first);
        page.done(page.browser().delete("window"));
        page.show_tab(&second);
        page.shows("An earlier request was sent, and its outcome is unknown");
        let disabled = "return arguments[0].disabled";
        let anyway = |page: &Page| {
            let anyway = page.find("button", "Send it anyway");
            page.done(page.browser().run(disabled, json!([anyway.json()])))
        };
        assert_eq!(anyway(page), json!(true));
        page.click("button", "Look it up by name");
        page.find("button", "Use this resource");
        assert_eq!(anyway(page), json!(true), "its own may not be there yet");
        page.click("button", "Use this resource");
        created(page, op);
        assert_eq!(count(page, op, &raw), 1);
    });
}

/// A note is a change of the record, and settles nothing.
#[test]
fn what_another_tab_waits_for_stays_in_progress_whatever_is_noted_beside_it() {
    journey("noted-meanwhile", TestConfig::default(), |page| {
        let op = any();
        let mut raw = valid(op);
        raw.set(&name_path(op), "noted-meanwhile");
        let [_, second] = asked_in_two(page, &raw);
        page.new_tab();
        page.open("#/history");
        open_details(page, op, "noted-meanwhile");
        let note = page.find("textbox", "Note");
        page.type_over(&note, "for the office in Bonn");
        page.leave();
        page.shows("The note is saved.");
        page.show_tab(&second);
        page.shows("An earlier request is still in progress");
        // What it was told of the note it has taken in by now: its own list shows it.
        page.click("link", "History");
        open_details(page, op, "noted-meanwhile");
        page.until("the note", || {
            let note = page.find("textbox", "Note");
            Ok(page.browser().property(&note, "value")? == "for the office in Bonn")
        });
        page.click("button", "Close the details");
        page.row(&["noted-meanwhile", "Sending"]);
    });
}

/// A renderer that crashes tells nobody. Whoever asked about its request is told that nobody waits for it any more, and
/// may not send the same blindly, then or before.
#[test]
fn a_question_about_a_tab_that_crashes_ends_as_soon_as_it_does_not_answer() {
    journey("crashed-tab", TestConfig::default(), |page| {
        let op = any();
        assert!(op.token.is_none(), "nothing makes a repetition safe");
        let mut raw = valid(op);
        raw.set(&name_path(op), "crashed-while-sending");
        let first = page.tab();
        let second = page.new_tab();
        page.open(&format!("#/create/{}", op.name));
        hold_questions(page);
        fill(page, op, &raw);
        page.show_tab(&first);
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &raw);
        hold_creations(page);
        page.click("button", "Create");
        page.until("it to have left", || Ok(count(page, op, &raw) == 1));
        page.show_tab(&second);
        page.click("button", "Create");
        page.shows("An earlier request is still in progress");
        let may_send = || {
            let button = page.find("button", "Send it anyway");
            page.done(page.browser().property(&button, "disabled")) == "false"
        };
        assert!(!may_send(), "it has no token");
        page.show_tab(&first);
        // The command has no answer, either.
        let crash = json!({ "url": "chrome://crash" });
        let _ = page.browser().post("url", &crash);
        page.show_tab(&second);
        ask_in_vain(page);
        page.shows("An earlier request was sent, and its outcome is unknown");
        assert!(!may_send());
        page.click("button", Named::Has("Look it up by"));
        page.click("button", "Use this resource");
        created(page, op);
        assert_eq!(count(page, op, &raw), 1);
    });
}

/// Somebody holds the database when the word comes that another tab has its answer, for longer than a read waits.
#[test]
fn what_another_tab_has_created_is_shown_as_soon_as_it_can_be_read() {
    journey("unread-news", TestConfig::default(), |page| {
        let op = any();
        let mut raw = valid(op);
        raw.set(&name_path(op), "unread-news");
        let first = page.tab();
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &raw);
        hold_creations(page);
        let second = page.new_tab();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        page.show_tab(&first);
        page.click("button", "Create");
        page.until("it to have left", || Ok(count(page, op, &raw) == 1));
        page.show_tab(&second);
        page.row(&["unread-news", "Sending"]);
        // The next look at the database stands behind a change of the records that takes 5 s.
        let slow = "const open = IDBDatabase.prototype.transaction;
             IDBDatabase.prototype.transaction = function (...all) {
               IDBDatabase.prototype.transaction = open;
               const work = open.call(this, ['records', 'intents'], 'readwrite');
               const records = work.objectStore('records'), until = Date.now() + 5_000;
               const again = () => {
                 if (Date.now() < until) records.get(0).onsuccess = again; else window.passed = true;
               };
               again();
               return open.apply(this, all);
             };";
        page.done(page.browser().run(slow, json!([])));
        page.show_tab(&first);
        let_go(page);
        let id = created(page, op);
        page.show_tab(&second);
        page.until("the database to be free", || {
            Ok(page.browser().run("return window.passed", json!([]))? == json!(true))
        });
        page.row(&["unread-news", &id]);
    });
}
