//! The account id that IAM tells, where nobody configured one.

use std::sync::PoisonError;
use std::time::Duration;

use serde_json::Value;
use tieline_catalog::model::Provider;
use tieline_catalog::wire::Request;
use tokio::time::Instant;

use super::client::{Inner, SendError};
use crate::config::{is_domain_id, Account, IAM};
use crate::in_process_sandbox::IAM_DOMAINS;

/// Huawei Cloud's identity service (huaweicloudsdkcore, `auth/internal.py`).
pub(crate) const IAM_HOST: &str = "iam.myhuaweicloud.com";

/// How long IAM may take at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// A profile's account id: as IAM told before, else asked now. A failure is not remembered.
pub async fn remembered(inner: &Inner, profile: &str, account: &Account) -> Result<String, String> {
    let known = || inner.domains.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(id) = known().get(profile) {
        return Ok(id.clone());
    }
    let id = asked(inner, account).await?;
    known().insert(profile.to_string(), id.clone());
    Ok(id)
}

async fn asked(inner: &Inner, account: &Account) -> Result<String, String> {
    let request = Request {
        method: "GET".into(),
        host: IAM_HOST.into(),
        path: IAM_DOMAINS.into(),
        headers: vec![("accept".into(), "application/json".into())],
        ..Request::default()
    };
    let deadline = Instant::now() + inner.timeout.min(PATIENCE);
    let answer = inner
        .exchange(request, IAM, Provider::Huawei, account, None, deadline)
        .await
        .map_err(|error| match error {
            SendError::Unreachable => "IAM cannot be reached".to_string(),
            SendError::NoCredentials => "there are no keys for Huawei Cloud".to_string(),
            SendError::Dropped | SendError::TimedOut => "IAM does not answer".to_string(),
        })?;
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let id = body.pointer("/domains/0/id").and_then(Value::as_str);
    match id.filter(|id| answer.status == 200 && is_domain_id(id)) {
        Some(id) => Ok(id.to_string()),
        None => Err(format!("IAM answers {} without an account", answer.status)),
    }
}
