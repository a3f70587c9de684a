use super::*;

#[test]
fn who_got_the_last_request_is_known_from_what_was_said_since() {
    let mut record = intent();
    assert_eq!(record.was_simulated(), None);
    record.settle(&Answer::Unknown(refusal()), By::Nobody, true, None, 2_000);
    assert_eq!(record.was_simulated(), Some(true));
    record.looked_up(Search::Name, &Found::Items(Vec::new()), 3_000);
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
    record.looked_up(Search::Name, &Found::Items(Vec::new()), 3_000);
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
