//! Every Chinese text in the sources keeps to the glossary of the catalog.

use std::path::{Path, PathBuf};

use tieline_catalog::glossary::{faults, untranslated};

use crate::{root, sources};

/// A string literal of a source file.
#[derive(Debug)]
struct Literal {
    text: String,
    /// What stands between the literal before and this one, without blanks.
    between: String,
    line: usize,
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'))
}

/// The literals in double quotes and backticks of Rust or JavaScript, up to the file's tests. Comments are
/// left out.
fn literals(source: &str) -> Vec<Literal> {
    let end = source.find("#[cfg(test)]").unwrap_or(source.len());
    let mut chars = source[..end].chars().peekable();
    let (mut found, mut between, mut line) = (Vec::new(), String::new(), 1);
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => {
                chars.by_ref().find(|c| *c == '\n');
                line += 1;
            }
            // A quote that stands as a character.
            '\'' if chars.peek() == Some(&'"') => drop(chars.next()),
            '"' | '`' => {
                let start = line;
                let mut text = String::new();
                while let Some(inner) = chars.next().filter(|inner| *inner != c) {
                    line += usize::from(inner == '\n');
                    match inner {
                        '\\' => drop(chars.next()),
                        inner => text.push(inner),
                    }
                }
                let between = std::mem::take(&mut between);
                found.push(Literal {
                    text,
                    between,
                    line: start,
                });
            }
            c => {
                line += usize::from(c == '\n');
                between.extend((!c.is_whitespace()).then_some(c));
            }
        }
    }
    found
}

/// The files with texts for people.
fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = ["src", "crates"].iter().flat_map(|f| sources(f)).collect();
    let embed = std::fs::read_dir(root().join("static/embed")).expect("a folder");
    files.extend(embed.map(|entry| entry.expect("an entry").path()));
    files.retain(|path| {
        let name = path.to_string_lossy();
        let text = [".rs", ".js"].iter().any(|end| name.ends_with(end));
        // The glossary names what is forbidden.
        let own = ["/tests/", "tests.rs", "/glossary.rs", "/target/"];
        text && !own.iter().any(|part| name.contains(part))
    });
    files
}

/// Whether a literal is the English beside the Chinese that follows it.
fn is_beside(between: &str) -> bool {
    matches!(between, "," | ",zh:" | "),format!(" | ".to_string(),")
        || between.starts_with(',') && between.ends_with("),format!(") && between.len() < 60
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a readable file")
}

#[test]
fn texts_keep_to_the_glossary() {
    let (mut wrong, mut chinese, mut pairs) = (Vec::new(), 0, 0);
    for path in files() {
        let literals = literals(&read(&path));
        for (i, literal) in literals.iter().enumerate() {
            if !is_chinese(&literal.text) {
                continue;
            }
            chinese += 1;
            let mut met = faults(&literal.text);
            let before = i.checked_sub(1).map(|i| &literals[i].text);
            if let Some(en) = before.filter(|en| !is_chinese(en) && is_beside(&literal.between)) {
                pairs += 1;
                let missing = untranslated(en, &literal.text);
                met.extend(missing.iter().map(|term| format!("without {term}: {en}")));
            }
            let place = path.strip_prefix(root()).expect("a file of ours").display();
            let at =
                |fault: &String| format!("{place}:{}: {fault}: {}", literal.line, literal.text);
            wrong.extend(met.iter().map(at));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        chinese > 500 && pairs > 400,
        "{chinese} texts, {pairs} pairs"
    );
}

#[test]
fn literals_are_found_with_what_stands_between_them() {
    let source = "t(\"a \\\" b\", // \"c\"\n \"中文\") '\"' \"d\" #[cfg(test)] \"e\"";
    let found = literals(source);
    let texts: Vec<&str> = found.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(texts, ["a  b", "中文", "d"]);
    assert_eq!((found[1].between.as_str(), found[1].line), (",", 2));
    assert!(is_beside(&found[1].between) && !is_beside(&found[2].between));
}
