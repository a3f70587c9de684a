//! What a screen reader is told: the browser's own accessibility tree, in both languages.

use std::collections::BTreeMap;

use serde_json::{json, Value};
use tieline_catalog::creations;

use crate::languages::{of_the_wire, wire_words};
use crate::page::{journey, Page};
use crate::tour::{speak, tour, TOUR};
use crate::values::{doubtful, valid, wrong};

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

#[test]
fn every_name_is_there_and_in_the_language_of_the_page() {
    journey("names", TOUR, |page| {
        let mut known = wire_words();
        // The button that leads to the other language, and the languages' own names.
        known.extend(["English", "中文", "简体中文"].map(String::from));
        known.extend(["tour-fault-lost", "tour-fault-slow", "tour"].map(String::from));
        for op in creations() {
            known.extend(valid(op).leaves().into_iter().map(|(_, text)| text.into()));
            known.extend(wrong(op).into_iter().map(|(_, text)| text));
            known.extend(doubtful(op).into_iter().map(|(_, text)| text));
        }
        let mut faults: BTreeMap<String, String> = BTreeMap::new();
        let (mut heard, mut in_chinese) = (0, 0);
        tour(page, &mut |place| {
            for language in ["zh-CN", "en"] {
                speak(page, language);
                for (role, name, description) in nodes(page) {
                    if !NAMED.contains(&role.as_str()) {
                        continue;
                    }
                    heard += 1;
                    let mut fault = |what: &str| {
                        let text = format!("{what}: {role} {name:?} ({description:?})");
                        faults.entry(text).or_insert(format!("{place}, {language}"));
                    };
                    if name.is_empty() {
                        fault("without a name");
                    }
                    let texts = [&name, &description];
                    if language == "en" {
                        if texts.iter().any(|text| chinese(text, &known)) {
                            fault("Chinese");
                        }
                    } else {
                        in_chinese += usize::from(han(&name));
                        if texts.iter().any(|text| english(text, &known)) {
                            fault("English");
                        }
                    }
                }
            }
        });
        println!("{heard} names heard, {in_chinese} of them Chinese");
        let report: Vec<String> = faults
            .iter()
            .map(|(fault, place)| format!("at {place}: {fault}"))
            .collect();
        assert!(report.is_empty(), "{}", report.join("\n"));
        assert!(in_chinese > 500, "the language did not switch");
    });
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
    journey("tongues", TOUR, |page| {
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
