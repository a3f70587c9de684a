//! axe-core, which judges the page's accessibility in the browser tests, in a folder of the checkout
//! that git ignores.

use crate::run::{command, output, quietly};
use crate::ui::say;
use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};

const STEP: &str = "axe-core";

/// The version whose rules the page keeps. It has no dependencies, so this fixes everything.
const VERSION: &str = "4.14.1";

/// Makes sure that the library is there and returns its one file.
pub fn ensure() -> Result<PathBuf> {
    let folder = crate::paths::root().join(".tools/axe");
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if present(&file) {
        say(STEP, "present");
        return Ok(file);
    }
    if output(command("npm").arg("--version")).is_none() {
        bail!("the browser tests need {STEP} from npm: install Node's npm and put it on PATH");
    }
    let package = format!("{STEP}@{VERSION}");
    say(STEP, &format!("npm install {package} into .tools/axe"));
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let options = "--no-save --no-package-lock --no-audit --no-fund --ignore-scripts --prefix";
    quietly(
        STEP,
        command("npm")
            .args(["install", &package])
            .args(options.split(' '))
            .arg(&folder),
    )?;
    if !present(&file) {
        bail!("{package} is installed, but {} is not it", file.display());
    }
    say(STEP, "installed");
    Ok(file)
}

/// Whether the file is there and says in its first line that it is this version.
fn present(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    first.contains(&format!("axe v{VERSION}"))
}
