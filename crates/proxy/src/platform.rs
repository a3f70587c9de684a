//! The clock and the chance of the process. Nothing else in the proxy reads them, but for Tokio's
//! clock and the journal's own.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock of the signatures, and chance: a test replaces them. Waiting goes by Tokio's clock.
#[derive(Clone)]
pub struct Platform {
    /// Milliseconds since 1970.
    pub now_ms: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// A random value, new at each call.
    pub entropy: Arc<dyn Fn() -> u128 + Send + Sync>,
}

impl Default for Platform {
    fn default() -> Platform {
        Platform {
            now_ms: Arc::new(now_ms),
            entropy: Arc::new(entropy),
        }
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}

/// A random value from the operating system. Should it have none to give, the standard library's
/// randomly keyed hasher still gives one that does not repeat.
pub(crate) fn entropy() -> u128 {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u128::from_ne_bytes(bytes),
        Err(_) => {
            let half = || u128::from(RandomState::new().build_hasher().finish());
            (half() << 64) | half()
        }
    }
}

/// The time in UTC, to the second: `2024-01-02T03:04:05Z`.
pub(crate) fn timestamp() -> String {
    tieline_signature::utc(now_ms())
}
