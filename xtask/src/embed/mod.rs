//! `cargo xtask embed`: the package for other pages, `dist/embed/`: custom elements, functions, and
//! the page for frames, with the WebAssembly built for them.
//!
//! It is put together below the target folder and then takes the place of the old one. Trunk
//! empties `dist/` when it builds the page; `cargo xtask pack` keeps the package there.

mod css;
mod docs;
pub mod install;
pub mod pages;

use crate::args;
use crate::page;
use crate::paths::package;
use crate::run::{command, loudly, quietly};
use crate::ui::say;
use anyhow::{bail, Context, Result};
use docs::SOURCES;
use std::fs;
use std::path::Path;

/// What only an element needs of styles.
const ELEMENT: &str = "static/element.css";
/// The name that wasm-bindgen gives its files, as tieline.js imports them.
const GLUE: &str = "tieline_glue";
/// A module that does nothing, for builds that are not divided.
const NOTHING: &[u8] = b"\0asm\x01\0\0\0";
/// What the elements load before they show anything. tests/embed looks that it is true.
pub const FIRST: [&str; 5] = [
    "tieline.js",
    "boundary.js",
    "tieline.css",
    "tieline_glue.js",
    "tieline_glue_bg.wasm",
];

/// How the task is run.
#[derive(Default)]
pub struct Options {
    /// Neither optimised nor divided.
    pub debug: bool,
    /// Going over the budget fails.
    pub strict: bool,
}

impl Options {
    /// Reads the task's command line.
    pub fn read(words: &[String]) -> Result<Options> {
        let mut options = Options::default();
        args::switches(words, |name| {
            match name {
                "debug" => options.debug = true,
                "strict" => options.strict = true,
                _ => return false,
            }
            true
        })?;
        Ok(options)
    }
}

/// Builds the package.
pub fn build(debug: bool) -> Result<()> {
    docs::write()?;
    let stage = crate::paths::target_dir().join("embed-stage");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    fs::create_dir_all(&stage)?;

    say("embed", "compiling");
    let profile = if debug { "dev" } else { "wasm-release" };
    let mut cargo = command("cargo");
    cargo.args(["build", "--package", "tieline", "--bin", "tieline"]);
    cargo.args(["--features", "embed", "--target", "wasm32-unknown-unknown"]);
    if !debug {
        page::remap_paths(&mut cargo);
    }
    loudly("embed", cargo.args(["--profile", profile]))?;
    let built = if debug { "debug" } else { profile };
    let linked = crate::paths::target_dir()
        .join("wasm32-unknown-unknown")
        .join(built)
        .join("tieline.wasm");
    let mut bindgen = command("wasm-bindgen");
    // xtask/pack compares the functions' names with the linker's.
    bindgen.args(["--target", "web", "--no-typescript", "--no-demangle"]);
    bindgen
        .args(["--out-name", GLUE, "--out-dir"])
        .arg(&stage)
        .arg(&linked);
    quietly("embed", &mut bindgen)?;

    let sources = crate::paths::root().join(SOURCES);
    for entry in fs::read_dir(&sources).context(SOURCES)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        fs::write(
            stage.join(name),
            prepared(&name.to_string_lossy(), &text, debug)?,
        )?;
    }
    let [first, later] = styles(&crate::paths::root())?;
    fs::write(stage.join("tieline.css"), first)?;
    fs::write(stage.join("tieline_later.css"), later)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(crate::paths::root().join(licence), stage.join(licence))?;
    }
    fs::copy(
        crate::paths::root().join(docs::PAGE),
        stage.join("README.md"),
    )?;

    if debug {
        fs::write(stage.join(format!("{GLUE}_later.wasm")), NOTHING)?;
    } else {
        say("embed", "dividing, optimising, compressing");
        page::pack("embed", &linked, &stage)?;
    }
    install::replace(&stage, &package())?;
    say("embed", &format!("{} is ready", package().display()));
    Ok(())
}

/// A source as the package has it.
fn prepared(name: &str, text: &str, debug: bool) -> Result<String> {
    match name {
        "package.json" => {
            let mark = "\"version\": \"workspace\"";
            if !text.contains(mark) {
                bail!("{SOURCES}/package.json has no {mark}");
            }
            let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
            Ok(text.replace(mark, &version))
        }
        script if script.ends_with(".js") && !debug => Ok(bare(text)),
        _ => Ok(text.to_string()),
    }
}

/// A script without its indentation and its lines of comment. The sources have no text of several
/// lines.
fn bare(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let kept = lines.filter(|line| {
        let comment = ["//", "/*", "* ", "*/"]
            .iter()
            .any(|start| line.starts_with(start));
        !line.is_empty() && !comment && *line != "*"
    });
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// The style sheets of index.html but for those of a page's own (`data-page`), and the element's: those that are needed at
/// first as one, and those of what is loaded later.
fn styles(root: &Path) -> Result<[String; 2]> {
    let index = fs::read_to_string(root.join("index.html")).context("index.html")?;
    let (mut first, mut later) = (String::new(), String::new());
    for tag in index.split("<link").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        if !tag.contains("rel=\"css\"") || tag.contains("data-page") {
            continue;
        }
        let href = tag
            .split("href=\"")
            .nth(1)
            .and_then(|t| t.split('"').next());
        let href = href.context("index.html has a style sheet without href")?;
        let to = match tag.contains("data-later") {
            true => &mut later,
            false => &mut first,
        };
        *to += &fs::read_to_string(root.join(href)).with_context(|| href.to_string())?;
    }
    if first.is_empty() {
        bail!("index.html names no style sheet");
    }
    first += &fs::read_to_string(root.join(ELEMENT)).context(ELEMENT)?;
    Ok([first, later].map(|css| css::floored(&css::contained(&css::small(&css)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_workspaces() {
        let text = prepared("package.json", "{ \"version\": \"workspace\" }", false).unwrap();
        assert_eq!(
            text,
            format!("{{ \"version\": \"{}\" }}", env!("CARGO_PKG_VERSION"))
        );
        assert!(prepared("package.json", "{}", false).is_err());
    }

    #[test]
    fn scripts_lose_comments_and_keep_the_rest() {
        let script = "// a\n/** b\n * c\n */\nlet a = 1; // d\n  a *= 2;\n";
        assert_eq!(bare(script), "let a = 1; // d\na *= 2;\n");
        assert_eq!(prepared("a.js", script, true).unwrap(), script);
    }

    /// What `bare` and `css::small` assume of the sources.
    #[test]
    fn no_script_has_a_text_of_several_lines() {
        let mut seen = 0;
        for entry in fs::read_dir(crate::paths::root().join(SOURCES)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "js") {
                continue;
            }
            seen += 1;
            for line in fs::read_to_string(&path).unwrap().lines() {
                let code = line.trim_start();
                let comment = ["//", "/*", "*"]
                    .iter()
                    .any(|start| code.starts_with(start));
                assert!(
                    comment || line.matches('`').count() % 2 == 0,
                    "{}: {line}",
                    path.display()
                );
            }
        }
        assert!(seen > 4, "{seen} scripts");
    }

    #[test]
    fn all_the_pages_styles_are_in_the_package() {
        let [first, later] = styles(&crate::paths::root()).unwrap();
        for part in ["--tieline-accent:", ".field", "@container tieline ("] {
            assert!(first.contains(part), "{part}");
        }
        assert!(later.contains(".history-table"));
        assert!(!first.contains(".brand"), "an element has no bar above");
        assert!(!first.contains("/*") && !later.contains("/*"));
    }
}
