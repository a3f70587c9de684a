//! What an element's JavaScript calls; see static/embed/tieline.js, and for the meaning of every
//! option, event and function static/embed/tieline.d.ts.

pub mod detail;

use js_sys::{Function, Promise, JSON};
use tieline_catalog::{Raw, Violation};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Element;
use yew::AppHandle;

use crate::app::{Act, App, Props};
use crate::guest::{creation, Guest};
use crate::later::{self, Part};
use crate::place::Place;
use detail::Violations;

/// A console in an element.
#[wasm_bindgen]
pub struct Mounted {
    app: AppHandle<App>,
    place: Place,
}

/// Shows a console in an element with these options. `emit` takes the names of events and their
/// details, and returns false for one that was cancelled.
#[wasm_bindgen]
pub fn mount(root: Element, options: JsValue, emit: Function) -> Mounted {
    let place = Place::with(Some(Guest::new(options, emit)));
    let props = Props {
        place: place.clone(),
    };
    Mounted {
        app: yew::Renderer::<App>::with_root_and_props(root, props).render(),
        place,
    }
}

#[wasm_bindgen]
impl Mounted {
    /// Takes other options.
    pub fn update(&self, options: JsValue) {
        if let Some(guest) = self.place.guest() {
            let refill = guest.change(options);
            self.app.send_message(Act::Wish(refill));
        }
    }

    /// What is wrong with the form in sight.
    pub fn check(&self) -> JsValue {
        self.place.guest().map_or(JsValue::NULL, Guest::check)
    }

    /// Submits the form in sight; false when there is none.
    pub fn submit(&self) -> bool {
        self.place.guest().is_some_and(Guest::submit)
    }

    /// The history as the JSON that its page exports.
    ///
    /// # Errors
    /// When what reads the history cannot be loaded.
    #[wasm_bindgen(js_name = exportHistory)]
    pub fn export_history(&self) -> Promise {
        let place = self.place.clone();
        future_to_promise(async move {
            match later::load().await {
                Part::Here(loaded) => Ok(JsValue::from(loaded.export(place).await)),
                Part::Absent | Part::Failed => {
                    Err(JsError::new("The history could not be loaded.").into())
                }
            }
        })
    }

    /// Takes the console away.
    pub fn unmount(self) {
        if let Some(guest) = self.place.guest() {
            guest.leave();
        }
        self.app.destroy();
    }
}

/// Sets the function that loads the second part; it returns a promise.
#[wasm_bindgen]
pub fn loader(load: Function) {
    later::set_loader(load);
}

/// All operations that create something, with their parameters.
#[wasm_bindgen]
pub fn operations() -> JsValue {
    detail::operations()
}

/// What is wrong with the input for an operation: an object of parameters by wire name.
///
/// # Errors
/// When there is no such operation.
#[wasm_bindgen]
pub fn check(operation: &str, values: &JsValue) -> Result<JsValue, JsError> {
    let violations = match read(operation, values)? {
        Ok((op, raw)) => tieline_catalog::check(op, &raw).violations,
        Err(violations) => violations,
    };
    Ok(detail::value(&Violations(&violations)))
}

/// The request that the input for an operation leads to, without credentials; personal data is
/// masked.
///
/// # Errors
/// When there is no such operation, or the values are not its parameters.
#[wasm_bindgen]
pub fn preview(operation: &str, values: &JsValue) -> Result<JsValue, JsError> {
    match read(operation, values)? {
        Ok((op, raw)) => Ok(detail::preview(op, &raw)),
        Err(violations) => {
            let texts = violations.iter().map(|v| v.message.en.as_str());
            Err(JsError::new(&texts.collect::<Vec<_>>().join(" ")))
        }
    }
}

type Input = (&'static tieline_catalog::Operation, Raw);

fn read(operation: &str, values: &JsValue) -> Result<Result<Input, Vec<Violation>>, JsError> {
    let op = creation(operation)
        .ok_or_else(|| JsError::new(&format!("There is no operation {operation:?}.")))?;
    let json = JSON::stringify(values)
        .ok()
        .and_then(|json| json.as_string());
    // What is no JSON at all, such as a function, is no object either, which is then said.
    let raw = Raw::from_json(op, json.as_deref().unwrap_or("null"));
    Ok(raw.map(|raw| (op, raw)))
}
