//! The history that a file tells of: a list of its own, which is only read.

use wasm_bindgen_futures::spawn_local;

use super::History;
use crate::history::store::Store;
use crate::history::tabs::Tabs;
use tieline_records::Record;

impl History {
    /// The history of the records of a file, and begins to list them. It has no home but this, and no other tab
    /// hears of it.
    pub(in crate::history) fn of_file(records: Vec<Record>) -> History {
        let history = History::new(Tabs::none());
        history.keep_in(Store::of_file(records));
        let listed = history.clone();
        spawn_local(async move { listed.load(false).await });
        history
    }

    /// Whether it is that of a file. Of its records nobody asks the cloud anything, and no form is filled: the
    /// question whether something was sent before does not know them.
    pub fn is_of_file(&self) -> bool {
        let store = self.0.store.borrow();
        store.as_ref().is_some_and(|store| store.is_of_file())
    }
}
