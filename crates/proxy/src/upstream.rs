//! Where checked requests go.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tieline_catalog::wire::{Request, Response};
use tieline_sandbox::{Reply, Sandbox, Settings};

/// What answers the requests. Signing for the real clouds belongs here, behind [`Upstream::send`].
#[derive(Clone)]
pub enum Upstream {
    /// The simulation, in this process.
    Sandbox(SharedSandbox),
}

/// Why there is no answer. Either way the cloud may have executed the request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SendError {
    /// The connection ended before the answer.
    Dropped,
    /// The answer did not come in time.
    TimedOut,
}

impl Upstream {
    /// The mode, as `/healthz` reports it.
    pub fn mode(&self) -> &'static str {
        match self {
            Upstream::Sandbox(_) => "sandbox",
        }
    }

    /// Sends a request and waits for the answer at most `timeout`.
    ///
    /// # Errors
    /// When there is no answer; see [`SendError`].
    pub async fn send(&self, request: Request, timeout: Duration) -> Result<Response, SendError> {
        let answer = async {
            match self {
                Upstream::Sandbox(sandbox) => sandbox.send(&request).await,
            }
        };
        match tokio::time::timeout(timeout, answer).await {
            Ok(answer) => answer.ok_or(SendError::Dropped),
            Err(_) => Err(SendError::TimedOut),
        }
    }
}

/// A sandbox that several requests use at once.
#[derive(Clone)]
pub struct SharedSandbox(Arc<Mutex<Sandbox>>);

impl SharedSandbox {
    /// An empty sandbox.
    pub fn new(settings: Settings) -> SharedSandbox {
        SharedSandbox(Arc::new(Mutex::new(Sandbox::new(settings))))
    }

    /// Handles a request and waits as long as the sandbox asks; `None` when the connection drops.
    pub async fn send(&self, request: &Request) -> Option<Response> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now_ms = now.map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
        let Reply { delay_ms, response } = {
            // A poisoned lock would mean a panic in the sandbox, which leaves it usable.
            let mut sandbox = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            sandbox.handle(request, now_ms, entropy())
        };
        if delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(delay_ms.into())).await;
        }
        response
    }
}

/// A random value for the sandbox's ids, from the standard library's randomly keyed hasher. Nothing
/// secret depends on it.
fn entropy() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    (half() << 64) | half()
}
