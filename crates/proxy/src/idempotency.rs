//! Nothing twice: a creation goes to the cloud through the journal.
//!
//! The intent is durable before the request leaves, the answer before the client gets it. The same
//! key and parameters give the stored answer again; a request on its way makes a second one wait;
//! an unknown outcome is repeated only with the client token that was sent at first.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use tieline_catalog::answer::Answer;
use tieline_catalog::model::Operation;
use tieline_catalog::text::Message;
use tieline_catalog::wire::Response;
use tieline_catalog::{check, Valid};
use tieline_journal::{
    Answer as Stored, Begin, Error, Journal, Key, Lease, Options, Outcome, Secret, Settled,
};
use tieline_protocol::problem;
use tokio::time::Instant;

use crate::config::{ConfigError, Configuration, Environment};
#[cfg(feature = "live")]
use crate::config::{Journal as JournalSettings, JournalKind, JOURNAL_SECRET};
use crate::http::problem::Problem;
use crate::http::routes::{after_unknown, unsent, RELAYED};
use crate::observe::log;
use crate::observe::metrics::Metrics;
use crate::{in_process_sandbox, Heard, Meaning, Upstream};

/// The journal's file where the configuration names none.
const DEFAULT_JOURNAL: &str = "tieline-journal.sqlite";

/// How long a request waits for another one with its key.
const PATIENCE: Duration = Duration::from_secs(45);

/// A creation on its way through the journal.
pub(crate) struct Creation {
    /// The checked parameters.
    pub valid: Valid,
    /// Whose keys sign it.
    pub profile: String,
    /// The client's `Idempotency-Key`.
    pub key: String,
    /// Who asks, empty where nobody has to log in: two users' keys never meet.
    pub user: String,
    /// Where the journal's answers are counted.
    pub metrics: Metrics,
}

/// What goes back to the client.
pub(crate) struct Answered {
    /// The cloud's answer.
    pub heard: Heard,
    /// Whether it comes from the journal.
    pub replayed: bool,
}

impl Creation {
    /// Sends it at most once. Call it in a task of its own: were it cut off when its client hangs up,
    /// the outcome would be lost for no reason.
    ///
    /// # Errors
    /// A problem for the client.
    pub async fn send(self, journal: &Journal, upstream: &Upstream) -> Result<Answered, Problem> {
        let op = self.valid.parsed().operation();
        let key = key(op, &self.user, &self.key);
        // The fingerprint is of what the client sent: a token that is made here is no part of it.
        let parameters = [self.profile.as_str().into(), self.valid.parsed().to_json()];
        let parameters = Value::from_iter(parameters);
        let token = op.token.map(|name| {
            let given = self.valid.parsed().get(name);
            given.unwrap_or_else(|| format!("{:032x}", in_process_sandbox::entropy()))
        });
        let intent = journal.intent(&key, &parameters, token.as_deref());
        let deadline = Instant::now() + PATIENCE;
        let mut begun = journal.begin(&intent).await;
        loop {
            self.metrics.journal(answer_name(&begun));
            match begun.map_err(|error| broken(&error))? {
                Begin::Fresh(lease) => return self.under(lease, journal, upstream).await,
                Begin::Replay(stored) => {
                    return Ok(Answered {
                        heard: Heard::new(op, from_stored(stored)),
                        replayed: true,
                    })
                }
                Begin::Conflict => {
                    return Err(Problem::new(
                        &problem::KEY_REUSED,
                        Message::new(
                            "Repeat the first request unchanged, or make a new key for another resource.",
                            "请原样重新发送第一次的请求，或为另一个资源生成新的键。",
                        ),
                    ))
                }
                Begin::InFlight { .. } => {
                    let free = journal.wait(&intent.id, deadline).await;
                    if !free.map_err(|error| broken(&error))? {
                        return Err(Problem::new(
                            &problem::OUTCOME_UNKNOWN_TIMEOUT,
                            after_unknown(op),
                        ));
                    }
                    begun = journal.begin(&intent).await;
                }
                Begin::Unknown {
                    repeatable: true, ..
                } => begun = journal.retry_with_token(&intent).await,
                Begin::Unknown {
                    repeatable: false, ..
                } => return Err(unknown(op)),
            }
        }
    }

    async fn under(
        &self,
        lease: Lease,
        journal: &Journal,
        upstream: &Upstream,
    ) -> Result<Answered, Problem> {
        let op = self.valid.parsed().operation();
        let valid = match lease.client_token() {
            Some(token) => with_token(&self.valid, token),
            None => Cow::Borrowed(&self.valid),
        };
        let sent = upstream.send(&valid, &self.profile).await;
        let outcome = match &sent {
            Ok(heard) => match &heard.meaning {
                Meaning::Creation(Answer::Created(_)) => {
                    Outcome::Created(to_stored(&heard.response))
                }
                Meaning::Creation(Answer::Rejected(_)) => {
                    Outcome::Rejected(to_stored(&heard.response))
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
            Ok(Settled::Unknown) if certain => return Err(unknown(op)),
            Ok(_) => {}
            // The answer is worth more than the journal: it goes out, and the key stays unknown.
            Err(error) => log::trouble(&format!("the journal did not take an answer: {error}")),
        }
        match sent {
            Ok(heard) => Ok(Answered {
                heard,
                replayed: false,
            }),
            Err(error) => Err(unsent(op, error)),
        }
    }
}

/// What the journal knows a creation by.
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
    let relayed = relayed.filter(|(name, _)| RELAYED.contains(&name.as_str()));
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

/// It may have been executed.
pub(crate) fn unknown(op: &Operation) -> Problem {
    Problem::new(&problem::OUTCOME_UNKNOWN, after_unknown(op))
}

/// The journal cannot be written, so nothing was sent.
fn broken(error: &Error) -> Problem {
    log::trouble(&format!("the journal cannot be used: {error}"));
    Problem::new(
        &problem::JOURNAL_UNAVAILABLE,
        Message::new(
            "Nothing was sent. The proxy's log says what is wrong with its journal.",
            "未发送任何请求。代理的日志说明了其记录的问题。",
        ),
    )
}

/// A journal that ends with the process. Without randomness there is none.
pub(crate) fn in_memory() -> Option<Journal> {
    let secret = Secret::random().ok()?;
    Some(Journal::memory(secret, Options::default()))
}

#[cfg(feature = "live")]
/// The configured journal as the proxy left it; nothing is made.
pub(crate) async fn existing_journal(
    configuration: &Configuration,
    environment: &Environment,
) -> Result<Journal, ConfigError> {
    let settings = &configuration.journal;
    match settings.kind {
        JournalKind::Memory => Err(ConfigError(
            "[journal] kind is memory: such a journal ends with its proxy, so there is nothing to list.".into(),
        )),
        // Looked at before the secret: without a journal it does not matter that there is none.
        JournalKind::Sqlite if !path(settings).exists() => {
            let path = std::path::absolute(path(settings)).unwrap_or_else(|_| path(settings));
            Err(unusable(Error::Absent(path.display().to_string())))
        }
        _ => open(configuration, environment, false).await,
    }
}

#[cfg(feature = "live")]
/// The configured journal, made if need be. Its secret lies beside the SQLite file, or in
/// TIELINE_JOURNAL_SECRET (64 hexadecimal digits), which replicas that share a Redis server have in
/// common.
pub(crate) async fn journal(
    configuration: &Configuration,
    environment: &Environment,
) -> Result<Journal, ConfigError> {
    open(configuration, environment, true).await
}

#[cfg(feature = "live")]
fn path(settings: &JournalSettings) -> PathBuf {
    let path = settings.path.clone();
    path.unwrap_or_else(|| PathBuf::from(DEFAULT_JOURNAL))
}

#[cfg(feature = "live")]
fn unusable(error: Error) -> ConfigError {
    ConfigError(format!("[journal]: {error}."))
}

#[cfg(feature = "live")]
async fn open(
    configuration: &Configuration,
    environment: &Environment,
    create: bool,
) -> Result<Journal, ConfigError> {
    let settings = &configuration.journal;
    let limit = Duration::from_secs(configuration.limits.upstream_timeout);
    let options = Options {
        // A lease outlasts every call, so that it only ends when its holder has crashed.
        lease: limit + Duration::from_secs(30),
        retention: Duration::from_secs(u64::from(settings.retention_days) * 24 * 60 * 60),
        create,
        ..Options::default()
    };
    let path = path(settings);
    let secret = match (environment.get(JOURNAL_SECRET), settings.kind) {
        (Some(hex), _) => Secret::from_hex(hex),
        (None, JournalKind::Sqlite) if create => {
            Secret::load_or_create(&path.with_extension("key"))
        }
        (None, JournalKind::Sqlite) => Secret::load(&path.with_extension("key")),
        (None, JournalKind::Memory) => Secret::random(),
        (None, JournalKind::Redis) => {
            return Err(ConfigError(format!(
                "[journal] kind is redis: set {JOURNAL_SECRET} to 64 hexadecimal digits, the same for every replica (`openssl rand -hex 32` makes them)."
            )))
        }
    };
    let secret = secret.map_err(unusable)?;
    let opened = match settings.kind {
        JournalKind::Memory => Ok(Journal::memory(secret, options)),
        JournalKind::Sqlite => Journal::sqlite(&path, secret, options).await,
        JournalKind::Redis => {
            let url = settings.url.as_ref().ok_or_else(|| {
                ConfigError(
                    "[journal] kind is redis: set url, such as redis://127.0.0.1:6379/0.".into(),
                )
            })?;
            let server = tieline_journal::RedisServer {
                url: url.expose().to_string().into(),
                replicas: 0,
                trusted: false,
            };
            Journal::redis(&server, secret, options).await
        }
    };
    opened.map_err(unusable)
}
