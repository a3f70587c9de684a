//! Other keys at the same address: what they do not find may exist all the same.

use serde_json::json;
use tieline_catalog::{creations, Operation};

use crate::history::open_details;
use crate::holding::put_ahead;
use crate::inputs::{created, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::unrecorded::outside;

/// An operation whose resources a read lists.
fn listed() -> &'static Operation {
    let mut all = creations();
    let op = all.find(|op| {
        let read = op
            .read_back()
            .and_then(|read| tieline_catalog::find(read.operation));
        op.token.is_some() && read.is_some_and(|read| read.response().list.is_some())
    });
    op.expect("an operation whose resources are listed")
}

/// Has each read of this tab signed by other keys, which find nothing.
fn other_account(page: &Page, op: &'static Operation) {
    let read = op.read_back().expect("a read").operation;
    let list = tieline_catalog::find(read).and_then(|read| read.response().list.as_ref());
    let path = list.map(|list| list.path.split('.').collect::<Vec<_>>());
    let script = "
        const [read, path] = arguments, before = window.fetch;
        window.fetch = async (...all) => {
          const reply = await before(...all);
          const url = all[0].url ?? String(all[0]);
          if (!url.endsWith('/v1/' + read)) return reply;
          const body = await reply.json();
          path.slice(0, -1).reduce((at, name) => at[name], body)[path.at(-1)] = [];
          const headers = new Headers(reply.headers);
          if (!headers.has('tieline-signer')) throw new Error('nobody said whose keys these are');
          headers.set('tieline-signer', 'ffffffffffffffff');
          return new Response(JSON.stringify(body), { status: reply.status, headers });
        };";
    page.done(page.browser().run(script, json!([read, path])));
}

#[test]
fn what_the_keys_of_another_account_do_not_find_is_not_called_gone() {
    journey("other-keys", TestConfig::default(), |page| {
        let op = listed();
        let mut raw = valid(op);
        raw.set(&name_path(op), "of-the-first-account");
        send(page, op, &raw);
        created(page, op);
        page.click("link", "History");
        other_account(page, op);
        // By then whoever could see it would.
        put_ahead(page, 600_000);
        open_details(page, op, "of-the-first-account");
        page.click("button", "Refresh the status");
        page.shows("The proxy signs with other keys now");
        page.click("button", "Close the details");
        page.click("button", "Check against the cloud");
        page.shows("Could not be asked about: 1");
        page.row(&["of-the-first-account", "Creating"]);
        assert!(!page.has("row", Named::Has("Gone")));
    });
}

/// Takes a resource over that somebody else has made.
fn take_over(page: &Page, op: &'static Operation, name: &str) {
    let mut raw = valid(op);
    raw.set(&name_path(op), name);
    let id = outside(page, op, &raw);
    page.fold("Resources of the account that are not recorded here");
    page.click("button", "Look for them");
    let take = format!("Take it into the history: {id}");
    page.click("button", Named::Has(&take));
    page.focused("status", "Taken into the history: 1.");
}

/// Loses the answer to a request, finds its resource and takes that over.
fn find_again(page: &Page, op: &'static Operation, name: &str) {
    let mut raw = valid(op);
    raw.set(&name_path(op), name);
    send(page, op, &raw);
    page.find("heading", Named::Has("Outcome unknown"));
    page.click("link", "History");
    open_details(page, op, name);
    page.click("button", Named::Has("Look it up by"));
    page.click("button", "Use this resource");
    page.shows("is now in the record");
    page.click("button", "Close the details");
}

#[test]
fn what_was_adopted_is_not_called_gone_by_the_keys_of_another_account() {
    journey("other-keys-adopted", TestConfig::default(), |page| {
        let op = listed();
        let names = ["lost-fault-lost", "of-a-colleague"];
        find_again(page, op, names[0]);
        take_over(page, op, names[1]);
        for name in names {
            page.row(&[name]);
        }
        other_account(page, op);
        put_ahead(page, 600_000);
        for name in names {
            open_details(page, op, name);
            page.click("button", "Refresh the status");
            page.shows("The proxy signs with other keys now");
            page.click("button", "Close the details");
        }
        page.click("button", "Check against the cloud");
        page.shows("Could not be asked about: 2");
        assert!(!page.has("row", Named::Has("Gone")));
    });
}
