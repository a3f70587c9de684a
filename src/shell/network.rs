//! Whether there is a network, as far as a browser knows: without one no proxy is down, and none has to be started.
//!
//! It is loaded lazily, with the banner that says so.

use gloo_events::EventListener;
use yew::prelude::*;

/// The properties of [`Network`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Asks for a new check of the connection.
    pub recheck: Callback<()>,
}

/// Has the connection checked whenever the network goes or comes. It shows nothing.
#[component]
pub fn Network(props: &Props) -> Html {
    use_effect_with(props.recheck.clone(), |recheck| {
        let listeners = web_sys::window().map(|window| {
            ["online", "offline"].map(|event| {
                let recheck = recheck.clone();
                EventListener::new(&window, event, move |_| recheck.emit(()))
            })
        });
        move || drop(listeners)
    });
    Html::default()
}

/// Whether the browser says that there is none. A proxy on this computer answers nevertheless.
pub fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}
