//! A simulated cloud that keeps an answer until the test lets it go: what is to happen while a request is
//! on its way has all the time that the machine needs for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::{from_fn, Next};
use tieline_proxy::{sandbox_server, SharedSandbox, SANDBOX_ACCESS_KEY, SANDBOX_SECRET_KEY};
use tieline_sandbox::Settings;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

use crate::waiting::until;

/// The body of a creation that is executed at once and answered when it is let go.
pub const HELD: &str = "{\"Name\":\"held\"}";

pub struct Held {
    endpoint: String,
    executed: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
    _runtime: Runtime,
}

impl Held {
    pub fn start() -> Held {
        let runtime = Runtime::new().expect("a runtime");
        let (executed, gate) = (Arc::<AtomicUsize>::default(), Arc::new(Semaphore::new(0)));
        let (count, held) = (executed.clone(), gate.clone());
        let hold = from_fn(move |request: Request, next: Next| {
            let (count, held) = (count.clone(), held.clone());
            async move {
                let query = request.uri().query().unwrap_or_default();
                let holds = query.split('&').any(|pair| pair == "Name=held");
                let answer = next.run(request).await;
                if holds {
                    count.fetch_add(1, Ordering::SeqCst);
                    // Nobody gives a permit: this waits until the gate is closed for good.
                    let _ = held.acquire().await;
                }
                answer
            }
        });
        let cloud = sandbox_server::app(SharedSandbox::new(Settings::default())).layer(hold);
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        runtime.spawn(async move { axum::serve(listener, cloud).await });
        Held {
            endpoint,
            executed,
            gate,
            _runtime: runtime,
        }
    }

    /// The environment of a proxy before it, which waits for its answers longer than a test does.
    pub fn variables(&self) -> [(&'static str, &str); 4] {
        [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", SANDBOX_ACCESS_KEY),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SANDBOX_SECRET_KEY),
            ("TIELINE_ENDPOINTS__CBN", &self.endpoint),
            ("TIELINE_LIMITS__UPSTREAM_TIMEOUT", "120"),
        ]
    }

    /// Waits until so many creations have been executed whose answers it holds.
    pub fn until_executed(&self, count: usize) {
        let executed = || self.executed.load(Ordering::SeqCst) == count;
        until(&format!("{count} creations at the cloud"), executed);
    }

    /// Lets the answers go, these and all later ones.
    pub fn release(&self) {
        self.gate.close();
    }
}
