//! What a read reported about the resource of a record.

use tieline_catalog::answer::Found;
use tieline_records::Record;

/// A record as it is by now, with what a read reported about the resource that it had when it was `asked` about.
/// `None` when that tells nothing new, or the record has another resource since.
pub fn observed(mut now: Record, asked: &Record, found: &Found, ms: u64) -> Option<Record> {
    let same = now.resource_id == asked.resource_id;
    (same && now.observe(found, ms)).then_some(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_catalog::answer::Item;

    /// Its answer may come after another one has told what the request made.
    #[test]
    fn a_read_tells_nothing_of_a_resource_that_it_was_not_asked_about() {
        let item = |id: &str| Item {
            id: id.into(),
            status: Some("Active".into()),
            fields: Vec::new(),
        };
        let mut asked = Record::blank();
        asked.adopt(&item("cen-1"), false, None, 1_000);
        let mut other = asked.clone();
        other.adopt(&item("cen-2"), false, None, 2_000);
        assert_eq!(other.resource_id.as_deref(), Some("cen-2"));
        let missing = Found::Items(Vec::new());
        assert!(observed(other, &asked, &missing, 3_000).is_none());
        let gone = observed(asked.clone(), &asked, &missing, 3_000).expect("news");
        assert!(gone.absent);
    }
}
