//! The routes of the API.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{header, HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::StreamExt;
use serde_json::{json, Map, Value};
use tieline_catalog::answer::{Answer, Found, Refusal};
use tieline_catalog::model::{Action, Operation};
use tieline_catalog::text::Message;
use tieline_catalog::{check, wire, Raw, Valid};
use tieline_protocol::health::{self, Credentials, Health};
use tieline_protocol::{header as protocol, problem};
use tokio::time::timeout;

use super::auth::User;
use super::limits::{depth, Slot};
use super::openapi;
use super::problem::{slow, Problem};
use crate::config::DEFAULT_PROFILE;
use crate::idempotency::{self, unknown, Creation};
use crate::observe::audit::{Entry, Outcome};
use crate::{Heard, Meaning, SendError, Shared, Upstream, VERSION};

/// The header that a creation must carry.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static(protocol::IDEMPOTENCY_KEY);

/// The header that chooses a profile; without it [`DEFAULT_PROFILE`] is used.
pub const PROFILE: HeaderName = HeaderName::from_static(protocol::PROFILE);

/// The header of an answer that the journal gave again.
const REPLAYED: HeaderName = HeaderName::from_static(protocol::IDEMPOTENCY_REPLAYED);

/// The longest idempotency key in characters.
pub const MAX_KEY: usize = 255;

/// Bodies over the limit are read and thrown away up to here, so that the client gets to read the
/// answer instead of a broken connection.
const MAX_DRAIN: usize = 8 * 1024 * 1024;

/// The answer's headers that are relayed beside its content type.
pub(crate) const RELAYED: &[&str] = &[
    protocol::REQUEST_ID,
    protocol::ACS_REQUEST_ID,
    protocol::RETRY_AFTER,
];

/// About how many headers a relayed answer has in the end.
const HEADERS: usize = 16;

type OperationName = Result<Path<String>, PathRejection>;

/// The routes, without a fallback, as they are served under `prefix`.
pub(crate) fn api(prefix: &'static str, shared: &Shared) -> Router<Shared> {
    let only_get = || async { Problem::method("GET, HEAD") };
    let profiles: Vec<&str> = shared.config.upstream.profiles().map(|p| p.name).collect();
    let limits = &shared.config.configuration.limits;
    let document = Bytes::from(openapi::document(prefix, &profiles, limits).to_string());
    let document = || async move { ([(header::CONTENT_TYPE, "application/json")], document) };
    Router::new()
        .route(health::PATH, get(healthz).fallback(only_get))
        .route("/metrics", get(metrics).fallback(only_get))
        .route("/openapi.json", get(document).fallback(only_get))
        .route("/v1/{operation}", post(send).fallback(only_post))
        .route(
            "/v1/{operation}/check",
            post(check_only).fallback(only_post),
        )
        .route("/v1/{operation}/preview", post(preview).fallback(only_post))
}

/// Any other path.
pub(crate) async fn not_found() -> Problem {
    Problem::new(
        &problem::NOT_FOUND,
        Message::new(
            "GET /openapi.json describes the paths that exist.",
            "GET /openapi.json 列出了所有可用路径。",
        ),
    )
}

async fn only_post(name: OperationName) -> Problem {
    match find(name) {
        Ok(_) => Problem::method("POST"),
        Err(problem) => problem,
    }
}

async fn healthz(State(shared): State<Shared>) -> Response {
    let upstream = &shared.config.upstream;
    Json(Health {
        name: health::NAME,
        version: VERSION,
        mode: upstream.mode(),
        credentials: Credentials {
            alibaba: upstream.profiles().any(|p| p.credentials.alibaba),
            huawei: upstream.profiles().any(|p| p.credentials.huawei),
        },
        profiles: upstream.profiles().collect(),
    })
    .into_response()
}

async fn metrics(State(shared): State<Shared>) -> Response {
    shared.metrics.text(shared.gate.occupied())
}

async fn check_only(
    name: OperationName,
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let op = find(name)?;
    let (raw, _) = read(op, &shared, request, false).await?;
    let violations = check(op, &raw).violations;
    Ok(Json(json!({ "violations": violations })).into_response())
}

async fn preview(
    name: OperationName,
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let op = find(name)?;
    let (raw, _) = read(op, &shared, request, false).await?;
    let valid = valid(op, &raw)?;
    // A preview is shown and copied: secrets and personal data are masked in it.
    let request = wire::encode(&valid.parsed().masked());
    let headers: Map<String, Value> = request
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let url = request.url();
    Ok(Json(json!({
        "method": request.method,
        "url": url,
        "headers": headers,
        "body": request.body,
    }))
    .into_response())
}

async fn send(
    name: OperationName,
    State(shared): State<Shared>,
    mut request: Request<Body>,
) -> Response {
    let op = match find(name) {
        Ok(op) => op,
        Err(problem) => return problem.into_response(),
    };
    // In a task of its own: were it cut off when its client hangs up, the outcome would be lost for
    // no reason, to the journal and to the audit.
    let task = tokio::spawn(async move {
        let slot = request.extensions_mut().remove::<Slot>();
        let response = audited(op, &shared, request).await;
        drop(slot);
        response
    });
    let response = task.await;
    response.unwrap_or_else(|_| unknown(op).into_response())
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
        let _ = note(shared, &entry, &outcome).await;
    }
    response
}

async fn sent(
    op: &'static Operation,
    shared: &Shared,
    request: Request<Body>,
    entry: &mut Entry,
) -> Result<Response, Problem> {
    let key = key(request.headers());
    let (raw, profile) = read(op, shared, request, true).await?;
    entry.profile = Some(profile.clone());
    let valid = valid(op, &raw)?;
    let (upstream, journal) = (&shared.config.upstream, &shared.config.journal);
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
        note(shared, entry, &Outcome::named("begun")).await?;
    }
    match (op.action, journal) {
        (Action::Create, Some(journal)) => {
            let creation = Creation {
                valid,
                profile,
                key,
                user: entry.user.clone().unwrap_or_default(),
                metrics: shared.metrics.clone(),
            };
            let answered = creation.send(journal, upstream).await?;
            Ok(relay(answered.heard, answered.replayed))
        }
        _ => match upstream.send(&valid, &profile).await {
            Ok(heard) => Ok(relay(heard, false)),
            Err(error) => Err(unsent(op, error)),
        },
    }
}

/// Writes an audit line.
async fn note(shared: &Shared, entry: &Entry, outcome: &Outcome) -> Result<(), Problem> {
    let written = shared.audit.write(entry, outcome).await;
    written.map_err(|_| {
        shared.metrics.audit_failure();
        Problem::new(
            &problem::AUDIT_UNAVAILABLE,
            Message::new(
                "Nothing was sent. The proxy's log says what is wrong with its audit file.",
                "未发送任何请求。代理的日志说明了其审计文件的问题。",
            ),
        )
    })
}

/// The idempotency key; [`require_key`] refuses a creation without one.
fn key(headers: &HeaderMap) -> String {
    let given = headers.get(IDEMPOTENCY_KEY).and_then(|v| v.to_str().ok());
    given.unwrap_or_default().to_string()
}

fn valid(op: &'static Operation, raw: &Raw) -> Result<Valid, Problem> {
    check(op, raw)
        .valid()
        .map_err(|violations| Problem::with_violations(&problem::RULES, violations))
}

/// Reads a request for an operation as far as its shape is concerned, completes it with what the
/// profile knows, and names the profile.
async fn read(
    op: &'static Operation,
    shared: &Shared,
    request: Request<Body>,
    sends: bool,
) -> Result<(Raw, String), Problem> {
    let (parts, body) = request.into_parts();
    require_json(&parts.headers)?;
    let upstream = &shared.config.upstream;
    let profile = profile(&parts.headers, upstream)?;
    if sends && op.action == Action::Create {
        require_key(&parts.headers)?;
    }
    let limits = &shared.config.configuration.limits;
    // The limit is on the whole: a client that sends a byte now and then is no faster for that.
    let patience = Duration::from_secs(limits.request_timeout);
    let bytes = timeout(patience, read_body(body, limits.body_kib)).await;
    let bytes = bytes.unwrap_or_else(|_| Err(slow()))?;
    // Bytes that are no UTF-8 are no JSON either. Nothing is put in their place: it would be created.
    let text = std::str::from_utf8(&bytes).map_err(|error| not_utf8(error.valid_up_to()))?;
    if depth(text) > limits.json_depth {
        return Err(too_deep(limits.json_depth));
    }
    match Raw::from_json(op, text) {
        Ok(mut raw) => {
            upstream.complete(op, &mut raw, &profile).await;
            Ok((raw, profile))
        }
        Err(violations) => Err(Problem::with_violations(&problem::MALFORMED, violations)),
    }
}

fn find(name: OperationName) -> Result<&'static Operation, Problem> {
    let found = name
        .ok()
        .and_then(|Path(name)| tieline_catalog::find(&name));
    found.ok_or_else(|| {
        let names: Vec<&str> = tieline_catalog::operations::operations()
            .map(|op| op.name)
            .collect();
        let names = names.join(", ");
        Problem::new(
            &problem::UNKNOWN_OPERATION,
            Message::new(format!("Known: {names}."), format!("可用操作：{names}。")),
        )
    })
}

/// The profile that a request chooses.
fn profile(headers: &HeaderMap, upstream: &Upstream) -> Result<String, Problem> {
    let mut chosen = headers.get_all(PROFILE).iter();
    let name = match chosen.next() {
        Some(name) => name.to_str().unwrap_or_default(),
        None => DEFAULT_PROFILE,
    };
    if upstream.has_profile(name) && chosen.next().is_none() {
        return Ok(name.to_string());
    }
    let known: Vec<&str> = upstream.profiles().map(|p| p.name).collect();
    let known = known.join(", ");
    Err(Problem::new(
        &problem::UNKNOWN_PROFILE,
        Message::new(
            format!("The header Tieline-Profile takes one of: {known}."),
            format!("请求头 Tieline-Profile 可取：{known}。"),
        ),
    ))
}

fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    if given.is_some_and(is_json) {
        return Ok(());
    }
    Err(Problem::new(
        &problem::MEDIA_TYPE,
        Message::new(
            "Send the header Content-Type: application/json. JSON is UTF-8: a charset may be left out or be utf-8, and no other.",
            "请发送请求头 Content-Type: application/json。JSON 使用 UTF-8：charset 可省略或为 utf-8，不能是其他值。",
        ),
    ))
}

/// Whether a content type is JSON's. A charset that it names must be JSON's too.
fn is_json(kind: &str) -> bool {
    let mut parts = kind.split(';').map(str::trim);
    let json = parts.next();
    let mut charsets = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.eq_ignore_ascii_case("charset"))
        .map(|(_, value)| {
            let quoted = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
            quoted.unwrap_or(value)
        });
    json.is_some_and(|json| json.eq_ignore_ascii_case("application/json"))
        && charsets.all(|charset| charset.eq_ignore_ascii_case("utf-8"))
}

fn require_key(headers: &HeaderMap) -> Result<(), Problem> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let fits = |key: &HeaderValue| {
        (1..=MAX_KEY).contains(&key.len()) && key.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    if keys.next().is_some_and(fits) && keys.next().is_none() {
        return Ok(());
    }
    Err(Problem::new(
        &problem::IDEMPOTENCY_KEY,
        Message::new(
            format!("Send the header Idempotency-Key once, with 1–{MAX_KEY} visible ASCII characters: a new value (a UUID) for each resource, the same value when you repeat a request."),
            format!("请发送一次请求头 Idempotency-Key，内容为 1–{MAX_KEY} 个可见 ASCII 字符：每个新资源使用新值（如 UUID），重新发送同一请求时使用相同的值。"),
        ),
    ))
}

/// `offset`: how many bytes before are UTF-8.
fn not_utf8(offset: usize) -> Problem {
    Problem::new(
        &problem::MALFORMED,
        Message::new(
            format!("The body is not UTF-8 from byte offset {offset} on (the first byte is 0). Encode the JSON as UTF-8 and send it again."),
            format!("请求体从字节偏移 {offset} 处起（首字节为 0）不是有效的 UTF-8。请将 JSON 编码为 UTF-8 后重新发送。"),
        ),
    )
}

fn too_deep(limit: usize) -> Problem {
    Problem::new(
        &problem::MALFORMED,
        Message::new(
            format!("Nest the body's JSON at most {limit} deep."),
            format!("请求体 JSON 的嵌套最多 {limit} 层。"),
        ),
    )
}

async fn read_body(body: Body, kib: usize) -> Result<Bytes, Problem> {
    let limit = kib * 1024;
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut length = 0usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::new(
                &problem::MALFORMED,
                Message::new(
                    "The connection ended before the body did.",
                    "连接在请求体结束之前中断。",
                ),
            )
        })?;
        length = length.saturating_add(chunk.len());
        if length <= limit {
            bytes.extend_from_slice(&chunk);
        } else if length > MAX_DRAIN {
            break;
        }
    }
    if length <= limit {
        return Ok(bytes.into());
    }
    Err(Problem::new(
        &problem::TOO_LARGE,
        Message::new(format!("At most {kib} KiB."), format!("最多 {kib} KiB。")),
    ))
}

/// The cloud's answer, unchanged. `replayed`: from the journal.
fn relay(heard: Heard, replayed: bool) -> Response {
    let mut outcome = outcome(heard.meaning);
    let answer = heard.response;
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    if let Ok(kind) = HeaderValue::from_str(&answer.content_type) {
        if !kind.is_empty() {
            headers.insert(header::CONTENT_TYPE, kind);
        }
    }
    for (name, value) in &answer.headers {
        let known = RELAYED.iter().find(|known| *known == name);
        if let (Some(name), Ok(value)) = (known, HeaderValue::from_str(value)) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers.insert(protocol::RELAYED, HeaderValue::from_static("1"));
    if replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
        outcome.name = "replayed";
    }
    response.extensions_mut().insert(outcome);
    response
}

/// What the cloud's answer means for the audit.
fn outcome(meaning: Meaning) -> Outcome {
    let refused = |name, refusal: Refusal| Outcome {
        cloud_request: refusal.request_id,
        ..Outcome::named(name)
    };
    match meaning {
        Meaning::Read(Found::Items(_)) => Outcome::named("answered"),
        Meaning::Read(Found::Refused(refusal)) => refused("rejected", refusal),
        Meaning::Creation(Answer::Created(created)) => Outcome {
            name: "created",
            cloud_request: created.request_id,
            resource: Some(created.id),
        },
        Meaning::Creation(Answer::Rejected(refusal)) => refused("rejected", refusal),
        Meaning::Creation(Answer::NotExecuted(refusal)) => refused("not-executed", refusal),
        Meaning::Creation(Answer::Unknown(refusal)) => refused("unknown", refusal),
    }
}

/// Why there is no answer to relay.
pub(crate) fn unsent(op: &Operation, error: SendError) -> Problem {
    let (kind, message) = match error {
        SendError::Dropped => (&problem::OUTCOME_UNKNOWN, after_unknown(op)),
        SendError::TimedOut => (&problem::OUTCOME_UNKNOWN_TIMEOUT, after_unknown(op)),
        SendError::Unreachable => (
            &problem::UPSTREAM_UNREACHABLE,
            Message::new(
                "No connection to the cloud came about. Send it again later; `tieline-proxy doctor` says what is wrong.",
                "未能与云端建立连接。请稍后重新发送；运行 tieline-proxy doctor 可查明原因。",
            ),
        ),
        SendError::NoCredentials => (
            &problem::NO_CREDENTIALS,
            Message::new(
                "Give the profile keys for this cloud, or choose another profile; GET /healthz lists which has which.",
                "请为该账号配置添加此云的密钥，或选择其他账号配置；GET /healthz 列出各账号配置的密钥情况。",
            ),
        ),
    };
    Problem::new(kind, message)
}

pub(crate) fn after_unknown(op: &Operation) -> Message {
    match op.action {
        Action::Create => tieline_catalog::refusal::advice_after_unknown(op),
        Action::Read => Message::new(
            "A read changes nothing: send it again.",
            "查询不会改变任何内容，请重新发送。",
        ),
    }
}
