//! What a record tells: everything that happened, one verdict, and receipts that prove it.

use std::path::PathBuf;

use serde_json::{json, Value};
use tieline_catalog::reconcile::look_up;
use tieline_catalog::{creations, Operation, Raw};
use tieline_records::proof::{verify, Report};

use crate::history::{download, filter, import, open_details};
use crate::holding::{hold_reads, let_go, put_ahead};
use crate::inputs::{created, distinguish, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};

/// An operation whose status can be asked for with nothing but what is recorded.
fn readable() -> &'static Operation {
    let mut all = creations();
    all.find(|op| op.token.is_some() && op.read_back().is_some_and(|r| !r.pending.is_empty()))
        .expect("an operation with a status that changes")
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.expect("after 1970").as_millis() as u64
}

/// A file of records as the first version wrote them, of resources that no sandbox has.
fn old_export(page: &Page, ages_ms: &[u64]) -> PathBuf {
    let op = readable();
    let records: Vec<Value> = ages_ms
        .iter()
        .enumerate()
        .map(|(i, age)| {
            let mut raw = valid(op);
            raw.set(&name_path(op), &format!("old-{i}"));
            let params = tieline_catalog::check(op, &raw).parsed.public().to_json();
            json!({
                "operation": op.name, "params": params, "created": now() - age,
                "updated": now() - age, "key": format!("old-key-{i}"), "outcome": "created",
                "endpoint": "/api", "resource_id": format!("cen-old{i}"), "status": "Active",
                "simulated": true,
            })
        })
        .collect();
    let file = page.downloads().join("old.json");
    let text = json!({ "format": "tieline-history", "version": 1, "records": records });
    std::fs::write(&file, text.to_string()).expect("written");
    file
}

/// The same of resources that are real.
fn real(export: PathBuf) -> PathBuf {
    let text = std::fs::read_to_string(&export).expect("a file");
    std::fs::write(&export, text.replace(",\"simulated\":true", "")).expect("written");
    export
}

/// Exports the history; the file's text and what is to be said about it.
fn export(page: &Page) -> (String, Report) {
    let file = {
        page.click("button", "Export JSON");
        download(page, ".json")
    };
    let text = std::fs::read_to_string(&file).expect("the export");
    std::fs::remove_file(file).expect("removed");
    let report = verify(&text).expect("an export").expect("receipts");
    (text, report)
}

/// Receipts are written with the records, by whichever tab, and an export can be held against them.
#[test]
fn an_export_is_whole_whoever_wrote_it_and_a_changed_one_is_not() {
    journey("receipts", TestConfig::default(), |page| {
        let op = readable();
        let mut ids = Vec::new();
        let first = page.tab();
        let make = |page: &Page, name: &str| {
            let mut raw = valid(op);
            raw.set(&name_path(op), name);
            send(page, op, &raw);
            created(page, op)
        };
        ids.push(make(page, "one"));
        page.new_tab();
        ids.push(make(page, "two"));
        page.show_tab(&first);
        ids.push(make(page, "three"));
        page.reload();
        page.click("link", "History");
        for id in &ids {
            page.row(&[id, "Active"]);
        }
        page.find("button", "Copy the chain's head");
        let (text, report) = export(page);
        assert_eq!(report.findings, [], "{text}");
        assert_eq!((report.records.len(), report.partial), (3, false));
        assert_eq!(report.chains.len(), 1, "one chain for all tabs");
        assert!(report.unproven.is_empty());

        let changed = text.replace(&ids[1], "cen-somebody-elses");
        let found = verify(&changed).expect("an export").expect("receipts");
        assert!(!found.findings.is_empty());

        // A filter is said to be one, and a deletion is on record.
        filter(page, &ids[0]);
        page.until("one record", || Ok(page.rows().len() == 1));
        let (_, report) = export(page);
        assert_eq!((report.findings.len(), report.partial), (0, true));
        open_details(page, op, &ids[0]);
        page.click("button", "Delete the record");
        page.click("button", "Delete");
        page.shows("The record was deleted.");
        let (text, report) = export(page);
        assert_eq!(
            (report.findings.len(), report.records.len()),
            (0, 2),
            "{text}"
        );

        // In another browser the records keep the chain that they came with, and get one more. A filtered file
        // brings the receipts of records that it has not.
        filter(page, &ids[1]);
        page.until("one record", || Ok(page.rows().len() == 1));
        let part = export(page).0;
        let part_file = page.downloads().join("part.json");
        std::fs::write(&part_file, part).expect("written");
        let file = page.downloads().join("theirs.json");
        std::fs::write(&file, &text).expect("written");
        page.open_beside();
        page.delete_database();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &part_file);
        page.shows("Imported: 1 new");
        let (text, report) = export(page);
        assert_eq!(report.findings, [], "{text}");
        import(page, &file);
        page.shows("Imported: 1 new, 0 updated, 1 already there");
        make(page, "four");
        page.click("link", "History");
        page.until("all records", || Ok(page.rows().len() == 3));
        let (text, report) = export(page);
        assert_eq!(report.findings, [], "{text}");
        assert_eq!((report.records.len(), report.chains.len()), (3, 2));
    });
}

/// What happened stands in its order, and nothing that is said about a resource contradicts it.
#[test]
fn the_details_tell_what_happened_and_say_one_thing() {
    journey("time-line", TestConfig::default(), |page| {
        let op = readable();
        send(page, op, &valid(op));
        let id = created(page, op);
        page.click("link", "History");
        page.row(&[&id, "Created", "Active"]);
        open_details(page, op, &id);
        page.shows("What happened");
        page.shows(&format!("The cloud answered: Created · {id}"));
        page.shows("Status Active");
        page.click("button", "Close the details");

        // One that was made long ago and is not there any more, and one that no read knows yet.
        let file = old_export(page, &[3_600_000, 1_000]);
        import(page, &file);
        page.shows("Imported: 2 new");
        for (name, standing, status) in [
            ("old-0", "Gone", "Not found"),
            ("old-1", "Creating", "Not visible yet"),
        ] {
            page.row(&[name, "Created", "Active"]);
            open_details(page, op, name);
            page.shows("Before there was a time line: Created");
            page.shows("Imported from a file");
            page.click("button", "Refresh the status");
            let row = page.row(&[name, standing, status]);
            assert!(!row.contains("Created"), "{row}");
            page.shows("was not found");
            page.click("button", "Close the details");
        }
        page.choose("Outcome", "gone");
        page.until("one record", || Ok(page.rows().len() == 1));
        page.row(&["old-0"]);
    });
}

/// What only this browser knows is asked to be kept, and its user is reminded of it.
#[test]
fn ids_that_were_never_exported_are_reminded_of() {
    journey("reminder", TestConfig::default(), |page| {
        let op = readable();
        page.open(&format!("#/create/{}", op.name));
        page.done(page.browser().run(
            "window.kept = 0; navigator.storage.persist = () => { window.kept++; return Promise.resolve(true); };",
            json!([]),
        ));
        send(page, op, &valid(op));
        created(page, op);
        let kept = page.done(page.browser().run("return window.kept", json!([])));
        assert_eq!(kept, json!(1), "asked for at the first creation");
        page.click("link", "History");
        let file = real(old_export(page, &[3_600_000; 10]));
        import(page, &file);
        page.shows("Resource IDs that are in this browser only: 10.");
        page.reload();
        page.shows("Resource IDs that are in this browser only: 10.");
        export(page);
        page.until("no reminder", || {
            Ok(!page.text().contains("in this browser only"))
        });
        page.reload();
        page.until("all records", || Ok(page.rows().len() == 11));
        assert!(!page.text().contains("in this browser only"));
    });
}

/// A resource is offered with what speaks for it, and taken over by whoever says so.
#[test]
fn a_lost_creation_is_looked_up_and_adopted_with_the_evidence_in_sight() {
    journey("adopted", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let mut raw = valid(op);
            let name = format!("{}-fault-lost", op.name);
            raw.set(&name_path(op), &name);
            if look_up(op, &raw).is_none() {
                continue;
            }
            send(page, op, &raw);
            page.find("heading", Named::Has("Outcome unknown"));
            page.reload();
            page.click("link", "History");
            page.row(&[&name, "Outcome unknown"]);
            open_details(page, op, &name);
            page.shows("The proxy answered: Outcome unknown");
            page.click("button", Named::Has("Look it up by"));
            page.shows(": the same");
            page.click("button", "Use this resource");
            let row = page.row(&[&name, "Created"]);
            assert!(!row.contains("unknown"), "{row}");
            page.shows("1 found");
            page.shows("was chosen as its resource");
            page.click("button", "Close the details");
        }
        let (text, report) = export(page);
        assert_eq!(report.findings, [], "{text}");
    });
}

/// However many tabs look at it, one of them asks for a status; and of what came from a file nobody does.
#[test]
fn one_tab_asks_for_all_and_nobody_for_what_came_from_a_file() {
    let slow = TestConfig {
        // A status that does not become final while the test looks.
        proxy: &["--time-scale", "1000"],
        ..TestConfig::default()
    };
    journey("one-poller", slow, |page| {
        let op = readable();
        let read = op.read_back().expect("a read").operation;
        let counting = format!(
            "window.reads = 0; const before = window.fetch;
             window.fetch = (...all) => {{
               const url = all[0].url ?? String(all[0]);
               if (url.endsWith('/v1/{read}')) window.reads++;
               return before(...all);
             }};"
        );
        let count = |page: &Page| {
            let reads = page.done(page.browser().run("return window.reads", json!([])));
            reads.as_u64().expect("a number")
        };
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        page.done(page.browser().run(&counting, json!([])));
        // Nobody has asked for the status of what somebody else made.
        let file = old_export(page, &[1_000; 20]);
        let text = std::fs::read_to_string(&file).expect("a file");
        std::fs::write(&file, text.replace("Active", "Creating")).expect("written");
        import(page, &file);
        page.shows("Imported: 20 new");
        std::thread::sleep(std::time::Duration::from_secs(4));
        assert_eq!(count(page), 0, "an import causes no reads");
        // What is made here is followed.
        send(page, op, &valid(op));
        let id = created(page, op);
        page.click("link", "History");
        page.row(&[&id, "Creating"]);
        page.until("a question for the status", || Ok(count(page) > 0));
        let locks = page.done(page.browser().run_async(
            "return (await navigator.locks.query()).held.filter(l => l.name.startsWith('tieline-poller')).length",
            json!([]),
        ));
        assert_eq!(locks, json!(1));
    });
}

/// Without a client token the same goes out again only after somebody has looked, or says so in so many words.
#[test]
fn the_same_without_a_token_waits_until_somebody_has_looked() {
    journey("must-look", TestConfig::default(), |page| {
        for op in creations().filter(|op| op.token.is_none()) {
            println!("{}", op.name);
            let mut raw = valid(op);
            // The second is asked about, because of the first.
            let lost = |raw: &Raw, asked: bool| {
                send(page, op, raw);
                if asked {
                    page.click("button", "Send it anyway");
                }
                page.focused("heading", "Outcome unknown");
                page.click("button", "Create");
            };
            let may_send = || {
                let button = page.find("button", "Send it anyway");
                page.done(page.browser().property(&button, "disabled")) == "false"
            };
            // A look-up that fails is none, and so is one that comes too soon; a later one that finds nothing is.
            let [looked, typed] =
                ["looked", "typed"].map(|way| format!("{way}-{}-fault-lost", op.name));
            raw.set(&name_path(op), &looked);
            lost(&raw, false);
            assert!(!may_send());
            page.kill_proxy();
            page.click("button", Named::Has("Look it up by"));
            page.shows("The look-up failed:");
            assert!(!may_send());
            page.restart_proxy();
            page.click("button", Named::Has("Look it up by"));
            page.shows("No such resource exists at the moment.");
            assert!(!may_send(), "too soon");
            put_ahead(page, 300_000);
            page.click("button", Named::Has("Look it up by"));
            page.until("the button", || Ok(may_send()));
            page.click("button", "Do not send");
            // Whoever looked themselves types it.
            raw.set(&name_path(op), &typed);
            distinguish(op, &mut raw, 7);
            lost(&raw, true);
            let word = page.find("textbox", Named::Has("Looked there yourself?"));
            page.type_over(&word, "I look");
            assert!(!may_send());
            page.type_over(&word, "I looked");
            page.until("the button", || Ok(may_send()));
            page.focused("textbox", "Looked there yourself?");
            page.click("button", "Do not send");

            page.click("link", "History");
            open_details(page, op, &looked);
            page.shows("The look-up failed");
            page.shows("Looked up by its name: 0 found");
            page.click("button", "Close the details");
            open_details(page, op, &typed);
            page.shows("You said that you looked yourself");
            page.click("button", "Close the details");
        }
    });
}

/// What the page has not read is left out of an export, which says so.
#[test]
fn an_export_without_everything_does_not_call_itself_whole() {
    journey("export-partial", TestConfig::default(), |page| {
        let op = readable();
        send(page, op, &valid(op));
        let id = created(page, op);
        page.click("link", "History");
        page.row(&[&id, "Active"]);
        // As if the page were still reading it: it is in the database, and has no row.
        page.done(page.browser().run_async(
            "const db = await new Promise((done) => {
               const opening = indexedDB.open('tieline-history');
               opening.onsuccess = () => done(opening.result);
             });
             const tx = db.transaction(['records', 'intents'], 'readwrite');
             const [records, intents] = ['records', 'intents'].map((name) => tx.objectStore(name));
             const all = records.getAll();
             all.onsuccess = () => {
               const record = JSON.parse(all.result[0]);
               Object.assign(record, { id: record.id - 4096, created: record.created - 4, key: 'older' });
               records.put(JSON.stringify(record), record.id);
               intents.put(record.id, `${record.operation} older`);
             };
             await new Promise((done) => { tx.oncomplete = done; });
             db.close();
             return null;",
            json!([]),
        ));
        let (text, report) = export(page);
        assert_eq!((report.records.len(), report.partial), (1, true), "{text}");
        assert_eq!(report.findings, [], "{text}");
        page.reload();
        page.until("all records", || Ok(page.rows().len() == 2));
        let (text, report) = export(page);
        assert_eq!((report.records.len(), report.partial), (2, false), "{text}");
    });
}

/// A sandbox at the address of a proxy for real clouds knows nothing of what they have.
#[test]
fn a_sandbox_is_not_asked_about_what_is_real() {
    journey("other-mode", TestConfig::default(), |page| {
        let op = readable();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        let file = real(old_export(page, &[3_600_000; 2]));
        // One whose page was closed before the answer came: nobody knows who got it.
        let mut text: Value =
            serde_json::from_str(&std::fs::read_to_string(&file).expect("a file")).expect("JSON");
        let lost = text["records"][1].as_object_mut().expect("a record");
        lost.retain(|name, _| name != "resource_id" && name != "status");
        lost.insert("outcome".into(), json!("unknown"));
        std::fs::write(&file, text.to_string()).expect("written");
        import(page, &file);
        page.shows("Imported: 2 new");
        page.click("button", "Check against the cloud");
        page.shows(
            "Checked: 1 of 1. As recorded: 0. Different: 0. Gone: 0. Could not be asked about: 1.",
        );
        page.shows("A sandbox answers at this address now");
        page.row(&["old-0", "Created", "Active"]);
        open_details(page, op, "old-0");
        page.click("button", "Refresh the status");
        page.until("the reason", || {
            Ok(page
                .text()
                .matches("A sandbox answers at this address now")
                .count()
                >= 2)
        });
        page.click("button", "Close the details");
        page.row(&["old-0", "Created", "Active"]);
        open_details(page, op, "old-1");
        page.click("button", Named::Has("Look it up by"));
        page.shows("The look-up failed");
        assert!(!page
            .text()
            .contains("No such resource exists at the moment."));
    });
}

/// What the cloud has otherwise is found, counted and named; the check can be stopped, and a cloud that does not
/// answer ends it, too.
#[test]
fn the_history_is_held_against_the_cloud() {
    journey("drift", TestConfig::default(), |page| {
        let op = readable();
        let mut raw = valid(op);
        raw.set(&name_path(op), "as-it-is");
        send(page, op, &raw);
        let id = created(page, op);
        page.click("link", "History");
        page.row(&[&id, "Active"]);
        page.click("button", "Check against the cloud");
        page.shows("Checked: 1 of 1. As recorded: 1.");

        // As if somebody had given it another name, and two that are gone.
        let (text, _) = export(page);
        let file = page.downloads().join("other.json");
        std::fs::write(&file, text.replace("as-it-is", "as-it-was")).expect("written");
        page.open_beside();
        page.delete_database();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &file);
        page.shows("Imported: 1 new");
        import(page, &old_export(page, &[3_600_000; 2]));
        page.shows("Imported: 2 new");
        page.click("button", "Check against the cloud");
        page.shows("Checked: 3 of 3. As recorded: 0. Different: 1. Gone: 2.");
        page.shows("asked for as-it-was, now as-it-is");
        page.shows("cen-old1 · not found");
        page.row(&["old-0", "Gone"]);

        // Many take their time.
        import(page, &old_export(page, &[3_600_000; 400]));
        page.shows("Imported: 398 new");
        hold_reads(page);
        page.click("button", "Check against the cloud");
        page.shows(" of 401.");
        page.click("button", "Stop checking");
        let_go(page);
        page.until("the end", || Ok(!page.has("button", "Stop checking")));
        let text = page.text();
        assert!(
            text.contains("of 401.") && !text.contains("Checked: 401 of 401."),
            "{text}"
        );

        filter(page, &id);
        page.until("one record", || Ok(page.rows().len() == 1));
        page.kill_proxy();
        page.click("button", "Check against the cloud");
        page.shows(
            "Checked: 1 of 1. As recorded: 0. Different: 0. Gone: 0. Could not be asked about: 1.",
        );
        page.shows("1 could not be asked about · No Tieline proxy answers at this endpoint.");
        page.row(&[&id, "Created"]);
    });
}
