//! The wasm32-unknown-unknown target: rustup's where it can be downloaded, or else built from the
//! standard library's source that Debian packages beside its own recent compiler.

use super::apt;
use crate::lock::{major, printed_version};
use crate::run::{command, output, quietly};
use crate::ui::say;
use anyhow::{bail, Context, Result};
use std::path::Path;
use std::process::Command;

const STEP: &str = "wasm target";
const TARGET: &str = "wasm32-unknown-unknown";

/// The name under which rustup knows Debian's compiler.
const TOOLCHAIN: &str = "tieline-wasm";

/// The compiler, cargo, clippy, rustfmt and the standard library's source, all of one version.
const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    "rustfmt-web",
];

/// The oldest compiler that the workspace accepts (`rust-version` in Cargo.toml).
const MINOR_VERSION: u32 = 90;

/// Makes sure that plain `cargo build --target wasm32-unknown-unknown` works in the checkout.
pub fn ensure() -> Result<()> {
    if compiles(&mut command("rustc")) {
        say(STEP, "present");
        return Ok(());
    }
    if output(command("rustup").arg("--version")).is_none() {
        bail!(
            "this Rust cannot compile for {TARGET} and rustup is not installed: install that \
             target with your package manager, or Rust from https://rustup.rs"
        );
    }
    if !linked() {
        say(STEP, &format!("rustup target add {TARGET}"));
        let added = quietly(
            STEP,
            command("rustup")
                .args(["target", "add", TARGET])
                .env("RUST_BACKTRACE", "0"),
        );
        if added.is_ok() && compiles(&mut command("rustc")) {
            say(STEP, "installed");
            return Ok(());
        }
        say(
            STEP,
            "rustup could not download it, so it is built from source with Debian's compiler",
        );
        install_debian_rust()?;
    }
    let root = crate::paths::root();
    quietly(
        STEP,
        command("rustup")
            .args(["override", "set", TOOLCHAIN, "--path"])
            .arg(&root),
    )?;
    say(
        STEP,
        &format!("cargo in this folder now uses the toolchain `{TOOLCHAIN}` (undo with `rustup override unset`)"),
    );
    if !compiles(&mut command("rustc")) {
        bail!("the toolchain `{TOOLCHAIN}` is set up, yet it still does not compile for {TARGET}");
    }
    Ok(())
}

/// Whether the toolchain was made by an earlier run and still works.
fn linked() -> bool {
    compiles(command("rustc").arg(format!("+{TOOLCHAIN}")))
}

/// Whether a compiler builds and links a small program for the target: std and linker are tried,
/// not guessed at.
fn compiles(rustc: &mut Command) -> bool {
    let dir = crate::paths::target_dir().join("xtask-probe");
    let source = dir.join("probe.rs");
    let ready = std::fs::create_dir_all(&dir)
        .and_then(|()| std::fs::write(&source, "fn main() { println!(\"{}\", 1); }\n"));
    ready.is_ok()
        && output(
            rustc
                .args(["--target", TARGET, "--out-dir"])
                .arg(&dir)
                .arg(&source),
        )
        .is_some()
}

fn install_debian_rust() -> Result<()> {
    if !apt::usable() {
        bail!(
            "{TARGET} is missing and could not be installed: let `rustup target add {TARGET}` \
             reach its server, or run this on Debian as root or with a sudo that asks for no password"
        );
    }
    apt::update(STEP)?;
    let offered = apt::candidate(PACKAGES[0]);
    let minor = offered
        .as_deref()
        .and_then(|version| major(version.strip_prefix("1.")?));
    if minor.is_none_or(|minor| minor < MINOR_VERSION) {
        bail!(
            "{TARGET} could not be downloaded, and Debian offers {} instead of a {} of 1.{MINOR_VERSION} or later",
            offered.as_deref().unwrap_or("none"),
            PACKAGES[0],
        );
    }
    apt::install(STEP, &PACKAGES)?;
    let about =
        output(command("/usr/bin/rustc").arg("-vV")).context("Debian's rustc does not run")?;
    let (llvm, host) = llvm_and_host(&about).context("Debian's rustc does not name its LLVM")?;
    let lld = format!("lld-{llvm}");
    apt::install(STEP, &[&lld])?;
    quietly(
        STEP,
        command("rustup").args(["toolchain", "link", TOOLCHAIN, "/usr"]),
    )?;
    let rustlib = Path::new("/usr/lib/rustlib");
    install_linker(&rustlib.join(host).join("bin"), &format!("/usr/bin/{lld}"))?;
    build_std(&rustlib.join(TARGET).join("lib"))
}

/// rustc looks for its wasm linker by this name, in this folder.
fn install_linker(bin: &Path, lld: &str) -> Result<()> {
    quietly(STEP, root("mkdir")?.arg("-p").arg(bin))?;
    quietly(
        STEP,
        root("ln")?.args(["-sf", lld]).arg(bin.join("rust-lld")),
    )
}

/// Compiles the standard library as the dependency of an empty crate and installs it.
fn build_std(sysroot_lib: &Path) -> Result<()> {
    say(
        STEP,
        "compiling Rust's standard library for it (about a minute)",
    );
    let dir = crate::paths::target_dir().join("xtask-std");
    let target_dir = dir.join("target");
    std::fs::create_dir_all(dir.join("src"))?;
    std::fs::write(dir.join("src/lib.rs"), "#![no_std]\n")?;
    std::fs::write(
        dir.join("Cargo.toml"),
        "[package]\nname = \"tieline-std\"\nedition = \"2021\"\n\n[workspace]\n",
    )?;
    quietly(
        STEP,
        command("/usr/bin/cargo")
            .current_dir(&dir)
            .args(["build", "--release", "--target", TARGET])
            .arg("-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro")
            // The compiler is a released one, which takes -Z options in this way only.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", "/usr/bin/rustc")
            // Without bitcode a later build with `lto = true` could not include it.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env("CARGO_TARGET_DIR", &target_dir),
    )?;
    let built = target_dir.join(TARGET).join("release/deps");
    let mut libraries = Vec::new();
    for entry in std::fs::read_dir(&built)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".rlib") && !name.starts_with("libtieline_std") {
            libraries.push(path);
        }
    }
    // Libraries of an earlier compiler version would be found twice, so they go first.
    quietly(STEP, root("rm")?.arg("-rf").arg(sysroot_lib))?;
    quietly(STEP, root("mkdir")?.arg("-p").arg(sysroot_lib))?;
    quietly(STEP, root("cp")?.args(&libraries).arg(sysroot_lib))?;
    std::fs::remove_dir_all(&dir).ok();
    Ok(())
}

fn root(program: &str) -> Result<Command> {
    apt::as_root(program).context("root rights are gone")
}

/// LLVM's major version and the host's name, from `rustc -vV`.
fn llvm_and_host(about: &str) -> Option<(u32, &str)> {
    let value = |key: &str| about.lines().find_map(|line| line.strip_prefix(key));
    let llvm = major(printed_version(value("LLVM version: ")?)?)?;
    Some((llvm, value("host: ")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn llvm_and_host_are_read() {
        let about =
            "rustc 1.96.0\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.8\n";
        assert_eq!(llvm_and_host(about), Some((22, "x86_64-unknown-linux-gnu")));
        assert_eq!(llvm_and_host("rustc 1.96.0"), None);
    }
}
