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
    let mut record = Record::found(&told, &item, "/api".into(), true, 90_000);
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
    let again = Record::found(&told, &item, "/api".into(), true, 95_000);
    assert_eq!(record.intent_key(), again.intent_key());
    // A read has seen it: that it is missing is news at once.
    record.observe(&Found::Items(Vec::new()), 91_000);
    assert_eq!(record.verdict(false), Verdict::Gone);
    assert!(!intent().is_found());
}
