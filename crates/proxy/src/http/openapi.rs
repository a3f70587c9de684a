//! The OpenAPI 3.1 document, made from the catalog.

use serde_json::{json, Map, Value};
use tieline_catalog::errors::{COMMON, FAMILIES};
use tieline_catalog::model::{Action, Operation, Provider};
use tieline_catalog::operations::operations;
use tieline_protocol::problem;
use tieline_protocol::{header, health};

use self::parts::{
    add, as_written, headers, json_answer, object, operation, reading, reference, refusals, relay,
    written,
};
use super::json_schema as schema;
use super::paths;
use super::request::MAX_KEY;
use crate::config::{Limits, DEFAULT_PROFILE};
use crate::version::VERSION;

mod code;
mod parts;
mod policy;

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
        items.insert(path, code::code(op, limits));
        let path = paths::POLICY.replace("{operation}", op.name);
        items.insert(path, json!({ "get": policy::policy(op) }));
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

fn send(op: &'static Operation, limits: &Limits) -> Value {
    let creates = op.action == Action::Create;
    let mut responses = refusals(op, true, &[&problem::RULES]);
    if creates {
        add(&mut responses, &problem::IDEMPOTENCY_KEY);
        add(&mut responses, &problem::KEY_REUSED);
        add(&mut responses, &problem::JOURNAL_UNAVAILABLE);
        add(&mut responses, &problem::AUDIT_UNAVAILABLE);
    }
    add(&mut responses, &problem::OTHER_MODE);
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
            "headers": headers(&[header::PROXY, header::RELAYED, header::SIGNER]),
        }),
    );
    let mut operation = operation(op, op.name, op.title.en, limits, responses);
    operation["description"] = json!(description(op));
    if let Some(list) = op.error_list() {
        operation["externalDocs"] =
            json!({ "url": list.url, "description": "The vendor's list of error codes" });
    }
    let key = creates.then_some("IdempotencyKey");
    let parameters = key.into_iter().chain(["Mode", "Profile"]);
    let parameters = parameters.map(|p| reference("parameters", p));
    operation["parameters"] = parameters.collect();
    operation
}

fn check(op: &'static Operation, limits: &Limits) -> Value {
    let mut responses = written(refusals(op, false, &[]));
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
    let mut responses = written(refusals(op, true, &[&problem::RULES]));
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

fn components(profiles: &[&str]) -> Value {
    let text = json!({ "type": "string" });
    json!({
        "parameters": { "Profile": {
            "name": as_written(header::PROFILE),
            "in": "header",
            "description": "Which of the proxy's accounts sends the request; `GET /healthz` lists them.",
            "schema": { "type": "string", "enum": profiles, "default": DEFAULT_PROFILE },
        }, "Mode": {
            "name": as_written(header::MODE),
            "in": "header",
            "description": "The mode that the proxy must be in for the request to be sent; any without it.",
            "schema": { "enum": [health::SANDBOX, health::LIVE] },
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
            as_written(header::SIGNER): {
                "description": "On the cloud's own answers: whose keys signed the request, as a digest. What other keys do not find may exist all the same.",
                "schema": { "type": "string", "pattern": "^[0-9a-f]{16}$" },
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
            "Targets": code::targets(),
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

fn violations() -> Value {
    json!({ "type": "array", "items": reference("schemas", "Violation") })
}
