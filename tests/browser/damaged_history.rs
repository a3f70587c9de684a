//! A history that is damaged, that a newer version has written, and that is exported into a file by itself.

use serde_json::{json, Value};
use tieline_catalog::{creations, Operation};

use crate::history::{download, filter, import, many};
use crate::inputs::{count, created, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};

pub fn any() -> &'static Operation {
    creations().next().expect("an operation")
}

/// Creates something of this name; its id.
pub fn make(page: &Page, name: &str) -> String {
    let op = any();
    let mut raw = valid(op);
    raw.set(&name_path(op), name);
    send(page, op, &raw);
    created(page, op)
}

/// Runs a script with the history's database in `db`.
pub fn in_database(page: &Page, work: &str) -> Value {
    in_database_of(page, "tieline-history", work)
}

/// Likewise with the database of this name.
pub fn in_database_of(page: &Page, name: &str, work: &str) -> Value {
    let script = format!(
        "const db = await new Promise((done) => {{
           const opening = indexedDB.open('{name}');
           opening.onsuccess = () => done(opening.result);
         }});
         const ended = (tx) => new Promise((done, failed) => {{ tx.oncomplete = done; tx.onabort = failed; }});
         const got = (asked) => new Promise((done) => {{ asked.onsuccess = () => done(asked.result); }});
         try {{ {work} }} finally {{ db.close(); }}"
    );
    page.done(page.browser().run_async(&script, json!([])))
}

/// Has this run before any script of the pages to come.
pub fn before_pages(page: &Page, script: &str) {
    let source = json!({ "source": script });
    page.done(
        page.browser()
            .devtools("Page.addScriptToEvaluateOnNewDocument", source),
    );
}

/// From the next page on the history's database does not open, until the storage says that it is `healed`.
pub fn unopened(page: &Page) {
    before_pages(
        page,
        "const open = IDBFactory.prototype.open;
         IDBFactory.prototype.open = function (name, version) {
           if (name != 'tieline-history' || localStorage.getItem('healed')) return open.apply(this, arguments);
           // An open that fails as that of a damaged file does.
           const asked = open.call(this, 'another', 1);
           Object.defineProperty(asked, 'error', { get: () =>
             new DOMException('Internal error opening backing store for indexedDB.open.', 'UnknownError') });
           return asked;
         };",
    );
    page.done(page.browser().run_async(
        "const opening = indexedDB.open('another', 2);
         await new Promise((done) => { opening.onsuccess = done; });
         opening.result.close();",
        json!([]),
    ));
}

/// Has pages choose a file of the browser's own: no test can answer the browser's own dialog.
pub fn with_picker(page: &Page) {
    before_pages(
        page,
        "window.showSaveFilePicker = async () =>
           (await navigator.storage.getDirectory()).getFileHandle('chosen.json', { create: true });",
    );
}

/// What the chosen file has.
pub fn chosen(page: &Page) -> String {
    let script = "const root = await navigator.storage.getDirectory();
        const file = await (await root.getFileHandle('chosen.json')).getFile();
        return file.text();";
    let text = page.done(page.browser().run_async(script, json!([])));
    text.as_str().unwrap_or_default().to_string()
}

/// Waits until the chosen file has this id, with all that proves it.
pub fn exported(page: &Page, id: &str) {
    page.until(
        format!("{id} in the file"),
        || Ok(chosen(page).contains(id)),
    );
    let text = chosen(page);
    let report = tieline_records::proof::verify(&text).expect("an export");
    assert_eq!(report.expect("receipts").findings, [], "{text}");
}

/// A file that the page has written under a name that begins so.
pub fn written(page: &Page, beginning: &str) -> String {
    page.wait(format!("a file {beginning}"), || {
        let files = std::fs::read_dir(page.downloads())
            .into_iter()
            .flatten()
            .flatten();
        let mut named =
            files.filter(|file| file.file_name().to_string_lossy().starts_with(beginning));
        let text = named.find_map(|file| std::fs::read_to_string(file.path()).ok());
        Ok(text.filter(|text| text.ends_with('\n')))
    })
}

/// A record and a block whose texts were cut off: they are kept aside, the rest is as it was.
#[test]
fn what_is_damaged_is_set_aside_and_given_to_a_file_and_hides_nothing() {
    journey("damaged", TestConfig::default(), |page| {
        let ids = ["first", "second"].map(|name| make(page, name));
        page.open("#/history");
        let file = page.downloads().join("many.json");
        std::fs::write(&file, many(600)).expect("a file");
        import(page, &file);
        page.shows("Imported: 600 new");
        let block = in_database(
            page,
            "const tx = db.transaction(['records', 'blocks'], 'readwrite');
             const records = tx.objectStore('records'), blocks = tx.objectStore('blocks');
             for (const key of await got(records.getAllKeys())) {
               const text = await got(records.get(key));
               if (text.includes('\"first\"')) records.put(text.slice(0, -20), key);
             }
             const [name] = await got(blocks.getAllKeys());
             const text = await got(blocks.get(name));
             blocks.put(text.slice(0, 5000), name);
             await ended(tx);
             return JSON.parse(text).length;",
        );
        let lost = block.as_u64().expect("a number") as usize;
        page.reload();
        page.shows("Values of the history that are damaged and were set aside: 2.");
        page.shows(&format!("Records: {}", 601 - lost));
        page.row(&[&ids[1], "Created"]);
        assert!(!page.rows().iter().any(|row| row.contains(&ids[0])));
        page.click("button", "Save the raw content as a file");
        let raw = written(page, "tieline-damaged");
        assert!(raw.contains("first") && raw.contains("of many"), "{raw}");
        serde_json::from_str::<Value>(&raw).expect("JSON");
        // Nothing goes before it was saved, and all goes on meanwhile.
        let third = make(page, "third");
        page.open("#/history");
        page.row(&[&third, "Created"]);
        page.reload();
        page.shows("set aside: 2.");
        // A backup brings back what was in it.
        import(page, &file);
        page.shows(&format!("Imported: {lost} new"));
        page.click("button", "Save the raw content as a file");
        page.click("button", "Remove what was set aside");
        page.until("the notice to go", || {
            Ok(!page.text().contains("set aside"))
        });
        page.reload();
        page.shows("Records: 602");
        assert!(!page.text().contains("set aside"));
    });
}

/// The database does not open at all; what is made meanwhile and what was there become one when it does again.
#[test]
fn a_history_that_does_not_open_is_left_as_it_is_and_another_is_begun() {
    journey("unopened", TestConfig::default(), |page| {
        let op = any();
        let old = make(page, "old");
        unopened(page);
        page.reload();
        page.open("#/history");
        page.shows("cannot open this page's history (UnknownError");
        page.click("button", "Save the raw content as a file");
        page.shows("The browser gives nothing of it at present.");
        let new = make(page, "new");
        let mut raw = valid(op);
        raw.set(&name_path(op), "new");
        assert_eq!(count(page, op, &raw), 1);
        page.open("#/history");
        page.reload();
        page.row(&[&new, "Created"]);
        assert_eq!(page.rows().len(), 1);
        page.done(
            page.browser()
                .run("localStorage.setItem('healed', 'yes')", json!([])),
        );
        page.reload();
        page.row(&[&new, "Created"]);
        page.row(&[&old, "Created"]);
        assert!(!page.text().contains("cannot open"));
        page.reload();
        page.row(&[&new, "Created"]);
        assert_eq!(page.rows().len(), 2);
        page.click("button", "Export JSON");
        let text = std::fs::read_to_string(download(page, ".json")).expect("the export");
        let report = tieline_records::proof::verify(&text).expect("an export");
        let report = report.expect("receipts");
        assert_eq!(
            (report.findings.as_slice(), report.chains.len()),
            (&[][..], 2),
            "{text}"
        );
    });
}

/// A database without its tables, as an interrupted writer leaves it: its raw content can be had.
#[test]
fn a_database_without_its_tables_is_given_raw_and_another_is_begun() {
    journey("tables", TestConfig::default(), |page| {
        page.open_beside();
        page.done(page.browser().run_async(
            "const opening = indexedDB.open('tieline-history', 4);
             opening.onupgradeneeded = () =>
               opening.result.createObjectStore('records').put('{\"resource_id\":\"ccn-old\"', 7);
             await new Promise((done) => { opening.onsuccess = done; });
             opening.result.close();",
            json!([]),
        ));
        page.open("#/history");
        page.shows("cannot open this page's history (NotFoundError");
        page.click("button", "Save the raw content as a file");
        let raw = written(page, "tieline-damaged");
        assert!(raw.contains("ccn-old"), "{raw}");
        let id = make(page, "new");
        page.open("#/history");
        page.row(&[&id, "Created"]);
    });
}

/// A newer version has written it: it is read, and not written.
#[test]
fn a_newer_history_is_shown_searched_and_exported_and_not_written() {
    journey("newer-history", TestConfig::default(), |page| {
        let op = any();
        let ids = ["kept-1", "kept-2"].map(|name| make(page, name));
        page.open_beside();
        page.upgrade_database();
        page.open("#/history");
        page.shows("A newer version of this page has written this browser's history.");
        page.row(&[&ids[0], "Created"]);
        filter(page, "kept-2");
        page.until("one record", || Ok(page.rows().len() == 1));
        page.click("button", Named::Has(op.title.en));
        page.shows("The cloud answered: Created");
        // What could only be kept in memory is not offered.
        page.shows("it cannot be changed here");
        let idle = |role: &str, name: &str| {
            let element = page.find(role, name);
            let closed = "return arguments[0].disabled || arguments[0].readOnly";
            let closed = page.done(page.browser().run(closed, json!([element.json()])));
            assert_eq!(closed, json!(true), "{name}");
        };
        idle("button", "Delete the record");
        idle("textbox", "Note");
        page.click("button", "Close the details");
        filter(page, "");
        idle("button", "Import JSON");
        page.click("checkbox", Named::Has("Select all records shown"));
        idle("button", "Delete the selected records");
        page.click("button", "Clear the selection");
        let mut outside = valid(op);
        outside.set(&name_path(op), "somebody-elses");
        crate::unrecorded::outside(page, op, &outside);
        page.fold("Resources of the account that are not recorded here");
        page.click("button", "Look for them");
        page.find("button", "Look for them");
        page.shows("somebody-elses");
        assert!(!page.has("button", Named::Has("into the history")));
        page.click("button", "Export JSON");
        page.shows("Records exported: 2.");
        let file = std::fs::read_to_string(download(page, ".json")).expect("the export");
        assert!(
            ids.iter().all(|id| file.contains(id)) && file.contains("events"),
            "{file}"
        );
        // A creation says why it keeps no lasting record.
        let mut raw = valid(op);
        raw.set(&name_path(op), "unkept");
        send(page, op, &raw);
        page.focused("paragraph", "keeps no record of what is sent");
        page.shows("A newer version of this page has written this browser's history.");
        page.click("button", "Send without a record");
        created(page, op);
        let version = in_database(page, "return db.version;");
        assert_eq!(version, json!(1000), "nothing has changed it");
    });
}

/// A file that the user chose once follows the history, by itself and without losing what was in it.
#[test]
fn the_history_is_exported_by_itself_into_a_file_that_was_chosen_once() {
    journey("autosave", TestConfig::default(), |page| {
        with_picker(page);
        before_pages(
            page,
            "const query = FileSystemHandle.prototype.queryPermission;
             FileSystemHandle.prototype.queryPermission = function () {
               return localStorage.getItem('forgotten') ? Promise.resolve('prompt') : query.apply(this, arguments);
             };
             FileSystemHandle.prototype.requestPermission = () => {
               localStorage.removeItem('forgotten');
               return Promise.resolve('granted');
             };",
        );
        let one = make(page, "one");
        page.open("#/history");
        page.reload();
        page.row(&[&one, "Created"]);
        page.click("button", "Export into a file automatically…");
        page.shows("Exported automatically into chosen.json, last written: 20");
        exported(page, &one);
        // After each creation, wherever the page is.
        let two = make(page, "two");
        exported(page, &two);
        // The browser forgets, also after a reload: nothing is written until the user allows it again.
        page.done(
            page.browser()
                .run("localStorage.setItem('forgotten', 'yes')", json!([])),
        );
        page.reload();
        let three = make(page, "three");
        page.open("#/history");
        page.shows("The browser no longer lets the page write this file.");
        assert!(!chosen(page).contains(&three));
        page.click("button", "Let the page write it again");
        exported(page, &three);
        page.until("the question to go", || {
            Ok(!page.has("button", "Let the page write it again"))
        });
        // A write that fails leaves the file as it was.
        let before = chosen(page);
        page.done(page.browser().run(
            "const write = FileSystemWritableFileStream.prototype.write;
             FileSystemWritableFileStream.prototype.write = async function () {
               await write.call(this, 'half of it');
               throw new DOMException('the disk is full', 'QuotaExceededError');
             };",
            json!([]),
        ));
        page.click("link", Named::Has(any().title.en));
        let four = make_here(page, "four");
        page.click("link", "History");
        page.shows("The file could not be written: the disk is full");
        assert_eq!(chosen(page), before);
        page.reload();
        exported(page, &four);
        page.click("button", "Stop exporting automatically");
        page.find("button", "Export into a file automatically…");
        let five = make(page, "five");
        page.open("#/history");
        page.row(&[&five, "Created"]);
        std::thread::sleep(std::time::Duration::from_secs(4));
        assert!(!chosen(page).contains(&five));
    });
    journey("autosave-absent", TestConfig::default(), |page| {
        before_pages(page, "delete window.showSaveFilePicker;");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        assert!(!page.text().contains("automatically"));
    });
}

/// Receipts that cannot be read leave the file without them: it is not called whole, and replaces no file that has
/// them.
#[test]
fn an_export_without_the_receipts_there_are_says_so_and_takes_no_good_files_place() {
    journey("unproven", TestConfig::default(), |page| {
        with_picker(page);
        before_pages(
            page,
            "const getAll = IDBObjectStore.prototype.getAll;
             IDBObjectStore.prototype.getAll = function () {
               if (localStorage.getItem('unread') && this.name == 'receipts')
                 throw new DOMException('not now', 'UnknownError');
               return getAll.apply(this, arguments);
             };",
        );
        let unread = |value: &str| {
            let script = format!("localStorage.setItem('unread', '{value}')");
            page.done(page.browser().run(&script, json!([])));
        };
        let one = make(page, "one");
        page.open("#/history");
        page.reload();
        page.click("button", "Export into a file automatically…");
        exported(page, &one);
        let time = || {
            in_database(
                page,
                "return got(db.transaction('chains').objectStore('chains').get('exported'));",
            )
        };
        page.until("the note of it", || Ok(time().is_number()));
        let (noted, before) = (time(), chosen(page));
        unread("yes");
        page.click("button", "Export JSON");
        page.shows("Records exported: 1. The receipts could not be read and are not in the file");
        let text = std::fs::read_to_string(download(page, ".json")).expect("the export");
        assert!(text.contains(&one), "{text}");
        assert_eq!(tieline_records::proof::verify(&text), Ok(None));
        assert_eq!(
            time(),
            noted,
            "what nothing proves is no export of everything"
        );
        // Nor does it take the place of one that has them.
        page.click("link", Named::Has(any().title.en));
        let two = make_here(page, "two");
        page.click("link", "History");
        page.shows("The file was not written");
        assert_eq!(chosen(page), before);
        // It is written as soon as they can be read, without any change.
        unread("");
        exported(page, &two);
    });
}

/// Creates something on the form in sight.
pub fn make_here(page: &Page, name: &str) -> String {
    let op = any();
    let mut raw = valid(op);
    raw.set(&name_path(op), name);
    crate::inputs::fill(page, op, &raw);
    page.click("button", "Create");
    created(page, op)
}
