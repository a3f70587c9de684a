//! The records of a file, which are read and never written: nothing of them has a home here.

use std::collections::BTreeMap;

use super::{Home, Store};
use tieline_records::{first_id, Record};

impl Store {
    /// A store of what a file has. Each of its records is there, also where two are of one intent.
    pub fn of_file(mut records: Vec<Record>) -> Store {
        records.sort_by_key(|record| record.created);
        let (mut memory, mut free) = (BTreeMap::new(), 0);
        for record in records {
            // The files of others may have very many of one moment, among which nobody looks for a free id.
            let id = first_id(record.created, 0).max(free);
            free = id + 1;
            memory.insert(id, Record { id, ..record });
        }
        let store = Store::of(Home::File);
        store.memory.replace(memory);
        store
    }

    /// Whether its records are those of a file.
    pub fn is_of_file(&self) -> bool {
        matches!(self.home, Home::File)
    }
}
