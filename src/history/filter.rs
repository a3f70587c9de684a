//! What is found among the rows of the index. Pure.

use std::ops::Index;
use std::rc::Rc;

use tieline_catalog::creations;

use super::haystack::Needle;
use super::index::{Row, Summary};
use super::period::Period;
use super::time::Ahead;
use crate::platform::dom;
use tieline_records::Verdict;

/// Some of the rows that the index had at a moment, in an order: places in it, because to take tens of
/// thousands of rows in hand costs more than to find them. One list is another one as soon as it was made anew:
/// nobody compares so many rows to find out that they need not be drawn.
#[derive(Clone, Default)]
pub struct Rows {
    index: Rc<Vec<Row>>,
    /// All of them as they stand there, without.
    places: Option<Rc<Vec<u32>>>,
}

impl PartialEq for Rows {
    fn eq(&self, other: &Rows) -> bool {
        let same = match (&self.places, &other.places) {
            (Some(own), Some(others)) => Rc::ptr_eq(own, others),
            (own, others) => own.is_none() && others.is_none(),
        };
        same && Rc::ptr_eq(&self.index, &other.index)
    }
}

impl From<Rc<Vec<Row>>> for Rows {
    fn from(index: Rc<Vec<Row>>) -> Rows {
        let places = None;
        Rows { index, places }
    }
}

impl Index<usize> for Rows {
    type Output = Row;

    fn index(&self, at: usize) -> &Row {
        &self.index[self.place(at)]
    }
}

impl Rows {
    /// Their number.
    pub fn len(&self) -> usize {
        let places = self.places.as_ref().map(|places| places.len());
        places.unwrap_or(self.index.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at this place.
    pub fn get(&self, at: usize) -> Option<&Row> {
        (at < self.len()).then(|| &self[at])
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        (0..self.len()).map(|at| &self[at])
    }

    /// The rows at these places, in this order.
    pub fn at(&self, places: impl IntoIterator<Item = usize>) -> Rows {
        let places = places.into_iter().map(|at| self.place(at) as u32).collect();
        Rows {
            index: self.index.clone(),
            places: Some(Rc::new(places)),
        }
    }

    /// Those that are wanted, in their order. The list stays the same one if that is all of them.
    pub fn only(&self, wanted: impl Fn(&Row) -> bool) -> Rows {
        let found = self.at((0..self.len()).filter(|at| wanted(&self[*at])));
        match found.len() == self.len() {
            true => self.clone(),
            false => found,
        }
    }

    /// The place in the index of the row at this one.
    fn place(&self, at: usize) -> usize {
        let places = self.places.as_ref();
        places.map_or(at, |places| places[at] as usize)
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
        rows: &Rows,
        (now, ahead): (u64, Ahead),
        verdict: impl Fn(&Summary) -> Verdict,
    ) -> Rows {
        let text = dom::lower_case(&self.text);
        let words: Vec<Word> = text.split_whitespace().map(Word::of).collect();
        let period = self.period.bounds(now, ahead);
        // First what needs no look at what a row shows.
        rows.only(|row| {
            words.iter().all(|word| word.is_in(row))
                && (self.period == Period::Any || period.contains(&row.created))
                && self.operation.is_none_or(|name| *row.operation == *name)
                && self.verdict.is_none_or(|wanted| verdict(row) == wanted)
        })
    }
}

/// A word of the free text.
struct Word<'a> {
    needle: Needle<'a>,
    /// Whether the title of a creation has it, in either language, by the creation's place among them.
    titled: Vec<bool>,
}

impl Word<'_> {
    fn of(word: &str) -> Word<'_> {
        let titled = creations().map(|op| {
            let titles = [op.title.en, op.title.zh];
            titles
                .iter()
                .any(|title| dom::lower_case(title).contains(word))
        });
        Word {
            needle: Needle::of(word),
            titled: titled.collect(),
        }
    }

    fn is_in(&self, row: &Row) -> bool {
        let titled = row.creation().and_then(|at| self.titled.get(at));
        titled == Some(&true) || self.needle.is_in(row.haystack())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::index::tests::rows;
    use crate::history::index::{absorb, remove, rows_of, upsert};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::{json, Value};
    use std::collections::BTreeMap;
    use tieline_records::{Outcome, Record};

    fn ids(filter: Filter) -> Vec<u64> {
        let rows = Rows::from(Rc::new(rows()));
        let found = filter.apply(&rows, (0, &|_| 0), |row| row.verdict);
        found.iter().map(|row| row.id).collect()
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
    fn the_text_looks_at_parameters_and_titles() {
        let text = |text: &str| Filter {
            text: text.into(),
            ..Filter::default()
        };
        let title = tieline_catalog::find("CreateCen").unwrap().title;
        assert_eq!(ids(text(title.zh)), [2, 1]);
        assert_eq!(ids(text(&title.en.to_uppercase())), [2, 1]);
    }

    /// What happens to a history.
    #[derive(Clone, Debug)]
    enum Step {
        Put(Box<Record>),
        PutMany(Vec<Record>),
        Note(u64, String),
        Remove(u64),
    }

    /// Texts that are alike, in both languages.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "(vpc|VPC|cen)-[0-3a]{1,3}",
            "[北京专线网关]{1,3}",
            "[aÄİß_. ]{0,3}",
            "\\PC{0,4}"
        ]
    }

    fn record() -> impl Strategy<Value = Record> {
        let names: Vec<&str> = creations().map(|op| op.name).chain(["Retired"]).collect();
        let params = (text(), text(), 0u32..30)
            .prop_map(|(name, other, number)| json!({ "Name": name, "More": [other, { "Number": number }, true] }));
        (
            (1u64..12, prop::sample::select(names), params),
            (prop::option::of(text()), prop::option::of(text()), text()),
        )
            .prop_map(
                |((id, operation, params), (resource_id, code, key))| Record {
                    id,
                    operation: operation.into(),
                    params,
                    created: id,
                    updated: id,
                    key,
                    outcome: Outcome::Unknown,
                    resource_id,
                    code,
                    ..Record::blank()
                },
            )
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            record().prop_map(|record| Step::Put(Box::new(record))),
            vec(record(), 0..30).prop_map(Step::PutMany),
            (1u64..12, text()).prop_map(|(id, note)| Step::Note(id, note)),
            (1u64..12).prop_map(Step::Remove),
        ];
        vec(step, 1..8)
    }

    /// All texts of a record in which a word is looked for.
    fn texts(record: &Record) -> Vec<String> {
        fn leaves(value: &Value, all: &mut Vec<String>) {
            match value {
                Value::Object(members) => members.values().for_each(|value| leaves(value, all)),
                Value::Array(items) => items.iter().for_each(|value| leaves(value, all)),
                Value::String(text) => all.push(text.clone()),
                Value::Number(number) => all.push(number.to_string()),
                _ => {}
            }
        }
        let mut all = vec![record.operation.clone(), record.key.clone()];
        leaves(&record.params, &mut all);
        let titles = record.operation().map(|op| [op.title.en, op.title.zh]);
        all.extend(titles.into_iter().flatten().map(str::to_string));
        let known = [
            &record.resource_id,
            &record.status,
            &record.request_id,
            &record.code,
        ];
        all.extend(known.into_iter().flatten().cloned());
        all.extend(record.state().note);
        let requests = record.events.iter().filter_map(|event| event.request_id());
        all.extend(requests.map(str::to_string));
        all.iter().map(|text| text.to_lowercase()).collect()
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_plain_look_at_every_record_finds(
            steps in steps(), typed in text(), part in any::<prop::sample::Index>(), whole: bool,
        ) {
            let (mut rows, mut records) = (Vec::new(), BTreeMap::new());
            for step in steps {
                match step {
                    Step::Put(record) => {
                        upsert(&mut rows, Row::of(&record));
                        records.insert(record.id, *record);
                    }
                    Step::PutMany(many) => {
                        let new: BTreeMap<u64, Record> = many.into_iter().map(|r| (r.id, r)).collect();
                        absorb(&mut rows, rows_of(new.values()), true);
                        records.extend(new);
                    }
                    Step::Note(id, note) => {
                        if let Some(record) = records.get_mut(&id) {
                            record.annotate(&note, 100);
                            upsert(&mut rows, Row::of(record));
                        }
                    }
                    Step::Remove(id) => {
                        prop_assert_eq!(remove(&mut rows, id), records.remove(&id).is_some());
                    }
                }
            }
            // What some record has, and what may be nowhere.
            let there: Vec<String> = records.values().flat_map(texts).collect();
            let there = match there.is_empty() {
                true => String::new(),
                false => part.get(&there).clone(),
            };
            let text = if whole { there } else { there.chars().skip(1).take(3).chain(typed.chars()).collect() };
            let filter = Filter { text: text.clone(), ..Filter::default() };
            let all = Rows::from(Rc::new(rows));
            let found = filter.apply(&all, (0, &|_| 0), |row| row.verdict);
            let found: Vec<u64> = found.iter().map(|row| row.id).collect();
            let text = text.to_lowercase();
            let has = |record: &&Record| {
                let texts = texts(record);
                text.split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
            };
            let expected: Vec<u64> = records.values().rev().filter(has).map(|record| record.id).collect();
            prop_assert_eq!(found, expected, "{:?}", text);
        }
    }
}
