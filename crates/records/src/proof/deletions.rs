//! What the chains tell of deletions, and what need not be there because of them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::name::Name;
use crate::receipt::{Chain, DELETED};

/// What a chain tells of a record that was deleted at least once.
#[derive(Clone, Copy)]
struct Word {
    /// The place of its last deletion: what stands before tells of a version that is gone.
    at: usize,
    /// Whether that is the last word on it. A record that somebody restored, or that was written anew because its
    /// answer came nevertheless, has receipts after its deletion.
    last: bool,
}

/// The deletions of all chains. The first chain is the history's own: what another history has deleted it may have
/// still.
pub struct Deletions(Vec<BTreeMap<Name, Word>>);

impl Deletions {
    /// Those of these chains.
    pub fn of(chains: &[Chain]) -> Deletions {
        Deletions(chains.iter().map(words).collect())
    }

    /// Whether a record need not have the events of which the receipt at this place of this chain tells.
    pub fn excuse_event(&self, chain: usize, at: usize, name: &Name) -> bool {
        self.any(chain, name, |word, own| !own || at < word.at)
    }

    /// Whether a record of which this chain tells need not be there.
    pub fn excuse_absence(&self, chain: usize, name: &Name) -> bool {
        self.any(chain, name, |word, _| word.last)
    }

    /// Whether a chain that counts for this one has such a word on a record; `is` gets whether it is the chain itself.
    fn any(&self, chain: usize, name: &Name, is: impl Fn(Word, bool) -> bool) -> bool {
        let counts = |other: &usize| *other == chain || chain > 0;
        let chains = self.0.iter().enumerate();
        chains
            .filter(|(other, _)| counts(other))
            .any(|(other, words)| {
                words
                    .get(name)
                    .is_some_and(|word| is(*word, other == chain))
            })
    }

    /// The records that are deleted: by the history's own word on them if it has one, else by another's.
    pub fn names(&self, own: Option<&Chain>) -> BTreeSet<Name> {
        let words = self.0.iter().flatten();
        let mut names: BTreeSet<Name> = words
            .filter(|(_, word)| word.last)
            .map(|(name, _)| name.clone())
            .collect();
        for receipt in own.into_iter().flat_map(|own| &own.receipts) {
            let name = Name::of_receipt(receipt);
            if receipt.has_record() && !self.excuse_absence(0, &name) {
                names.remove(&name);
            }
        }
        names
    }
}

fn words(chain: &Chain) -> BTreeMap<Name, Word> {
    let mut words = BTreeMap::new();
    for (at, receipt) in chain.receipts.iter().enumerate() {
        let name = Name::of_receipt(receipt);
        if receipt.event() == DELETED {
            words.insert(name, Word { at, last: true });
        } else if let (true, Some(word)) = (receipt.has_record(), words.get_mut(&name)) {
            word.last = false;
        }
    }
    words
}
