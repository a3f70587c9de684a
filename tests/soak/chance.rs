//! Chance that a seed repeats.

/// SplitMix64.
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    /// The choices of one round of one actor.
    pub fn of(seed: u64, actor: u64, round: u64) -> Chance {
        let mut chance = Chance(seed ^ actor.rotate_left(40) ^ round.rotate_left(16));
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}
