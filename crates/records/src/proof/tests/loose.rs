//! What no receipt tells of.

use super::*;

/// A history with a lost request, a resource that is gone, and one that was found and taken over.
pub(super) fn of_three() -> History {
    let mut history = History::new("one");
    let op = find("CreateCen").unwrap();
    let mut raw = Raw::new();
    raw.set("Name", "lost");
    let parsed = check(op, &raw).parsed;
    let record = Record::intent(&parsed, "lost", "/api".into(), None, false, 1_000);
    history.note(Entry::between(None, &record));
    history.records.push(record);
    history.create("gone", "cen-1");
    let gone = &mut history.records[1];
    let before = gone.clone();
    gone.observe(&Found::Items(Vec::new()), 4_000_000);
    let entries = Entry::between(Some(&before), gone);
    history.note(entries);
    let item = Item {
        id: "cen-5".into(),
        status: Some("Active".into()),
        fields: Vec::new(),
    };
    let found = Record::found(&parsed, &item, "/api".into(), false, 5_000_000);
    history.note(Entry::between(None, &found));
    history.records.push(found);
    history
}

#[test]
fn what_no_receipt_tells_of_is_never_passed_for_whole() {
    let mut history = of_three();
    let text = history.export(false);
    let report = verify(&text).unwrap().unwrap();
    assert_eq!((report.findings, report.loose), (vec![], vec![]));
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed: Value = serde_json::from_str(&text).unwrap();
        change(&mut changed);
        verify(&changed.to_string()).unwrap().unwrap()
    };
    let said = json!({
        "at": 2_000, "n": 1, "event": "before", "outcome": "created", "id": "cen-9", "endpoint": "/api",
    });
    let told = |file: &mut Value| {
        let record = &mut file["records"][0];
        record["events"].as_array_mut().unwrap().push(said.clone());
        record["outcome"] = json!("created");
        record["resource_id"] = json!("cen-9");
    };
    let unproven = Finding::Unproven(name("lost"), "before".into());
    assert_eq!(with(&told).findings, [unproven]);
    // Who says that it came from a file is not believed either.
    let imported = with(&|file| {
        told(file);
        let events = file["records"][0]["events"].as_array_mut().unwrap();
        events.push(json!({ "at": 3_000, "n": 2, "event": "imported" }));
    });
    assert_eq!(imported.loose, [(name("lost"), Loose::Before)]);
    let swapped = with(&|file| {
        let record = &mut file["records"][1];
        record["events"].as_array_mut().unwrap().swap(2, 3);
        record["absent"] = json!(false);
    });
    assert!(
        swapped.findings.contains(&Finding::Order(name("gone"))),
        "{:?}",
        swapped.findings
    );
    let taken = "adopted-cen-5";
    let params = with(&|file| file["records"][2]["params"]["Name"] = json!("forged"));
    assert_eq!(params.findings, [Finding::Params(name(taken))]);
    let moved = with(&|file| file["records"][2]["created"] = json!(5));
    assert_eq!(moved.findings, [Finding::Members(name(taken))]);
    let more = with(&|file| file["records"][2]["extra"] = json!("x"));
    assert_eq!(more.findings, []);
    assert_eq!(more.loose, [(name(taken), Loose::Members)]);
}

#[test]
fn what_an_earlier_version_wrote_is_not_broken_only_unproven() {
    let mut history = History::new("one");
    history.create("a", "cen-1");
    // A record from before the events, whose resource was asked about since.
    let mut old = Record {
        key: "old".into(),
        created: 100,
        updated: 200,
        events: Vec::new(),
        ..history.records[0].clone()
    };
    let before = old.clone();
    old.append(
        &What::Status {
            id: "cen-1".into(),
            status: Some("Active".into()),
            absent: false,
        },
        6_000,
    );
    history.note(Entry::between(Some(&before), &old));
    history.records.push(old);
    // One that was found by a version whose receipts say nothing of the parameters.
    let found = of_three().records.pop().unwrap();
    let entry = Entry::between(None, &found).pop().unwrap();
    let mut receipt = serde_json::to_value(history.head.clone().append(entry, 9_000)).unwrap();
    receipt.as_object_mut().unwrap().remove("request");
    let receipt: Receipt = serde_json::from_value(receipt).unwrap();
    history.head.hash = receipt.hash();
    history.head.count += 1;
    history.receipts.push(receipt);
    history.records.push(found);
    let report = verify(&history.export(false)).unwrap().unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(
        report.loose,
        [
            (name("old"), Loose::Before),
            (name("adopted-cen-5"), Loose::Params)
        ]
    );
}

#[test]
fn what_was_found_again_after_its_deletion_is_as_it_was_found_then() {
    let found = |name: &str, at: u64| {
        let mut raw = Raw::new();
        raw.set("Name", name);
        let parsed = check(find("CreateCen").unwrap(), &raw).parsed;
        let item = Item {
            id: "cen-5".into(),
            status: Some("Active".into()),
            fields: Vec::new(),
        };
        Record::found(&parsed, &item, "/api".into(), false, at)
    };
    let mut history = History::new("one");
    let first = found("first", 5_000_000);
    history.note(Entry::between(None, &first));
    history.note(Vec::from([Entry::deleted(&first)]));
    // Somebody has renamed it at the cloud meanwhile.
    let again = found("renamed", 6_000_000);
    history.note(Entry::between(None, &again));
    history.records.push(again);
    let text = history.export(false);
    let report = verify(&text).unwrap().unwrap();
    assert_eq!((report.findings, report.loose), (vec![], vec![]));
    // The receipt of the second time holds its parameters as any other does.
    for other in ["first", "forged"] {
        let mut changed: Value = serde_json::from_str(&text).unwrap();
        changed["records"][0]["params"]["Name"] = json!(other);
        let params = Finding::Params(name("adopted-cen-5"));
        assert_eq!(findings(&changed.to_string()), [params]);
    }
}
