//! The vendors' SDKs for Node.js with a TypeScript compiler, in a folder of the checkout that git ignores.

use crate::run::{command, output, quietly};
use crate::ui::say;
use anyhow::{bail, Context, Result};
use std::path::PathBuf;

const STEP: &str = "Node.js packages";

/// The packages, and their versions with all that they depend on.
const FOLDER: &str = "tests/sdk/node";
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Makes sure that they are installed and returns the folder that has them.
pub fn ensure() -> Result<PathBuf> {
    let from = crate::paths::root().join(FOLDER);
    let to = crate::paths::root().join(".tools/sdk-node");
    let [_, lock] = FILES;
    let wanted = std::fs::read(from.join(lock)).with_context(|| format!("cannot read {lock}"))?;
    // Written last, so that an interrupted installation is begun again.
    let stamp = to.join("node_modules/installed.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        say(STEP, "present");
        return Ok(to);
    }
    if output(command("npm").arg("--version")).is_none() {
        bail!("the tests of generated code need Node 20.19, or 22.12 and later, with npm: put both on PATH");
    }
    say(STEP, &format!("installing {FOLDER} into .tools/sdk-node"));
    std::fs::create_dir_all(&to)?;
    for file in FILES {
        std::fs::copy(from.join(file), to.join(file))?;
    }
    let mut npm = command("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    quietly(STEP, npm.current_dir(&to))?;
    std::fs::write(&stamp, wanted)?;
    say(STEP, "installed");
    Ok(to)
}
