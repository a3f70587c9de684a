//! A Chromium and its driver for the browser tests.

use super::apt;
use crate::lock::{major, printed_version};
use crate::run::{command, output};
use crate::ui::say;
use anyhow::{bail, Result};
use std::path::{Path, PathBuf};

const STEP: &str = "browser";

/// Where the browser and its driver are.
pub struct Browser {
    /// The browser's binary.
    pub chrome: PathBuf,
    /// The WebDriver server's binary.
    pub driver: PathBuf,
}

/// Finds a browser and a driver of the same version, or installs Debian's.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = find() {
        say(STEP, "present");
        return Ok(browser);
    }
    if !apt::usable() {
        bail!(
            "the browser tests need Chromium or Chrome and a chromedriver of the same version: put \
             both on PATH, or name them in the variables CHROME and CHROMEDRIVER"
        );
    }
    apt::install(STEP, &["chromium", "chromium-driver"])?;
    match find() {
        Some(browser) => Ok(browser),
        None => {
            bail!("chromium and chromium-driver are installed, but do not run or differ in version")
        }
    }
}

fn find() -> Option<Browser> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
    let chrome = named("CHROME").or_else(|| {
        [
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ]
        .iter()
        .find_map(|name| on_path(name))
    })?;
    let driver = named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    let same = version(&chrome)? == version(&driver)?;
    same.then_some(Browser { chrome, driver })
}

fn version(binary: &Path) -> Option<u32> {
    let printed = output(command(binary).arg("--version"))?;
    printed_version(&printed).and_then(major)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}
