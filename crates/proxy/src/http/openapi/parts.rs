//! What the routes' descriptions are put together from.

use std::collections::BTreeMap;

use serde_json::{json, Map, Value};
use tieline_catalog::model::{Control, Operation};
use tieline_catalog::Raw;
use tieline_protocol::header;
use tieline_protocol::problem::{self, ProblemType};

use crate::config::Limits;
use crate::http::json_schema as schema;

/// The refusals that every route shares.
const EVERYWHERE: &[&ProblemType] = &[
    &problem::ORIGIN,
    &problem::METHOD,
    &problem::HOST,
    &problem::TOO_MANY_HEADERS,
];

/// The responses of a route that is only read.
pub fn reading(answer: Value, more: &[&'static ProblemType]) -> Value {
    let mut responses = Responses::new();
    for kind in EVERYWHERE.iter().chain(more) {
        add(&mut responses, kind);
    }
    let mut responses = written(responses);
    responses.insert("200".into(), answer);
    responses.into()
}

/// The description of a route that takes an operation's parameters.
pub fn operation(
    op: &'static Operation,
    id: &str,
    summary: &str,
    limits: &Limits,
    responses: Map<String, Value>,
) -> Value {
    let example = tieline_catalog::check(op, &Raw::example(op))
        .parsed
        .to_json();
    json!({
        "operationId": id,
        "summary": summary,
        "tags": [op.service.code],
        "parameters": [reference("parameters", "Profile")],
        "requestBody": {
            "required": true,
            "description": format!("The parameters by wire name; at most {} KiB.", limits.body_kib),
            "content": { "application/json": {
                "schema": schema::object(op.params),
                "examples": { "document": {
                    "summary": "The usable values of the vendor's document",
                    "value": example,
                }},
            }},
        },
        "responses": responses,
    })
}

/// The responses of an operation before they are written: what each status can carry.
pub type Responses = BTreeMap<u16, (Vec<&'static ProblemType>, Option<Value>)>;

/// The refusals that every operation shares, and more. `completes`: the parameters are completed with what
/// the profile knows.
pub fn refusals(op: &Operation, completes: bool, more: &[&'static ProblemType]) -> Responses {
    let mut responses = Responses::new();
    let shared = [
        &problem::MALFORMED,
        &problem::UNKNOWN_PROFILE,
        &problem::UNAUTHENTICATED,
        &problem::SLOW,
        &problem::TOO_MANY_REQUESTS,
        &problem::BUSY,
        &problem::UNKNOWN_OPERATION,
        &problem::TOO_LARGE,
        &problem::MEDIA_TYPE,
    ];
    let all = shared.iter().chain(EVERYWHERE).chain(more);
    for kind in all {
        add(&mut responses, kind);
    }
    if completes && op.param_with(Control::Account).is_some() {
        add(&mut responses, &problem::ACCOUNT_UNKNOWN);
    }
    responses
}

/// One more refusal.
pub fn add(responses: &mut Responses, kind: &'static ProblemType) {
    responses.entry(kind.status).or_default().0.push(kind);
}

/// The cloud's own answer.
pub fn relay(responses: &mut Responses, status: u16, schema: Value) {
    responses.entry(status).or_default().1 = Some(schema);
}

/// The responses as the document has them.
pub fn written(responses: Responses) -> Map<String, Value> {
    let written = responses.into_iter().map(|(status, (kinds, relayed))| {
        let mut response = problems(&kinds);
        if let Some(schema) = relayed {
            let mut texts = vec!["The cloud's answer, relayed unchanged.".to_string()];
            let own = response["description"].as_str().unwrap_or_default();
            texts.extend((!own.is_empty()).then(|| format!("Or, by the proxy: {own}")));
            response["description"] = json!(texts.join(" "));
            for name in [header::RELAYED, header::SIGNER].map(as_written) {
                response["headers"][&name] = reference("headers", &name);
            }
            response["content"]["application/json"] = json!({ "schema": schema });
        }
        (status.to_string(), response)
    });
    written.collect()
}

/// The response of a status with these refusals.
fn problems(kinds: &[&ProblemType]) -> Value {
    let titles: Vec<String> = kinds
        .iter()
        .map(|kind| format!("{} (`{}`).", kind.title.en, kind.uri))
        .collect();
    let again = [&problem::TOO_MANY_REQUESTS, &problem::BUSY];
    let names: &[&str] = match kinds.iter().any(|kind| again.contains(kind)) {
        true => &[header::PROXY, header::RETRY_AFTER],
        false => &[header::PROXY],
    };
    let mut response = json!({
        "description": titles.join(" "),
        "headers": headers(names),
        "content": {},
    });
    if !kinds.is_empty() {
        let uris: Vec<&str> = kinds.iter().map(|kind| kind.uri).collect();
        response["content"][problem::CONTENT_TYPE] = json!({ "schema": {
            "allOf": [reference("schemas", "Problem")],
            "properties": { "type": { "enum": uris } },
        }});
    }
    response
}

/// A response in JSON.
pub fn json_answer(description: &str, schema: Value) -> Value {
    json!({
        "description": description,
        "headers": headers(&[header::PROXY]),
        "content": { "application/json": { "schema": schema } },
    })
}

/// The headers of a response.
pub fn headers(names: &[&str]) -> Value {
    let headers: Map<String, Value> = names
        .iter()
        .map(|name| as_written(name))
        .map(|name| (name.clone(), reference("headers", &name)))
        .collect();
    headers.into()
}

/// The name of a header as people write it: `Tieline-Proxy`.
pub fn as_written(name: &str) -> String {
    let mut start = true;
    let letters = name.chars().map(|letter| {
        let written = match start {
            true => letter.to_ascii_uppercase(),
            false => letter,
        };
        start = letter == '-';
        written
    });
    letters.collect()
}

/// A reference to a component.
pub fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The schema of an object.
pub fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}
