//! What another tab does to a record, or to itself, while this one works with it.

use std::path::PathBuf;

use serde_json::{json, Value};
use tieline_catalog::reconcile::look_up;
use tieline_catalog::{creations, Operation, Raw};
use tieline_records::proof::verify;

use crate::damaged_history::any;
use crate::history::{download, import, open_details};
use crate::inputs::{count, created, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};

/// An operation whose lost resource can be looked up, and such a request of the name `{name}-fault-lost`.
fn lost(name: &str) -> (&'static Operation, Raw, String) {
    let name = format!("{name}-fault-lost");
    let mut all = creations().map(|op| {
        let mut raw = valid(op);
        raw.set(&name_path(op), &name);
        (op, raw)
    });
    let found = all.find(|(op, raw)| op.token.is_none() && look_up(op, raw).is_some());
    let (op, raw) = found.expect("an operation without a token");
    (op, raw, name)
}

fn run(page: &Page, script: &str) -> Value {
    page.done(page.browser().run(script, json!([])))
}

/// Exports the history; the file.
fn export(page: &Page) -> PathBuf {
    page.click("button", "Export JSON");
    let file = download(page, ".json");
    let kept = page.downloads().join("kept.json");
    std::fs::rename(file, &kept).expect("moved");
    kept
}

fn delete(page: &Page, op: &'static Operation, name: &str) {
    open_details(page, op, name);
    page.click("button", "Delete the record");
    page.click("button", "Delete");
    page.shows("The record was deleted.");
}

/// The address of a sandbox is that of real clouds by the time of the press, and the other tab has deleted the
/// record.
#[test]
fn what_is_taken_over_is_on_record_as_what_it_is_whatever_has_happened_meanwhile() {
    journey("taken-over", TestConfig::default(), |page| {
        let (op, raw, name) = lost("meanwhile");
        send(page, op, &raw);
        page.find("heading", Named::Has("Outcome unknown"));
        page.click("button", Named::Has("Look it up by"));
        page.shows(": the same");
        let first = page.tab();
        page.new_tab();
        page.open("#/history");
        delete(page, op, &name);
        page.shows("Nothing has been sent yet");
        page.show_tab(&first);
        let live = "const before = window.fetch;
            window.fetch = async (...all) => {
              const reply = await before(...all);
              const url = all[0].url ?? String(all[0]);
              if (!url.endsWith('/healthz')) return reply;
              const health = { ...await reply.json(), mode: 'live', credentials: ['alibaba', 'huawei'] };
              return new Response(JSON.stringify(health), { status: reply.status, headers: reply.headers });
            };";
        run(page, live);
        // Longer than what was known of the connection counts.
        std::thread::sleep(std::time::Duration::from_millis(2_500));
        page.click("button", "Use this resource");
        page.focused("heading", "found by a look-up");
        page.open("#/history");
        page.reload();
        page.row(&[&name, "Created"]);
        assert_eq!(page.rows().len(), 1, "{:?}", page.rows());
        assert_eq!(count(page, op, &raw), 1);
        let text = std::fs::read_to_string(export(page)).expect("the export");
        let report = verify(&text).expect("an export").expect("receipts");
        assert_eq!(report.findings, [], "{text}");
        let record = &report.records[0];
        assert!(record.resource_id.is_some(), "{text}");
        assert!(record.simulated, "a sandbox has told of it: {text}");
        assert!(!record.is_found(), "it was sent from here: {text}");
    });
}

/// What is deleted here comes back with what another tab has recorded of it since.
#[test]
fn an_undo_takes_nothing_back_that_is_newer() {
    journey("newer-than-undo", TestConfig::default(), |page| {
        let (op, raw, name) = lost("undone");
        send(page, op, &raw);
        page.find("heading", Named::Has("Outcome unknown"));
        page.open("#/history");
        page.reload();
        page.row(&[&name, "Outcome unknown"]);
        let older = export(page);
        open_details(page, op, &name);
        page.click("button", Named::Has("Look it up by"));
        page.shows(": the same");
        page.click("button", "Use this resource");
        page.row(&[&name, "Created"]);
        page.click("button", "Close the details");
        let newer = page.downloads().join("newer.json");
        page.click("button", "Export JSON");
        std::fs::rename(download(page, ".json"), &newer).expect("moved");
        // Another browser has the older version, and gets the newer one after it was deleted here.
        let first = page.tab();
        page.open_beside();
        page.delete_database();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &older);
        page.row(&[&name, "Outcome unknown"]);
        delete(page, op, &name);
        page.new_tab();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &newer);
        page.row(&[&name, "Created"]);
        page.show_tab(&first);
        page.row(&[&name, "Created"]);
        page.click("button", "Undo");
        page.shows("The record is there again.");
        let row = page.row(&[&name]);
        assert!(row.contains("Created"), "{row}");
        page.reload();
        page.row(&[&name, "Created"]);
        assert_eq!(page.rows().len(), 1, "{:?}", page.rows());
    });
}

/// A note waits for the database, in which another tab deletes what it is about.
#[test]
fn a_record_that_another_tab_deletes_stays_deleted_whatever_waits_for_the_database() {
    journey("deleted-elsewhere", TestConfig::default(), |page| {
        let op = any();
        let clear =
            "window.act = (work) => ['records', 'intents'].forEach((name) => work.objectStore(name).clear());";
        let mut raw = valid(op);
        raw.set(&name_path(op), "deleted-elsewhere");
        send(page, op, &raw);
        let id = created(page, op);
        page.open("#/history");
        open_details(page, op, &id);
        let first = page.tab();
        let second = page.new_tab();
        page.open_beside();
        page.hold_database();
        run(page, clear);
        page.show_tab(&first);
        let note = page.find("textbox", "Note");
        page.type_over(&note, "written too late");
        page.leave();
        page.shows("keep the tab open");
        page.show_tab(&second);
        page.release_database();
        page.show_tab(&first);
        page.until("it to be settled", || {
            Ok(!page.text().contains("keep the tab open"))
        });
        page.until("no row", || Ok(page.rows().is_empty()));
        page.reload();
        page.shows("Nothing has been sent yet");

        // One whose deletion nobody has told of goes as soon as it is met.
        crate::inputs::distinguish(op, &mut raw, 1);
        send(page, op, &raw);
        let id = created(page, op);
        page.open("#/history");
        open_details(page, op, &id);
        page.show_tab(&second);
        page.hold_database();
        run(page, clear);
        page.release_database();
        page.show_tab(&first);
        let note = page.find("textbox", "Note");
        page.type_over(&note, "about nothing");
        page.leave();
        page.until("no row", || Ok(page.rows().is_empty()));

        // The word of the deletion comes while what waits has its place before the database already.
        crate::inputs::distinguish(op, &mut raw, 2);
        send(page, op, &raw);
        let id = created(page, op);
        page.open("#/history");
        open_details(page, op, &id);
        page.show_tab(&second);
        page.hold_database();
        run(
            page,
            "window.act = (work) => {
               work.objectStore('records').getAllKeys().onsuccess = (event) => {
                 window.deleted = event.target.result;
               };
               ['records', 'intents'].forEach((name) => work.objectStore(name).clear());
             };",
        );
        page.show_tab(&first);
        let note = page.find("textbox", "Note");
        page.type_over(&note, "brings nothing back");
        page.leave();
        page.shows("keep the tab open");
        // The first attempt to write it is under way by then.
        std::thread::sleep(std::time::Duration::from_secs(1));
        page.show_tab(&second);
        run(
            page,
            "window.deleted.forEach((id) => new BroadcastChannel('tieline-history').postMessage(`deleted ${id}`));",
        );
        page.show_tab(&first);
        page.until("no row", || Ok(page.rows().is_empty()));
        page.show_tab(&second);
        page.release_database();
        // Who comes to the database next comes after what waited.
        page.hold_database();
        page.release_database();
        page.show_tab(&first);
        page.reload();
        page.shows("Nothing has been sent yet");
    });
}

/// Makes a tab one that nobody looks at and that may notify, and counts: how often it asks by `read`, whether it is
/// the one that asks for all unseen ones, and how often it learns that one in sight does. Its clock can be put
/// ahead.
fn watched(read: &str) -> String {
    format!(
            "localStorage.setItem('tieline.notifications', 'yes');
             window.unseen = true;
             window.Notification = class {{ static get permission() {{ return 'granted'; }} }};
             Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => window.unseen }});
             const locks = navigator.locks, {{ request }} = locks;
             window.asker = false; window.taken = 0;
             locks.request = (name, options, granted) => request.call(locks, name, options, (lock) => {{
               const unseen = name.startsWith('tieline-poller unseen');
               if (lock && unseen) window.asker = true;
               if (!lock && !unseen) window.taken++;
               return granted(lock);
             }});
             const now = Date.now; window.ahead = 0;
             Date.now = () => now.call(Date) + window.ahead;
             window.reads = 0; const before = window.fetch;
             window.fetch = (...all) => {{
               const url = all[0].url ?? String(all[0]);
               if (url.endsWith('/v1/{read}')) window.reads++;
               return before(...all);
             }};"
        )
}

/// Notifications are wanted, nobody looks at any of the tabs, and one of them asks for all.
#[test]
fn of_tabs_that_nobody_looks_at_one_asks_and_none_beside_one_that_somebody_does() {
    let slow = TestConfig {
        // A status that does not become final while the test looks.
        proxy: &["--time-scale", "1000"],
        ..TestConfig::default()
    };
    journey("one-of-the-unseen", slow, |page| {
        let mut all = creations();
        let op = all.find(|op| op.read_back().is_some_and(|read| !read.pending.is_empty()));
        let op = op.expect("an operation whose status changes");
        let read = op.read_back().expect("a read").operation;
        let unseen = watched(read);
        let mut raw = valid(op);
        raw.set(&name_path(op), "asked-about");
        send(page, op, &raw);
        created(page, op);
        page.click("link", "History");
        page.row(&["asked-about", "Creating"]);
        let mut tabs = vec![page.tab()];
        for _ in 0..2 {
            tabs.push(page.new_tab());
            page.open("#/history");
            page.row(&["asked-about", "Creating"]);
        }
        let reads = |page: &Page, reset: bool| {
            let count = |tab| {
                page.show_tab(tab);
                let reads = run(page, "return window.reads").as_u64().expect("a number");
                if reset {
                    run(page, "window.reads = 0");
                }
                reads
            };
            tabs.iter().map(count).collect::<Vec<u64>>()
        };
        for tab in &tabs {
            page.show_tab(tab);
            run(page, &unseen);
        }
        // Waits until nothing is on its way any more that was begun when another one than this one asked.
        let calm = |asker: usize| {
            page.until("what is on its way to be over", || {
                let others = || {
                    let mut reads = reads(page, false);
                    reads.remove(asker);
                    reads
                };
                let before = others();
                std::thread::sleep(std::time::Duration::from_secs(2));
                Ok(others() == before)
            });
        };
        // Whatever the pauses between two questions are by now: whoever asks, asks at once.
        let due = || {
            for tab in &tabs {
                page.show_tab(tab);
                run(page, "window.ahead += 40_000");
            }
        };
        let asks = |tab: usize| {
            page.show_tab(&tabs[tab]);
            page.until("it to ask", || {
                Ok(run(page, "return window.reads").as_u64() > Some(0))
            });
        };
        let asker = page.wait("one whose turn it is", || {
            let its = |tab| {
                page.show_tab(tab);
                run(page, "return window.asker") == json!(true)
            };
            Ok(tabs.iter().position(its))
        });
        // What was asked for in sight is over.
        calm(asker);
        reads(page, true);
        due();
        asks(asker);
        std::thread::sleep(std::time::Duration::from_secs(8));
        let asked = reads(page, false);
        let who = asked.iter().filter(|reads| **reads > 0).count();
        assert_eq!(who, 1, "one of them asks: {asked:?}");
        // Somebody looks at one that did not ask, and makes another one.
        let other = asked.iter().position(|reads| *reads == 0);
        let other = other.expect("another");
        due();
        page.show_tab(&tabs[other]);
        run(page, "window.unseen = false");
        asks(other);
        crate::inputs::distinguish(op, &mut raw, 1);
        raw.set(&name_path(op), "asked-about-too");
        send(page, op, &raw);
        created(page, op);
        // On the way to it there was nobody who asked in sight. Now there is, and who did not ask in sight knows.
        run(page, "window.reads = 0");
        asks(other);
        page.show_tab(&tabs[asker]);
        run(page, "window.taken = 0");
        page.until("it to be known that another one asks", || {
            Ok(run(page, "return window.taken").as_u64() > Some(0))
        });
        calm(other);
        reads(page, true);
        due();
        asks(other);
        // Longer than another one would need to ask, too.
        std::thread::sleep(std::time::Duration::from_secs(10));
        let asked = reads(page, false);
        for (at, reads) in asked.iter().enumerate() {
            assert_eq!(*reads > 0, at == other, "{asked:?}");
        }
    });
}
