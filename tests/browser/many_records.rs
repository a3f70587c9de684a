//! Very many records, measured: the numbers are printed in every run, and looked at by people.

use std::time::Instant;

use serde_json::json;
use tieline_catalog::creations;

use crate::history::{filter, import, many};
use crate::inputs::{created, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use tieline_test_support::webdriver::key;

/// However many there are, the number of rows in the page is bounded.
#[test]
fn fifty_thousand_records_stay_usable() {
    const MANY: usize = 50_000;
    journey("many", TestConfig::default(), |page| {
        let file = page.downloads().join("many.json");
        std::fs::write(&file, many(MANY)).expect("a file");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        let began = Instant::now();
        let before = computed(page);
        import(page, &file);
        // Longer than anything else here, so it is waited for in parts.
        for part in 1..=5 {
            let done = format!("{} of {MANY}", part * MANY / 5);
            page.until(format!("import of {done}"), || {
                let text = page.text();
                let now = text
                    .split("Importing: ")
                    .nth(1)
                    .and_then(|t| t.split(' ').next()?.parse::<usize>().ok());
                Ok(text.contains("Imported:") || now.is_some_and(|now| now >= part * MANY / 5))
            });
        }
        page.shows(&format!("Imported: {MANY} new"));
        println!(
            "measured: import of {MANY} records: {} ms, {} ms of it the page's own work",
            began.elapsed().as_millis(),
            computed(page) - before
        );
        page.shows(&format!("Records: {MANY}"));

        let began = Instant::now();
        page.reload();
        page.until("a row", || Ok(!page.rows().is_empty()));
        println!(
            "measured: first rows after a reload: {} ms",
            began.elapsed().as_millis()
        );
        page.shows(&format!("Records: {MANY}"));
        println!(
            "measured: all {MANY} read: {} ms",
            began.elapsed().as_millis()
        );

        // What a key in the filter and a leap of the scroll bar cost, in the page's own time.
        let text = page.find("searchbox", "Text");
        let keys = page.done(page.browser().run_async(TIME_FILTER, json!([text.json()])));
        println!("measured: filter by text, ms of work for each key: {keys}");
        page.shows(&format!("1 of {MANY}"));
        filter(page, "");
        page.shows(&format!("Records: {MANY}"));
        // What a press costs: each column, all rows selected, one of them.
        for press in [
            "Name",
            "Name",
            "Resource ID",
            "Operation",
            "Outcome",
            "Time",
            "all",
            "one",
            "all",
        ] {
            let ms = page.done(page.browser().run_async(TIME_PRESS, json!([press])));
            println!("measured: press on {press}: {ms} ms");
        }
        page.shows("Selected: 50000");
        page.click("button", "Clear the selection");
        // That leads to the search, which scrolls back to the top, a turn later.
        page.focused("searchbox", "");
        let scroll = page.done(page.browser().run_async(TIME_SCROLL, json!([])));
        println!("measured: scroll to ten places, ms to rows on screen: {scroll}");
        assert!(!scroll.to_string().contains("none"), "{scroll}");
        let rows = page.rows().len();
        println!("measured: rows in the page: {rows}");
        assert!((1..=200).contains(&rows), "{rows} rows are in the page");
        // The last record can be reached.
        page.done(page.browser().run_async(
            "window.scrollTo(0, document.documentElement.scrollHeight);
             await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);",
            json!([]),
        ));
        page.row(&["record-0 "]);
    });
}

/// The processor time that the page's thread has used, in milliseconds: what others do beside it does not
/// count.
fn computed(page: &Page) -> i64 {
    let domain = json!({ "timeDomain": "threadTicks" });
    page.done(page.browser().devtools("Performance.enable", domain));
    let metrics = page.done(page.browser().devtools("Performance.getMetrics", json!({})));
    let all = metrics["metrics"].as_array().into_iter().flatten();
    let mut all = all.filter(|metric| metric["name"] == "ThreadTime");
    let seconds = all.next().and_then(|metric| metric["value"].as_f64());
    (seconds.unwrap_or_default() * 1_000.0) as i64
}

/// From the key until all that it causes is done and laid out, without the wait for the next frame.
const TIME_FILTER: &str = "
    const [field] = args, times = [];
    field.focus();
    const settled = () => new Promise(done => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    });
    for (const text of ['r', 're', 'rec', 'reco', 'record-49', 'record-4999', 'record-49999']) {
      await new Promise(requestAnimationFrame);
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text);
      const began = performance.now();
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await settled();
      document.body.offsetHeight;
      times.push((performance.now() - began).toFixed(1));
    }
    return times.join(' ');";

/// The same for a press on a head, or on a box.
const TIME_PRESS: &str = "
    const [press] = args;
    const head = () => Array.from(document.querySelectorAll('thead button')).find(e => e.textContent.includes(press));
    const boxes = { all: 'thead', one: 'tbody' };
    const target = press in boxes ? document.querySelector(boxes[press] + ' input') : head();
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    target.click();
    await new Promise(done => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    });
    document.body.offsetHeight;
    return (performance.now() - began).toFixed(1);";

const TIME_SCROLL: &str = "
    const times = [];
    for (let i = 1; i <= 10; i++) {
      const began = performance.now();
      window.scrollTo(0, document.documentElement.scrollHeight * i / 11);
      const shown = () => document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('tr')?.querySelector('td');
      do await new Promise(requestAnimationFrame); while (!shown() && performance.now() - began < 5000);
      times.push(shown() ? Math.round(performance.now() - began) : 'none');
    }
    return times.join(' ');";

/// Waits for the fields of a range of days.
pub fn two_days(page: &Page) {
    let count = "return document.querySelectorAll('input[type=date]').length";
    page.until("two days", || {
        Ok(page.browser().run(count, json!([]))? == json!(2))
    });
}

/// A record is found by what was sent and when, and with the keyboard alone.
#[test]
fn records_are_found_by_day_and_parameter_and_by_keyboard() {
    journey("found", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let file = page.downloads().join("old.json");
        // From November 2023, a second apart.
        std::fs::write(&file, many(20)).expect("a file");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        import(page, &file);
        page.shows("Imported: 20 new");
        let raw = valid(op);
        send(page, op, &raw);
        let id = created(page, op);
        page.click("link", "History");
        page.shows("Records: 21");
        for period in ["1", "7", "30"] {
            page.choose("Time", period);
            page.until("the new one", || Ok(page.rows().len() == 1));
            page.row(&[&id]);
        }
        page.choose("Time", "range");
        two_days(page);
        let set = "const [name, value] = arguments;
            const field = Array.from(document.querySelectorAll('input[type=date]'))
              .find(e => e.labels[0].textContent.trim() == name);
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, value);
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));";
        for (from, to, rows) in [
            ("2023-11-10", "2023-11-20", 20),
            ("2023-11-10", "2023-11-11", 0),
            ("2023-11-20", "", 1),
        ] {
            page.done(page.browser().run(set, json!(["From", from])));
            page.done(page.browser().run(set, json!(["To", to])));
            page.shows(&format!("{rows} of 21 records"));
        }
        page.choose("Time", "");
        page.shows("Records: 21");

        // What was sent in any parameter finds it.
        let leaves = raw.leaves();
        let (_, value) = leaves
            .iter()
            .max_by_key(|(_, text)| text.len())
            .expect("a parameter");
        filter(page, value);
        page.row(&[&id]);
        filter(page, "");
        page.shows("Records: 21");

        // The keys: down, up, the details, and to the search.
        let text = page.find("searchbox", "Text");
        page.done(page.browser().keys(&text, key::TAB));
        let row = page.find("button", Named::Has(op.title.en));
        page.done(page.browser().keys(&row, "j"));
        // The heads of the two days are rows, too.
        for (key, at) in [("j", "5"), ("k", "6"), ("", "5")] {
            let focus =
                "return document.activeElement.closest('tr')?.getAttribute('aria-rowindex')";
            page.until(format!("the focus on row {at}"), || {
                Ok(page.browser().run(focus, json!([]))? == json!(at))
            });
            if !key.is_empty() {
                page.done(page.browser().press(&[key]));
            }
        }
        page.done(page.browser().press(&["/"]));
        page.focused("searchbox", "");
        assert_eq!(page.done(page.browser().property(&text, "value")), "");
    });
}
