//! Nothing leaves without a record that lasts, whatever the browser's database does; what could not be
//! written is, as soon as it works again; and two tabs are as careful as one.

use serde_json::{json, Value};
use tieline_catalog::{creations, Operation, Raw};

use crate::damaged_history::any;
use crate::history::{download, import, many, open_details};
use crate::holding::{hold_creations, let_go};
use crate::inputs::{count, created, fill, name_path, send, valid};
use crate::page::{journey, Named, TestConfig};

fn named(op: &'static Operation, name: &str) -> Raw {
    let mut raw = valid(op);
    raw.set(&name_path(op), name);
    raw
}

/// Another tab holds the database for longer than anybody waits.
#[test]
fn nothing_leaves_while_the_database_hangs_and_it_can_be_sent_afterwards() {
    journey("hung", TestConfig::default(), |page| {
        let op = any();
        let raw = named(op, "after-all");
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &raw);
        let first = page.tab();
        let second = page.new_tab();
        page.open_beside();
        page.hold_database();
        page.show_tab(&first);
        page.click("button", "Create");
        page.find("heading", Named::Has("Not executed"));
        page.shows("close other tabs of this page");
        assert_eq!(count(page, op, &raw), 0, "nothing has left");
        assert_eq!(page.value(&name_path(op)), "after-all", "the input stays");
        page.show_tab(&second);
        page.release_database();
        page.show_tab(&first);
        page.click("button", "Send again");
        let id = created(page, op);
        assert_eq!(count(page, op, &raw), 1);
        page.open("#/history");
        page.reload();
        page.row(&[&id, "Created"]);
        // What was given up while it waited was not sent, and nothing says that it may have been.
        let doubtful = |row: &String| row.contains("unknown") || row.contains("Sending");
        assert!(!page.rows().iter().any(doubtful), "{:?}", page.rows());
    });
}

/// The database is upgraded by another tab when the page opens, and cannot be opened itself.
#[test]
fn a_database_that_opens_late_is_used_all_the_same() {
    journey("late", TestConfig::default(), |page| {
        let op = any();
        let raw = named(op, "late");
        let first = page.tab();
        let second = page.new_tab();
        page.open_beside();
        page.hold_upgrade();
        page.show_tab(&first);
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &raw);
        page.click("button", "Create");
        page.find("heading", Named::Has("Not executed"));
        assert_eq!(count(page, op, &raw), 0, "nothing has left");
        page.show_tab(&second);
        page.release_database();
        page.show_tab(&first);
        page.click("button", "Send again");
        let id = created(page, op);
        page.reload();
        page.open("#/history");
        page.row(&[&id, "Created"]);
    });
}

/// What came of a request arrives while another tab holds the database.
#[test]
fn an_answer_is_written_as_soon_as_the_database_works_again() {
    journey("outbox", TestConfig::default(), |page| {
        let op = any();
        let raw = named(op, "outbox");
        let first = page.tab();
        let second = page.new_tab();
        page.open_beside();
        page.show_tab(&first);
        page.open("#/");
        hold_creations(page);
        send(page, op, &raw);
        page.until("it to have left", || Ok(count(page, op, &raw) == 1));
        page.show_tab(&second);
        page.hold_database();
        page.show_tab(&first);
        let_go(page);
        let id = created(page, op);
        page.shows("keep the tab open");
        // It is in the list, and in an export.
        page.click("link", "History");
        page.row(&[&id, "Created"]);
        page.click("button", "Export JSON");
        let file = std::fs::read_to_string(download(page, ".json")).expect("the export");
        assert!(file.contains(&id), "{file}");
        page.show_tab(&second);
        page.release_database();
        page.show_tab(&first);
        page.until("it to be written", || {
            Ok(!page.text().contains("keep the tab open"))
        });
        page.reload();
        page.row(&[&id, "Created"]);
        assert_eq!(page.rows().len(), 1, "{:?}", page.rows());
    });
}

/// What is read about a resource is written so slowly that it is given up meanwhile.
#[test]
fn what_is_given_up_while_it_is_written_happens_once() {
    journey("written-late", TestConfig::default(), |page| {
        let op = any();
        let file = page.downloads().join("one.json");
        std::fs::write(&file, many(1)).expect("a file");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &file);
        page.shows("Imported: 1 new");
        open_details(page, op, "record-0");
        let slow =
            "const { put } = IDBObjectStore.prototype, { commit } = IDBTransaction.prototype;
            let slow;
            IDBObjectStore.prototype.put = function (...all) {
              if (this.name == 'records') slow ??= this.transaction;
              return put.apply(this, all);
            };
            IDBTransaction.prototype.commit = function () {
              if (this !== slow) return commit.call(this);
              const records = this.objectStore('records');
              const again = () => {
                if (window.written) commit.call(this); else records.get(0).onsuccess = again;
              };
              again();
            };";
        page.done(page.browser().run(slow, json!([])));
        page.click("button", "Refresh the status");
        page.shows("keep the tab open");
        page.done(page.browser().run("window.written = true", json!([])));
        page.until("it to be written", || {
            Ok(!page.text().contains("keep the tab open"))
        });
        page.reload();
        page.row(&["record-0", "Gone"]);
        page.click("button", "Export JSON");
        let text = std::fs::read_to_string(download(page, ".json")).expect("the export");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let events = file["records"][0]["events"].as_array().expect("events");
        let receipts = file["chains"][0]["receipts"].as_array().expect("receipts");
        for all in [events, receipts] {
            let read = all.iter().filter(|one| one["event"] == json!("status"));
            assert_eq!(read.count(), 1, "{text}");
        }
    });
}

/// The sandbox in the page makes more than local storage takes.
#[test]
fn what_local_storage_does_not_take_is_there_all_the_same() {
    let alone = TestConfig {
        without_proxy: true,
        ..TestConfig::default()
    };
    journey("full", alone, |page| {
        let op = any();
        page.open("#/");
        page.click("button", "Use the sandbox in this page");
        page.shows("nothing that is created here exists");
        send(page, op, &named(op, "kept"));
        let first = created(page, op);
        let full = "const { setItem } = Storage.prototype;
            Storage.prototype.setItem = function (name, text) {
              if (name == 'tieline.sandbox') throw new DOMException('full', 'QuotaExceededError');
              return setItem.call(this, name, text);
            };";
        page.done(page.browser().run(full, json!([])));
        let mut raw = named(op, "not-kept");
        crate::inputs::distinguish(op, &mut raw, 1);
        page.click("button", "Clear");
        fill(page, op, &raw);
        page.click("button", "Create");
        page.until("another answer", || {
            let answer = page.text_of("region", "Answer");
            Ok(answer.contains("Created") && !answer.contains(&first))
        });
        let id = created(page, op);
        page.click("link", "History");
        open_details(page, op, &id);
        page.click("button", "Refresh the status");
        page.until("the status", || {
            let text = page.text();
            let told = text.contains(&format!("{id}: status ")) || text.contains("The status is");
            Ok(told || text.contains("was not found"))
        });
        assert!(!page.text().contains("was not found"), "{}", page.text());
    });
}

/// The browser has no database for the page.
#[test]
fn without_a_database_nothing_leaves_unless_the_user_says_so() {
    journey("unkept", TestConfig::default(), |page| {
        let op = any();
        let raw = named(op, "unkept");
        let first = page.tab();
        let second = page.new_tab();
        page.open_beside();
        page.upgrade_database();
        page.show_tab(&first);
        send(page, op, &raw);
        page.focused("paragraph", "keeps no record of what is sent");
        page.shows("A newer version of this page has written this browser's history.");
        assert_eq!(count(page, op, &raw), 0, "nothing has left");
        page.click("button", "Do not send");
        assert_eq!(page.value(&name_path(op)), "unkept", "the input stays");
        page.click("button", "Create");
        page.click("button", "Send without a record");
        let id = created(page, op);
        assert_eq!(count(page, op, &raw), 1);
        // Whenever there is a database, it has what was kept in memory.
        page.show_tab(&second);
        page.delete_database();
        page.show_tab(&first);
        page.until("it to be written", || {
            Ok(!page
                .text()
                .contains("A newer version of this page has written"))
        });
        page.open("#/history");
        page.reload();
        page.row(&[&id, "Created"]);
    });
}

/// Two tabs with the same input, submitted in the same moment.
#[test]
fn two_tabs_that_submit_at_the_same_moment_create_once_and_ask() {
    journey("same-moment", TestConfig::default(), |page| {
        let submit = "document.querySelector('button[type=submit]').click();";
        for op in creations() {
            for round in 0..3 {
                println!("{} {round}", op.name);
                let mut raw = named(op, &format!("{}-{round}", op.name));
                crate::inputs::distinguish(op, &mut raw, round);
                let first = page.tab();
                page.open(&format!("#/create/{}", op.name));
                fill(page, op, &raw);
                let second = page.new_tab();
                page.open(&format!("#/create/{}", op.name));
                // The draft of the first, with a token of its own.
                page.until("the draft", || {
                    Ok(Some(page.value(&name_path(op)).as_str()) == raw.get(&name_path(op)))
                });
                page.find("heading", "Request");
                // A message comes at once also where nobody looks, unlike a timer.
                let listen = format!(
                    "window.starter = new BroadcastChannel('start');
                     window.starter.onmessage = () => {{ {submit} }};"
                );
                page.done(page.browser().run(&listen, json!([])));
                page.show_tab(&first);
                let start = format!("new BroadcastChannel('start').postMessage('go'); {submit}");
                page.done(page.browser().run(&start, json!([])));
                let mut asked = 0;
                for tab in [&first, &second] {
                    page.show_tab(tab);
                    page.until("an answer or a question", || {
                        let answer = page.text_of("region", "Answer");
                        Ok(answer.contains("Created") || answer.contains("Send it anyway"))
                    });
                    asked += usize::from(page.has("button", "Send it anyway"));
                }
                assert_eq!(asked, 1, "one of them is asked");
                assert_eq!(count(page, op, &raw), 1, "{} {round}", op.name);
                page.done(page.browser().delete("window"));
                page.show_tab(&first);
                page.click("button", "Clear");
            }
        }
    });
}

/// The database is gone, and the rows are in sight.
#[test]
fn an_export_without_a_database_has_what_the_page_knows() {
    journey("export-without", TestConfig::default(), |page| {
        let op = any();
        let mut ids = Vec::new();
        for name in ["export-1", "export-2"] {
            send(page, op, &named(op, name));
            ids.push(created(page, op));
        }
        let first = page.tab();
        page.open("#/history");
        page.reload();
        page.row(&["export-2", "Created"]);
        let second = page.new_tab();
        page.open_beside();
        page.hold_database();
        page.show_tab(&first);
        page.click("button", "Export JSON");
        page.shows("of their parameters only the name");
        let file = std::fs::read_to_string(download(page, ".json")).expect("the export");
        let file: serde_json::Value = serde_json::from_str(&file).expect("JSON");
        let records = file["records"].as_array().expect("records");
        assert_eq!(records.len(), 2, "{file}");
        for id in &ids {
            let has = records.iter().any(|r| r["resource_id"] == json!(id));
            assert!(has, "{id} in {file}");
        }
        assert_eq!(records[0]["outcome"], json!("created"));
        page.show_tab(&second);
        page.release_database();
    });
}

/// A press on the emptied form, some time after a creation, where an empty form could be sent.
#[test]
fn a_press_too_many_makes_no_nameless_resource() {
    journey("press-too-many", TestConfig::default(), |page| {
        let mut tried = 0;
        for op in creations() {
            if tieline_catalog::check(op, &Raw::new()).errors().count() > 0 {
                continue;
            }
            println!("{}", op.name);
            tried += 1;
            send(page, op, &valid(op));
            let id = created(page, op);
            std::thread::sleep(std::time::Duration::from_millis(1_200));
            page.click("button", "Create");
            page.focused("paragraph", "nothing was filled in since");
            page.click("button", "Do not send");
            // The answer is in sight again.
            page.until("the answer", || {
                Ok(page.text_of("region", "Answer").contains(&id))
            });
            page.open("#/history");
            page.row(&[&id, "Created"]);
            assert_eq!(page.rows().len(), tried, "{:?}", page.rows());
        }
        assert!(tried > 0, "no operation takes an empty form");
    });
}
