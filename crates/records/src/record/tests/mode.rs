use super::*;

#[test]
fn who_got_the_last_request_is_known_from_what_was_said_since() {
    let mut record = intent();
    assert_eq!(record.was_simulated(), None);
    record.settle(&Answer::Unknown(refusal()), By::Nobody, true, 2_000);
    assert_eq!(record.was_simulated(), Some(true));
    record.looked_up(Search::Name, &Found::Items(Vec::new()), 3_000);
    assert_eq!(record.was_simulated(), Some(true));
    assert_eq!(without_events(record.clone()).was_simulated(), Some(true));
    // The next may go to somebody else, whatever the members say.
    let mut again = record.resume(intent());
    assert_eq!((again.was_simulated(), again.simulated), (None, true));
    assert_eq!(without_events(again.clone()).was_simulated(), None);
    again.settle(&Answer::Unknown(refusal()), By::Nobody, false, 4_000);
    assert_eq!(again.was_simulated(), Some(false));
}
