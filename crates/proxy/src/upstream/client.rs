//! The one place through which a request leaves the proxy.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tieline_catalog::model::{Control, Operation, Provider};
use tieline_catalog::wire::{self, Request, Response};
use tieline_catalog::{Raw, Valid};
use tieline_protocol::health::{self, Credentials, Profile};
use tokio::time::{timeout_at, Instant};

use crate::config::{
    Account, Accounts, ConfigError, Configuration, Endpoint, HuaweiKeys, DEFAULT_PROFILE,
};
use crate::in_process_sandbox::{self, sandbox_credentials, SharedSandbox};
use crate::observe::metrics::{ByOperation, Of};

use super::decoded::Heard;
#[cfg(feature = "live")]
use super::https::HttpsClient;
use super::{account_id, retry, sign};

/// How long a connection may take to come about, with name look-up and TLS.
const CONNECT: Duration = Duration::from_secs(10);

/// What answers the requests.
#[derive(Clone)]
pub struct Upstream(Arc<Inner>);

pub(super) struct Inner {
    transport: Transport,
    accounts: Accounts,
    endpoints: BTreeMap<String, Endpoint>,
    pub(super) timeout: Duration,
    world: World,
    /// Account ids that IAM told, by profile.
    pub(super) domains: Mutex<BTreeMap<String, String>>,
    retries: ByOperation,
}

enum Transport {
    Sandbox(SharedSandbox),
    #[cfg(feature = "live")]
    Https(HttpsClient),
}

/// What a test replaces: the clock of the signatures and chance. Waiting goes by Tokio's clock.
#[derive(Clone)]
pub struct World {
    /// Milliseconds since 1970.
    pub now_ms: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// A random value, new at each call.
    pub entropy: Arc<dyn Fn() -> u128 + Send + Sync>,
}

impl Default for World {
    fn default() -> World {
        World {
            now_ms: Arc::new(in_process_sandbox::now_ms),
            entropy: Arc::new(in_process_sandbox::entropy),
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SendError {
    /// The connection ended before the answer, or the answer was too long.
    Dropped,
    /// The answer did not come in time.
    TimedOut,
    /// No connection came about.
    Unreachable,
    /// The profile has no keys for the cloud.
    NoCredentials,
}

impl SendError {
    /// Whether the cloud may have executed the request.
    pub fn outcome_is_unknown(self) -> bool {
        matches!(self, SendError::Dropped | SendError::TimedOut)
    }
}

impl Upstream {
    /// The simulation, in this process: each profile of the configuration is the sandbox's account.
    /// Real keys stay out of it.
    pub fn sandbox(sandbox: SharedSandbox, configuration: &Configuration) -> Upstream {
        let account = Account {
            alibaba: Some(sandbox_credentials()),
            huawei: Some(HuaweiKeys::Signed(sandbox_credentials())),
            domain_id: None,
        };
        let names = configuration.profiles.keys().cloned();
        let names = names.chain([DEFAULT_PROFILE.to_string()]);
        Upstream(Arc::new(Inner {
            transport: Transport::Sandbox(sandbox),
            accounts: names.map(|name| (name, account.clone())).collect(),
            endpoints: BTreeMap::new(),
            timeout: Duration::from_secs(configuration.limits.upstream_timeout),
            world: World::default(),
            domains: Mutex::default(),
            retries: ByOperation::default(),
        }))
    }

    #[cfg(feature = "live")]
    /// The real clouds, at the hosts of the catalog or of the configuration.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn live(
        configuration: &Configuration,
        accounts: Accounts,
    ) -> Result<Upstream, ConfigError> {
        let timeout = Duration::from_secs(configuration.limits.upstream_timeout);
        // Well within the whole, so that it is this limit that strikes: then nothing was sent.
        let client = HttpsClient::new(CONNECT.min(timeout / 2));
        let client = client.map_err(|why| ConfigError(format!("TLS cannot be set up: {why}.")))?;
        Ok(Upstream(Arc::new(Inner {
            transport: Transport::Https(client),
            accounts,
            endpoints: configuration.endpoints.clone(),
            timeout,
            world: World::default(),
            domains: Mutex::default(),
            retries: ByOperation::default(),
        })))
    }

    /// The same with another time limit; for tests.
    pub fn within(self, timeout: Duration) -> Upstream {
        self.changed(|inner| inner.timeout = timeout)
    }

    /// The same with another clock and other chance; for tests.
    pub fn in_world(self, world: World) -> Upstream {
        self.changed(|inner| inner.world = world)
    }

    fn changed(mut self, change: impl FnOnce(&mut Inner)) -> Upstream {
        // Nobody else has it yet: these are called where it is made.
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }

    /// How many requests were sent again.
    pub(crate) fn retries(&self) -> &ByOperation {
        &self.0.retries
    }

    /// The mode, as `/healthz` reports it: `sandbox` or `live`.
    pub fn mode(&self) -> &'static str {
        match self.0.transport {
            Transport::Sandbox(_) => health::SANDBOX,
            #[cfg(feature = "live")]
            Transport::Https(_) => health::LIVE,
        }
    }

    /// The profiles that a request can choose.
    pub fn profiles(&self) -> impl Iterator<Item = Profile<'_>> {
        self.0.accounts.iter().map(|(name, account)| Profile {
            name,
            credentials: Credentials {
                alibaba: account.alibaba.is_some(),
                huawei: account.huawei.is_some(),
            },
        })
    }

    /// Whether there is a profile of that name.
    pub fn has_profile(&self, name: &str) -> bool {
        self.0.accounts.contains_key(name)
    }

    /// Fills in the account id where the operation has one and the request does not say it: the
    /// profile's, else the one that IAM tells. When neither is known it stays out, and the check
    /// says that it is missing.
    pub async fn complete(&self, op: &'static Operation, raw: &mut Raw, profile: &str) {
        let Some(name) = account_param(op) else {
            return;
        };
        if raw.get(name).is_some_and(|id| !id.is_empty()) {
            return;
        }
        let Some(account) = self.0.accounts.get(profile) else {
            return;
        };
        let id = match &account.domain_id {
            Some(id) => Some(id.clone()),
            None => account_id::remembered(&self.0, profile, account).await.ok(),
        };
        if let Some(id) = id {
            raw.set(name, &id);
        }
    }

    /// Sends a checked request as a profile's account and gives the cloud's answer. What the cloud
    /// says it did not execute is sent again, signed anew and otherwise unchanged, as long as the
    /// time limit allows.
    ///
    /// # Errors
    /// When there is no answer; see [`SendError`].
    pub async fn send(&self, valid: &Valid, profile: &str) -> Result<Heard, SendError> {
        let deadline = Instant::now() + self.0.timeout;
        let op = valid.parsed().operation();
        let mut turns = retry::Turns::new(op);
        loop {
            let answer = self.attempt(valid, profile, deadline).await?;
            let heard = Heard::new(op, answer);
            match turns.pause(&heard, &*self.0.world.entropy) {
                Some(pause) if Instant::now() + pause < deadline => {
                    let operation = op.name;
                    self.0.retries.get_or_create(&Of { operation }).inc();
                    tokio::time::sleep(pause).await;
                }
                _ => return Ok(heard),
            }
        }
    }

    /// Signs and sends once.
    pub(crate) async fn attempt(
        &self,
        valid: &Valid,
        profile: &str,
        deadline: Instant,
    ) -> Result<Response, SendError> {
        let inner = &*self.0;
        let account = inner.accounts.get(profile);
        let account = account.ok_or(SendError::NoCredentials)?;
        let parsed = valid.parsed();
        let service = parsed.operation().service;
        let domain = account_param(parsed.operation()).and_then(|name| parsed.get(name));
        let request = wire::encode(parsed);
        let provider = service.provider;
        inner
            .exchange(request, service.id, provider, account, domain, deadline)
            .await
    }

    /// Asks IAM for a profile's account id.
    pub(crate) async fn look_up_domain(&self, profile: &str) -> Result<String, String> {
        let account = self.0.accounts.get(profile);
        match account {
            Some(account) => account_id::remembered(&self.0, profile, account).await,
            None => Err("there is no such profile".to_string()),
        }
    }

    /// Scheme and host under which a request of a service is sent.
    pub(crate) fn place(&self, service: &str, host: &str) -> (String, String) {
        match self.0.endpoints.get(service) {
            Some(endpoint) => (endpoint.scheme().into(), endpoint.authority().into()),
            None => ("https".to_string(), host.to_string()),
        }
    }
}

impl Inner {
    pub(super) async fn exchange(
        &self,
        mut request: Request,
        service: &str,
        provider: Provider,
        account: &Account,
        domain: Option<String>,
        deadline: Instant,
    ) -> Result<Response, SendError> {
        let endpoint = self.endpoints.get(service);
        if let Some(endpoint) = endpoint {
            request.host = endpoint.authority().to_string();
        }
        let (now_ms, nonce) = ((self.world.now_ms)(), (self.world.entropy)());
        let nonce = format!("{nonce:032x}");
        sign::sign(
            &mut request,
            provider,
            account,
            domain.as_deref(),
            now_ms,
            &nonce,
        )
        .ok_or(SendError::NoCredentials)?;
        let answer = async {
            match &self.transport {
                Transport::Sandbox(sandbox) => {
                    sandbox.send(&request).await.ok_or(SendError::Dropped)
                }
                #[cfg(feature = "live")]
                Transport::Https(client) => {
                    let scheme = endpoint.map_or("https", Endpoint::scheme);
                    client.send(scheme, &request).await
                }
            }
        };
        let answer = timeout_at(deadline, answer).await;
        answer.unwrap_or(Err(SendError::TimedOut))
    }
}

/// The parameter that holds the account's id, if the operation has one.
pub(crate) fn account_param(op: &Operation) -> Option<&'static str> {
    op.param_with(Control::Account)
}
