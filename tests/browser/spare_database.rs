//! The spare history, which stands for one that does not open: all of it is taken in when that opens again.

use serde_json::json;
use tieline_catalog::answer::{Answer, Created};
use tieline_catalog::check;
use tieline_records::export::{head, part, CHAINS, TAIL};
use tieline_records::receipt::Entry;
use tieline_records::{By, Chain, Head, Record};

use crate::damaged_history::{
    any, chosen, exported, in_database_of, make, make_here, unopened, with_picker,
};
use crate::history::{download, import};
use crate::inputs::{name_path, valid};
use crate::page::{journey, Named, Page, TestConfig};

/// The export of another browser: one record and its chain.
fn foreign() -> String {
    let op = any();
    let mut raw = valid(op);
    raw.set(&name_path(op), "foreign");
    let parsed = check(op, &raw).parsed;
    let then = 1_700_000_000_000;
    let mut record = Record::intent(&parsed, "foreign-key", "/api".into(), None, false, then);
    let answer = Answer::Created(Created {
        id: "cen-foreign".into(),
        status: None,
        request_id: None,
        fields: Vec::new(),
    });
    record.settle(&answer, By::Cloud, true, None, then + 1_000);
    let mut end = Head::genesis("foreign-chain", then);
    let mut entries = Entry::between(None, &record);
    entries.push(Entry::exported(1, false));
    let receipts = entries
        .into_iter()
        .map(|entry| end.append(entry, then + 2_000));
    let receipts = receipts.collect();
    let chain = Chain {
        chain: end.chain,
        since: end.since,
        head: end.hash,
        receipts,
    };
    [&head(), &part(&record), CHAINS, &part(&chain), TAIL].concat()
}

/// How many values each table of the spare database has.
fn spare(page: &Page) -> serde_json::Value {
    in_database_of(
        page,
        "tieline-history-spare",
        "const tx = db.transaction(Array.from(db.objectStoreNames));
         const counts = {};
         for (const name of db.objectStoreNames) counts[name] = await got(tx.objectStore(name).count());
         return counts;",
    )
}

/// Imported chains, what was set aside, the chosen file: all of it. What another tab writes into the spare history
/// afterwards is taken in at the next time.
#[test]
fn all_that_a_spare_history_has_is_taken_in_and_what_a_tab_writes_there_still() {
    journey("spare", TestConfig::default(), |page| {
        with_picker(page);
        let old = make(page, "old");
        unopened(page);
        page.reload();
        page.open("#/history");
        page.shows("cannot open this page's history (UnknownError");
        let file = page.downloads().join("foreign.json");
        std::fs::write(&file, foreign()).expect("a file");
        import(page, &file);
        page.shows("Imported: 1 new");
        page.click("button", "Export into a file automatically…");
        page.shows("The file was not written");
        let new = make(page, "new");
        // What is damaged in it stays beside the rest, too.
        in_database_of(
            page,
            "tieline-history-spare",
            "const tx = db.transaction('records', 'readwrite');
             tx.objectStore('records').put('{\"resource_id\":\"cen-broken\"', 4096);
             await ended(tx);
             return null;",
        );
        let first = page.tab();

        page.done(
            page.browser()
                .run("localStorage.setItem('healed', 'yes')", json!([])),
        );
        let second = page.new_tab();
        page.open("#/history");
        for id in [&new, &old, "cen-foreign"] {
            page.row(&[id, "Created"]);
        }
        page.shows("damaged and were set aside: 1.");
        page.shows("Exported automatically into chosen.json");
        let left = spare(page);
        for name in [
            "records", "intents", "receipts", "chains", "blocks", "aside", "files",
        ] {
            assert_eq!(left[name], json!(0), "{name}: {left}");
        }

        // The first tab has the spare history still, and writes there.
        page.show_tab(&first);
        page.click("link", Named::Has(any().title.en));
        let late = make_here(page, "late");
        page.show_tab(&second);
        page.reload();
        for id in [&late, &new, &old] {
            page.row(&[id, "Created"]);
        }
        assert_eq!(page.rows().len(), 4);
        // What was set aside is in the file that saves it, and the export goes on once it is gone.
        assert!(!chosen(page).contains(&late));
        page.click("button", "Save the raw content as a file");
        page.find("button", "Remove what was set aside");
        // What came after the file was saved does not go with what is in it.
        in_database_of(
            page,
            "tieline-history",
            "const tx = db.transaction('aside', 'readwrite');
             tx.objectStore('aside').put('{\"since\":true}', 'records 5000');
             await ended(tx);
             return null;",
        );
        page.click("button", "Remove what was set aside");
        page.until("the removal", || {
            Ok(!page.has("button", "Remove what was set aside"))
        });
        page.shows("damaged and were set aside: 1.");
        page.click("button", "Save the raw content as a file");
        page.click("button", "Remove what was set aside");
        exported(page, &late);
        page.click("button", "Export JSON");
        let text = std::fs::read_to_string(download(page, ".json")).expect("the export");
        let report = tieline_records::proof::verify(&text).expect("an export");
        let report = report.expect("receipts");
        assert_eq!(
            (report.findings.as_slice(), report.records.len()),
            (&[][..], 4),
            "{text}"
        );
        let foreign = |(id, ..): &(String, u64, String)| id == "foreign-chain";
        assert!(report.chains.iter().any(foreign), "{:?}", report.chains);
    });
}
