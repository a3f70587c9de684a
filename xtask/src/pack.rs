//! `cargo xtask pack`: Trunk's hook after a build. A release page is divided and compressed by the
//! crate `tieline-pack`; any other page is left as it is. The package that `cargo xtask embed` put
//! beside the last page stays, though Trunk empties the folder.

use crate::embed::keep;
use crate::run::{command, loudly};
use anyhow::{Context, Result};
use std::path::Path;

/// Runs the task in the folder that Trunk names.
pub fn main(_: &[String]) -> Result<()> {
    let variable = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set"));
    let stage = variable("TRUNK_STAGING_DIR")?;
    if variable("TRUNK_PROFILE")? == "release" {
        divide(&stage)?;
    }
    let package = Path::new(&variable("TRUNK_DIST_DIR")?).join("embed");
    if package.is_dir() {
        keep::copy(&package, &Path::new(&stage).join("embed"))?;
    }
    Ok(())
}

fn divide(stage: &str) -> Result<()> {
    let linked = crate::target_dir().join("wasm32-unknown-unknown/wasm-release/tieline.wasm");
    let mut cargo = command("cargo");
    cargo.args(["run", "--quiet", "--package", "tieline-pack", "--"]);
    cargo.arg(linked).arg(stage);
    loudly("pack", &mut cargo)
}
