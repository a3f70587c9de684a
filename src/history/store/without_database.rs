//! Intents and changes where there is no database: in memory, and at the host page.

#[cfg(feature = "embed")]
use super::host_page::HostStore;
use super::{Begun, Known, Store};
#[cfg(feature = "embed")]
use super::{Home, PATIENCE_MS};
use crate::history::index::fingerprint;
use tieline_records::{first_id, Record};

impl Store {
    /// Takes an intent up as [`Store::begin`] does, where there is no database.
    pub(super) async fn begin_beside(&self, record: Record, known: &Known<'_>) -> Begun {
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            // Not every host page tells of what others have written.
            host_page.reread(&self.memory, Some(PATIENCE_MS)).await;
        }
        let key = record.intent_key();
        let met = |other: &Record| other.operation == record.operation && other.intent_key() != key;
        let news = self.news_in_memory(known);
        if news.iter().any(met) {
            return Begun::Met(news);
        }
        #[cfg(feature = "embed")]
        let before = self.in_memory(&key);
        let record = self.begin_in_memory(record);
        #[cfg(feature = "embed")]
        if let Home::HostPage(host_page) = &self.home {
            if !host_page.begin(&record).await {
                // Nothing leaves, so that nothing has changed.
                let mut memory = self.memory.borrow_mut();
                memory.remove(&record.id);
                memory.extend(before.map(|before| (before.id, before)));
                return Begun::Refused;
            }
        }
        Begun::Recorded(Box::new(record))
    }

    /// What is in memory and not [`Known`].
    pub(super) fn news_in_memory(&self, known: &Known<'_>) -> Vec<Record> {
        let memory = self.memory.borrow();
        let news = memory
            .values()
            .filter(|record| match (known.updated)(record.id) {
                None => true,
                Some(at) => record.updated > at && known.watched.contains(&record.id),
            });
        news.cloned().collect()
    }

    pub(super) fn in_memory(&self, intent_key: &str) -> Option<Record> {
        let memory = self.memory.borrow();
        let mut records = memory.values();
        records.find(|r| r.intent_key() == intent_key).cloned()
    }

    pub(super) fn begin_in_memory(&self, record: Record) -> Record {
        let known = self.in_memory(&record.intent_key());
        let mut memory = self.memory.borrow_mut();
        let record = match known {
            Some(known) => known.resume(record),
            None => {
                let mut id = first_id(record.created, fingerprint(&record.key) as u32);
                while memory.contains_key(&id) {
                    id += 1;
                }
                Record { id, ..record }
            }
        };
        memory.insert(record.id, record.clone());
        record
    }

    /// Gives the host page a record that has changed, with what others have written of it meanwhile: it keeps
    /// the version that is newer, and not the events of both. One that somebody has deleted comes back if that
    /// `revives` it; otherwise there is none.
    #[cfg(feature = "embed")]
    pub(super) async fn hand_over(
        &self,
        host_page: &HostStore,
        changed: Record,
        revives: bool,
    ) -> Option<Record> {
        host_page.reread(&self.memory, Some(PATIENCE_MS)).await;
        let id = changed.id;
        let both = self.memory.borrow().get(&id).cloned();
        let Some(both) = both.or_else(|| revives.then_some(changed)) else {
            self.forget(id);
            return None;
        };
        self.memory.borrow_mut().insert(id, both.clone());
        self.remember(&both);
        let records = std::slice::from_ref(&both);
        host_page.hand_over(records, Some(PATIENCE_MS)).await;
        Some(both)
    }
}
