//! The relay: the cloud's answer for the client, or the problem that stands in its place.

use axum::body::Body;
use axum::http::{header, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use tieline_catalog::answer::{Answer, Found};
use tieline_catalog::model::{Action, Operation};
use tieline_catalog::refusal::{advice_after_unknown, Refusal};
use tieline_catalog::text::Message;
use tieline_protocol::{header as protocol, problem};

use super::problem::Problem;
use crate::idempotency::Failure;
use crate::observe::audit::Outcome;
use crate::upstream::{DecodedResponse, Meaning, SendError, RELAYED_HEADERS};

/// The header of an answer that the journal gave again.
const REPLAYED: HeaderName = HeaderName::from_static(protocol::IDEMPOTENCY_REPLAYED);

/// About how many headers a relayed answer has in the end.
const HEADERS: usize = 16;

/// The cloud's answer, unchanged. `replayed`: from the journal.
pub fn relay(decoded: DecodedResponse, replayed: bool) -> Response {
    let mut outcome = outcome(decoded.meaning);
    let answer = decoded.response;
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
        let known = RELAYED_HEADERS.iter().find(|known| *known == name);
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

/// The outcome of the cloud's answer, for the audit.
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

/// The problem that says why there is no answer to relay.
pub fn send_problem(op: &Operation, error: SendError) -> Problem {
    let (kind, message) = match error {
        SendError::Dropped => (&problem::OUTCOME_UNKNOWN, after_unknown(op)),
        SendError::TimedOut => (&problem::OUTCOME_UNKNOWN_TIMEOUT, after_unknown(op)),
        SendError::Unreachable => (
            &problem::UPSTREAM_UNREACHABLE,
            Message::new(
                "Could not connect to the cloud, so nothing was sent. Send it again later; `tieline-proxy doctor` says what is wrong.",
                "无法连接云端，请求未发送。请稍后重新发送；运行 tieline-proxy doctor 可查明原因。",
            ),
        ),
        SendError::NoCredentials => (
            &problem::NO_CREDENTIALS,
            Message::new(
                "Give the profile keys for this cloud, or choose another profile; GET /healthz lists which has which.",
                "请为该账号配置添加该云厂商的访问密钥，或选择其他账号配置；GET /healthz 列出各账号配置的密钥情况。",
            ),
        ),
    };
    Problem::new(kind, message)
}

/// The advice after an unknown outcome.
fn after_unknown(op: &Operation) -> Message {
    match op.action {
        Action::Create => advice_after_unknown(op),
        Action::Read => Message::new(
            "A read changes nothing: send it again.",
            "查询不会改变任何内容，请重新发送。",
        ),
    }
}

/// The problem that says why a creation has no answer.
pub fn creation_problem(op: &Operation, failure: Failure) -> Problem {
    match failure {
        Failure::Send(error) => send_problem(op, error),
        Failure::OutcomeUnknown => outcome_unknown(op),
        Failure::OtherKeys => Problem::new(
            &problem::OUTCOME_UNKNOWN,
            Message::new(
                "It may have been executed with other keys than the proxy has now, and in another account the client token means nothing: do not send it again. Look the resource up, or have the first keys put back.",
                "此请求可能已使用另一组访问密钥执行，而客户端 Token 在其他账号中无效：请勿重新发送。请查询该资源，或让代理恢复原来的访问密钥。",
            ),
        ),
        Failure::StillInProgress => {
            Problem::new(&problem::OUTCOME_UNKNOWN_TIMEOUT, after_unknown(op))
        }
        Failure::KeyReused => Problem::new(
            &problem::KEY_REUSED,
            Message::new(
                "Repeat the first request unchanged, or make a new key for another resource.",
                "请原样重新发送第一次的请求；如需创建另一个资源，请生成新的幂等键（Idempotency-Key）。",
            ),
        ),
        Failure::JournalUnavailable => Problem::new(
            &problem::JOURNAL_UNAVAILABLE,
            Message::new(
                "Nothing was sent. The proxy's log says what is wrong with its journal.",
                "未向云端发送任何请求。请查看代理的日志，了解请求登记文件（journal）出了什么问题。",
            ),
        ),
    }
}

/// The problem of a request that may have been executed.
pub fn outcome_unknown(op: &Operation) -> Problem {
    Problem::new(&problem::OUTCOME_UNKNOWN, after_unknown(op))
}
