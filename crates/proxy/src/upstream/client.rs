//! The client of the clouds: sends requests that passed the check, signed as a profile's account, and
//! sends them again where that makes nothing twice: where the cloud says that it did nothing, or that it
//! has had the request before and knows it by its client token.

use std::sync::Arc;
use std::time::Duration;

use tieline_catalog::model::{Control, Operation};
use tieline_catalog::wire::{self, Response};
use tieline_catalog::{Raw, Valid};
use tieline_protocol::health::{self, Credentials, Profile};
use tokio::time::Instant;

use super::account_id::AccountIds;
use super::decoded::DecodedResponse;
use super::error::SendError;
use super::exchange::{Exchange, Transport, Unsigned};
#[cfg(feature = "live")]
use super::http_client::HttpsClient;
use super::retry::RetryPolicy;
use super::sign::{self, credential};
#[cfg(feature = "live")]
use crate::config::ConfigError;
use crate::config::{Account, Accounts, Configuration, HuaweiKeys, DEFAULT_PROFILE};
use crate::in_process_sandbox::{sandbox_credentials, SharedSandbox};
use crate::observe::metrics::{ByOperation, OperationLabel};
use crate::platform::Platform;

/// The time limit for a connection, with name look-up and TLS.
#[cfg(feature = "live")]
const CONNECT: Duration = Duration::from_secs(10);

/// The clouds or their simulation, with the accounts that sign requests.
#[derive(Clone)]
pub struct Upstream(Arc<Inner>);

struct Inner {
    exchange: Exchange,
    accounts: Accounts,
    account_ids: AccountIds,
    retries: ByOperation,
}

impl Upstream {
    /// The simulation, in this process: each profile of the configuration is the sandbox's account.
    /// Real keys stay out of it.
    pub fn sandbox(sandbox: SharedSandbox, configuration: &Configuration) -> Upstream {
        let account = Account {
            alibaba: Some(sandbox_credentials()),
            huawei: Some(HuaweiKeys::Signed(sandbox_credentials())),
            account_id: None,
        };
        let names = configuration.profiles.keys().cloned();
        let names = names.chain([DEFAULT_PROFILE.to_string()]);
        let exchange = Exchange {
            transport: Transport::Sandbox(sandbox),
            endpoints: Default::default(),
            timeout: Duration::from_secs(configuration.limits.upstream_timeout),
            platform: Platform::default(),
        };
        let accounts = names.map(|name| (name, account.clone())).collect();
        Upstream::new(exchange, accounts)
    }

    /// The real clouds, at the hosts of the catalog or of the configuration.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    #[cfg(feature = "live")]
    pub fn live(
        configuration: &Configuration,
        accounts: Accounts,
    ) -> Result<Upstream, ConfigError> {
        let timeout = Duration::from_secs(configuration.limits.upstream_timeout);
        // Well within the whole, so that it is this limit that strikes: then nothing was sent.
        let client = HttpsClient::new(CONNECT.min(timeout / 2));
        let client = client.map_err(|why| ConfigError(format!("TLS cannot be set up: {why}.")))?;
        let exchange = Exchange {
            transport: Transport::Https(client),
            endpoints: configuration.endpoints.clone(),
            timeout,
            platform: Platform::default(),
        };
        Ok(Upstream::new(exchange, accounts))
    }

    fn new(exchange: Exchange, accounts: Accounts) -> Upstream {
        Upstream(Arc::new(Inner {
            exchange,
            accounts,
            account_ids: AccountIds::default(),
            retries: ByOperation::default(),
        }))
    }

    /// The same with another time limit; for tests.
    pub fn with_timeout(self, timeout: Duration) -> Upstream {
        self.changed(|inner| inner.exchange.timeout = timeout)
    }

    /// The same with another clock and other chance; for tests.
    pub fn with_platform(self, platform: Platform) -> Upstream {
        self.changed(|inner| inner.exchange.platform = platform)
    }

    fn changed(mut self, change: impl FnOnce(&mut Inner)) -> Upstream {
        // Nobody else has it yet: these are called where it is made.
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }

    /// The number of requests that were sent again, by operation.
    pub(crate) fn retries(&self) -> &ByOperation {
        &self.0.retries
    }

    /// The mode, as `/healthz` reports it: `sandbox` or `live`.
    pub fn mode(&self) -> &'static str {
        match self.0.exchange.transport {
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

    /// The longest time that a request takes.
    pub(crate) fn timeout(&self) -> Duration {
        self.0.exchange.timeout
    }

    /// Whether there is a profile of that name.
    pub fn has_profile(&self, name: &str) -> bool {
        self.0.accounts.contains_key(name)
    }

    /// Fills in the account id where the operation has one and the request does not say it: the one that
    /// is configured for the profile, else the one that IAM tells whoever has its keys. Gives the
    /// parameter's name if it did. With neither it stays out, and the check says that it is missing; so it
    /// does beside a token of the user's own, which may be another account's.
    ///
    /// # Errors
    /// Why IAM does not tell it, as a clause.
    pub async fn complete(
        &self,
        op: &'static Operation,
        raw: &mut Raw,
        profile: &str,
    ) -> Result<Option<&'static str>, String> {
        let given = |name| raw.get(name).is_some_and(|text| !text.is_empty());
        let account = self.0.accounts.get(profile);
        let (Some(name), Some(account)) = (account_param(op), account) else {
            return Ok(None);
        };
        if given(name) || credential(op.params).is_some_and(given) {
            return Ok(None);
        }
        let id = match (&account.account_id, &account.huawei) {
            (Some(id), _) => id.clone(),
            (None, Some(_)) => self.ask_for_account_id(profile, account).await?,
            (None, None) => return Ok(None),
        };
        raw.set(name, &id);
        Ok(Some(name))
    }

    /// Sends a request that passed the check as a profile's account and gives the cloud's answer.
    /// What [`RetryPolicy`] lets be sent again is signed anew and otherwise unchanged, as long as the
    /// time limit allows.
    ///
    /// # Errors
    /// When there is no answer; see [`SendError`].
    pub async fn send(&self, valid: &Valid, profile: &str) -> Result<DecodedResponse, SendError> {
        let operation = valid.parsed().operation();
        let Exchange {
            timeout, platform, ..
        } = &self.0.exchange;
        let deadline = Instant::now() + *timeout;
        let mut retry = RetryPolicy::new(valid.parsed());
        loop {
            let response = match self.send_once(valid, profile, deadline).await {
                Ok(response) => response,
                Err(error) => return retry.end(Err(error)),
            };
            let decoded = DecodedResponse::new(operation, response);
            match retry.pause(&decoded, &*platform.entropy) {
                Some(pause) if Instant::now() + pause < deadline => {
                    let operation = operation.name;
                    let label = OperationLabel { operation };
                    self.0.retries.get_or_create(&label).inc();
                    tokio::time::sleep(pause).await;
                }
                _ => return retry.end(Ok(decoded)),
            }
        }
    }

    /// Whose keys sign an operation's requests for a profile; see [`sign::signer`].
    pub(crate) fn signer(&self, op: &Operation, profile: &str) -> Option<String> {
        let account = self.0.accounts.get(profile)?;
        sign::signer(op.service.provider, account)
    }

    /// Signs and sends once.
    pub(crate) async fn send_once(
        &self,
        valid: &Valid,
        profile: &str,
        deadline: Instant,
    ) -> Result<Response, SendError> {
        let account = self.0.accounts.get(profile);
        let account = account.ok_or(SendError::NoCredentials)?;
        let parsed = valid.parsed();
        let service = parsed.operation().service;
        let unsigned = Unsigned {
            request: wire::encode(parsed),
            service: service.id,
            provider: service.provider,
            account_id: account_param(parsed.operation()).and_then(|name| parsed.get(name)),
        };
        self.0.exchange.send(unsigned, account, deadline).await
    }

    /// Asks IAM for a profile's account id.
    ///
    /// # Errors
    /// Why it is not known, as a clause.
    #[cfg(feature = "live")]
    pub(crate) async fn look_up_account_id(&self, profile: &str) -> Result<String, String> {
        match self.0.accounts.get(profile) {
            Some(account) => self.ask_for_account_id(profile, account).await,
            None => Err("there is no such profile".to_string()),
        }
    }

    async fn ask_for_account_id(&self, profile: &str, account: &Account) -> Result<String, String> {
        let Inner {
            exchange,
            account_ids,
            ..
        } = &*self.0;
        account_ids.get(exchange, profile, account).await
    }

    /// Scheme and host under which a service is reached whose host in the catalog is `host`.
    #[cfg(feature = "live")]
    pub(crate) fn scheme_and_host(&self, service: &str, host: &str) -> (String, String) {
        self.0.exchange.scheme_and_host(service, host)
    }
}

/// The parameter that holds the account's id, if the operation has one.
pub(crate) fn account_param(op: &Operation) -> Option<&'static str> {
    op.param_with(Control::Account)
}
