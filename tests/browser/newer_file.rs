//! A file that a newer version of the page has exported: it is shown, and nothing of it comes into the history.

use serde_json::{json, Value};
use tieline_catalog::check;

use crate::damaged_history::{any, in_database, make};
use crate::history::{choose_file, filter, import};
use crate::inputs::{count, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;
use tieline_test_support::webdriver::key;

/// The way back.
const CLOSE: &str = "Close the file and go back to the history";

/// A record as a newer version writes it.
fn record(nth: u64, name: &str) -> Value {
    let op = any();
    let mut raw = valid(op);
    raw.set(&name_path(op), name);
    let created = 1_760_000_000_000u64 + nth * 1_000;
    json!({
        "operation": op.name, "params": check(op, &raw).parsed.public().to_json(), "seal": nth,
        "created": created, "updated": created + 500, "key": format!("newer-{nth}"), "outcome": "created",
        "endpoint": "/api", "resource_id": format!("newer-id-{nth}"), "status": "Active",
        "events": [
            { "event": "attempt", "at": created, "n": 0, "endpoint": "/api" },
            { "event": "answer", "at": created + 500, "n": 1, "by": "cloud", "outcome": "created",
              "id": format!("newer-id-{nth}"), "status": "Active" },
            { "event": "blessed", "at": created + 600, "n": 2, "by": "a newer version" },
        ],
    })
}

/// Writes the file of a newer version, of whose four records one is of an operation that nobody knows yet.
fn write(page: &Page) -> std::path::PathBuf {
    let mut records: Vec<Value> = (0..3)
        .map(|nth| record(nth, &format!("seen-{nth}")))
        .collect();
    let mut unknown = record(3, "unseen");
    unknown["operation"] = json!("CreateSomethingNew");
    records.insert(1, unknown);
    let text = json!({ "format": "tieline-history", "version": 3, "chains": { "of": "another kind" }, "records": records });
    let file = page.downloads().join("newer.json");
    std::fs::write(&file, text.to_string()).expect("a file");
    file
}

/// Opens such a file on the page of the history.
pub fn show(page: &Page) {
    import(page, &write(page));
    page.focused(
        "paragraph",
        "A newer version of this page has written the file “newer.json”.",
    );
    page.row(&["seen-2"]);
}

/// The states of the page with it.
pub fn walk(page: &Page, state: &mut dyn FnMut(&str)) {
    show(page);
    state("a newer version's file");
    page.click("button", Named::Has("seen-1"));
    page.shows("This record is in a file that is only shown");
    state("a record of a newer version's file");
    page.click("button", "Close the details");
    page.click("button", CLOSE);
    page.focused("button", "Import JSON");
}

/// All that the database keeps, but for the times at which it was looked at.
fn kept(page: &Page) -> Value {
    in_database(
        page,
        "const all = {};
         for (const name of db.objectStoreNames) {
           const store = db.transaction(name).objectStore(name);
           all[name] = [await got(store.getAllKeys()), await got(store.getAll())];
         }
         return JSON.stringify(all);",
    )
}

/// What can be pressed or written, and what cannot.
#[track_caller]
fn idle(page: &Page, role: &str, name: &str) {
    let element = page.find(role, name);
    let closed = "return arguments[0].disabled || arguments[0].readOnly";
    let closed = page.done(page.browser().run(closed, json!([element.json()])));
    assert_eq!(closed, json!(true), "{name}");
}

fn names(page: &Page) -> Vec<String> {
    let rows = page.rows();
    let name = |row: &String| {
        row.split_whitespace()
            .find(|word| word.starts_with("seen-"))
            .map(String::from)
    };
    rows.iter().filter_map(name).collect()
}

#[test]
fn a_file_of_a_newer_version_is_shown_and_nothing_of_it_is_taken() {
    journey("newer-file", TestConfig::default(), |page| {
        let op = any();
        let own = make(page, "own");
        page.open("#/history");
        page.row(&[&own, "Created"]);
        let before = kept(page);
        // Whoever asks about a resource of the file is noticed.
        let script = "window.asked = []; const fetch = window.fetch;
            window.fetch = (...all) => { window.asked.push(String(all[1]?.body ?? '')); return fetch(...all); };";
        page.done(page.browser().run(script, json!([])));
        show(page);
        page.shows("nothing of them is added to this history");
        page.shows("Records of it that this version cannot read and does not show: 1. The first one, number 2: it names no creation that this page knows.");
        page.shows("Records: 3");
        assert_eq!(names(page), ["seen-2", "seen-1", "seen-0"]);
        assert!(!page.text().contains(&own), "a list of its own");
        // In Chinese as well.
        speak(page, "zh-CN");
        page.shows("文件“newer.json”由较新版本的页面导出。");
        page.shows("本版本无法读取");
        page.find("button", "关闭文件，返回历史记录");
        speak(page, "en");

        // It is sorted, searched and filtered.
        page.click("button", Named::Has("Time"));
        page.until("the oldest first", || {
            Ok(names(page) == ["seen-0", "seen-1", "seen-2"])
        });
        filter(page, "newer-id-1");
        page.until("one record", || Ok(names(page) == ["seen-1"]));
        page.shows("1 of 3 records");

        // Its details tell what is known of them, and nothing can be done with it.
        page.click("button", Named::Has(op.title.en));
        page.shows("The cloud answered: Created");
        page.shows("blessed");
        page.shows("This record is in a file that is only shown");
        for name in [
            "Delete the record",
            "Refresh the status",
            "Fill the form again",
        ] {
            idle(page, "button", name);
        }
        idle(page, "textbox", "Note");
        page.click("button", "Close the details");
        filter(page, "");
        for name in ["Import JSON", "Export JSON", "Check against the cloud"] {
            idle(page, "button", name);
        }
        page.click("checkbox", Named::Has("Select all records shown"));
        for name in [
            "Delete the selected records",
            "Check against the cloud: the selected records",
        ] {
            idle(page, "button", name);
        }
        page.click("button", "Clear the selection");
        assert!(!page.text().contains("not recorded here"));
        page.until("the file to be asked about by nobody", || {
            let asked = page
                .browser()
                .run("return window.asked.join()", json!([]))?;
            Ok(!asked.to_string().contains("newer-id"))
        });

        // The way back by the keyboard.
        let back = page.find("button", CLOSE);
        page.done(
            page.browser()
                .run("arguments[0].focus()", json!([back.json()])),
        );
        page.done(page.browser().press(&[key::ENTER]));
        page.focused("button", "Import JSON");
        page.row(&[&own, "Created"]);
        assert_eq!(page.rows().len(), 1);
        assert_eq!(kept(page), before, "nothing of it is stored");

        // The address of a record leads there, too.
        show(page);
        page.done(
            page.browser()
                .run("location.hash = '#/history/7'", json!([])),
        );
        page.row(&[&own, "Created"]);
        assert_eq!(page.rows().len(), 1);

        // What cannot be listed is refused as before, and leads nowhere.
        let sealed = page.downloads().join("sealed.json");
        let text = "{\"format\":\"tieline-history\",\"version\":3,\"records\":{}}";
        std::fs::write(&sealed, text).expect("a file");
        choose_file(page, &sealed);
        page.shows("The file comes from a newer version of this page.");
        page.row(&[&own, "Created"]);
        page.reload();
        page.row(&[&own, "Created"]);
        assert_eq!(page.rows().len(), 1);
        assert!(!page.text().contains("seen-"));
        // It was not sent from here: nobody is asked before the same is.
        let mut raw = valid(op);
        raw.set(&name_path(op), "seen-1");
        send(page, op, &raw);
        crate::inputs::created(page, op);
        assert_eq!(count(page, op, &raw), 1);
    });
}
