//! The sandbox inside the page. The same path as for the real thing: an encoded request goes in, a
//! wire response comes out, or nothing when the connection drops.
//!
//! The resources live in local storage, which all tabs share: they are read before each request
//! and written after it, so that a reload keeps them and two tabs see the same cloud.
//!
//! Everything that needs the sandbox is behind [`answer`].

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::wire::{Request, Response};
use tieline_sandbox::{Sandbox, Settings, Store};

use crate::platform::dom;

const KEY: &str = "tieline.sandbox";

thread_local! {
    /// For pages without local storage: the resources last as long as the page.
    static MEMORY: std::cell::RefCell<Store> = std::cell::RefCell::default();
}

/// Answers a request as the cloud would. `None`: the connection dropped, or the answer would have
/// come later than `limit_ms`.
pub async fn answer(request: &Request, limit_ms: u32) -> Option<Response> {
    let mut sandbox = Sandbox::new(Settings::default());
    sandbox.restore(load());
    let reply = sandbox.handle(request, dom::now() as u64, entropy());
    save(sandbox.store());
    TimeoutFuture::new(reply.delay_ms.min(limit_ms)).await;
    reply.response.filter(|_| reply.delay_ms < limit_ms)
}

fn load() -> Store {
    dom::stored(KEY)
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_else(|| MEMORY.with(|memory| memory.borrow().clone()))
}

fn save(store: &Store) {
    let json = serde_json::to_string(store).unwrap_or_default();
    if json.is_empty() || !dom::store(KEY, Some(&json)) {
        MEMORY.with(|memory| *memory.borrow_mut() = store.clone());
    }
}

fn entropy() -> u128 {
    // A version 4 UUID carries 122 random bits; ids need no more.
    let hex = dom::uuid().replace('-', "");
    u128::from_str_radix(&hex, 16).unwrap_or_default()
}
