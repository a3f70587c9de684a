//! The release page, built by Trunk into `dist/`, and the program that divides and compresses it.

use crate::paths::{program, root, target_dir};
use crate::run::{command, loudly, output, quietly};
use crate::ui::say;
use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Says where `tieline-pack` is built already, so that nobody waits for cargo's lock in Trunk's hook.
const PACK: &str = "TIELINE_PACK";

/// What a page, or the package for other pages, is made of.
const SOURCES: [&str; 14] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Trunk.toml",
    "build.rs",
    "crates/catalog",
    "crates/protocol",
    "crates/sandbox",
    "docs/embedding.md",
    "index.html",
    "src",
    "static",
    "xtask",
];

/// Trunk's release build of the page into `dist/`.
pub fn trunk_release() -> Command {
    let mut trunk = command("trunk");
    trunk.args(["build", "--release"]);
    trunk
}

/// Builds the page, unless it is built from the same sources; gives whether it did.
pub fn build_if_changed() -> Result<bool> {
    let mut trunk = trunk_release();
    trunk.env(PACK, program("tieline-pack", false));
    unless_made("page", &root().join("dist/index.html"), || {
        quietly("page", &mut trunk)
    })
}

/// Divides and compresses what is in a folder; `linked` is the WebAssembly as the linker made it.
pub fn pack(step: &str, linked: &Path, folder: &Path) -> Result<()> {
    let mut pack = match std::env::var_os(PACK) {
        Some(program) => command(program),
        None => {
            let mut cargo = command("cargo");
            cargo.args(["run", "--quiet", "--package", "tieline-pack", "--"]);
            cargo
        }
    };
    loudly(step, pack.arg(linked).arg(folder))
}

/// Runs `make` unless `result` is what it made last from the same sources with the same compiler;
/// gives whether it ran.
pub fn unless_made(name: &str, result: &Path, make: impl FnOnce() -> Result<()>) -> Result<bool> {
    let stamp = target_dir().join(format!("{name}.made"));
    let sources = fingerprint()?;
    let state = || -> Option<String> {
        let time = std::fs::metadata(result).ok()?.modified().ok()?;
        let time = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some(format!("{sources:x} {}", time.as_nanos()))
    };
    let made = std::fs::read_to_string(&stamp).ok();
    if made.is_some() && made == state() {
        say(name, "built from these sources before");
        return Ok(false);
    }
    make()?;
    std::fs::write(&stamp, state().context("it is not there")?)?;
    Ok(true)
}

/// A number that changes with any of the sources and with the compiler.
fn fingerprint() -> Result<u64> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut next: Vec<PathBuf> = SOURCES.iter().map(|name| root().join(name)).collect();
    while let Some(path) = next.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(path)? {
                next.push(entry?.path());
            }
        } else if path.exists() {
            files.push(path);
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    output(command("rustc").arg("-vV")).hash(&mut hasher);
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(&file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_twice_from_the_same_sources() {
        let name = format!("test-{}", std::process::id());
        let result = std::env::temp_dir().join(&name);
        let make = || Ok(std::fs::write(&result, "made")?);
        assert!(unless_made(&name, &result, make).unwrap());
        assert!(!unless_made(&name, &result, make).unwrap());
        std::fs::remove_file(&result).unwrap();
        assert!(unless_made(&name, &result, make).unwrap(), "it is gone");
        std::fs::remove_file(&result).unwrap();
        std::fs::remove_file(target_dir().join(format!("{name}.made"))).unwrap();
    }
}
