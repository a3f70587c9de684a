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

/// The variable in which cargo takes flags of rustc for WebAssembly alone.
const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// What a page, or the package for other pages, is made of.
const SOURCES: [&str; 17] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Trunk.toml",
    "build.rs",
    "crates/catalog",
    "crates/code",
    "crates/paste",
    "crates/protocol",
    "crates/records",
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
    remap_paths(&mut trunk);
    trunk
}

/// The folders of this machine that rustc writes into what it builds, for the messages of panics: the
/// registry's sources, whatever else is cargo's, and the checkout.
fn folders() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let mut folders = vec![root()];
    if let Some(home) = home {
        let registries = std::fs::read_dir(home.join("registry/src"));
        let registries = registries.into_iter().flatten().flatten();
        folders.push(home);
        folders.extend(registries.map(|entry| entry.path()));
    }
    folders
}

/// Lets a build of WebAssembly name its sources without these folders. Of two that fit, rustc takes
/// the later.
pub fn remap_paths(build: &mut Command) {
    let flags = folders().into_iter().filter_map(|folder| {
        let folder = folder.to_str()?.to_string();
        // Cargo separates the flags by spaces.
        let fits = !folder.contains(char::is_whitespace);
        fits.then(|| format!("--remap-path-prefix={folder}="))
    });
    build.env(FLAGS, flags.collect::<Vec<_>>().join(" "));
}

/// The WebAssembly files of a folder that name folders of this machine.
pub fn with_paths(folder: &Path) -> Result<Vec<String>> {
    let folders = folders();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "wasm")
            && names_one(&std::fs::read(&path)?, &folders)
        {
            found.push(path.display().to_string());
        }
    }
    Ok(found)
}

fn names_one(bytes: &[u8], folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| {
        let path = folder.join("").into_os_string().into_encoded_bytes();
        bytes.windows(path.len()).any(|window| window == path)
    })
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
    fn a_folder_of_this_machine_is_found_in_a_module() {
        let folders = [PathBuf::from("/home/somebody/checkout")];
        assert!(names_one(
            b"\0asm/home/somebody/checkout/src/main.rs",
            &folders
        ));
        for other in ["/home/somebody/checkouts/src", "src/main.rs", ""] {
            assert!(!names_one(other.as_bytes(), &folders), "{other}");
        }
        assert!(self::folders().iter().all(|folder| folder.is_absolute()));
    }

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
