//! Idempotency: a creation goes to the cloud through the journal, so that nothing is created twice.
//!
//! The intent is durable before the request leaves, the answer before the client gets it. The same
//! key and parameters give the stored answer again; a request on its way makes a second one wait;
//! an unknown outcome is repeated only with the client token that was sent at first. A token that is made
//! here follows from the key, so that whatever is sent under a key, however late, has the same one.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;
use tieline_catalog::answer::Answer;
use tieline_catalog::model::Operation;
use tieline_catalog::wire::Response;
use tieline_catalog::{check, Valid};
use tieline_journal::{
    Answer as Stored, Begin, Error, Journal, Key, Lease, Options, Outcome, Secret, Settled,
};
use tokio::time::Instant;

use crate::observe::log;
use crate::observe::metrics::Metrics;
use crate::upstream::{DecodedResponse, Meaning, SendError, Upstream, RELAYED_HEADERS};

/// The time that a request waits for another one with its key.
const WAIT: Duration = Duration::from_secs(45);

/// A creation on its way through the journal.
pub(crate) struct Creation {
    /// The checked parameters.
    pub valid: Valid,
    /// Whose keys sign it.
    pub profile: String,
    /// The client's `Idempotency-Key`.
    pub key: String,
    /// The user, empty where nobody has to log in: two users' keys never meet.
    pub user: String,
    /// The counts of the journal's answers.
    pub metrics: Metrics,
}

/// The answer to a creation.
pub(crate) struct Answered {
    /// The cloud's answer.
    pub decoded: DecodedResponse,
    /// Whether it comes from the journal.
    pub replayed: bool,
}

/// The reason why there is no answer to a creation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// The key was used for other parameters.
    KeyReused,
    /// The journal cannot be written, so nothing was sent.
    JournalUnavailable,
    /// Another request with the key is still on its way.
    StillInProgress,
    /// It may have been executed.
    OutcomeUnknown,
    /// The cloud gave no answer.
    Send(SendError),
}

impl Creation {
    /// Sends it at most once. Call it in a task of its own: were it cut off when its client hangs up,
    /// the outcome would be lost for no reason.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send(self, journal: &Journal, upstream: &Upstream) -> Result<Answered, Failure> {
        let op = self.valid.parsed().operation();
        let key = key(op, &self.user, &self.key);
        // The fingerprint is of what the client sent: a token that is made here is no part of it.
        let parameters = [self.profile.as_str().into(), self.valid.parsed().to_json()];
        let parameters = Value::from_iter(parameters);
        let token = op.token.map(|name| {
            let given = self.valid.parsed().get(name);
            given.unwrap_or_else(|| journal.client_token(&key))
        });
        let intent = journal.intent(&key, &parameters, token.as_deref());
        let deadline = Instant::now() + WAIT;
        let mut begun = journal.begin(&intent).await;
        loop {
            self.metrics.journal(answer_name(&begun));
            match begun.map_err(unavailable)? {
                Begin::Fresh(lease) => return self.send_under(lease, journal, upstream).await,
                Begin::Replay(stored) => {
                    return Ok(Answered {
                        decoded: DecodedResponse::new(op, from_stored(stored)),
                        replayed: true,
                    })
                }
                Begin::Conflict => return Err(Failure::KeyReused),
                Begin::InFlight { .. } => {
                    let free = journal.wait(&intent.id, deadline).await;
                    if !free.map_err(unavailable)? {
                        return Err(Failure::StillInProgress);
                    }
                    begun = journal.begin(&intent).await;
                }
                Begin::Unknown {
                    repeatable: true, ..
                } => begun = journal.retry_with_token(&intent).await,
                Begin::Unknown {
                    repeatable: false, ..
                } => return Err(Failure::OutcomeUnknown),
            }
        }
    }

    async fn send_under(
        &self,
        lease: Lease,
        journal: &Journal,
        upstream: &Upstream,
    ) -> Result<Answered, Failure> {
        let valid = match lease.client_token() {
            Some(token) => with_token(&self.valid, token),
            None => Cow::Borrowed(&self.valid),
        };
        let sent = upstream.send(&valid, &self.profile).await;
        let outcome = match &sent {
            Ok(decoded) => match &decoded.meaning {
                Meaning::Creation(Answer::Created(_)) => {
                    Outcome::Created(to_stored(&decoded.response))
                }
                Meaning::Creation(Answer::Rejected(_)) => {
                    Outcome::Rejected(to_stored(&decoded.response))
                }
                Meaning::Creation(Answer::NotExecuted(_)) => Outcome::NotExecuted,
                Meaning::Creation(Answer::Unknown(_)) | Meaning::Read(_) => Outcome::Unknown,
            },
            Err(error) if error.outcome_is_unknown() => Outcome::Unknown,
            Err(_) => Outcome::NotExecuted,
        };
        let certain = outcome != Outcome::Unknown;
        let settled = match journal.finish(&lease, outcome.clone()).await {
            Err(_) => journal.finish(&lease, outcome.clone()).await,
            settled => settled,
        };
        match settled {
            // The first attempt may have been executed, whatever became of its repeat.
            Ok(Settled::Unknown) if certain => return Err(Failure::OutcomeUnknown),
            // The client gets its answer, and from now on the journal lets nothing more be sent.
            Ok(Settled::Forgotten) => {
                self.metrics.journal("forgotten");
                let entry = lease.id;
                log::problem(&format!("entry {entry}: {}", Error::Forgot));
            }
            // The lease ended before the answer came, and the key went on without it.
            Ok(Settled::Lost) => {
                self.metrics.journal("lost");
                let entry = lease.id;
                log::problem(&format!(
                    "the journal's entry {entry} was settled or used again before the answer to its request came: the answer is not kept, so look up whether something was created twice"
                ));
            }
            Ok(_) => {}
            // The answer is worth more than the journal: it goes out, and the key stays unknown.
            Err(error) => log::problem(&format!("the journal did not take an answer: {error}")),
        }
        match sent {
            Ok(decoded) => Ok(Answered {
                decoded,
                replayed: false,
            }),
            Err(error) => Err(Failure::Send(error)),
        }
    }
}

/// The journal's key of a creation.
pub(crate) fn key<'a>(op: &'a Operation, user: &'a str, key: &'a str) -> Key<'a> {
    Key {
        principal: user,
        operation: op.name,
        idempotency_key: key,
    }
}

/// The same values with the client token that belongs to the key.
fn with_token<'a>(valid: &'a Valid, token: &str) -> Cow<'a, Valid> {
    let parsed = valid.parsed();
    let op = parsed.operation();
    let Some(name) = op
        .token
        .filter(|name| parsed.get(name).as_deref() != Some(token))
    else {
        return Cow::Borrowed(valid);
    };
    let mut raw = parsed.to_raw();
    raw.set(name, token);
    match check(op, &raw).valid() {
        Ok(with) => Cow::Owned(with),
        // A token of the journal is the client's own, or 32 hexadecimal digits: both pass.
        Err(_) => Cow::Borrowed(valid),
    }
}

fn to_stored(response: &Response) -> Stored {
    let relayed = response.headers.iter();
    let relayed = relayed.filter(|(name, _)| RELAYED_HEADERS.contains(&name.as_str()));
    Stored {
        status: response.status,
        content_type: response.content_type.clone(),
        headers: relayed.cloned().collect(),
        body: response.body.clone(),
    }
}

fn from_stored(stored: Stored) -> Response {
    Response {
        status: stored.status,
        content_type: stored.content_type,
        headers: stored.headers,
        body: stored.body,
    }
}

/// The name under which an answer of the journal is counted.
fn answer_name(begun: &Result<Begin, Error>) -> &'static str {
    match begun {
        Ok(Begin::Fresh(_)) => "fresh",
        Ok(Begin::Replay(_)) => "replay",
        Ok(Begin::Conflict) => "conflict",
        Ok(Begin::InFlight { .. }) => "in-flight",
        Ok(Begin::Unknown { .. }) => "unknown",
        Err(_) => "error",
    }
}

/// The journal cannot be used, so nothing was sent.
fn unavailable(error: Error) -> Failure {
    log::problem(&format!("the journal cannot be used: {error}"));
    Failure::JournalUnavailable
}

/// A journal that ends with the process. Without randomness there is none.
pub(crate) fn in_memory() -> Option<Journal> {
    let secret = Secret::random().ok()?;
    Some(Journal::memory(secret, Options::default()))
}
