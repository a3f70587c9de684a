//! Trunk, the wasm-bindgen CLI and wasm-opt. All of them end up where a fresh shell finds them, so
//! that plain `trunk serve` and `trunk build --release` work as well, and download nothing.

use crate::lock::{locked_version, printed_version};
use crate::run::{command, interrupted, output, quietly};
use crate::ui::say;
use anyhow::{Context, Result};

/// The Trunk that Trunk.toml is written for; later ones need a later compiler.
const TRUNK: &str = "0.21.14";

/// The wasm-opt that sizes were measured with, as the npm package `binaryen` has it.
const BINARYEN: &str = "132.0.0";

/// The oldest wasm-opt that knows what today's rustc emits.
const OLDEST_WASM_OPT: u32 = 116;

/// Installs what is missing.
pub fn ensure() -> Result<()> {
    wasm_opt();
    // Without TLS Trunk compiles a quarter faster; it serves this machine and downloads nothing.
    crate_binary("trunk", "trunk", TRUNK, &["--no-default-features"])?;
    let lock = std::fs::read_to_string(crate::paths::root().join("Cargo.lock"))
        .context("cannot read Cargo.lock")?;
    // Trunk insists on the version that the page is compiled with.
    let version =
        locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    crate_binary("wasm-bindgen", "wasm-bindgen-cli", version, &[])
}

/// Installs the binary of a crate unless the right version runs already.
fn crate_binary(binary: &str, package: &str, version: &str, options: &[&str]) -> Result<()> {
    let step = format!("{package} {version}");
    if installed(binary).as_deref() == Some(version) {
        say(&step, "present");
        return Ok(());
    }
    if output(command("cargo").args(["binstall", "-V"])).is_some() {
        say(&step, "cargo binstall");
        let spec = format!("{package}@{version}");
        let done = quietly(
            &step,
            command("cargo").args(["binstall", "--no-confirm", &spec]),
        );
        if done.is_ok() && installed(binary).as_deref() == Some(version) {
            return Ok(());
        }
    }
    say(
        &step,
        "compiling and installing it for your user (1 to 3 minutes on 2 cores)",
    );
    let install = |locked: bool| {
        let mut cargo = command("cargo");
        cargo.args(["install", package, "--version", version, "--force"]);
        cargo.args(options).args(locked.then_some("--locked"));
        // These run for seconds, so they are compiled for a quick compilation: a third of the time.
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        // Outside of the workspace, whose settings are not meant for it.
        cargo.current_dir(std::env::temp_dir());
        quietly(&step, &mut cargo)
    };
    if let Err(error) = install(true) {
        if interrupted() {
            return Err(error);
        }
        // A registry mirror can lag behind the crate's lock file; other versions will do.
        say(&step, "trying once more without its lock file");
        install(false)?;
    }
    match installed(binary) {
        Some(found) if found == version => {
            say(&step, "installed");
            Ok(())
        }
        Some(found) => anyhow::bail!(
            "{package} {version} is installed, but PATH finds {binary} {found} first: put cargo's bin folder before it"
        ),
        None => anyhow::bail!(
            "{package} {version} is installed, but PATH has no {binary}: add cargo's bin folder to PATH"
        ),
    }
}

fn installed(binary: &str) -> Option<String> {
    let printed = output(command(binary).arg("--version"))?;
    printed_version(&printed).map(String::from)
}

/// Installs wasm-opt if npm is there. Without it no release page can be built.
fn wasm_opt() {
    let step = "wasm-opt";
    let recent = |version: &str| {
        version
            .parse()
            .is_ok_and(|number: u32| number >= OLDEST_WASM_OPT)
    };
    if installed("wasm-opt").is_some_and(|version| recent(&version)) {
        return say(step, "present");
    }
    if output(command("npm").arg("--version")).is_none() {
        return say(
            step,
            "npm is not installed, so release pages cannot be built until wasm-opt is on PATH",
        );
    }
    let package = format!("binaryen@{BINARYEN}");
    say(step, &format!("npm install --global {package}"));
    let quiet = ["--no-audit", "--no-fund"];
    let global = |npm: &mut std::process::Command| {
        quietly(
            step,
            npm.args(["install", "--global", &package]).args(quiet),
        )
    };
    let done = global(&mut command("npm")).or_else(|error| match super::apt::as_root("npm") {
        // npm's global folder often belongs to root.
        Some(mut npm) => global(&mut npm),
        None => Err(error),
    });
    match done {
        Ok(()) if installed("wasm-opt").is_some() => say(step, "installed"),
        Ok(()) => say(
            step,
            "installed, but PATH does not find it: add npm's global bin folder to PATH",
        ),
        Err(error) => say(
            step,
            &format!("not installed, so release pages cannot be built: {error:#}"),
        ),
    }
}
