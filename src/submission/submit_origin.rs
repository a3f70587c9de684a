//! Whether a form was submitted by its button or by Enter in one of its fields, which browsers report alike.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, ShadowRoot};
use yew::prelude::*;

use crate::platform::mount::Mount;

/// What takes text, and submits its form on Enter.
const FIELDS: &str = "input, select, textarea";

/// Whether the last submit was by the button, as far as that is certain: to be taken once for each.
#[hook]
pub fn use_submit_origin(mount: &Mount) -> Rc<Cell<bool>> {
    let pressed = use_memo((), |()| Cell::new(false));
    {
        let pressed = pressed.clone();
        use_effect_with(mount.root(), move |root| {
            let root = root.cast::<Element>();
            let listener = root.map(|root| {
                EventListener::new(&root, "submit", move |event| {
                    let form = event.target().and_then(|t| t.dyn_into::<Element>().ok());
                    // A press leaves the focus on the button or, in some browsers, nowhere.
                    let focused = form.and_then(|form| focused(&form));
                    let in_field = focused.is_some_and(|e| e.matches(FIELDS).unwrap_or(true));
                    pressed.set(!in_field);
                })
            });
            move || drop(listener)
        });
    }
    pressed
}

/// What has the keyboard focus, in the document or in the element that a console is.
fn focused(within: &Element) -> Option<Element> {
    let root = within.get_root_node();
    match root.dyn_ref::<ShadowRoot>() {
        Some(root) => root.active_element(),
        None => root.dyn_ref::<Document>()?.active_element(),
    }
}
