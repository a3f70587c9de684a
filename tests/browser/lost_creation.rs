//! The way of one lost creation from "unknown" to "adopted", with everything in it that goes wrong on such a way.
//!
//! `TIELINE_PICTURES=folder cargo xtask test browser from_unknown_to_adopted` leaves a picture of each step in both
//! languages there.

use std::path::PathBuf;

use serde_json::json;
use tieline_catalog::{creations, Operation};
use tieline_records::proof::verify;

use crate::history::{download, open_details};
use crate::holding::{grow_up, keep_young, GROWN};
use crate::inputs::{count, fill, name_path, valid};
use crate::page::{journey, Named, Page};
use crate::walkthrough::speak;

/// Where pictures are wanted.
const PICTURES: &str = "TIELINE_PICTURES";

/// An operation whose resources are looked up by name and whose status changes.
fn changing() -> &'static Operation {
    let mut all = creations();
    all.find(|op| op.read_back().is_some_and(|read| !read.pending.is_empty()))
        .expect("an operation with a status that changes")
}

/// Keeps a picture of this step in both languages, if pictures are wanted.
fn picture(page: &Page, step: &str) {
    let Some(folder) = std::env::var_os(PICTURES).map(PathBuf::from) else {
        return;
    };
    for language in ["zh-CN", "en"] {
        speak(page, language);
        page.picture(&folder.join(format!("{step}-{language}.png")));
    }
}

/// Has the next read of this tab get no answer.
fn unanswered(page: &Page, op: &'static Operation) {
    let read = op.read_back().and_then(|read| read.by_name_operation);
    let script = "
        const [read] = arguments, before = window.fetch;
        window.fetch = (...all) => {
          const url = all[0].url ?? String(all[0]);
          if (!url.endsWith('/v1/' + read)) return before(...all);
          window.fetch = before;
          return Promise.reject(new TypeError('the connection was lost'));
        };";
    page.done(page.browser().run(script, json!([read])));
}

/// Has the next reads of this tab meet what reads meet: the first finds nothing, as right after a creation, the
/// second gets no answer, but not before `window.goOn()`, the others are as they are.
fn trouble(page: &Page, op: &'static Operation) {
    let read = op.read_back().expect("a read").operation;
    let list = tieline_catalog::find(read).and_then(|read| read.response().list.as_ref());
    let path = list.map(|list| list.path.split('.').collect::<Vec<_>>());
    let script = "
        const [read, path] = arguments;
        const before = window.fetch;
        const waited = new Promise(done => { window.goOn = done; });
        window.met = [];
        window.fetch = async (...all) => {
          const url = all[0].url ?? String(all[0]);
          if (!url.endsWith('/v1/' + read) || window.met.length > 1) return before(...all);
          window.met.push(window.met.length ? 'none' : 'empty');
          if (window.met.length > 1) {
            await waited;
            throw new TypeError('the connection was lost');
          }
          const reply = await before(...all);
          const body = await reply.json();
          const inner = path.slice(0, -1).reduce((at, name) => at[name], body);
          inner[path.at(-1)] = [];
          return new Response(JSON.stringify(body), { status: reply.status, headers: reply.headers });
        };";
    page.done(page.browser().run(script, json!([read, path])));
}

#[test]
fn a_lost_creation_goes_from_unknown_to_adopted_whatever_goes_wrong() {
    journey("lost", GROWN, |page| {
        let op = changing();
        let name = "lost-backbone-fault-lost";
        let mut raw = valid(op);
        raw.set(&name_path(op), name);

        // The answer is lost. The request is known, and that its outcome is not.
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &raw);
        page.click("button", "Create");
        page.find("heading", Named::Has("Outcome unknown"));
        picture(page, "1-answer-lost");
        assert_eq!(count(page, op, &raw), 1);

        // Whoever reloads the page finds it again, and a second tab too; both ask before it goes out once more.
        page.reload();
        page.open("#/history");
        page.row(&[name, "Outcome unknown"]);
        picture(page, "2-after-a-reload");
        let first = page.tab();
        page.new_tab();
        page.open(&format!("#/create/{}", op.name));
        fill(page, op, &raw);
        page.click("button", "Create");
        page.find("button", "Do not send");
        picture(page, "3-a-second-tab-asks");
        page.click("button", "Do not send");
        assert_eq!(count(page, op, &raw), 1, "nothing was sent again");
        page.done(page.browser().delete("window"));
        page.show_tab(&first);

        // The look-up fails; nothing is known by it. The next one finds it, and shows what speaks for it.
        // Its status still changes when it is found.
        keep_young(page, op);
        open_details(page, op, name);
        unanswered(page, op);
        page.click("button", Named::Has("Look it up by"));
        page.shows("The look-up failed");
        picture(page, "4-the-look-up-fails");
        page.click("button", Named::Has("Look it up by"));
        page.shows(": the same");
        picture(page, "5-the-evidence");

        // It is taken over. The first read does not know it yet, the second gets no answer.
        trouble(page, op);
        page.click("button", "Use this resource");
        page.shows("was chosen as its resource");
        picture(page, "6-adopted");
        page.row(&[name, "Creating", "Not visible yet"]);
        picture(page, "7-not-visible-yet");
        grow_up(page);
        page.done(page.browser().run("window.goOn()", json!([])));
        page.row(&[name, "Created", "Active"]);
        let met = page.done(page.browser().run("return window.met", json!([])));
        assert_eq!(met, json!(["empty", "none"]));
        page.shows("Status Active");
        picture(page, "8-active");

        // All of it stands in the time line, in its order, and a second tab knows it.
        let text = page.text();
        let mut from = 0;
        for said in [
            "Sent to",
            "The look-up failed",
            "Looked up by its name: 1 found",
            "was chosen as its resource",
            "was not found",
            "Status Active",
        ] {
            let at = text[from..].find(said);
            from += at.unwrap_or_else(|| panic!("{said:?} after {from} in\n{text}"));
        }
        page.new_tab();
        page.open("#/history");
        let row = page.row(&[name, "Created", "Active"]);
        assert!(!row.contains("unknown"), "{row}");
        assert_eq!(page.rows().len(), 1);
        picture(page, "9-the-second-tab");
        page.click("button", "Export JSON");
        let text = std::fs::read_to_string(download(page, ".json")).expect("the export");
        let report = verify(&text).expect("an export").expect("receipts");
        assert_eq!(report.findings, [], "{text}");
        assert_eq!(
            count(page, op, &raw),
            1,
            "there is one, and there always was"
        );
    });
}
