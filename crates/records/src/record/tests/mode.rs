use super::*;

#[test]
fn who_got_the_last_request_is_known_from_what_was_said_since() {
    let mut record = intent();
    assert_eq!(record.was_simulated(), None);
    record.settle(&Answer::Unknown(refusal()), By::Nobody, true, None, 2_000);
    assert_eq!(record.was_simulated(), Some(true));
    record.looked_up(Search::Name, (&Found::Items(Vec::new()), true), None, 3_000);
    assert_eq!(record.was_simulated(), Some(true));
    assert_eq!(without_events(record.clone()).was_simulated(), Some(true));
    // The next may go to somebody else, and is as real as that.
    let mut again = record.resume(intent());
    assert_eq!((again.was_simulated(), again.simulated), (None, false));
    assert_eq!(without_events(again.clone()).was_simulated(), None);
    again.settle(&Answer::Unknown(refusal()), By::Nobody, false, None, 4_000);
    assert_eq!(again.was_simulated(), Some(false));
}

#[test]
fn what_was_for_a_sandbox_went_nowhere_else_also_when_no_answer_came() {
    let for_sandbox = || {
        let raw = intent().raw();
        let parsed = check(find("CreateCen").unwrap(), &raw).parsed;
        Record::intent(&parsed, "key-1", "/api".into(), None, true, 1_000)
    };
    let mut record = for_sandbox();
    assert_eq!(
        (record.was_simulated(), record.simulated),
        (Some(true), true)
    );
    record.looked_up(Search::Name, (&Found::Items(Vec::new()), true), None, 3_000);
    assert_eq!(record.was_simulated(), Some(true));
    // Nobody was reached when it was sent again, which says nothing of who got it before.
    let mut unsent = record.clone().resume(for_sandbox());
    let down = Answer::NotExecuted(refusal());
    unsent.settle(&down, By::Page, false, None, 4_000);
    assert_eq!(unsent.was_simulated(), Some(true));
    // A request to real clouds after it is another's to tell.
    assert_eq!(record.clone().resume(intent()).was_simulated(), None);
    assert_eq!(intent().resume(for_sandbox()).was_simulated(), Some(true));
}

#[test]
fn whose_keys_made_a_resource_is_known_from_the_answer_that_told_of_it() {
    let mut record = intent();
    assert_eq!(record.signer(), None);
    record.settle(&created("cen-1"), By::Cloud, false, Some("first"), 2_000);
    assert_eq!(record.signer().as_deref(), Some("first"));
    record.settle(&Answer::Unknown(refusal()), By::Nobody, false, None, 3_000);
    assert_eq!(record.signer().as_deref(), Some("first"));
    let mut unsaid = intent();
    unsaid.settle(&created("cen-2"), By::Cloud, false, None, 2_000);
    assert_eq!(unsaid.signer(), None);
}

#[test]
fn whose_keys_showed_what_was_adopted_is_known_from_the_look_up_or_the_list() {
    let item = |id: &str| Item {
        id: id.into(),
        status: None,
        fields: Vec::new(),
    };
    let found = Found::Items(Vec::from([item("cen-1"), item("cen-2")]));
    let mut record = intent();
    record.looked_up(Search::Name, (&found, true), Some("first"), 2_000);
    assert_eq!(record.signer(), None, "none of them is its resource yet");
    // What others found since is theirs.
    let others = Found::Items(Vec::from([item("cen-3")]));
    record.looked_up(Search::Name, (&others, true), Some("second"), 2_500);
    record.adopt(&item("cen-2"), false, None, 3_000);
    assert_eq!(record.signer().as_deref(), Some("first"));
    let adopted = record.events.last().unwrap();
    let What::Adopted { signer, .. } = adopted.what() else {
        panic!("{adopted:?}");
    };
    assert_eq!(signer.as_deref(), Some("first"), "also without the look-up");
    // An answer that tells of it tells more.
    record.settle(&created("cen-2"), By::Cloud, false, Some("third"), 4_000);
    assert_eq!(record.signer().as_deref(), Some("third"));

    // A list of the account, for a request or without any.
    let mut listed = intent();
    listed.adopt(&item("cen-1"), false, Some("first"), 3_000);
    assert_eq!(listed.signer().as_deref(), Some("first"));
    let told = check(find("CreateCen").unwrap(), &intent().raw()).parsed;
    let taken = |signer| Record::found(&told, &item("cen-1"), "/api".into(), false, signer, 5_000);
    assert_eq!(taken(Some("first")).signer().as_deref(), Some("first"));
    assert_eq!(taken(None).signer(), None);
}

#[test]
fn a_look_up_that_did_not_come_to_the_end_says_what_it_found_and_counts_for_none() {
    let item = Item {
        id: "cen-1".into(),
        status: None,
        fields: Vec::new(),
    };
    let mut record = intent();
    let found = Found::Items(Vec::from([item.clone()]));
    let late = 1_000 + 2 * crate::fold::VISIBLE_MS;
    record.looked_up(Search::Name, (&found, false), Some("first"), late);
    assert!(!record.is_looked_up());
    record.adopt(&item, false, None, late + 1);
    assert_eq!(record.signer().as_deref(), Some("first"));
}

#[test]
fn a_look_up_and_an_adoption_of_an_earlier_version_stay_what_they_were() {
    let old = [
        json!({ "event": "look-up", "at": 2_000, "n": 1, "by": "name", "found": ["cen-1"] }),
        json!({ "event": "adopted", "at": 3_000, "n": 2, "id": "cen-1", "status": "Active" }),
    ];
    let new = [
        What::LookUp {
            by: Search::Name,
            found: Vec::from(["cen-1".into()]),
            failed: false,
            signer: None,
        },
        What::Adopted {
            id: "cen-1".into(),
            status: Some("Active".into()),
            simulated: false,
            endpoint: None,
            made: None,
            signer: None,
        },
    ];
    let mut record = intent();
    for ((old, new), n) in old.into_iter().zip(new).zip(1..) {
        let event: Event = serde_json::from_value(old.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), old);
        assert_eq!(event.what(), new, "nobody's keys are known");
        let same = Event::new(&new, event.at(), n);
        assert_eq!(same.digest(), event.digest(), "its receipt holds");
        record.events.push(event);
    }
    record.settle_members();
    assert_eq!(
        (record.resource_id.as_deref(), record.signer()),
        (Some("cen-1"), None)
    );
}
