//! Code for a request: what there is, and the code itself.

use axum::body::Body;
use axum::extract::{MatchedPath, State};
use axum::http::{header, Request};
use axum::response::{IntoResponse, Response};
use axum::Json;
use serde::{Deserialize, Deserializer};
use serde_json::json;
use serde_json::value::RawValue;
use tieline_catalog::text::{Lang, Message};
use tieline_catalog::{check, Raw};
use tieline_code::{Context, Target, Unavailable};
use tieline_protocol::problem;

use super::paths;
use super::problem::Problem;
use super::request::{complete, find, parameters, read_text, valid, OperationName};
use super::state::Shared;
use crate::config::DEFAULT_PROFILE;

/// The body of a request for code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked<'a> {
    target: String,
    #[serde(borrow)]
    parameters: &'a RawValue,
    #[serde(default, deserialize_with = "given")]
    language: Option<Language>,
    #[serde(default, deserialize_with = "given")]
    id: Option<String>,
}

/// A member that may be left out, and is no `null`.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// The language of the comments.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Language {
    En,
    Zh,
}

/// Every target, with the reason where it has nothing for this operation.
pub async fn targets(name: OperationName) -> Result<Response, Problem> {
    let op = find(name)?;
    let nothing = check(op, &Raw::new()).parsed;
    let targets = Target::ALL.map(|target| {
        let mut listed = json!({
            "target": target.name(),
            "label": target.label().message(),
            "file": target.file_name(op),
        });
        let code = tieline_code::generate(&nothing, target, &Context::default());
        if let Err(Unavailable(reason)) = code {
            listed["unavailable"] = json!(reason);
        }
        listed
    });
    Ok(Json(json!({ "targets": targets })).into_response())
}

/// The code.
pub async fn generate(
    name: OperationName,
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let op = find(name)?;
    let proxy = own_address(&request);
    let (text, profile) = read_text(op, &shared, request, false).await?;
    let asked: Asked = serde_json::from_str(&text).map_err(|_| shape())?;
    let target = Target::find(&asked.target).ok_or_else(unknown_target)?;
    let mut raw = parameters(op, asked.parameters.get())?;
    complete(op, &shared, &mut raw, &profile).await?;
    let valid = valid(op, &raw)?;
    let context = Context {
        lang: match asked.language {
            Some(Language::Zh) => Lang::Zh,
            Some(Language::En) | None => Lang::En,
        },
        proxy: &proxy,
        profile: match profile.as_str() {
            DEFAULT_PROFILE => "",
            chosen => chosen,
        },
        endpoint: None,
        id: asked.id.as_deref(),
    };
    match tieline_code::generate(valid.parsed(), target, &context) {
        Ok(code) => {
            Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], code).into_response())
        }
        Err(Unavailable(reason)) => Err(Problem::new(&problem::NO_CODE, reason)),
    }
}

/// Any other method.
pub async fn other_method(name: OperationName) -> Problem {
    match find(name) {
        Ok(_) => Problem::method("GET, HEAD, POST"),
        Err(problem) => problem,
    }
}

/// The address under which the client has found the proxy. Whoever reaches it by another name than this
/// machine's does so through something that ends TLS.
fn own_address(request: &Request<Body>) -> String {
    let named = request.headers().get(header::HOST);
    let named = named.and_then(|name| name.to_str().ok());
    let host = named.or_else(|| request.uri().authority().map(|a| a.as_str()));
    // A nested router sees its own part of the path only.
    let matched = request.extensions().get::<MatchedPath>();
    let prefix = match matched.is_some_and(|path| path.as_str().starts_with(paths::API)) {
        true => paths::API,
        false => "",
    };
    let local = |host: &str| {
        ["127.", "localhost", "[::1]"]
            .iter()
            .any(|own| host.starts_with(own))
    };
    match host {
        Some(host) if local(host) => format!("http://{host}{prefix}"),
        Some(host) => format!("https://{host}{prefix}"),
        None => String::new(),
    }
}

fn names() -> String {
    Target::ALL.map(Target::name).join(", ")
}

fn shape() -> Problem {
    Problem::new(
        &problem::MALFORMED,
        Message::new(
            "Send an object with “target” (a text), “parameters” (an object by wire name) and, if you like, “language” (en or zh) and “id” (of the resource that exists), each once.",
            "请发送一个对象：target（文本）、parameters（以参数名为键的对象），以及可选的 language（en 或 zh）和 id（已存在资源的 ID），各出现一次。",
        ),
    )
}

fn unknown_target() -> Problem {
    let names = names();
    Problem::new(
        &problem::UNKNOWN_TARGET,
        Message::new(
            format!("“target” takes one of: {names}."),
            format!("target 可取：{names}。"),
        ),
    )
}
