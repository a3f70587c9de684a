//! The part of the page that is loaded when it is needed, and the gates to it.
//!
//! A release build is divided in two (`xtask/pack`): whatever only the functions in [`gates`] lead
//! to goes into a file of its own, so that the first visit transfers less. Code here and elsewhere
//! need not know what went where. There is one rule: a gate is passed only with a [`Loaded`],
//! which proves that the second file is there. Other builds are one file, and loading does nothing.

use std::cell::Cell;
use std::hint::black_box;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{spawn_local, JsFuture};
use yew::prelude::*;

use crate::form::desk::{Desk, DeskProps};
use crate::history::{HistoryPage, HistoryProps};
use crate::page::{SettingsPage, SettingsProps};

/// The function that static/start.js puts on the global object. It returns a promise.
const LOADER: &str = "tielineLater";

/// The proof that what is loaded later is there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Loaded(());

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
}

/// Calls a gate through a pointer that the compiler cannot see through; a direct call would pull
/// all that lies behind it into the first file.
fn pass<P>(gate: fn(P) -> Html, props: P) -> Html {
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

/// Loads what is loaded later, once.
pub async fn load() -> Part {
    attempt().await.map_or(Part::Failed, Part::Here)
}

async fn attempt() -> Result<Loaded, JsValue> {
    if LOADED.get().is_none() {
        let loader = Reflect::get(&js_sys::global(), &JsValue::from_str(LOADER))?;
        if let Ok(loader) = loader.dyn_into::<Function>() {
            JsFuture::from(Promise::resolve(&loader.call0(&JsValue::NULL)?)).await?;
        }
        LOADED.set(Some(Loaded(())));
    }
    LOADED.get().ok_or(JsValue::NULL)
}
