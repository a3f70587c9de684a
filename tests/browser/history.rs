//! The history: what it promises before, during and after a request, and with very many records.

use std::path::{Path, PathBuf};

use serde_json::{json, Value};
use tieline_catalog::{creations, Operation};

use crate::holding::{hold_creations, let_go};
use crate::inputs::{count, created, fill, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use tieline_test_support::webdriver::key;

/// A page that goes away while the answer is on its way leaves a record that says so.
#[test]
fn a_reload_during_a_slow_answer_leaves_a_record() {
    journey("reload-slow", TestConfig::default(), |page| {
        page.open("#/");
        for op in creations() {
            println!("{}", op.name);
            let mut raw = valid(op);
            let name = format!("{}-slow", op.name);
            raw.set(&name_path(op), &name);
            hold_creations(page);
            send(page, op, &raw);
            page.shows("Sending…");
            page.until(
                "the request to have left",
                || Ok(count(page, op, &raw) == 1),
            );
            page.reload();
            page.click("link", "History");
            // It was for a sandbox, and for nobody else: that is where it can be looked for.
            page.row(&[&name, "Outcome unknown", "simulated"]);
        }
        assert_eq!(page.rows().len(), creations().count());
        let op = creations()
            .find(|op| op.token.is_none())
            .expect("one without a token");
        page.click("button", Named::Has(op.title.en));
        page.click("button", "Look it up by name");
        page.find("button", "Use this resource");
    });
}

/// A form that is left while it sends, and comes back with its draft, does not send a second time
/// unasked: neither while the first request is on its way nor after it was answered.
#[test]
fn a_form_that_was_left_while_sending_asks_before_it_sends_again() {
    journey("left-while-sending", TestConfig::default(), |page| {
        page.open("#/");
        for op in creations() {
            println!("{}", op.name);
            let mut raw = valid(op);
            let name = format!("{}-slow", op.name);
            raw.set(&name_path(op), &name);
            hold_creations(page);
            send(page, op, &raw);
            page.shows("Sending…");
            page.until(
                "the request to have left",
                || Ok(count(page, op, &raw) == 1),
            );
            page.click("link", "History");
            page.open(&format!("#/create/{}", op.name));
            page.until("the draft", || Ok(page.value(&name_path(op)) == name));
            page.click("button", "Create");
            page.find("button", "Send it anyway");
            page.click("button", "Do not send");
            assert_eq!(count(page, op, &raw), 1);
            let_go(page);
            page.open("#/history");
            page.row(&[&name, "Created"]);
            assert_eq!(count(page, op, &raw), 1);
            // With the resource there, the draft of it is done with, wherever its form is.
            page.open(&format!("#/create/{}", op.name));
            page.control(&name_path(op));
            assert_eq!(page.value(&name_path(op)), "", "{}", op.name);
        }
    });
}

#[test]
fn records_are_filtered_shown_filled_again_and_deleted_after_asking() {
    journey("history-work", TestConfig::default(), |page| {
        let mut ids = Vec::new();
        for op in creations() {
            let raw = valid(op);
            send(page, op, &raw);
            ids.push((op, raw, created(page, op)));
        }
        page.click("link", "History");
        let total = ids.len();
        page.until("all records", || Ok(page.rows().len() == total));

        for (op, _, id) in &ids {
            // By text, by operation, by outcome.
            filter(page, id);
            page.until("one record", || {
                Ok(page.rows().len() == 1 && page.rows()[0].contains(id.as_str()))
            });
            page.shows(&format!("1 of {total}"));
            filter(page, "");
            page.choose("Operation", op.name);
            page.until("one record", || {
                Ok(page.rows().len() == 1 && page.rows()[0].contains(id.as_str()))
            });
            page.choose("Operation", "");
        }
        page.choose("Outcome", "not-created");
        page.shows("No records match the filter");
        page.click("button", "Clear the filter");
        page.until("all records", || Ok(page.rows().len() == total));

        for (op, raw, id) in &ids {
            println!("{}", op.name);
            open_details(page, op, id);
            let details = page.text();
            // What was left empty was not sent and is not in the record.
            for (path, text) in raw.leaves().into_iter().filter(|(_, t)| !t.is_empty()) {
                assert!(
                    details.contains(&path) && details.contains(text),
                    "{} {path}",
                    op.name
                );
            }
            page.click("button", "Refresh the status");
            page.until("the status", || {
                let text = page.text();
                Ok(text.contains(&format!("{id}: status ")) || text.contains("The status is"))
            });
            page.click("button", "Fill the form again");
            page.find("button", "Create");
            for (path, text) in raw.leaves() {
                assert_eq!(page.value(&path), text, "{} {path}", op.name);
            }
            page.click("link", "History");
        }

        // Deleting asks, and asks with the harmless answer first.
        let (op, raw, id) = &ids[0];
        open_details(page, op, id);
        page.click("button", "Delete the record");
        page.find("dialog", "Delete this record?");
        page.focused("button", "Cancel");
        page.done(page.browser().press(&[key::ESCAPE]));
        page.until(
            "the dialog to close",
            || Ok(!page.has("dialog", Named::Any)),
        );
        page.click("button", "Delete the record");
        page.click("button", "Delete");
        page.shows("The record was deleted.");
        page.until("one record less", || Ok(page.rows().len() == total - 1));
        assert_eq!(count(page, op, raw), 1, "the resource itself stays");
        // It can be taken back, as it was.
        page.click("button", "Undo");
        page.shows("The record is there again.");
        page.row(&[id, "Created"]);
        assert!(!page.has("button", "Undo"));
        page.reload();
        page.until("all records", || Ok(page.rows().len() == total));
        open_details(page, op, id);
        page.click("button", "Delete the record");
        page.click("button", "Delete");
        page.until("one record less", || Ok(page.rows().len() == total - 1));
        page.reload();
        page.until("one record less", || Ok(page.rows().len() == total - 1));
    });
}

#[test]
fn an_export_comes_back_and_a_table_is_harmless() {
    journey("export", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let mut raw = valid(op);
        // Allowed at the start of a description, and a formula to a spreadsheet.
        let formula = "=1+1";
        let description = name_path(op).replace("Name", "Description");
        raw.set(&description, formula);
        let named = tieline_catalog::check(op, &raw).errors().count() == 0;
        if !named {
            raw = valid(op);
        }
        send(page, op, &raw);
        let id = created(page, op);
        page.click("link", "History");
        page.row(&[&id]);

        page.click("button", "Export JSON");
        let json = download(page, ".json");
        let text = std::fs::read_to_string(&json).expect("the export");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(file["records"][0]["resource_id"], json!(id));

        page.click("button", "Export CSV");
        let csv = std::fs::read_to_string(download(page, ".csv")).expect("the table");
        assert!(csv.contains(&id), "{csv}");
        let cells = csv
            .split([',', '\n'])
            .map(|c| c.trim_matches(['"', '\u{feff}', '\r']));
        for cell in cells {
            assert!(!cell.starts_with(['=', '+', '@']), "a formula: {cell:?}");
        }

        open_details(page, op, &id);
        page.click("button", "Delete the record");
        page.click("button", "Delete");
        page.shows("Nothing has been sent yet");
        import(page, &json);
        page.shows("Imported: 1 new");
        page.row(&[&id, "Created"]);
        import(page, &json);
        page.shows("Imported: 0 new");
        assert_eq!(page.rows().len(), 1, "a second import adds nothing");

        // Another intent that claims the same resource is kept, and said to.
        let mut other = file.clone();
        other["records"][0]["key"] = json!("another-intent");
        let double = page.downloads().join("double.json");
        std::fs::write(&double, other.to_string()).expect("a file");
        import(page, &double);
        page.shows("name a resource which another record already names: 1.");
        page.until("both", || Ok(page.rows().len() == 2));

        let wrong = page.downloads().join("wrong.json");
        std::fs::write(&wrong, "{\"format\":\"other\"}").expect("a file");
        import(page, &wrong);
        page.shows("but no exported history");
        assert_eq!(page.rows().len(), 2);
    });
}

/// An export of this many records.
pub fn many(records: usize) -> String {
    let op = creations().next().expect("an operation");
    let path = name_path(op);
    let base = 1_700_000_000_000u64;
    let records: Vec<String> = (0..records)
        .map(|i| {
            let mut raw = valid(op);
            raw.set(&path, &format!("record-{i} of many"));
            let params = tieline_catalog::check(op, &raw).parsed.to_json();
            let created = base + i as u64 * 1_000;
            json!({
                "operation": op.name, "params": params, "created": created, "updated": created,
                "key": format!("key-{i}"), "outcome": "created", "endpoint": "/api",
                "resource_id": format!("id-{i}"), "status": "Active", "request_id": format!("request-{i}"),
                "simulated": true,
            })
            .to_string()
        })
        .collect();
    format!(
        "{{\"format\":\"tieline-history\",\"version\":1,\"records\":[{}]}}",
        records.join(",")
    )
}

/// What an import has written together changes and goes one by one, and comes back so.
#[test]
fn records_of_one_import_change_and_go_one_by_one() {
    journey("block", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let file = page.downloads().join("few.json");
        std::fs::write(&file, many(700)).expect("a file");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &file);
        page.shows("Imported: 700 new");
        open_details(page, op, "record-699");
        page.click("button", "Delete the record");
        page.click("button", "Delete");
        page.shows("The record was deleted.");
        open_details(page, op, "record-697");
        page.click("button", "Refresh the status");
        page.shows("was not found");
        page.reload();
        page.shows("Records: 699");
        filter(page, "record-697");
        page.row(&["record-697", "Gone"]);
        filter(page, "record-699");
        page.shows("No records match the filter");
        filter(page, "");
        // Those beside them are as they were, and the file brings back what went and nothing else.
        filter(page, "record-698");
        page.row(&["record-698", "Created"]);
        filter(page, "");
        import(page, &file);
        page.shows("Imported: 1 new, 0 updated, 699 already there, 0 refused.");
        page.reload();
        page.shows("Records: 700");
        page.click("button", "Export JSON");
        let text = std::fs::read_to_string(download(page, ".json")).expect("the export");
        let report = tieline_records::proof::verify(&text).expect("an export");
        let report = report.expect("receipts");
        assert_eq!((report.records.len(), report.findings.len()), (700, 0));
        let mut newest = report.records.windows(2);
        assert!(newest.all(|two| two[0].created > two[1].created));
    });
}

pub fn filter(page: &Page, text: &str) {
    let field = page.find("searchbox", "Text");
    page.type_over(&field, text);
}

/// Opens the details of the record of this resource.
pub fn open_details(page: &Page, op: &Operation, id: &str) {
    filter(page, id);
    page.until("one record", || Ok(page.rows().len() == 1));
    page.click("button", Named::Has(op.title.en));
    page.find("button", "Close the details");
    page.shows("Idempotency key");
    filter(page, "");
}

pub fn import(page: &Page, file: &Path) {
    page.find("button", "Import JSON");
    choose_file(page, file);
}

/// Likewise, in whichever language the page is.
pub fn choose_file(page: &Page, file: &Path) {
    // The field for the file is not shown: a button stands for it. Files cannot be chosen there.
    let field = page.done(page.browser().run(
        "return document.querySelector('input[type=file]')",
        json!([]),
    ));
    let field = tieline_test_support::webdriver::Element::of(&field).expect("a field for a file");
    page.done(page.browser().keys(&field, &file.display().to_string()));
}

/// Without its record nobody would be asked before a request goes out for a second time.
#[test]
fn the_record_of_a_request_on_its_way_cannot_be_deleted() {
    journey("delete-sending", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let mut raw = valid(op);
        let name = "kept-while-sending";
        raw.set(&name_path(op), name);
        page.open("#/");
        hold_creations(page);
        send(page, op, &raw);
        page.click("link", "History");
        page.row(&[name, "Sending"]);
        open_details(page, op, name);
        page.shows("Its request is still in progress");
        let delete = page.find("button", "Delete the record");
        assert_eq!(
            page.done(page.browser().property(&delete, "disabled")),
            "true"
        );
    });
}

/// What is none of the history's hides nothing of it.
#[test]
fn strange_entries_of_the_database_hide_nothing() {
    journey("strange", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        send(page, op, &valid(op));
        let id = created(page, op);
        page.done(page.browser().run_async(
            "const db = await new Promise((done) => {
               const opening = indexedDB.open('tieline-history');
               opening.onsuccess = () => done(opening.result);
             });
             const work = db.transaction('records', 'readwrite');
             work.objectStore('records').put('by somebody else', 'a text as a key');
             work.objectStore('records').put('{\"outcome\":\"of a later version\"}', 7);
             await new Promise((done) => { work.oncomplete = done; });
             db.close();",
            json!([]),
        ));
        page.open("#/history");
        page.reload();
        page.row(&[&id, "Created"]);
        page.shows("Not all of the stored history could be read.");
    });
}

/// Waits for a file that the page has written.
pub fn download(page: &Page, ending: &str) -> PathBuf {
    page.wait(format!("a file {ending}"), || {
        let files = std::fs::read_dir(page.downloads())
            .into_iter()
            .flatten()
            .flatten();
        let mut paths = files.map(|entry| entry.path());
        Ok(paths.find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // The browser reserves the name with an empty file, and puts the whole one in its place.
            name.starts_with("tieline-history")
                && name.ends_with(ending)
                && std::fs::metadata(path).is_ok_and(|file| file.len() > 0)
        }))
    })
}

/// Two tabs show the same history.
#[test]
fn another_tab_sees_what_happens_here() {
    journey("tabs", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        let first = page.tab();
        page.new_tab();
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &valid(op));
        page.click("button", "Create");
        let id = created(page, op);
        page.show_tab(&first);
        page.row(&[&id, "Created"]);
    });
}
