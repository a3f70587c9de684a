//! Idempotency: a creation goes to the cloud through the journal, so that nothing is created twice.
//!
//! The intent is durable before the request leaves, the answer before the client gets it. The same
//! key and parameters give the stored answer again; a request on its way makes a second one wait;
//! an unknown outcome is repeated only with the client token that was sent at first. A token that is made
//! here follows from the key, so that whatever is sent under a key, however late, has the same one.
//!
//! Whoever knows of another request with the key says nothing certain but an id or what the journal
//! holds: that nothing was sent, or that it was refused, is true of the own request only.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;
use tieline_catalog::answer::Answer;
use tieline_catalog::model::Operation;
use tieline_catalog::wire::Response;
use tieline_catalog::{check, Parsed, Valid};
use tieline_journal::{
    Answer as Stored, Begin, Error, Intent, Journal, Key, Lease, Options, Outcome, Secret, Settled,
};
use tokio::time::Instant;

use crate::observe::log;
use crate::observe::metrics::Metrics;
use crate::stopping::Stopping;
use crate::upstream::{
    credential, is_of_the_keys, DecodedResponse, Meaning, SendError, Upstream, RELAYED_HEADERS,
};

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
    /// The parameter that the client left out and the proxy has filled in.
    pub filled_in: Option<&'static str>,
    /// The counts of the journal's answers.
    pub metrics: Metrics,
    /// Whether the program was asked to stop.
    pub stopping: Stopping,
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
    /// It may have been executed with other keys, so that its client token may mean nothing with the present ones.
    OtherKeys,
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
        let parsed = self.valid.parsed();
        let op = parsed.operation();
        let key = key(op, &self.user, &self.key);
        let (intent, earlier) = intents(journal, &key, &self.profile, parsed, self.filled_in);
        let signer = upstream.signer(op, &self.profile);
        let mut intent = intent.signed_by(signer.clone());
        let mut earlier = earlier.map(|earlier| earlier.signed_by(signer));
        let deadline = Instant::now() + WAIT;
        // Another request with the key has left, and what becomes of it is not known here.
        let mut others = false;
        let mut begun = journal.begin(&intent).await;
        loop {
            self.metrics.journal(answer_name(&begun));
            others |= matches!(
                begun,
                Ok(Begin::InFlight { .. } | Begin::Unknown { .. }) | Err(Error::Contended)
            );
            match begun.map_err(|error| unavailable(error, others))? {
                Begin::Fresh(lease) => {
                    return self.send_under(lease, &intent, journal, upstream).await
                }
                Begin::Replay(stored) => return Ok(replay(op, stored)),
                Begin::Conflict => match earlier.take() {
                    Some(earlier) => {
                        intent = earlier;
                        begun = journal.begin(&intent).await;
                    }
                    None => return Err(Failure::KeyReused),
                },
                Begin::InFlight { .. } => {
                    let free = self.wait(journal, &intent, deadline, upstream).await;
                    if !free.map_err(|error| unavailable(error, others))? {
                        return Err(Failure::StillInProgress);
                    }
                    if self.stopping.is_begun() {
                        return self.at_the_end(journal, &intent).await;
                    }
                    begun = journal.begin(&intent).await;
                }
                Begin::Unknown {
                    repeatable: true, ..
                } => begun = journal.retry_with_token(&intent).await,
                Begin::Unknown {
                    repeatable: false, ..
                } => {
                    return Err(match op.token {
                        Some(_) => Failure::OtherKeys,
                        None => Failure::OutcomeUnknown,
                    })
                }
            }
        }
    }

    /// Waits until no request with the key is on its way; `false` when it must be waited for no longer.
    /// What is on its way at a stop has ended soon, or is another replica's.
    async fn wait(
        &self,
        journal: &Journal,
        intent: &Intent,
        deadline: Instant,
        upstream: &Upstream,
    ) -> Result<bool, Error> {
        let stopped = async {
            self.stopping.begun().await;
            tokio::time::sleep(upstream.timeout()).await;
        };
        tokio::select! {
            free = journal.wait(&intent.id, deadline) => free,
            () = stopped => Ok(false),
        }
    }

    /// What there is to be told once the program is to stop: nothing is begun then by who has waited,
    /// because it would be cut off.
    async fn at_the_end(&self, journal: &Journal, intent: &Intent) -> Result<Answered, Failure> {
        match journal.known(intent).await {
            Ok(Some(Begin::Replay(stored))) => Ok(replay(self.valid.parsed().operation(), stored)),
            Ok(_) => Err(Failure::StillInProgress),
            Err(error) => Err(unavailable(error, true)),
        }
    }

    async fn send_under(
        &self,
        lease: Lease,
        intent: &Intent,
        journal: &Journal,
        upstream: &Upstream,
    ) -> Result<Answered, Failure> {
        let valid = match lease.client_token() {
            Some(token) => with_token(&self.valid, token),
            None => Cow::Borrowed(&self.valid),
        };
        let sent = upstream.send(&valid, &self.profile).await;
        let outcome = match &sent {
            Ok(decoded) => outcome(valid.parsed(), decoded),
            Err(error) if error.outcome_is_unknown() => Outcome::Unknown,
            Err(_) => Outcome::NotExecuted,
        };
        let settled = journal.finish_surely(&lease, outcome.clone()).await;
        let entry = lease.id;
        match &settled {
            // From now on the journal lets nothing more be sent.
            Ok(Settled::Forgotten) => {
                self.metrics.journal("forgotten");
                log::problem(&format!("entry {entry}: {}", Error::Forgot));
            }
            // The lease ended before the answer came, and the key went on without it.
            Ok(Settled::Lost) => {
                self.metrics.journal("lost");
                log::problem(&format!(
                    "the journal's entry {entry} was settled or used again before the answer to its request came: the answer is not kept, so look up whether something was created twice"
                ));
            }
            Ok(_) => {}
            // The answer is worth more than the journal: it goes out, and the key stays unknown.
            Err(error) => log::problem(&format!("the journal did not take an answer: {error}")),
        }
        let known = match (&outcome, &settled) {
            // An id is told in any case, and waits for nothing more.
            (Outcome::Created(_), _) => None,
            (_, Ok(Settled::Final | Settled::Forgotten | Settled::Lost)) => {
                journal.known(intent).await.ok()
            }
            _ => None,
        };
        match told(&outcome, lease.is_repeat(), settled.ok(), known) {
            Told::Own => match sent {
                Ok(decoded) => Ok(Answered {
                    decoded,
                    replayed: false,
                }),
                Err(error) => Err(Failure::Send(error)),
            },
            Told::Stored(stored) => Ok(replay(self.valid.parsed().operation(), stored)),
            Told::Nothing => Err(Failure::OutcomeUnknown),
        }
    }
}

/// What a client is told after its request.
enum Told {
    /// What came of the own request.
    Own,
    /// What the journal holds of another request with the key.
    Stored(Stored),
    /// That nothing certain is known of the key.
    Nothing,
}

/// What is to be told of an own outcome.
///
/// - `repeat`: what became of an earlier attempt is not known.
/// - `settled`: what the journal made of the outcome; `None` where it did not take it.
/// - `known`: what the journal holds under the key since then; `None` where it was not asked or did not
///   say, `Some(None)` where it holds nothing.
fn told(
    outcome: &Outcome,
    repeat: bool,
    settled: Option<Settled>,
    known: Option<Option<Begin>>,
) -> Told {
    let own = match outcome {
        Outcome::Created(_) => return Told::Own,
        Outcome::Rejected(own) => Some(own),
        Outcome::NotExecuted | Outcome::Unknown => None,
    };
    match (settled, known) {
        (_, Some(Some(Begin::Replay(stored)))) if own != Some(&stored) => Told::Stored(stored),
        (_, Some(Some(Begin::Replay(_)))) => Told::Own,
        _ if *outcome == Outcome::Unknown => Told::Own,
        // The first attempt may have been executed, whatever became of its repeat.
        _ if repeat => Told::Nothing,
        (Some(Settled::Unknown), _) => Told::Nothing,
        // Nobody else has used the key.
        (Some(Settled::Final | Settled::Forgotten | Settled::Lost), Some(None)) => Told::Own,
        (Some(Settled::Final | Settled::Forgotten | Settled::Lost), _) => Told::Nothing,
        // The own lease outlasts the request, so that nobody else could send meanwhile.
        (Some(Settled::Free | Settled::InFlight) | None, _) => Told::Own,
    }
}

/// The answer that the journal holds, as the cloud gave it.
fn replay(op: &'static Operation, stored: Stored) -> Answered {
    let response = Response {
        status: stored.status,
        content_type: stored.content_type,
        headers: stored.headers,
        body: stored.body,
    };
    Answered {
        decoded: DecodedResponse::new(op, response),
        replayed: true,
    }
}

/// What the journal holds of a creation that cannot be sent now: its answer, or that it may have been
/// executed. `None`: nothing is known under the key.
///
/// # Errors
/// The journal cannot be read, or knows the key and no answer for these parameters.
pub(crate) async fn known(
    journal: &Journal,
    key: &Key<'_>,
    profile: &str,
    parsed: &Parsed,
    filled_in: Option<&'static str>,
) -> Result<Option<Answered>, Failure> {
    let (intent, earlier) = intents(journal, key, profile, parsed, filled_in);
    let mut known = journal.known(&intent).await;
    if let (Ok(Some(Begin::Conflict)), Some(earlier)) = (&known, &earlier) {
        known = journal.known(earlier).await;
    }
    match known {
        Ok(None) => Ok(None),
        Ok(Some(Begin::Replay(stored))) => Ok(Some(replay(parsed.operation(), stored))),
        Ok(Some(Begin::Conflict)) => Err(Failure::KeyReused),
        Ok(Some(_)) => Err(Failure::OutcomeUnknown),
        Err(error) => Err(unavailable(error, false)),
    }
}

/// A creation as the journal knows it, and as an earlier version did where that differs. The fingerprint is
/// of what the client wants to be created: what is made or filled in here is no part of it, nor is a user's
/// own credential, which is renewed from hour to hour; whose account that is stands among the parameters.
fn intents(
    journal: &Journal,
    key: &Key<'_>,
    profile: &str,
    parsed: &Parsed,
    filled_in: Option<&'static str>,
) -> (Intent, Option<Intent>) {
    let token = parsed.operation().token.map(|name| {
        let given = parsed.get(name);
        given.unwrap_or_else(|| journal.client_token(key))
    });
    let intent = |parameters: Value| {
        let parameters = Value::from_iter([profile.into(), parameters]);
        journal.intent(key, &parameters, token.as_deref())
    };
    let mut wanted = parsed.to_json();
    let mut earlier = None;
    for name in credential(parsed.operation().params)
        .into_iter()
        .chain(filled_in)
    {
        if wanted.get(name).is_some() {
            earlier.get_or_insert_with(|| wanted.clone());
            wanted.as_object_mut().map(|members| members.remove(name));
        }
    }
    (intent(wanted), earlier.map(intent))
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

/// What an answer says, for the journal. A refusal of the keys says nothing of what was asked for: once they
/// are repaired the request can be sent again under its own key.
fn outcome(parsed: &Parsed, decoded: &DecodedResponse) -> Outcome {
    match &decoded.meaning {
        Meaning::Creation(Answer::Created(_)) => Outcome::Created(to_stored(&decoded.response)),
        Meaning::Creation(Answer::Rejected(refusal)) if is_of_the_keys(&refusal.code) => {
            Outcome::NotExecuted
        }
        Meaning::Creation(Answer::Rejected(_)) => {
            Outcome::Rejected(to_stored(&without_private(parsed, decoded)))
        }
        Meaning::Creation(Answer::NotExecuted(_)) => Outcome::NotExecuted,
        Meaning::Creation(Answer::Unknown(_)) | Meaning::Read(_) => Outcome::Unknown,
    }
}

/// A refusal without what it repeats of personal data and secrets. Whatever they are, it says the same.
fn without_private(parsed: &Parsed, decoded: &DecodedResponse) -> Response {
    let op = parsed.operation();
    let hidden = Response {
        body: parsed.hidden_in(&decoded.response.body),
        ..decoded.response.clone()
    };
    let code = |meaning: &Meaning| match meaning {
        Meaning::Creation(Answer::Rejected(refusal)) => Some(refusal.code.clone()),
        _ => None,
    };
    let own = code(&decoded.meaning);
    if code(&DecodedResponse::new(op, hidden.clone()).meaning) == own {
        return hidden;
    }
    // A value that is part of what makes it a refusal.
    Response {
        content_type: "application/json".to_string(),
        body: serde_json::json!({ "Code": own }).to_string(),
        ..hidden
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

/// The journal cannot be used, so this request was not sent. `others`: another with its key was.
fn unavailable(error: Error, others: bool) -> Failure {
    log::problem(&format!("the journal cannot be used: {error}"));
    match others {
        true => Failure::OutcomeUnknown,
        false => Failure::JournalUnavailable,
    }
}

/// A journal that ends with the process. Without randomness there is none.
pub(crate) fn in_memory() -> Option<Journal> {
    let secret = Secret::random().ok()?;
    Some(Journal::memory(secret, Options::default()))
}
