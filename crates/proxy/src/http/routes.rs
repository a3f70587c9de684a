//! The routes of the API.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{header, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{json, Map, Value};
use tieline_catalog::check::MOST_TOLD;
use tieline_catalog::{check, wire};
use tieline_protocol::health::{self, Credentials, Health};

use super::problem::Problem;
use super::request::{complete, find, read, valid, without_account, OperationName};
use super::send::send;
use super::state::Shared;
use super::{code, openapi, paths, policy};
use crate::version::VERSION;

/// The routes, without a fallback, as they are served under `prefix`.
pub fn api(prefix: &'static str, shared: &Shared) -> Router<Shared> {
    let only_get = || async { Problem::method("GET, HEAD") };
    let profiles: Vec<&str> = shared.config.upstream.profiles().map(|p| p.name).collect();
    let limits = &shared.config.configuration.limits;
    let document = Bytes::from(openapi::document(prefix, &profiles, limits).to_string());
    let document = || async move { ([(header::CONTENT_TYPE, "application/json")], document) };
    Router::new()
        .route(paths::HEALTH, get(healthz).fallback(only_get))
        .route(paths::METRICS, get(metrics).fallback(only_get))
        .route(paths::OPENAPI, get(document).fallback(only_get))
        .route(paths::SEND, post(send).fallback(only_post))
        .route(paths::CHECK, post(check_only).fallback(only_post))
        .route(paths::PREVIEW, post(preview).fallback(only_post))
        .route(
            paths::CODE,
            get(code::targets)
                .post(code::generate)
                .fallback(code::other_method),
        )
        .route(
            paths::POLICY,
            get(policy::policy).fallback(policy::other_method),
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
    shared.metrics.text(shared.concurrency.in_flight())
}

async fn check_only(
    name: OperationName,
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let op = find(name)?;
    let (mut raw, profile) = read(op, &shared, request, false).await?;
    let upstream = &shared.config.upstream;
    let mut violations = match upstream.complete(op, &mut raw, &profile).await {
        Ok(_) => check(op, &raw).violations,
        // That nobody can tell the account for now breaks no rule.
        Err(_) => without_account(op, &raw),
    };
    violations.truncate(MOST_TOLD);
    Ok(Json(json!({ "violations": violations })).into_response())
}

async fn preview(
    name: OperationName,
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let op = find(name)?;
    let (mut raw, profile) = read(op, &shared, request, false).await?;
    complete(op, &shared, &mut raw, &profile).await?;
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
