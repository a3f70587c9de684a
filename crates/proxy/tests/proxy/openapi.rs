//! The OpenAPI document against the catalog that it is made from.

use serde_json::Value;
use tieline_catalog::model::{Action, Control, Field, FieldKind, Severity};
use tieline_catalog::operations::{find, operations};
use tieline_catalog::{Check, Kind};
use tieline_proxy::config::Limits;
use tieline_proxy::openapi::document;

#[test]
fn every_operation_has_its_routes_with_all_statuses() {
    let document = document("/api", &["default"], &Limits::default());
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "/api");
    let mut ids = std::collections::BTreeSet::new();
    for op in operations() {
        for suffix in ["", "/check", "/preview", "/code"] {
            let path = format!("/v1/{}{suffix}", op.name);
            let post = &document["paths"][&path]["post"];
            assert!(ids.insert(post["operationId"].as_str().expect("an id").to_string()));
            let responses = post["responses"].as_object().expect("responses");
            let mut expected = vec![
                "400", "404", "405", "408", "413", "415", "429", "431", "503",
            ];
            if suffix != "/check" {
                expected.push("422");
            }
            let success = op.response().status.to_string();
            expected.push(if suffix.is_empty() { &success } else { "200" });
            for status in expected {
                assert!(responses.contains_key(status), "{status} of {path}");
            }
            let key = post["parameters"][0]["$ref"] == "#/components/parameters/IdempotencyKey";
            assert_eq!(
                key,
                suffix.is_empty() && op.action == Action::Create,
                "{path}"
            );
        }
        let responses = &document["paths"][format!("/v1/{}", op.name)]["post"]["responses"];
        for error in op.errors() {
            let content = &responses[error.http.to_string()]["content"]["application/json"];
            assert!(content.is_object(), "{} of {}", error.http, op.name);
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|v| walk(v, found));
            }
            Value::Array(items) => items.iter().for_each(|v| walk(v, found)),
            _ => {}
        }
    }
    let document = document("", &["default"], &Limits::default());
    let mut found = Vec::new();
    walk(&document, &mut found);
    assert!(found.len() > 100);
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("a local reference");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn the_rules_numbers_are_the_schemas_numbers() {
    let document = document("", &["default"], &Limits::default());
    let mut seen = 0;
    for op in operations() {
        let path = format!("/v1/{}", op.name);
        let body = &document["paths"][&path]["post"]["requestBody"];
        let schema = &body["content"]["application/json"]["schema"];
        assert_eq!(schema["additionalProperties"], false);
        for param in op.params {
            let own = &schema["properties"][param.name];
            if let Kind::List { max, severity, .. } = param.kind {
                let stated = own["maxItems"] == max;
                assert_eq!(stated, severity == Severity::Error, "{}", param.name);
            }
            for rule in param.rules.iter().filter(|r| r.severity == Severity::Error) {
                match rule.check {
                    Check::Length { max, .. } => assert_eq!(own["maxLength"], max),
                    Check::OneOf(choices) => {
                        let values = own["enum"].as_array().expect("an enum");
                        assert_eq!(values.len(), choices.len());
                    }
                    Check::Range { min, max } => {
                        assert_eq!(
                            (&own["minimum"], &own["maximum"]),
                            (&min.into(), &max.into())
                        );
                    }
                    _ => continue,
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "only {seen} rules were compared");
}

#[test]
fn tags_and_nested_objects_have_their_own_constraints() {
    let document = document("", &["default"], &Limits::default());
    let schema = |name: &str| {
        let op = find(name).expect("an operation").name;
        document["paths"][format!("/v1/{op}")]["post"]["requestBody"]["content"]["application/json"]
            ["schema"]
            .clone()
    };
    let tag = &schema("CreateCen")["properties"]["Tag"]["items"];
    assert_eq!(tag["required"], serde_json::json!(["Key"]));
    assert_eq!(tag["properties"]["Key"]["maxLength"], 64);
    assert_eq!(tag["properties"]["Key"]["minLength"], 1);
    // It can be left out, and it can be empty.
    assert_eq!(tag["properties"]["Value"]["minLength"], 0);
    // A later document's limits stop nothing.
    let newer = &schema("CreateCustomerGateway")["properties"]["Tags"];
    assert_eq!(newer["maxItems"], serde_json::Value::Null);
    assert_eq!(newer["items"]["required"], serde_json::Value::Null);
    assert_eq!(newer["items"]["minProperties"], 1);
    let huawei = schema("CreateCloudConnection");
    let required = huawei["required"].to_string();
    // The proxy fills the account in.
    assert!(!required.contains("domain_id") && required.contains("cloud_connection"));
    assert_eq!(huawei["properties"]["X-Auth-Token"]["writeOnly"], true);
}

#[test]
fn the_members_of_a_list_s_items_are_in_the_schema_of_the_answer() {
    let document = document("", &["default"], &Limits::default());
    let mut seen = 0;
    for op in operations() {
        for field in op.response().fields {
            let Some((list, member)) = field.path.rsplit_once('.') else {
                continue;
            };
            let of_list = |f: &&Field| f.path == list && f.kind == FieldKind::List;
            if !op.response().fields.iter().any(|f| of_list(&f)) {
                continue;
            }
            let answer = &document["paths"][format!("/v1/{}", op.name)]["post"]["responses"]
                [op.response().status.to_string()]["content"]["application/json"]["schema"];
            let list = list.replace('.', "/properties/");
            let pointer = format!("/properties/{list}/items/properties/{member}/type");
            assert_eq!(answer.pointer(&pointer), Some(&"string".into()), "{answer}");
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn permissions_and_lists_of_codes_are_told() {
    let document = document("", &["default"], &Limits::default());
    let mut told = 0;
    for op in operations() {
        let post = &document["paths"][format!("/v1/{}", op.name)]["post"];
        let url = op.error_list().map(|list| list.url);
        assert_eq!(post["externalDocs"]["url"].as_str(), url, "{}", op.name);
        if let Some(permission) = op.permission() {
            let text = post["description"].as_str().expect("a text");
            assert!(text.contains(permission.action) && text.contains(permission.resource));
            told += 1;
        }
    }
    assert!(told > 0);
}

#[test]
fn an_account_id_may_be_empty_since_the_proxy_fills_it_in() {
    let document = document("", &["default"], &Limits::default());
    let mut seen = 0;
    for op in operations() {
        let accounts = op.params.iter().filter(|p| p.control == Control::Account);
        for param in accounts {
            let body = &document["paths"][format!("/v1/{}", op.name)]["post"]["requestBody"];
            let schema = &body["content"]["application/json"]["schema"]["properties"][param.name];
            assert!(schema["minLength"].is_null(), "{schema}");
            let pattern = schema["pattern"].as_str().unwrap_or("^$|");
            assert!(pattern.starts_with("^$|"), "{pattern}");
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_violation_is_as_the_document_says() {
    let document = document("", &["default"], &Limits::default());
    let schema = &document["components"]["schemas"]["Violation"];
    for op in operations() {
        let report = tieline_catalog::check(op, &tieline_catalog::Raw::new());
        for violation in report.violations {
            let violation = serde_json::to_value(violation).expect("JSON");
            for (name, value) in violation.as_object().expect("an object") {
                let own = &schema["properties"][name];
                let fits = match own["$ref"].as_str() {
                    Some("#/components/schemas/Message") => {
                        value["en"].is_string() && value["zh"].is_string()
                    }
                    _ => value.is_string() && (own["type"] == "string" || own["enum"].is_array()),
                };
                assert!(fits, "{name}: {value} is no {own}");
            }
            for name in schema["required"].as_array().expect("a list") {
                assert!(violation.get(name.as_str().expect("a name")).is_some());
            }
        }
    }
}

#[test]
fn the_check_takes_drafts_that_break_rules() {
    let document = document("", &["default"], &Limits::default());
    for op in operations() {
        let body = &document["paths"][format!("/v1/{}/check", op.name)]["post"]["requestBody"];
        let schema = body["content"]["application/json"]["schema"].to_string();
        for keyword in ["required", "pattern", "maxLength", "enum", "maxItems"] {
            assert!(
                !schema.contains(&format!("\"{keyword}\":")),
                "{keyword} in {schema}"
            );
        }
    }
}
