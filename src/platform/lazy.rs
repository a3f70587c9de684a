//! Loading of the second WebAssembly file, and the only way to call what lies in it.
//!
//! A release build is divided in two (`xtask/pack`): whatever only the entry points lead to goes into
//! a file of its own, so that the first visit transfers less. An entry point is a function in a module
//! called `entry_points`; each is called through [`enter`] with a [`ChunkReady`], which proves that the
//! second file is there. Other code need not know what went where. Other builds are one file, and
//! loading does nothing.

use std::cell::Cell;
use std::hint::black_box;

#[cfg(not(feature = "embed"))]
use js_sys::Reflect;
use js_sys::{Function, Promise};
#[cfg(not(feature = "embed"))]
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{spawn_local, JsFuture};
use yew::prelude::*;

/// The function that static/start.js puts on the global object. It returns a promise.
#[cfg(not(feature = "embed"))]
const LOADER: &str = "tielineLater";

/// The proof that the second file has been loaded.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ChunkReady(());

#[cfg(feature = "embed")]
thread_local! {
    static SET: Cell<Option<Function>> = const { Cell::new(None) };
}

thread_local! {
    static READY: Cell<Option<ChunkReady>> = const { Cell::new(None) };
}

/// Calls an entry point through a pointer that the compiler cannot see through; a direct call would
/// pull all that lies behind it into the first file.
pub fn enter<P, R>(_: ChunkReady, entry: fn(P) -> R, argument: P) -> R {
    black_box(entry)(argument)
}

/// How far loading is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum LoadState {
    /// Not asked for, or on its way.
    Absent,
    /// It could not be loaded.
    Failed,
    /// It is there.
    Ready(ChunkReady),
}

/// Loads the second file once it is `wanted`; a new `attempt` tries again.
#[hook]
pub fn use_lazy(wanted: bool, attempt: u32) -> LoadState {
    let state = use_state_eq(|| READY.get().map_or(LoadState::Absent, LoadState::Ready));
    {
        let state = state.clone();
        use_effect_with((wanted, attempt), move |(wanted, _)| {
            if *wanted && !matches!(*state, LoadState::Ready(_)) {
                state.set(LoadState::Absent);
                spawn_local(async move {
                    state.set(load().await);
                });
            }
        });
    }
    *state
}

/// The proof, when the second file has been loaded already.
#[cfg(feature = "embed")]
pub fn ready() -> Option<ChunkReady> {
    READY.get()
}

/// Loads the second file, once.
pub async fn load() -> LoadState {
    attempt().await.map_or(LoadState::Failed, LoadState::Ready)
}

/// The function that loads the second file, in a build that has one.
#[cfg(not(feature = "embed"))]
fn loader() -> Option<Function> {
    let loader = Reflect::get(&js_sys::global(), &JsValue::from_str(LOADER));
    loader.ok()?.dyn_into().ok()
}

#[cfg(feature = "embed")]
fn loader() -> Option<Function> {
    SET.take().inspect(|loader| SET.set(Some(loader.clone())))
}

/// Sets the function that loads the second file. An element's is not on the global object, where
/// another copy of it could take it for its own.
#[cfg(feature = "embed")]
pub fn set_loader(loader: Function) {
    SET.set(Some(loader));
}

async fn attempt() -> Result<ChunkReady, JsValue> {
    if READY.get().is_none() {
        if let Some(loader) = loader() {
            JsFuture::from(Promise::resolve(&loader.call0(&JsValue::NULL)?)).await?;
        }
        READY.set(Some(ChunkReady(())));
    }
    READY.get().ok_or(JsValue::NULL)
}
