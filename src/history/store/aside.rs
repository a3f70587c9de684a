//! What is damaged, as it was: `aside` has it as JSON, with the store and the key where it was.

use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use serde_json::{json, Value};
use wasm_bindgen::JsValue;

use super::database::Tables;
use crate::platform::dom;
use tieline_records::export::part;

/// Keeps a value of this store and key. What was there before under the same key, and was damaged too, stays.
pub fn put(tables: &Tables<'_>, store: &str, key: &str, value: Value) -> Result<(), Error> {
    let time = dom::now() as u64;
    let kept = json!({ "store": store, "key": key, "value": value, "time": time });
    let name = format!("{store} {key} {time}");
    tables.aside.put(part(&kept)).with_key(name).build()?;
    Ok(())
}

/// What was set aside, as JSON.
pub async fn aside(tables: &Tables<'_>) -> Result<Vec<String>, Error> {
    let all = tables.aside.get_all::<JsValue>().await?;
    let mut values = Vec::new();
    for value in all {
        values.extend(value?.as_string());
    }
    Ok(values)
}

/// A value as JSON. What the page writes is texts and numbers.
pub fn plain(value: &JsValue) -> Value {
    match (value.as_string(), value.as_f64()) {
        (Some(text), _) => text.into(),
        (None, Some(number)) => number.into(),
        (None, None) => format!("{value:?}").into(),
    }
}
