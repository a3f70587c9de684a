//! The simulated clouds behind the vendors' signatures: a request that is not signed as the vendors
//! ask is answered with their error, whether it comes over a port or from this process.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tieline_catalog::wire::{Request, Response};
use tieline_sandbox::{refuse, Reply, Sandbox, Settings};
use tieline_signature::{verify, Accounts, Credentials, NonceStore, Secret};

use crate::iam;
use crate::platform::{entropy, now_ms};

/// The access key id of the sandbox's one account, at both clouds.
pub const SANDBOX_ACCESS_KEY: &str = "sandbox-access-key";

/// The secret of [`SANDBOX_ACCESS_KEY`]. It opens nothing but a simulation.
pub const SANDBOX_SECRET_KEY: &str = "sandbox-secret-key";

/// The one token (X-Auth-Token) that the sandbox takes for Huawei Cloud.
pub const SANDBOX_TOKEN: &str = "sandbox-token";

/// The Huawei Cloud account of the sandbox: what its IAM answers. Other account ids are taken too.
pub const SANDBOX_ACCOUNT_ID: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// A sandbox that several requests use at once, with its account.
#[derive(Clone)]
pub struct SharedSandbox(Arc<Mutex<Cloud>>);

struct Cloud {
    sandbox: Sandbox,
    nonces: NonceStore,
}

impl SharedSandbox {
    /// An empty sandbox.
    pub fn new(settings: Settings) -> SharedSandbox {
        SharedSandbox(Arc::new(Mutex::new(Cloud {
            sandbox: Sandbox::new(settings),
            nonces: NonceStore::new(),
        })))
    }

    /// Checks the signature, handles the request and waits as long as the sandbox asks; `None` when
    /// the connection drops.
    pub async fn send(&self, request: &Request) -> Option<Response> {
        let Reply { delay_ms, response } = self.handle(request, now_ms());
        if delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(delay_ms.into())).await;
        }
        response
    }

    fn handle(&self, request: &Request, now_ms: u64) -> Reply {
        let at_once = |response| Reply {
            delay_ms: 0,
            response: Some(response),
        };
        // A poisoned lock would mean a panic in the sandbox, which leaves it usable.
        let mut cloud = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Cloud { sandbox, nonces } = &mut *cloud;
        if let Err(refusal) = verify(request, &SandboxAccounts, now_ms, nonces) {
            let (status, code, message) = (refusal.status, &refusal.code, &refusal.message);
            return at_once(refuse(request, status, code, message, entropy()));
        }
        if request.method == "GET" && request.path == iam::DOMAINS {
            return at_once(domains());
        }
        sandbox.handle(request, now_ms, entropy())
    }
}

struct SandboxAccounts;

impl Accounts for SandboxAccounts {
    fn credentials(&self, access_key_id: &str) -> Option<Credentials> {
        (access_key_id == SANDBOX_ACCESS_KEY).then(sandbox_credentials)
    }

    fn token_holder(&self, token: &str) -> Option<String> {
        let known = Secret::from(SANDBOX_TOKEN).matches(token);
        known.then(|| SANDBOX_ACCESS_KEY.to_string())
    }
}

/// The key of the sandbox's account.
pub(crate) fn sandbox_credentials() -> Credentials {
    Credentials {
        access_key_id: SANDBOX_ACCESS_KEY.to_string(),
        secret: SANDBOX_SECRET_KEY.into(),
        security_token: None,
    }
}

/// IAM's answer, as huaweicloudsdkcore reads it.
fn domains() -> Response {
    let body = json!({
        "domains": [{ "id": SANDBOX_ACCOUNT_ID, "name": "sandbox", "enabled": true }],
        "links": { "next": null, "previous": null },
    });
    Response {
        status: 200,
        content_type: "application/json;charset=utf-8".to_string(),
        headers: Vec::new(),
        body: body.to_string(),
    }
}
