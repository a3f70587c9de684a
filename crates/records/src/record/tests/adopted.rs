//! What was found in an account and taken over.

use super::*;

#[test]
fn what_was_found_is_there_and_was_never_sent_from_here() {
    let op = tieline_catalog::find("CreateCen").unwrap();
    let mut told = tieline_catalog::Raw::new();
    told.set("Name", "theirs");
    let told = tieline_catalog::check(op, &told).parsed;
    let item = Item {
        id: "cen-theirs".into(),
        status: Some("Active".into()),
        fields: vec![("CreationTime", "1970-01-01T00:01:00Z".into())],
    };
    let mut record = Record::found(&told, &item, "/api".into(), true, None, 90_000);
    assert_eq!(
        (record.outcome, record.verdict(false)),
        (Outcome::Created, Verdict::Active)
    );
    assert_eq!(
        (record.endpoint.as_str(), record.name()),
        ("/api", Some("theirs"))
    );
    assert!(record.is_found() && record.simulated && !record.unsettled());
    let What::Adopted { made, .. } = record.events[0].what() else {
        panic!("{:?}", record.events);
    };
    assert_eq!(made, Some(60_000));
    // Whoever takes it over twice has one record of it.
    let again = Record::found(&told, &item, "/api".into(), true, None, 95_000);
    assert_eq!(record.intent_key(), again.intent_key());
    // A read has seen it: that it is missing is news at once.
    record.observe(&Found::Items(Vec::new()), 91_000);
    assert_eq!(record.verdict(false), Verdict::Gone);
    assert!(!intent().is_found());
}

#[test]
fn a_resource_found_by_name_is_taken_over() {
    let mut record = intent();
    settle(&mut record, &Answer::Unknown(refusal()), 2_000);
    assert!(!record.is_looked_up());
    record.looked_up(
        Search::Name,
        (&Found::Refused(refusal()), true),
        None,
        2_400,
    );
    assert!(!record.is_looked_up(), "nothing was learnt");
    record.looked_up(Search::Name, (&found("Active"), true), None, 2_500);
    assert!(!record.is_looked_up(), "too soon to count");
    assert_eq!(
        record.verdict(false),
        Verdict::Unknown,
        "nobody has chosen yet"
    );
    let Found::Items(items) = found("Active") else {
        unreachable!("the helper makes items")
    };
    let mut chosen = record.clone();
    chosen.adopt(&items[0], true, None, 3_000);
    assert_eq!(chosen.outcome, Outcome::Created);
    assert!(chosen.simulated);
    assert_eq!(chosen.status.as_deref(), Some("Active"));
    assert_eq!(chosen.message, None);
    assert_eq!(chosen.verdict(false), Verdict::Active);
    // What the cloud answers stands above what somebody chose.
    let mut answered = chosen.resume(intent());
    settle(&mut answered, &created("cen-9"), 4_000);
    assert_eq!(answered.resource_id.as_deref(), Some("cen-9"));
    assert_eq!(answered.state().others, ["cen-1"]);
    assert!(
        !record.resume(intent()).is_looked_up(),
        "before the last request"
    );
}
