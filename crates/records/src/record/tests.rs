use super::*;
use crate::event::Search;
use proptest::prelude::*;
use serde_json::json;
use tieline_catalog::answer::{Created, Refusal};
use tieline_catalog::check;

fn intent() -> Record {
    let op = find("CreateCen").unwrap();
    let mut raw = Raw::new();
    raw.set("Name", "backbone");
    Record::intent(
        &check(op, &raw).parsed,
        "key-1",
        "/api".to_string(),
        None,
        false,
        1_000,
    )
}

fn created(id: &str) -> Answer {
    Answer::Created(Created {
        id: id.into(),
        status: None,
        request_id: Some("R-1".into()),
        fields: Vec::new(),
    })
}

fn refusal() -> Refusal {
    let text = tieline_catalog::Message::new("en", "zh");
    Refusal {
        code: "InvalidName".into(),
        ..Refusal::without_response(text.clone(), text)
    }
}

fn settle(record: &mut Record, answer: &Answer, now: u64) {
    record.settle(answer, By::Cloud, false, None, now);
}

fn found(status: &str) -> Found {
    Found::Items(Vec::from([Item {
        id: "cen-1".into(),
        status: Some(status.into()),
        fields: Vec::new(),
    }]))
}

/// A record as an earlier version wrote it.
fn without_events(mut record: Record) -> Record {
    record.events.clear();
    record
}

#[test]
fn an_intent_holds_nothing_private() {
    let mut seen = 0;
    for op in tieline_catalog::creations() {
        let mut raw = Raw::example(op);
        for param in op.params {
            if param.privacy != tieline_catalog::Privacy::Public {
                raw.set(param.name, "11010519491231002X");
                seen += 1;
            }
        }
        let parsed = check(op, &raw).parsed;
        let record = Record::intent(&parsed, "k", "/api".into(), None, false, 1);
        let json = serde_json::to_string(&record).unwrap();
        assert!(!json.contains("11010519491231002X"), "{json}");
    }
    assert!(seen > 0, "the catalog has private parameters");
}

#[test]
fn an_answer_settles_an_intent_and_an_id_is_never_lost() {
    let mut record = intent();
    assert_eq!(record.outcome, Outcome::Pending);
    assert_eq!(record.name(), Some("backbone"));
    settle(&mut record, &Answer::Unknown(refusal()), 2_000);
    assert_eq!(record.outcome, Outcome::Unknown);
    assert_eq!(record.code.as_deref(), Some("InvalidName"));
    // The same intent is sent again under its key.
    let mut record = record.resume(intent());
    assert_eq!(record.outcome, Outcome::Pending);
    settle(&mut record, &created("cen-1"), 3_000);
    assert_eq!(record.outcome, Outcome::Created);
    assert_eq!(record.resource_id.as_deref(), Some("cen-1"));
    assert_eq!((record.code.as_deref(), record.updated), (None, 3_000));
    let mut record = record.resume(intent());
    settle(&mut record, &Answer::NotExecuted(refusal()), 4_000);
    assert_eq!(record.outcome, Outcome::Created);
    assert_eq!(record.resource_id.as_deref(), Some("cen-1"));
    // Nor when another resource came of a repetition.
    let mut record = record.resume(intent());
    settle(&mut record, &created("cen-2"), 5_000);
    assert_eq!(record.resource_id.as_deref(), Some("cen-1"));
    assert_eq!(record.state().others, ["cen-2"]);
}

#[test]
fn what_may_have_been_created_stays_in_doubt_whatever_a_repetition_meets() {
    for lost in [Answer::Unknown(refusal()), Answer::NotExecuted(refusal())] {
        for after in [
            Answer::NotExecuted(refusal()),
            Answer::Rejected(refusal()),
            Answer::Unknown(refusal()),
        ] {
            for legacy in [false, true] {
                let mut record = intent();
                let doubt = matches!(lost, Answer::Unknown(_));
                settle(&mut record, &lost, 2_000);
                if legacy {
                    record = without_events(record);
                }
                let mut again = record.resume(intent());
                assert_eq!(again.doubted, doubt, "{lost:?}");
                settle(&mut again, &after, 3_000);
                let mut alone = intent();
                settle(&mut alone, &after, 3_000);
                let expected = if doubt {
                    Outcome::Unknown
                } else {
                    alone.outcome
                };
                assert_eq!(again.outcome, expected, "{lost:?}, {after:?}");
                // Nor does a third request forget it.
                let mut third = again.resume(intent());
                settle(&mut third, &Answer::Rejected(refusal()), 4_000);
                let open = doubt || expected == Outcome::Unknown;
                assert_eq!(third.outcome == Outcome::Unknown, open);
                assert_eq!(third.verdict(false) == Verdict::Unknown, open);
                let mut found = third.resume(intent());
                settle(&mut found, &created("cen-1"), 5_000);
                assert!(!found.doubted && found.outcome == Outcome::Created);
            }
        }
    }
    // A tab that was closed in the meantime leaves a pending record, which may be anything.
    assert!(intent().resume(intent()).doubted);
}

#[test]
fn reads_change_the_status_until_it_is_settled() {
    let mut record = intent();
    settle(&mut record, &created("cen-1"), 2_000);
    assert!(record.unsettled(), "no status yet");
    assert_eq!(record.verdict(false), Verdict::Creating);
    assert!(record.observe(&found("Creating"), 3_000));
    assert!(record.unsettled());
    assert!(!record.observe(&found("Creating"), 4_000), "nothing new");
    assert_eq!(record.updated, 3_000);
    assert!(!record.observe(&Found::Refused(refusal()), 5_000));
    assert!(record.observe(&found("Active"), 6_000));
    assert!(!record.unsettled());
    assert_eq!(record.verdict(false), Verdict::Active);
    assert!(record.observe(&Found::Items(Vec::new()), 7_000));
    assert!(record.absent);
    assert_eq!(record.status.as_deref(), Some("Active"), "as last reported");
    assert_eq!(record.verdict(false), Verdict::Gone);
}

#[test]
fn a_resource_that_no_read_has_found_yet_is_not_gone() {
    let mut record = intent();
    settle(&mut record, &created("cen-1"), 2_000);
    record.observe(&Found::Items(Vec::new()), 3_000);
    assert_eq!(record.verdict(false), Verdict::Creating, "not visible yet");
    assert!(record.unsettled(), "it is asked for again");
    record.observe(&found("Active"), 4_000);
    assert_eq!(record.verdict(false), Verdict::Active);
    // One that is never found, long after, is not there.
    let mut record = intent();
    settle(&mut record, &created("cen-1"), 2_000);
    assert!(record.observe(&Found::Items(Vec::new()), 3_000));
    assert!(
        !record.observe(&Found::Items(Vec::new()), 4_000),
        "nothing new"
    );
    assert!(record.observe(&Found::Items(Vec::new()), 2_000 + crate::fold::VISIBLE_MS));
    assert_eq!(record.verdict(false), Verdict::Gone);
    assert!(!record.unsettled(), "nobody asks any more");
}

#[test]
fn names_are_found_one_level_down_and_odd_parameters_give_an_empty_form() {
    let mut record = intent();
    record.params = json!({ "domain_id": "d", "cloud_connection": { "name": "cc" } });
    assert_eq!(record.name(), Some("cc"));
    assert!(record.raw().leaves().is_empty(), "not CreateCen's");
    record.operation = "Retired".into();
    assert!(record.raw().leaves().is_empty());
    assert!(!record.unsettled());
}

#[test]
fn ids_follow_time_and_are_exact_in_javascript() {
    assert!(first_id(1_000, u32::MAX) < first_id(1_001, 0));
    assert!(first_id(8_796_093_022_207, u32::MAX) < 1 << 53);
}

#[test]
fn a_record_without_events_is_what_its_members_say() {
    let stored = json!({
        "id": 7, "operation": "CreateCen", "params": { "Name": "a" }, "created": 1_000,
        "updated": 2_000, "key": "k", "outcome": "created", "resource_id": "cen-1",
        "status": "Active", "absent": true, "endpoint": "/api",
    });
    let mut record: Record = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(record.verdict(false), Verdict::Gone);
    assert_eq!(
        serde_json::to_value(&record).unwrap(),
        stored,
        "written as it was"
    );
    record.observe(&found("Active"), 3_000);
    assert_eq!(record.verdict(false), Verdict::Active);
    assert_eq!(
        record.events.len(),
        2,
        "what was known before, and the report"
    );
    for (outcome, verdict) in [
        (Outcome::Pending, Verdict::Unknown),
        (Outcome::Unknown, Verdict::Unknown),
        (Outcome::Rejected, Verdict::NotCreated),
        (Outcome::NotExecuted, Verdict::NotCreated),
    ] {
        let record = Record {
            outcome,
            ..without_events(intent())
        };
        assert_eq!(record.verdict(false), verdict);
    }
    assert_eq!(without_events(intent()).verdict(true), Verdict::Creating);
}

#[test]
fn what_a_newer_version_has_written_survives() {
    let mut record = intent();
    record
        .rest
        .insert("colour".into(), json!({ "deep": [1, null] }));
    let mut json = serde_json::to_value(&record).unwrap();
    json["events"].as_array_mut().unwrap().push(json!({
        "at": 1_500, "n": 1, "event": "weighed", "grams": 12
    }));
    json["events"][0]["weather"] = json!("fine");
    let mut read: Record = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
    settle(&mut read, &created("cen-1"), 2_000);
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(written["events"][0]["weather"], "fine");
    assert_eq!(written["events"][1]["grams"], 12);
    assert_eq!(written["events"][2]["n"], 2);
    assert_eq!(written["colour"]["deep"], json!([1, null]));
}

#[test]
fn what_came_from_a_file_is_followed_by_nobody_until_it_is_sent_here() {
    let mut record = intent();
    settle(&mut record, &created("cen-1"), 2_000);
    assert!(!record.is_from_file());
    let mut again = record.clone();
    again.append(&What::Imported { new: false }, 3_000);
    assert!(!again.is_from_file(), "it was here before");
    record.append(&What::Imported { new: true }, 3_000);
    assert!(record.is_from_file() && record.unsettled());
    assert!(!record.resume(intent()).is_from_file());
}

#[test]
fn an_old_export_of_a_record_tells_nothing_new() {
    let mut record = intent();
    let at_first = without_events(record.clone());
    settle(&mut record, &created("cen-1"), 2_000);
    record.observe(&found("Active"), 3_000);
    for old in [at_first, without_events(record.clone())] {
        assert_eq!(record.merged(&old).unwrap().events, record.events);
    }
    let other = Record {
        params: json!({ "Name": "other" }),
        ..record.clone()
    };
    assert_eq!(record.merged(&other), None);
}

#[test]
fn a_note_takes_the_place_of_the_one_before_and_changes_nothing_else() {
    let mut record = intent();
    settle(&mut record, &created("cen-1"), 2_000);
    let before = record.clone();
    assert!(!record.annotate("", 2_500), "there is none");
    assert!(record.annotate("for Berlin", 3_000));
    assert!(!record.annotate("for Berlin", 3_500));
    assert_eq!(record.state().note.as_deref(), Some("for Berlin"));
    let theirs = record.clone();
    // A clock that goes back makes no note older than the one before.
    assert!(record.annotate("for Bonn", 1_000));
    let json = serde_json::to_string(&record).unwrap();
    assert!(
        json.contains("for Bonn") && !json.contains("Berlin"),
        "{json}"
    );
    for merged in [record.merged(&theirs), theirs.merged(&record)] {
        assert_eq!(merged.unwrap().state().note.as_deref(), Some("for Bonn"));
    }
    assert!(record.annotate("", 4_000));
    assert_eq!(
        record.merged(&theirs).unwrap().state().note,
        None,
        "it is gone"
    );
    for with in [&record, &theirs] {
        let mut state = with.state();
        state.note = None;
        assert_eq!(state, before.state());
        assert!(with
            .events
            .iter()
            .all(|e| e.what().matters() == before.events.contains(e)));
    }
}

/// Any event, with few ids and times, so that they meet.
fn any_event() -> impl Strategy<Value = (What, u64)> {
    let id = || prop_oneof![Just("cen-1"), Just("cen-2"), Just("cen-3")].prop_map(str::to_string);
    let outcome = prop_oneof![
        Just(Outcome::Pending),
        Just(Outcome::Created),
        Just(Outcome::Rejected),
        Just(Outcome::NotExecuted),
        Just(Outcome::Unknown),
    ];
    let status = || {
        proptest::option::of(prop_oneof![Just("Creating"), Just("Active")].prop_map(str::to_string))
    };
    let by = prop_oneof![Just(By::Cloud), Just(By::Proxy), Just(By::Nobody)];
    let what = prop_oneof![
        3 => Just(What::Attempt { endpoint: "/api".into(), profile: None, token: None, simulated: false }),
        3 => (by, outcome.clone(), proptest::option::of(id()), status()).prop_map(|(by, outcome, id, status)| What::Answer { signer: None,
            by, outcome, simulated: false, id, status, code: None, message: None, request_id: None,
        }),
        1 => Just(What::LookUp { by: Search::Name, found: Vec::new(), failed: false, signer: None }),
        1 => (id(), status()).prop_map(|(id, status)| What::Adopted { id, status, simulated: false, endpoint: None, made: None, signer: None }),
        1 => (id(), status()).prop_map(|(id, status)| What::Adopted {
            id, status, simulated: false, endpoint: Some("/api".into()), made: Some(7), signer: None,
        }),
        2 => (id(), status(), any::<bool>()).prop_map(|(id, status, absent)| What::Status { id, status, absent }),
        1 => any::<bool>().prop_map(|new| What::Imported { new }),
        1 => Just(What::Note { text: "n".into() }),
        1 => (outcome, any::<bool>(), proptest::option::of(id()), any::<bool>()).prop_map(|(outcome, doubted, id, absent)| What::Before(Before {
            outcome, doubted, id, status: None, absent, request_id: None, endpoint: "/api".into(),
            simulated: false, code: None, message: None,
        })),
        1 => Just(What::Other),
    ];
    (what, 0u64..600_000)
}

fn any_record() -> impl Strategy<Value = Record> {
    let events = proptest::collection::vec(any_event(), 0..12);
    (events, any::<bool>()).prop_map(|(events, legacy)| {
        let mut record = intent();
        for (what, at) in events {
            record.append(&what, at);
        }
        match legacy {
            true => without_events(record),
            false => record,
        }
    })
}

/// Every id that an event names as one that this intent made.
fn ids(record: &Record) -> Vec<String> {
    let told = record
        .timeline()
        .iter()
        .filter_map(|event| match event.what() {
            What::Answer { id, .. } => id,
            What::Adopted { id, .. } => Some(id),
            What::Before(before) => before.id,
            _ => None,
        })
        .collect::<Vec<_>>();
    told
}

proptest! {
    #[test]
    fn any_sequence_of_events_gives_a_verdict_that_its_members_bear_out_and_loses_no_event_and_no_id(
        events in proptest::collection::vec(any_event(), 0..20), awaited in any::<bool>(),
    ) {
        let mut record = intent();
        let mut names = vec!["attempt".to_string()];
        let mut doubt = false;
        for (what, at) in events {
            let before = record.clone();
            record.append(&what, at);
            names.push(Event::new(&what, 0, 0).name().to_string());
            prop_assert_eq!(&record.events[..before.events.len()], &before.events[..], "appended at the end");
            prop_assert!(record.events.is_sorted_by(|a, b| order(a, b).is_le()));
            prop_assert!(record.updated >= before.updated);
            let state = record.state();
            // An id that was known is known.
            for id in ids(&record) {
                prop_assert!(state.id.as_ref() == Some(&id) || state.others.contains(&id), "{}", id);
            }
            // Doubt ends with the resource only.
            doubt = (doubt || before.doubted) && state.id.is_none();
            prop_assert!(!doubt || record.verdict(false) == Verdict::Unknown);
            let verdict = record.verdict(awaited);
            // It is never said to be there and gone at once, nor made and not made.
            match verdict {
                Verdict::Active => prop_assert!(!record.absent && record.resource_id.is_some()),
                Verdict::Gone => prop_assert!(record.absent && record.resource_id.is_some()),
                Verdict::NotCreated => prop_assert!(record.resource_id.is_none() && !record.doubted),
                Verdict::Unknown => prop_assert!(record.resource_id.is_none()),
                Verdict::Creating => prop_assert!(record.resource_id.is_some() || awaited),
            }
        }
        let kept: Vec<&str> = record.events.iter().map(Event::name).collect();
        prop_assert_eq!(kept, names);
        let json = serde_json::to_string(&record).unwrap();
        prop_assert_eq!(serde_json::from_str::<Record>(&json).unwrap(), record);
    }

    #[test]
    fn two_versions_make_one_whichever_comes_first(a in any_record(), b in any_record(), c in any_record()) {
        let merged = |a: &Record, b: &Record| a.merged(b).unwrap();
        let ab = merged(&a, &b);
        prop_assert_eq!(&ab, &merged(&b, &a));
        prop_assert_eq!(&merged(&ab, &b), &ab);
        prop_assert_eq!(&merged(&ab, &ab), &ab);
        prop_assert_eq!(merged(&ab, &c), merged(&a, &merged(&b, &c)));
        // Every event of both is in it, but for what members say whose events are known, and notes that were
        // written over.
        let notes: Vec<&Event> = ab.events.iter().filter(|event| event.name() == "note").collect();
        prop_assert!(notes.len() <= 1);
        for event in a.events.iter().chain(&b.events) {
            let told = matches!(event.what(), What::Before(_));
            let over = event.name() == "note" && order(event, notes[0]).is_le();
            prop_assert!(told || over || ab.events.contains(event));
        }
        let state = ab.state();
        for id in ids(&a).into_iter().chain(ids(&b)) {
            prop_assert!(state.id.as_ref() == Some(&id) || state.others.contains(&id));
        }
    }
}

#[test]
fn that_it_came_from_a_file_changes_no_member() {
    let mut record = intent();
    settle(&mut record, &created("cen-1"), 2_000);
    record.append(&What::Imported { new: true }, 3_000);
    let mut settled = record.clone();
    settled.settle_members();
    assert_eq!(record, settled);
}

mod adopted;
mod mode;
