//! Setting up what the tasks need. Everything is tried before it is installed, so that a machine
//! that has it all loses about a second here.

mod apt;
mod axe;
mod browser;
mod go;
mod node;
mod postgres;
mod python;
mod redis;
mod target;
mod tools;

pub use axe::ensure as axe;
pub use browser::{ensure as browser, Browser};
pub use go::ensure as go;
pub use node::ensure as node;
pub use postgres::ensure as postgres;
pub use python::ensure as python;
pub use redis::ensure as redis;
pub use target::ensure as target;
pub use tools::ensure as tools;

use crate::args;
use anyhow::{anyhow, Result};

/// `cargo xtask setup`.
pub fn main(words: &[String]) -> Result<()> {
    let mut tests = false;
    args::switches(words, |name| {
        tests |= name == "tests";
        name == "tests"
    })?;
    prepare(tests, || Ok(()))?;
    crate::ui::say("setup", "everything is in place");
    Ok(())
}

/// Sets up what the page is built with; see [`prepare`] for `early`.
pub fn for_page(early: impl FnOnce() -> Result<()> + Send) -> Result<()> {
    prepare(false, early)
}

/// Sets up what the page is built with, and what the tests need. `early` runs as soon as the wasm
/// target is there and while the tools still compile: on two cores the longest compilations have a
/// serial end each, which the other one fills.
fn prepare(tests: bool, early: impl FnOnce() -> Result<()> + Send) -> Result<()> {
    std::thread::scope(|scope| {
        let tools = scope.spawn(tools);
        let python = tests.then(|| scope.spawn(python));
        let axe = tests.then(|| scope.spawn(axe));
        let node = tests.then(|| scope.spawn(node));
        // The target, the browser, Redis and PostgreSQL may need apt, which does one thing at a time.
        let here = || -> Result<()> {
            target()?;
            early()?;
            if tests {
                redis()?;
                postgres()?;
                go()?;
                browser()?;
            }
            Ok(())
        };
        let here = here();
        let tools = joined(tools);
        let python = python.map(joined).transpose();
        let axe = axe.map(joined).transpose();
        let node = node.map(joined).transpose();
        both(both(both(both(here, tools), python), axe), node).map(drop)
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
