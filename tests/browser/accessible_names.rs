//! What a screen reader is told: the browser's own accessibility tree, in both languages.

use std::collections::BTreeMap;

use serde_json::{json, Value};
use tieline_catalog::creations;

use crate::inputs::{doubtful, valid, wrong};
use crate::languages::{of_the_wire, wire_words};
use crate::page::{journey, Page};
use crate::walkthrough::{speak, UNHURRIED};

/// The roles that are nothing without a name.
const NAMED: [&str; 22] = [
    "RootWebArea",
    "DisclosureTriangle",
    "button",
    "checkbox",
    "columnheader",
    "combobox",
    "complementary",
    "dialog",
    "heading",
    "image",
    "img",
    "link",
    "navigation",
    "radio",
    "radiogroup",
    "region",
    "search",
    "searchbox",
    "switch",
    "table",
    "textbox",
    "group",
];

/// A node of the accessibility tree: role, name, description.
fn nodes(page: &Page) -> Vec<(String, String, String)> {
    let tree = page.done(
        page.browser()
            .devtools("Accessibility.getFullAXTree", json!({})),
    );
    let text = |node: &Value, part: &str| {
        let text = node[part]["value"].as_str().unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
    // What unfolds is a group that its own button names.
    let mut unfold: Vec<&Value> = Vec::new();
    for button in nodes
        .iter()
        .filter(|node| node["role"]["value"] == "DisclosureTriangle")
    {
        let mut at = button;
        while let Some(above) = nodes.iter().find(|node| node["nodeId"] == at["parentId"]) {
            at = above;
            if at["role"]["value"] == "group" {
                unfold.push(&at["nodeId"]);
                break;
            }
        }
    }
    nodes
        .iter()
        .filter(|node| node["ignored"] == json!(false) && !unfold.contains(&&node["nodeId"]))
        .map(|node| {
            let part = |part| text(node, part);
            (part("role"), part("name"), part("description"))
        })
        .collect()
}

fn han(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// How many words of small Latin letters a text has.
fn words(text: &str) -> usize {
    let parts = text.split(|c: char| !c.is_ascii_lowercase());
    parts.filter(|part| part.len() > 1).count()
}

/// Whether a text is English, names of the wire and what was typed aside.
fn english(text: &str, known: &[String]) -> bool {
    let typed = |known: &String| {
        let rest = text.strip_prefix(known.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" · "))
    };
    words(text) > 0 && !han(text) && !of_the_wire(text) && !known.iter().any(typed)
}

/// Whether a text is Chinese; what an English sentence quotes aside.
fn chinese(text: &str, known: &[String]) -> bool {
    han(text) && words(text) < 5 && !known.iter().any(|known| known == text)
}

/// The names in the accessibility tree: which were missing or in the wrong language, and how many
/// there were.
pub struct Names {
    known: Vec<String>,
    faults: BTreeMap<String, String>,
    heard: usize,
    in_chinese: usize,
}

impl Names {
    /// Begins, with what is in no language: names of the wire, and what the tests type.
    pub fn new() -> Names {
        let mut known = wire_words();
        // The button that leads to the other language, and the languages' own names.
        known.extend(["English", "中文", "简体中文"].map(String::from));
        // The browser's own button, in the browser's language.
        known.push("Show date picker Show date picker".into());
        known.extend(["walk-fault-lost", "walk-fault-slow", "walk", "seen-1"].map(String::from));
        for op in creations() {
            known.extend(valid(op).leaves().into_iter().map(|(_, text)| text.into()));
            known.extend(wrong(op).into_iter().map(|(_, text)| text));
            known.extend(doubtful(op).into_iter().map(|(_, text)| text));
        }
        Names {
            known,
            faults: BTreeMap::new(),
            heard: 0,
            in_chinese: 0,
        }
    }

    /// Hears all names of a state, in both languages.
    pub fn hear(&mut self, page: &Page, state: &str) {
        for language in ["zh-CN", "en"] {
            speak(page, language);
            for (role, name, description) in nodes(page) {
                if NAMED.contains(&role.as_str()) {
                    self.judge(state, language, [&role, &name, &description]);
                }
            }
        }
    }

    fn judge(&mut self, state: &str, language: &str, [role, name, description]: [&str; 3]) {
        self.heard += 1;
        let is = |other: fn(&str, &[String]) -> bool| {
            [name, description]
                .iter()
                .any(|text| other(text, &self.known))
        };
        let wrong = if language == "en" {
            is(chinese).then_some("Chinese")
        } else {
            self.in_chinese += usize::from(han(name));
            is(english).then_some("English")
        };
        let missing = name.is_empty().then_some("without a name");
        for what in [missing, wrong].into_iter().flatten() {
            let text = format!("{what}: {role} {name:?} ({description:?})");
            self.faults
                .entry(text)
                .or_insert(format!("{state}, {language}"));
        }
    }

    /// What was wrong, a line each; one of them when the language did not switch.
    pub fn report(&self) -> Vec<String> {
        println!(
            "{} names heard, {} of them Chinese",
            self.heard, self.in_chinese
        );
        let line = |(fault, state): (&String, &String)| format!("in {state}: {fault}");
        let mut report: Vec<String> = self.faults.iter().map(line).collect();
        if self.in_chinese <= 200 {
            report.push(format!(
                "the language did not switch: {} Chinese names",
                self.in_chinese
            ));
        }
        report
    }
}

/// What is in the other language says so (WCAG 2.2, 3.1.2), so that it is read out in it.
#[test]
fn words_of_the_other_language_are_marked() {
    const FOREIGN: &str = "
        const chinese = document.documentElement.lang != 'en', out = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node; node = walker.nextNode();) {
          const text = node.data, marked = node.parentElement.closest('[lang]').lang == 'en';
          const han = /\\p{Script=Han}/u.test(text), own = /中文|English/.test(text);
          if (marked == han && (han || own)) out.push(text);
        }
        return [chinese, out];";
    journey("tongues", UNHURRIED, |page| {
        for place in ["#/", "#/settings", "#/history"] {
            page.open(place);
            page.find("heading", crate::page::Named::Any);
            for language in ["zh-CN", "en"] {
                speak(page, language);
                let found = page.done(page.browser().run(FOREIGN, json!([])));
                assert_eq!(found, json!([language != "en", []]), "{place} {language}");
            }
        }
    });
}
