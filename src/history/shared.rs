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
                let history = hosted(&storage);
                own.replace((storage, history.clone()));
                history
            }
        }
    }
}

/// Gives a history for as long as somebody uses it.
#[cfg(feature = "embed")]
type Weak = Box<dyn Fn() -> Option<History>>;

#[cfg(feature = "embed")]
thread_local! {
    /// The histories that host pages keep, for as long as somebody uses them.
    static HOSTED: RefCell<Vec<(HistoryStorage, Weak)>> = const { RefCell::new(Vec::new()) };
}

/// The history in a storage that is not the browser's. Consoles with the same store of a host page share it: each
/// must hear of what the other is about to record.
#[cfg(feature = "embed")]
fn hosted(storage: &HistoryStorage) -> History {
    if *storage == HistoryStorage::Nowhere {
        return History::start(storage);
    }
    HOSTED.with_borrow_mut(|hosted| {
        hosted.retain(|(_, history)| history().is_some());
        let there = hosted.iter().find(|(there, _)| there == storage);
        if let Some(history) = there.and_then(|(_, history)| history()) {
            return history;
        }
        let history = History::start(storage);
        hosted.push((storage.clone(), Box::new(history.weak())));
        history
    })
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
