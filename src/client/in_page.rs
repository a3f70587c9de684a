//! The sandbox inside the page. The same path as for the real thing: an encoded request goes in, a
//! wire response comes out, or nothing when the connection drops.
//!
//! The resources live in local storage, which all tabs share: they are read before each request
//! and written after it, so that a reload keeps them and two tabs see the same cloud. What local storage does
//! not take is in memory, and what it has is older then.
//!
//! Everything that needs the sandbox is behind [`answer`].

use std::cell::RefCell;

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::wire::{Request, Response};
use tieline_sandbox::{Sandbox, Settings, Store};

use crate::platform::dom;

const KEY: &str = "tieline.sandbox";

/// The resources that local storage did not take, which last as long as the page; none when it has them all.
#[derive(Default)]
struct Memory(Option<Store>);

impl Memory {
    /// The resources, of which local storage has these.
    fn latest(&self, stored: Option<&str>) -> Store {
        let stored = || serde_json::from_str(stored?).ok();
        let kept = self.0.clone();
        kept.or_else(stored).unwrap_or_default()
    }

    /// The resources are these now, and local storage has taken them or not.
    fn saved(&mut self, store: &Store, taken: bool) {
        self.0 = (!taken).then(|| store.clone());
    }
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
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
    MEMORY.with_borrow(|memory| memory.latest(dom::stored(KEY).as_deref()))
}

fn save(store: &Store) {
    let json = serde_json::to_string(store).unwrap_or_default();
    let taken = !json.is_empty() && dom::store(KEY, Some(&json));
    MEMORY.with_borrow_mut(|memory| memory.saved(store, taken));
}

fn entropy() -> u128 {
    // A version 4 UUID carries 122 random bits; ids need no more.
    let hex = dom::uuid().replace('-', "");
    u128::from_str_radix(&hex, 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_catalog::{check, creations, wire::encode, Raw};

    /// A cloud with so many resources.
    fn cloud(resources: usize) -> Store {
        let mut sandbox = Sandbox::new(Settings::default());
        let op = creations().next().expect("an operation");
        for n in 0..resources {
            let request = encode(&check(op, &Raw::example(op)).parsed);
            sandbox.handle(&request, 1, n as u128 + 1);
        }
        sandbox.store().clone()
    }

    #[test]
    fn what_local_storage_does_not_take_is_not_forgotten_for_what_it_has() {
        let (old, new) = (cloud(1), cloud(2));
        assert_ne!(old, new);
        let stored = serde_json::to_string(&old).expect("JSON");
        let mut memory = Memory::default();
        assert_eq!(memory.latest(Some(&stored)), old);
        assert_eq!(memory.latest(None), Store::default());
        memory.saved(&new, false);
        assert_eq!(memory.latest(Some(&stored)), new);
        // As soon as it takes them again all tabs see the same.
        memory.saved(&new, true);
        assert_eq!(memory.latest(Some(&stored)), old);
    }
}
