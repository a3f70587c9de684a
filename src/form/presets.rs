//! Named presets of a form, in the browser's storage: public values only, as in a draft.

use tieline_catalog::wire::{parse_query, write_query};
use tieline_catalog::{Operation, Raw};

use super::fill::{handed_over, query};
use crate::platform::dom;

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 60;

/// A preset.
#[derive(Clone, PartialEq, Debug)]
pub struct Preset {
    /// Its name.
    pub name: String,
    /// The input, as a query.
    query: String,
}

impl Preset {
    /// What of a form's input is kept under a name.
    pub fn of(op: &'static Operation, name: &str, raw: &Raw) -> Preset {
        Preset {
            name: name.chars().take(LONGEST_NAME).collect(),
            query: query(op, raw),
        }
    }

    /// Its input, as far as the operation takes it: what is stored may have been written by anybody.
    pub fn raw(&self, op: &'static Operation) -> Raw {
        let mut raw = Raw::new();
        for (path, text) in parse_query(&self.query) {
            raw.set(&path, &text);
        }
        let mut kept = Raw::new();
        for (path, text) in handed_over(op, &raw) {
            if tieline_catalog::path::is_input_path(op, &path) {
                kept.set(&path, &text);
            }
        }
        kept
    }
}

fn key(op: &Operation) -> String {
    format!("tieline.presets.{}", op.name)
}

/// The presets of an operation, by name. Another tab may have written them since.
pub fn presets(op: &Operation) -> Vec<Preset> {
    read(&dom::stored(&key(op)).unwrap_or_default())
}

/// Keeps a preset in the place of one of the same name. False when storage is unavailable.
pub fn keep(op: &Operation, preset: Preset) -> bool {
    store(op, &with(presets(op), preset))
}

/// Deletes the preset of this name, and returns it.
pub fn delete(op: &Operation, name: &str) -> Option<Preset> {
    let (gone, kept): (Vec<_>, Vec<_>) = presets(op).into_iter().partition(|p| p.name == name);
    store(op, &kept).then_some(())?;
    gone.into_iter().next()
}

fn with(mut presets: Vec<Preset>, preset: Preset) -> Vec<Preset> {
    presets.retain(|other| other.name != preset.name);
    let at = presets.partition_point(|other| other.name < preset.name);
    presets.insert(at, preset);
    presets
}

fn store(op: &Operation, presets: &[Preset]) -> bool {
    let text = written(presets);
    dom::store(&key(op), (!text.is_empty()).then_some(&text))
}

fn written(presets: &[Preset]) -> String {
    let pairs = presets.iter();
    write_query(pairs.map(|preset| (preset.name.as_str(), preset.query.as_str())))
}

fn read(text: &str) -> Vec<Preset> {
    let pairs = parse_query(text).into_iter();
    pairs.map(|(name, query)| Preset { name, query }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_catalog::Privacy;

    #[test]
    fn presets_are_read_as_they_were_written_and_hold_nothing_private() {
        for op in tieline_catalog::creations() {
            let mut raw = Raw::new();
            for (path, param) in crate::form::field_paths::leaves(op, &raw.clone()) {
                let private = param.privacy != Privacy::Public;
                raw.set(&path, if private { "canary" } else { "a&b=c%é 中" });
            }
            let names = ["b", "a & = %", "中文"];
            let mut all = Vec::new();
            for name in names {
                all = with(all, Preset::of(op, name, &raw));
            }
            all = with(all, Preset::of(op, "b", &raw));
            let text = written(&all);
            assert!(!text.contains("canary"), "{text}");
            assert_eq!(read(&text), all);
            let kept: Vec<&str> = all.iter().map(|preset| &*preset.name).collect();
            assert_eq!(kept, ["a & = %", "b", "中文"]);
            for (path, text) in all[0].raw(op).leaves() {
                assert_eq!(raw.get(&path), Some(text));
            }
        }
    }

    #[test]
    fn what_somebody_else_has_stored_is_no_input() {
        let op = tieline_catalog::find("CreateCen").expect("in the catalog");
        for text in [
            "",
            "x",
            "x=Nothing%3D1",
            "=&&=",
            "x=Tag.999999.Key%3Da",
            "%ff=%ff",
        ] {
            for preset in read(text) {
                assert_eq!(preset.raw(op), Raw::new(), "{text}");
            }
        }
    }
}
