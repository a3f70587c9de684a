//! Notifications of the browser: only if the user has switched them on here and lets the page.
//!
//! It is used by what is loaded lazily alone.

use js_sys::{Array, Function, Object, Promise, Reflect};
use tieline_catalog::{Lang, Message};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::dom;

/// The name under which it is kept that they are switched on.
const ON: &str = "tieline.notifications";

/// What the browser says of notifications.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Permission {
    /// It has none here: old, or a page without TLS.
    Unavailable,
    /// Its user was not asked.
    NotAsked,
    /// They are refused.
    Denied,
    /// They are allowed.
    Granted,
}

fn class() -> Option<Function> {
    let class = Reflect::get(&js_sys::global(), &"Notification".into()).ok()?;
    class.dyn_into().ok()
}

/// What the browser says now.
pub fn permission() -> Permission {
    let said = class().and_then(|class| {
        let said = Reflect::get(&class, &"permission".into()).ok()?;
        said.as_string()
    });
    match said.as_deref() {
        None => Permission::Unavailable,
        Some("granted") => Permission::Granted,
        Some("denied") => Permission::Denied,
        Some(_) => Permission::NotAsked,
    }
}

/// Whether they are switched on and allowed.
pub fn on() -> bool {
    dom::stored(ON).is_some() && permission() == Permission::Granted
}

/// Switches them on, for which the browser may ask its user. Whether they are on then.
pub async fn switch_on() -> bool {
    if permission() == Permission::NotAsked {
        let asked = class().and_then(|class| {
            let ask = Reflect::get(&class, &"requestPermission".into()).ok()?;
            let answer = ask.dyn_into::<Function>().ok()?.call0(&class).ok()?;
            Some(JsFuture::from(Promise::resolve(&answer)))
        });
        if let Some(asked) = asked {
            // What was answered is read anew.
            let _ = asked.await;
        }
    }
    permission() == Permission::Granted && dom::store(ON, Some("yes"))
}

/// Switches them off.
pub fn switch_off() {
    dom::store(ON, None);
}

/// The language of the page.
fn lang() -> Lang {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    let tag = root.and_then(|root| root.get_attribute("lang"));
    match tag.as_deref() == Some(Lang::Zh.tag()) {
        true => Lang::Zh,
        false => Lang::En,
    }
}

/// Shows one to who looks at something else, if that is wanted. Another of the same tag takes its place: several
/// tabs can have the same to say. Pressed, it brings the page back.
pub fn show(title: &Message, body: &Message, tag: &str) {
    if dom::visible() || !on() {
        return;
    }
    let shown = || -> Result<(), JsValue> {
        let class = class().ok_or(JsValue::UNDEFINED)?;
        let options = Object::new();
        let lang = lang();
        let (title, body) = (title.get(lang), body.get(lang));
        for (name, value) in [("body", body), ("tag", tag), ("lang", lang.tag())] {
            Reflect::set(&options, &name.into(), &value.into())?;
        }
        let arguments = Array::of2(&title.into(), &options);
        let notification = Reflect::construct(&class, &arguments)?;
        let pressed = Closure::once_into_js(|| {
            if let Some(window) = web_sys::window() {
                let _ = window.focus();
            }
        });
        Reflect::set(&notification, &"onclick".into(), &pressed).map(drop)
    };
    // Some browsers show them through a worker alone, and refuse here.
    let _ = shown();
}
