//! The route of an operation's policy.

use serde_json::{json, Value};
use tieline_catalog::model::{Operation, Provider};
use tieline_protocol::problem;

use super::parts::{json_answer, object, reading};

/// The route, read only.
pub fn policy(op: &'static Operation) -> Value {
    let (whose, version) = match op.service.provider {
        Provider::Alibaba => ("RAM", "1"),
        Provider::Huawei => ("IAM", "1.1"),
    };
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let statement = object(
        &["Effect", "Action"],
        json!({ "Effect": { "const": "Allow" }, "Action": texts, "Resource": { "type": "string" } }),
    );
    let schema = object(
        &["Version", "Statement"],
        json!({
            "Version": { "const": version },
            "Statement": { "type": "array", "items": statement },
        }),
    );
    let answer = json_answer(
        "The policy. Where the vendor's document names no action, its name is formed as the vendor forms them.",
        schema,
    );
    json!({
        "operationId": format!("{}_policy", op.name),
        "summary": format!("The {whose} policy that allows {} and its reads, and nothing else", op.name),
        "tags": [op.service.code],
        "responses": reading(
            answer,
            &[&problem::UNAUTHENTICATED, &problem::TOO_MANY_REQUESTS, &problem::BUSY, &problem::UNKNOWN_OPERATION],
        ),
    })
}
