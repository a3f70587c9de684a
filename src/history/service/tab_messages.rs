//! What other tabs and the host page tell the history, and what it tells the tabs.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use super::{History, Inner};
use crate::history::index::remove;
#[cfg(feature = "embed")]
use crate::history::store::Store;
use crate::history::tabs::TabMessage;
use tieline_records::{Outcome, Record};

/// How often a tab that waits for an answer is asked whether it still does, in milliseconds.
const ASK_MS: u32 = 5_000;
/// The pause before a record that could not be read is tried again, at first and at last, in milliseconds.
const PAUSES_MS: [u32; 2] = [250, 4_000];
/// How many such questions a tab may leave without an answer: a busy one answers late, one that was killed never.
const UNANSWERED: u32 = 4;

impl History {
    /// What gives the same for as long as somebody uses it.
    #[cfg(feature = "embed")]
    pub fn weak(&self) -> impl Fn() -> Option<History> {
        let inner = Rc::downgrade(&self.0);
        move || History::from(&inner)
    }

    /// Whether other tabs have the same history.
    pub fn is_shared(&self) -> bool {
        self.0.tabs.reachable()
    }

    pub(super) fn listen(&self) {
        let mut listeners = self.0.listeners.borrow_mut();
        let inner = Rc::downgrade(&self.0);
        listeners.extend(self.0.tabs.listen(move |message| {
            if let Some(history) = History::from(&inner) {
                history.told(message);
            }
        }));
        self.0.tabs.tell(TabMessage::WhoIsSending);
        if let (true, Some(window)) = (self.0.tabs.reachable(), web_sys::window()) {
            let inner = Rc::downgrade(&self.0);
            listeners.push(EventListener::new(&window, "pagehide", move |_| {
                if let Some(history) = History::from(&inner) {
                    history.tell_of_each(TabMessage::Gone);
                }
            }));
        }
    }

    /// Tells the other tabs of each intent whose answer this one waits for.
    fn tell_of_each(&self, message: impl Fn(u64) -> TabMessage) {
        let ids: Vec<u64> = self.0.sending.borrow().keys().copied().collect();
        ids.into_iter().for_each(|id| self.0.tabs.tell(message(id)));
    }

    pub(super) fn from(inner: &Weak<Inner>) -> Option<History> {
        inner.upgrade().map(History)
    }

    /// Takes note of what another tab has told.
    fn told(&self, message: TabMessage) {
        match message {
            TabMessage::WhoIsSending => self.tell_of_each(TabMessage::Sending),
            TabMessage::Sending(id) => {
                // A row that could not be read when it was news is read when it is told of again.
                if self.claimed(id) || self.row(id).is_none() {
                    self.reread(id);
                }
            }
            TabMessage::Gone(id) => {
                self.0.claims.borrow_mut().remove(&id);
                self.notify();
            }
            // A note is a change, too: what is awaited stays so until it is settled.
            TabMessage::Changed(id) => self.reread(id),
            TabMessage::Deleted(id) => {
                if let Some(store) = &*self.0.store.borrow() {
                    store.deleted_elsewhere(id);
                }
                self.edit(|rows| remove(rows, id));
                self.notify();
            }
            TabMessage::ManyChanged => {
                let history = self.clone();
                spawn_local(async move { history.load(true).await });
            }
        }
    }

    /// Believes another tab that it waits for the answer to an intent, for as long as it says so when it is asked: a
    /// tab that is killed says nothing. Returns whether that is news.
    fn claimed(&self, id: u64) -> bool {
        if let Some(asked) = self.0.claims.borrow().get(&id) {
            asked.set(0);
            return false;
        }
        let asked = Rc::new(Cell::new(0));
        self.0.claims.borrow_mut().insert(id, asked.clone());
        let inner = Rc::downgrade(&self.0);
        spawn_local(async move {
            loop {
                TimeoutFuture::new(ASK_MS).await;
                let Some(history) = History::from(&inner) else {
                    return;
                };
                let stands = history.0.claims.borrow().get(&id).cloned();
                if !stands.is_some_and(|stands| Rc::ptr_eq(&stands, &asked)) {
                    return;
                }
                if asked.get() >= UNANSWERED {
                    history.0.claims.borrow_mut().remove(&id);
                    history.notify();
                    return;
                }
                asked.set(asked.get() + 1);
                history.0.tabs.tell(TabMessage::WhoIsSending);
            }
        });
        true
    }

    /// Follows what the host page does to the records that it keeps.
    #[cfg(feature = "embed")]
    pub(super) fn follow(&self, store: &Store) {
        let inner = Rc::downgrade(&self.0);
        let changed = move || {
            if let Some(history) = History::from(&inner) {
                spawn_local(async move {
                    history.store().await.reread().await;
                    history.edit(Vec::clear);
                    history.load(true).await;
                });
            }
        };
        store.subscribe(changed);
    }

    /// Reads a record of which another tab has told, once it can be read: what this page knew before is no news.
    fn reread(&self, id: u64) {
        let inner = Rc::downgrade(&self.0);
        spawn_local(async move {
            let [mut pause, longest] = PAUSES_MS;
            let mut waits = false;
            loop {
                let Some(history) = History::from(&inner) else {
                    return;
                };
                let read = history.store().await.get(id).await;
                // A tab whose records have no home keeps them to itself.
                let nowhere = read.is_none() && !history.store().await.has_home().await;
                if read.is_some() || nowhere {
                    history.0.unread.borrow_mut().remove(&id);
                    if let Some(record) = read.flatten() {
                        history.take_word(&record);
                    }
                    return;
                }
                // Whoever waits for it already reads what is there by now.
                if !history.0.unread.borrow_mut().insert(id) && !waits {
                    return;
                }
                waits = true;
                drop(history);
                TimeoutFuture::new(pause).await;
                pause = longest.min(pause * 2);
            }
        });
    }

    /// Shows what another tab has written.
    fn take_word(&self, record: &Record) {
        if record.outcome != Outcome::Pending {
            self.0.claims.borrow_mut().remove(&record.id);
        }
        self.show(record);
    }
}
