//! Loading of the second WebAssembly file, and the only way to call what lies in it.
//!
//! A release build is divided in two (`xtask/pack`): whatever only the entry points lead to goes into
//! a file of its own, so that the first visit transfers less. An entry point is a function in a module
//! called `entry_points`; each is called through [`enter`] with a [`ChunkReady`], which proves that the
//! second file is there. Other code need not know what went where. Other builds are one file, and
//! loading does nothing.

use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::rc::Rc;

#[cfg(not(feature = "embed"))]
use js_sys::Reflect;
use js_sys::{Function, Promise};
#[cfg(not(feature = "embed"))]
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{spawn_local, JsFuture};

use super::dom;
use super::latch::Latch;

/// The function that static/start.js puts on the global object. It returns a promise.
#[cfg(not(feature = "embed"))]
const LOADER: &str = "tielineLater";

/// How long the second file may take before who waits for it is told, in milliseconds.
const LOADING_MS: u32 = 20_000;

/// How long the second file may wait for an idle moment of the browser, in milliseconds.
const IDLE_MS: u32 = 2_000;

/// The proof that the second file has been loaded.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ChunkReady(());

#[cfg(feature = "embed")]
thread_local! {
    static SET: Cell<Option<Function>> = const { Cell::new(None) };
}

thread_local! {
    static READY: Cell<Option<ChunkReady>> = const { Cell::new(None) };
    /// The load that is under way, which everybody waits for who needs the file. A second one at the same
    /// time would make the file's memory anew under what already lives in it.
    static LOADING: RefCell<Option<Rc<Latch>>> = const { RefCell::new(None) };
}

/// Calls an entry point through a pointer that the compiler cannot see through; a direct call would
/// pull all that lies behind it into the first file.
pub fn enter<P, R>(_: ChunkReady, entry: fn(P) -> R, argument: P) -> R {
    black_box(entry)(argument)
}

/// The state of loading.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum LoadState {
    /// Not asked for, or on its way.
    Absent,
    /// It could not be loaded.
    Failed,
    /// It is there.
    Ready(ChunkReady),
}

/// The proof, when the second file has been loaded already.
pub fn ready() -> Option<ChunkReady> {
    READY.get()
}

/// Loads the second file, once for everybody. After a failure, or when it took too long, the next call
/// tries again or waits on.
pub async fn load() -> LoadState {
    if READY.get().is_none() {
        let loading = LOADING.with_borrow_mut(|loading| loading.get_or_insert_with(begin).clone());
        dom::within(LOADING_MS, loading.opened()).await;
    }
    READY.get().map_or(LoadState::Failed, LoadState::Ready)
}

/// Loads it as soon as the browser has nothing better to do: nobody waits for it yet, and everybody will.
pub async fn load_when_idle() -> LoadState {
    if READY.get().is_none() {
        dom::idle(IDLE_MS).await;
    }
    load().await
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

/// Begins to load. The latch opens when that has ended, one way or the other.
fn begin() -> Rc<Latch> {
    let ended = Rc::new(Latch::default());
    let latch = ended.clone();
    spawn_local(async move {
        if attempt().await.is_ok() {
            READY.set(Some(ChunkReady(())));
        }
        LOADING.take();
        latch.open();
    });
    ended
}

async fn attempt() -> Result<(), JsValue> {
    if let Some(loader) = loader() {
        JsFuture::from(Promise::resolve(&loader.call0(&JsValue::NULL)?)).await?;
    }
    Ok(())
}
