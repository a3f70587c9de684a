//! What the tests with a browser share: the browser, its driver, the
//! proxy, small servers, and input for the operations.

pub mod chrome;
pub mod inputs;
pub mod servers;
pub mod webdriver;

use std::path::{Path, PathBuf};

/// A folder or file below the checkout's `target`, without `..`, in which a browser keeps no profile.
pub fn target(name: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).expect("it is in tests/support");
    root.join("target").join(name)
}
