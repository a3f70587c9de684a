//! This machine's clock, and one that does not follow its jumps.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, as the machine's clock shows. It can be set, so nothing is decided by it.
pub(crate) fn wall() -> u64 {
    let age = SystemTime::now().duration_since(UNIX_EPOCH);
    age.map_or(0, millis)
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The time of a step, in milliseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Now {
    /// On the store's clock, on which all times of an entry are that anything is decided by.
    pub(crate) store: u64,
    /// On people's clocks, to tell them.
    pub(crate) wall: u64,
}

impl Now {
    /// So many milliseconds later.
    pub(crate) fn plus(self, ahead: u64) -> Now {
        Now {
            store: self.store.saturating_add(ahead),
            wall: self.wall.saturating_add(ahead),
        }
    }

    /// What people's clocks showed at a time on the store's clock.
    pub(crate) fn wall_at(self, store: u64) -> u64 {
        self.wall.saturating_sub(self.store.saturating_sub(store))
    }
}

/// The most of the time between two looks at a clock that counts, in milliseconds: a machine that has got
/// a wrong clock has not been off for a month.
#[cfg(feature = "durable")]
const MOST_BETWEEN: u64 = 60 * 60 * 1000;

/// The time on a clock that showed `at` when the machine's showed `then`, which shows `wall` now: never
/// behind what it was, nor far ahead of it.
#[cfg(feature = "durable")]
pub(crate) fn onward(at: u64, then: u64, wall: u64) -> u64 {
    let between = wall.saturating_sub(then);
    at.saturating_add(between.min(MOST_BETWEEN))
}

/// A clock that goes on as time passes, whatever is done to the machine's.
#[derive(Clone, Copy)]
pub(crate) struct Steady {
    started: Instant,
    at: u64,
    wall: fn() -> u64,
}

impl Steady {
    /// A clock that shows this time now. `wall` is the machine's clock.
    pub(crate) fn starting_at(at: u64, wall: fn() -> u64) -> Steady {
        Steady {
            started: Instant::now(),
            at,
            wall,
        }
    }

    pub(crate) fn now(&self) -> Now {
        Now {
            store: self.at.saturating_add(millis(self.started.elapsed())),
            wall: (self.wall)(),
        }
    }
}
