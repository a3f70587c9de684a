//! The functions that an element's JavaScript calls; see static/embed/tieline.js, and for the meaning of every
//! option, event and function static/embed/tieline.d.ts.

use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
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

/// Shows a console in an element with these options. `emit` takes the names of events, their
/// details and the number of the form that they come from, if from one, and returns false for one that was
/// cancelled.
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
    /// Takes other options. The promise is kept when they are drawn, so that what is asked of the form from then
    /// on is asked of the one with these options.
    pub fn update(&self, options: JsValue) -> Promise {
        let refill = self.host_page.change(options);
        self.app.send_message(Act::Options { refill });
        self.host_page.all_drawn()
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

    /// Submits the form in sight. There comes the event `outcome` or `declined`.
    pub fn submit(&self) {
        self.host_page.submit();
    }

    /// The history as the JSON that its page exports.
    ///
    /// # Errors
    /// When what reads the history cannot be loaded.
    #[wasm_bindgen(js_name = exportHistory)]
    pub fn export_history(&self) -> Promise {
        let mount = self.mount.clone();
        future_to_promise(async move {
            let LoadState::Ready(ready) = lazy::load().await else {
                return Err(error("load", "The history could not be loaded."));
            };
            let exported = chunks::export(ready, mount).await;
            let silent = || error("history", "The history could not be read in time.");
            exported.map(JsValue::from).ok_or_else(silent)
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
                Err(error("load", "The second part could not be loaded."))
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

/// What is wrong with the input for an operation: parameters by wire name, as JSON.
///
/// # Errors
/// When there is no such operation, or before [`complete`].
#[wasm_bindgen]
pub fn check(operation: &str, values: &str) -> Result<JsValue, JsValue> {
    ask(Question::Check(operation, values))
}

/// The request that the input for an operation leads to, without credentials; personal data is
/// masked.
///
/// # Errors
/// When there is no such operation, or the values are not its parameters, or before [`complete`].
#[wasm_bindgen]
pub fn preview(operation: &str, values: &str) -> Result<JsValue, JsValue> {
    ask(Question::Preview(operation, values))
}

/// The code that the input for an operation can be had as, for a target such as `python`; credentials and
/// personal data are read from the environment by it.
///
/// # Errors
/// When there is no such operation or target, when the target has nothing for it, when the values are not its
/// parameters, or before [`complete`].
#[wasm_bindgen]
pub fn code(operation: &str, values: &str, target: &str) -> Result<JsValue, JsValue> {
    ask(Question::Code(operation, values, target))
}

fn ask(question: Question) -> Result<JsValue, JsValue> {
    let ready = lazy::ready().ok_or_else(|| error("early", "Await ready() first."))?;
    chunks::answer(ready, question).map_err(|text| error("argument", &text))
}

/// An error with the reason that `ErrorCode` in static/embed/tieline.d.ts names.
fn error(code: &str, text: &str) -> JsValue {
    let error = js_sys::Error::new(text);
    let _ = Reflect::set(&error, &JsValue::from_str("code"), &JsValue::from_str(code));
    error.into()
}
