//! The policy that an operation needs, as the proxy gives it.

use serde_json::Value;
use tieline_catalog::operations::operations;
use tieline_catalog::policy::policies;
use tieline_proxy::config::Limits;
use tieline_proxy::openapi::document;

use crate::in_process::{call, get, proxy};

#[tokio::test]
async fn every_operation_has_its_policy_and_the_document_describes_it() {
    let app = proxy();
    let described = document("", &["default"], &Limits::default());
    for op in operations() {
        let path = format!("/v1/{}/policy", op.name);
        let answer = call(&app, get(&path)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.body, policies(&[op])[0].text());
        let schema = &described["paths"][&path]["get"]["responses"]["200"]["content"]
            ["application/json"]["schema"]["properties"];
        let policy = answer.json();
        assert_eq!(schema["Version"]["const"], policy["Version"], "{}", op.name);
        let statements = policy["Statement"].as_array().expect("statements");
        let granted = |statement: &Value| statement["Action"].as_array().map_or(0, Vec::len);
        assert!(statements.iter().map(granted).sum::<usize>() > 0);
    }
}
