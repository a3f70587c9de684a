//! The history of a console: the origin's, or the one where its host page wants it at present.

#[cfg(feature = "embed")]
use std::cell::RefCell;
#[cfg(feature = "embed")]
use std::rc::Rc;

use super::service::History;
use crate::platform::host_page::HistoryStorage;
use crate::platform::mount::Mount;

thread_local! {
    static SHARED: History = History::start(&HistoryStorage::Browser);
}

/// The history of a mount that keeps its own, with the storage that it is in.
#[cfg(feature = "embed")]
#[derive(Clone, Default)]
struct Own(Rc<RefCell<Option<(HistoryStorage, History)>>>);

#[cfg(feature = "embed")]
impl Own {
    /// The one in this storage. What is under way in another keeps that one until it is done.
    fn within(&self, storage: HistoryStorage) -> History {
        let mut own = self.0.borrow_mut();
        match &*own {
            Some((there, history)) if *there == storage => history.clone(),
            _ => {
                let history = History::start(&storage);
                own.replace((storage, history.clone()));
                history
            }
        }
    }
}

impl History {
    /// The history of a console. The first call opens it and begins to read it; another one is opened when
    /// the host page wants it kept elsewhere.
    pub fn of(mount: &Mount) -> History {
        match mount.history_storage() {
            HistoryStorage::Browser => SHARED.with(History::clone),
            #[cfg(feature = "embed")]
            storage => mount.service(Own::default).within(storage),
        }
    }
}
