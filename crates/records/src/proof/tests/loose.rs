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
    let found = Record::found(&parsed, &item, "/api".into(), false, None, 5_000_000);
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
    assert_eq!(
        imported.loose,
        [Loose::Before, Loose::Imported].map(|loose| (name("lost"), loose))
    );
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
        Record::found(&parsed, &item, "/api".into(), false, None, at)
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

/// A history with an event of every kind, each with the receipt that it gets.
fn of_all_kinds() -> History {
    let mut history = of_three();
    let mut take = |at: usize, whats: &[What]| {
        for what in whats {
            let before = history.records[at].clone();
            history.records[at].append(what, 6_000_000);
            let entries = Entry::between(Some(&before), &history.records[at]);
            history.note(entries);
        }
    };
    let by = crate::event::Search::User;
    let (found, failed) = (Vec::new(), false);
    let text = "for Berlin".into();
    take(
        0,
        &[What::LookUp {
            by,
            found,
            failed,
            signer: None,
        }],
    );
    take(1, &[What::Note { text }, What::Imported { new: false }]);
    take(2, &[What::Other]);
    history.records[2].events[1] =
        serde_json::from_value(json!({ "event": "of a later version", "at": 6_000_000, "n": 1 }))
            .unwrap();
    history
}

/// What is said where an event of this name has no receipt; none where it must have one.
fn said_of(event: &str) -> Option<&'static str> {
    match event {
        "attempt" | "answer" | "adopted" | "status" => None,
        "look-up" => Some("look-up"),
        "note" => Some("its note"),
        "imported" => Some("came from a file"),
        "before" => Some("before it had events"),
        _ => Some("another version"),
    }
}

#[test]
fn a_look_up_has_a_receipt_and_one_of_an_earlier_version_is_not_broken() {
    let mut history = of_three();
    let found = Found::Items(Vec::new());
    let before = history.records[0].clone();
    history.records[0].looked_up(crate::event::Search::Name, (&found, true), None, 6_000);
    let entries = Entry::between(Some(&before), &history.records[0]);
    assert_eq!(entries.len(), 1);
    // An earlier version made no receipt of it.
    let earlier = History {
        records: history.records.clone(),
        head: history.head.clone(),
        receipts: history.receipts.clone(),
    };
    let report = verify(&{ earlier }.export(false)).unwrap().unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.loose, [(name("lost"), Loose::LookUp)]);
    history.note(entries);
    let report = verify(&history.export(false)).unwrap().unwrap();
    assert_eq!((report.findings, report.loose), (vec![], vec![]));
}

/// What is done to an event of an export.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Alter,
    /// Another of this name after it.
    Add(&'static str),
}

fn any_change() -> impl Strategy<Value = Change> {
    let names = [
        "attempt", "answer", "look-up", "adopted", "status", "imported", "note", "before", "later",
    ];
    prop_oneof![
        Just(Change::Remove),
        Just(Change::Alter),
        prop::sample::select(names.to_vec()).prop_map(Change::Add),
    ]
}

proptest! {
    #[test]
    fn no_event_of_an_export_is_added_changed_or_removed_without_a_word(
        which in any::<prop::sample::Index>(), change in any_change(),
    ) {
        let mut history = of_all_kinds();
        let mut file: Value = serde_json::from_str(&history.export(false)).unwrap();
        let places: Vec<(usize, usize)> = history.records.iter().enumerate()
            .flat_map(|(of, record)| (0..record.events.len()).map(move |at| (of, at)))
            .collect();
        let (of, at) = *which.get(&places);
        let events = file["records"][of]["events"].as_array_mut().unwrap();
        let mut touched = events[at]["event"].as_str().unwrap().to_string();
        match change {
            Change::Remove => drop(events.remove(at)),
            Change::Alter => events[at]["changed"] = json!("by somebody"),
            Change::Add(name) => {
                touched = name.to_string();
                let (time, n) = (events[at]["at"].clone(), events[at]["n"].as_u64().unwrap() + 1);
                let mut event = json!({ "event": name, "at": time, "n": n });
                for (member, value) in [
                    ("endpoint", "/api"), ("outcome", "unknown"), ("by", "name"), ("id", "cen-9"), ("text", "forged"),
                ] {
                    event[member] = json!(value);
                }
                if name == "answer" {
                    event["by"] = json!("cloud");
                }
                events.insert(at + 1, event);
            }
        }
        // Who forges an event has the members say the same.
        let mut record: Record = serde_json::from_value(file["records"][of].clone()).unwrap();
        record.settle_members();
        file["records"][of] = serde_json::to_value(&record).unwrap();
        let report = verify(&file.to_string()).unwrap().unwrap();
        let said = said_of(&touched);
        let name = Name::of(&record);
        let told = report.loose.iter().any(|(of, loose)| {
            *of == name && said.is_some_and(|said| loose.to_string().contains(said))
        });
        // What gets no receipt leaves none when it is taken away: that is said of every export.
        let traceless = matches!(change, Change::Remove) && said.is_some() && touched != "look-up";
        prop_assert!(!report.findings.is_empty() || told || traceless, "{:?} of {}", change, touched);
    }
}
