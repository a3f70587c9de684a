//! What the tests with a browser share: the browser, its driver, the proxy, and small servers.

pub mod chrome;
pub mod servers;
pub mod webdriver;

use std::path::{Path, PathBuf};

/// A folder or file below the checkout's `target`.
fn target(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target")
        .join(name)
}
