//! custom-elements.json, the types and the guide against the sources that they speak of. These tests
//! need no browser.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn elements() -> Vec<Value> {
    let manifest: Value =
        serde_json::from_str(&read("static/embed/custom-elements.json")).expect("JSON");
    assert_eq!(manifest["schemaVersion"], "1.0.0");
    let elements = manifest["modules"][0]["declarations"]
        .as_array()
        .expect("a list");
    assert_eq!(elements.len(), 2);
    elements.clone()
}

fn names(list: &Value) -> BTreeSet<String> {
    let list = list.as_array().expect("a list");
    let names: BTreeSet<_> = list
        .iter()
        .map(|entry| entry["name"].as_str().expect("a name").to_string())
        .collect();
    assert_eq!(names.len(), list.len(), "each name once");
    assert!(list
        .iter()
        .all(|e| e["description"].as_str().is_some_and(|d| !d.is_empty())));
    names
}

/// The texts in double quotes after `start`, up to `end`.
fn quoted(text: &str, start: &str, end: char) -> BTreeSet<String> {
    let (_, after) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("no {start}"));
    let list = after.split(end).next().unwrap_or_default();
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(String::from)
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| name.to_string()).collect()
}

#[test]
fn the_attributes_and_properties_are_those_of_the_classes() {
    let script = read("static/embed/tieline.js");
    let mut attributes = quoted(&script, "const ATTRIBUTES = [", ']');
    // That one is for the style sheets alone.
    attributes.insert("theme".into());
    let mut properties = quoted(&script, "const PROPERTIES = [", ']');
    properties.extend(set(&[
        "operation",
        "operations",
        "theme",
        "history",
        "sandbox",
        "skipReview",
    ]));
    properties.extend(set(&["check", "submit", "exportHistory"]));
    let types = read("static/embed/tieline.d.ts");
    let (_, class) = types
        .split_once("export interface TielineElement ")
        .expect("the interface");
    for element in elements() {
        assert_eq!(names(&element["attributes"]), attributes);
        assert_eq!(names(&element["members"]), properties);
        for name in &properties {
            let member = [
                format!("  {name}: "),
                format!("  {name}("),
                format!("  get {name}("),
            ];
            assert!(
                member.iter().any(|m| class.contains(m)),
                "the types have no {name}"
            );
        }
        let tag = element["tagName"].as_str().expect("a tag");
        assert!(script.contains(&format!("define(\"{tag}\"")), "{tag}");
        assert!(types.contains(&format!("\"{tag}\": ")), "{tag}");
    }
}

#[test]
fn the_events_are_those_that_are_sent() {
    let frame = quoted(
        &read("static/embed/frame-protocol.js"),
        "export const EVENTS = [",
        ']',
    );
    let events: BTreeSet<_> = frame.iter().map(|name| format!("tieline-{name}")).collect();
    let types = read("static/embed/tieline.d.ts");
    let (_, map) = types
        .split_once("interface TielineEventMap {")
        .expect("the map");
    let map = map.split("\n}").next().unwrap_or_default();
    let typed: BTreeSet<_> = map
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
        .map(String::from)
        .collect();
    assert_eq!(typed, events);
    let rust = read("src/embed/host_page.rs");
    let sent: BTreeSet<_> = frame
        .iter()
        .filter(|name| rust.contains(&format!("\"{name}\"")))
        .cloned()
        .collect();
    assert_eq!(sent, frame);
    for element in elements() {
        assert_eq!(names(&element["events"]), events);
    }
}

#[test]
fn the_custom_properties_and_parts_are_those_of_the_sources() {
    let properties: BTreeSet<String> = read("static/tokens.css")
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--tieline-")?.split(':').next())
        .map(|name| format!("--tieline-{name}"))
        .collect();
    let mut parts = set(&["base", "failure"]);
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a text");
            for found in text.split(" part=\"").skip(1) {
                let words = found.split('"').next().unwrap_or_default();
                parts.extend(words.split_whitespace().map(String::from));
            }
        }
    }
    let guide = read("docs/embedding.md");
    for element in elements() {
        assert_eq!(names(&element["cssProperties"]), properties);
        assert_eq!(names(&element["cssParts"]), parts);
        for list in ["cssProperties", "cssParts"] {
            for entry in element[list].as_array().expect("a list") {
                let row = format!(
                    "| `{}` | {} |",
                    entry["name"].as_str().expect("a name"),
                    entry["description"].as_str().expect("a description")
                );
                assert!(guide.contains(&row), "docs/embedding.md has no row {row}");
            }
        }
    }
}

#[test]
fn the_package_has_what_it_exports_and_no_dependency() {
    let package: Value = serde_json::from_str(&read("static/embed/package.json")).expect("JSON");
    for absent in ["dependencies", "scripts", "peerDependencies"] {
        assert!(package.get(absent).is_none(), "{absent}");
    }
    let built = ["./tieline.css", "./tieline_later.css"];
    let mut seen = 0;
    let mut waiting = vec![package["exports"].clone()];
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(path) => {
                seen += 1;
                let source = root()
                    .join("static/embed")
                    .join(path.trim_start_matches("./"));
                assert!(built.contains(&path.as_str()) || source.exists(), "{path}");
            }
            Value::Object(members) => {
                // The types come first, or TypeScript does not find them.
                if let Some(at) = members.keys().position(|name| name == "types") {
                    assert_eq!(at, 0);
                }
                waiting.extend(members.into_iter().map(|(_, value)| value));
            }
            other => panic!("{other}"),
        }
    }
    assert!(seen > 8);
}

#[test]
fn lock_files_name_no_registry() {
    let mut seen = 0;
    for folder in [
        "examples/react",
        "examples/vue",
        "tests/embed/types",
        "tests/embed/vite",
        "tests/embed/webpack",
    ] {
        let lock: Value =
            serde_json::from_str(&read(&format!("{folder}/package-lock.json"))).expect("JSON");
        let wanted: Value =
            serde_json::from_str(&read(&format!("{folder}/package.json"))).expect("JSON");
        for list in ["dependencies", "devDependencies"] {
            for (name, version) in wanted[list].as_object().into_iter().flatten() {
                let version = version.as_str().expect("a version");
                let exact = version.starts_with("file:")
                    || version.starts_with(|c: char| c.is_ascii_digit());
                assert!(exact, "{folder}: {name} {version}");
            }
        }
        for (name, entry) in lock["packages"].as_object().expect("packages") {
            seen += 1;
            if let Some(resolved) = entry["resolved"].as_str() {
                assert!(!resolved.contains("://"), "{folder}: {name} {resolved}");
            }
        }
    }
    assert!(seen > 50, "{seen}");
}
