//! The values that a host page fills into a form.

use js_sys::{Array, Object, Reflect, JSON};
use tieline_catalog::path::is_input_path;
use tieline_catalog::text::listed;
use tieline_catalog::{creations, Message, Raw};
use wasm_bindgen::{JsCast, JsValue};

/// So many of what was left out are named.
const NAMED: usize = 10;

/// What to say of values and locked paths that are no parameters of the operation. It is loaded lazily.
pub fn odd(operation: &str, given: &JsValue, locked: Vec<String>) -> Option<Message> {
    let op = creations().find(|op| op.name == operation)?;
    let (mut values, mut refused) = (Raw::new(), Vec::new());
    fill(&mut values, "", given, &mut refused);
    let scalar = !given.is_object() && !given.is_undefined() && !given.is_null();
    let scalar = scalar.then(|| json_of(given)).flatten();
    let filled = values.leaves().into_iter().map(|(path, _)| path);
    let none = |path: &String| !is_input_path(op, path);
    let odd = filled.chain(locked).filter(none).chain(scalar);
    let odd: Vec<String> = odd.chain(refused).take(NAMED).collect();
    let (name, odd) = (op.name, (!odd.is_empty()).then(|| listed(&odd))?);
    Some(Message::new(
        format!(
            "These are no parameters of {name} and were left out: {}.",
            odd.en
        ),
        format!("以下内容不是 {name} 的参数，已忽略：{}。", odd.zh),
    ))
}

/// Any value as JSON.
pub fn json_of(value: &JsValue) -> Option<String> {
    if value.is_undefined() || value.is_null() {
        return None;
    }
    let json = JSON::stringify(value).ok()?;
    json.as_string()
}

/// Puts the leaves of an object into a form's input, under their wire paths, and names those that have no
/// place there. The form leaves out what is none of its parameters. The object is no deeper than boundary.js
/// lets it be.
pub fn fill(raw: &mut Raw, path: &str, value: &JsValue, refused: &mut Vec<String>) {
    let below = |name: &str| match path {
        "" => name.to_string(),
        path => format!("{path}.{name}"),
    };
    if let Some(list) = value.dyn_ref::<Array>() {
        for (at, item) in list.iter().enumerate() {
            fill(raw, &below(&(at + 1).to_string()), &item, refused);
        }
    } else if let Some(object) = value.dyn_ref::<Object>() {
        for name in Object::keys(object).iter().filter_map(|n| n.as_string()) {
            let member = Reflect::get(object, &JsValue::from_str(&name));
            fill(raw, &below(&name), &member.unwrap_or_default(), refused);
        }
    } else if !value.is_undefined() && !value.is_null() && !path.is_empty() {
        let text = value.as_string().or_else(|| json_of(value));
        if !raw.set(path, &text.unwrap_or_default()) {
            refused.push(path.to_string());
        }
    }
}
