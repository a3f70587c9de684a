//! A Redis server for the journal's tests.

use super::apt;
use crate::run::{command, output};
use crate::ui::say;
use anyhow::Result;

const STEP: &str = "redis-server";

/// Makes sure that there is a `redis-server` on PATH where Debian's packages can be installed;
/// elsewhere the tests that need one say that they are skipped.
pub fn ensure() -> Result<()> {
    let present = || output(command(STEP).arg("--version")).is_some();
    if present() {
        say(STEP, "present");
        return Ok(());
    }
    if !apt::usable() {
        say(
            STEP,
            "not installed, so the journal's tests with Redis are skipped",
        );
        return Ok(());
    }
    apt::install(STEP, &[STEP])
}
