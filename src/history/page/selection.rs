//! The records that are selected.

use std::collections::HashSet;
use std::rc::Rc;

use crate::history::filter::Rows;
use crate::history::index::Row;

/// The records that are selected. One selection is another one as soon as it was changed: nobody compares
/// tens of thousands of ids.
#[derive(Clone, Default)]
pub struct Selection {
    ids: Rc<HashSet<u64>>,
    /// The record that was picked last: where a range begins.
    last: Option<u64>,
}

impl PartialEq for Selection {
    fn eq(&self, other: &Selection) -> bool {
        Rc::ptr_eq(&self.ids, &other.ids) && self.last == other.last
    }
}

impl Selection {
    /// Whether this record is in it.
    pub fn has(&self, id: u64) -> bool {
        self.ids.contains(&id)
    }

    /// Its rows among these, in their order. What a filter hides is not acted upon, and is selected still
    /// when it shows again.
    pub fn of(&self, rows: &Rows) -> Rows {
        match self.ids.is_empty() {
            true => Rows::default(),
            false => rows.only(|row| self.has(row.id)),
        }
    }

    /// What it is after the row at this place was picked, with all from the row that was picked before, if it is
    /// to be a `range`. The row itself changes in every case, and the others become as it is then.
    pub fn picked(&self, rows: &Rows, at: usize, range: bool) -> Selection {
        let Some(row) = rows.get(at) else {
            return self.clone();
        };
        let from = self.last.filter(|_| range);
        let from = from.and_then(|last| rows.iter().position(|row| row.id == last));
        let from = from.unwrap_or(at);
        let between = (from.min(at)..=from.max(at)).map(|at| &rows[at]);
        Selection {
            last: Some(row.id),
            ..self.with(between, !self.has(row.id))
        }
    }

    /// The same with all of these rows, or without.
    pub fn with<'a>(&self, rows: impl IntoIterator<Item = &'a Row>, selected: bool) -> Selection {
        let mut ids = (*self.ids).clone();
        for row in rows {
            match selected {
                true => ids.insert(row.id),
                false => ids.remove(&row.id),
            };
        }
        Selection {
            ids: Rc::new(ids),
            last: self.last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::index::tests::rows;

    fn ids(selection: &Selection, rows: &Rows) -> Vec<u64> {
        selection.of(rows).iter().map(|row| row.id).collect()
    }

    #[test]
    fn a_range_goes_from_the_last_pick_in_either_direction() {
        // Their ids are 4, 3, 2, 1.
        let rows = Rows::from(Rc::new(rows()));
        let none = Selection::default();
        let alone = none.picked(&rows, 2, true);
        assert_eq!(ids(&alone, &rows), [2], "there is nothing to begin at");
        let up = alone.picked(&rows, 0, true);
        assert_eq!(ids(&up, &rows), [4, 3, 2]);
        let down = up.picked(&rows, 3, true);
        assert_eq!(ids(&down, &rows), [4, 3, 2, 1]);
        // From the last pick, 1, to a selected one: both and what is between go.
        assert_eq!(ids(&down.picked(&rows, 1, true), &rows), [4]);
        assert_eq!(ids(&down.picked(&rows, 1, false), &rows), [4, 2, 1]);
        assert_eq!(ids(&down.picked(&rows, 9, false), &rows), [4, 3, 2, 1]);
    }

    #[test]
    fn what_is_hidden_is_not_acted_upon_and_is_not_forgotten() {
        let rows = Rows::from(Rc::new(rows()));
        let all = Selection::default().with(rows.iter(), true);
        let few = rows.at([0, 1]);
        assert_eq!(ids(&all, &few), [4, 3]);
        let less = all.with(few.iter(), false);
        assert_eq!(ids(&less, &few), [] as [u64; 0]);
        assert_eq!(ids(&less, &rows), [2, 1]);
        // A range cannot begin at a row that is not in sight.
        let picked = Selection::default().picked(&rows, 3, false);
        assert_eq!(ids(&picked.picked(&few, 1, true), &rows), [3, 1]);
    }
}
