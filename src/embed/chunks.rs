//! The parts of the package that are loaded lazily; see [`crate::platform::lazy`].

use std::future::Future;
use std::pin::Pin;

use wasm_bindgen::JsValue;

use super::payload::Question;
use crate::platform::dom::within;
use crate::platform::lazy::{enter, ChunkReady};
use crate::platform::mount::Mount;

/// How long the history may take to be exported, in milliseconds.
const EXPORTING_MS: u32 = 60_000;

/// The history as JSON, once it has been read; `None` when that takes too long.
pub type Exported = Pin<Box<dyn Future<Output = Option<String>>>>;

/// The functions that lead to the second file. Nothing else does, so they are small and call no other entry point.
mod entry_points {
    use super::*;

    pub fn export(mount: Mount) -> Exported {
        Box::pin(within(EXPORTING_MS, crate::history::exported(mount)))
    }

    pub fn answer(question: Question) -> Result<JsValue, String> {
        crate::embed::payload::answer(question)
    }
}

/// The answer to a question of JavaScript.
///
/// # Errors
/// The question's own, for the caller.
pub fn answer(ready: ChunkReady, question: Question) -> Result<JsValue, String> {
    enter(ready, entry_points::answer, question)
}

/// The history of a console as JSON.
pub fn export(ready: ChunkReady, mount: Mount) -> Exported {
    enter(ready, entry_points::export, mount)
}
