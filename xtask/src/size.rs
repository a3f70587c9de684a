//! `cargo xtask size`: what a first visit transfers, of the page and of the package for other pages,
//! against the budget and another revision.
//!
//! A release build has a brotli copy of each file beside it; their sizes are what is added up.
//!
//! The other revision is built in a worktree below `target/`, with the same tools and the same
//! cargo cache, because a stored number would be as old as the last time someone stored it. What
//! was measured of a revision is kept there and not built again.

use crate::args;
use crate::run::{command, output, quietly};
use crate::ui::{say, table};
use crate::{embed, page, paths};
use anyhow::{bail, Context, Result};
use lexopt::Arg::Long;
use std::collections::BTreeMap;
use std::path::Path;

/// The most that a first visit may transfer, in bytes, all files in brotli 11.
const BUDGET: usize = 120_000;

/// The same for an element of another page, which has the package's scripts besides.
const ELEMENT_BUDGET: usize = 127_000;

/// One file of the built page.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    /// The name without its hash, so that two builds can be compared.
    name: String,
    raw: usize,
    brotli: usize,
    /// Whether a first visit loads it: index.html itself and what it names. The rest is loaded
    /// when the user asks for it.
    first: bool,
}

/// Runs the task.
pub fn main(words: &[String]) -> Result<()> {
    let (mut build, mut strict, mut compare) = (true, false, None);
    let mut parser = args::parser(words);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("no-build") => build = false,
            Long("strict") => strict = true,
            Long("compare") => compare = Some(args::optional(&mut parser)),
            other => return Err(args::unknown(other)),
        }
    }

    let dist = crate::paths::root().join("dist");
    if build {
        crate::setup::for_page(|| Ok(()))?;
        say("size", "building the release page");
        quietly("size", &mut page::trunk_release())?;
        embed::build(false)?;
    }
    let now = weigh(&dist).context("cannot weigh dist/; `trunk build --release` makes it")?;
    let mut before = None;
    if let Some(revision) = compare {
        // The difference is an extra: a revision that does not build must not fail this one.
        match other_revision(revision.as_deref()) {
            Ok((name, entries)) => {
                println!("difference: to {name}");
                before = Some(entries);
            }
            Err(error) => println!("difference: not known ({error:#})"),
        }
    }
    println!("{}", report(&now, before.as_deref(), BUDGET));
    let page = judged("the page", &now, BUDGET, strict);
    package(strict).and(page)?;
    paths_judged(&dist, strict)
}

/// Weighs the package for other pages.
pub fn package(strict: bool) -> Result<()> {
    let mut entries = files(&paths::package(), &|name| embed::FIRST.contains(&name))
        .context("cannot weigh dist/embed/; `cargo xtask embed` makes it")?;
    // The rest is for bundlers and people.
    entries.retain(|entry| {
        ["js", "css", "wasm", "html"]
            .iter()
            .any(|ending| entry.name.ends_with(ending))
    });
    println!(
        "\nthe package for other pages:\n{}",
        report(&entries, None, ELEMENT_BUDGET)
    );
    judged("an element", &entries, ELEMENT_BUDGET, strict)
}

/// Says when a module names folders of the machine that built it.
fn paths_judged(dist: &Path, strict: bool) -> Result<()> {
    let mut named = page::with_paths(dist)?;
    named.extend(page::with_paths(&paths::package())?);
    for file in &named {
        println!("{file} names folders of this machine");
    }
    if strict && !named.is_empty() {
        bail!("{} files name folders of this machine", named.len());
    }
    Ok(())
}

/// Says when the first load is over the budget.
fn judged(what: &str, entries: &[Entry], budget: usize, strict: bool) -> Result<()> {
    let over = first_load(entries).saturating_sub(budget);
    if over == 0 {
        return Ok(());
    }
    let over = format!("the first load of {what} is {over} bytes over its budget of {budget}");
    if strict {
        bail!("{over}");
    }
    println!("{over}");
    Ok(())
}

fn first_load(entries: &[Entry]) -> usize {
    entries
        .iter()
        .filter(|entry| entry.first)
        .map(|entry| entry.brotli)
        .sum()
}

fn report(now: &[Entry], before: Option<&[Entry]>, budget: usize) -> String {
    let mut headings = vec!["file".to_string(), "raw".into(), "brotli 11".into()];
    headings.extend(before.map(|_| "difference".to_string()));
    let line = |name: &str, raw: usize, brotli: usize, old: Option<usize>| {
        let mut row = vec![name.to_string(), raw.to_string(), brotli.to_string()];
        if before.is_some() {
            row.push(match old {
                Some(old) => format!("{:+}", brotli as i64 - old as i64),
                None => "new".to_string(),
            });
        }
        row
    };
    let mut rows = vec![headings];
    for first in [true, false] {
        let part: Vec<_> = now.iter().filter(|entry| entry.first == first).collect();
        if part.is_empty() {
            continue;
        }
        if !first {
            rows.push(vec!["loaded later:".to_string()]);
        }
        for entry in &part {
            let same = |old: &&Entry| old.name == entry.name;
            let old = before.and_then(|old| old.iter().find(same));
            rows.push(line(
                &entry.name,
                entry.raw,
                entry.brotli,
                old.map(|old| old.brotli),
            ));
        }
        if first {
            let raw = part.iter().map(|entry| entry.raw).sum();
            rows.push(line(
                "first load",
                raw,
                first_load(now),
                before.map(first_load),
            ));
        }
    }
    let total = first_load(now);
    let gone = before
        .unwrap_or_default()
        .iter()
        .filter(|old| now.iter().all(|entry| entry.name != old.name));
    let gone: String = gone
        .map(|old| format!("gone: {} ({})\n", old.name, old.brotli))
        .collect();
    let percent = total as f64 * 100.0 / budget as f64;
    format!(
        "{}{gone}budget {budget}, used {total} ({percent:.1} %)",
        table(&rows)
    )
}

fn weigh(dist: &Path) -> Result<Vec<Entry>> {
    let index = std::fs::read_to_string(dist.join("index.html")).context("dist/index.html")?;
    let first = without_later(&index);
    // The glue imports its snippets at once.
    let is_first =
        |name: &str| name == "index.html" || first.contains(name) || name.starts_with("snippets/");
    let mut entries = files(dist, &is_first)?;
    // That is no part of the page.
    entries.retain(|entry| !entry.name.starts_with("embed/"));
    Ok(entries)
}

/// The files below a folder, by name. Compressed copies are none of their own.
fn files(dist: &Path, is_first: &dyn Fn(&str) -> bool) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut folders = vec![dist.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let ending = path.extension().unwrap_or_default();
            if ending == "br" || ending == "gz" {
                continue;
            }
            let name = path
                .strip_prefix(dist)?
                .to_string_lossy()
                .replace('\\', "/");
            let raw = std::fs::metadata(&path)?.len() as usize;
            let mut small = path.into_os_string();
            small.push(".br");
            let small = std::fs::metadata(small).map(|file| file.len() as usize);
            entries.push(Entry {
                first: is_first(&name),
                raw,
                // What does not become smaller has no copy.
                brotli: small.unwrap_or(raw),
                name: without_hash(&name),
            });
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// index.html without the links that wait until the page asks for what they name.
fn without_later(index: &str) -> String {
    let mut parts = index.split("<link");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
        let later = ["rel=later", "rel=\"later\""]
            .iter()
            .any(|rel| tag.contains(rel));
        out.push_str(if later { "" } else { tag });
        out.push_str(rest);
    }
    out
}

/// A name without the hash that Trunk puts into it: `app-0123456789abcdef_bg.wasm` → `app_bg.wasm`.
fn without_hash(name: &str) -> String {
    let is_hash = |text: &str| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    for (at, _) in name.match_indices('-') {
        if name.get(at + 1..at + 17).is_some_and(is_hash) {
            return format!("{}{}", &name[..at], &name[at + 17..]);
        }
    }
    name.to_string()
}

/// The sizes of another revision and the name to show for it.
fn other_revision(revision: Option<&str>) -> Result<(String, Vec<Entry>)> {
    let commit = match revision {
        Some(revision) => {
            commit_of(revision).with_context(|| format!("git knows no `{revision}`"))?
        }
        None => base_commit().context("there is no earlier commit here")?,
    };
    let title =
        output(command("git").args(["log", "-1", "--format=%h %s", &commit])).unwrap_or_default();
    let store = crate::paths::target_dir()
        .join("size")
        .join(format!("{commit}.txt"));
    if let Ok(text) = std::fs::read_to_string(&store) {
        return Ok((title.trim().to_string(), parse_stored(&text)));
    }
    let entries = build_revision(&commit)?;
    if let Some(folder) = store.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&store, stored(&entries))?;
    Ok((title.trim().to_string(), entries))
}

fn build_revision(commit: &str) -> Result<Vec<Entry>> {
    say("size", &format!("building {commit} to compare with"));
    // Inside the checkout, so that its rustup override holds there as well.
    let tree = crate::paths::root().join("target/size-tree");
    let remove = || {
        quietly(
            "size",
            command("git")
                .args(["worktree", "remove", "--force"])
                .arg(&tree),
        )
    };
    if tree.exists() {
        remove()?;
    }
    let add = ["worktree", "add", "--detach", "--quiet"];
    quietly("size", command("git").args(add).arg(&tree).arg(commit))?;
    let mut trunk = page::trunk_release();
    trunk
        .current_dir(&tree)
        .env("CARGO_TARGET_DIR", crate::paths::target_dir());
    let dist = tree.join("dist");
    let entries = quietly("size", &mut trunk)
        .and_then(|()| match dist.join("index.html.br").exists() {
            true => Ok(()),
            // Earlier revisions did not compress their files.
            false => quietly(
                "size",
                command("cargo")
                    .args(["run", "-qp", "tieline-pack", "--"])
                    .arg(&dist),
            ),
        })
        .and_then(|()| weigh(&dist));
    remove()?;
    entries
}

/// What a change is compared with: the last commit on main, or the one before when that is what is
/// checked out.
fn base_commit() -> Option<String> {
    let head = commit_of("HEAD")?;
    ["origin/main", "main", "HEAD~1"]
        .iter()
        .filter_map(|name| commit_of(name))
        .find(|commit| *commit != head)
}

fn commit_of(revision: &str) -> Option<String> {
    let name = format!("{revision}^{{commit}}");
    let commit = output(command("git").args(["rev-parse", "--verify", "--quiet", &name]))?;
    Some(commit.trim().to_string())
}

fn stored(entries: &[Entry]) -> String {
    let line = |e: &Entry| format!("{} {} {} {}\n", e.raw, e.brotli, e.first, e.name);
    entries.iter().map(line).collect()
}

fn parse_stored(text: &str) -> Vec<Entry> {
    let entry = |line: &str| {
        let mut words = line.splitn(4, ' ');
        Some(Entry {
            raw: words.next()?.parse().ok()?,
            brotli: words.next()?.parse().ok()?,
            first: words.next()? == "true",
            name: words.next()?.to_string(),
        })
    };
    let by_name: BTreeMap<_, _> = text
        .lines()
        .filter_map(entry)
        .map(|e| (e.name.clone(), e))
        .collect();
    by_name.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, brotli: usize, first: bool) -> Entry {
        Entry {
            name: name.into(),
            raw: brotli * 3,
            brotli,
            first,
        }
    }

    #[test]
    fn hashes_leave_the_names() {
        assert_eq!(
            without_hash("tieline-5c81b697277c2ebd_bg.wasm"),
            "tieline_bg.wasm"
        );
        assert_eq!(without_hash("start-ea77a78495f481aa.js"), "start.js");
        assert_eq!(without_hash("a-b.js"), "a-b.js");
        assert_eq!(
            without_hash("snippets/x-0123456789abcdef/a.js"),
            "snippets/x/a.js"
        );
    }

    #[test]
    fn the_report_tells_total_difference_and_what_is_later() {
        let now = [
            entry("a.js", 100, true),
            entry("b.wasm", 900, true),
            entry("late.js", 50, false),
        ];
        let before = [entry("a.js", 120, true), entry("old.css", 5, true)];
        let text = report(&now, Some(&before), BUDGET);
        let total = text
            .lines()
            .find(|line| line.starts_with("first load"))
            .unwrap();
        assert_eq!(
            total.split_whitespace().collect::<Vec<_>>()[2..],
            ["3000", "1000", "+875"]
        );
        assert!(text.contains("-20") && text.contains("new"), "{text}");
        assert!(text.contains("gone: old.css (5)"), "{text}");
        assert!(text.find("loaded later").unwrap() < text.find("late.js").unwrap());
        assert!(!report(&now, None, BUDGET).contains("difference"));
    }

    #[test]
    fn stored_sizes_come_back() {
        let entries = vec![entry("a b.js", 7, true), entry("c", 0, false)];
        assert_eq!(parse_stored(&stored(&entries)), entries);
        assert_eq!(parse_stored("rubbish\n"), []);
    }

    #[test]
    fn what_waits_is_not_of_the_first_load() {
        let index = "<link href=/a.css rel=stylesheet><link data-later href=/b.css rel=later>\
            <link rel=\"later\" href=\"/c.wasm\"><script src=/d.js></script>";
        let first = without_later(index);
        let named = |name: &str| first.contains(name);
        assert!(named("a.css") && named("d.js"));
        assert!(!named("b.css") && !named("c.wasm"));
    }
}
