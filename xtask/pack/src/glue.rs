//! Short names between the WebAssembly and its JavaScript glue.
//!
//! wasm-bindgen names each import and many exports with a hash, which cannot be compressed and
//! stands in both files. Nothing else knows these names, so each gets a number instead.

use anyhow::{ensure, Result};
use walrus::{ImportKind, Module};

/// Shorter names gain nothing.
const LONG: usize = 12;

/// Gives the functions that `wasm` imports, and what it exports under a name with a hash, short
/// names, in `glue` as well. Comments and indentation of the glue go.
pub fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut module = Module::from_buffer(wasm)?;
    let mut names: Vec<(String, String)> = Vec::new();
    let mut short = |old: &mut String, kind: char| -> Result<()> {
        let new = format!("{kind}{}", names.len());
        ensure!(word(glue, old) > 0, "the glue does not know {old}");
        ensure!(word(glue, &new) == 0, "the glue has a {new} already");
        names.push((std::mem::replace(old, new.clone()), new));
        Ok(())
    };
    for import in module.imports.iter_mut() {
        if matches!(import.kind, ImportKind::Function(_)) && import.name.len() >= LONG {
            short(&mut import.name, 'i')?;
        }
    }
    for export in module.exports.iter_mut() {
        let hashed = export.name.contains("17h") || export.name.contains("__h");
        if hashed && export.name.len() >= LONG {
            short(&mut export.name, 'e')?;
        }
    }
    Ok((module.emit_wasm(), rename(&strip(glue), &names)))
}

/// A script without its indentation and its lines of comment. What wasm-bindgen writes has no
/// string or template of several lines, and neither has static/start.js.
pub fn strip(glue: &str) -> String {
    let lines = glue.lines().map(str::trim);
    let kept = lines.filter(|line| {
        let comment = ["//", "/*", "*"]
            .iter()
            .any(|start| line.starts_with(start));
        !line.is_empty() && !comment
    });
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// The text with each of the `names`, wherever it stands as a whole word, replaced by the other.
fn rename(text: &str, names: &[(String, String)]) -> String {
    let names: std::collections::HashMap<&str, &str> = names
        .iter()
        .map(|(old, new)| (old.as_str(), new.as_str()))
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(|c| !part_of_name(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(word);
        out.push_str(names.get(name).unwrap_or(&name));
        let other = after.find(part_of_name).unwrap_or(after.len());
        out.push_str(&after[..other]);
        rest = &after[other..];
    }
    out
}

/// How often `name` stands in the text as a whole word.
fn word(text: &str, name: &str) -> usize {
    text.split(|c| !part_of_name(c))
        .filter(|word| *word == name)
        .count()
}

fn part_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_as_whole_words() {
        let names = [("__wbg_a_1".to_string(), "i0".to_string())];
        assert_eq!(
            rename("x.__wbg_a_1(__wbg_a_12, '__wbg_a_1')", &names),
            "x.i0(__wbg_a_12, 'i0')"
        );
        assert_eq!(rename("", &names), "");
    }

    #[test]
    fn comments_and_indentation_go() {
        let glue = "/**\n * @returns {x}\n */\nlet a = 1; // b\n\n    // c\n    a *= 2;\n";
        assert_eq!(strip(glue), "let a = 1; // b\na *= 2;\n");
    }

    #[test]
    fn imports_and_exports_agree_with_the_glue() {
        let wat = r#"(module
            (import "./x_bg.js" "__wbg_log_0123456789abcdef" (func $log (param i32)))
            (import "./x_bg.js" "short" (func))
            (func (export "_ZN6invoke17h0123456789abcdefE") i32.const 7 call $log)
            (func (export "main")))"#;
        let wasm = wat::parse_str(wat).unwrap();
        let glue = "__wbg_log_0123456789abcdef: f,\nwasm._ZN6invoke17h0123456789abcdefE()";
        let (wasm, glue) = shorten(&wasm, glue).unwrap();
        assert_eq!(glue, "i0: f,\nwasm.e1()\n");
        let module = Module::from_buffer(&wasm).unwrap();
        let imports: Vec<_> = module.imports.iter().map(|i| i.name.clone()).collect();
        let exports: Vec<_> = module.exports.iter().map(|e| e.name.clone()).collect();
        assert_eq!(imports, ["i0", "short"]);
        assert_eq!(exports, ["e1", "main"]);
    }

    #[test]
    fn a_name_that_the_glue_does_not_know_is_refused() {
        let wat = r#"(module (import "x" "__wbg_log_0123456789abcdef" (func)))"#;
        let wasm = wat::parse_str(wat).unwrap();
        assert!(shorten(&wasm, "nothing").is_err());
    }
}
