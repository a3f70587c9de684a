//! What tells one state of the history from another. Pure.

use serde::{Deserialize, Serialize};

use super::index::{Row, Summary};

/// What tells one state of the history from another.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// How many records there are.
    count: usize,
    /// The sum of their hashes, whatever their order is. The time of the latest change would not do: one record from a
    /// clock that was ahead hides the changes of all others.
    sum: u64,
}

impl Changes {
    /// Those that these rows have come to.
    pub fn of(rows: &[Row]) -> Changes {
        Changes {
            count: rows.len(),
            sum: rows
                .iter()
                .fold(0, |sum, row| sum.wrapping_add(version(row))),
        }
    }
}

/// A hash of a record's version. Where its own clock was ahead its time stays the same, and its events grow.
fn version(row: &Summary) -> u64 {
    let mixed = [row.id, row.updated, row.events].into_iter();
    // The finalizer of SplitMix64 for each.
    mixed.fold(0, |hash: u64, part| {
        let mut z = hash.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_add(part);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::index::tests::rows;
    use tieline_records::{Record, What};

    /// The same rows with another version of one record.
    fn with(rows: &[Row], record: &Record) -> Vec<Row> {
        let changed = rows.iter().map(|row| match row.id == record.id {
            true => Row::of(record),
            false => row.clone(),
        });
        changed.collect()
    }

    fn noted(record: &mut Record, text: &str, now: u64) {
        let text = text.to_string();
        record.append(&What::Note { text }, now);
    }

    #[test]
    fn every_change_is_one_whatever_the_clocks_say() {
        let rows = rows();
        let mut record = rows[1].record();
        // The clock was ahead when this one was written.
        let mut ahead = rows[0].record();
        noted(&mut ahead, "ahead", 1_000_000);
        let before = with(&rows, &ahead);
        let mut seen = vec![Changes::of(&rows), Changes::of(&before)];
        noted(&mut record, "one", 2_000);
        seen.push(Changes::of(&with(&before, &record)));
        noted(&mut ahead, "two", 3_000);
        seen.push(Changes::of(&with(&with(&before, &record), &ahead)));
        noted(&mut ahead, "three", 3_000);
        seen.push(Changes::of(&with(&with(&before, &record), &ahead)));
        for (at, state) in seen.iter().enumerate() {
            assert!(!seen[..at].contains(state), "{at}: {seen:?}");
        }
    }

    #[test]
    fn the_same_records_are_the_same_state_in_any_order() {
        let rows = rows();
        let reversed: Vec<Row> = rows.iter().rev().cloned().collect();
        assert_eq!(Changes::of(&rows), Changes::of(&reversed));
        let json = serde_json::to_string(&Changes::of(&rows)).unwrap();
        assert_eq!(
            serde_json::from_str::<Changes>(&json).unwrap(),
            Changes::of(&rows)
        );
        // Of what an earlier version has kept nothing is taken for what there is.
        let earlier: Changes = serde_json::from_str("{\"count\":4,\"latest\":4}").unwrap();
        assert_ne!(earlier, Changes::of(&rows));
    }
}
