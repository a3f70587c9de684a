//! Finding a record by what a vendor calls its request.

use tieline_records::Record;

use super::History;
use crate::history::filter::Filter;

/// More records are not read for one request id.
const MOST: usize = 8;

impl History {
    /// The records whose request has this id, newest first.
    pub async fn of_request(&self, id: &str) -> Vec<Record> {
        self.loaded().await;
        let filter = Filter {
            text: id.to_string(),
            ..Filter::default()
        };
        let rows = self.filtered(&filter);
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
