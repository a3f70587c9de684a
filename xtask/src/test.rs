//! `cargo xtask test`: every check there is, or those that are named.

use crate::args::Args;
use crate::run::{command, interrupted, loudly, output};
use crate::setup::{Found, Needs};
use crate::ui::{clock, say, table};
use crate::{embed, serve, setup};
use anyhow::{bail, Result};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const NAMES: [&str; 9] = [
    "fmt",
    "clippy",
    "deny",
    "unit",
    "integration",
    "sdk",
    "schemathesis",
    "browser",
    "embed",
];

/// The steps that were done, and how they ended.
#[derive(Default)]
struct Report {
    rows: Vec<(String, Result<(), String>, Duration)>,
}

/// Runs the task.
pub fn main(words: &[String]) -> Result<()> {
    let names = Args::new(words).names()?;
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        bail!(
            "there is no check `{unknown}`; there are: {}",
            NAMES.join(" ")
        );
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);

    let page = wanted("integration") || wanted("browser");
    let needs = Needs {
        target: wanted("clippy"),
        page: page || wanted("embed"),
        browser: wanted("browser") || wanted("embed"),
        python: wanted("sdk") || wanted("schemathesis"),
        redis: wanted("unit") || wanted("integration"),
    };
    let mut report = Report::default();
    let mut tools = None;
    report.step("setup", || {
        tools = Some(setup::prepare(needs, || Ok(()))?);
        Ok(())
    });
    if let Some(tools) = tools {
        checks(&mut report, &wanted, &tools);
    }
    report.end()
}

fn checks(report: &mut Report, wanted: &dyn Fn(&str) -> bool, tools: &Found) {
    if wanted("fmt") {
        report.run("fmt", cargo("fmt --all --check"));
    }
    if wanted("clippy") {
        report.run(
            "clippy, native",
            cargo("clippy --workspace --all-targets -- -D warnings"),
        );
        report.run(
            "clippy, wasm",
            cargo(
                "clippy --target wasm32-unknown-unknown --package tieline --package tieline-catalog \
                 --package tieline-sandbox -- -D warnings",
            ),
        );
        report.run(
            "clippy, element",
            cargo("clippy --target wasm32-unknown-unknown --package tieline --features embed -- -D warnings"),
        );
    }
    if wanted("deny") {
        let installed = output(command("cargo").args(["deny", "--version"])).is_some();
        match installed {
            // Advisories are not asked for: their database is at GitHub.
            true => report.run("deny", cargo("deny --offline --workspace check bans licenses sources")),
            false => say(
                "deny",
                "cargo-deny is not installed: bans are not checked; tests/architecture.rs checks licences and sources",
            ),
        }
    }
    if wanted("unit") {
        report.run("unit tests", cargo("test --workspace --lib --bins"));
        report.run("documentation tests", cargo("test --workspace --doc"));
    }
    let page = wanted("integration") || wanted("browser");
    if page || wanted("sdk") || wanted("embed") {
        report.run("build the proxy", cargo("build --package tieline-proxy"));
    }
    if page {
        report.run("build the page", trunk_release());
    }
    if wanted("integration") {
        let others = other_test_files(&crate::root());
        let tests = others.iter().map(|name| format!(" --test {name}"));
        // Schemathesis is a check of its own.
        let tests = tests.collect::<String>();
        let line = format!("test --workspace{tests} -- --skip schemathesis");
        if !others.is_empty() {
            report.run("integration tests", with_paths(cargo(&line), tools));
        }
    }
    for (name, step, tests) in [
        ("sdk", "SDK tests", "tieline --test sdk"),
        (
            "schemathesis",
            "API tests by Schemathesis",
            "tieline-proxy --test proxy schemathesis",
        ),
        ("browser", "browser tests", "tieline --test browser"),
    ] {
        if wanted(name) {
            let line = format!("test --package {tests}");
            report.run(step, with_paths(cargo(&line), tools));
        }
    }
    if wanted("embed") {
        package(report, tools);
    }
}

/// The package for other pages: its functions in Node, its elements in pages that bundlers built.
fn package(report: &mut Report, tools: &Found) {
    report.step("build the package", || embed::build(false));
    let mut node = command("node");
    // Node's versions disagree on what a folder means here.
    node.arg("--test").args(embed::pages::node_tests());
    report.run("package tests in Node", node);
    let mut pages = None;
    report.step("build pages with the package", || {
        pages = Some(embed::pages::build()?);
        Ok(())
    });
    if let Some(pages) = pages {
        let mut tests = with_paths(cargo("test --package tieline --test embed"), tools);
        tests
            .env("TIELINE_EMBED", embed::folder())
            .env("TIELINE_EMBED_PAGES", pages);
        report.run("package tests in a browser", tests);
    }
}

/// Trunk's release build of the page into `dist/`.
pub fn trunk_release() -> Command {
    let mut trunk = command("trunk");
    trunk.args(["build", "--release"]);
    trunk
}

fn cargo(line: &str) -> Command {
    let mut cargo = command("cargo");
    cargo.args(line.split_whitespace());
    cargo
}

/// Tells the tests where everything is. Without these variables they skip what they cannot do; here
/// nothing may be skipped, so each check finds set what it needs.
fn with_paths(mut command: Command, tools: &Found) -> Command {
    command
        .env("TIELINE_PROXY_BIN", serve::proxy_binary(false))
        .env("TIELINE_DIST", crate::root().join("dist"));
    if let Some(browser) = &tools.browser {
        command.env("TIELINE_CHROME", &browser.chrome);
        command.env("TIELINE_CHROMEDRIVER", &browser.driver);
    }
    if let Some(axe) = &tools.axe {
        command.env("TIELINE_AXE", axe);
    }
    if let Some(python) = &tools.python {
        command.env("TIELINE_PYTHON", python);
    }
    command
}

/// The names of all integration tests, in the page's package and in the crates, that are not a
/// check of their own: `tests/NAME.rs` and `tests/NAME/main.rs`.
fn other_test_files(root: &Path) -> Vec<String> {
    let mut folders = vec![root.join("tests")];
    if let Ok(crates) = std::fs::read_dir(root.join("crates")) {
        folders.extend(crates.flatten().map(|entry| entry.path().join("tests")));
    }
    let mut names = Vec::new();
    for entry in folders
        .iter()
        .flat_map(std::fs::read_dir)
        .flatten()
        .flatten()
    {
        let path = entry.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let rust = path.extension().is_some_and(|extension| extension == "rs")
            || path.join("main.rs").is_file();
        if rust && !NAMES.contains(&stem.as_ref()) {
            names.push(stem.into_owned());
        }
    }
    names.sort();
    names.dedup();
    names
}

impl Report {
    fn run(&mut self, name: &str, mut command: Command) {
        self.step(name, || loudly(name, &mut command));
    }

    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        if interrupted() {
            return;
        }
        println!();
        say(name, "begins");
        let began = Instant::now();
        let result = work().map_err(|error| format!("{error:#}"));
        if let Err(error) = &result {
            say(name, &format!("FAILED: {error}"));
        }
        self.rows.push((name.to_string(), result, began.elapsed()));
    }

    fn end(self) -> Result<()> {
        let row = |(name, result, time): &(String, Result<(), String>, Duration)| {
            let word = if result.is_ok() { "ok" } else { "FAILED" };
            vec![name.clone(), clock(*time), word.to_string()]
        };
        let rows: Vec<_> = self.rows.iter().map(row).collect();
        println!("\n{}", table(&rows));
        let failed: Vec<_> = self
            .rows
            .iter()
            .filter(|(_, result, _)| result.is_err())
            .map(|(name, ..)| name.as_str())
            .collect();
        if interrupted() {
            bail!("stopped");
        }
        if failed.is_empty() {
            return Ok(());
        }
        bail!("failed: {}", failed.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_with_a_name_of_their_own_are_not_run_twice() {
        let names = other_test_files(&crate::root());
        assert!(
            !names.iter().any(|name| NAMES.contains(&name.as_str())),
            "{names:?}"
        );
        assert!(
            ["architecture", "proxy", "signature"]
                .iter()
                .all(|name| names.iter().any(|n| n == name)),
            "{names:?}"
        );
    }

    #[test]
    fn a_failed_step_fails_the_whole() {
        let mut report = Report::default();
        report.step("good", || Ok(()));
        report.step("bad", || bail!("broken"));
        report.step("after", || Ok(()));
        assert_eq!(report.rows.len(), 3);
        assert_eq!(report.end().unwrap_err().to_string(), "failed: bad");
    }
}
