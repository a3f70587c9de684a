//! The functions that an element's JavaScript calls; see static/embed/tieline.js, and for the meaning of every
//! option, event and function static/embed/tieline.d.ts.

use std::rc::Rc;

use js_sys::{Function, Promise, JSON};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Element;
use yew::AppHandle;

use super::chunks;
use super::host_page::JsHostPage;
use super::payload::Question;
use crate::platform::lazy::{self, LoadState};
use crate::platform::mount::Mount;
use crate::shell::app::{Act, App, Props};

/// A console in an element.
#[wasm_bindgen]
pub struct Mounted {
    app: AppHandle<App>,
    mount: Mount,
    host_page: JsHostPage,
}

/// Shows a console in an element with these options. `emit` takes the names of events and their
/// details, and returns false for one that was cancelled.
#[wasm_bindgen]
pub fn mount(root: Element, options: JsValue, emit: Function) -> Mounted {
    let host_page = JsHostPage::new(options, emit);
    let mount = Mount::element(Rc::new(host_page.clone()));
    let props = Props {
        mount: mount.clone(),
    };
    Mounted {
        app: yew::Renderer::<App>::with_root_and_props(root, props).render(),
        mount,
        host_page,
    }
}

#[wasm_bindgen]
impl Mounted {
    /// Takes other options.
    pub fn update(&self, options: JsValue) {
        let refill = self.host_page.change(options);
        self.app.send_message(Act::Options { refill });
    }

    /// The violations of the form in sight.
    ///
    /// # Errors
    /// Before [`complete`].
    pub fn check(&self) -> Result<JsValue, JsValue> {
        let report = self.host_page.report();
        let violations = report.as_ref().map(|report| report.violations.as_slice());
        ask(Question::Violations(violations.unwrap_or_default()))
    }

    /// Submits the form in sight; false when there is none.
    pub fn submit(&self) -> bool {
        self.host_page.submit()
    }

    /// The history as the JSON that its page exports.
    ///
    /// # Errors
    /// When what reads the history cannot be loaded.
    #[wasm_bindgen(js_name = exportHistory)]
    pub fn export_history(&self) -> Promise {
        let mount = self.mount.clone();
        future_to_promise(async move {
            match lazy::load().await {
                LoadState::Ready(ready) => Ok(JsValue::from(chunks::export(ready, mount).await)),
                LoadState::Absent | LoadState::Failed => {
                    Err(error("The history could not be loaded."))
                }
            }
        })
    }

    /// Takes the console away.
    pub fn unmount(self) {
        self.host_page.leave();
        self.app.destroy();
    }
}

/// Sets the function that loads the second part; it returns a promise.
#[wasm_bindgen]
pub fn loader(load: Function) {
    lazy::set_loader(load);
}

/// Loads the second part, without which [`operations`], [`check`] and [`preview`] cannot answer.
///
/// # Errors
/// When it cannot be loaded.
#[wasm_bindgen]
pub fn complete() -> Promise {
    future_to_promise(async {
        match lazy::load().await {
            LoadState::Ready(_) => Ok(JsValue::UNDEFINED),
            LoadState::Absent | LoadState::Failed => {
                Err(error("The second part could not be loaded."))
            }
        }
    })
}

/// All operations that create something, with their parameters.
///
/// # Errors
/// Before [`complete`].
#[wasm_bindgen]
pub fn operations() -> Result<JsValue, JsValue> {
    ask(Question::Operations)
}

/// What is wrong with the input for an operation: an object of parameters by wire name.
///
/// # Errors
/// When there is no such operation, or before [`complete`].
#[wasm_bindgen]
pub fn check(operation: &str, values: &JsValue) -> Result<JsValue, JsValue> {
    ask(Question::Check(operation, &json(values)))
}

/// The request that the input for an operation leads to, without credentials; personal data is
/// masked.
///
/// # Errors
/// When there is no such operation, or the values are not its parameters, or before [`complete`].
#[wasm_bindgen]
pub fn preview(operation: &str, values: &JsValue) -> Result<JsValue, JsValue> {
    ask(Question::Preview(operation, &json(values)))
}

fn ask(question: Question) -> Result<JsValue, JsValue> {
    let ready = lazy::ready().ok_or_else(|| error("Await ready() first."))?;
    chunks::answer(ready, question).map_err(|text| error(&text))
}

fn error(text: &str) -> JsValue {
    js_sys::Error::new(text).into()
}

/// What is no JSON at all, such as a function, is no object either, which is then said.
fn json(values: &JsValue) -> String {
    let json = JSON::stringify(values)
        .ok()
        .and_then(|json| json.as_string());
    json.unwrap_or_else(|| "null".to_string())
}
