//! What the clouds have and the history does not tell of.

use serde_json::{json, Value};
use tieline_catalog::{check, creations, Fill, Operation, Raw};
use tieline_records::proof::verify;

use crate::history::{download, filter, open_details};
use crate::holding::{hold_reads, let_go};
use crate::inputs::{created, distinguish, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use tieline_test_support::webdriver::agent;

const FOLD: &str = "Resources of the account that are not recorded here";

/// Creates something beside the page, as a colleague does; its id.
pub fn outside(page: &Page, op: &'static Operation, raw: &Raw) -> String {
    let url = format!("{}/api/v1/{}", page.origin, op.name);
    let mut reply = agent(std::time::Duration::from_secs(60))
        .post(&url)
        .content_type("application/json")
        .header(
            "idempotency-key",
            &format!("outside-{:?}", raw.get(&name_path(op))),
        )
        .send(check(op, raw).parsed.to_json().to_string())
        .expect("the proxy answers");
    let status = reply.status().as_u16();
    let body = reply.body_mut().read_to_string().expect("a body");
    let response = tieline_catalog::wire::Response {
        status,
        content_type: "application/json".into(),
        headers: Vec::new(),
        body: body.clone(),
    };
    match tieline_catalog::answer::decode(op, &response) {
        tieline_catalog::answer::Answer::Created(made) => made.id,
        other => panic!("{other:?} {body}"),
    }
}

fn named(op: &'static Operation, name: &str, nth: usize) -> Raw {
    let mut raw = valid(op);
    raw.set(&name_path(op), name);
    distinguish(op, &mut raw, nth);
    raw
}

/// Looks, and waits for what came of it.
fn look(page: &Page, says: &str) {
    page.click("button", "Look for them");
    page.shows(says);
    page.find("button", "Look for them");
}

fn many() -> &'static Operation {
    let mut all = creations();
    all.find(|op| op.read_back().is_some_and(|read| read.by_ids.is_some()))
        .expect("an operation whose read takes several ids")
}

/// Counts the reads that the page sends from here on, and how many ids the longest asks about.
fn count_reads(page: &Page) {
    let script = "window.reads = []; const before = window.fetch;
        window.fetch = (...all) => {
          const url = all[0].url ?? String(all[0]);
          if (/v1\\/(Describe|List|Show)/.test(url)) window.reads.push(url + ' ' + String(all[1]?.body ?? ''));
          return before(...all);
        };";
    page.done(page.browser().run(script, json!([])));
}

fn reads(page: &Page) -> Vec<String> {
    let reads = page.done(page.browser().run("return window.reads", json!([])));
    serde_json::from_value(reads).expect("texts")
}

#[test]
fn what_no_record_tells_of_is_listed_and_taken_over_by_whoever_says_so() {
    journey("inventory", TestConfig::default(), |page| {
        let mut ids = Vec::new();
        for (nth, op) in creations().enumerate() {
            send(page, op, &named(op, &format!("own-{nth}"), 1));
            created(page, op);
            ids.push(outside(page, op, &named(op, &format!("theirs-{nth}"), 2)));
        }
        // More than a page of them.
        let op = many();
        for n in 0..60 {
            ids.push(outside(page, op, &named(op, &format!("many-{n}"), 10 + n)));
        }
        // And one that a request has made of which nobody knows what became of it.
        let lost = creations().find(|op| op.token.is_none()).expect("one");
        send(page, lost, &named(lost, "lost-fault-lost", 3));
        page.find("heading", Named::Has("Outcome unknown"));
        page.reload();

        let lists = creations().count();
        page.click("link", "History");
        page.until("all rows", || Ok(page.rows().len() == lists + 1));
        page.fold(FOLD);
        count_reads(page);
        let (own, all) = (lists + 1, lists + ids.len() + 1);
        let says = format!("Resources: {all}. Without a record: {}.", ids.len() + 1);
        look(page, &says);
        let text = page.text();
        let read = text
            .split("Lists read: ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        let read: usize = read.and_then(|read| read.parse().ok()).expect("a number");
        assert!(read >= lists, "{text}");
        let listing = op.read_back().and_then(|read| read.all.as_ref());
        let size = listing.into_iter().flat_map(|listing| listing.params);
        let size = size.filter_map(|(_, fill)| match fill {
            Fill::Const(text) => text.parse::<usize>().ok(),
            _ => None,
        });
        let more = size.max().map_or(0, |size| 62 / size);
        assert!(more > 0 && reads(page).len() >= read + more);
        for id in &ids {
            page.shows(id);
        }
        page.shows("The request “lost-fault-lost");
        page.shows("whose outcome is not known");
        assert_eq!(page.rows().len(), own, "nothing is taken over unasked");

        // For Terraform.
        page.click("button", "Save as a file");
        let file = page.saved("imports.tf");
        let entries = tieline_catalog::entries().iter();
        let without = entries
            .filter(|entry| entry.tools.terraform.is_none())
            .count();
        assert_eq!(file.matches("import {").count(), ids.len() + 1 - without);
        page.shows("of which Terraform's providers know no such resource");

        // One, and its record says what it is.
        page.click(
            "button",
            Named::Has(&format!("Take it into the history: {}", ids[0])),
        );
        page.focused("status", "Taken into the history: 1.");
        page.row(&[&ids[0], "theirs-0", "Created"]);
        let first = creations().next().expect("an operation");
        open_details(page, first, &ids[0]);
        page.shows("It was not sent from here.");
        page.shows("Found at");
        assert!(!page.text().contains("Sent to"));
        page.click("button", "Refresh the status");
        page.shows("The status is");
        page.click("button", "Close the details");

        // All others, but for what an open request may have made.
        page.click("button", "Take all of them into the history");
        page.focused(
            "status",
            &format!("Taken into the history: {}.", ids.len() - 1),
        );
        page.shows("Left out: 1.");
        page.shows(&format!("Records: {}", own + ids.len()));
        look(page, "Without a record: 1.");
        page.click("button", "Take all of them into the history");
        page.focused("status", "Taken into the history: 0.");
        page.shows(": the same");
        page.click("button", "Use this resource");
        page.focused("status", "now belongs to its request.");
        filter(page, "lost-fault-lost");
        page.row(&["lost-fault-lost", "Created"]);
        filter(page, "");
        page.reload();
        page.shows(&format!("Records: {}", own + ids.len()));
        page.fold(FOLD);
        look(page, "Without a record: 0.");

        // All of it is on record, and nothing else.
        page.click("button", "Export JSON");
        let file = download(page, ".json");
        let text = std::fs::read_to_string(file).expect("the export");
        let report = verify(&text).expect("an export").expect("receipts");
        assert_eq!(report.findings, [], "{text}");
        assert_eq!(report.records.len(), own + ids.len());

        // Several are asked about in one read.
        filter(page, "many-");
        page.shows("60 of ");
        count_reads(page);
        page.click("button", "Check against the cloud");
        page.shows("Checked: 60 of 60. As recorded: 60.");
        // Whatever the poller asks meanwhile is among them, so that only reads of one each would be too many.
        let asked = reads(page);
        assert!(asked.len() < 60 / 2, "{asked:#?}");
    });
}

/// Two tabs that take the same over make one record; a look can be stopped; a cloud that does not answer is told of.
#[test]
fn two_tabs_take_over_once_and_a_look_can_be_stopped() {
    journey("inventory-tabs", TestConfig::default(), |page| {
        let op = many();
        let id = outside(page, op, &named(op, "theirs", 1));
        let first = page.tab();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        page.fold(FOLD);
        look(page, "Without a record: 1.");
        // Of what wants an account, or a region, it says that nothing names one.
        page.shows("neither the history nor the settings name");
        page.new_tab();
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        page.fold(FOLD);
        look(page, "Without a record: 1.");
        let take = Named::Has("into the history");
        let press = "new BroadcastChannel('take').onmessage = () =>
            Array.from(document.querySelectorAll('button')).find(b => b.ariaLabel?.startsWith('Take ')).click();";
        page.done(page.browser().run(press, json!([])));
        page.show_tab(&first);
        page.find("button", take);
        let both = "new BroadcastChannel('take').postMessage('go');
            Array.from(document.querySelectorAll('button')).find(b => b.ariaLabel?.startsWith('Take ')).click();";
        page.done(page.browser().run(both, json!([])));
        page.row(&[&id, "Created"]);
        page.reload();
        page.row(&[&id, "Created"]);
        assert_eq!(page.rows().len(), 1, "{:?}", page.rows());

        page.fold(FOLD);
        page.click("checkbox", Named::Has("In every known region"));
        hold_reads(page);
        page.click("button", "Look for them");
        page.click("button", "Stop looking");
        let_go(page);
        page.shows("Stopped before the end.");
        page.kill_proxy();
        page.click("checkbox", Named::Has("In every known region"));
        page.click("button", "Look for them");
        page.shows("could not be listed: No Tieline proxy answers");
        let text: Value = json!(page.text());
        assert!(
            text.as_str()
                .is_some_and(|text| text.contains("Without a record: 0.")),
            "{text}"
        );
    });
}
