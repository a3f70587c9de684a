//! The tables of the documents against the catalog: README's operations, and the permissions that
//! `docs/deploy.md` grants.

use std::path::Path;

use serde_json::Value;
use tieline_catalog::model::{Operation, Protocol, Provider};
use tieline_catalog::operations::{creations, operations};

/// The services whose name in a policy of Alibaba Cloud's RAM is not the host's.
const RAM_CODES: &[(&str, &str)] = &[("cbn", "cen")];

fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    std::fs::read_to_string(path).expect("a document")
}

#[test]
fn the_readme_lists_each_creation_once_with_its_cloud_and_version() {
    let readme = document("README.md");
    let mut rows: Vec<(&str, &str)> = readme
        .lines()
        .filter_map(|line| {
            line.strip_prefix("| `")?
                .strip_suffix(" |")?
                .split_once("` | ")
        })
        .filter(|(name, _)| name.starts_with("Create"))
        .collect();
    assert!(!rows.is_empty(), "the README has no table of operations");
    for op in creations() {
        let at = rows.iter().position(|(name, _)| *name == op.name);
        let at = at.unwrap_or_else(|| panic!("the README does not list {}", op.name));
        let (_, product) = rows.remove(at);
        let service = op.service;
        assert!(
            product.starts_with(service.provider.name().en)
                && product.ends_with(&format!(", {}", service.version)),
            "{}: {product}",
            op.name
        );
    }
    assert!(rows.is_empty(), "no operations, or listed twice: {rows:?}");
}

#[test]
fn the_policies_grant_each_operation_once_and_nothing_else() {
    let deploy = document("docs/deploy.md");
    let policies = deploy.split("```json\n").skip(1);
    let policies = policies.filter_map(|rest| rest.split("```").next());
    let mut granted: Vec<String> = policies
        .filter_map(|text| serde_json::from_str::<Value>(text).ok())
        .flat_map(|policy| policy["Statement"].as_array().cloned().unwrap_or_default())
        .flat_map(|statement| statement["Action"].as_array().cloned().unwrap_or_default())
        .map(|action| action.as_str().expect("a text").to_string())
        .collect();
    let mut needed: Vec<String> = operations().map(permission).collect();
    granted.sort();
    needed.sort();
    assert_eq!(granted, needed);
    for permission in operations().filter_map(Operation::permission) {
        assert!(needed.iter().any(|own| own == permission.action));
        let resource = permission.resource.replace("{#accountId}", "*");
        assert!(deploy.contains(&resource), "{resource}");
    }
}

/// The permission that an operation needs.
fn permission(op: &Operation) -> String {
    let service = op.service.id;
    match (op.service.provider, &op.protocol) {
        (Provider::Alibaba, _) => {
            let known = RAM_CODES.iter().find(|(id, _)| *id == service);
            let code = known.map_or(service, |(_, code)| code);
            format!("{code}:{}", op.name)
        }
        (Provider::Huawei, Protocol::Rest { method, path }) => {
            let last = path.rsplit('/').next().unwrap_or_default();
            let is_one = last.starts_with('{');
            let verb = match *method {
                "POST" => "create",
                "GET" if is_one => "get",
                "GET" => "list",
                other => panic!("{}: no permission is known for {other}", op.name),
            };
            let resource = path.rsplit('/').find(|part| !part.starts_with('{'));
            format!(
                "{service}:{}:{verb}",
                camel_case(resource.expect("a resource"))
            )
        }
        (Provider::Huawei, _) => panic!("{}: Huawei Cloud's operations are REST", op.name),
    }
}

/// `cloud-connections` as `cloudConnections`.
fn camel_case(text: &str) -> String {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| {
        let (initial, rest) = part.split_at(1);
        text + &initial.to_uppercase() + rest
    })
}
