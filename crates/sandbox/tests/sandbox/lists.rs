//! Lists of a creation, which come back as they were given.

use crate::cloud::{example, valid, Cloud};
use serde_json::Value as Json;
use tieline_catalog::answer::read_by_name;
use tieline_catalog::check;
use tieline_catalog::model::FieldValue;
use tieline_catalog::operations::{creations, entries, find};
use tieline_catalog::wire::encode;
use tieline_catalog::Raw;
use tieline_sandbox::Settings;

#[test]
fn a_list_comes_back_with_the_members_that_it_was_given() {
    let mut seen = 0;
    for op in creations() {
        let entry = entries().iter().find(|entry| entry.create == *op);
        let lists = entry
            .into_iter()
            .flat_map(|entry| entry.reads)
            .map(|read| &read.operation);
        let own = std::iter::once((op, op.response().fields));
        let fields = own.chain(lists.filter_map(|r| Some((r, r.response().list?.fields))));
        for (from, table) in fields {
            for field in table {
                let FieldValue::Items(list) = field.value else {
                    continue;
                };
                let mut cloud = Cloud::new(Settings::default());
                let raw = example(op);
                let created = cloud.send(&encode(valid(op, &raw).parsed()));
                let mut response = created.expect("an answer");
                if from != op {
                    let read = read_by_name(op, &raw).expect("a read by name");
                    response = cloud.send(&encode(read.parsed())).expect("an answer");
                }
                let given = check(op, &raw).parsed.to_json()[list].to_string();
                assert!(given.contains(':'), "{}: {given}", op.name);
                let body: Json = serde_json::from_str(&response.body).expect("JSON");
                assert!(body.to_string().contains(&given), "{given} in {body}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "no answer repeats a list");
}

#[test]
fn a_member_that_was_left_out_is_not_an_empty_one() {
    let op = find("CreateCen").expect("in the catalog");
    for (value, expected) in [
        (None, r#"[{"Key":"k"}]"#),
        (Some(""), r#"[{"Key":"k","Value":""}]"#),
    ] {
        let mut cloud = Cloud::new(Settings::default());
        let mut raw = Raw::new();
        raw.set("Name", "tags");
        raw.set("Tag.1.Key", "k");
        if let Some(value) = value {
            raw.set("Tag.1.Value", value);
        }
        cloud
            .send(&encode(valid(op, &raw).parsed()))
            .expect("an answer");
        let read = read_by_name(op, &raw).expect("a read by name");
        let response = cloud.send(&encode(read.parsed())).expect("an answer");
        let body: Json = serde_json::from_str(&response.body).expect("JSON");
        assert_eq!(body["Cens"]["Cen"][0]["Tags"]["Tag"].to_string(), expected);
    }
}
