//! The part of the page that is loaded when it is needed, and the gates to it.
//!
//! A release build is divided in two (`xtask/pack`): whatever only the functions in [`gates`] lead
//! to goes into a file of its own, so that the first visit transfers less. Code here and elsewhere
//! need not know what went where. There is one rule: a gate is passed only with a [`Loaded`],
//! which proves that the second file is there. Other builds are one file, and loading does nothing.

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

#[cfg(feature = "embed")]
use crate::embed::detail::Question;
use crate::form::desk::{Desk, DeskProps};
use crate::history::{HistoryPage, HistoryProps};
use crate::page::{SettingsPage, SettingsProps};
#[cfg(feature = "embed")]
use crate::place::Place;

/// The function that static/start.js puts on the global object. It returns a promise.
#[cfg(not(feature = "embed"))]
const LOADER: &str = "tielineLater";

/// The proof that what is loaded later is there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Loaded(());

#[cfg(feature = "embed")]
thread_local! {
    static SET: Cell<Option<Function>> = const { Cell::new(None) };
}

/// The history as JSON, once it has been read.
#[cfg(feature = "embed")]
pub type Exported = std::pin::Pin<Box<dyn std::future::Future<Output = String>>>;

thread_local! {
    static LOADED: Cell<Option<Loaded>> = const { Cell::new(None) };
}

/// What leads to the second file. Nothing else does, so they are small and call no other gate.
mod gates {
    use super::*;

    pub fn history(props: HistoryProps) -> Html {
        html! { <HistoryPage ..props /> }
    }

    pub fn settings(props: SettingsProps) -> Html {
        html! { <SettingsPage ..props /> }
    }

    pub fn desk(props: DeskProps) -> Html {
        html! { <Desk ..props /> }
    }

    #[cfg(feature = "embed")]
    pub fn export(place: Place) -> Exported {
        Box::pin(crate::history::exported(place))
    }

    #[cfg(feature = "embed")]
    pub fn answer(question: Question) -> Result<JsValue, String> {
        crate::embed::detail::answer(question)
    }
}

impl Loaded {
    /// The page of the history.
    pub fn history(self, props: HistoryProps) -> Html {
        pass(gates::history, props)
    }

    /// The page of the settings.
    pub fn settings(self, props: SettingsProps) -> Html {
        pass(gates::settings, props)
    }

    /// The part of a form's page that sends.
    pub fn desk(self, props: DeskProps) -> Html {
        pass(gates::desk, props)
    }

    /// What JavaScript asks for.
    #[cfg(feature = "embed")]
    pub fn answer(self, question: Question) -> Result<JsValue, String> {
        pass(gates::answer, question)
    }

    /// The history of a console as JSON.
    #[cfg(feature = "embed")]
    pub fn export(self, place: Place) -> Exported {
        pass(gates::export, place)
    }
}

/// Calls a gate through a pointer that the compiler cannot see through; a direct call would pull
/// all that lies behind it into the first file.
fn pass<P, R>(gate: fn(P) -> R, props: P) -> R {
    black_box(gate)(props)
}

/// How far loading is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Part {
    /// Not asked for, or on its way.
    Absent,
    /// It could not be loaded.
    Failed,
    /// It is there.
    Here(Loaded),
}

/// Loads what is loaded later once it is `wanted`; a new `turn` tries again.
#[hook]
pub fn use_later(wanted: bool, turn: u32) -> Part {
    let part = use_state_eq(|| LOADED.get().map_or(Part::Absent, Part::Here));
    {
        let part = part.clone();
        use_effect_with((wanted, turn), move |(wanted, _)| {
            if *wanted && !matches!(*part, Part::Here(_)) {
                part.set(Part::Absent);
                spawn_local(async move {
                    part.set(load().await);
                });
            }
        });
    }
    *part
}

/// The proof, when what is loaded later is there already.
#[cfg(feature = "embed")]
pub fn loaded() -> Option<Loaded> {
    LOADED.get()
}

/// Loads what is loaded later, once.
pub async fn load() -> Part {
    attempt().await.map_or(Part::Failed, Part::Here)
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

async fn attempt() -> Result<Loaded, JsValue> {
    if LOADED.get().is_none() {
        if let Some(loader) = loader() {
            JsFuture::from(Promise::resolve(&loader.call0(&JsValue::NULL)?)).await?;
        }
        LOADED.set(Some(Loaded(())));
    }
    LOADED.get().ok_or(JsValue::NULL)
}
