//! The invariants of ARCHITECTURE.md that can be checked from the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

mod graph;
mod imports;
mod modules;
mod size;
mod wording;

/// The packages of the workspace, as cargo describes them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

fn name(package: &Value) -> String {
    package["name"].as_str().expect("a name").to_string()
}

/// Each package of the workspace with its normal dependencies.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let packages = packages();
    let all = packages.iter().map(|package| {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        let normal = dependencies.iter().filter(|d| d["kind"].is_null());
        let names = normal.filter_map(|d| d["name"].as_str().map(str::to_string));
        (name(package), names.collect())
    });
    all.collect()
}

/// The folder of each package of the workspace, relative to the checkout.
fn folders() -> BTreeMap<String, String> {
    let packages = packages();
    let all = packages.iter().map(|package| {
        let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
        let folder = manifest.parent().expect("a folder");
        let folder = folder.strip_prefix(root()).expect("a folder of ours");
        (name(package), folder.to_string_lossy().replace('\\', "/"))
    });
    all.collect()
}

/// The texts in the list that a file has under this name.
fn listed(file: &str, name: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join(file)).expect("a readable file");
    let (_, rest) = text.split_once(&format!("\n{name} ")).expect("the name");
    let (_, rest) = rest.split_once("= [").expect("a list");
    let (list, _) = rest.split_once(']').expect("the list's end");
    let texts = list.split('"').skip(1).step_by(2);
    texts.map(str::to_string).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// A file's lines before its tests, with their numbers, comments left out.
fn production(path: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(path).expect("a readable file");
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(i, line)| (i + 1, line.to_string()))
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let all = dependencies();
    let own = |name: &str| -> BTreeSet<&str> {
        let of = all
            .get(name)
            .unwrap_or_else(|| panic!("{name} is a package"));
        of.iter()
            .map(String::as_str)
            .filter(|d| all.contains_key(*d))
            .collect()
    };
    assert_eq!(own("tieline-catalog"), BTreeSet::new());
    assert_eq!(
        own("tieline-signature"),
        BTreeSet::from(["tieline-catalog"])
    );
    assert_eq!(own("tieline-protocol"), BTreeSet::from(["tieline-catalog"]));
    assert_eq!(own("tieline-sandbox"), BTreeSet::from(["tieline-catalog"]));
    assert_eq!(own("tieline-records"), BTreeSet::from(["tieline-catalog"]));
    assert_eq!(own("tieline-code"), BTreeSet::from(["tieline-catalog"]));
    assert_eq!(own("tieline-paste"), BTreeSet::from(["tieline-catalog"]));
    assert_eq!(
        own("tieline"),
        BTreeSet::from([
            "tieline-catalog",
            "tieline-code",
            "tieline-paste",
            "tieline-protocol",
            "tieline-records",
            "tieline-sandbox"
        ])
    );
    assert!(own("tieline-journal").is_empty());
    assert!(own("xtask").is_empty());
    for (name, of) in &all {
        for leaf in ["tieline", "tieline-proxy", "xtask"] {
            assert!(!of.contains(leaf), "{name} depends on {leaf}");
        }
    }
}

#[test]
fn what_the_page_is_made_of_is_watched_and_has_it_built_again() {
    let (all, folders) = (dependencies(), folders());
    let mut made_of = BTreeSet::from(["Cargo.lock", "Cargo.toml", "build.rs", "index.html", "src"]);
    let mut packages = vec!["tieline"];
    while let Some(package) = packages.pop() {
        let own = all[package]
            .iter()
            .filter_map(|name| folders.get_key_value(name));
        for (name, folder) in own {
            if made_of.insert(folder) {
                packages.push(name);
            }
        }
    }
    assert!(made_of.contains("crates/catalog"), "{made_of:?}");
    for (file, name) in [
        ("Trunk.toml", "watch"),
        ("xtask/src/page.rs", "const SOURCES:"),
    ] {
        let listed = listed(file, name);
        let missing: Vec<&&str> = made_of
            .iter()
            .filter(|part| !listed.contains(**part))
            .collect();
        assert!(missing.is_empty(), "{file} lacks {missing:?}");
        let gone: Vec<&String> = listed
            .iter()
            .filter(|part| !root().join(part).exists())
            .collect();
        assert!(gone.is_empty(), "{file} has {gone:?}, which are not there");
    }
}

#[test]
fn what_has_no_need_of_the_world_is_pure() {
    let all = dependencies();
    for package in [
        "tieline-catalog",
        "tieline-protocol",
        "tieline-records",
        "tieline-sandbox",
        "tieline-code",
        "tieline-paste",
    ] {
        for banned in [
            "web-sys",
            "js-sys",
            "wasm-bindgen",
            "gloo-net",
            "tokio",
            "rand",
            "getrandom",
            "uuid",
            "chrono",
            "time",
            "reqwest",
            "regex",
        ] {
            assert!(
                !all[package].contains(banned),
                "{package} depends on {banned}"
            );
        }
    }
    // Without the standard library there are no files, no network, no clock and no output: the compiler
    // refuses every use of them.
    for folder in [
        "crates/catalog",
        "crates/protocol",
        "crates/records",
        "crates/sandbox",
        "crates/code",
        "crates/paste",
    ] {
        let library = root().join(folder).join("src/lib.rs");
        let text = std::fs::read_to_string(&library).expect("a library");
        let attribute = "#![cfg_attr(not(test), no_std)]";
        assert!(text.lines().any(|line| line == attribute), "{folder}");
        for path in sources(&format!("{folder}/src")) {
            for (line, text) in production(&path) {
                let back = text.contains("extern crate std");
                assert!(!back, "{}:{line}: std comes back", path.display());
            }
        }
    }
}

#[test]
fn what_decides_about_a_submission_is_pure() {
    // Neither a browser nor time, chance or anything to wait for: these come in as events.
    let banned = [
        "yew",
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "gloo",
        "dom::",
        "async",
        "std::time",
        "thread_local",
    ];
    let folder = root().join("src/submission");
    let mut files = ["machine.rs", "event.rs", "intent.rs"]
        .map(|file| folder.join(file))
        .to_vec();
    files.extend(sources("src/submission/machine"));
    assert!(files.len() > 6, "the machine has parts: {files:?}");
    // What tests it may use whatever it likes.
    files.retain(|path| {
        !path
            .iter()
            .any(|part| part == "tests" || part == "tests.rs")
    });
    for path in files {
        for (line, text) in production(&path) {
            for word in banned {
                let found = text.contains(word);
                assert!(!found, "{}:{line} knows {word}", path.display());
            }
        }
    }
}

#[test]
fn nothing_but_its_own_file_names_an_operation() {
    let names: Vec<&str> = tieline_catalog::operations::operations()
        .map(|op| op.name)
        .collect();
    let own = root().join("crates/catalog/src/operations");
    for folder in [
        "src",
        "crates/catalog/src",
        "crates/protocol/src",
        "crates/records/src",
        "crates/sandbox/src",
        "crates/code/src",
        "crates/paste/src",
        "crates/signature/src",
        "crates/journal/src",
        "crates/proxy/src",
        "xtask",
    ] {
        for path in sources(folder) {
            let beside = path
                .parent()
                .is_some_and(|folder| folder.ends_with("tests"));
            if path.ends_with("tests.rs") || beside {
                continue;
            }
            if path.starts_with(&own) && !path.ends_with("mod.rs") && !path.ends_with("shared.rs") {
                continue;
            }
            for (line, text) in production(&path) {
                for name in &names {
                    assert!(
                        !text.contains(name),
                        "{}:{line} names {name}",
                        path.display()
                    );
                }
            }
        }
    }
    // What pages load and editors read, comments included.
    for folder in ["static", "static/embed"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for name in &names {
                assert!(!text.contains(name), "{} names {name}", path.display());
            }
        }
    }
}

#[test]
fn an_operation_is_one_file_and_one_line() {
    let folder = root().join("crates/catalog/src/operations");
    let registry = std::fs::read_to_string(folder.join("mod.rs")).expect("the registry");
    for entry in std::fs::read_dir(&folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().and_then(|s| s.to_str()).expect("a name");
        if !matches!(stem, "mod" | "shared") {
            let lines = registry.lines().filter(|l| l.trim() == format!("{stem},"));
            assert_eq!(lines.count(), 1, "{stem}");
        }
    }
}

#[test]
fn the_tests_that_the_faults_are_held_by_are_there() {
    let text = std::fs::read_to_string(root().join("docs/faults.md")).expect("docs/faults.md");
    let code: String = ["src", "crates", "tests"]
        .iter()
        .flat_map(|folder| sources(folder))
        .map(|path| std::fs::read_to_string(path).expect("a readable file"))
        .collect();
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'));
    let mut found = 0;
    for row in rows {
        let tests = row.trim_end_matches(['|', ' ']).rsplit('|').next();
        let names = tests.unwrap_or_default().split('`').skip(1).step_by(2);
        for name in names {
            let there = code.contains(&format!("fn {name}("));
            assert!(there, "docs/faults.md names the test {name}");
            found += 1;
        }
    }
    assert!(found > 20, "{found}");
}

/// Whether an SPDX expression can be met with these licences. Older crates write `/` for `OR`.
fn licensed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let parsed = Expression::parse_mode(expression, ParseMode::LAX)
        .unwrap_or_else(|error| panic!("{expression} is not understood: {error}"));
    // `MIT WITH an-exception` is allowed when deny.toml names it as a whole.
    parsed.evaluate(|wanted| allowed.contains(&wanted.to_string()))
}

#[test]
fn expressions_of_licences_are_understood() {
    let allowed = BTreeSet::from(["MIT".to_string(), "ISC".to_string()]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("MIT AND ISC OR GPL-3.0-only", true),
        ("(MIT OR GPL-3.0-only) AND ISC", true),
        ("(MIT OR ISC) AND GPL-3.0-only", false),
        ("Apache-2.0 WITH LLVM-exception OR MIT", true),
        ("MIT WITH LLVM-exception", false),
    ] {
        assert_eq!(licensed(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn every_dependency_is_from_the_registry_and_permissively_licensed() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--all-features",
            "--locked",
        ])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let (allowed, registries) = (
        listed("deny.toml", "allow"),
        listed("deny.toml", "allow-registry"),
    );
    assert!(packages.len() > 100 && allowed.contains("MIT"));
    for package in packages {
        let name = &package["name"];
        // A package without a source is one of this workspace.
        if let Some(source) = package["source"].as_str() {
            let registry = source.strip_prefix("registry+").unwrap_or_default();
            assert!(registries.contains(registry), "{name} is from {source}");
        }
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(licensed(licence, &allowed), "{name} is under {licence}");
    }
}
