//! The health that a proxy reports, read.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The health that a proxy reports: a `tieline_protocol::health::Health`, read leniently.
#[derive(Default)]
pub struct Health {
    pub name: String,
    pub version: String,
    pub mode: String,
    /// The names of the credentials that are present: those whose value is `true`.
    pub credentials: Vec<String>,
    /// The names of its accounts.
    pub profiles: Vec<String>,
}

impl Health {
    /// Reads JSON by the browser's own parser. What is missing or no JSON at all is empty.
    pub fn read(body: &str) -> Health {
        let health = js_sys::JSON::parse(body).unwrap_or_default();
        let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
        let text = |name| get(&health, name).as_string().unwrap_or_default();
        let present = get(&health, "credentials");
        let names = present.dyn_ref::<Object>().map(Object::keys);
        let names = names.into_iter().flatten().filter_map(|n| n.as_string());
        let profiles = get(&health, "profiles");
        let profiles = profiles
            .dyn_ref::<Array>()
            .into_iter()
            .flat_map(|p| p.iter());
        Health {
            name: text("name"),
            version: text("version"),
            mode: text("mode"),
            credentials: names.filter(|n| get(&present, n) == true).collect(),
            profiles: profiles
                .filter_map(|p| get(&p, "name").as_string())
                .collect(),
        }
    }
}
