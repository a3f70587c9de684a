//! What other tabs and the host page tell the history, and what it tells the tabs.

use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use super::{History, Inner, CLAIM_MS};
use crate::history::index::remove;
#[cfg(feature = "embed")]
use crate::history::store::Store;
use crate::history::tabs::TabMessage;
use crate::platform::dom;

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
                self.claimed(id);
                self.reread(id);
            }
            TabMessage::Gone(id) => {
                self.0.claims.borrow_mut().remove(&id);
                self.notify();
            }
            TabMessage::Changed(id) => {
                self.0.claims.borrow_mut().remove(&id);
                self.reread(id);
            }
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

    /// Believes another tab that it waits for the answer to an intent, for as long as that can be. A tab that is
    /// killed says nothing.
    fn claimed(&self, id: u64) {
        let until = dom::now() + CLAIM_MS;
        self.0.claims.borrow_mut().insert(id, until);
        let inner = Rc::downgrade(&self.0);
        spawn_local(async move {
            TimeoutFuture::new(CLAIM_MS as u32).await;
            let Some(history) = History::from(&inner) else {
                return;
            };
            let over = history.0.claims.borrow().get(&id) == Some(&until);
            if over {
                history.0.claims.borrow_mut().remove(&id);
                history.notify();
            }
        });
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

    fn reread(&self, id: u64) {
        let history = self.clone();
        spawn_local(async move {
            if let Some(record) = history.record(id).await {
                history.show(&record);
            }
        });
    }
}
