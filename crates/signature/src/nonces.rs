//! One-time numbers that were used.

use std::collections::{HashSet, VecDeque};
use std::fmt;

use sha2::{Digest, Sha256};

/// The time that a nonce is remembered: as long as any time stamp that it was signed with can still be
/// accepted, which is twice the longest tolerance (a stamp may lie in the future).
const KEPT_MS: u64 = 2 * 31 * 60 * 1000;

/// The nonces of the last hour. Only a nonce with a valid signature gets in, so that nobody without
/// a key can use up another's nonce or the memory.
#[derive(Clone, Default)]
pub struct NonceStore {
    seen: HashSet<[u8; 32]>,
    order: VecDeque<(u64, [u8; 32])>,
}

impl NonceStore {
    /// None used yet.
    pub fn new() -> NonceStore {
        NonceStore::default()
    }

    /// The number of remembered nonces.
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Notes a nonce of an access key; false when it was used before.
    pub(crate) fn insert(&mut self, access_key_id: &str, nonce: &str, now_ms: u64) -> bool {
        while let Some((until, old)) = self.order.front() {
            if *until >= now_ms {
                break;
            }
            self.seen.remove(old);
            self.order.pop_front();
        }
        // A digest keeps an entry small however long the nonce is.
        let length = (access_key_id.len() as u64).to_be_bytes();
        let digest: [u8; 32] = Sha256::new()
            .chain_update(length)
            .chain_update(access_key_id)
            .chain_update(nonce)
            .finalize()
            .into();
        let new = self.seen.insert(digest);
        if new {
            self.order
                .push_back((now_ms.saturating_add(KEPT_MS), digest));
        }
        new
    }
}

impl fmt::Debug for NonceStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NonceStore({})", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_used_once_per_key_and_forgotten_after_its_time() {
        let mut nonces = NonceStore::new();
        assert!(nonces.insert("a", "1", 0));
        assert!(!nonces.insert("a", "1", KEPT_MS));
        assert!(nonces.insert("b", "1", KEPT_MS));
        assert!(nonces.insert("", "a1", KEPT_MS));
        assert_eq!(nonces.len(), 3);
        assert!(nonces.insert("a", "1", KEPT_MS + 1));
        assert_eq!(nonces.len(), 3);
        assert_eq!(format!("{nonces:?}"), "NonceStore(3)");
    }
}
