//! axe-core's rules, in every state of every page, in both themes and languages.

use std::collections::BTreeMap;

use serde_json::{json, Value};

use crate::layout::sized;
use crate::page::{journey, Page};
use crate::tour::{look, tour, LOOKS, TOUR};

/// The rules of WCAG 2.2 A and AA, and what axe-core calls good practice.
const JUDGE: &str = "
    const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document, {
      runOnly: { type: 'tag', values: levels },
      rules: { 'target-size': { enabled: true } },
      resultTypes: ['violations'],
    });
    return violations.flatMap(rule => rule.nodes.map(node =>
      `${rule.id} (${rule.impact}): ${rule.help}\\n    ${node.html.slice(0, 300)}\\n    ${
        node.failureSummary.replace(/\\n/g, '\\n    ')}\\n    ${rule.helpUrl}`));";

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

#[test]
fn no_state_of_any_page_breaks_a_rule() {
    let Some(library) = library() else {
        return;
    };
    journey("axe", TOUR, |page| {
        // Each once, with where it was first met and how often.
        let mut found: BTreeMap<String, (String, usize)> = BTreeMap::new();
        let mut judged = 0;
        // So high that nothing lies under what sticks to the window's edges.
        sized(page, 1400, 5000);
        tour(page, &mut |place| {
            for (language, theme) in LOOKS {
                look(page, language, theme);
                judged += 1;
                for violation in violations(page, &library) {
                    let first = || {
                        println!("at {place}, {language}, {theme}: {violation}");
                        (format!("{place}, {language}, {theme}"), 0)
                    };
                    found.entry(violation.clone()).or_insert_with(first).1 += 1;
                }
            }
        });
        println!("{judged} states judged");
        let report: Vec<String> = found
            .iter()
            .map(|(violation, (place, times))| format!("at {place} ({times} times)\n  {violation}"))
            .collect();
        assert!(
            report.is_empty(),
            "{} violations:\n{}",
            report.len(),
            report.join("\n\n")
        );
    });
}

/// The judge is awake: what is plainly wrong is found.
#[test]
fn a_page_that_breaks_rules_is_found_out() {
    let Some(library) = library() else {
        return;
    };
    journey("axe-awake", TOUR, |page| {
        page.open("#/");
        let spoil = "document.querySelector('input').labels[0].remove();
            document.querySelector('input').removeAttribute('placeholder');
            document.querySelector('h1').style.color = '#999';";
        page.done(page.browser().run(spoil, json!([])));
        let found = violations(page, &library).join("\n");
        assert!(
            found.contains("label (critical)") && found.contains("color-contrast"),
            "{found}"
        );
    });
}
