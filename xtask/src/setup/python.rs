//! A Python with the vendors' SDKs and Schemathesis, in a folder of the checkout that git ignores.

use super::apt;
use crate::run::{command, output, quietly};
use crate::ui::say;
use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};

const STEP: &str = "Python packages";

/// The packages and their versions.
const REQUIREMENTS: &str = "tests/sdk/requirements.txt";

/// Makes sure that they are installed and returns their Python.
pub fn ensure() -> Result<PathBuf> {
    let requirements = crate::paths::root().join(REQUIREMENTS);
    let wanted = std::fs::read_to_string(&requirements)
        .with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let venv = crate::paths::root().join(".tools/venv");
    let python = venv.join("bin/python");
    // Written last, so that an interrupted installation is begun again.
    let stamp = venv.join("installed.txt");
    let complete = std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    if complete && output(command(&python).arg("--version")).is_some() {
        say(STEP, "present");
        return Ok(python);
    }
    make_venv(&venv)?;
    say(STEP, &format!("installing {REQUIREMENTS} into .tools/venv"));
    quietly(
        STEP,
        command(&python)
            .args(["-m", "pip", "install", "--disable-pip-version-check", "-r"])
            .arg(&requirements),
    )?;
    std::fs::write(&stamp, wanted)?;
    say(STEP, "installed");
    Ok(python)
}

fn make_venv(venv: &Path) -> Result<()> {
    let make = |python: &str| {
        std::fs::remove_dir_all(venv).ok();
        quietly(STEP, command(python).args(["-m", "venv"]).arg(venv))
    };
    // Debian keeps the module that puts pip into the folder in a package of its own.
    let whole = output(command("python3").args(["-c", "import ensurepip, venv"])).is_some();
    if whole {
        return make("python3");
    }
    if apt::usable() {
        apt::install(STEP, &["python3", "python3-venv"])?;
        return make("/usr/bin/python3");
    }
    bail!("the tests with the vendors' SDKs and Schemathesis need Python 3 with its modules venv and ensurepip")
}
