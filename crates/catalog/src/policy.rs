//! What an account has to be allowed to do, and the policy that allows no more: of Alibaba Cloud's RAM,
//! of Huawei Cloud's IAM.
//!
//! A document's own word comes first ([`Permission`](crate::model::Permission)). Where it states none, the
//! action's name is formed as the vendor forms them, and says so.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value as Json};

use crate::model::*;
use crate::operations::entries;
use crate::text::{t, Message};

/// Why an action has the name that it has, where no document states it.
const FORMED: Source = Source::Decision(t(
    "the document does not state it; the name is formed as the vendor forms the names of its actions",
    "文档未说明；名称按厂商的授权项命名规则得出",
));

/// What an operation has to be granted.
#[derive(Clone, PartialEq, Debug)]
pub struct Grant {
    /// The operation.
    pub operation: &'static Operation,
    /// The action of the policy: `cen:CreateCen`.
    pub action: String,
    /// The resources for which it can be granted, where the document names them: every account's.
    pub resource: Option<String>,
    /// Who says so, in words.
    pub source: Message,
    /// Whether a document says so.
    pub documented: bool,
}

/// A policy of one vendor.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// Whose.
    pub provider: Provider,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// The policy itself.
    pub document: Json,
}

impl Policy {
    /// The policy as text, as the vendor's console takes it.
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(&self.document);
        // A value of texts and lists is always written.
        text.unwrap_or_default() + "\n"
    }
}

/// What an operation has to be granted.
pub fn grant(op: &'static Operation) -> Grant {
    match op.permission() {
        Some(stated) => Grant {
            operation: op,
            action: stated.action.to_string(),
            resource: Some(stated.resource.replace("{#accountId}", "*")),
            source: op.cite(&stated.source),
            documented: true,
        },
        None => Grant {
            operation: op,
            action: formed(op),
            resource: None,
            source: op.cite(&FORMED),
            documented: false,
        },
    }
}

/// The reads that belong to a creation: its status by id, and the look-up of what was lost.
pub fn reads(op: &'static Operation) -> impl Iterator<Item = &'static Operation> {
    let entry = entries().iter().find(|entry| entry.create == *op);
    let reads = entry.map_or(&[][..], |entry| entry.reads);
    reads.iter().map(|read| &read.operation)
}

/// The policies that allow these operations and the reads that belong to them, and nothing else: one for
/// each vendor among them.
pub fn policies(operations: &[&'static Operation]) -> Vec<Policy> {
    let mut granted: Vec<(Provider, Vec<Grant>)> = Vec::new();
    for op in operations {
        for op in core::iter::once(*op).chain(reads(op)) {
            let provider = op.service.provider;
            let at = granted.iter().position(|(own, _)| *own == provider);
            let at = at.unwrap_or_else(|| {
                granted.push((provider, Vec::new()));
                granted.len() - 1
            });
            let (grants, new) = (&mut granted[at].1, grant(op));
            if !grants.iter().any(|known| known.action == new.action) {
                grants.push(new);
            }
        }
    }
    let policy = |(provider, grants): (Provider, Vec<Grant>)| Policy {
        provider,
        document: match provider {
            Provider::Alibaba => ram(&grants),
            Provider::Huawei => iam(&grants),
        },
        grants,
    };
    granted.into_iter().map(policy).collect()
}

/// A policy of RAM: a statement for each resource.
fn ram(grants: &[Grant]) -> Json {
    let mut statements: Vec<(&str, Vec<&str>)> = Vec::new();
    for grant in grants {
        let resource = grant.resource.as_deref().unwrap_or("*");
        match statements.iter_mut().find(|(own, _)| *own == resource) {
            Some((_, actions)) => actions.push(&grant.action),
            None => statements.push((resource, alloc::vec![&grant.action])),
        }
    }
    let statements = statements.into_iter().map(
        |(resource, actions)| json!({ "Effect": "Allow", "Action": actions, "Resource": resource }),
    );
    json!({ "Version": "1", "Statement": statements.collect::<Vec<Json>>() })
}

/// A policy of IAM. Its actions need no resource.
fn iam(grants: &[Grant]) -> Json {
    let actions: Vec<&str> = grants.iter().map(|grant| grant.action.as_str()).collect();
    json!({ "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": actions }] })
}

/// The name of an action as the vendor forms it.
fn formed(op: &'static Operation) -> String {
    match (op.service.provider, &op.protocol) {
        (Provider::Huawei, Protocol::Rest { method, path }) => {
            let last = path.rsplit('/').next().unwrap_or_default();
            let verb = match *method {
                "GET" if last.starts_with('{') => "get",
                "GET" => "list",
                "DELETE" => "delete",
                "PUT" | "PATCH" => "update",
                _ => "create",
            };
            let resource = path.rsplit('/').find(|part| !part.starts_with('{'));
            let resource = camel_case(resource.unwrap_or_default());
            format!("{}:{resource}:{verb}", op.service.id)
        }
        _ => format!("{}:{}", policy_code(op), op.name),
    }
}

/// The service's name in a policy. It can be another than the host's, which only a document tells.
fn policy_code(op: &'static Operation) -> &'static str {
    let beside = entries()
        .iter()
        .filter(|entry| entry.create.service.id == op.service.id);
    let stated = beside
        .filter_map(|entry| entry.permission.as_ref())
        .find_map(|stated| stated.action.split_once(':'));
    stated.map_or(op.service.id, |(code, _)| code)
}

/// `cloud-connections` as `cloudConnections`.
fn camel_case(text: &str) -> String {
    let mut name = String::new();
    for (nth, part) in text.split('-').enumerate() {
        let mut chars = part.chars();
        match chars.next() {
            Some(first) if nth > 0 => name.push(first.to_ascii_uppercase()),
            Some(first) => name.push(first),
            None => {}
        }
        name.push_str(chars.as_str());
    }
    name
}

#[cfg(test)]
mod tests;
