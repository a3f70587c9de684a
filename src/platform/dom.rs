//! Functions of the browser. Every one says what happens when the browser refuses:
//! nothing here panics, and storage that fails is a `false`, not an error.

use std::cell::Cell;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Storage, Window};

use super::latch::Latch;

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

/// The fragment of the address, `#` included; empty when there is none.
pub fn hash() -> String {
    window()
        .and_then(|w| w.location().hash().ok())
        .unwrap_or_default()
}

/// The fragment that the link leads to in which an event happened; `None` elsewhere, and when the
/// user wants it in another tab.
pub fn fragment(event: &web_sys::MouseEvent) -> Option<String> {
    if event.ctrl_key() || event.meta_key() || event.shift_key() {
        return None;
    }
    // In an element `target` is the element itself, seen from outside of it.
    let target = event.composed_path().get(0).dyn_into::<Element>().ok()?;
    let link = target.closest("a[href^='#']").ok()??;
    link.get_attribute("href")
}

/// Goes to another fragment, as a link would.
pub fn go(hash: &str) {
    if let Some(window) = window() {
        // Refused only for a page that is being unloaded.
        let _ = window.location().set_hash(hash);
    }
}

/// The page's own address, without its fragment.
pub fn page() -> String {
    let href = window().and_then(|w| {
        Reflect::get(&w.location(), &"href".into())
            .ok()?
            .as_string()
    });
    let href = href.unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_string()
}

/// Puts another fragment in the place of the present one: no step back leads to that.
pub fn replace_hash(hash: &str) {
    let replaced = || {
        let history = Reflect::get(&window()?.into(), &"history".into()).ok()?;
        let replace = Reflect::get(&history, &"replaceState".into()).ok()?;
        let replace: Function = replace.dyn_into().ok()?;
        let (state, title) = (JsValue::NULL, JsValue::from_str(""));
        replace.call3(&history, &state, &title, &hash.into()).ok()
    };
    // Where that is refused the address stays, and a reload brings the same once more.
    let _ = replaced();
}

/// Sets the title of the page.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Shows another icon for the page, `favicon-<name>.svg` beside its own; `None`: its own.
pub fn set_icon(name: Option<&str>) {
    let icon = |selector: &str| document()?.query_selector(selector).ok()?;
    if let Some(other) = icon("link[data-sign]") {
        other.remove();
    }
    let (Some(name), Some(own)) = (name, icon("link[rel=icon]")) else {
        return;
    };
    let href = own.get_attribute("href").unwrap_or_default();
    let folder = href.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(other) = document().and_then(|d| d.create_element("link").ok()) else {
        return;
    };
    // The last icon of a page is the one that is shown.
    let _ = other.set_attribute("rel", "icon");
    let _ = other.set_attribute("data-sign", name);
    let _ = other.set_attribute("href", &format!("{folder}/favicon-{name}.svg"));
    let _ = own.insert_adjacent_element("afterend", &other);
}

/// Sets an attribute of the root element, or removes it.
pub fn set_root(name: &str, value: Option<&str>) {
    if let Some(root) = root() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Sets the theme of the page and of the browser's frame around it; `None`: as the system says.
pub fn set_theme(theme: Option<&str>) {
    set_root("data-theme", theme);
    // index.html has a colour for each of the two, and the browser takes the first whose medium fits.
    for (selector, own) in [
        ("meta[name=theme-color]", "light"),
        ("meta[name=theme-color] + meta", "dark"),
    ] {
        let media = match theme {
            None => format!("(prefers-color-scheme: {own})"),
            Some(theme) if theme == own => "all".to_string(),
            Some(_) => "not all".to_string(),
        };
        let meta = document().and_then(|d| d.query_selector(selector).ok()?);
        if let Some(meta) = meta {
            let _ = meta.set_attribute("media", &media);
        }
    }
}

/// Whether a key belongs to an input method. Some browsers end a composition before they report its last key, which
/// then has this code.
pub fn composes(event: &web_sys::KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Where the page was loaded from: `https://tieline.example`.
pub fn origin() -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    origin.unwrap_or_default()
}

/// Whether the browser's own language is Chinese.
pub fn prefers_chinese() -> bool {
    window()
        .and_then(|w| w.navigator().language())
        .is_some_and(|tag| tag.to_ascii_lowercase().starts_with("zh"))
}

/// The width of the window in CSS pixels; as wide as can be when the browser does not say.
pub fn width() -> f64 {
    let width = window().and_then(|w| w.inner_width().ok()?.as_f64());
    width.unwrap_or(f64::MAX)
}

/// How many minutes clocks here are ahead of UTC at this moment, in milliseconds since 1970.
pub fn minutes_ahead(ms: u64) -> i32 {
    -(js_sys::Date::new(&JsValue::from_f64(ms as f64)).get_timezone_offset() as i32)
}

/// Whether somebody is looking at the page.
pub fn visible() -> bool {
    document().is_some_and(|d| !d.hidden())
}

type Acts = Vec<Box<dyn FnOnce()>>;

thread_local! {
    /// Whether a pointer is pressed, and what waits for its release.
    static PRESS: RefCell<(bool, Acts)> = RefCell::default();
}

/// Watches the pointer for [`after_press`], as long as what it returns is kept.
pub fn watch_presses() -> Vec<EventListener> {
    let Some(window) = window() else {
        return Vec::new();
    };
    let capture = EventListenerOptions::run_in_capture_phase();
    let on = |name: &'static str, down: bool| {
        EventListener::new_with_options(&window, name, capture, move |_| {
            let waiting = PRESS.with_borrow_mut(|(pressed, waiting)| {
                *pressed = down;
                if down {
                    Vec::new()
                } else {
                    std::mem::take(waiting)
                }
            });
            // The click comes right after the release, and before this.
            if !waiting.is_empty() {
                Timeout::new(0, || waiting.into_iter().for_each(|act| act())).forget();
            }
        })
    };
    vec![
        on("pointerdown", true),
        on("pointerup", false),
        on("pointercancel", false),
    ]
}

/// Does `act` at once, or after the click when a pointer is pressed: what moves the page between
/// press and release takes the click away from what was pressed.
pub fn after_press(act: impl FnOnce() + 'static) {
    let now = PRESS.with_borrow_mut(|(pressed, waiting)| {
        if *pressed {
            waiting.push(Box::new(act));
            None
        } else {
            Some(act)
        }
    });
    if let Some(act) = now {
        act();
    }
}

/// Scrolls to the top, for a new page.
pub fn scroll_to_top() {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// A random UUID of version 4 (RFC 9562), for idempotency keys and client tokens.
///
/// It is made of `crypto.getRandomValues`, which plain-HTTP addresses have too;
/// `crypto.randomUUID` is missing there.
pub fn uuid() -> String {
    let mut bytes = [0u8; 16];
    let crypto = window().and_then(|w| w.crypto().ok());
    let filled = crypto.is_some_and(|c| c.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        for byte in &mut bytes {
            *byte = (js_sys::Math::random() * 256.0) as u8;
        }
    }
    format_uuid(bytes)
}

fn format_uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
        }
    }
    text
}

/// The text in lower case. The browser has the tables for it, so that the page need not.
pub fn lower_case(text: &str) -> String {
    if cfg!(target_family = "wasm") {
        js_sys::JsString::from(text).to_lower_case().into()
    } else {
        text.to_lowercase()
    }
}

/// Milliseconds on the browser's clock.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// A random number.
pub fn random() -> u64 {
    // Two draws: one has 53 random bits at most.
    let draw = || (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
    (draw() << 32) | draw()
}

/// Asks the browser to keep the page's storage when space is scarce, once for each page. It may ask its user.
pub fn keep_storage() {
    thread_local! {
        static ASKED: Cell<bool> = const { Cell::new(false) };
    }
    let Some(navigator) = window().map(|w| w.navigator()) else {
        return;
    };
    // `navigator.storage` is missing on plain-HTTP addresses.
    let present = js_sys::Reflect::get(&navigator, &JsValue::from_str("storage"))
        .is_ok_and(|storage| !storage.is_undefined());
    if present && !ASKED.replace(true) {
        // Whether it does is its own affair.
        let _ = navigator.storage().persist();
    }
}

/// Puts text on the clipboard; false when the browser does not let the page.
pub async fn copy(text: String) -> bool {
    let Some(navigator) = window().map(|w| w.navigator()) else {
        return false;
    };
    // `navigator.clipboard` is missing on plain-HTTP addresses, and calling it would throw.
    let present = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    present
        && JsFuture::from(navigator.clipboard().write_text(&text))
            .await
            .is_ok()
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// The text stored under `key`; `None` also when storage is unavailable.
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Stores `value` under `key`, or removes what is there; false when storage is unavailable or full.
pub fn store(key: &str, value: Option<&str>) -> bool {
    storage().is_some_and(|storage| match value {
        Some(value) => storage.set_item(key, value).is_ok(),
        None => storage.remove_item(key).is_ok(),
    })
}

/// Waits until the page has been loaded and the browser is idle, but not longer than `limit_ms`.
pub async fn idle(limit_ms: u32) {
    within(limit_ms, async {
        let loaded = Rc::new(Latch::default());
        let complete = document().is_none_or(|d| d.ready_state() == "complete");
        let _listener = window().filter(|_| !complete).map(|window| {
            let loaded = loaded.clone();
            EventListener::once(&window, "load", move |_| loaded.open())
        });
        if !complete {
            loaded.opened().await;
        }
        // Safari has no such function; there a turn of the event loop has to do.
        let ask = window().and_then(|window| {
            let ask = Reflect::get(&window, &JsValue::from_str("requestIdleCallback"));
            ask.ok()?.dyn_into::<Function>().ok()
        });
        let Some(ask) = ask else {
            return TimeoutFuture::new(0).await;
        };
        let idle = Rc::new(Latch::default());
        let callback = {
            let idle = idle.clone();
            Closure::once_into_js(move || idle.open())
        };
        if ask.call1(&JsValue::UNDEFINED, &callback).is_ok() {
            idle.opened().await;
        }
    })
    .await;
}

/// The result of `work`, unless it takes longer than `limit_ms`.
pub async fn within<T>(limit_ms: u32, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let mut limit = std::pin::pin!(TimeoutFuture::new(limit_ms));
    std::future::poll_fn(|context| {
        use std::task::Poll;
        match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => limit.as_mut().poll(context).map(|()| None),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_carries_version_and_variant() {
        assert_eq!(
            format_uuid([0xff; 16]),
            "ffffffff-ffff-4fff-bfff-ffffffffffff"
        );
        assert_eq!(format_uuid([0; 16]), "00000000-0000-4000-8000-000000000000");
    }
}
