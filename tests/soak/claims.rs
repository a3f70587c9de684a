//! What somebody believes of a request, against what the cloud has.

use std::collections::BTreeMap;
use std::sync::Mutex;

use tieline_catalog::answer::Item;
use tieline_catalog::model::FieldValue;
use tieline_catalog::{creations, Operation, Raw};
use tieline_test_support::inputs::name_path;

use crate::tally::{Tally, Wrong};
use crate::world::{has, World};

/// What is believed of one intent, which has a name of its own.
pub struct Claim {
    /// The operation.
    pub op: &'static Operation,
    /// What was submitted.
    pub raw: Raw,
    /// The ids that were reported.
    pub created: Vec<String>,
    /// Whether everybody says that nothing was created.
    pub denied: bool,
    /// Whether somebody knows that a request left or may have left.
    pub known: bool,
    /// The round, and how it is repeated.
    pub place: String,
}

impl Claim {
    fn name(&self) -> &str {
        self.raw.get(&name_path(self.op)).unwrap_or_default()
    }

    /// What is wrong with it, given the cloud's resources of its name.
    fn wrong(&self, there: &[Item]) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        if there.len() > 1 {
            wrong.push(Wrong::Duplicate);
        }
        let has_id = |id: &String| there.iter().any(|item| item.id == *id);
        if !self.created.iter().all(has_id) {
            wrong.push(Wrong::FalseCreated);
        }
        if !there.is_empty() && self.created.is_empty() {
            if self.denied {
                wrong.push(Wrong::FalseNotExecuted);
            } else if !self.known {
                wrong.push(Wrong::Lost);
            }
        }
        let leaves = self.raw.leaves();
        let mut told = leaves.iter().filter(|(path, _)| is_told(self.op, path));
        if !told.all(|(_, text)| there.iter().all(|item| has(item, text))) {
            wrong.push(Wrong::NotAsSubmitted);
        }
        wrong
    }
}

/// Whether the cloud's list tells the value of this parameter.
fn is_told(op: &'static Operation, path: &str) -> bool {
    let mut entries = tieline_catalog::entries().iter();
    let entry = entries.find(|entry| entry.create == *op);
    let lists = entry.into_iter().flat_map(|entry| entry.reads);
    let mut lists = lists.filter_map(|read| read.response.list);
    lists.any(|list| {
        list.fields
            .iter()
            .any(|field| matches!(field.value, FieldValue::Echo(own) if own == path))
    })
}

/// All claims of a soak.
#[derive(Default)]
pub struct Claims(Mutex<Vec<(Claim, Vec<Wrong>)>>);

impl Claims {
    /// Judges a claim as soon as it is made, if the cloud can be asked by name, and keeps it.
    pub fn make(&self, claim: Claim, world: &World, tally: &Tally) {
        let there = world.find(claim.op, &claim.raw).unwrap_or_default();
        let wrong = match there.is_empty() {
            // Seen at the end, if the cloud cannot be asked by name.
            true if tieline_catalog::answer::read_by_name(claim.op, &claim.raw).is_none() => {
                Vec::new()
            }
            _ => claim.wrong(&there),
        };
        for wrong in &wrong {
            tally.found(*wrong, format!("{}, the cloud has {there:?}", claim.place));
        }
        self.0.lock().expect("no panic").push((claim, wrong));
    }

    /// Judges all claims by the cloud's whole lists, and what is there that nobody claims.
    pub fn judge(&self, world: &World, tally: &Tally) {
        let claims = self.0.lock().expect("no panic");
        for op in creations() {
            let own: Vec<_> = claims.iter().filter(|(claim, _)| claim.op == op).collect();
            let Some((first, _)) = own.first() else {
                continue;
            };
            let mut by_name: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
            let all = world.all(op, &first.raw);
            tally.add(
                format!("resources of {} at the cloud", op.name),
                all.len() as u64,
            );
            let names: BTreeMap<&str, ()> = own.iter().map(|(c, _)| (c.name(), ())).collect();
            for item in all {
                let claimed = item
                    .fields
                    .iter()
                    .find_map(|(_, text)| names.get_key_value(text.as_str()));
                match claimed {
                    Some((name, ())) => by_name.entry(name).or_default().push(item),
                    None => tally.found(
                        Wrong::NotAsSubmitted,
                        format!("{}: nobody submitted {item:?}", op.name),
                    ),
                }
            }
            for (claim, found) in own {
                let there = by_name.get(claim.name()).map_or(&[][..], Vec::as_slice);
                for wrong in claim.wrong(there) {
                    if !found.contains(&wrong) {
                        tally.found(
                            wrong,
                            format!("{}, in the end the cloud has {there:?}", claim.place),
                        );
                    }
                }
            }
        }
    }
}
