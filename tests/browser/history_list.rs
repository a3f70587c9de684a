//! The list of the history as a tool for every day: sorted, grouped, with rows that are selected, columns that
//! are chosen, and notes.

use serde_json::{json, Value};
use tieline_catalog::creations;

use crate::history::{download, filter, import, many, open_details};
use crate::inputs::{created, send, valid};
use crate::layout::{fits, sized};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;
use tieline_test_support::webdriver::key;

/// A history of this many records, each a second younger than the one before.
pub fn listed(page: &Page, records: usize) {
    let file = page.downloads().join("listed.json");
    std::fs::write(&file, many(records)).expect("a file");
    page.open("#/history");
    page.shows("Nothing has been sent yet");
    import(page, &file);
    page.shows(&format!("Imported: {records} new"));
}

/// The numbers of the records in the rows, from the top.
pub fn numbers(page: &Page) -> Vec<usize> {
    let number = |row: &String| {
        let name = row
            .split_whitespace()
            .find_map(|w| w.strip_prefix("record-"));
        name.and_then(|number| number.parse().ok())
    };
    page.rows().iter().filter_map(number).collect()
}

#[track_caller]
pub fn in_order(page: &Page, expected: &[usize]) {
    page.until(format!("the records {expected:?}"), || {
        Ok(numbers(page) == expected)
    });
}

/// How a column says that it is sorted.
fn direction(page: &Page, column: &str) -> String {
    let script = "const all = Array.from(document.querySelectorAll('thead th'));
        return all.find(e => e.textContent.includes(arguments[0])).getAttribute('aria-sort') ?? ''";
    let said = page.done(page.browser().run(script, json!([column])));
    said.as_str().unwrap_or_default().to_string()
}

#[test]
fn each_column_sorts_both_ways_and_the_newest_come_first() {
    journey("sorted", TestConfig::default(), |page| {
        listed(page, 12);
        let up: Vec<usize> = (0..12).collect();
        let down: Vec<usize> = (0..12).rev().collect();
        in_order(page, &down);
        assert_eq!(direction(page, "Time"), "descending");
        for (column, first, second) in [
            ("Name", &up, &down),
            ("Resource ID", &up, &down),
            ("Time", &down, &up),
        ] {
            for (order, said) in [(first, 0), (second, 1)] {
                page.click("button", column);
                in_order(page, order);
                let ascending = order[0] == 0;
                let name = if ascending { "ascending" } else { "descending" };
                assert_eq!(direction(page, column), name, "{column} {said}");
            }
        }
        assert_eq!(direction(page, "Name"), "", "by one column at a time");

        // By keyboard, and a filter keeps the order.
        let head = page.find("button", "Name");
        page.done(page.browser().keys(&head, key::ENTER));
        in_order(page, &up);
        page.focused("button", "Name");
        filter(page, "record-1");
        in_order(page, &[1, 10, 11]);
        // So does the table that is written.
        page.click("button", "Export CSV");
        let csv = std::fs::read_to_string(download(page, ".csv")).expect("the table");
        let places: Vec<_> = [1, 10, 11]
            .map(|n| csv.find(&format!("record-{n} ")))
            .into_iter()
            .collect();
        assert!(places.is_sorted() && places[0].is_some(), "{csv}");
        page.reload();
        in_order(page, &down);
    });
}

/// Clicks the box of a row, with the shift key if it is a `range`.
pub fn pick(page: &Page, record: usize, range: bool) {
    let name = format!("record-{record} of many");
    let field = page.find("checkbox", Named::Has(&name));
    if !range {
        return page.click_on(&field);
    }
    let place = page.done(page.browser().run(
        "const box = arguments[0]; box.scrollIntoView({ block: 'center', behavior: 'instant' });
         const { x, y, width, height } = box.getBoundingClientRect();
         return [x + width / 2, y + height / 2]",
        json!([field.json()]),
    ));
    for kind in ["mousePressed", "mouseReleased"] {
        let click = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left",
            "clickCount": 1, "modifiers": 8 });
        page.done(page.browser().devtools("Input.dispatchMouseEvent", click));
    }
}

/// The numbers of the selected records, from the top.
fn selected(page: &Page) -> Vec<usize> {
    let script = "return Array.from(document.querySelectorAll('tbody input[type=checkbox]'))
        .filter(e => e.checked).map(e => e.getAttribute('aria-label'))";
    let names = page.done(page.browser().run(script, json!([])));
    let names = names.as_array().into_iter().flatten();
    let number = |name: &str| {
        name.split("record-")
            .nth(1)?
            .split(' ')
            .next()?
            .parse()
            .ok()
    };
    names.filter_map(|name| number(name.as_str()?)).collect()
}

#[track_caller]
fn are_selected(page: &Page, expected: &[usize]) {
    page.until(format!("{expected:?} to be selected"), || {
        Ok(selected(page) == expected)
    });
    if !expected.is_empty() {
        page.shows(&format!("Selected: {}", expected.len()));
    }
}

const THESE: &str = ": the selected records";

#[test]
fn rows_are_selected_by_mouse_and_keyboard_and_what_is_done_is_done_with_them() {
    journey("selected", TestConfig::default(), |page| {
        listed(page, 12);
        pick(page, 8, false);
        are_selected(page, &[8]);
        assert!(
            !page.has("button", "Close the details"),
            "a box opens nothing"
        );
        pick(page, 5, true);
        are_selected(page, &[8, 7, 6, 5]);
        pick(page, 7, false);
        are_selected(page, &[8, 6, 5]);

        // What the filter hides stays selected and is left alone.
        filter(page, "record-6");
        are_selected(page, &[6]);
        page.click("button", Named::Is(&format!("Export CSV{THESE}")));
        page.shows("Records exported: 1. The file has a part of the history");
        let csv = std::fs::read_to_string(download(page, ".csv")).expect("the table");
        assert!(
            csv.contains("record-6 ") && !csv.contains("record-8 "),
            "{csv}"
        );
        filter(page, "");
        are_selected(page, &[8, 6, 5]);
        page.click("button", Named::Is(&format!("Export JSON{THESE}")));
        page.shows("Records exported: 3. The file has a part of the history");
        let json = std::fs::read_to_string(download(page, ".json")).expect("the file");
        let report = tieline_records::proof::verify(&json).expect("an export");
        let report = report.expect("receipts");
        assert_eq!((report.records.len(), report.findings.len()), (3, 0));
        page.click(
            "button",
            Named::Is(&format!("Check against the cloud{THESE}")),
        );
        page.shows("Checked: 3 of 3.");
        page.row(&["record-8", "Gone"]);
        page.row(&["record-7", "Created"]);

        page.click("button", "Clear the selection");
        are_selected(page, &[]);
        page.focused("searchbox", "");

        // The keyboard: a row, the rows up to another, and all that is shown.
        let row = page.find("button", Named::Has("record-11 of many"));
        page.done(page.browser().keys(&row, "x"));
        are_selected(page, &[11]);
        for next in [10, 9] {
            page.done(page.browser().press(&["j"]));
            page.focused("button", &format!("record-{next} of many"));
        }
        page.done(page.browser().press(&["X"]));
        are_selected(page, &[11, 10, 9]);
        page.done(page.browser().press(&["x"]));
        are_selected(page, &[11, 10]);
        filter(page, "record-1");
        let all = page.find("checkbox", "Select all records shown: 3");
        let partly = page.done(page.browser().property(&all, "indeterminate"));
        assert_eq!(partly, "true");
        page.done(page.browser().keys(&all, key::SPACE));
        are_selected(page, &[11, 10, 1]);
    });
}

/// What the page asks, to be looked at.
const WATCH: &str = "window.asked = [];
    const before = window.fetch;
    window.fetch = async (...all) => {
      const request = new Request(...all);
      window.asked.push(request.url + ' ' + await request.clone().text());
      return before(request);
    };";

#[test]
fn a_note_is_kept_found_exported_and_sent_to_nobody() {
    journey("noted", TestConfig::default(), |page| {
        let op = creations()
            .find(|op| op.read_back().is_some())
            .expect("one");
        send(page, op, &valid(op));
        let id = created(page, op);
        page.click("link", "History");
        page.done(page.browser().run(WATCH, json!([])));
        let note = || page.find("textbox", "Note");
        let noted = |text: &str| {
            page.until(format!("the note {text:?}"), || {
                Ok(page.browser().property(&note(), "value")? == text)
            });
        };
        open_details(page, op, &id);
        page.type_over(&note(), "for the office in Köln");
        page.leave();
        page.shows("The note is saved.");
        page.shows("A note was written");
        // Escape closes the details, and nothing of it is lost.
        page.type_over(&note(), "for the office in Bonn");
        page.done(page.browser().press(&[key::ESCAPE]));
        page.until("the details to close", || {
            Ok(!page.has("button", "Close the details"))
        });
        page.shows("The note is saved.");
        filter(page, "köln");
        page.shows("No records match the filter");
        filter(page, "OFFICE bonn");
        page.row(&[&id]);
        filter(page, "");
        page.reload();
        page.done(page.browser().run(WATCH, json!([])));
        open_details(page, op, &id);
        noted("for the office in Bonn");
        page.click("button", "Refresh the status");
        page.shows("The status is still");
        page.click("button", "Close the details");

        page.click("button", "Export CSV");
        let csv = std::fs::read_to_string(download(page, ".csv")).expect("the table");
        assert!(csv.contains("for the office in Bonn"), "{csv}");
        page.click("button", "Export JSON");
        let file = download(page, ".json");
        let text = std::fs::read_to_string(&file).expect("the file");
        assert!(text.contains("in Bonn") && !text.contains("Köln"), "{text}");
        let report = tieline_records::proof::verify(&text).expect("an export");
        assert_eq!(report.expect("receipts").findings, []);
        let older = page.downloads().join("older.json");
        std::fs::rename(&file, &older).expect("moved");

        open_details(page, op, &id);
        page.type_over(&note(), "for nobody any more");
        page.click("button", "Fill the form again");
        page.find("button", "Create");
        let asked = page.done(page.browser().run("return window.asked", json!([])));
        let asked: Vec<String> = serde_json::from_value(asked).expect("texts");
        assert!(
            asked.iter().any(|request| request.contains(&id)),
            "{asked:?}"
        );
        for word in ["Bonn", "nobody any more"] {
            assert!(
                !asked.iter().any(|request| request.contains(word)),
                "{asked:?}"
            );
        }
        // What an older file says does not come back, and the newer note is in another browser, too.
        page.click("link", "History");
        import(page, &older);
        page.shows("0 updated, 1 already there");
        page.click("button", "Export JSON");
        let newer = download(page, ".json");
        page.open_beside();
        page.delete_database();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        for file in [&older, &newer] {
            import(page, file);
            page.shows(if file == &older { "1 new" } else { "1 updated" });
        }
        open_details(page, op, &id);
        noted("for nobody any more");
    });
}

/// The heads of the days in the list.
fn days(page: &Page) -> Vec<String> {
    let script =
        "return Array.from(document.querySelectorAll('tbody th'), e => e.innerText.replace(/\\s+/g, ' ').trim())";
    let heads = page.done(page.browser().run(script, json!([])));
    serde_json::from_value(heads).expect("texts")
}

#[test]
fn a_list_by_time_has_a_head_for_each_day() {
    journey("days", TestConfig::default(), |page| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.expect("a time after 1970").as_millis() as u64;
        let mut file: Value = serde_json::from_str(&many(4)).expect("JSON");
        // The last two are of today, the others of yesterday and of long ago.
        for (at, hours) in [(3, 0), (2, 0), (1, 24)] {
            let record = &mut file["records"][at];
            record["created"] = json!(now - hours * 3_600_000 - 1_000 + at as u64);
            record["updated"] = record["created"].clone();
        }
        let path = page.downloads().join("days.json");
        std::fs::write(&path, file.to_string()).expect("a file");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &path);
        in_order(page, &[3, 2, 1, 0]);
        let old = "2023-11-14 · Tuesday";
        assert_eq!(days(page), ["Today 2", "Yesterday 1", &format!("{old} 1")]);
        page.find("heading", "Yesterday");
        page.click("button", "Time");
        in_order(page, &[0, 1, 2, 3]);
        assert_eq!(days(page), [&format!("{old} 1"), "Yesterday 1", "Today 2"]);
        page.click("button", "Name");
        page.until("no heads", || Ok(days(page).is_empty()));
        page.click("button", "Time");
        page.until("the heads", || Ok(days(page).len() == 3));
        speak(page, "zh-CN");
        assert_eq!(days(page), ["今天 2", "昨天 1", "2023-11-14 · 星期二 1"]);
        speak(page, "en");
        filter(page, "record-1");
        page.until("one day", || Ok(days(page) == ["Yesterday 1"]));
    });
}

/// The names of the columns.
fn columns(page: &Page) -> Vec<String> {
    let script =
        "return Array.from(document.querySelectorAll('thead th button'), e => e.firstChild.data)";
    let names = page.done(page.browser().run(script, json!([])));
    serde_json::from_value(names).expect("texts")
}

#[test]
fn columns_are_chosen_by_keyboard_and_kept() {
    journey("columns", TestConfig::default(), |page| {
        listed(page, 3);
        let usual = [
            "Time",
            "Operation",
            "Name",
            "Resource ID",
            "Outcome",
            "Status",
        ];
        assert_eq!(columns(page), usual);
        let menu = page.find("button", "Columns");
        page.done(page.browser().keys(&menu, key::ENTER));
        for column in ["Operation", "Status", "Request ID", "Last changed", "Note"] {
            let choice = page.find("checkbox", column);
            page.done(page.browser().keys(&choice, key::SPACE));
        }
        let chosen = [
            "Time",
            "Name",
            "Resource ID",
            "Outcome",
            "Request ID",
            "Last changed",
            "Note",
        ];
        page.until("the chosen columns", || Ok(columns(page) == chosen));
        page.done(page.browser().press(&[key::ESCAPE]));
        page.focused("button", "Columns");
        assert!(!page.has("checkbox", "Note"));
        page.reload();
        page.row(&["record-0", "request-0"]);
        assert_eq!(columns(page), chosen);
        page.click("button", "Request ID");
        in_order(page, &[0, 1, 2]);
        // Wherever there is too little room.
        for width in [900, 390, 320] {
            sized(page, width, 844);
            page.row(&["record-2", "request-2"]);
            fits(page, &format!("the chosen columns at {width}"));
        }
        sized(page, 1400, 900);
        page.click("button", "Columns");
        page.click("button", "Usual columns");
        page.until("the usual columns", || Ok(columns(page) == usual));
        page.reload();
        page.row(&["record-0"]);
        assert_eq!(columns(page), usual);
    });
}

#[test]
fn details_without_room_lie_over_the_list_and_close_at_a_press_beside_them() {
    journey("details-over", TestConfig::default(), |page| {
        listed(page, 3);
        let open = |name: &str| page.click("button", Named::Has(name));
        open("record-1 of many");
        page.find("region", "record-1 of many");
        assert!(!page.has("dialog", Named::Any), "beside the list");
        sized(page, 1000, 800);
        page.find("dialog", "record-1 of many");
        // The ids are there as they are.
        for id in ["id-1", "request-1", "key-1"] {
            page.shows(id);
        }
        let at = json!({ "x": 300, "y": 300, "button": "left", "clickCount": 1 });
        for kind in ["mousePressed", "mouseReleased"] {
            let mut click = at.clone();
            click["type"] = json!(kind);
            page.done(page.browser().devtools("Input.dispatchMouseEvent", click));
        }
        page.until("the details to close", || {
            Ok(!page.has("dialog", Named::Any))
        });
        page.focused("button", "record-1 of many");
        open("record-2 of many");
        page.find("dialog", "record-2 of many");
        page.done(page.browser().press(&[key::ESCAPE]));
        page.focused("button", "record-2 of many");
    });
}
