//! What is found among the rows of the index. Pure.

use std::ops::{Deref, Range};
use std::rc::Rc;

use memchr::memmem::Finder;
use tieline_catalog::creations;

use super::index::Summary;
use super::time::{beginning, day, number, Ahead};
use crate::platform::dom;
use tieline_records::Verdict;

/// Rows that were found. One list is another one as soon as it was made anew: nobody compares tens of
/// thousands of rows to find out that they need not be drawn.
#[derive(Clone, Default)]
pub struct Rows(Rc<Vec<Rc<Summary>>>);

impl PartialEq for Rows {
    fn eq(&self, other: &Rows) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Rows {
    type Target = [Rc<Summary>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl From<Vec<Rc<Summary>>> for Rows {
    fn from(rows: Vec<Rc<Summary>>) -> Rows {
        Rows(Rc::new(rows))
    }
}

/// The filter of the records.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Filter {
    /// Only this operation.
    pub operation: Option<&'static str>,
    /// Only those of which this is to be said now.
    pub verdict: Option<Verdict>,
    /// Only those that contain every word of this.
    pub text: String,
    /// Only those that were written then.
    pub period: Period,
}

/// A time of which somebody wants to see the records.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum Period {
    /// Whenever.
    #[default]
    Any,
    /// In the last so many days, today included.
    Days(u64),
    /// From a day to another, both included, each written `2026-11-21`; what is no day sets no bound.
    Range(String, String),
}

impl Period {
    /// The choices without a range.
    pub const CHOICES: [Period; 4] = [
        Period::Any,
        Period::Days(1),
        Period::Days(7),
        Period::Days(30),
    ];

    /// The first moment and the one after the last, where clocks are so far ahead of UTC.
    fn bounds(&self, now: u64, ahead: Ahead) -> Range<u64> {
        let begins = |day: u64| beginning(day, ahead);
        match self {
            Period::Any => 0..u64::MAX,
            Period::Days(days) => {
                let before = days.saturating_sub(1);
                begins(number(now, ahead).saturating_sub(before))..u64::MAX
            }
            Period::Range(from, to) => {
                let to = day(to).map_or(u64::MAX, |to| begins(to + 1));
                day(from).map(begins).unwrap_or_default()..to
            }
        }
    }
}

impl Filter {
    /// Whether it lets everything pass.
    pub fn is_empty(&self) -> bool {
        self.operation.is_none()
            && self.verdict.is_none()
            && self.text.trim().is_empty()
            && self.period == Period::Any
    }

    /// The rows that pass, in their order, at the time `now` where clocks are so far `ahead` of UTC.
    /// `verdict` gives what is to be said now, which depends on
    /// whether somebody waits for an answer.
    pub fn apply(
        &self,
        rows: &[Rc<Summary>],
        (now, ahead): (u64, Ahead),
        verdict: impl Fn(&Summary) -> Verdict,
    ) -> Rows {
        let text = dom::lower_case(&self.text);
        let words: Vec<Word> = text.split_whitespace().map(Word::of).collect();
        let period = self.period.bounds(now, ahead);
        rows.iter()
            .filter(|row| {
                period.contains(&row.created)
                    && self.operation.is_none_or(|name| *row.operation == *name)
                    && self.verdict.is_none_or(|wanted| verdict(row) == wanted)
                    && words.iter().all(|word| word.is_in(row))
            })
            .cloned()
            .collect::<Vec<_>>()
            .into()
    }
}

/// A word of the free text.
struct Word<'a> {
    finder: Finder<'a>,
    /// The operations whose title has it, in either language.
    operations: Vec<&'static str>,
}

impl Word<'_> {
    fn of(word: &str) -> Word<'_> {
        let titled = creations().filter(|op| {
            let titles = [op.title.en, op.title.zh];
            titles
                .iter()
                .any(|title| dom::lower_case(title).contains(word))
        });
        Word {
            finder: Finder::new(word),
            operations: titled.map(|op| op.name).collect(),
        }
    }

    fn is_in(&self, row: &Summary) -> bool {
        self.finder.find(row.haystack.as_bytes()).is_some()
            || self.operations.contains(&&*row.operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::index::tests::rows;

    fn ids(filter: Filter) -> Vec<u64> {
        let rows = filter.apply(&rows(), (0, &|_| 0), |row| row.verdict);
        rows.iter().map(|row| row.id).collect()
    }

    #[test]
    fn a_filter_takes_operation_outcome_and_words() {
        let text = |text: &str| Filter {
            text: text.into(),
            ..Filter::default()
        };
        assert_eq!(ids(text("BACKBONE berlin")), [2]);
        assert_eq!(ids(text("北京")), [4]);
        assert_eq!(ids(text("straße res-1")), [1]);
        assert_eq!(ids(text("key-3")), [3]);
        assert_eq!(ids(text("berlin res-1")), [] as [u64; 0]);
        assert_eq!(
            ids(Filter {
                operation: Some("CreateCen"),
                ..text(" ")
            }),
            [2, 1]
        );
        // An abandoned intent counts as what it shows.
        assert_eq!(
            ids(Filter {
                verdict: Some(Verdict::Unknown),
                ..text("")
            }),
            [4, 2]
        );
    }

    #[test]
    fn a_period_is_of_whole_days_here() {
        // 2026-11-21 at 00:30 in Beijing, which is the day before in London.
        let (hour, length) = (3_600_000, 24 * 3_600_000);
        let now = day("2026-11-20").unwrap() * length + 16 * hour + hour / 2;
        let bounds = |period: Period| period.bounds(now, &|_| 480);
        assert!(bounds(Period::Days(1)).contains(&now));
        assert!(
            !bounds(Period::Days(1)).contains(&(now - hour)),
            "yesterday"
        );
        assert!(bounds(Period::Days(7)).contains(&(now - 6 * length)));
        assert!(!bounds(Period::Days(7)).contains(&(now - 6 * length - hour)));
        let range = |from: &str, to: &str| bounds(Period::Range(from.into(), to.into()));
        assert!(range("2026-11-21", "2026-11-21").contains(&now));
        assert!(!range("2026-11-20", "2026-11-20").contains(&now));
        assert!(range("", "2026-11-21").contains(&0) && range("2026-11-21", "").contains(&now));
    }

    #[test]
    fn a_period_is_of_the_days_that_clocks_said_then() {
        // Summer time ended on 2026-10-25 at 01:00 UTC.
        let hour = 3_600_000;
        let ended = day("2026-10-25").unwrap() * 24 * hour + hour;
        let ahead = |ms| if ms < ended { 120 } else { 60 };
        let bounds = |period: Period, now| period.bounds(now, &ahead);
        let range = |day: &str| bounds(Period::Range(day.into(), day.into()), 0);
        let day = |text: &str| day(text).unwrap() * 24 * hour;
        let summer = day("2026-07-15") - 2 * hour;
        assert_eq!(range("2026-07-15"), summer..summer + 24 * hour);
        let last = day("2026-10-25") - 2 * hour;
        assert_eq!(range("2026-10-25"), last..last + 25 * hour);
        let now = day("2026-10-28");
        assert_eq!(
            bounds(Period::Days(7), now).start,
            day("2026-10-22") - 2 * hour
        );
    }

    #[test]
    fn the_text_looks_at_parameters_and_titles() {
        let text = |text: &str| Filter {
            text: text.into(),
            ..Filter::default()
        };
        let title = tieline_catalog::find("CreateCen").unwrap().title;
        assert_eq!(ids(text(title.zh)), [2, 1]);
        assert_eq!(ids(text(&title.en.to_uppercase())), [2, 1]);
    }
}
