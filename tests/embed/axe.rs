//! axe-core's rules for the elements, in both themes and languages, in every state of a form. Those of
//! good practice are about whole pages, which here are somebody else's; tests/browser/axe.rs has them.

use serde_json::{json, Value};

use crate::stage::{stage, Stage};

const PAGE: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>A portal</title>\
    <script type=module src=/embed/tieline.js></script></head><body><h1>A portal</h1></body></html>";

/// What is typed as the name, and what a heading or summary then says; each is a state of a form.
const STATES: [(&str, &str); 6] = [
    ("", "empty"),
    ("http://not-allowed", "errors"),
    ("fine", "created"),
    ("fault-forbidden", "rejected"),
    ("fault-throttle", "not executed"),
    ("fault-lost", "unknown"),
];

const JUDGE: &str = "
    const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
    const { violations, passes } = await axe.run(document, {
      runOnly: { type: 'tag', values: levels },
      rules: { 'target-size': { enabled: true } },
      resultTypes: ['violations'],
    });
    holds(passes.length > 10, 'the rules were tried');
    const inside = passes.some((rule) => rule.nodes.some((node) => Array.isArray(node.target[0])));
    holds(inside, 'inside of the element, too');
    return violations.flatMap((rule) => rule.nodes.map((node) =>
      `${rule.id} (${rule.impact}): ${rule.help}\\n    ${node.html.slice(0, 300)}\\n    ${node.failureSummary}`));";

fn judge(stage: &Stage, state: &str, found: &mut Vec<String>) {
    for (lang, theme) in [
        ("en", "light"),
        ("en", "dark"),
        ("zh", "dark"),
        ("zh", "light"),
    ] {
        stage.js_with(
            "const [lang, theme] = args;
             const element = document.querySelector('#it');
             element.lang = lang;
             element.theme = theme;
             await until(() => element.shadowRoot.querySelector(`.tieline[lang^='${lang}']`));
             await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)));",
            json!([lang, theme]),
        );
        let Value::Array(violations) = stage.js(JUDGE) else {
            panic!("axe-core does not run");
        };
        let said = violations.iter().map(|v| v.as_str().unwrap_or_default());
        found.extend(said.map(|v| format!("{state}, {lang}, {theme}: {v}")));
    }
}

#[test]
fn no_state_of_an_element_breaks_a_rule() {
    let Some(path) = std::env::var_os("TIELINE_AXE") else {
        println!("skipped: TIELINE_AXE is not set; `cargo xtask test embed` sets it");
        return;
    };
    let library = std::fs::read_to_string(path).expect("axe-core's file");
    stage("axe", |stage| {
        let mut found = Vec::new();
        for (name, state) in STATES {
            stage.show(PAGE);
            stage.done(stage.browser().run(&library, json!([])));
            stage.js_with(
                "const [name, state] = args;
                 const element = form({ id: 'it' });
                 await shown(element);
                 if (state == 'empty') return;
                 type(element, 'Name', name);
                 element.submit();
                 const seen = state == 'errors' ? '[role=alert]' : '#answer-title';
                 await until(() => element.shadowRoot.querySelector(seen), state);",
                json!([name, state]),
            );
            judge(stage, state, &mut found);
        }
        // The judge is awake: a control without its label is found.
        stage.js(
            "document.querySelector('#it').shadowRoot.querySelector('textarea').labels[0].remove();
             document.querySelector('#it').shadowRoot.querySelector('textarea').placeholder = '';",
        );
        let mut spoilt = Vec::new();
        judge(stage, "spoilt", &mut spoilt);
        assert!(spoilt.iter().any(|v| v.contains("label")), "{spoilt:?}");
        for page in ["home", "history"] {
            stage.show(PAGE);
            stage.done(stage.browser().run(&library, json!([])));
            stage.js_with(
                "const [page] = args;
                 const element = add('tieline-console', { id: 'it', sandbox: '', lang: 'en', history: 'none' });
                 const to = () => element.shadowRoot.querySelector(`a[href='#/${page}']`);
                 await until(() => element.shadowRoot.querySelector('h1'));
                 if (page == 'home') return;
                 (await until(to)).click();
                 await until(() => element.shadowRoot.querySelector('.history-empty'));",
                json!([page]),
            );
            judge(stage, page, &mut found);
        }
        found.sort();
        found.dedup();
        assert!(
            found.is_empty(),
            "{} violations:\n{}",
            found.len(),
            found.join("\n\n")
        );
    });
}
