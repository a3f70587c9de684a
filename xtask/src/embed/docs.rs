//! The reference in docs/embedding.md, from the package's `.d.ts` files.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Where the package's own files are.
pub const SOURCES: &str = "static/embed";
/// The page that has the reference.
pub const PAGE: &str = "docs/embedding.md";
/// The files it is made from, and what each is imported as.
const TYPES: [(&str, &str); 3] = [
    ("tieline.d.ts", "tieline-console"),
    ("frame-host.d.ts", "tieline-console/frame-host.js"),
    (
        "history-store-contract.d.ts",
        "tieline-console/history-store-contract.js",
    ),
];
const BEGIN: &str = "<!-- From the .d.ts files; `cargo xtask embed` writes it. -->\n";
const END: &str = "<!-- The end of what is written by `cargo xtask embed`. -->\n";

/// Writes the reference into the page, if it is not there already.
pub fn write() -> Result<()> {
    let root = crate::paths::root();
    let new = page(&root)?;
    if new != fs::read_to_string(root.join(PAGE))? {
        fs::write(root.join(PAGE), new)?;
    }
    Ok(())
}

/// The page as it is to be.
fn page(root: &Path) -> Result<String> {
    let page = fs::read_to_string(root.join(PAGE)).context(PAGE)?;
    let (before, rest) = page
        .split_once(BEGIN)
        .with_context(|| format!("{PAGE} has no line {BEGIN}"))?;
    let (_, after) = rest
        .split_once(END)
        .with_context(|| format!("{PAGE} has no line {END}"))?;
    let mut reference = String::new();
    for (file, module) in TYPES {
        let path = root.join(SOURCES).join(file);
        let types = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        reference += &format!("\n### From `{module}`\n");
        for declaration in declarations(&types) {
            reference += &declaration.described();
        }
    }
    Ok(format!("{before}{BEGIN}{reference}\n{END}{after}"))
}

/// Something that a file exports, with what is said of it.
struct Declaration {
    about: String,
    /// Its lines, without `export` and `declare`.
    lines: Vec<String>,
}

/// What a file exports, in order. A declaration without a comment belongs to no reference.
fn declarations(types: &str) -> Vec<Declaration> {
    let mut found = Vec::new();
    let mut about = String::new();
    let mut lines = types.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("/**") {
            about = comment(line, &mut lines);
            continue;
        }
        let Some(first) = line.strip_prefix("export ") else {
            about.clear();
            continue;
        };
        let mut whole = vec![first.to_string()];
        while depth(&whole) > 0 || !line_ends(&whole) {
            match lines.next() {
                Some(line) => whole.push(line.to_string()),
                None => break,
            }
        }
        if !about.is_empty() {
            let about = std::mem::take(&mut about);
            found.push(Declaration {
                about,
                lines: whole,
            });
        }
    }
    found
}

/// The text of a comment that begins in `line`.
fn comment<'a>(line: &str, lines: &mut impl Iterator<Item = &'a str>) -> String {
    let mut text = Vec::new();
    let mut line = line.trim().trim_start_matches("/**");
    loop {
        let ends = line.trim_end().ends_with("*/");
        let words = line.trim().trim_end_matches("*/").trim();
        text.push(words.strip_prefix('*').unwrap_or(words).trim().to_string());
        if ends {
            break;
        }
        match lines.next() {
            Some(next) => line = next,
            None => break,
        }
    }
    text.retain(|line| !line.is_empty());
    text.join(" ")
}

/// How many brackets are open after these lines.
fn depth(lines: &[String]) -> i32 {
    let code = lines.iter().filter(|line| !is_comment(line));
    let step = |c| match c {
        '{' | '(' | '[' => 1,
        '}' | ')' | ']' => -1,
        _ => 0,
    };
    code.flat_map(|line| line.chars()).map(step).sum()
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("/*") || line.starts_with('*')
}

impl Declaration {
    fn described(&self) -> String {
        let head = self.lines[0].trim_end_matches(['{', ' ']);
        let members = self.members();
        if !head.starts_with("interface") || members.is_empty() {
            let code = self.lines.join("\n");
            let title = head.split(['(', '=', ':', '{']).next().unwrap_or(head);
            return format!(
                "\n#### `{}`\n\n{}\n\n```ts\n{code}\n```\n",
                title.trim(),
                self.about
            );
        }
        let rows = members.iter().map(|(member, about)| {
            let member = member.replace('|', "\\|");
            format!("| `{member}` | {} |\n", about.replace('|', "\\|"))
        });
        format!(
            "\n#### `{head}`\n\n{}\n\n| member | |\n| --- | --- |\n{}",
            self.about,
            rows.collect::<String>()
        )
    }

    /// The members that have a comment, each on one line.
    fn members(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut about = String::new();
        let mut lines = self.lines.iter().skip(1).map(String::as_str);
        while let Some(line) = lines.next() {
            if line.trim_start().starts_with("/**") {
                about = comment(line, &mut lines);
                continue;
            }
            let mut whole = vec![line.to_string()];
            while depth(&whole) > 0 || !line_ends(&whole) {
                match lines.next() {
                    Some(line) => whole.push(line.to_string()),
                    None => break,
                }
            }
            if !about.is_empty() {
                let text: Vec<&str> = whole.iter().map(|line| line.trim()).collect();
                let text = text.join(" ").trim_end_matches(';').to_string();
                found.push((text, std::mem::take(&mut about)));
            }
        }
        found
    }
}

fn line_ends(lines: &[String]) -> bool {
    lines.last().is_some_and(|line| line.ends_with([';', '}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: &str = "\
import type { X } from \"x\";

/** One
 * thing. */
export interface A extends B {
  /** First: `a | b`. */
  a: \"a\" | \"b\";
  /**
   * Second,
   * longer.
   */
  b(\n    c: string,\n  ): void;
  undocumented: number;
}

/** Does it. */
export function f(a: {\n  b: string;\n}): void;

export type Undocumented = string;
/** Named. */
export type T = Record<string, unknown>;
";

    #[test]
    fn declarations_and_members_are_found_with_their_comments() {
        let found: Vec<String> = declarations(TYPES)
            .iter()
            .map(Declaration::described)
            .collect();
        assert_eq!(
            found,
            [
                "\n#### `interface A extends B`\n\nOne thing.\n\n| member | |\n| --- | --- |\n\
                 | `a: \"a\" \\| \"b\"` | First: `a \\| b`. |\n\
                 | `b( c: string, ): void` | Second, longer. |\n",
                "\n#### `function f`\n\nDoes it.\n\n```ts\nfunction f(a: {\n  b: string;\n}): void;\n```\n",
                "\n#### `type T`\n\nNamed.\n\n```ts\ntype T = Record<string, unknown>;\n```\n",
            ]
        );
    }

    #[test]
    fn the_reference_is_as_the_types_say() {
        let root = crate::paths::root();
        let now = fs::read_to_string(root.join(PAGE)).unwrap();
        assert!(
            page(&root).unwrap() == now,
            "{PAGE} is stale: `cargo xtask embed` writes it"
        );
    }

    #[test]
    fn everything_that_is_exported_is_in_the_reference() {
        let root = crate::paths::root();
        for (file, _) in super::TYPES {
            let types = fs::read_to_string(root.join(SOURCES).join(file)).unwrap();
            let exported = types.lines().filter(|line| line.starts_with("export "));
            assert_eq!(declarations(&types).len(), exported.count(), "{file}");
        }
    }
}
