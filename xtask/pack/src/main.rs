//! The last step of `trunk build --release`, called by Trunk's hook through `cargo xtask pack`, and
//! of `cargo xtask embed`: divides the WebAssembly, optimises both parts, and compresses every file.
//!
//! `tieline-pack LINKED FOLDER`: the module as the linker made it, with its relocations, and the
//! folder of the page or of the package, which is changed in place. `tieline-pack FOLDER` only
//! compresses.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, ensure, Context, Result};
use tieline_pack::{compress, glue, page::Page, reach, split};

/// The console's own functions, and the modules whose functions lead to what is loaded lazily; see
/// `src/platform/lazy.rs`.
const OWN: &str = "tieline::";
const ENTRY_POINTS: &str = "::entry_points::";

/// What of WebAssembly's later features rustc's modules use.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// What makes a module smaller once it is compressed. `-Oz` makes it a fifth smaller before, but
/// what brotli gives then is 2 % larger: shared locals and moved expressions repeat less.
const PASSES: [&str; 16] = [
    "--dce",
    "--vacuum",
    "--remove-unused-module-elements",
    "--duplicate-function-elimination",
    "--dae",
    "--optimize-instructions",
    "--remove-unused-brs",
    "--remove-unused-names",
    "--merge-blocks",
    "--precompute",
    "--vacuum",
    // Once more, since what the others leave is another module.
    "--optimize-instructions",
    "--precompute-propagate",
    "--reorder-locals",
    "--duplicate-function-elimination",
    "--vacuum",
];

fn main() -> Result<()> {
    let words: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let folder = match words.as_slice() {
        [folder] => folder,
        [linked, folder] => {
            divide(linked, folder)?;
            folder
        }
        _ => bail!("usage: tieline-pack [LINKED] FOLDER"),
    };
    compress::folder(folder)
}

/// Whether this is the name of a function that leads to the second file. What the compiler makes for
/// one, such as a closure inside, is none.
fn is_entry_point(name: &str) -> bool {
    let inside = name
        .strip_prefix(OWN)
        .and_then(|path| path.split_once(ENTRY_POINTS));
    inside.is_some_and(|(_, function)| !function.contains("::"))
}

fn divide(linked: &Path, folder: &Path) -> Result<()> {
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let page = Page::read(folder)?;
    let later = reach::later(&read(linked)?, is_entry_point)
        .with_context(|| linked.display().to_string())?;
    ensure!(
        !later.entry_points.is_empty(),
        "the module has no function in {ENTRY_POINTS}"
    );
    let (wasm, glue) = glue::shorten(&page.module()?, &page.glue()?)?;
    let parts = split::split(&wasm, &later)?;
    let first = optimise(&parts.first, folder)?;
    let later = optimise(&parts.later, folder)?;
    page.replace(&first, &later, glue.as_bytes())
}

/// Makes a module small, by way of files in `folder`.
fn optimise(wasm: &[u8], folder: &Path) -> Result<Vec<u8>> {
    let (before, after) = (folder.join("before.wasm"), folder.join("after.wasm"));
    std::fs::write(&before, wasm)?;
    // PACK_NAMES keeps the functions' names, to see what takes the room.
    let names = std::env::var_os("PACK_NAMES").map(|_| "--debuginfo");
    let status = Command::new("wasm-opt")
        .args(names)
        .args(PASSES)
        .args(FEATURES)
        .arg(&before)
        .arg("-o")
        .arg(&after)
        .status()
        .context("cannot run wasm-opt; `cargo xtask setup` installs it")?;
    ensure!(status.success(), "wasm-opt failed: {status}");
    let small = std::fs::read(&after)?;
    std::fs::remove_file(&before)?;
    std::fs::remove_file(&after)?;
    Ok(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_function_of_such_a_module_is_an_entry_point() {
        assert!(is_entry_point(
            "tieline::shell::chunks::entry_points::history"
        ));
        for other in [
            "tieline::shell::chunks::history",
            "tieline::shell::chunks::entry_points::history::{{closure}}",
            "core::ptr::drop_in_place<tieline::shell::chunks::entry_points::history>",
            "other::entry_points::history",
        ] {
            assert!(!is_entry_point(other), "{other}");
        }
    }
}
