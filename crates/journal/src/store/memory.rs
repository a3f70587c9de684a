//! Entries in this process's memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::{wall, Steady};
use crate::entry::{self, Change, Entry, Reply, Step};
use crate::types::{EntryId, Unknown};

/// Below this many entries nobody looks for expired ones.
const FEW: usize = 1024;

pub(crate) struct Memory {
    clock: Steady,
    entries: Mutex<Entries>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory {
            clock: Steady::starting_at(wall(), wall),
            entries: Mutex::default(),
        }
    }
}

#[derive(Default)]
struct Entries {
    of: HashMap<EntryId, Entry>,
    purge_at: usize,
}

impl Memory {
    pub(crate) fn apply(&self, id: &EntryId, step: Step, ahead: u64) -> Reply {
        let now = self.clock.now().plus(ahead);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (change, reply) = entry::step(id, entries.of.get(id).cloned(), step, now);
        match change {
            Change::Keep => {}
            Change::Put(entry) => {
                entries.of.insert(*id, entry);
            }
            Change::Remove => {
                entries.of.remove(id);
            }
        }
        if entries.of.len() > entries.purge_at.max(FEW) {
            let kept = |entry: &Entry| entry.kept_until().is_none_or(|until| now.store < until);
            entries.of.retain(|_, entry| kept(entry));
            entries.purge_at = entries.of.len() * 2;
        }
        reply
    }

    /// Loses an entry, as no store should.
    #[cfg(test)]
    pub(crate) fn forget(&self, id: &EntryId) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.of.remove(id);
    }

    pub(crate) fn unknown(&self, ahead: u64) -> Vec<Unknown> {
        let now = self.clock.now().plus(ahead);
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let all = entries.of.iter();
        all.filter_map(|(id, entry)| entry.unknown(*id, now))
            .collect()
    }
}
