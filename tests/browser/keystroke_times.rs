//! How long the page works on a key. Measured and printed, never asserted: a busy machine is slow.

use serde_json::json;
use tieline_catalog::creations;

use crate::inputs::{fail, leaves, name_path};
use crate::page::{journey, TestConfig};

/// From the moment before a character goes in to the end of all work that it causes in its own task
/// (rendering by microtasks, style and layout included), and to the second frame after it. Other
/// tasks' turns are not counted: under WebDriver each key is three of them.
const METER: &str = "
    window.__keys = { work: [], frame: [] };
    let began = 0;
    addEventListener('beforeinput', () => { began = performance.now(); }, true);
    addEventListener('input', async () => {
      const start = began;
      requestAnimationFrame(() => requestAnimationFrame(() => __keys.frame.push(performance.now() - start)));
      for (let turn = 0; turn < 50; turn++) await null;
      document.body.offsetHeight;
      __keys.work.push(performance.now() - start);
    });";

const READ: &str = "
    const line = all => { const a = all.sort((x, y) => x - y), at = p => a[Math.min(a.length - 1, Math.floor(a.length * p))];
      return `n=${a.length} p50=${at(.5)?.toFixed(1)} p95=${at(.95)?.toFixed(1)} max=${at(1)?.toFixed(1)}`; };
    const out = `work ${line(__keys.work)} | to the second frame ${line(__keys.frame)}`;
    __keys.work = []; __keys.frame = [];
    return out;";

#[test]
fn typing_is_measured() {
    journey("typing", TestConfig::default(), |page| {
        for op in creations() {
            page.open(&format!("#/create/{}", op.name));
            page.reload();
            // The worst case: everything filled, much of it wrong and said.
            fail(page, op);
            page.done(page.browser().run(METER, json!([])));
            let path = name_path(op);
            let text =
                "http://x a name that is being typed with ordinary speed and kept wrong ".repeat(2);
            page.type_into(&path, "");
            page.done(page.browser().run(READ, json!([])));
            let keys: Vec<String> = text.chars().map(String::from).collect();
            for key in &keys {
                page.done(page.browser().press(&[key]));
            }
            page.until("the text", || Ok(page.value(&path) == text));
            let line = page.done(page.browser().run(READ, json!([])));
            println!(
                "{} ({} fields), ms per key: {}",
                op.name,
                leaves(op).len(),
                line.as_str().unwrap_or_default()
            );
        }
    });
}
