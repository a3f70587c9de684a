//! Tests that have a browser each, several at a time: every test is a process of its own, the longest
//! first, and can be run many times to find those that pass by luck.

use super::programs::Program;
use super::schedule::Counts;
use crate::paths::target_dir;
use crate::run::{each_line, interrupted};
use crate::ui::{self, clock, say, table};
use anyhow::{bail, Result};
use std::collections::{BTreeMap, VecDeque};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How the tests are run.
#[derive(Clone)]
pub struct Options {
    /// How many at a time.
    pub jobs: usize,
    /// How often each.
    pub times: usize,
    /// How many loops keep the machine busy meanwhile.
    pub load: usize,
    /// Whether pages draw as on a slow machine.
    pub slow: bool,
    /// Only tests with one of these in their names; without any, all.
    pub words: Vec<String>,
}

/// What became of a test's runs.
#[derive(Default)]
struct Runs {
    runs: usize,
    failures: usize,
    longest: Duration,
}

/// Runs the tests of a program; `prepared` gives its command the environment that it needs.
pub fn run(
    program: &Program,
    prepared: impl Fn(Command) -> Command + Sync,
    options: &Options,
    counts: &mut Counts,
) -> Result<()> {
    let times = Times::read(&program.name);
    let mut names = program.tests(&options.words)?;
    // What took longest the last time begins first, so that nothing long is left for the end.
    names.sort_by_key(|name| std::cmp::Reverse(times.of(name)));
    let queue: VecDeque<String> = (0..options.times).flat_map(|_| names.clone()).collect();
    let queue = Mutex::new(queue);
    let found: Mutex<BTreeMap<String, Runs>> = Mutex::default();
    let texts = Mutex::new(String::new());
    let over = AtomicBool::new(false);
    // In the loop's own head the lock would be held through the loop.
    let next = || queue.lock().expect("no panic").pop_front();
    let worker = || {
        while let Some(name) = next() {
            if interrupted() {
                break;
            }
            let began = Instant::now();
            let mut test = prepared(program.command());
            if options.slow {
                test.env("TIELINE_SLOW", "1");
            }
            let (passed, text) = ui::block(|| one(test, &name));
            let time = began.elapsed();
            if !passed {
                // At once, though the rest is shown when the step ends.
                say(&name, &format!("FAILED after {}", clock(time)));
            }
            texts.lock().expect("no panic").push_str(&text);
            let mut found = found.lock().expect("no panic");
            let runs = found.entry(name).or_default();
            runs.runs += 1;
            runs.failures += usize::from(!passed);
            runs.longest = runs.longest.max(time);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..options.load {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let workers: Vec<_> = (0..options.jobs).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            let _ = worker.join();
        }
        over.store(true, Ordering::Relaxed);
    });
    ui::line(texts.into_inner().expect("no panic").trim_end());
    report(
        program,
        times,
        &found.into_inner().expect("no panic"),
        options,
        counts,
    )
}

fn report(
    program: &Program,
    times: Times,
    found: &BTreeMap<String, Runs>,
    options: &Options,
    counts: &mut Counts,
) -> Result<()> {
    // A test counts once, however often it ran.
    counts.failed += found.values().filter(|runs| runs.failures > 0).count();
    counts.passed += found.values().filter(|runs| runs.failures == 0).count();
    let mut rows: Vec<(&String, &Runs)> = found.iter().collect();
    rows.sort_by_key(|(_, runs)| std::cmp::Reverse((runs.failures, runs.longest)));
    let cells = rows.iter().map(|(name, runs)| {
        let failures = format!("{} of {}", runs.failures, runs.runs);
        vec![name.to_string(), failures, clock(runs.longest)]
    });
    let head = vec![
        "test".to_string(),
        "failures".to_string(),
        "longest".to_string(),
    ];
    let most = if options.times > 1 { usize::MAX } else { 10 };
    let shown: Vec<_> = [head].into_iter().chain(cells.take(most)).collect();
    ui::line(&table(&shown));
    if options.load == 0 && !options.slow {
        times.write(found)?;
    }
    let failed: Vec<&str> = found
        .iter()
        .filter(|(_, runs)| runs.failures > 0)
        .map(|(name, _)| name.as_str())
        .collect();
    if interrupted() {
        bail!("stopped");
    }
    if found.is_empty() && options.words.is_empty() {
        bail!("{} has no tests", program.name);
    }
    match failed.is_empty() {
        true => Ok(()),
        false => bail!("{} failed", failed.join(", ")),
    }
}

/// What a line begins with that is shown though the test passed: what it has measured is for people.
const MEASURED: &str = "measured: ";

/// What is shown of a test that passed: the lines with what it has measured. A table's rows stay in line without
/// the test's name.
fn measured<'a>(name: &'a str, lines: &'a [String]) -> impl Iterator<Item = String> + 'a {
    let measured = lines.iter().filter_map(|line| line.strip_prefix(MEASURED));
    measured.map(move |line| match line.starts_with('|') {
        true => line.to_string(),
        false => format!("{name}: {line}"),
    })
}

/// Runs one test; shows what it has measured, and all that it said when it failed.
fn one(mut test: Command, name: &str) -> bool {
    let began = Instant::now();
    let mut lines = Vec::new();
    let result = each_line(test.args(["--exact", "--show-output", name]), |line| {
        lines.push(line.to_string())
    });
    if result.is_ok() {
        measured(name, &lines).for_each(|line| ui::line(&line));
    }
    if result.is_err() {
        lines.iter().for_each(|line| ui::line(line));
        say(name, &format!("FAILED after {}", clock(began.elapsed())));
    }
    result.is_ok()
}

/// How long each test took when it ran last, in milliseconds, in a file below the target folder.
struct Times {
    file: std::path::PathBuf,
    millis: BTreeMap<String, u64>,
}

impl Times {
    fn read(program: &str) -> Times {
        let file = target_dir().join(format!("test-times-{program}.txt"));
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let pair = |line: &str| {
            let (millis, name) = line.split_once(' ')?;
            Some((name.to_string(), millis.parse().ok()?))
        };
        Times {
            file,
            millis: text.lines().filter_map(pair).collect(),
        }
    }

    /// What has not run yet may take long.
    fn of(&self, name: &str) -> u64 {
        self.millis.get(name).copied().unwrap_or(u64::MAX)
    }

    fn write(mut self, found: &BTreeMap<String, Runs>) -> Result<()> {
        let times = found
            .iter()
            .map(|(name, runs)| (name.clone(), runs.longest.as_millis() as u64));
        self.millis.extend(times);
        let lines = self
            .millis
            .iter()
            .map(|(name, millis)| format!("{millis} {name}\n"));
        Ok(std::fs::write(&self.file, lines.collect::<String>())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_passed_test_has_measured_is_shown() {
        let lines = ["running 1 test", "measured: 3 ms", "measured: | Undo | 1 |"];
        let lines = lines.map(str::to_string);
        let shown: Vec<String> = measured("a::test", &lines).collect();
        assert_eq!(shown, ["a::test: 3 ms", "| Undo | 1 |"]);
    }

    #[test]
    fn the_twenty_tasks_table_is_among_it() {
        let file = crate::paths::root().join("tests/browser/twenty_tasks.rs");
        let text = std::fs::read_to_string(file).unwrap();
        let row = format!("\"{MEASURED}| ");
        assert!(text.contains(&row));
    }
}
