//! The route that sends: through the audit, the journal and the upstream, and back.

use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use tieline_catalog::model::{Action, Operation};
use tieline_catalog::text::Message;
use tieline_catalog::{check, Parsed};
use tieline_journal::Journal;
use tieline_protocol::problem;

use super::auth::User;
use super::limits::Place;
use super::problem::Problem;
use super::relay::{creation_problem, outcome_unknown, relay, send_problem};
use super::request::{complete, find, fits, idempotency_key, read, valid, OperationName};
use super::state::Shared;
use crate::idempotency::{self, Creation, Failure};
use crate::observe::audit::{Entry, Outcome};

/// Sends an operation's request to the cloud and relays the answer.
pub async fn send(
    name: OperationName,
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Response {
    let op = match find(name) {
        Ok(op) => op,
        Err(problem) => return problem.into_response(),
    };
    // In a task of its own: were it cut off when its client hangs up, the outcome would be lost for
    // no reason, to the journal and to the audit.
    let task = tokio::spawn(async move {
        let place = request.extensions().get::<Place>().cloned();
        let response = audited(op, &shared, request).await;
        drop(place);
        response
    });
    let response = task.await;
    response.unwrap_or_else(|_| outcome_unknown(op).into_response())
}

async fn audited(op: &'static Operation, shared: &Shared, request: Request<Body>) -> Response {
    let mut entry = Entry::new(op);
    let user = request.extensions().get::<User>();
    entry.user = user.map(|user| user.0.clone());
    let sent = sent(op, shared, request, &mut entry).await;
    let response = sent.unwrap_or_else(Problem::into_response);
    if !shared.audit.is_kept() {
        return response;
    }
    let outcome = Outcome::of(&response);
    // Without the line before, the line after would fail too.
    if outcome.name != problem::AUDIT_UNAVAILABLE.name() {
        let _ = note(shared, &entry, &outcome, entry.begun).await;
    }
    response
}

async fn sent(
    op: &'static Operation,
    shared: &Shared,
    request: Request<Body>,
    entry: &mut Entry,
) -> Result<Response, Problem> {
    let key = idempotency_key(request.headers());
    let (mut raw, profile) = read(op, shared, request, true).await?;
    entry.profile = Some(profile.clone());
    let (upstream, journal) = (&shared.config.upstream, &shared.config.journal);
    let filled_in = match (complete(op, shared, &mut raw, &profile).await, journal) {
        (Err(problem), Some(journal))
            if op.action == Action::Create && problem.is(&problem::ACCOUNT_UNKNOWN) =>
        {
            // Without the account it cannot be told whether the key was used for something else.
            let parsed = check(op, &raw).parsed;
            return match known(journal, &parsed, None, &key, entry).await {
                Ok(None) => Err(problem),
                Ok(Some(response)) => Ok(response),
                Err(Failure::KeyReused) => Err(outcome_unknown(op)),
                Err(failure) => Err(creation_problem(op, failure)),
            };
        }
        (completed, _) => completed?,
    };
    let valid = valid(op, &raw)?;
    fits(&valid)?;
    // Digests are for the audit alone, and cost as much as a signature.
    let audited = journal.as_ref().filter(|_| shared.audit.is_kept());
    if let Some(journal) = audited {
        entry.parameters = Some(journal.digest(&valid.parsed().to_json()));
    }
    if op.action == Action::Create {
        entry.journal_entry = audited.map(|journal| {
            let user = entry.user.as_deref().unwrap_or_default();
            journal.id(&idempotency::key(op, user, &key)).to_string()
        });
        entry.idempotency_key = Some(key.clone());
        if let Err(problem) = note(shared, entry, &Outcome::named("begun"), false).await {
            let Some(journal) = journal else {
                return Err(problem);
            };
            return match known(journal, valid.parsed(), filled_in, &key, entry).await {
                Ok(known) => known.ok_or(problem),
                Err(failure) => Err(creation_problem(op, failure)),
            };
        }
        entry.begun = true;
    }
    match (op.action, journal) {
        (Action::Create, Some(journal)) => {
            let creation = Creation {
                valid,
                profile,
                key,
                user: entry.user.clone().unwrap_or_default(),
                filled_in,
                metrics: shared.metrics.clone(),
                stopping: shared.stopping.clone(),
            };
            match creation.send(journal, upstream).await {
                Ok(answered) => Ok(relay(answered.decoded, answered.replayed)),
                Err(failure) => Err(creation_problem(op, failure)),
            }
        }
        _ => match upstream.send(&valid, &profile).await {
            Ok(decoded) => Ok(relay(decoded, false)),
            Err(error) => Err(send_problem(op, error)),
        },
    }
}

/// What the journal knows of a creation that cannot be sent for now: an id that is stored is told, and
/// what may have been executed is not said to have made nothing.
async fn known(
    journal: &Journal,
    parsed: &Parsed,
    filled_in: Option<&'static str>,
    key: &str,
    entry: &mut Entry,
) -> Result<Option<Response>, Failure> {
    let user = entry.user.clone().unwrap_or_default();
    let own = idempotency::key(parsed.operation(), &user, key);
    entry.journal_entry = Some(journal.id(&own).to_string());
    entry.idempotency_key = Some(key.to_string());
    let profile = entry.profile.as_deref().unwrap_or_default();
    let known = idempotency::known(journal, &own, profile, parsed, filled_in).await?;
    Ok(known.map(|answered| relay(answered.decoded, answered.replayed)))
}

/// Writes an audit line, of what is `done` or not.
async fn note(
    shared: &Shared,
    entry: &Entry,
    outcome: &Outcome,
    done: bool,
) -> Result<(), Problem> {
    let written = shared.audit.write(entry, outcome, done).await;
    written.map_err(|_| {
        shared.metrics.audit_failure();
        Problem::new(
            &problem::AUDIT_UNAVAILABLE,
            Message::new(
                "Nothing was sent. The proxy's log says what is wrong with its audit file.",
                "未向云端发送任何请求。请查看代理的日志，了解审计文件出了什么问题。",
            ),
        )
    })
}
