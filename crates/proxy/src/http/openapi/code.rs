//! The routes of an operation's code.

use serde_json::{json, Value};
use tieline_catalog::model::Operation;
use tieline_code::Target;
use tieline_protocol::{header, problem};

use super::parts::{
    headers, json_answer, object, operation, reading, reference, refusals, written,
};
use crate::config::Limits;

/// The route: its targets are listed, and the code is made.
pub fn code(op: &'static Operation, limits: &Limits) -> Value {
    let more = [&problem::RULES, &problem::UNKNOWN_TARGET, &problem::NO_CODE];
    let mut responses = written(refusals(op, true, &more));
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

/// The schema of the targets.
pub fn targets() -> Value {
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
