//! The order of the rows.

use std::borrow::Cow;
use std::collections::HashMap;

use tieline_catalog::Lang;
use tieline_records::{Outcome, Verdict};

use super::columns::Column;
use super::filter::Rows;
use super::index::Summary;
use crate::platform::alphabet;

/// The place of what has no text in a column: the last, whichever way it is sorted.
const LAST: u32 = u32::MAX;

/// By what the list is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sort {
    /// By this column.
    pub column: Column,
    /// From the last to the first.
    pub descending: bool,
}

impl Default for Sort {
    /// The newest first.
    fn default() -> Sort {
        Sort {
            column: Column::Time,
            descending: true,
        }
    }
}

impl Sort {
    /// What it is once the head of a column was pressed.
    pub fn pressed(self, column: Column) -> Sort {
        Sort {
            column,
            descending: match self.column == column {
                true => !self.descending,
                // Of times the newest are wanted first, of texts the first of the alphabet.
                false => column.is_time(),
            },
        }
    }

    /// The rows, which come newest first, in this order; those that are alike in it stay so. `told`: what is to
    /// be said about a row's resource now.
    pub fn apply(
        self,
        rows: Rows,
        told: impl Fn(&Summary) -> (Outcome, Verdict),
        lang: Lang,
    ) -> Rows {
        let places = match self.column {
            Column::Time => {
                return match self.descending {
                    true => rows,
                    false => rows.at((0..rows.len()).rev()),
                };
            }
            Column::Updated => {
                // The last change is the first place.
                let mut sorted: Vec<usize> = (0..rows.len()).collect();
                sorted.sort_by_key(|at| std::cmp::Reverse(rows[*at].updated));
                if !self.descending {
                    sorted.reverse();
                }
                return rows.at(sorted);
            }
            Column::Outcome => rows.iter().map(|row| place_of(told(row))).collect(),
            column => {
                let texts = rows
                    .iter()
                    .map(|row| column.text(row, told(row), &|_| 0, lang));
                places(texts, lang)
            }
        };
        let key = |place: u32| match (place, self.descending) {
            (LAST, _) => LAST,
            (place, true) => LAST - 1 - place,
            (place, false) => place,
        };
        let keys = places.into_iter().map(key);
        let mut sorted: Vec<(u32, usize)> = keys.zip(0..).collect();
        // No two are alike, because no two stand at one place.
        sorted.sort_unstable();
        rows.at(sorted.into_iter().map(|(_, at)| at))
    }
}

/// The place of what is to be said about a resource.
fn place_of((shown, verdict): (Outcome, Verdict)) -> u32 {
    let verdict = Verdict::ALL.iter().position(|other| *other == verdict);
    let outcome = Outcome::ALL.iter().position(|other| *other == shown);
    let place = verdict.unwrap_or_default() * Outcome::ALL.len() + outcome.unwrap_or_default();
    place as u32
}

/// The place of each text in the alphabet of a language. Of many rows few may have different texts, so only
/// those are compared.
fn places<'a>(texts: impl Iterator<Item = Cow<'a, str>>, lang: Lang) -> Vec<u32> {
    // With room for all, because names are different ones as a rule.
    let mut numbers: HashMap<Cow<str>, usize> = HashMap::with_capacity(texts.size_hint().0);
    let of_rows: Vec<usize> = texts
        .map(|text| {
            let next = numbers.len();
            *numbers.entry(text).or_insert(next)
        })
        .collect();
    let mut distinct = vec![""; numbers.len()];
    for (text, number) in &numbers {
        distinct[*number] = text;
    }
    let mut places = vec![LAST; distinct.len()];
    let order = alphabet::order(&distinct, lang.tag());
    for (place, number) in order.into_iter().enumerate() {
        if !distinct[number].is_empty() {
            places[number] = place as u32;
        }
    }
    of_rows.into_iter().map(|number| places[number]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::index::tests::rows;
    use proptest::prelude::*;
    use std::rc::Rc;

    fn ids(column: Column, descending: bool) -> Vec<u64> {
        let sort = Sort { column, descending };
        let told = |row: &Summary| (row.outcome, row.verdict);
        let sorted = sort.apply(Rows::from(Rc::new(rows())), told, Lang::En);
        sorted.iter().map(|row| row.id).collect()
    }

    #[test]
    fn every_column_sorts_both_ways_and_what_is_empty_comes_last() {
        assert_eq!(ids(Column::Time, true), [4, 3, 2, 1]);
        assert_eq!(ids(Column::Time, false), [1, 2, 3, 4]);
        // Berlin backbone, old, Straße, 北京 gateway.
        assert_eq!(ids(Column::Name, false), [2, 3, 1, 4]);
        assert_eq!(ids(Column::Name, true), [4, 1, 3, 2]);
        // Only one has an id; the others stay in their order.
        assert_eq!(ids(Column::ResourceId, false), [1, 4, 3, 2]);
        assert_eq!(ids(Column::ResourceId, true), [1, 4, 3, 2]);
        // Created, unknown (two), rejected.
        assert_eq!(ids(Column::Outcome, false), [1, 4, 2, 3]);
        assert_eq!(ids(Column::Outcome, true), [3, 2, 4, 1]);
        // Of one operation the newest comes first both ways.
        let [up, down] = [false, true].map(|descending| ids(Column::Operation, descending));
        for sorted in [&up, &down] {
            let at = |id| sorted.iter().position(|other| *other == id);
            assert_eq!(at(1), at(2).map(|at| at + 1), "{sorted:?}");
        }
        assert_ne!(up, down);
    }

    #[test]
    fn a_press_sorts_and_another_turns_it_round() {
        let newest = Sort::default();
        let oldest = newest.pressed(Column::Time);
        assert!(newest.descending && !oldest.descending);
        let names = oldest.pressed(Column::Name);
        assert_eq!((names.column, names.descending), (Column::Name, false));
        assert!(names.pressed(Column::Name).descending);
        assert_eq!(names.pressed(Column::Time), newest);
    }

    proptest! {
        #[test]
        fn texts_keep_the_order_of_the_alphabet(texts in proptest::collection::vec("[aB1-3]{0,4}", 0..30)) {
            let places = places(texts.iter().map(|text| text.as_str().into()), Lang::En);
            let all: Vec<&str> = texts.iter().map(String::as_str).collect();
            let order = alphabet::order(&all, "en");
            let rank = |text: &String| order.iter().position(|at| all[*at] == text);
            for (a, place_a) in texts.iter().zip(&places) {
                prop_assert_eq!(a.is_empty(), *place_a == LAST);
                for (b, place_b) in texts.iter().zip(&places) {
                    prop_assert_eq!(a == b, place_a == place_b);
                    if !a.is_empty() && !b.is_empty() {
                        prop_assert_eq!(rank(a) < rank(b), place_a < place_b);
                    }
                }
            }
        }
    }
}
