//! The exchange of one signed request for its response, with the real clouds or with their simulation
//! in this process.

use std::collections::BTreeMap;
use std::time::Duration;

use tieline_catalog::model::Provider;
use tieline_catalog::wire::{Request, Response};
use tieline_protocol::header;
use tokio::time::{timeout_at, Instant};

use super::error::SendError;
#[cfg(feature = "live")]
use super::http_client::HttpsClient;
use super::sign;
use crate::config::{Account, Endpoint};
use crate::in_process_sandbox::SharedSandbox;
use crate::platform::Platform;

/// The transport of requests, with the clock and the nonces of their signatures.
pub struct Exchange {
    /// The clouds, or their simulation.
    pub transport: Transport,
    /// Other hosts than the catalog's, by service.
    pub endpoints: BTreeMap<String, Endpoint>,
    /// The time limit for a cloud's answer, with all repetitions.
    pub timeout: Duration,
    /// The clock of the signatures, and chance.
    pub platform: Platform,
}

/// The clouds, or their simulation.
pub enum Transport {
    /// To the simulation.
    Sandbox(SharedSandbox),
    /// To the real clouds.
    #[cfg(feature = "live")]
    Https(HttpsClient),
}

/// A request before it is signed.
pub struct Unsigned<'a> {
    /// The request, for the catalog's host.
    pub request: Request,
    /// The service that it is for, as the configuration names its endpoint.
    pub service: &'a str,
    /// Whose service it is.
    pub provider: Provider,
    /// The account's id, where the operation has one.
    pub account_id: Option<String>,
}

impl Exchange {
    /// Signs a request as an account, sends it once, and reads the response until the deadline.
    ///
    /// # Errors
    /// When there is no response; see [`SendError`].
    pub async fn send(
        &self,
        unsigned: Unsigned<'_>,
        account: &Account,
        deadline: Instant,
    ) -> Result<Response, SendError> {
        let mut request = unsigned.request;
        let endpoint = self.endpoints.get(unsigned.service);
        if let Some(endpoint) = endpoint {
            request.host = endpoint.authority().to_string();
        }
        let (now_ms, nonce) = ((self.platform.now_ms)(), (self.platform.entropy)());
        let nonce = format!("{nonce:032x}");
        sign::sign(
            &mut request,
            unsigned.provider,
            account,
            unsigned.account_id.as_deref(),
            now_ms,
            &nonce,
        )
        .ok_or(SendError::NoCredentials)?;
        let response = async {
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
        let response = timeout_at(deadline, response).await;
        let mut response = response.unwrap_or(Err(SendError::TimedOut))?;
        let signer = sign::signer(unsigned.provider, account);
        let signer = signer.map(|signer| (header::SIGNER.to_string(), signer));
        response.headers.extend(signer);
        Ok(response)
    }

    /// Scheme and host under which a service is reached whose host in the catalog is `host`.
    #[cfg(feature = "live")]
    pub fn scheme_and_host(&self, service: &str, host: &str) -> (String, String) {
        match self.endpoints.get(service) {
            Some(endpoint) => (endpoint.scheme().into(), endpoint.authority().into()),
            None => ("https".to_string(), host.to_string()),
        }
    }
}
