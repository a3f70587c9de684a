//! Finding records: those that pass a filter, in an order, and those of what a vendor calls its request.

use tieline_catalog::{creations, Lang};
use tieline_records::{Outcome, Record, Verdict};

use super::History;
use crate::history::columns::Column;
use crate::history::filter::{Filter, Rows};
use crate::history::index::{Row, Summary};
use crate::history::sort::Sort;
use crate::history::used_tags::{tag_list, UsedTags};
use crate::platform::dom;

/// More records are not read for one request id.
const MOST: usize = 8;
/// The newest records that are read for the tags in them, and how long that may take, in milliseconds: a storage
/// that does not answer is not asked a hundred times.
const TAGGED: usize = 100;
const TAGGED_MS: f64 = 2_000.0;

impl History {
    /// What is to be said about a row's resource now, and the outcome that its row shows.
    pub fn standing(&self, row: &Summary) -> (Outcome, Verdict) {
        (self.shown(row), self.verdict(row))
    }

    /// The status of a row's resource, as the list shows it.
    pub fn status(&self, row: &Summary, lang: Lang) -> String {
        let told = self.standing(row);
        Column::Status.text(row, told, &|_| 0, lang).into_owned()
    }

    /// All rows in an order.
    pub fn sorted(&self, sort: Sort, lang: Lang) -> Rows {
        sort.apply(self.all(), |row| self.standing(row), lang)
    }

    /// Those of `rows` that pass a filter, in their order. Each key in the filter asks for this, and what is
    /// sorted stays sorted.
    pub fn filtered(&self, rows: &Rows, filter: &Filter) -> Rows {
        if filter.is_empty() {
            return rows.clone();
        }
        let now = dom::now() as u64;
        filter.apply(rows, (now, &dom::minutes_ahead), |row| self.verdict(row))
    }

    /// The tags of the newest resources of the operations that take any.
    pub async fn used_tags(&self) -> UsedTags {
        self.loaded().await;
        let takes: Vec<bool> = creations().map(|op| tag_list(op).is_some()).collect();
        let tagged = |row: &Row| {
            let takes = row.creation().and_then(|at| takes.get(at));
            takes == Some(&true) && self.shown(row) == Outcome::Created
        };
        let (mut records, began) = (Vec::new(), dom::now());
        for id in self.ids(TAGGED, tagged) {
            if dom::now() - began > TAGGED_MS {
                break;
            }
            records.extend(self.record(id).await);
        }
        UsedTags::of(&records)
    }

    /// The records whose request has this id, newest first.
    pub async fn of_request(&self, id: &str) -> Vec<Record> {
        self.loaded().await;
        let filter = Filter {
            text: id.to_string(),
            ..Filter::default()
        };
        let rows = self.filtered(&self.all(), &filter);
        let mut records = Vec::new();
        for row in rows.iter().take(MOST) {
            let record = self.record(row.id).await;
            let own = |record: &Record| {
                let request = record.request_id.as_deref();
                request.is_some_and(|own| own.eq_ignore_ascii_case(id.trim()))
            };
            records.extend(record.filter(own));
        }
        records
    }
}
