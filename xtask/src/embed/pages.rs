//! The pages of the package's tests: the examples, a page each for Vite and webpack, and what
//! TypeScript makes of the types, built with what npm has in a copy below the target folder.

use super::install;
use crate::run::{command, output, quietly};
use crate::ui::say;
use anyhow::{bail, Result};
use std::fs;
use std::path::{Path, PathBuf};

const STEP: &str = "pages";
/// The pages. Each finds the package where it does in the checkout, at `dist/embed` above it.
const PAGES: [&str; 5] = [
    "examples/react",
    "examples/vue",
    "tests/embed/types",
    "tests/embed/vite",
    "tests/embed/webpack",
];

/// Builds the pages with the package in `dist/embed/`; gives the folder that they are below.
pub fn build() -> Result<PathBuf> {
    if output(command("npm").arg("--version")).is_none() {
        bail!(
            "the package's tests need Node 20.19, or 22.12 and later, with npm: put both on PATH"
        );
    }
    let folder = crate::paths::target_dir().join("embed-pages");
    install::replace(&crate::paths::package(), &folder.join("dist/embed"))?;
    for page in PAGES {
        say(STEP, page);
        let (from, to) = (crate::paths::root().join(page), folder.join(page));
        copy_sources(&from, &to)?;
        install(&to)?;
        let mut npm = command("npm");
        quietly(STEP, npm.args(["run", "build"]).current_dir(&to))?;
    }
    Ok(folder)
}

/// The files of the tests that need Node only.
pub fn node_tests() -> Vec<PathBuf> {
    let found = fs::read_dir(crate::paths::root().join("tests/embed/node"));
    let paths = found
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut tests: Vec<_> = paths
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    tests.sort();
    tests
}

/// Copies a page without what somebody installed or built beside it.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => install::replace(&entry.path(), &to.join(name))?,
            false => fs::copy(entry.path(), to.join(name)).map(drop)?,
        }
    }
    Ok(())
}

/// Installs what the lock file says, unless it is there.
fn install(page: &Path) -> Result<()> {
    let lock = fs::read(page.join("package-lock.json"))?;
    // Written last, so that an interrupted installation is begun again.
    let stamp = page.join("node_modules/installed.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = command("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    quietly(STEP, npm.current_dir(page))?;
    fs::write(stamp, lock)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tests_in_node_are_found() {
        assert!(super::node_tests().len() >= 2);
    }
}
