//! Moments that are over by themselves, held for as long as a test needs to look at them: no result may depend on
//! how fast the machine is.

use serde_json::json;
use tieline_catalog::{creations, entries, Operation};

use crate::damaged_history::before_pages;
use crate::page::{Page, TestConfig};

/// A proxy whose resources have their last status by the time anybody can read it. Their creation still tells the
/// first one, and [`keep_young`] or [`hold_reads`] decides how long it is shown.
pub const GROWN: TestConfig = TestConfig {
    proxy: &["--time-scale", "0.001"],
    window: (1400, 900),
    without_proxy: false,
};

/// Holds answers to operations of these names. Each is read to its end before, so that nobody who gives up can cut
/// it off, and the page waits for it as long as the test does: no limit of a minute or more is set meanwhile.
const HOLD: &str = "
    const [names] = arguments;
    if (!window.holding) {
      const { fetch, setTimeout } = window;
      window.fetch = async (...all) => {
        const reply = await fetch(...all), url = all[0].url ?? String(all[0]);
        const { names, over } = window.holding;
        if (!names.some(name => url.endsWith('/v1/' + name))) return reply;
        const body = await reply.arrayBuffer();
        window.holding.held++;
        await over;
        return new Response(body, reply);
      };
      window.setTimeout = (work, ms, ...rest) =>
        window.holding.names.length && ms >= 60_000 ? 0 : setTimeout(work, ms, ...rest);
    }
    const holding = window.holding = { names, held: 0 };
    holding.over = new Promise(done => { holding.letGo = done; });";

fn hold(page: &Page, names: &[&str]) {
    page.done(page.browser().run(HOLD, json!([names])));
}

/// Keeps the answers to creations from this page until [`let_go`] or until the page is loaded anew. The cloud has
/// executed them by then.
pub fn hold_creations(page: &Page) {
    let names: Vec<&str> = creations().map(|op| op.name).collect();
    hold(page, &names);
}

/// Keeps the answers to reads from this page, likewise.
pub fn hold_reads(page: &Page) {
    let reads = entries().iter().flat_map(|entry| entry.reads);
    let names: Vec<&str> = reads.map(|read| read.operation.name).collect();
    hold(page, &names);
}

/// Waits until an answer is held.
#[track_caller]
pub fn held(page: &Page) {
    page.until("an answer to be held", || {
        let held = page
            .browser()
            .run("return window.holding.held", json!([]))?;
        Ok(held.as_u64() > Some(0))
    });
}

/// Gives the page what was held, and holds nothing more.
pub fn let_go(page: &Page) {
    let script = "window.holding.letGo(); window.holding.names = [];";
    page.done(page.browser().run(script, json!([])));
}

/// Has reads from this page tell the first status of what an operation creates where they tell the last, until
/// [`grow_up`] or until the page is loaded anew.
pub fn keep_young(page: &Page, op: &Operation) {
    let states = op
        .simulation()
        .map_or(&[][..], |simulation| simulation.states);
    let [(_, first), .., (_, last)] = states else {
        panic!("the status of what {} makes does not change", op.name);
    };
    let entry = entries().iter().find(|entry| entry.create.name == op.name);
    let reads = entry.map_or(&[][..], |entry| entry.reads);
    let reads: Vec<&str> = reads.iter().map(|read| read.operation.name).collect();
    let script = "
        const [reads, first, last] = arguments, { fetch } = window;
        window.young = true;
        window.fetch = async (...all) => {
          const reply = await fetch(...all), url = all[0].url ?? String(all[0]);
          if (!window.young || !reads.some(read => url.endsWith('/v1/' + read))) return reply;
          const text = await reply.text();
          return new Response(text.replaceAll(`\"${last}\"`, `\"${first}\"`), reply);
        };";
    page.done(page.browser().run(script, json!([reads, first, last])));
}

/// Has reads tell what they are told.
pub fn grow_up(page: &Page) {
    page.done(page.browser().run("window.young = false", json!([])));
}

/// Sets no timer of exactly so many milliseconds.
fn lifting(limit_ms: u32) -> String {
    format!(
        "{{ const {{ setTimeout }} = window;
            window.setTimeout = (work, ms, ...rest) =>
              ms === {limit_ms} ? 0 : setTimeout(work, ms, ...rest); }}"
    )
}

/// Takes a limit of the page's own away that would end what the test holds. What waits already keeps it.
pub fn lift(page: &Page, limit_ms: u32) {
    page.done(page.browser().run(&lifting(limit_ms), json!([])));
}

/// Likewise of pages to come, which can have it from their first moment on.
pub fn lift_before(page: &Page, limit_ms: u32) {
    before_pages(page, &lifting(limit_ms));
}

/// Stops the page's clock, which tells what belongs together from what comes later. Timers run on.
pub fn stop_clock(page: &Page) {
    let stand = "const now = Date.now();
        window.ownNow = Date.now;
        Date.now = () => now;";
    page.done(page.browser().run(stand, json!([])));
}

/// Lets the page's clock go on.
pub fn start_clock(page: &Page) {
    page.done(page.browser().run("Date.now = window.ownNow", json!([])));
}

/// Puts the page's clock ahead, until the page is loaded anew.
pub fn put_ahead(page: &Page, ms: u64) {
    let script =
        "const now = Date.now, [ahead] = arguments; Date.now = () => now.call(Date) + ahead";
    page.done(page.browser().run(script, json!([ms])));
}
