//! A file that the user chose once and the page writes again and again, where the browser lets pages do that
//! (File System Access).

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

/// The function that asks the user for a file.
const PICKER: &str = "showSaveFilePicker";

/// A file that the user chose. The browser's database can keep it.
#[derive(Clone, PartialEq, Debug)]
pub struct ChosenFile(JsValue);

/// Whether the browser lets a page ask for a file that it may write again.
pub fn can_choose() -> bool {
    picker().is_some()
}

fn picker() -> Option<Function> {
    let picker = Reflect::get(&js_sys::global(), &JsValue::from_str(PICKER));
    picker.ok()?.dyn_into().ok()
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // A fresh object takes every member.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// Asks the user for a JSON file to be written, which a press must have led to. `None` when they choose none.
pub async fn choose(name: &str) -> Option<ChosenFile> {
    let accept = object(&[("application/json", Array::of1(&".json".into()).into())]);
    let kinds = Array::of1(&object(&[("accept", accept)]));
    let options = object(&[("suggestedName", name.into()), ("types", kinds.into())]);
    let asked = picker()?.call1(&js_sys::global(), &options).ok()?;
    let file = JsFuture::from(Promise::resolve(&asked)).await.ok()?;
    Some(ChosenFile(file))
}

/// What the browser says of an error.
fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &JsValue::from_str("message")).ok();
    let message = message.and_then(|message| message.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}

/// Calls a method and waits for what it promises.
async fn call(of: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let function = Reflect::get(of, &JsValue::from_str(method))?;
    let function: Function = function.dyn_into()?;
    let promised = function.call1(of, argument)?;
    JsFuture::from(Promise::resolve(&promised)).await
}

impl ChosenFile {
    /// The file that the database has kept.
    pub fn kept(value: JsValue) -> Option<ChosenFile> {
        value.is_object().then_some(ChosenFile(value))
    }

    /// What the database keeps.
    pub fn value(&self) -> &JsValue {
        &self.0
    }

    /// Its name.
    pub fn name(&self) -> String {
        let name = Reflect::get(&self.0, &JsValue::from_str("name"));
        name.ok()
            .and_then(|name| name.as_string())
            .unwrap_or_default()
    }

    /// Whether the page may write it now.
    pub async fn is_allowed(&self) -> bool {
        self.permission("queryPermission").await
    }

    /// Asks the user whether the page may write it, which a press must have led to.
    pub async fn ask(&self) -> bool {
        self.permission("requestPermission").await
    }

    async fn permission(&self, method: &str) -> bool {
        let mode = object(&[("mode", "readwrite".into())]);
        let told = call(&self.0, method, &mode).await.ok();
        told.and_then(|told| told.as_string()).as_deref() == Some("granted")
    }

    /// Puts these texts in the place of all that is in it. The browser writes beside it and swaps the two at the
    /// end, so that whatever happens the file has its old content or its new one.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn replace(&self, parts: &Array) -> Result<(), String> {
        let kind = BlobPropertyBag::new();
        kind.set_type("application/json");
        let blob = Blob::new_with_str_sequence_and_options(parts, &kind).map_err(|e| words(&e))?;
        let none = JsValue::UNDEFINED;
        let stream = call(&self.0, "createWritable", &none).await;
        let stream = stream.map_err(|error| words(&error))?;
        let written = match call(&stream, "write", &blob).await {
            Ok(_) => call(&stream, "close", &none).await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            // What was written beside it is of no use.
            let _ = call(&stream, "abort", &none).await;
            return Err(words(&error));
        }
        Ok(())
    }
}
