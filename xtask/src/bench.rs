//! `cargo xtask bench`: the proxy's speed and memory beside nginx's.

use crate::args;
use crate::run::{command, loudly};
use anyhow::{bail, Result};

/// Runs the task.
pub fn main(words: &[String]) -> Result<()> {
    args::switches(words, |_| false)?;
    // Said before a release build that takes minutes.
    if command("nginx").arg("-v").output().is_err() {
        bail!(
            "the comparison needs nginx, and there is none here; install it (Debian: \
             `apt-get install nginx`). It need not run as a service."
        );
    }
    let mut bench = command("cargo");
    bench.args(["bench", "--package", "tieline-proxy", "--bench", "relay"]);
    loudly("bench", &mut bench)
}
