//! 400 % zoom, wider text, and what sticks to the window's edges.

use std::collections::BTreeMap;

use serde_json::{json, Value};
use tieline_catalog::creations;

use crate::inputs::{created, fail, send, valid};
use crate::keyboard::stops;
use crate::layout::sized;
use crate::page::{journey, Named, Page};
use crate::walkthrough::{speak, UNHURRIED};

/// What a window of 1280 by 1024 pixels has at 400 % (WCAG 2.2, 1.4.10).
pub const ZOOMED: (u32, u32) = (320, 256);

/// The spacing that a reader may set (WCAG 2.2, 1.4.12). A sheet that is made by code is none that
/// the page's policy forbids.
const SPACED: &str = "
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = arguments[0] ? [sheet] : [];";

/// What does not fit: the page sideways, and every text that is cut off or lies under another thing
/// when it is scrolled to the middle of the window. What is for the ear only has a clip path.
const LOST: &str = "
    const out = new Set(), width = innerWidth;
    const name = e => e.outerHTML.slice(0, 100);
    const modal = document.querySelector('dialog:modal');
    const scope = modal || document.body;
    if (document.scrollingElement.scrollWidth > width)
      for (const e of document.body.querySelectorAll('*'))
        if (e.getBoundingClientRect().right > width + 1 && e.checkVisibility()) out.add('wider than the window: ' + name(e));
    const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
    const done = new Set();
    for (let node; node = walker.nextNode();) {
      const e = node.parentElement;
      if (!node.data.trim() || done.has(e) || e.closest('[inert], option, script, noscript')) continue;
      done.add(e);
      let hidden = !e.checkVisibility({ visibilityProperty: true }) || e.matches(':disabled');
      for (let at = e; at && !hidden; at = at.parentElement) hidden = getComputedStyle(at).clipPath.startsWith('inset');
      if (hidden) continue;
      e.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
      const range = document.createRange();
      range.selectNodeContents(node);
      let box = range.getClientRects()[0];
      // Of a text that is higher than the window the beginning is looked at.
      if (box && e.getBoundingClientRect().height > innerHeight) {
        scrollBy({ top: box.top - innerHeight / 2, behavior: 'instant' });
        box = range.getClientRects()[0];
      }
      // What lies above the page comes down with the focus.
      if (!box || box.bottom + scrollY <= 0) continue;
      for (let at = e; at && at != document.body; at = at.parentElement) {
        const style = getComputedStyle(at), edge = at.getBoundingClientRect();
        const shut = o => o == 'hidden' || o == 'clip';
        // A cell that ends in dots says the rest in its title and in the details.
        if (at.title && style.textOverflow == 'ellipsis') break;
        if (shut(style.overflowX) && box.right > edge.right + 1 || shut(style.overflowY) && box.bottom > edge.bottom + 1)
          out.add('cut off: ' + name(e));
      }
      if (getComputedStyle(e).pointerEvents == 'none') continue;
      // The middle of what is seen of it.
      const own = e.getBoundingClientRect();
      const middle = (Math.max(box.left, own.left) + Math.min(box.right, own.right)) / 2;
      const top = document.elementFromPoint(middle, box.y + box.height / 2);
      // A list of choices is over the page as long as it is open.
      if (top?.closest('[role=listbox]') && !e.closest('[role=listbox]')) continue;
      if (!top || !(e.contains(top) || top.contains(e) || top.closest('label')?.contains(e)))
        out.add('covered: ' + name(e) + ' by ' + (top ? name(top) : 'the edge of the window'));
    }
    return Array.from(out);";

/// What was lost in some state, with where that was first.
#[derive(Default)]
pub struct Lost(BTreeMap<String, String>);

impl Lost {
    /// Looks at a state, at 400 % and with wider text, in both languages.
    pub fn look(&mut self, page: &Page, state: &str) {
        for (language, spaced) in [
            ("en", true),
            ("zh-CN", true),
            ("zh-CN", false),
            ("en", false),
        ] {
            speak(page, language);
            page.done(page.browser().run(SPACED, json!([spaced])));
            let lost = page.done(page.browser().run(LOST, json!([])));
            let texts = lost.as_array().into_iter().flatten();
            for text in texts.filter_map(Value::as_str) {
                let wider = if spaced { ", wider text" } else { "" };
                let state = format!("{state}, {language}{wider}");
                self.0.entry(text.to_string()).or_insert(state);
            }
        }
    }

    /// Everything that was lost, a line each.
    pub fn report(&self) -> Vec<String> {
        let line = |(text, state): (&String, &String)| format!("in {state}: {text}");
        self.0.iter().map(line).collect()
    }
}

/// A focus that sticky parts cover is lost as well (WCAG 2.2, 2.4.11).
#[test]
fn the_focus_stays_in_sight_at_400_percent() {
    journey("zoom-focus", UNHURRIED, |page| {
        let (width, height) = ZOOMED;
        for (width, height) in [(width, height), (900, 700), (1400, 900)] {
            sized(page, width, height);
            for place in ["#/", "#/settings", "#/history", "#/errors", "#/permissions"] {
                page.open(place);
                page.find("heading", Named::Any);
                println!("{place} at {width}x{height}: {} stops", stops(page));
            }
            let op = creations().next().expect("an operation");
            if page.rows().is_empty() {
                send(page, op, &valid(op));
                created(page, op);
            }
            page.open("#/history");
            page.row(&["Created"]);
            println!("rows at {width}x{height}: {} stops", stops(page));
            page.click("button", Named::Has(op.title.en));
            page.shows("Idempotency key");
            println!("details at {width}x{height}: {} stops", stops(page));
            for op in creations() {
                page.open(&format!("#/create/{}", op.name));
                page.find("button", "Create");
                fail(page, op);
                println!("{} at {width}x{height}: {} stops", op.name, stops(page));
                page.click("button", "Clear");
            }
        }
    });
}
