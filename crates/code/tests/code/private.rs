//! What stands in no code.

use tieline_catalog::model::Privacy;
use tieline_catalog::operations::operations;
use tieline_catalog::path::find_param;
use tieline_catalog::{check, creations, Raw};
use tieline_code::{generate, Context, Target, Unavailable};

use super::inputs::{input, Variant};

#[test]
fn personal_data_and_credentials_are_read_from_the_environment() {
    let mut seen = 0;
    for op in creations() {
        let parsed = input(op, Variant::Full);
        for target in Target::ALL {
            let Ok(code) = generate(&parsed, target, &Context::default()) else {
                continue;
            };
            for (name, value) in parsed.values() {
                let param = find_param(op.params, name).expect("its own");
                let Some(text) = value.text().filter(|_| param.privacy != Privacy::Public) else {
                    continue;
                };
                assert!(!code.contains(&text), "{name} in {target:?}:\n{code}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "only {seen} private values were looked for");
}

#[test]
fn what_was_not_given_is_not_sent() {
    for op in creations() {
        let parsed = input(op, Variant::Minimal);
        for target in Target::ALL {
            let Ok(code) = generate(&parsed, target, &Context::default()) else {
                continue;
            };
            for param in op.params.iter().filter(|p| !p.required) {
                // Whole words, since names are parts of other names.
                let word = |c: char| !c.is_ascii_alphanumeric();
                let own = code.split(word).any(|w| w == param.name && w.len() > 6);
                assert!(!own, "{} in {target:?}:\n{code}", param.name);
            }
        }
    }
}

#[test]
fn a_nul_is_refused_for_every_target() {
    for op in creations() {
        let mut raw = input(op, Variant::Full).to_raw();
        let path = raw
            .leaves()
            .iter()
            .map(|(path, _)| path.clone())
            .next_back();
        let path = path.expect("a leaf");
        raw.set(&path, "a\0b");
        let parsed = check(op, &raw).parsed;
        for target in Target::ALL {
            let Err(Unavailable(reason)) = generate(&parsed, target, &Context::default()) else {
                panic!("{target:?} took a NUL");
            };
            assert!(reason.en.contains(&path) && reason.zh.contains(&path));
        }
    }
}

#[test]
fn every_draft_of_every_operation_has_code_or_a_reason() {
    for op in operations() {
        for raw in [Raw::new(), Raw::example(op)] {
            let parsed = check(op, &raw).parsed;
            let available = Target::ALL.iter().filter(|target| {
                match generate(&parsed, **target, &Context::default()) {
                    Ok(code) => code.ends_with('\n'),
                    Err(reason) => reason.0.en.is_empty(),
                }
            });
            assert!(available.count() >= 5, "{}", op.name);
        }
    }
}

/// A map keeps the last of two values of a key, and one tag would be missing without a word.
#[test]
fn what_terraform_would_lose_is_said() {
    for op in tieline_catalog::creations() {
        let mut raw = tieline_catalog::Raw::example(op);
        let list = op.params.iter().find(|p| p.name == "Tag");
        if list.is_none() {
            continue;
        }
        for (path, text) in [
            ("Tag.1.Key", "team"),
            ("Tag.1.Value", "a"),
            ("Tag.2.Key", "team"),
            ("Tag.2.Value", "b"),
        ] {
            raw.set(path, text);
        }
        let parsed = tieline_catalog::check(op, &raw).parsed;
        let generated = generate(&parsed, Target::Terraform, &Context::default());
        let Err(Unavailable(reason)) = generated else {
            panic!("{}: {generated:?}", op.name);
        };
        assert!(
            reason.en.contains("\"team\" stands there twice"),
            "{}",
            reason.en
        );
    }
}

/// A value without its key has no place in a map either, and must not take the others with it.
#[test]
fn terraform_has_no_place_for_a_value_without_a_key() {
    let mut seen = 0;
    for op in tieline_catalog::creations() {
        if !op.params.iter().any(|p| p.name == "Tags") {
            continue;
        }
        seen += 1;
        let mut raw = tieline_catalog::Raw::example(op);
        for (path, text) in [
            ("Tags.1.Key", "team"),
            ("Tags.1.Value", "a"),
            ("Tags.2.Value", "b"),
        ] {
            raw.set(path, text);
        }
        let parsed = tieline_catalog::check(op, &raw).parsed;
        let Err(Unavailable(reason)) = generate(&parsed, Target::Terraform, &Context::default())
        else {
            panic!("{} has lost a tag", op.name);
        };
        assert!(reason.en.contains("a value without a key"), "{}", reason.en);
    }
    assert_eq!(seen, 1);
}
