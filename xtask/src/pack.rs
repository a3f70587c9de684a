//! `cargo xtask pack`: Trunk's hook after a build. A release page is divided and compressed by the
//! crate `tieline-pack`; any other page is left as it is.

use crate::run::{command, loudly};
use anyhow::{Context, Result};

/// Runs the task in the folder that Trunk names.
pub fn main(_: &[String]) -> Result<()> {
    let variable = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set"));
    if variable("TRUNK_PROFILE")? != "release" {
        return Ok(());
    }
    let linked = crate::target_dir().join("wasm32-unknown-unknown/wasm-release/tieline.wasm");
    let mut cargo = command("cargo");
    cargo.args(["run", "--quiet", "--package", "tieline-pack", "--"]);
    cargo.arg(linked).arg(variable("TRUNK_STAGING_DIR")?);
    loudly("pack", &mut cargo)
}
