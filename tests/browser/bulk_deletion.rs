//! Many records deleted together, and there again.

use serde_json::{json, Value};

use crate::history::download;
use crate::history_list::{in_order, listed, numbers, pick};
use crate::page::{journey, Named, TestConfig};
use tieline_test_support::webdriver::key;

#[test]
fn selected_records_are_deleted_together_and_come_back_at_one_stroke() {
    journey("deleted-together", TestConfig::default(), |page| {
        const ALL: usize = 700;
        listed(page, ALL);
        let first = page.tab();
        page.new_tab();
        page.open("#/history");
        page.shows(&format!("Records: {ALL}"));
        let second = page.tab();
        page.show_tab(&first);

        let all = page.find("checkbox", Named::Is("Select all records shown: 700"));
        page.click_on(&all);
        page.shows("Selected: 700");
        pick(page, 699, false);
        page.shows("Selected: 699");
        page.click("button", "Delete the selected records");
        page.find("dialog", "Delete the selected records: 699?");
        page.focused("button", "Cancel");
        page.done(page.browser().press(&[key::ENTER]));
        page.until("the question to close", || {
            Ok(!page.has("dialog", Named::Any))
        });
        page.shows("Selected: 699");
        page.click("button", "Delete the selected records");
        page.find("dialog", Named::Any);
        // What is left lies far above what was in sight.
        let down = "scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })";
        page.done(page.browser().run(down, json!([])));
        page.until("the oldest in sight", || {
            Ok(numbers(page).last() == Some(&0))
        });
        page.click("button", "Delete");
        page.shows("Records deleted: 699.");
        in_order(page, &[699]);
        page.focused("button", "Undo");
        // Another tab sees it, and a reload.
        page.show_tab(&second);
        page.shows("Records: 1");
        page.reload();
        page.shows("Records: 1");
        page.show_tab(&first);
        // Back by the keys, from wherever no text is typed.
        let row = page.find("button", Named::Has("record-699 of many"));
        page.done(page.browser().keys(&row, key::UNDO));
        page.shows("Records that are there again: 699.");
        page.shows(&format!("Records: {ALL}"));
        page.show_tab(&second);
        page.shows(&format!("Records: {ALL}"));
        page.reload();
        page.shows(&format!("Records: {ALL}"));
        page.click("button", "Export JSON");
        let json = std::fs::read_to_string(download(page, ".json")).expect("the file");
        let report = tieline_records::proof::verify(&json).expect("an export");
        let report = report.expect("receipts");
        assert_eq!((report.records.len(), report.findings.len()), (ALL, 0));
        page.shows(&format!("Records exported: {ALL}."));
        assert!(!page.text().contains("a part of the history"));
        // That they were deleted excuses nothing any more.
        let mut cut: Value = serde_json::from_str(&json).expect("JSON");
        drop(cut["records"].as_array_mut().expect("records").remove(9));
        let report = tieline_records::proof::verify(&cut.to_string()).expect("an export");
        let removed = |f: &_| matches!(f, tieline_records::proof::Finding::Removed(_));
        assert!(report.expect("receipts").findings.iter().any(removed));
    });
}
