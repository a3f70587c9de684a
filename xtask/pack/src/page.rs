//! The built page as Trunk left it: its module's file, and what index.html says of it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};

/// The page's WebAssembly, which wasm-bindgen names `…_bg.wasm`.
pub fn module(folder: &Path) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with("_bg.wasm") {
            found.push(path);
        }
    }
    ensure!(
        found.len() == 1,
        "the page has {} modules, not one",
        found.len()
    );
    found.pop().context("the page has no module")
}

/// Writes the two parts in place of `module`, with names that tell their content, and names them
/// in index.html.
pub fn replace(folder: &Path, module: &Path, first: &[u8], later: &[u8]) -> Result<()> {
    let index = folder.join("index.html");
    let html = std::fs::read_to_string(&index).context("index.html")?;
    let old = module.file_name().and_then(|name| name.to_str());
    let old = old.context("the module's name is not UTF-8")?;
    let stem = old.split('-').next().unwrap_or(old);
    let first_name = format!("{stem}-{:016x}_bg.wasm", digest(first));
    let later_name = format!("{stem}-{:016x}_later.wasm", digest(later));
    std::fs::write(folder.join(&first_name), first)?;
    std::fs::write(folder.join(&later_name), later)?;
    std::fs::write(&index, link(&html, old, &first_name, &later_name)?)?;
    Ok(())
}

/// Names the new files where index.html names the old one. Trunk's hash of the old file goes;
/// browsers do not check it on a preload of WebAssembly anyway.
fn link(html: &str, old: &str, first: &str, later: &str) -> Result<String> {
    let at = html
        .find(old)
        .context("index.html does not name the module")?;
    let open = html[..at]
        .rfind("<link")
        .context("the module is not named by a link")?;
    let close = at + html[at..].find('>').context("the link has no end")? + 1;
    let tag = &html[open..close];
    let (before, rest) = tag.split_once("integrity=\"").unwrap_or((tag, "\""));
    let (_, after) = rest.split_once('"').unwrap_or_default();
    let tag = format!("{}{after}", before.trim_end()).replace(old, first);
    let href = html[..at]
        .rfind('"')
        .map_or("", |quote| &html[quote + 1..at]);
    Ok(format!(
        "{}{tag}<link rel=\"later\" href=\"{href}{later}\">{}",
        &html[..open],
        &html[close..]
    ))
}

fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_name_the_new_files() {
        let tag = r#"<link rel="preload" href="/sub/app-1_bg.wasm" crossorigin="anonymous" integrity="sha384-x" as="fetch">"#;
        let html = format!("<head><link rel=\"x\" integrity=\"y\">{tag}</head>");
        assert_eq!(
            link(&html, "app-1_bg.wasm", "app-2_bg.wasm", "app-3_later.wasm").unwrap(),
            "<head><link rel=\"x\" integrity=\"y\">\
             <link rel=\"preload\" href=\"/sub/app-2_bg.wasm\" crossorigin=\"anonymous\" as=\"fetch\">\
             <link rel=\"later\" href=\"/sub/app-3_later.wasm\"></head>"
        );
        let bare = "<link href=\"a_bg.wasm\">";
        assert_eq!(
            link(bare, "a_bg.wasm", "b", "c").unwrap(),
            "<link href=\"b\"><link rel=\"later\" href=\"c\">"
        );
        assert!(link("<head></head>", "a", "b", "c").is_err());
    }
}
