//! Notes beside records.

use super::History;
use crate::platform::dom;

impl History {
    /// Writes a note beside a record in place of the one that is there; see
    /// [`tieline_records::Record::annotate`]. Returns whether that was new.
    pub async fn annotate(&self, id: u64, text: &str) -> bool {
        let noted = self.change(id, |stored| {
            let mut record = stored?;
            record.annotate(text, dom::now() as u64).then_some(record)
        });
        noted.await
    }
}
