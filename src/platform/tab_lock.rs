//! A lock among all tabs of this origin.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

#[derive(Default)]
enum State {
    #[default]
    Free,
    Asking,
    /// Calling this lets go of it.
    Held(Function),
    /// Nobody wants it any more.
    Gone,
}

/// A lock that one tab of all holds, until it lets go of it or goes away. A browser without such locks lets
/// everybody hold it. Let go of when it is dropped.
pub struct TabLock {
    name: String,
    state: Rc<RefCell<State>>,
}

impl TabLock {
    /// The lock of this name, which this tab does not hold yet.
    pub fn new(name: String) -> TabLock {
        TabLock {
            name,
            state: Rc::default(),
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

    /// Lets go of it.
    pub fn release(&self) {
        self.leave(State::Free);
    }

    fn leave(&self, next: State) {
        let before = self.state.replace(next);
        match before {
            State::Held(release) => drop(release.call0(&JsValue::UNDEFINED)),
            // What is granted meanwhile is let go of there.
            State::Asking => drop(self.state.replace(State::Gone)),
            State::Free | State::Gone => {}
        }
    }

    /// Asks for it, if it is free. `None` where there are no locks.
    fn ask(&self) -> Option<()> {
        let navigator = web_sys::window()?.navigator();
        let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
        let request = Reflect::get(&locks, &JsValue::from_str("request")).ok()?;
        let request: Function = request.dyn_into().ok()?;
        let options = Object::new();
        let only_free = JsValue::from_str("ifAvailable");
        Reflect::set(&options, &only_free, &JsValue::TRUE).ok()?;
        let state = self.state.clone();
        let granted = move |lock: JsValue| -> JsValue {
            let mut state = state.borrow_mut();
            if lock.is_null() || !matches!(*state, State::Asking) {
                *state = State::Free;
                return JsValue::UNDEFINED;
            }
            let mut release = None;
            let held = Promise::new(&mut |resolve, _| release = Some(resolve));
            *state = release.map_or(State::Free, State::Held);
            held.into()
        };
        let granted = Closure::once_into_js(granted);
        self.state.replace(State::Asking);
        let name = JsValue::from_str(&self.name);
        let asked = request.call3(&locks, &name, &options, &granted);
        let Ok(Ok(asked)) = asked.map(JsCast::dyn_into::<Promise>) else {
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
}

impl Drop for TabLock {
    fn drop(&mut self) {
        self.leave(State::Gone);
    }
}
