//! Shares of a room: whoever asks for all of it leaves some to the others.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// How much of a room each has. What nobody has takes no memory.
pub struct Shares<K> {
    taken: Arc<Mutex<HashMap<K, usize>>>,
    most: usize,
}

impl<K: Hash + Eq + Clone> Shares<K> {
    /// The shares of a room of this size. One may have all but an eighth of it; of the smallest rooms
    /// nothing is kept back.
    pub fn of(room: usize) -> Shares<K> {
        Shares {
            taken: Arc::default(),
            most: room - room / 8,
        }
    }

    /// One place for `key`; `None` where it has its share.
    pub fn take(&self, key: &K) -> Option<Share<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let has = taken.entry(key.clone()).or_default();
        if *has >= self.most {
            return None;
        }
        *has += 1;
        Some(Share {
            taken: self.taken.clone(),
            key: key.clone(),
        })
    }
}

impl<K> Clone for Shares<K> {
    fn clone(&self) -> Shares<K> {
        Shares {
            taken: self.taken.clone(),
            most: self.most,
        }
    }
}

/// A place, given back with the value.
pub struct Share<K: Hash + Eq> {
    taken: Arc<Mutex<HashMap<K, usize>>>,
    key: K,
}

impl<K: Hash + Eq> Drop for Share<K> {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(has) = taken.get_mut(&self.key) {
            *has -= 1;
            if *has == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_leaves_an_eighth_and_gives_back_what_it_had() {
        for (room, most) in [(1, 1), (2, 2), (7, 7), (8, 7), (66, 58), (256, 224)] {
            let shares = Shares::of(room);
            let all: Vec<_> = (0..room).filter_map(|_| shares.take(&"a")).collect();
            assert_eq!(all.len(), most, "{room}");
            assert!(shares.take(&"a").is_none() && shares.take(&"b").is_some());
            drop(all);
            assert!(shares.take(&"a").is_some());
            assert!(shares.taken.lock().expect("a map").is_empty());
        }
    }
}
