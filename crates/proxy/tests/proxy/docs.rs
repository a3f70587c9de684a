//! The tables of the documents against the catalog: README's operations, and the permissions that
//! `docs/deploy.md` grants.

use std::path::Path;

use serde_json::Value;
use tieline_catalog::operations::{creations, operations};
use tieline_catalog::policy::grant;

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
    let mut needed: Vec<String> = operations().map(|op| grant(op).action).collect();
    granted.sort();
    needed.sort();
    assert_eq!(granted, needed);
    for resource in operations().filter_map(|op| grant(op).resource) {
        assert!(deploy.contains(&resource), "{resource}");
    }
}
