//! The test programs: built once by one cargo, then run by themselves, so that neither cargo's lock
//! nor another choice of features stands between them.

use super::schedule::Counts;
use crate::run::{command, each_line};
use crate::ui::{self, clock, say};
use anyhow::{bail, Context, Result};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;
use tinyjson::JsonValue;

/// A program of tests.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The folder of its package.
    pub package: PathBuf,
    /// Whether it is of `tests/`, and not what a library or a program has in itself.
    pub integration: bool,
    /// What cargo calls it: the file's name without its ending.
    pub name: String,
    /// The file to be run.
    pub file: PathBuf,
}

/// Builds the test programs of these names, or all, and the workspace's programs that they run.
pub fn build(names: Option<&[&str]>) -> Result<Vec<Program>> {
    let mut cargo = command("cargo");
    // Always of the whole workspace, since its features are those of all packages together.
    cargo.args([
        "build",
        "--workspace",
        "--message-format=json-render-diagnostics",
    ]);
    cargo.args(["--bin", "tieline-proxy", "--bin", "tieline-pack"]);
    match names {
        None => cargo.arg("--tests"),
        Some(names) => cargo.args(names.iter().flat_map(|name| ["--test", name])),
    };
    built_by(&mut cargo)
}

/// Runs a build of cargo's that writes its messages as JSON, and gives the test programs among what it
/// built.
pub fn built_by(cargo: &mut Command) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    each_line(cargo, |line| match line.starts_with('{') {
        true => programs.extend(artifact(line)),
        false => ui::line(line),
    })?;
    Ok(programs)
}

/// The test program that a line of cargo's tells of.
fn artifact(line: &str) -> Option<Program> {
    let message: JsonValue = line.parse().ok()?;
    let text = |value: &JsonValue| value.get::<String>().cloned();
    let at = |keys: &[&str]| {
        let mut value = &message;
        for key in keys {
            value = value
                .get::<std::collections::HashMap<String, JsonValue>>()?
                .get(*key)?;
        }
        Some(value)
    };
    if !*at(&["profile", "test"])?.get::<bool>()? {
        return None;
    }
    let kind = at(&["target", "kind"])?
        .get::<Vec<JsonValue>>()?
        .first()
        .and_then(text)?;
    let manifest = PathBuf::from(text(at(&["manifest_path"])?)?);
    Some(Program {
        package: manifest.parent()?.to_path_buf(),
        integration: kind == "test",
        name: text(at(&["target", "name"])?)?,
        file: PathBuf::from(text(at(&["executable"])?)?),
    })
}

impl Program {
    /// The program as cargo would run it.
    pub fn command(&self) -> Command {
        let mut command = command(&self.file);
        command.current_dir(&self.package);
        command.env("CARGO_MANIFEST_DIR", &self.package);
        command
    }

    /// The program's name with its package's, as `proxy/api`.
    pub fn title(&self) -> String {
        let package = self
            .package
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        match self.integration {
            true => format!("{package}/{}", self.name),
            false => format!("{package}, {}", self.name),
        }
    }

    /// The names of its tests that have one of these words in them.
    pub fn tests(&self, words: &[String]) -> Result<Vec<String>> {
        let mut names = Vec::new();
        each_line(
            self.command().args(["--list", "--format", "terse"]),
            |line| {
                if let Some(name) = line.strip_suffix(": test") {
                    if words.is_empty() || words.iter().any(|word| name.contains(word)) {
                        names.push(name.to_string());
                    }
                }
            },
        )?;
        Ok(names)
    }
}

/// Runs programs, two at a time, since many of them wait; shows what the failed ones said, and of the
/// others only the last line.
pub fn run_all(programs: Vec<Command>, titles: &[String], counts: &mut Counts) -> Result<()> {
    let queue = Mutex::new(programs.into_iter().zip(titles).rev().collect::<Vec<_>>());
    let failed = Mutex::new(Vec::new());
    let total = Mutex::new(counts);
    let texts = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| loop {
                let taken = queue.lock().expect("no panic").pop();
                let Some((mut program, title)) = taken else {
                    break;
                };
                let (result, text) = ui::block(|| one(&mut program, title));
                texts.lock().expect("no panic").push(text);
                match result {
                    Ok(found) => total.lock().expect("no panic").add(found),
                    Err(found) => {
                        total.lock().expect("no panic").add(found);
                        failed.lock().expect("no panic").push(title.clone());
                    }
                }
            });
        }
    });
    for text in texts.into_inner().expect("no panic") {
        ui::line(text.trim_end());
    }
    let failed = failed.into_inner().expect("no panic");
    match failed.is_empty() {
        true => Ok(()),
        false => bail!("{} failed", failed.join(", ")),
    }
}

/// Runs a program of libtest's; an `Err` when it failed, with at least one failed test.
fn one(program: &mut Command, title: &str) -> Result<Counts, Counts> {
    let began = Instant::now();
    let mut lines = Vec::new();
    let mut counts = Counts::default();
    let result = each_line(program, |line| {
        if let Some(found) = of_libtest(line) {
            counts.add(found);
        }
        lines.push(line.to_string());
    });
    let Err(error) = result else {
        let ran = format!("{} passed, {}", counts.passed, clock(began.elapsed()));
        if counts != Counts::default() {
            say(title, &ran);
        }
        return Ok(counts);
    };
    lines.iter().for_each(|line| ui::line(line));
    say(title, &format!("FAILED: {error:#}"));
    counts.failed = counts.failed.max(1);
    Err(counts)
}

/// Runs a command that runs test programs itself, such as `cargo test --doc`, and counts.
pub fn counted(command: &mut Command, counts: &mut Counts) -> Result<()> {
    each_line(command, |line| {
        ui::line(line);
        let node = |word: &str| -> usize {
            let rest = line.trim_start_matches(['#', 'ℹ', ' ']).strip_prefix(word);
            rest.and_then(|rest| rest.trim().parse().ok()).unwrap_or(0)
        };
        let of_node = Counts {
            passed: node("pass "),
            failed: node("fail "),
        };
        counts.add(of_libtest(line).unwrap_or(of_node));
    })
}

/// What a line such as `test result: ok. 3 passed; 0 failed; …` counts.
fn of_libtest(line: &str) -> Option<Counts> {
    let (_, rest) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        let part = rest.split("; ").find_map(|part| part.strip_suffix(word))?;
        part.trim().parse().ok()
    };
    Some(Counts {
        passed: number("passed")?,
        failed: number("failed")?,
    })
}

impl Counts {
    /// Adds those of another part.
    pub fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The program of `tests/` of this name.
pub fn named<'a>(programs: &'a [Program], name: &str) -> Result<&'a Program> {
    let found = programs
        .iter()
        .find(|program| program.integration && program.name == name);
    found.with_context(|| format!("cargo built no tests of the name {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_libtest_are_counted() {
        let line = "test result: ok. 39 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(
            of_libtest(line),
            Some(Counts {
                passed: 39,
                failed: 2
            })
        );
        assert_eq!(of_libtest("test result"), None);
        assert_eq!(of_libtest("test a ... ok"), None);
    }

    #[test]
    fn test_programs_are_found_in_what_cargo_says() {
        let line = |test: bool, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/x/crates/proxy/Cargo.toml",
                "target":{{"kind":["test"],"name":"api"}},"profile":{{"test":{test}}},"executable":{executable}}}"#
            )
        };
        let found = artifact(&line(true, r#""/x/api-1""#)).unwrap();
        assert_eq!(found.title(), "proxy/api");
        assert_eq!(found.file, PathBuf::from("/x/api-1"));
        assert_eq!(artifact(&line(false, r#""/x/api-1""#)), None);
        assert_eq!(artifact(&line(true, "null")), None);
        assert_eq!(
            artifact(r#"{"reason":"build-finished","success":true}"#),
            None
        );
    }
}
