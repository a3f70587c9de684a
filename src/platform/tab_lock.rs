//! A lock among all tabs of this origin.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Where this tab stands. At most one request for the lock is out at a time: of two the later one would be told
/// that somebody holds the lock, which is the earlier one, and nobody would let go of that.
#[derive(PartialEq, Debug, Default)]
enum State<R> {
    #[default]
    Free,
    Asking,
    /// What lets go of it.
    Held(R),
    /// A request is out, and nobody wants it any more.
    Gone,
}

impl<R> State<R> {
    /// Nobody wants it any more. Returns what lets go of it.
    fn leave(&mut self) -> Option<R> {
        match std::mem::take(self) {
            State::Held(release) => return Some(release),
            State::Asking | State::Gone => *self = State::Gone,
            State::Free => {}
        }
        None
    }

    /// The request that was out has brought the lock, or nothing. Whether the lock is kept.
    fn answered(&mut self, release: Option<R>) -> bool {
        *self = match (std::mem::take(self), release) {
            (State::Asking, Some(release)) => State::Held(release),
            _ => State::Free,
        };
        matches!(self, State::Held(_))
    }
}

/// A lock that one tab of all holds, until it lets go of it or goes away. A browser without such locks lets
/// everybody hold it. Let go of when it is dropped.
pub struct TabLock {
    name: String,
    state: Rc<RefCell<State<Function>>>,
    /// Nobody held it when that was asked last.
    free: Rc<Cell<bool>>,
}

impl TabLock {
    /// The lock of this name, which this tab does not hold yet.
    pub fn new(name: String) -> TabLock {
        TabLock {
            name,
            state: Rc::default(),
            free: Rc::default(),
        }
    }

    /// Whether this tab holds it. Otherwise it is asked for, and held from some later moment on if nobody else
    /// holds it: ask again then.
    pub fn hold(&self) -> bool {
        match &*self.state.borrow() {
            State::Held(_) => return true,
            State::Asking | State::Gone => return false,
            State::Free => {}
        }
        match self.ask() {
            Some(()) => false,
            None => true,
        }
    }

    /// Whether nobody held it when this was asked last: ask again, for what is so now. It is not held for that.
    pub fn was_free(&self) -> bool {
        let free = self.free.clone();
        let asked = self.request(move |lock| {
            free.set(!lock.is_null());
            JsValue::UNDEFINED
        });
        asked.is_none() || self.free.get()
    }

    /// Lets go of it.
    pub fn release(&self) {
        let release = self.state.borrow_mut().leave();
        if let Some(release) = release {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }

    /// Asks for it, if it is free. `None` where there are no locks.
    fn ask(&self) -> Option<()> {
        let state = self.state.clone();
        self.state.replace(State::Asking);
        let asked = self.request(move |lock| {
            let mut release = None;
            let held = Promise::new(&mut |resolve, _| release = Some(resolve));
            let kept = release.filter(|_| !lock.is_null());
            match state.borrow_mut().answered(kept) {
                true => held.into(),
                false => JsValue::UNDEFINED,
            }
        });
        let Some(asked) = asked else {
            self.state.replace(State::Free);
            return None;
        };
        let state = self.state.clone();
        spawn_local(async move {
            // An origin that may not have locks is told so here.
            if wasm_bindgen_futures::JsFuture::from(asked).await.is_err() {
                state.replace(State::Free);
            }
        });
        Some(())
    }

    /// Asks the browser for it, if it is free. `granted` gets it, or null, and returns what it is held for.
    fn request(&self, granted: impl FnOnce(JsValue) -> JsValue + 'static) -> Option<Promise> {
        let navigator = web_sys::window()?.navigator();
        let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
        let request = Reflect::get(&locks, &JsValue::from_str("request")).ok()?;
        let request: Function = request.dyn_into().ok()?;
        let options = Object::new();
        let only_free = JsValue::from_str("ifAvailable");
        Reflect::set(&options, &only_free, &JsValue::TRUE).ok()?;
        let granted = Closure::once_into_js(granted);
        let name = JsValue::from_str(&self.name);
        let asked = request.call3(&locks, &name, &options, &granted).ok()?;
        asked.dyn_into().ok()
    }
}

impl Drop for TabLock {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_nobody_wants_any_more_is_let_go_of_when_it_comes() {
        let mut state = State::Asking;
        assert!(state.answered(Some("release")));
        assert_eq!(state.leave(), Some("release"));
        assert_eq!(state, State::Free);

        let mut state = State::Asking;
        assert_eq!(state.leave(), None);
        assert!(!state.answered(Some("release")), "it is not kept");
        assert_eq!(state, State::Free);
    }

    #[test]
    fn while_a_request_is_out_no_other_is_sent_however_often_it_is_let_go_of() {
        let mut state = State::Asking;
        for _ in 0..3 {
            assert_eq!(state.leave(), None);
            assert_eq!(state, State::Gone, "only what is free is asked for");
        }
        assert!(!state.answered(Some("release")));
        assert_eq!(state, State::Free);
        assert_eq!(state.leave(), None::<&str>);
        assert_eq!(state, State::Free);
    }

    #[test]
    fn what_somebody_else_holds_is_asked_for_again() {
        let mut state = State::Asking;
        assert!(!state.answered(None::<&str>));
        assert_eq!(state, State::Free);
    }
}
