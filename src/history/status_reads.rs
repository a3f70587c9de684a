//! Asking about the resources of records: of several in one read, where the API takes several ids.

use tieline_catalog::answer::{read_back, Found};
use tieline_catalog::reconcile::together;
use tieline_catalog::Valid;

use super::service::History;
use crate::client::{read, Target};
use tieline_records::Record;

/// A read, and the records about whose resources it tells.
pub struct Question {
    /// The read.
    pub read: Valid,
    /// The records. Each has a resource.
    pub about: Vec<Record>,
}

impl Question {
    /// Whether it is about what was sent to a sandbox: all of it is, or nothing.
    pub fn simulated(&self) -> bool {
        self.about.iter().any(|record| record.simulated)
    }

    /// Asks it. What other keys than those that made one of them do not find is no answer.
    pub async fn ask(&self, target: &Target) -> Found {
        let made = |record: &Record| record.resource_id.clone().zip(record.signer());
        let made: Vec<_> = self.about.iter().filter_map(made).collect();
        read(target, &self.read, self.simulated(), &made).await
    }
}

impl History {
    /// The question about the first of these records, and in the same read about as many of the others as it
    /// takes. `None` when there is none about the first.
    pub async fn question(&self, ids: &[u64], target: &Target) -> Option<Question> {
        let (first, others) = ids.split_first()?;
        let first = self.askable(*first, target).await?;
        let op = first.operation()?;
        let alone = read_back(op, first.resource_id.as_deref()?, &first.raw());
        let many = together(op, &first.raw()).filter(|_| !others.is_empty());
        let (simulated, signer) = (first.simulated, first.signer());
        let mut about = vec![first];
        if let Some(many) = many {
            for id in others {
                if about.len() >= many.most {
                    break;
                }
                let other = self.askable(*id, target).await;
                about.extend(other.filter(|other| {
                    let same = |op| together(op, &other.raw()).as_ref() == Some(&many);
                    let alike = other.operation == op.name && other.simulated == simulated;
                    // That other keys do not find one of them would refuse the answer about all.
                    let alike = alike && other.signer() == signer;
                    alike && other.operation().is_some_and(same)
                }));
            }
            let ids = about
                .iter()
                .filter_map(|record| record.resource_id.as_deref());
            if let Some(read) = many.about(ids).filter(|_| about.len() > 1) {
                return Some(Question { read, about });
            }
            about.truncate(1);
        }
        Some(Question {
            read: alone?,
            about,
        })
    }

    /// A record whose resource can be asked about at `target`.
    async fn askable(&self, id: u64, target: &Target) -> Option<Record> {
        let record = self.record(id).await?;
        let here = record.endpoint == target.name() && record.resource_id.is_some();
        here.then_some(record)
    }
}
