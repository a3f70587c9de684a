//! Setting up what the tasks need. Everything is tried before it is installed, so that a machine
//! that has it all loses about a second here.

mod apt;
mod browser;
mod python;
mod target;
mod tools;

pub use browser::Browser;

use crate::args::Args;
use anyhow::{anyhow, Result};
use std::path::PathBuf;

/// What the tests need beside the tools for the page.
pub struct ForTests {
    /// Chromium and its driver.
    pub browser: Browser,
    /// A Python that has the vendors' SDKs.
    pub python: PathBuf,
}

/// `cargo xtask setup`.
pub fn main(words: &[String]) -> Result<()> {
    let mut args = Args::new(words);
    let tests = args.flag("--tests");
    args.done()?;
    if tests {
        for_tests()?;
    } else {
        for_page(|| Ok(()))?;
    }
    crate::ui::say("setup", "everything is in place");
    Ok(())
}

/// Sets up the wasm target, Trunk, wasm-bindgen and wasm-opt. `early` runs as soon as the target
/// is there and while the tools still compile: on two cores the longest compilations have a
/// serial end each, which the other one fills.
pub fn for_page(early: impl FnOnce() -> Result<()> + Send) -> Result<()> {
    std::thread::scope(|scope| {
        let tools = scope.spawn(tools::ensure);
        let rest = target::ensure().and_then(|()| early());
        both(rest, joined(tools)).map(|_| ())
    })
}

/// Sets up the tools for the page, a browser with its driver, and the vendors' SDKs.
pub fn for_tests() -> Result<ForTests> {
    std::thread::scope(|scope| {
        let tools = scope.spawn(tools::ensure);
        let python = scope.spawn(python::ensure);
        // The target and the browser may both need apt, which does one thing at a time.
        let browser = target::ensure().and_then(|()| browser::ensure());
        let (browser, _) = both(browser, joined(tools))?;
        let python = joined(python)?;
        Ok(ForTests { browser, python })
    })
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread
        .join()
        .unwrap_or_else(|_| Err(anyhow!("a step of the setup panicked")))
}

/// Both results, or the errors of both.
fn both<A, B>(a: Result<A>, b: Result<B>) -> Result<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(anyhow!("{a:#}\nerror: {b:#}")),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}
