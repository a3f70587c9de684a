//! Receipts and chains that cannot be read any more: they are set aside, and every export can be read.

use tieline_records::receipt::Entry;
use tieline_records::{Chain, Head};

use crate::damaged_history::{chosen, exported, in_database, make, with_picker, written};
use crate::history::import;
use crate::page::{journey, TestConfig};

/// A file of another history that has nothing but its chain.
fn of_nothing(chain: &str) -> String {
    use tieline_records::export::{head, part, CHAINS, TAIL};
    let mut own = Head::genesis(chain, 1_000);
    let receipts = Vec::from([own.append(Entry::exported(0, false), 1_000)]);
    let chain = Chain {
        chain: own.chain,
        since: own.since,
        head: own.hash,
        receipts,
    };
    [&head(), CHAINS, &part(&chain), TAIL].concat()
}

/// The chain goes on where its head is damaged; what else of the receipts is damaged, and a record that was whole when
/// it was loaded, is set aside too. No file has anything of it, and none that is whole is replaced.
#[test]
fn damaged_receipts_are_set_aside_and_leave_every_export_readable() {
    journey("damaged-receipts", TestConfig::default(), |page| {
        with_picker(page);
        let one = make(page, "one");
        page.open("#/history");
        page.reload();
        page.click("button", "Export into a file automatically…");
        exported(page, &one);
        let before = chosen(page);
        in_database(
            page,
            "const tx = db.transaction('chains', 'readwrite'), chains = tx.objectStore('chains');
             chains.put((await got(chains.get('own'))).slice(0, -5), 'own');
             await ended(tx);",
        );
        page.reload();
        page.shows("Values of the history that are damaged and were set aside: 1.");
        let two = make(page, "two");
        page.open("#/history");
        page.shows("The file was not written");
        assert_eq!(chosen(page), before);
        let forget = || {
            page.click("button", "Save the raw content as a file");
            page.click("button", "Remove what was set aside");
        };
        forget();
        // What was recorded before the damage is proven still.
        exported(page, &two);

        let file = page.downloads().join("other.json");
        std::fs::write(&file, of_nothing("other")).expect("a file");
        import(page, &file);
        page.shows("Imported: 0 new");
        let before = chosen(page);
        in_database(
            page,
            "const tx = db.transaction(['chains', 'receipts', 'records'], 'readwrite');
             const cut = async (name, key) => {
               const store = tx.objectStore(name);
               store.put((await got(store.get(key))).slice(0, -5), key);
             };
             await cut('chains', 'file other');
             await cut('receipts', (await got(tx.objectStore('receipts').getAllKeys()))[1]);
             await cut('records', (await got(tx.objectStore('records').getAllKeys()))[0]);
             await ended(tx);",
        );
        page.click("button", "Export JSON");
        page.shows("Damaged values that were set aside and are not in the file: 3.");
        page.shows("Values of the history that are damaged and were set aside: 3.");
        let text = written(page, "tieline-history");
        let report = tieline_records::proof::verify(&text).expect("an export");
        let report = report.expect("receipts");
        assert_eq!(
            (report.records.len(), report.chains.len()),
            (1, 1),
            "{text}"
        );
        assert!(!report.findings.is_empty(), "what is lost is not whole");
        let three = make(page, "three");
        page.open("#/history");
        page.shows("The file was not written");
        assert_eq!(chosen(page), before);
        forget();
        page.until("the file", || Ok(chosen(page).contains(&three)));
        let report = tieline_records::proof::verify(&chosen(page)).expect("an export");
        assert_eq!(report.expect("receipts").records.len(), 2);
    });
}
