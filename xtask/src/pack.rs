//! `cargo xtask pack`: Trunk's hook after a build. A release page is divided and compressed by the
//! crate `tieline-pack`; any other page is left as it is. The package that `cargo xtask embed` put
//! beside the last page stays, though Trunk empties the folder.

use crate::embed::install;
use crate::page;
use crate::paths::target_dir;
use crate::ui::say;
use anyhow::{Context, Result};
use std::path::Path;

/// Runs the task in the folder that Trunk names.
pub fn main(_: &[String]) -> Result<()> {
    let variable = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set"));
    let stage = variable("TRUNK_STAGING_DIR")?;
    if variable("TRUNK_PROFILE")? == "release" {
        let linked = target_dir().join("wasm32-unknown-unknown/wasm-release/tieline.wasm");
        page::pack("pack", &linked, Path::new(&stage))?;
        for file in page::with_paths(Path::new(&stage))? {
            say(
                "pack",
                &format!("{file} names folders of this machine; `cargo xtask page` builds one that does not"),
            );
        }
    }
    let package = Path::new(&variable("TRUNK_DIST_DIR")?).join("embed");
    if package.is_dir() {
        install::copy(&package, &Path::new(&stage).join("embed"))?;
    }
    Ok(())
}
