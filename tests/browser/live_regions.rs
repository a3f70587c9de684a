//! What changes without the focus going there is announced by a live region.

use serde_json::{json, Value};
use tieline_catalog::{creations, Kind};

use crate::inputs::{created, distinguish, fill, name_path, put, send, valid, wrong};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;

/// Hears as a screen reader does: what is added to a live region that was there before, of a status
/// the whole, and an alert also when it is new.
const LISTEN: &str = "
    const polite = '[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]';
    const around = node => {
      const region = (node.nodeType == 1 ? node : node.parentElement)?.closest(polite + ', [aria-live=off]');
      return region?.matches(polite) ? region : null;
    };
    const text = node => (node.innerText ?? node.textContent).replace(/\\s+/g, ' ').trim();
    const known = new WeakSet(document.querySelectorAll(polite));
    window.__heard = [];
    new MutationObserver(records => {
      for (const { type, target, addedNodes } of records) {
        const region = around(target);
        const added = type == 'characterData' ? [target] : Array.from(addedNodes);
        if (region && known.has(region)) {
          const whole = region.getAttribute('role') == 'status';
          for (const node of whole ? [region] : added) __heard.push(text(node));
        } else for (const node of added.filter(node => node.nodeType == 1)) {
          const alerts = [node, ...node.querySelectorAll('[role=alert]')].filter(e => e.matches('[role=alert]'));
          __heard.push(...alerts.map(text));
        }
      }
      document.querySelectorAll(polite).forEach(region => known.add(region));
    }).observe(document.body, { childList: true, characterData: true, subtree: true });";

/// Begins to listen, or forgets what was heard.
pub fn listen(page: &Page) {
    let script = format!("if (window.__heard) window.__heard = []; else {{ {LISTEN} }}");
    page.done(page.browser().run(&script, json!([])));
}

/// Waits until a text was announced.
#[track_caller]
pub fn hears(page: &Page, text: &str) {
    let heard = || page.browser().run("return window.__heard", json!([]));
    let said = |heard: &Value| {
        let texts = heard.as_array().into_iter().flatten();
        texts.filter_map(Value::as_str).any(|t| t.contains(text))
    };
    page.until(format!("an announcement of {text:?}"), || {
        let heard = heard()?;
        if !said(&heard) {
            return Ok(false);
        }
        println!("heard: {heard}");
        Ok(true)
    });
}

#[test]
fn violations_and_answers_are_announced() {
    journey("announce", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let path = name_path(op);
            page.open(&format!("#/create/{}", op.name));
            page.control(&path);
            listen(page);
            let wrong = wrong(op);
            let (at, broken) = wrong.first().expect("a rule that can be broken");
            put(page, op, at, broken);
            page.leave();
            hears(page, "Error:");

            listen(page);
            page.click("button", "Create");
            hears(page, "The request was not sent. Correct ");

            page.click("button", "Clear");
            let mut raw = valid(op);
            for (fault, says) in [
                ("-fault-forbidden", "Rejected"),
                ("-fault-throttle", "Not executed"),
                ("-fault-lost", "Outcome unknown"),
            ] {
                raw.set(&path, &format!("{}{fault}", op.name));
                fill(page, op, &raw);
                listen(page);
                page.click("button", "Create");
                hears(page, "Sending…");
                hears(page, says);
            }
            page.click("button", "Clear");
            fill(page, op, &raw);
            listen(page);
            page.click("button", "Create");
            hears(page, "its outcome is unknown");
            // What cannot be looked up says so and offers nothing.
            if tieline_catalog::reconcile::look_up(op, &raw).is_some() {
                page.click("button", Named::Has("Look it up by"));
                hears(page, "Found:");
            } else {
                hears(page, "cannot be looked up by name");
                assert!(!page.has("button", Named::Has("Look it up by")));
            }

            page.click("button", "Clear");
            raw.set(&path, op.name);
            distinguish(op, &mut raw, 1);
            fill(page, op, &raw);
            listen(page);
            page.click("button", "Create");
            page.click("button", "Send it anyway");
            hears(page, "Created");
            speak(page, "zh-CN");
            listen(page);
            page.type_into(at, broken);
            page.leave();
            hears(page, "错误：");
            speak(page, "en");
        }
    });
}

#[test]
fn counts_results_and_the_connection_are_announced() {
    journey("announce-rest", TestConfig::default(), |page| {
        page.open("#/");
        listen(page);
        let search = page.find("searchbox", "Search");
        let total = creations().count();
        let op = creations().next().expect("an operation");
        page.type_over(&search, op.name);
        hears(page, &format!("1 of {total}"));
        page.type_over(&search, "no such thing");
        hears(page, "No operations match");
        page.type_over(&search, "");

        let lists = |op: &&tieline_catalog::Operation| {
            op.params
                .iter()
                .find(|p| matches!(p.kind, Kind::List { .. }))
        };
        let (op, list) = creations()
            .find_map(|op| Some((op, lists(&op)?)))
            .expect("an operation with a list");
        page.open(&format!("#/create/{}", op.name));
        page.find("button", "Create");
        listen(page);
        page.click("button", &*format!("Add: {}", list.label.en));
        hears(page, "1 of ");

        send(page, op, &valid(op));
        let id = created(page, op);
        listen(page);
        page.click("button", "Copy the ID");
        hears(page, "Copied");
        page.click("link", "History");
        page.row(&[&id]);
        listen(page);
        let text = page.find("searchbox", "Text");
        page.type_over(&text, &id);
        hears(page, "1 of 1");
        page.type_over(&text, "nothing has this");
        hears(page, "0 of 1");
        page.type_over(&text, "");
        page.click("button", Named::Has(op.title.en));
        listen(page);
        page.click("button", "Refresh the status");
        hears(page, "tatus");

        page.open("#/settings");
        page.shows("Proxy ready");
        listen(page);
        page.type_into("endpoint", "nowhere");
        hears(page, "Error:");
        page.kill_proxy();
        page.click("button", "Check the connection");
        hears(page, "No proxy answers.");
        listen(page);
        page.click("button", "Use the sandbox in this page");
        hears(page, "nothing that is created here exists");
    });
}
