//! `cargo xtask test`: every check there is, or those that are named.
//!
//! What a fresh clone lacks is set up first. The test programs are built by one cargo for all checks,
//! then run by themselves beside what else there is to do; the browser's tests have a browser each,
//! several at a time.

mod journeys;
mod programs;
mod schedule;
mod sixth;

use crate::args;
use crate::embed;
use crate::page::{self, unless_made};
use crate::paths::{self, program};
use crate::run::{command, interrupted, loudly, output};
use crate::setup::{self, Browser};
use crate::ui::{clock, say, table};
use anyhow::{bail, Context, Result};
use journeys::Options;
use lexopt::Arg::{Long, Value};
use programs::Program;
use schedule::{Counts, Done, Step};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const NAMES: [&str; 11] = [
    "fmt",
    "clippy",
    "deny",
    "unit",
    "integration",
    "sdk",
    "schemathesis",
    "browser",
    "embed",
    "soak",
    "sixth",
];

/// The checks that need one program of `tests/` only, and which.
const OWN: [(&str, &str); 5] = [
    ("sdk", "sdk"),
    ("schemathesis", "proxy"),
    ("browser", "browser"),
    ("embed", "embed"),
    ("soak", "soak"),
];

/// The programs of `tests/` that are no part of the check `integration`.
const ALONE: [&str; 5] = ["sdk", "browser", "embed", "soak", "sixth"];

/// What is to be done.
struct Plan {
    /// The names of checks; all when there are none.
    names: Vec<String>,
    options: Options,
}

/// What one step finds out and others need.
#[derive(Default)]
struct Shared {
    programs: OnceLock<Vec<Program>>,
    browser: OnceLock<Browser>,
    axe: OnceLock<PathBuf>,
    python: OnceLock<PathBuf>,
    node: OnceLock<PathBuf>,
    pages: OnceLock<PathBuf>,
    sixth: OnceLock<sixth::Copy>,
}

/// Runs the task.
pub fn main(words: &[String]) -> Result<()> {
    let plan = Plan::read(words)?;
    let began = Instant::now();
    let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get());
    let shared = Shared::default();
    // It may change the compiler that everything else is built with.
    say("toolchain", "begins");
    setup::target()?;
    let done = schedule::run(plan.steps(&shared), cores);
    report(&done, began.elapsed())
}

impl Plan {
    fn read(words: &[String]) -> Result<Plan> {
        let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get());
        let mut plan = Plan {
            names: Vec::new(),
            options: Options {
                jobs: cores + 1,
                times: 1,
                load: 0,
                slow: false,
                words: Vec::new(),
            },
        };
        let mut parser = args::parser(words);
        while let Some(arg) = parser.next()? {
            match arg {
                Value(word) => {
                    let word = word.to_string_lossy().into_owned();
                    match NAMES.contains(&word.as_str()) {
                        true => plan.names.push(word),
                        false => plan.options.words.push(word),
                    }
                }
                Long("jobs") => {
                    plan.options.jobs = args::number(&mut parser, "--jobs", 1, 64)? as usize
                }
                Long("times") => {
                    plan.options.times = args::number(&mut parser, "--times", 1, 1000)? as usize
                }
                Long("load") => {
                    plan.options.load = args::number(&mut parser, "--load", 0, 64)? as usize
                }
                Long("slow") => plan.options.slow = true,
                other => return Err(args::unknown(other)),
            }
        }
        if let (true, Some(word)) = (plan.names.is_empty(), plan.options.words.first()) {
            bail!("there is no check `{word}`; there are: {}", NAMES.join(" "));
        }
        Ok(plan)
    }

    fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }

    fn wants_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.wants(name))
    }

    /// All steps, the most urgent ones first.
    fn steps<'a>(&'a self, shared: &'a Shared) -> Vec<Step<'a>> {
        let mut steps = self.setup(shared);
        steps.extend(self.builds(shared));
        steps.extend(self.tests(shared));
        steps.extend(self.sixth(shared));
        steps.extend(self.lints());
        steps
    }

    /// What is installed where it is missing.
    fn setup<'a>(&'a self, shared: &'a Shared) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        if self.wants_any(&["integration", "browser", "embed", "soak", "sixth"]) {
            steps.push(step("tools", &[], 1, |_| setup::tools()));
        }
        if self.wants_any(&["sdk", "schemathesis"]) {
            steps.push(step("python", &[], 0, |_| {
                keep(&shared.python, setup::python()?)
            }));
        }
        if self.wants("sdk") {
            steps.push(step("node", &[], 0, |_| keep(&shared.node, setup::node()?)));
        }
        if self.wants_any(&["browser", "embed"]) {
            steps.push(step("axe-core", &[], 0, |_| {
                keep(&shared.axe, setup::axe()?)
            }));
        }
        if self.wants_any(&["browser", "embed", "soak", "sixth"]) {
            steps.push(step("browser", &[], 0, |_| {
                keep(&shared.browser, setup::browser()?)
            }));
        }
        if self.wants_any(&["unit", "integration"]) {
            steps.push(step("databases", &[], 0, |_| {
                setup::redis()?;
                setup::postgres()?;
                setup::go()
            }));
        }
        steps
    }

    fn builds<'a>(&'a self, shared: &'a Shared) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        if self.wants_any(&[
            "unit",
            "integration",
            "sdk",
            "schemathesis",
            "browser",
            "embed",
            "soak",
        ]) {
            steps.push(step("build the tests", &[], 1, |_| {
                let wanted = OWN.iter().filter(|(name, _)| self.wants(name));
                let named: Vec<&str> = wanted.map(|(_, program)| *program).collect();
                let all = self.wants_any(&["unit", "integration"]);
                keep(&shared.programs, programs::build((!all).then_some(&named))?)
            }));
        }
        if self.wants_any(&["integration", "browser", "soak"]) {
            let after = &["tools", "build the tests"];
            steps.push(step("build the page", after, 1, |_| {
                page::build_if_changed().map(drop)
            }));
        }
        if self.wants_any(&["embed", "soak"]) {
            // Trunk empties the folder that the package is put into.
            let after = &["tools", "build the tests", "build the page"];
            steps.push(step("build the package", after, 1, |_| {
                let made = paths::package().join("tieline.js");
                unless_made("package", &made, || embed::build(false)).map(drop)
            }));
        }
        if self.wants("embed") {
            steps.push(step(
                "build pages with the package",
                &["build the package"],
                1,
                |_| keep(&shared.pages, embed::pages::build()?),
            ));
        }
        if self.wants("sixth") {
            // It shares cargo's folder with the others.
            let after = &[
                "tools",
                "build the tests",
                "build the page",
                "build the package",
            ];
            steps.push(step("build with a sixth operation", after, 1, |_| {
                keep(&shared.sixth, sixth::build()?)
            }));
        }
        steps
    }

    fn tests<'a>(&'a self, shared: &'a Shared) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        if self.wants("browser") {
            let after = &["build the tests", "build the page", "browser", "axe-core"];
            steps.push(step("browser tests", after, 1, |counts| {
                let tests = programs::named(shared.programs()?, "browser")?;
                let prepared = |command| shared.with_paths(command);
                journeys::run(tests, prepared, &self.options, counts)
            }));
        }
        if self.wants("unit") {
            steps.push(step(
                "unit tests",
                &["build the tests", "databases"],
                1,
                |counts| self.run_programs(shared, counts, |program| !program.integration, &[]),
            ));
        }
        if self.wants("integration") {
            let after = &["build the tests", "build the page", "databases"];
            steps.push(step("integration tests", after, 1, |counts| {
                let others = |program: &Program| {
                    program.integration && !ALONE.contains(&program.name.as_str())
                };
                self.run_programs(shared, counts, others, &["--skip", "schemathesis"])
            }));
        }
        for (name, title, program, only) in [
            ("sdk", "SDK tests", "sdk", &[][..]),
            (
                "schemathesis",
                "API tests by Schemathesis",
                "proxy",
                &["schemathesis"][..],
            ),
        ] {
            if self.wants(name) {
                steps.push(step(
                    title,
                    &["build the tests", "python", "node"],
                    1,
                    move |counts| {
                        let wanted = |found: &Program| found.integration && found.name == program;
                        self.run_programs(shared, counts, wanted, only)
                    },
                ));
            }
        }
        if self.wants("embed") {
            steps.push(step(
                "package tests in Node",
                &["build the package"],
                1,
                |counts| {
                    let mut node = command("node");
                    // Node's versions disagree on what a folder means here.
                    node.args(["--test", "--test-reporter=tap"])
                        .args(embed::pages::node_tests());
                    programs::counted(&mut node, counts)
                },
            ));
            let after = &[
                "build the tests",
                "build pages with the package",
                "browser",
                "axe-core",
            ];
            steps.push(step("package tests in a browser", after, 1, |counts| {
                let tests = programs::named(shared.programs()?, "embed")?;
                let pages = shared.pages.get().context("no pages are built")?;
                let prepared = |command: Command| {
                    let mut command = shared.with_paths(command);
                    command.env("TIELINE_EMBED_PAGES", pages);
                    command
                };
                journeys::run(tests, prepared, &self.options, counts)
            }));
        }
        if self.wants("soak") {
            let after = &["build the tests", "build the package", "browser"];
            steps.push(step("soak", after, 1, |counts| {
                let wanted = |found: &Program| found.name == "soak";
                self.run_programs(shared, counts, wanted, &["--nocapture"])
            }));
        }
        steps
    }

    /// The tests with one more operation.
    fn sixth<'a>(&'a self, shared: &'a Shared) -> Option<Step<'a>> {
        let after = &["build with a sixth operation", "browser"];
        let tests = step("tests with a sixth operation", after, 1, |counts| {
            let copy = shared.sixth.get().context("no sixth operation is built")?;
            sixth::test(copy, |command| shared.with_paths(command), counts)
        });
        self.wants("sixth").then_some(tests)
    }

    fn run_programs(
        &self,
        shared: &Shared,
        counts: &mut Counts,
        wanted: impl Fn(&Program) -> bool,
        arguments: &[&str],
    ) -> Result<()> {
        let programs: Vec<&Program> = shared.programs()?.iter().filter(|p| wanted(p)).collect();
        if programs.is_empty() {
            bail!("cargo built no such tests");
        }
        let titles: Vec<String> = programs.iter().map(|program| program.title()).collect();
        let commands = programs.iter().map(|program| {
            let mut command = shared.with_paths(program.command());
            command.args(arguments).args(&self.options.words);
            command
        });
        programs::run_all(commands.collect(), &titles, counts)
    }

    fn lints(&self) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        if self.wants("fmt") {
            steps.push(step("fmt", &[], 0, |_| {
                loudly("fmt", &mut cargo("fmt --all --check"))
            }));
        }
        if self.wants("clippy") {
            // One cargo at a time has the build folder, and the tests are waited for.
            steps.push(step(
                "clippy",
                &[
                    "build the tests",
                    "build the page",
                    "build the package",
                    "build with a sixth operation",
                ],
                1,
                |_| {
                    for line in CLIPPY {
                        loudly("clippy", &mut cargo(line))?;
                    }
                    Ok(())
                },
            ));
        }
        if self.wants("deny") {
            steps.push(step("deny", &[], 0, |_| deny()));
        }
        if self.wants("unit") {
            steps.push(step(
                "documentation tests",
                &["build the tests"],
                1,
                |counts| programs::counted(&mut cargo("test --workspace --doc"), counts),
            ));
        }
        steps
    }
}

/// The native crates, the page, and the page as an element.
const CLIPPY: [&str; 3] = [
    "clippy --workspace --all-targets -- -D warnings",
    "clippy --target wasm32-unknown-unknown --package tieline --package tieline-catalog \
     --package tieline-protocol --package tieline-records --package tieline-sandbox --package tieline-code \
     --package tieline-paste -- -D warnings",
    "clippy --target wasm32-unknown-unknown --package tieline --features embed -- -D warnings",
];

fn deny() -> Result<()> {
    if output(command("cargo").args(["deny", "--version"])).is_none() {
        say(
            "deny",
            "cargo-deny is not installed: bans are not checked; tests/architecture checks licences and sources",
        );
        return Ok(());
    }
    // Advisories are not asked for: their database is at GitHub.
    loudly(
        "deny",
        &mut cargo("deny --offline --workspace check bans licenses sources"),
    )
}

fn step<'a>(
    name: &'static str,
    after: &'static [&'static str],
    weight: usize,
    work: impl FnOnce(&mut Counts) -> Result<()> + Send + 'a,
) -> Step<'a> {
    Step {
        name,
        after,
        weight,
        work: Box::new(work),
    }
}

fn keep<T>(cell: &OnceLock<T>, value: T) -> Result<()> {
    cell.set(value).ok().context("a step ran twice")
}

fn cargo(line: &str) -> Command {
    let mut cargo = command("cargo");
    cargo.args(line.split_whitespace());
    cargo
}

impl Shared {
    fn programs(&self) -> Result<&[Program]> {
        self.programs
            .get()
            .map(Vec::as_slice)
            .context("no tests are built")
    }

    /// Tells the tests where everything is. Without these variables they skip what they cannot do;
    /// here nothing may be skipped, so each check finds set what it needs.
    fn with_paths(&self, mut command: Command) -> Command {
        command
            .env("TIELINE_PROXY_BIN", program("tieline-proxy", false))
            .env("TIELINE_DIST", paths::root().join("dist"))
            .env("TIELINE_EMBED", paths::package());
        if let Some(browser) = self.browser.get() {
            command.env("TIELINE_CHROME", &browser.chrome);
            command.env("TIELINE_CHROMEDRIVER", &browser.driver);
        }
        if let Some(axe) = self.axe.get() {
            command.env("TIELINE_AXE", axe);
        }
        if let Some(python) = self.python.get() {
            command.env("TIELINE_PYTHON", python);
        }
        if let Some(node) = self.node.get() {
            command.env("TIELINE_SDK_NODE", node);
        }
        command
    }
}

/// Prints what became of each step, and the number of tests.
fn report(done: &[Done], whole: Duration) -> Result<()> {
    let mut rows = vec![["step", "begun", "time", "tests", ""]
        .map(String::from)
        .to_vec()];
    let mut total = Counts::default();
    for step in done {
        let mut counts = step.counts;
        if step.result.is_err() {
            counts.failed = counts.failed.max(1);
        }
        total.add(counts);
        let tests = match step.counts == Counts::default() {
            true => String::new(),
            false => (step.counts.passed + step.counts.failed).to_string(),
        };
        let word = if step.result.is_ok() { "ok" } else { "FAILED" };
        rows.push(vec![
            step.name.to_string(),
            clock(step.began),
            clock(step.time),
            tests,
            word.to_string(),
        ]);
    }
    println!("\n{}\nall steps: {}", table(&rows), clock(whole));
    println!("{} passed, {} failed", total.passed, total.failed);
    if interrupted() {
        bail!("stopped");
    }
    let failed = done.iter().filter(|step| step.result.is_err());
    let failed: Vec<&str> = failed.map(|step| step.name).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => bail!("failed: {}", failed.join(", ")),
    }
}

#[cfg(test)]
mod tests;
