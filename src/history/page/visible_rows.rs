//! The rows of a long list that are drawn.

use std::ops::Range;
use std::rc::Rc;

/// Rows above and below the visible ones that are rendered too, so that a quick scroll shows
/// rows and not paper.
const MARGIN: usize = 8;

/// A list: its rows, and heads that stand before some of them.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Shape {
    /// The number of its rows.
    pub rows: usize,
    /// The places of the rows that have a head before them, ascending.
    pub heads: Rc<Vec<usize>>,
}

impl Shape {
    /// The number of heads before a row, its own included.
    pub fn heads_to(&self, row: usize) -> usize {
        self.heads.partition_point(|head| *head <= row)
    }

    /// The number of heads that stand before these rows.
    pub fn heads_in(&self, rows: &Range<usize>) -> usize {
        let before = |row: usize| self.heads.partition_point(|head| *head < row);
        before(rows.end).saturating_sub(before(rows.start))
    }

    /// The place of a row among rows and heads.
    pub fn place(&self, row: usize) -> usize {
        row + self.heads_to(row)
    }

    /// Whether a head stands before a row.
    pub fn has_head(&self, row: usize) -> bool {
        self.heads.binary_search(&row).is_ok()
    }
}

/// The rows to render. `top` is how far the list's upper edge lies above that of what is visible (negative when
/// it lies below), `height` what is visible, `row` and `head` the heights of a row and of a head, all in
/// CSS pixels.
pub fn window(shape: &Shape, top: f64, height: f64, (row, head): (f64, f64)) -> Range<usize> {
    let total = shape.rows;
    if row.is_nan() || row <= 0.0 {
        return 0..total.min(2 * MARGIN);
    }
    let head = if head > 0.0 { head } else { 0.0 };
    let end_of = |at: usize| (at + 1) as f64 * row + shape.heads_to(at) as f64 * head;
    let first = first_of(total, |at| end_of(at) > top);
    // What begins where the visible ends is out of sight; a head belongs to its row.
    let last = first_of(total, |at| end_of(at) >= top + height);
    let end = last.saturating_add(1).saturating_add(MARGIN).min(total);
    first.saturating_sub(MARGIN).min(end)..end
}

/// The first of so many places for which something is true that stays so; their number when there is none.
fn first_of(total: usize, is: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, total);
    while from < to {
        let middle = from + (to - from) / 2;
        match is(middle) {
            true => to = middle,
            false => from = middle + 1,
        }
    }
    from
}

/// A stretch of the list.
#[derive(PartialEq, Eq, Debug)]
pub enum Stretch {
    /// Rows that are not rendered.
    Gap(Range<usize>),
    /// Rows that are.
    Rows(Range<usize>),
}

/// The whole list as stretches: the window, and the row that holds the focus even when it has
/// scrolled away, because a row that leaves the page takes the focus with it.
pub fn stretches(total: usize, window: Range<usize>, kept: Option<usize>) -> Vec<Stretch> {
    let mut ranges = vec![window.clone()];
    if let Some(kept) = kept.filter(|kept| *kept < total && !window.contains(kept)) {
        let at = usize::from(kept >= window.end);
        ranges.insert(at, kept..kept + 1);
    }
    let mut all = Vec::new();
    let mut next = 0;
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        if range.start > next {
            all.push(Stretch::Gap(next..range.start));
        }
        next = range.end;
        all.push(Stretch::Rows(range));
    }
    if next < total {
        all.push(Stretch::Gap(next..total));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(rows: usize, top: f64, height: f64, row: f64) -> Range<usize> {
        let heads = Rc::default();
        window(&Shape { rows, heads }, top, height, (row, f64::NAN))
    }

    #[test]
    fn a_window_is_what_is_visible_and_a_margin() {
        assert_eq!(plain(50_000, 0.0, 800.0, 40.0), 0..28);
        assert_eq!(plain(50_000, -300.0, 800.0, 40.0), 0..21);
        assert_eq!(plain(50_000, 40_000.0, 800.0, 40.0), 992..1028);
        assert_eq!(plain(10, 0.0, 800.0, 40.0), 0..10);
        assert_eq!(plain(10, 1e12, 800.0, 40.0), 2..10);
        assert_eq!(plain(0, 0.0, 800.0, 40.0), 0..0);
        assert_eq!(plain(100, f64::NAN, 800.0, f64::NAN), 0..16);
    }

    #[test]
    fn heads_have_their_own_places_and_heights() {
        let heads = Rc::new(vec![0, 3, 50]);
        let shape = Shape { rows: 100, heads };
        assert_eq!([0, 2, 3, 50].map(|at| shape.place(at)), [1, 3, 5, 53]);
        assert!(shape.has_head(3) && !shape.has_head(4));
        assert_eq!(
            [0..3, 0..4, 3..50, 4..50].map(|rows| shape.heads_in(&rows)),
            [1, 2, 1, 0]
        );
        // Fifty rows of 40 and two heads of 30 lie above the third head.
        let top = 50.0 * 40.0 + 2.0 * 30.0;
        assert_eq!(window(&shape, top, 400.0, (40.0, 30.0)), 42..68);
        assert_eq!(window(&shape, top - 1.0, 400.0, (40.0, 30.0)), 41..68);
    }

    proptest! {
        #[test]
        fn stretches_cover_the_list_once(
            total in 0usize..500, a in 0usize..600, b in 0usize..600, kept in proptest::option::of(0usize..600),
        ) {
            let (a, b) = (a.min(b).min(total), a.max(b).min(total));
            let all = stretches(total, a..b, kept);
            let mut next = 0;
            let mut rendered = Vec::new();
            for stretch in &all {
                match stretch {
                    Stretch::Gap(range) => {
                        prop_assert!(!range.is_empty());
                        prop_assert_eq!(range.start, next);
                        next = range.end;
                    }
                    Stretch::Rows(range) => {
                        prop_assert_eq!(range.start, next);
                        next = range.end;
                        rendered.extend(range.clone());
                    }
                }
            }
            prop_assert_eq!(next, total);
            for row in (a..b).chain(kept.filter(|kept| *kept < total)) {
                prop_assert!(rendered.contains(&row));
            }
            prop_assert!(rendered.len() <= b - a + 1);
        }

        #[test]
        fn every_visible_row_is_in_the_window(
            rows in 0usize..3_000, mut heads in proptest::collection::vec(0usize..3_000, 0..20),
            top in -5_000.0f64..150_000.0, height in 0.0f64..3_000.0, row in 20.0f64..140.0, head in 0.0f64..60.0,
        ) {
            heads.sort_unstable();
            heads.dedup();
            heads.retain(|at| *at < rows);
            let shape = Shape { rows, heads: Rc::new(heads) };
            let shown = window(&shape, top, height, (row, head));
            prop_assert!(shown.start <= shown.end && shown.end <= rows);
            let mut begins = 0.0;
            for at in 0..rows {
                let before = begins;
                begins += row + if shape.has_head(at) { head } else { 0.0 };
                // With a little room for sums of many fractions.
                if begins > top + 0.01 && before < top + height - 0.01 {
                    prop_assert!(shown.contains(&at), "{} of {:?}", at, shown);
                }
            }
            prop_assert!(shown.len() as f64 <= height.max(0.0) / row + 2.0 * MARGIN as f64 + 2.0);
        }
    }
}
