//! Where the checkout is, and what is built in it.

use std::path::{Path, PathBuf};

/// The folder of the checkout, where the workspace's Cargo.toml is.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds: CARGO_TARGET_DIR, or `target` in the checkout.
pub fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// Where cargo puts one of the workspace's programs, without and with optimisation.
pub fn program(name: &str, release: bool) -> PathBuf {
    let profile = if release { "release" } else { "debug" };
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    target_dir().join(profile).join(name)
}

/// The package for other pages.
pub fn package() -> PathBuf {
    root().join("dist/embed")
}
