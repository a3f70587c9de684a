//! Input methods: while one composes, nothing is checked and nothing is sent.

use yew::prelude::*;

use super::state::{Act, Form};

/// Tells the form when an input method composes. Yew does not know these events.
#[hook]
pub fn use_composition(node: &NodeRef, form: &UseReducerHandle<Form>) {
    let form = form.dispatcher();
    use_effect_with(node.clone(), move |node| {
        let listen = |name: &'static str, on: bool| {
            let form = form.clone();
            let element = node.cast::<web_sys::Element>()?;
            Some(gloo_events::EventListener::new(&element, name, move |_| {
                form.dispatch(Act::Compose(on));
            }))
        };
        let listeners = [
            listen("compositionstart", true),
            listen("compositionend", false),
        ];
        move || drop(listeners)
    });
}
