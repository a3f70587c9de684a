//! The check `sixth`: an operation that nobody wrote tables for before is added to a copy of the
//! checkout with one file and one line; the copy is built, and what must hold of every operation is
//! tested with it, the page in a browser included.
//!
//! The copy lies below the target folder and shares what the checkout has compiled of others' crates.

use super::programs::{self, Program};
use super::schedule::Counts;
use crate::paths::{root, target_dir};
use crate::run::{command, each_line, output, quietly};
use crate::ui::{self, say};
use anyhow::{bail, Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the operation's file.
const FOLDER: &str = "tests/sixth";
/// The operation's file, without its ending.
const OPERATION: &str = "create_transit_router";
/// The folder into which it is put.
const OPERATIONS: &str = "crates/catalog/src/operations";

/// The modules of the proxy's tests that go through the registry.
const PROXY_TESTS: [&str; 4] = ["routes::", "openapi::", "canary::", "request_destination::"];

/// The tests that hold the documents' tables against the registry, and what they must miss in them.
const DOCUMENTS: [(&str, &str); 2] = [
    (
        "docs::the_readme_lists_each_creation_once_with_its_cloud_and_version",
        "the README does not list CreateTransitRouter",
    ),
    (
        "docs::the_policies_grant_each_operation_once_and_nothing_else",
        "tr:transitRouters:create",
    ),
];

/// The copy of the checkout, built.
pub struct Copy {
    folder: PathBuf,
    programs: Vec<Program>,
}

/// Makes the copy with one more operation, and builds its tests, its proxy and its page.
pub fn build() -> Result<Copy> {
    let folder = target_dir().join("sixth/checkout");
    copy(&folder)?;
    let mut cargo = within(&folder, "cargo");
    cargo.args([
        "build",
        "--workspace",
        "--message-format=json-render-diagnostics",
    ]);
    cargo.args(["--bin", "tieline-proxy"]);
    for name in ["catalog", "sandbox", "proxy", "sixth"] {
        cargo.args(["--test", name]);
    }
    let programs = programs::built_by(&mut cargo)?;
    quietly("page", within(&folder, "trunk").arg("build"))?;
    Ok(Copy { folder, programs })
}

/// Runs the copy's tests; `prepared` gives a command the environment that it needs.
pub fn test(copy: &Copy, prepared: impl Fn(Command) -> Command, counts: &mut Counts) -> Result<()> {
    let program = |name: &str| -> Result<Command> {
        let mut command = prepared(programs::named(&copy.programs, name)?.command());
        let proxy = format!("debug/tieline-proxy{}", std::env::consts::EXE_SUFFIX);
        command
            .env("TIELINE_SIXTH", "added")
            .env("TIELINE_PROXY_BIN", built().join(proxy))
            .env("TIELINE_DIST", copy.folder.join("dist"));
        Ok(command)
    };
    let found = programs::named(&copy.programs, "proxy")?.tests(&[])?;
    if let Some(module) = PROXY_TESTS.iter().find(|module| !has_tests(module, &found)) {
        bail!("the proxy has no tests in {module}, so that nothing would run there");
    }
    let mut proxy = program("proxy")?;
    proxy.args(PROXY_TESTS);
    let commands = vec![
        program("sixth")?,
        program("catalog")?,
        program("sandbox")?,
        proxy,
    ];
    let titles = ["sixth", "catalog", "sandbox", "proxy"];
    let titles = titles.map(|name| format!("with a sixth operation, {name}"));
    programs::run_all(commands, &titles, counts)?;
    for (test, missing) in DOCUMENTS {
        must_fail(program("proxy")?.args(["--exact", test]), test, missing)?;
        counts.passed += 1;
    }
    Ok(())
}

/// Whether one of these tests is in the module. A filter also finds what only ends as a module's name does.
fn has_tests(module: &str, tests: &[String]) -> bool {
    tests.iter().any(|test| test.starts_with(module))
}

/// Runs a test that has to fail because of what it misses.
fn must_fail(command: &mut Command, test: &str, missing: &str) -> Result<()> {
    let mut said = String::new();
    let result = each_line(command, |line| said = format!("{said}{line}\n"));
    if result.is_ok() || !said.contains(missing) {
        ui::line(&said);
        bail!("{test} does not miss in the documents: {missing}");
    }
    say(test, &format!("misses, as it must: {missing}"));
    Ok(())
}

/// Where the copy's programs are put.
fn built() -> PathBuf {
    target_dir().join("sixth/built")
}

/// A program that builds in the copy. What it compiles lies with what the checkout has compiled, and
/// what is finished does not.
fn within(folder: &Path, program: &str) -> Command {
    let mut command = command(program);
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", built())
        .env("CARGO_BUILD_BUILD_DIR", target_dir());
    command
}

/// Brings the copy up to date, and leaves alone what is as it was, so that little is compiled.
fn copy(folder: &Path) -> Result<()> {
    let mut git = command("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let listed = output(&mut git).context("git does not tell the files of the checkout")?;
    let mut names: BTreeSet<String> = listed.split('\0').map(str::to_string).collect();
    // Of what is deleted git tells until it is committed.
    names.retain(|name| root().join(name).is_file());
    for name in &names {
        let bytes = fs::read(root().join(name)).with_context(|| name.clone())?;
        let bytes = match name.as_str() {
            "Cargo.toml" => renamed(&String::from_utf8(bytes)?)?.into_bytes(),
            "Trunk.toml" => without_hooks(&String::from_utf8(bytes)?).into_bytes(),
            registry if registry == format!("{OPERATIONS}/mod.rs") => {
                registered(&String::from_utf8(bytes)?)?.into_bytes()
            }
            // Cargo adapts it to the copy's packages.
            "Cargo.lock" if folder.join(name).is_file() => continue,
            _ => bytes,
        };
        write(&folder.join(name), &bytes)?;
    }
    let name = format!("{OPERATIONS}/{OPERATION}.rs");
    let file = root().join(FOLDER).join(format!("{OPERATION}.rs"));
    write(&folder.join(&name), &fs::read(file)?)?;
    names.insert(name);
    forget_others(&folder.with_extension("files"), folder, &names)
}

/// Removes what an earlier copy has and this one has not; `list` is where that is kept.
fn forget_others(list: &Path, folder: &Path, names: &BTreeSet<String>) -> Result<()> {
    let before = fs::read_to_string(list).unwrap_or_default();
    for name in before.lines().filter(|name| !names.contains(*name)) {
        let _ = fs::remove_file(folder.join(name));
    }
    let lines = names.iter().map(|name| format!("{name}\n"));
    Ok(fs::write(list, lines.collect::<String>())?)
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(file).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::create_dir_all(file.parent().context("a file in no folder")?)?;
    Ok(fs::write(file, bytes)?)
}

/// The registry with one more line.
fn registered(registry: &str) -> Result<String> {
    let (before, rest) = registry
        .split_once("\nregistry! {\n")
        .context("there is no registry")?;
    let (list, after) = rest.split_once("\n}").context("the registry has no end")?;
    Ok(format!(
        "{before}\nregistry! {{\n{list}\n    {OPERATION},\n}}{after}"
    ))
}

/// The workspace's manifest with another version, by which cargo tells the copy's packages from those
/// of the checkout.
fn renamed(manifest: &str) -> Result<String> {
    let (before, rest) = manifest
        .split_once("\nversion = \"")
        .context("the workspace has no version")?;
    Ok(format!("{before}\nversion = \"1000{rest}"))
}

/// Trunk's settings as far as a build needs them: the hooks are for release pages, and compile xtask.
fn without_hooks(settings: &str) -> String {
    let build = settings.split("[[hooks]]").next();
    build.unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_and_the_version_are_where_they_are_looked_for() {
        let read = |name: &str| fs::read_to_string(root().join(name)).unwrap();
        let before = read("crates/catalog/src/operations/mod.rs");
        let after = registered(&before).unwrap();
        assert_eq!(after.lines().count(), before.lines().count() + 1);
        let line = format!("    {OPERATION},");
        assert!(after.lines().any(|found| found == line));

        let manifest = renamed(&read("Cargo.toml")).unwrap();
        assert!(manifest.contains("\nversion = \"1000"), "{manifest}");
        assert!(without_hooks(&read("Trunk.toml")).contains("target = \"index.html\""));
    }

    #[test]
    fn each_filter_names_a_module_of_the_proxys_tests() {
        let main = fs::read_to_string(root().join("crates/proxy/tests/proxy/main.rs")).unwrap();
        for filter in PROXY_TESTS {
            let module = filter.strip_suffix("::").unwrap();
            let line = format!("mod {module};");
            assert!(main.lines().any(|found| found == line), "{filter}");
        }
        let tests = ["openapi::it_is_there".to_string()];
        assert!(has_tests("openapi::", &tests));
        assert!(!has_tests("api::", &tests));
    }
}
