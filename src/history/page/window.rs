//! The rows of a long list that are drawn.

use std::ops::Range;

/// Rows above and below the visible ones that are rendered too, so that a quick scroll shows
/// rows and not paper.
const MARGIN: usize = 12;

/// The rows to render. `top` is how far the list's first row lies above the upper edge of what is
/// visible (negative when it lies below), `height` what is visible, `row` a row's height, all in
/// CSS pixels.
pub fn window(total: usize, top: f64, height: f64, row: f64) -> Range<usize> {
    if row.is_nan() || row <= 0.0 {
        return 0..total.min(2 * MARGIN);
    }
    // `as` takes NaN and negative numbers to 0 and large ones to the greatest.
    let first = (top / row).floor() as usize;
    let last = ((top + height) / row).ceil() as usize;
    let end = last.saturating_add(MARGIN).min(total);
    first.saturating_sub(MARGIN).min(end)..end
}

/// A stretch of the list.
#[derive(PartialEq, Eq, Debug)]
pub enum Stretch {
    /// This many rows that are not rendered.
    Gap(usize),
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
            all.push(Stretch::Gap(range.start - next));
        }
        next = range.end;
        all.push(Stretch::Rows(range));
    }
    if next < total {
        all.push(Stretch::Gap(total - next));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_window_is_what_is_visible_and_a_margin() {
        assert_eq!(window(50_000, 0.0, 800.0, 40.0), 0..32);
        assert_eq!(window(50_000, -300.0, 800.0, 40.0), 0..25);
        assert_eq!(window(50_000, 40_000.0, 800.0, 40.0), 988..1032);
        assert_eq!(window(10, 0.0, 800.0, 40.0), 0..10);
        assert_eq!(window(10, 1e12, 800.0, 40.0), 10..10);
        assert_eq!(window(0, 0.0, 800.0, 40.0), 0..0);
        assert_eq!(window(100, f64::NAN, 800.0, f64::NAN), 0..24);
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
                    Stretch::Gap(rows) => {
                        prop_assert!(*rows > 0);
                        next += rows;
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
            total in 0usize..100_000, top in -5_000.0f64..5_000_000.0, height in 0.0f64..3_000.0, row in 20.0f64..140.0,
        ) {
            let shown = window(total, top, height, row);
            prop_assert!(shown.start <= shown.end && shown.end <= total);
            for at in shown.clone() {
                let above = (at as f64 + 1.0) * row < top - (MARGIN as f64 + 1.0) * row;
                // Of a list that lies below, the first rows are rendered for the scroll to come.
                let below = at as f64 * row > (top + height).max(0.0) + (MARGIN as f64 + 1.0) * row;
                prop_assert!(!above && !below);
            }
            // The middle of what is visible, when a row lies there, is rendered.
            let middle = ((top + height / 2.0) / row).floor();
            if middle >= 0.0 && (middle as usize) < total {
                prop_assert!(shown.contains(&(middle as usize)));
            }
        }
    }
}
