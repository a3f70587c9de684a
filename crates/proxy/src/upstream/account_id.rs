//! The look-up of the account id at IAM, where none is configured.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tieline_catalog::model::Provider;
use tieline_catalog::wire::Request;
use tokio::time::Instant;

use super::error::SendError;
use super::exchange::{Exchange, Unsigned};
use crate::config::{is_account_id, Account};
use crate::iam;

/// The time limit for IAM's answer.
pub const IAM_TIMEOUT: Duration = Duration::from_secs(10);

/// The account ids that IAM told, by profile.
#[derive(Default)]
pub struct AccountIds(Mutex<BTreeMap<String, String>>);

impl AccountIds {
    /// A profile's account id: as IAM told before, else asked now. A failure is not remembered.
    ///
    /// # Errors
    /// Why IAM does not tell it, as a clause.
    pub async fn get(
        &self,
        exchange: &Exchange,
        profile: &str,
        account: &Account,
    ) -> Result<String, String> {
        if let Some(id) = self.known().get(profile) {
            return Ok(id.clone());
        }
        let id = ask_iam(exchange, account).await?;
        self.known().insert(profile.to_string(), id.clone());
        Ok(id)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask_iam(exchange: &Exchange, account: &Account) -> Result<String, String> {
    let request = Request {
        method: "GET".into(),
        host: iam::HOST.into(),
        path: iam::DOMAINS.into(),
        headers: vec![("accept".into(), "application/json".into())],
        ..Request::default()
    };
    let unsigned = Unsigned {
        request,
        service: iam::SERVICE,
        provider: Provider::Huawei,
        account_id: None,
    };
    let deadline = Instant::now() + exchange.timeout.min(IAM_TIMEOUT);
    let answer = exchange.send(unsigned, account, deadline).await;
    let answer = answer.map_err(|error| match error {
        SendError::Unreachable => "IAM cannot be reached".to_string(),
        SendError::NoCredentials => "there are no keys for Huawei Cloud".to_string(),
        SendError::Dropped | SendError::TimedOut => "IAM does not answer".to_string(),
    })?;
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let id = body.pointer("/domains/0/id").and_then(Value::as_str);
    match id.filter(|id| answer.status == 200 && is_account_id(id)) {
        Some(id) => Ok(id.to_string()),
        None => Err(format!("IAM answers {} without an account", answer.status)),
    }
}
