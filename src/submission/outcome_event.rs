//! The outcome of a request as an event for the host page.

use tieline_catalog::answer::Answer;
use tieline_catalog::Valid;
use tieline_records::Outcome;

#[cfg(feature = "embed")]
use super::intent::Settled;
use crate::client::Sent;
#[cfg(feature = "embed")]
use crate::history::{History, Made};
use crate::platform::host_page::{HostEvent, OutcomeEvent};
#[cfg(feature = "embed")]
use crate::platform::mount::Mount;

/// What came of this request under this idempotency key, sent by the form of this number; `late`, when it was told
/// as unknown before.
pub fn outcome_event<'a>(
    by: u32,
    valid: &Valid,
    key: &'a str,
    sent: &'a Sent,
    late: bool,
) -> HostEvent<'a> {
    let (outcome, created, refusal) = match &sent.answer {
        Answer::Created(created) => (Outcome::Created, Some(created), None),
        Answer::Rejected(refusal) => (Outcome::Rejected, None, Some(refusal)),
        Answer::NotExecuted(refusal) => (Outcome::NotExecuted, None, Some(refusal)),
        Answer::Unknown(refusal) => (Outcome::Unknown, None, Some(refusal)),
    };
    let code = refusal.map(|refusal| refusal.code.as_str());
    let request_id = match (created, refusal) {
        (Some(created), _) => created.request_id.as_deref(),
        (None, Some(refusal)) => refusal.request_id.as_deref(),
        (None, None) => None,
    };
    HostEvent::Outcome(OutcomeEvent {
        by,
        operation: valid.parsed().operation().name,
        idempotency_key: key,
        outcome: outcome.code(),
        resource_id: created.map(|created| created.id.as_str()),
        status: created.and_then(|created| created.status.as_deref()),
        request_id,
        code: code.filter(|code| !code.is_empty()),
        message: refusal.map(|refusal| &refusal.explanation),
        simulated: sent.simulated,
        late,
    })
}

/// Has the host page told of the status of what it was told of here.
#[cfg(feature = "embed")]
pub fn follow(history: &History, mount: &Mount, settled: &Settled) {
    let status = match &settled.sent.answer {
        Answer::Created(created) => created.status.clone(),
        _ => None,
    };
    if let Some(record) = settled.record {
        let made = Made {
            record,
            key: settled.intent.key.clone(),
            operation: settled.intent.valid.parsed().operation().name,
            status: status.unwrap_or_default(),
        };
        history.told_of(mount, made);
    }
}
