//! axe-core's rules, in every state of every page, in both themes and languages.

use std::collections::BTreeMap;

use serde_json::{json, Value};

use crate::layout::sized;
use crate::page::{journey, Page};
use crate::walkthrough::{look, UNHURRIED};

/// Language, theme and width of the window, in an order that ends as a state is reached: each theme and each language
/// in each width.
const LOOKS: [(&str, &str, u32); 5] = [
    ("en", "dark", 1400),
    ("zh-CN", "dark", 390),
    ("zh-CN", "light", 1400),
    ("en", "light", 390),
    ("en", "light", 1400),
];

/// The rules of WCAG 2.2 A and AA, and what axe-core calls good practice.
///
/// The contrast of a text over a gradient axe-core leaves open; it is the worst over any of the
/// gradient's colours.
const JUDGE: &str = "
    const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
    const { violations, incomplete } = await axe.run(document, {
      runOnly: { type: 'tag', values: levels },
      rules: {
        'target-size': { enabled: true },
        // The heading of the page lies under what covers it, and comes back with it.
        'page-has-heading-one': { enabled: !document.querySelector('[inert] h1') },
      },
      resultTypes: ['violations', 'incomplete'],
    });
    const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const luminance = colours => {
      for (const colour of colours) { paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); }
      const [r, g, b] = Array.from(paint.getImageData(0, 0, 1, 1).data.slice(0, 3), value =>
        value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = e => {
      const grounds = [], stops = [[]];
      for (let at = e; at; at = at.parentElement) {
        const { backgroundColor, backgroundImage } = getComputedStyle(at);
        grounds.unshift(backgroundColor);
        for (const stop of backgroundImage.match(/(rgba?|color)\\([^)]*\\)/g) || []) stops.push([stop]);
      }
      const ratios = stops.map(stop => {
        const ground = luminance([...grounds, ...stop]);
        const text = luminance([getComputedStyle(e).color]);
        return (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
      });
      return Math.min(...ratios);
    };
    const open = incomplete.filter(rule => rule.id == 'color-contrast').flatMap(rule => rule.nodes)
      .filter(node => contrast(document.querySelector(node.target[0])) < 4.5)
      .map(node => `contrast over a gradient below 4.5: ${node.html.slice(0, 300)}`);
    return open.concat(violations.flatMap(rule => rule.nodes.map(node =>
      `${rule.id} (${rule.impact}): ${rule.help}\\n    ${node.html.slice(0, 300)}\\n    ${
        node.failureSummary.replace(/\\n/g, '\\n    ')}\\n    ${rule.helpUrl}`)));";

/// What breaks a rule now, readably.
fn violations(page: &Page, library: &str) -> Vec<String> {
    let there = page.done(page.browser().run("return 'axe' in window", json!([])));
    if there != json!(true) {
        page.done(page.browser().run(library, json!([])));
    }
    let found = page.done(page.browser().run_async(JUDGE, json!([])));
    match found {
        Value::Array(found) => found
            .iter()
            .map(|text| text.as_str().unwrap_or_default().to_string())
            .collect(),
        other => panic!("axe-core does not run: {other}"),
    }
}

/// The library's source; `None`, and said, when nobody says where it is.
fn library() -> Option<String> {
    let Some(path) = std::env::var_os("TIELINE_AXE") else {
        println!("skipped: TIELINE_AXE is not set; `cargo xtask test browser` sets it");
        return None;
    };
    Some(std::fs::read_to_string(path).expect("axe-core's file"))
}

/// What breaks a rule: each once, with the state that it was first met in and how often.
pub struct Violations {
    library: String,
    found: BTreeMap<String, (String, usize)>,
    judged: usize,
}

impl Violations {
    /// Begins; `None`, and said, when nobody says where axe-core is.
    pub fn new() -> Option<Violations> {
        Some(Violations {
            library: library()?,
            found: BTreeMap::new(),
            judged: 0,
        })
    }

    /// Judges a state in each look.
    pub fn judge(&mut self, page: &Page, state: &str) {
        for (language, theme, width) in LOOKS {
            // So high that nothing lies under what sticks to the window's edges.
            sized(page, width, 5000);
            look(page, language, theme);
            self.judged += 1;
            for violation in violations(page, &self.library) {
                let first = || (format!("{state}, {language}, {theme}, {width} px wide"), 0);
                self.found.entry(violation).or_insert_with(first).1 += 1;
            }
        }
    }

    /// What breaks a rule, a line each.
    pub fn report(&self) -> Vec<String> {
        println!("{} states judged", self.judged);
        let lines = self.found.iter().map(|(violation, (state, times))| {
            format!("in {state} ({times} times)\n  {violation}")
        });
        lines.collect()
    }
}

/// The judge is awake: what is plainly wrong is found.
#[test]
fn a_page_that_breaks_rules_is_found_out() {
    let Some(library) = library() else {
        return;
    };
    journey("axe-awake", UNHURRIED, |page| {
        page.open("#/");
        // Not the palette's, which nobody sees yet.
        let spoil = "const input = document.querySelector('input[type=search]');
            input.labels[0].remove();
            input.removeAttribute('placeholder');
            document.querySelector('h1').style.color = '#999';
            const p = document.querySelector('main p');
            p.style.background = 'linear-gradient(rgb(255 255 255 / 0.5), #ccc)';
            p.style.color = '#888';";
        page.done(page.browser().run(spoil, json!([])));
        let found = violations(page, &library).join("\n");
        assert!(
            found.contains("label (critical)")
                && found.contains("color-contrast")
                && found.contains("over a gradient"),
            "{found}"
        );
    });
}
