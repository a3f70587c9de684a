//! How long the page works on a key. Measured and printed, never asserted: a busy machine is slow.

use serde_json::json;
use tieline_catalog::creations;

use crate::page::{journey, World};
use crate::values::{fill, leaves, name_path, valid, wrong};

/// From the moment before a character goes in to the end of all work that it causes (style and layout included), and to the
/// frame after it.
const METER: &str = "
    window.__keys = { work: [], frame: [] };
    addEventListener('beforeinput', () => {
      const began = performance.now();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        document.body.offsetHeight;
        __keys.work.push(performance.now() - began);
      };
      addEventListener('input', () => channel.port2.postMessage(0), { once: true, capture: true });
      requestAnimationFrame(() => requestAnimationFrame(() => __keys.frame.push(performance.now() - began)));
    }, true);";

const READ: &str = "
    const line = all => { const a = all.sort((x, y) => x - y), at = p => a[Math.min(a.length - 1, Math.floor(a.length * p))];
      return `n=${a.length} p50=${at(.5)?.toFixed(1)} p95=${at(.95)?.toFixed(1)} max=${at(1)?.toFixed(1)}`; };
    const out = `work ${line(__keys.work)} | to the next frame ${line(__keys.frame)}`;
    __keys.work = []; __keys.frame = [];
    return out;";

#[test]
fn typing_is_measured() {
    journey("typing", World::default(), |page| {
        for op in creations() {
            page.open(&format!("#/create/{}", op.name));
            page.reload();
            // The worst case: everything filled, much of it wrong and said.
            let mut raw = valid(op);
            for (path, text) in wrong(op) {
                raw.set(&path, &text);
            }
            fill(page, op, &raw);
            page.click("button", "Create");
            page.focused("alert", "The request was not sent.");
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
