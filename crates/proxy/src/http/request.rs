//! Reading a request for an operation: its name, headers and body.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::Path;
use axum::http::{header, HeaderMap, HeaderName, HeaderValue, Request};
use futures_util::StreamExt;
use tieline_catalog::model::{Action, Control, Operation, Severity};
use tieline_catalog::text::{listed, Message};
use tieline_catalog::{check, wire, Raw, Valid, Violation};
use tieline_protocol::{header as protocol, problem};
use tokio::time::{timeout, timeout_at, Instant};

use super::limits::{depth, Place};
use super::problem::{slow, Problem};
use super::state::Shared;
use crate::config::DEFAULT_PROFILE;
use crate::observe::log;
use crate::upstream::Upstream;

/// The header that a creation must carry.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static(protocol::IDEMPOTENCY_KEY);

/// The header that chooses a profile; without it [`DEFAULT_PROFILE`] is used.
const PROFILE: HeaderName = HeaderName::from_static(protocol::PROFILE);
/// The header that names the mode which the request is for.
const MODE: HeaderName = HeaderName::from_static(protocol::MODE);

/// The longest idempotency key in characters.
pub const MAX_KEY: usize = 255;

/// The longest path and query in bytes.
const MAX_ADDRESS: usize = u16::MAX as usize - 1;

/// What a client token that is made here adds to a query, beside its name.
const MADE_TOKEN: usize = "&=".len() + 32;

/// Bodies over the limit are read and thrown away up to here, so that the client gets to read the
/// answer instead of a broken connection.
const MAX_DRAIN: usize = 8 * 1024 * 1024;

/// The bytes of a body in a second, on the whole, below which its client is too slow.
const LEAST_RATE: usize = 1024;

/// How long a body may take beyond what the least rate allows.
const GRACE: Duration = Duration::from_secs(3);

/// The operation's name in a path, as the router reads it.
pub type OperationName = Result<Path<String>, PathRejection>;

/// The operation of a path.
///
/// # Errors
/// The catalog does not know it.
pub fn find(name: OperationName) -> Result<&'static Operation, Problem> {
    let found = name
        .ok()
        .and_then(|Path(name)| tieline_catalog::find(&name));
    found.ok_or_else(|| {
        let names: Vec<&str> = tieline_catalog::operations::operations()
            .map(|op| op.name)
            .collect();
        let names = listed(&names);
        Problem::new(
            &problem::UNKNOWN_OPERATION,
            Message::new(
                format!("Known: {}.", names.en),
                format!("可用操作：{}。", names.zh),
            ),
        )
    })
}

/// The idempotency key; [`read`] refuses a creation without one.
pub fn idempotency_key(headers: &HeaderMap) -> String {
    let given = headers.get(IDEMPOTENCY_KEY).and_then(|v| v.to_str().ok());
    given.unwrap_or_default().to_string()
}

/// The values of a request, as far as the rules allow them.
///
/// # Errors
/// What breaks the rules.
pub fn valid(op: &'static Operation, raw: &Raw) -> Result<Valid, Problem> {
    check(op, raw)
        .valid()
        .map_err(|violations| Problem::with_violations(&problem::RULES, violations))
}

/// Whether the request to the cloud can be sent at all: its parameters stand in its address, percent-encoded,
/// and one that is longer is taken by nothing on the way.
///
/// # Errors
/// It is too long.
pub fn fits(valid: &Valid) -> Result<(), Problem> {
    let parsed = valid.parsed();
    let request = wire::encode(parsed);
    let token = parsed.operation().token;
    let added = token.filter(|name| parsed.get(name).is_none());
    let added = added.map_or(0, |name| name.len() + MADE_TOKEN);
    let length = request.path.len() + 1 + request.query_string().len() + added;
    if length <= MAX_ADDRESS {
        return Ok(());
    }
    Err(Problem::new(
        &problem::TOO_LARGE,
        Message::new(
            format!("Nothing was sent. Percent-encoded, the parameters make an address of {length} bytes, and at most {MAX_ADDRESS} can be sent to the cloud. Shorten the longest text; a Chinese character takes 9 bytes."),
            format!("未发送任何请求。参数经百分号编码后，请求地址长 {length} 字节，而发往云端的地址最多 {MAX_ADDRESS} 字节。请缩短最长的文本；一个汉字占 9 字节。"),
        ),
    ))
}

/// Reads a request for an operation as far as its shape is concerned, and names the profile. `sends`: it
/// is to be sent.
///
/// # Errors
/// What is wrong with the headers or the body.
pub async fn read(
    op: &'static Operation,
    shared: &Shared,
    request: Request<Body>,
    sends: bool,
) -> Result<(Raw, String), Problem> {
    let (text, profile) = read_text(op, shared, request, sends).await?;
    Ok((parameters(op, &text)?, profile))
}

/// Reads a request's body, and names the profile.
///
/// # Errors
/// What is wrong with the headers, or with the body as JSON of any shape.
pub async fn read_text(
    op: &'static Operation,
    shared: &Shared,
    request: Request<Body>,
    sends: bool,
) -> Result<(String, String), Problem> {
    let (parts, body) = request.into_parts();
    require_json(&parts.headers)?;
    let profile = profile(&parts.headers, &shared.config.upstream)?;
    if sends {
        require_mode(&parts.headers, shared.config.upstream.mode())?;
    }
    if sends && op.action == Action::Create {
        require_key(&parts.headers)?;
    }
    let limits = &shared.config.configuration.limits;
    // The limit is on the whole: a client that sends a byte now and then is no faster for that.
    let limit = Duration::from_secs(limits.request_timeout);
    let bytes = timeout(limit, read_body(body, limits.body_kib)).await;
    let bytes = bytes.unwrap_or_else(|_| Err(slow()))?;
    if let Some(place) = parts.extensions.get::<Place>() {
        place.enter()?;
    }
    // Bytes that are no UTF-8 are no JSON either. Nothing is put in their place: it would be created.
    let text = String::from_utf8(bytes.into())
        .map_err(|error| not_utf8(error.utf8_error().valid_up_to()))?;
    if depth(&text) > limits.json_depth {
        return Err(too_deep(limits.json_depth));
    }
    Ok((text, profile))
}

/// The parameters in this JSON.
///
/// # Errors
/// It does not have the operation's shape.
pub fn parameters(op: &'static Operation, json: &str) -> Result<Raw, Problem> {
    let read = Raw::from_json(op, json);
    read.map_err(|violations| Problem::with_violations(&problem::MALFORMED, violations))
}

/// Fills in what the profile knows, and gives its name.
///
/// # Errors
/// What else breaks the rules; without any, that the account is not known, and only for now.
pub async fn complete(
    op: &'static Operation,
    shared: &Shared,
    raw: &mut Raw,
    profile: &str,
) -> Result<Option<&'static str>, Problem> {
    let why = match shared.config.upstream.complete(op, raw, profile).await {
        Ok(filled_in) => return Ok(filled_in),
        Err(why) => why,
    };
    let violations = without_account(op, raw);
    if violations
        .iter()
        .any(|found| found.severity == Severity::Error)
    {
        return Err(Problem::with_violations(&problem::RULES, violations));
    }
    log::problem(&format!(
        "the account of profile {profile} is not known: {why}"
    ));
    Err(Problem::new(
        &problem::ACCOUNT_UNKNOWN,
        Message::new(
            "Nothing was sent. IAM does not tell the account's id: send it again later, enter the id, or have it set in the proxy's configuration.",
            "未向云端发送任何请求。IAM 未返回账号 ID：请稍后重新发送、填写账号 ID，或在代理的配置中设置。",
        ),
    ))
}

/// What breaks the rules beside the account that is not known.
pub fn without_account(op: &'static Operation, raw: &Raw) -> Vec<Violation> {
    let mut violations = check(op, raw).violations;
    let account = op.param_with(Control::Account);
    violations.retain(|found| account != Some(found.parameter.as_str()));
    violations
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
    let known = listed(&known);
    Err(Problem::new(
        &problem::UNKNOWN_PROFILE,
        Message::new(
            format!("The header Tieline-Profile takes one of: {}.", known.en),
            format!("请求头 Tieline-Profile 可取：{}。", known.zh),
        ),
    ))
}

/// What is meant for a sandbox must not reach a cloud, nor the other way round.
fn require_mode(headers: &HeaderMap, mode: &str) -> Result<(), Problem> {
    if headers.get_all(MODE).iter().all(|wanted| wanted == mode) {
        return Ok(());
    }
    Err(Problem::new(
        &problem::OTHER_MODE,
        Message::new(
            format!(
                "The header Tieline-Mode names another mode than {mode}, which this proxy is in."
            ),
            format!("请求头 Tieline-Mode 指定的模式与代理当前的模式 {mode} 不同。"),
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
    let started = Instant::now();
    loop {
        // Who sends nothing, or a byte now and then, is not waited for as long as who sends much.
        let due = started + GRACE + Duration::from_secs((length / LEAST_RATE) as u64);
        let chunk = timeout_at(due, stream.next()).await.map_err(|_| slow())?;
        let Some(chunk) = chunk else {
            break;
        };
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
