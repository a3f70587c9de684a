//! Whether a form was submitted by its button or by Enter in one of its fields, which browsers report alike.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::platform::mount::Mount;

/// What takes text, and submits its form on Enter.
pub const FIELDS: &str = "input, select, textarea";

/// Whether the last submit was by the button, as far as that is certain: to be taken once for each.
#[hook]
pub fn use_submit_origin(mount: &Mount) -> Rc<Cell<bool>> {
    let pressed = use_memo((), |()| Cell::new(false));
    {
        let pressed = pressed.clone();
        use_effect_with(mount.root(), move |root| {
            // From above all that Yew listens to, and on the way down: it acts on the event before the next is told.
            let root = root.cast::<Element>().map(|root| root.get_root_node());
            let options = EventListenerOptions::run_in_capture_phase();
            let listener = root.map(|root| {
                EventListener::new_with_options(&root, "submit", options, move |event| {
                    let form = event.target().and_then(|t| t.dyn_into::<Element>().ok());
                    // A press leaves the focus on the button or, in some browsers, nowhere.
                    let focused = form.and_then(|form| focused(&form));
                    let in_field = focused.is_some_and(|e| !matches!(e.closest(FIELDS), Ok(None)));
                    pressed.set(!in_field);
                })
            });
            move || drop(listener)
        });
    }
    pressed
}

/// What has the keyboard focus, in the document or in the element that a console is: both tell it in the same
/// words.
fn focused(within: &Element) -> Option<Element> {
    let focused = Reflect::get(&within.get_root_node(), &"activeElement".into());
    focused.ok()?.dyn_into().ok()
}
