//! The OpenAPI 3.1 document, made from the catalog.

use std::collections::BTreeMap;

use serde_json::{json, Map, Value};
use tieline_catalog::errors::{COMMON, FAMILIES};
use tieline_catalog::model::{Action, Operation, Provider};
use tieline_catalog::operations::operations;
use tieline_catalog::Raw;
use tieline_code::Target;
use tieline_protocol::problem::{self, ProblemType};
use tieline_protocol::{header, health};

use super::json_schema as schema;
use super::paths;
use super::request::MAX_KEY;
use crate::config::{Limits, DEFAULT_PROFILE};
use crate::version::VERSION;

/// The document as served under `prefix`. `profiles` are the names of those that a request can
/// choose.
pub fn document(prefix: &str, profiles: &[&str], limits: &Limits) -> Value {
    let server = if prefix.is_empty() { "/" } else { prefix };
    let mut items = Map::new();
    items.insert(paths::HEALTH.into(), healthz());
    items.insert(paths::METRICS.into(), metrics());
    items.insert(paths::OPENAPI.into(), itself());
    for op in operations() {
        let mut insert = |path: &str, operation: Value| {
            let path = path.replace("{operation}", op.name);
            items.insert(path, json!({ "post": operation }));
        };
        insert(paths::SEND, send(op, limits));
        insert(paths::CHECK, check(op, limits));
        insert(paths::PREVIEW, preview(op, limits));
        let path = paths::CODE.replace("{operation}", op.name);
        items.insert(path, code(op, limits));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tieline proxy",
            "version": VERSION,
            "summary": "Cloud-network resources, checked by the vendors' own rules",
            "description": "Each operation takes a JSON object of parameters by their wire names. A request that the rules allow is sent to the cloud, and the cloud's answer is relayed unchanged with the header `Tieline-Relayed: 1`. The proxy's own errors are `application/problem+json` (RFC 9457).",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": server }],
        "tags": tags(),
        "paths": items,
        "components": components(profiles),
    })
}

fn tags() -> Value {
    let mut tags: Vec<Value> = Vec::new();
    for op in operations() {
        let tag = json!({
            "name": op.service.code,
            "description": format!("{} {}", op.service.provider.name().en, op.service.product.en),
        });
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.into()
}

fn healthz() -> Value {
    let mut answer = json_answer("The proxy is up.", reference("schemas", "Health"));
    answer["headers"] = headers(&[header::PROXY]);
    json!({ "get": {
        "operationId": "healthz",
        "summary": "Name, version, mode, and which credentials are present",
        "responses": reading(answer, &[]),
    }})
}

fn metrics() -> Value {
    let counts = json!({
        "description": "The counts in the OpenMetrics text format.",
        "headers": headers(&[header::PROXY]),
        "content": { "application/openmetrics-text": { "schema": { "type": "string" } } },
    });
    json!({ "get": {
        "operationId": "metrics",
        "summary": "Counts of requests, answers and times, for Prometheus",
        "responses": reading(counts, &[&problem::UNAUTHENTICATED, &problem::TOO_MANY_REQUESTS]),
    }})
}

fn itself() -> Value {
    json!({ "get": {
        "operationId": "openapi",
        "summary": "This document",
        "responses": reading(
            json_answer("This document.", json!({ "type": "object" })),
            &[&problem::UNAUTHENTICATED, &problem::TOO_MANY_REQUESTS, &problem::BUSY],
        ),
    }})
}

/// The refusals that every route shares.
const EVERYWHERE: &[&ProblemType] = &[
    &problem::ORIGIN,
    &problem::METHOD,
    &problem::HOST,
    &problem::TOO_MANY_HEADERS,
];

/// The responses of a route that is only read.
fn reading(answer: Value, more: &[&'static ProblemType]) -> Value {
    let mut responses = Responses::new();
    for kind in EVERYWHERE.iter().chain(more) {
        add(&mut responses, kind);
    }
    let mut responses = written(responses);
    responses.insert("200".into(), answer);
    responses.into()
}

fn send(op: &'static Operation, limits: &Limits) -> Value {
    let creates = op.action == Action::Create;
    let mut responses = refusals(&[&problem::RULES]);
    if creates {
        add(&mut responses, &problem::IDEMPOTENCY_KEY);
        add(&mut responses, &problem::KEY_REUSED);
        add(&mut responses, &problem::JOURNAL_UNAVAILABLE);
        add(&mut responses, &problem::AUDIT_UNAVAILABLE);
    }
    add(&mut responses, &problem::OUTCOME_UNKNOWN);
    add(&mut responses, &problem::NO_CREDENTIALS);
    add(&mut responses, &problem::UPSTREAM_UNREACHABLE);
    add(&mut responses, &problem::OUTCOME_UNKNOWN_TIMEOUT);
    let error = match op.service.provider {
        Provider::Alibaba => "AlibabaError",
        Provider::Huawei => "HuaweiError",
    };
    for entry in op.errors().iter().chain(COMMON).chain(FAMILIES) {
        relay(&mut responses, entry.http, reference("schemas", error));
    }
    let success = schema::answer(op.response().fields, op.response().list.as_ref());
    relay(&mut responses, op.response().status, success);
    let mut responses = written(responses);
    responses.insert(
        "default".into(),
        json!({
            "description": "Any other answer of the cloud, relayed unchanged.",
            "headers": headers(&[header::PROXY, header::RELAYED]),
        }),
    );
    let mut operation = operation(op, op.name, op.title.en, limits, responses);
    operation["description"] = json!(description(op));
    if let Some(list) = op.error_list() {
        operation["externalDocs"] =
            json!({ "url": list.url, "description": "The vendor's list of error codes" });
    }
    if creates {
        let parameters = ["IdempotencyKey", "Profile"].map(|p| reference("parameters", p));
        operation["parameters"] = json!(parameters);
    }
    operation
}

fn check(op: &'static Operation, limits: &Limits) -> Value {
    let mut responses = written(refusals(&[]));
    let answer = json_answer(
        "All violations, errors and warnings; an empty list when there are none.",
        reference("schemas", "CheckResult"),
    );
    responses.insert("200".into(), answer);
    let title = format!("Check the parameters of {} without sending them", op.name);
    let mut operation = operation(op, &format!("{}_check", op.name), &title, limits, responses);
    // A draft that breaks rules is what this route is for.
    operation["requestBody"]["content"]["application/json"]["schema"] = schema::shape(op.params);
    operation
}

fn preview(op: &'static Operation, limits: &Limits) -> Value {
    let mut responses = written(refusals(&[&problem::RULES]));
    let answer = json_answer(
        "The request that would be sent to the cloud, without credentials; personal data is masked.",
        reference("schemas", "Preview"),
    );
    responses.insert("200".into(), answer);
    let title = format!("Show the request that {} would send", op.name);
    operation(
        op,
        &format!("{}_preview", op.name),
        &title,
        limits,
        responses,
    )
}

fn code(op: &'static Operation, limits: &Limits) -> Value {
    let more = [&problem::RULES, &problem::UNKNOWN_TARGET, &problem::NO_CODE];
    let mut responses = written(refusals(&more));
    responses.insert(
        "200".into(),
        json!({
            "description": "The code. Credentials and personal data are read from the environment by it.",
            "headers": headers(&[header::PROXY]),
            "content": { "text/plain": { "schema": { "type": "string" } } },
        }),
    );
    let title = format!("Code that sends {}, or declares what it creates", op.name);
    let mut post = operation(op, &format!("{}_code", op.name), &title, limits, responses);
    let targets = Target::ALL.map(Target::name);
    let body = &mut post["requestBody"];
    body["description"] = json!(format!("At most {} KiB.", limits.body_kib));
    let content = &mut body["content"]["application/json"];
    let parameters = content["schema"].take();
    let example = content["examples"]["document"]["value"].take();
    content["schema"] = json!({
        "type": "object",
        "required": ["target", "parameters"],
        "additionalProperties": false,
        "properties": {
            "target": { "enum": targets },
            "parameters": parameters,
            "language": { "enum": ["en", "zh"], "description": "Of the comments; en unless said otherwise." },
            "id": { "type": "string", "pattern": "^[^\\u0000]*$", "description": "Of what the request has created: Terraform then imports it." },
        },
    });
    content["examples"]["document"]["value"] = json!({ "target": "curl", "parameters": example });
    let listed = json_answer(
        "Every target, with the reason where it has nothing for this operation.",
        reference("schemas", "Targets"),
    );
    json!({ "post": post, "get": {
        "operationId": format!("{}_code_targets", op.name),
        "summary": format!("List what {} can be had as code for", op.name),
        "tags": [op.service.code],
        "responses": reading(
            listed,
            &[&problem::UNAUTHENTICATED, &problem::TOO_MANY_REQUESTS, &problem::BUSY, &problem::UNKNOWN_OPERATION],
        ),
    }})
}

fn operation(
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

fn description(op: &Operation) -> String {
    let mut text = format!("{}\n\n{}", op.summary.en, op.behaviour.en);
    if !op.errors().is_empty() {
        text.push_str("\n\nDocumented error codes:\n");
        for error in op.errors() {
            let (code, what) = (error.code, error.explanation.en);
            text.push_str(&format!("\n- `{code}` ({}): {what}", error.http));
        }
    }
    if let Some(permission) = op.permission() {
        let (action, resource) = (permission.action, permission.resource);
        text.push_str(&format!(
            "\n\nThe account needs the permission `{action}` for `{resource}`."
        ));
    }
    text.push_str(&format!("\n\nSource: {}.", op.document.title.en));
    text
}

/// The responses of an operation before they are written: what each status can carry.
type Responses = BTreeMap<u16, (Vec<&'static ProblemType>, Option<Value>)>;

/// The refusals that every operation shares, and more.
fn refusals(more: &[&'static ProblemType]) -> Responses {
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
    responses
}

fn add(responses: &mut Responses, kind: &'static ProblemType) {
    responses.entry(kind.status).or_default().0.push(kind);
}

fn relay(responses: &mut Responses, status: u16, schema: Value) {
    responses.entry(status).or_default().1 = Some(schema);
}

fn written(responses: Responses) -> Map<String, Value> {
    let written = responses.into_iter().map(|(status, (kinds, relayed))| {
        let mut response = problems(&kinds);
        if let Some(schema) = relayed {
            let mut texts = vec!["The cloud's answer, relayed unchanged.".to_string()];
            let own = response["description"].as_str().unwrap_or_default();
            texts.extend((!own.is_empty()).then(|| format!("Or, by the proxy: {own}")));
            response["description"] = json!(texts.join(" "));
            let name = as_written(header::RELAYED);
            response["headers"][&name] = reference("headers", &name);
            response["content"]["application/json"] = json!({ "schema": schema });
        }
        (status.to_string(), response)
    });
    written.collect()
}

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

fn json_answer(description: &str, schema: Value) -> Value {
    json!({
        "description": description,
        "headers": headers(&[header::PROXY]),
        "content": { "application/json": { "schema": schema } },
    })
}

fn headers(names: &[&str]) -> Value {
    let headers: Map<String, Value> = names
        .iter()
        .map(|name| as_written(name))
        .map(|name| (name.clone(), reference("headers", &name)))
        .collect();
    headers.into()
}

/// The name of a header as people write it: `Tieline-Proxy`.
fn as_written(name: &str) -> String {
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

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

fn components(profiles: &[&str]) -> Value {
    let text = json!({ "type": "string" });
    json!({
        "parameters": { "Profile": {
            "name": as_written(header::PROFILE),
            "in": "header",
            "description": "Which of the proxy's accounts sends the request; `GET /healthz` lists them.",
            "schema": { "type": "string", "enum": profiles, "default": DEFAULT_PROFILE },
        }, "IdempotencyKey": {
            "name": as_written(header::IDEMPOTENCY_KEY),
            "in": "header",
            "required": true,
            "description": "A value of the client's own for each resource it wants, the same when it repeats a request: a UUID.",
            "schema": { "type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$" },
            "example": "5f0c2d0e-6a51-4a6f-9a3c-0d8f6f1f5c11",
        }},
        "headers": {
            as_written(header::PROXY): {
                "description": "The proxy's version; every response of the proxy has it.",
                "required": true,
                "schema": text,
            },
            as_written(header::RELAYED): {
                "description": "`1` on the cloud's own answers; absent on the proxy's.",
                "schema": { "type": "string", "enum": ["1"] },
            },
            as_written(header::RETRY_AFTER): {
                "description": "After how many seconds the request may be sent again.",
                "schema": { "type": "string" },
            },
        },
        "schemas": {
            "Message": object(&["en", "zh"], json!({
                "en": { "type": "string", "description": "English." },
                "zh": { "type": "string", "description": "Simplified Chinese." },
            })),
            "Violation": object(&["parameter", "rule", "severity", "message", "source"], json!({
                "parameter": { "type": "string", "description": "The wire path: `Tag.2.Key`; empty for the input as a whole." },
                "rule": { "type": "string", "description": "The rule's id: `length`." },
                "severity": { "enum": ["error", "warning"], "description": "Only errors stop a request." },
                "message": reference("schemas", "Message"),
                "source": { "type": "string", "description": "Who says so: a line of the vendor's document, a fact, a decision." },
                "also": { "type": "string", "description": "The other parameter of a rule over two." },
            })),
            "Targets": targets(),
            "CheckResult": object(&["violations"], json!({ "violations": violations() })),
            "Preview": object(&["method", "url", "headers", "body"], json!({
                "method": { "enum": ["GET", "POST"] },
                "url": { "type": "string", "format": "uri" },
                "headers": { "type": "object", "additionalProperties": { "type": "string" } },
                "body": text,
            })),
            "Health": object(&["name", "version", "mode", "credentials", "profiles"], json!({
                "name": { "const": health::NAME },
                "version": text,
                "mode": { "enum": [health::SANDBOX, health::LIVE] },
                "credentials": object(&["alibaba", "huawei"], json!({
                    "alibaba": { "type": "boolean", "description": "Whether any profile has keys." },
                    "huawei": { "type": "boolean", "description": "Whether any profile has keys." },
                })),
                "profiles": { "type": "array", "items": object(&["name", "alibaba", "huawei"], json!({
                    "name": { "type": "string", "description": "What the header Tieline-Profile takes." },
                    "alibaba": { "type": "boolean", "description": "Whether it has keys." },
                    "huawei": { "type": "boolean", "description": "Whether it has keys." },
                })) },
            })),
            "Problem": object(&["type", "title", "status", "detail", "message"], json!({
                "type": { "type": "string", "format": "uri" },
                "title": text,
                "status": { "type": "integer" },
                "detail": { "type": "string", "description": "What is wrong and what to do, in English." },
                "message": reference("schemas", "Message"),
                "violations": violations(),
            })),
            "AlibabaError": object(&["Code", "Message"], json!({
                "Code": text, "Message": text, "RequestId": text, "HostId": text, "Recommend": text,
            })),
            "HuaweiError": object(&[], json!({
                "error_code": text, "error_msg": text, "request_id": text,
            })),
        },
    })
}

fn targets() -> Value {
    object(
        &["targets"],
        json!({ "targets": {
            "type": "array",
            "items": object(&["target", "label", "file"], json!({
                "target": { "enum": Target::ALL.map(Target::name) },
                "label": reference("schemas", "Message"),
                "file": { "type": "string", "description": "The name of a file with the code." },
                "unavailable": reference("schemas", "Message"),
            })),
        }}),
    )
}

fn violations() -> Value {
    json!({ "type": "array", "items": reference("schemas", "Violation") })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}
