//! What is generated for each operation, target and kind of request, kept in `tests/golden`.
//! `TIELINE_BLESS=1 cargo test -p tieline-code golden` writes the files anew: read the difference.

use std::fmt::Write;
use std::path::Path;

use tieline_catalog::creations;
use tieline_code::{generate, Context, Target};

use super::inputs::{input, VARIANTS};

#[test]
fn the_matrix_of_operations_targets_and_requests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let bless = std::env::var_os("TIELINE_BLESS").is_some();
    let mut cells = 0;
    for op in creations() {
        for variant in VARIANTS {
            let parsed = input(op, variant);
            let mut text = String::new();
            for target in Target::ALL {
                let context = Context {
                    id: (target == Target::Terraform).then_some("id-1"),
                    ..Context::default()
                };
                let (name, file) = (target.name(), target.file_name(op));
                writeln!(text, "=== {name}: {file}").expect("memory");
                match generate(&parsed, target, &context) {
                    Ok(code) => text.push_str(&code),
                    Err(reason) => writeln!(text, "unavailable: {}", reason.0.en).expect("memory"),
                }
                cells += 1;
            }
            let path = folder.join(format!("{}.{}.txt", op.name, variant.name()));
            if bless {
                std::fs::create_dir_all(&folder).expect("a folder");
                std::fs::write(&path, &text).expect("a file");
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                kept == text,
                "{} is not what is generated:\n{text}",
                path.display()
            );
        }
    }
    assert_eq!(
        cells,
        creations().count() * Target::ALL.len() * VARIANTS.len()
    );
}

#[test]
fn the_comments_are_in_the_language_asked_for() {
    for op in creations() {
        let parsed = input(op, VARIANTS[1]);
        for target in Target::ALL {
            let code = |lang| {
                let context = Context {
                    lang,
                    ..Context::default()
                };
                generate(&parsed, target, &context).ok()
            };
            let (en, zh) = (
                code(tieline_catalog::Lang::En),
                code(tieline_catalog::Lang::Zh),
            );
            let (Some(en), Some(zh)) = (en, zh) else {
                continue;
            };
            assert_ne!(en, zh);
            let plain = |text: &str| -> Vec<String> {
                let comment = |line: &&str| !line.starts_with('#') && !line.starts_with("//");
                text.lines().filter(comment).map(String::from).collect()
            };
            assert_eq!(plain(&en), plain(&zh), "{} {target:?}", op.name);
            assert!(zh.contains(op.title.zh), "{zh}");
        }
    }
}
