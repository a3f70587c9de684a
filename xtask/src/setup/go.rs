//! Go's own formatter, which reads the generated Go.

use super::apt;
use crate::run::{command, output};
use crate::ui::say;
use anyhow::Result;

const STEP: &str = "gofmt";

/// Makes sure that there is a `gofmt` on PATH where Debian's packages can be installed; elsewhere the test
/// that needs one says that it is skipped.
pub fn ensure() -> Result<()> {
    let present = || output(command("go").arg("version")).is_some();
    if present() {
        say(STEP, "present");
        return Ok(());
    }
    if !apt::usable() {
        say(STEP, "not installed, so the generated Go is not parsed");
        return Ok(());
    }
    apt::install(STEP, &["golang-go"])
}
