//! The sandbox as a server of its own: the vendors' wire formats over HTTP, for the vendors' SDKs.
//!
//! Requests must be signed: the account is [`crate::SANDBOX_ACCESS_KEY`] with
//! [`crate::SANDBOX_SECRET_KEY`], at both clouds, and for Huawei Cloud the token (X-Auth-Token)
//! [`crate::SANDBOX_TOKEN`]. Anything else gets the vendors' own errors; another token gets
//! APIGW.0301. `GET /v3/auth/domains` answers as Huawei Cloud's IAM.

use std::io;
use std::time::Instant;

use axum::body::{to_bytes, Body};
use axum::extract::{Request, State};
use axum::http::{header, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::Router;
use futures_util::stream;
use tieline_catalog::wire;

use crate::in_process_sandbox::SharedSandbox;
use crate::observe::log;

/// The longest body in bytes; no documented request comes near.
const MAX_BODY: usize = 1 << 20;

/// The sandbox behind every host, method and path.
pub fn app(sandbox: SharedSandbox) -> Router {
    Router::new().fallback(handle).with_state(sandbox)
}

async fn handle(State(sandbox): State<SharedSandbox>, request: Request) -> Response {
    let started = Instant::now();
    let Some(request) = wire_request(request).await else {
        log::line("(unreadable)", 413, started.elapsed());
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let op = wire::parse(&request).map_or("(unknown)", |(op, _)| op.name);
    let response = match sandbox.send(&request).await {
        Some(answer) => vendor_response(answer),
        None => dropped(),
    };
    log::line(op, response.status().as_u16(), started.elapsed());
    response
}

/// The HTTP request as the catalog reads it; `None` when its body cannot be read.
async fn wire_request(request: Request) -> Option<wire::Request> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.ok()?;
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Some(wire::Request {
        method: parts.method.to_string(),
        host: parts
            .headers
            .get(header::HOST)
            .map(text)
            .unwrap_or_default(),
        path: parts.uri.path().to_string(),
        query: wire::parse_query(parts.uri.query().unwrap_or_default()),
        headers: parts
            .headers
            .iter()
            .filter(|(name, _)| *name != header::HOST)
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

fn vendor_response(answer: wire::Response) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    let fields = std::iter::once(("content-type", &answer.content_type)).chain(
        answer
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value)),
    );
    for (name, value) in fields {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A response whose body fails at once. The server then closes the connection instead of answering.
fn dropped() -> Response {
    let failure = io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "the answer is lost on order",
    );
    Response::new(Body::from_stream(stream::iter([Err::<&[u8], _>(failure)])))
}
