//! Setting up what the tasks need. Everything is tried before it is installed, so that a machine
//! that has it all loses about a second here.

mod apt;
mod axe;
mod browser;
mod python;
mod redis;
mod target;
mod tools;

pub use browser::Browser;

use crate::args::Args;
use anyhow::{anyhow, Result};
use std::path::PathBuf;

/// What a task needs.
#[derive(Clone, Copy, Default)]
pub struct Needs {
    /// The wasm target, to check the page's code.
    pub target: bool,
    /// The tools that build the page, which need the target as well.
    pub page: bool,
    /// Chromium, its driver and axe-core.
    pub browser: bool,
    /// A Python that has the vendors' SDKs and Schemathesis.
    pub python: bool,
    /// A Redis server, where it can be had.
    pub redis: bool,
}

/// What was found or installed outside of PATH's usual names.
#[derive(Default)]
pub struct Found {
    /// Chromium and its driver, when they were needed.
    pub browser: Option<Browser>,
    /// axe-core's file, when the browser was needed.
    pub axe: Option<PathBuf>,
    /// The Python with the vendors' SDKs and Schemathesis, when it was needed.
    pub python: Option<PathBuf>,
}

/// `cargo xtask setup`.
pub fn main(words: &[String]) -> Result<()> {
    let mut args = Args::new(words);
    let tests = args.flag("--tests");
    args.done()?;
    let needs = Needs {
        page: true,
        browser: tests,
        python: tests,
        redis: tests,
        ..Needs::default()
    };
    prepare(needs, || Ok(()))?;
    crate::ui::say("setup", "everything is in place");
    Ok(())
}

/// Sets up what the page is built with; see [`prepare`] for `early`.
pub fn for_page(early: impl FnOnce() -> Result<()> + Send) -> Result<()> {
    let needs = Needs {
        page: true,
        ..Needs::default()
    };
    prepare(needs, early).map(|_| ())
}

/// Sets up what is needed. `early` runs as soon as the wasm target is there and while the tools
/// still compile: on two cores the longest compilations have a serial end each, which the other
/// one fills.
pub fn prepare(needs: Needs, early: impl FnOnce() -> Result<()> + Send) -> Result<Found> {
    std::thread::scope(|scope| {
        let tools = needs.page.then(|| scope.spawn(tools::ensure));
        let python = needs.python.then(|| scope.spawn(python::ensure));
        let axe = needs.browser.then(|| scope.spawn(axe::ensure));
        // The target, the browser and Redis may need apt, which does one thing at a time.
        let here = || -> Result<Option<Browser>> {
            if needs.target || needs.page {
                target::ensure()?;
            }
            early()?;
            if needs.redis {
                redis::ensure()?;
            }
            needs.browser.then(browser::ensure).transpose()
        };
        let here = here();
        let tools = tools.map_or(Ok(()), joined);
        let python = python.map(joined).transpose();
        let axe = axe.map(joined).transpose();
        let (((browser, ()), python), axe) = both(both(both(here, tools), python), axe)?;
        Ok(Found {
            browser,
            axe,
            python,
        })
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
