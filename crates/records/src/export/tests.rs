use super::*;
use crate::receipt::{Entry, Head};
use alloc::string::ToString;
use proptest::prelude::*;
use serde_json::{json, Value};

const NOW: u64 = 1_795_254_600_000;

fn sample() -> Record {
    serde_json::from_value(json!({
        "id": 7, "operation": "CreateCen",
        "params": { "Name": "backbone", "Tag": [{ "Key": "a", "Value": "" }] },
        "created": NOW - 1_000, "updated": NOW - 500, "key": "0f3c", "outcome": "created",
        "resource_id": "cen-1", "status": "Active", "request_id": "R-1", "endpoint": "/api",
    }))
    .unwrap()
}

fn file(records: &[Record], chains: &[Chain]) -> String {
    let join = |parts: Vec<String>| parts.join(",\n");
    let records = join(records.iter().map(part).collect());
    let chains = join(chains.iter().map(part).collect());
    [&head(), &records, CHAINS, &chains, TAIL].concat()
}

#[test]
fn an_export_can_be_imported_with_its_chains() {
    let mut chain = Head::genesis("6f1d", 1);
    let receipt = chain.append(Entry::exported(2, false), 2);
    let chains = [Chain {
        chain: chain.chain,
        since: chain.since,
        head: chain.hash,
        receipts: Vec::from([receipt]),
    }];
    let text = file(&[sample(), sample()], &chains);
    let opened = open(&text).unwrap();
    assert_eq!((opened.version, opened.records.len()), (2, 2));
    assert!(!opened.is_newer());
    assert_eq!(opened.chains().unwrap(), chains);
    let imported = read(opened.records[0], NOW).unwrap();
    let record = Record { id: 0, ..sample() };
    assert_eq!(imported, Imported { record, private: 0 });
}

#[test]
fn an_export_of_the_first_version_is_read_and_one_of_a_newer_is_shown_only() {
    let record = part(&sample());
    let old =
        alloc::format!("{{\"format\":\"tieline-history\",\"version\":1,\"records\":[{record}]}}");
    let opened = open(&old).unwrap();
    assert_eq!((opened.version, opened.is_newer()), (1, false));
    assert_eq!(opened.chains(), Ok(Vec::new()));
    assert!(read(opened.records[0], NOW).is_ok());
    let newer = alloc::format!(
        "{{\"format\":\"tieline-history\",\"version\":3,\"seal\":7,\"records\":[{record}]}}"
    );
    let opened = open(&newer).unwrap();
    assert!(opened.is_newer());
    assert!(read(opened.records[0], NOW).is_ok());
    // Whatever stands beside the records, they can be shown; without a list of them nothing can.
    let sealed = newer.replace("\"seal\":7", "\"chains\":{\"seal\":7}");
    let opened = open(&sealed).unwrap();
    assert_eq!((opened.is_newer(), opened.records.len()), (true, 1));
    let other = "{\"format\":\"tieline-history\",\"version\":3,\"records\":{}}";
    assert_eq!(open(other), Err(Unreadable::Newer));
    assert_eq!(
        open(&sealed.replace("\"version\":3", "\"version\":2")),
        Err(Unreadable::Foreign)
    );
    assert_eq!(
        open(&sealed.replace("tieline-history", "others")),
        Err(Unreadable::Foreign)
    );
    assert_eq!(open(&sealed[..sealed.len() - 9]), Err(Unreadable::NotJson));
}

#[test]
fn bad_files_are_told_apart() {
    assert_eq!(open(""), Err(Unreadable::NotJson));
    assert_eq!(open("<html>"), Err(Unreadable::NotJson));
    assert_eq!(open("{\"format\":\"x\""), Err(Unreadable::NotJson));
    assert_eq!(open("[]"), Err(Unreadable::Foreign));
    assert_eq!(open("{\"records\":[]}"), Err(Unreadable::Foreign));
    assert!(open(&file(&[], &[])).unwrap().records.is_empty());
    let chain = "{\"format\":\"tieline-history\",\"version\":2,\"records\":[],\"chains\":[{}]}";
    assert_eq!(open(chain).unwrap().chains(), Err(Unreadable::Chain));
}

#[test]
fn bad_records_are_refused() {
    let good = serde_json::to_value(sample()).unwrap();
    let with = |path: &str, value: Value| {
        let mut bad = good.clone();
        bad[path] = value;
        read(&bad.to_string(), NOW).map(|imported| imported.record)
    };
    let answer = |at: u64, id: &str| json!([{ "at": at, "n": 0, "event": "answer", "by": "cloud", "outcome": "created", "id": id }]);
    for (path, value, why) in [
        ("operation", json!("DropEverything"), Bad::Operation),
        ("operation", json!("DescribeCens"), Bad::Operation),
        ("params", json!({ "Nmae": "x" }), Bad::Params),
        ("params", json!({ "Name": {} }), Bad::Params),
        ("params", json!([]), Bad::Params),
        ("created", json!(0), Bad::Times),
        ("created", json!(NOW + 1), Bad::Times),
        ("updated", json!(1), Bad::Times),
        ("created", json!("yesterday"), Bad::Shape),
        ("outcome", json!("splendid"), Bad::Shape),
        ("outcome", json!("rejected"), Bad::Outcome),
        ("resource_id", json!(null), Bad::Outcome),
        ("resource_id", json!("cen 1\n"), Bad::Values),
        ("key", json!(""), Bad::Values),
        ("key", json!("k".repeat(129)), Bad::Values),
        ("endpoint", json!("http://u:p@h/"), Bad::Values),
        ("message", json!("x".repeat(20_000)), Bad::Values),
        ("events", json!([7]), Bad::Shape),
        ("events", answer(NOW * 2, "cen-2"), Bad::Times),
        ("events", answer(NOW, "cen 2"), Bad::Values),
    ] {
        assert_eq!(with(path, value.clone()), Err(why), "{path} = {value}");
    }
    assert_eq!(with("updated", json!(NOW * 2)).unwrap().updated, NOW);
    // What the events say stands above what the members say.
    let told = with("events", answer(NOW, "cen-2")).unwrap();
    assert_eq!(told.resource_id.as_deref(), Some("cen-2"));
    let mut pending = sample();
    pending.resource_id = None;
    pending.outcome = Outcome::Pending;
    let imported = read(&part(&pending), NOW).unwrap();
    assert_eq!(imported.record.outcome, Outcome::Unknown);
}

#[test]
fn private_values_never_come_in() {
    let mut seen = 0;
    for op in tieline_catalog::creations() {
        for param in op.params.iter().filter(|p| p.privacy != Privacy::Public) {
            let record = Record {
                operation: op.name.into(),
                params: json!({ param.name: "11010519491231002X" }),
                ..sample()
            };
            let imported = read(&part(&record), NOW).unwrap();
            assert_eq!(imported.private, 1, "{} {}", op.name, param.name);
            assert_eq!(imported.record.params, json!({}));
            seen += 1;
        }
    }
    assert!(seen > 0, "the catalog has private parameters");
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,200}") {
        if let Ok(opened) = open(&text) {
            for record in &opened.records {
                let _ = read(record, NOW);
            }
            let _ = opened.chains();
        }
        let _ = read(&text, NOW);
    }
}
