use super::merge::{both, fresh, imported, settled};
use super::*;
use serde_json::json;
use std::collections::HashSet;
use std::future::Future;
use std::task::{Context, Poll, Waker};
use tieline_catalog::answer::{Answer, Created, Item};
use tieline_records::{By, Outcome};

/// Runs what never waits: the store in memory.
fn now<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("the store in memory waits for nothing"),
    }
}

fn record(key: &str, updated: u64, resource_id: Option<&str>) -> Record {
    Record {
        id: 0,
        operation: "CreateCen".into(),
        params: json!({}),
        created: 1_000,
        updated,
        key: key.into(),
        outcome: match resource_id {
            Some(_) => Outcome::Created,
            None => Outcome::Unknown,
        },
        resource_id: resource_id.map(str::to_string),
        endpoint: "/api".into(),
        ..Record::blank()
    }
}

#[test]
fn a_file_adds_what_it_tells_and_neither_forgets_nor_changes_an_id() {
    let ours = Record {
        id: 5,
        ..record("k", 20, Some("cen-1"))
    };
    assert_eq!(imported(&ours, &record("k", 20, Some("cen-1")), 50), None);
    assert_eq!(imported(&ours, &record("k", 30, None), 50), None);
    let both = imported(&ours, &record("k", 30, Some("cen-2")), 50).unwrap();
    assert_eq!((both.id, both.resource_id.as_deref()), (5, Some("cen-1")));
    assert_eq!(both.state().others, ["cen-2"], "an id is never lost");
    assert_eq!(
        imported(&both, &record("k", 30, Some("cen-2")), 60),
        None,
        "known by now"
    );
    let other = Record {
        params: json!({ "Name": "other" }),
        ..record("k", 30, Some("cen-1"))
    };
    assert_eq!(imported(&ours, &other, 50), None);
    let found = imported(&record("k", 20, None), &record("k", 30, Some("cen-2")), 50).unwrap();
    assert_eq!(found.resource_id.as_deref(), Some("cen-2"));
    let new = fresh(&record("k", 30, None), 50);
    assert_eq!((new.events.len(), new.updated), (2, 30));
    assert_eq!(imported(&new, &record("k", 30, None), 60), None);
}

#[test]
fn memory_keeps_one_record_per_intent() {
    let store = Store::nowhere();
    let begin = |record| {
        let known = Known {
            updated: &|_| Some(u64::MAX),
            watched: Vec::new(),
        };
        match now(store.begin(record, known, || true, false)) {
            Begun::Recorded(record) => *record,
            other => panic!("{other:?}"),
        }
    };
    let first = begin(record("a", 1, None));
    let second = begin(record("b", 1, None));
    assert_ne!(first.id, second.id, "same time, other intent");
    assert_eq!(begin(record("a", 2, None)).id, first.id);
    let records = [
        record("a", 9, Some("cen-1")),
        record("b", 1, None),
        record("c", 5, None),
        record("c", 5, None),
    ];
    let done = now(store.merge(&records, &HashSet::new(), 50)).unwrap();
    let met: Vec<Merged> = done.iter().map(|(met, _)| *met).collect();
    assert_eq!(
        met,
        [Merged::Replaced, Merged::Kept, Merged::Added, Merged::Kept]
    );
    assert_eq!(now(store.ids()).unwrap().len(), 3);
    let gone = now(store.delete(first.id)).expect("it is deleted");
    assert_eq!(
        gone.and_then(|gone| gone.resource_id).as_deref(),
        Some("cen-1")
    );
    assert_eq!(now(store.delete(first.id)), Some(None), "nothing was there");
    assert_eq!(now(store.get(first.id)), Some(None));
    assert_eq!(now(store.change(first.id, |stored| stored)), None);
}

/// Two forms ask about the same open request; what the one sends anyway is met by the other.
#[test]
fn without_a_database_what_others_have_recorded_meanwhile_is_met() {
    let store = Store::nowhere();
    let begin = |record, seen: &[(u64, u64)], watched: &[u64]| {
        let updated = |id| seen.iter().find(|(of, _)| *of == id).map(|(_, at)| *at);
        let known = Known {
            updated: &updated,
            watched: watched.to_vec(),
        };
        now(store.begin(record, known, || true, false))
    };
    let id = |begun| match begun {
        Begun::Recorded(record) => record.id,
        other => panic!("{other:?}"),
    };
    let open = id(begin(record("open", 1, None), &[], &[]));
    let seen = [(open, 1)];
    let theirs = id(begin(record("b", 2, None), &seen, &[open]));
    let met = |begun| match begun {
        Begun::Met(news) => Vec::from_iter(news.iter().map(|record| record.id)),
        other => panic!("{other:?}"),
    };
    assert_eq!(met(begin(record("a", 2, None), &seen, &[open])), [theirs]);
    assert_eq!(now(store.ids()).unwrap().len(), 2, "it is not recorded");
    // Nor does it go unseen that the one that was asked about has an answer by now.
    let answered = now(store.change(open, |stored| {
        let stored = stored?;
        Some(Record {
            updated: 9,
            ..stored
        })
    }));
    assert!(answered.is_some());
    let seen = [(open, 1), (theirs, 2)];
    assert_eq!(met(begin(record("a", 2, None), &seen, &[open])), [open]);
    let ours = id(begin(record("a", 2, None), &seen, &[]));
    // An intent that is sent again meets itself, which is nothing.
    let seen = [(open, 9), (theirs, 1), (ours, 2)];
    id(begin(record("b", 3, None), &seen, &[theirs]));
}

#[test]
fn what_was_kept_in_memory_is_written_without_forgetting_an_id() {
    let stored = Record {
        id: 5,
        ..record("k", 20, None)
    };
    // An answer in the same millisecond as its intent is written all the same.
    let answered = Record {
        id: 5,
        outcome: Outcome::Created,
        ..record("k", 20, Some("cen-1"))
    };
    let told = settled(stored.clone(), answered.clone());
    assert_eq!((told.id, told.resource_id.as_deref()), (5, Some("cen-1")));
    // Another tab knows something newer, or the only id.
    let newer = Record {
        id: 5,
        status: Some("Active".into()),
        ..record("k", 30, Some("cen-1"))
    };
    let told = settled(newer, answered.clone());
    assert_eq!((told.status.as_deref(), told.updated), (Some("Active"), 30));
    let lost = record("k", 40, None);
    let kept = settled(answered.clone(), lost);
    assert_eq!((kept.id, kept.resource_id.as_deref()), (5, Some("cen-1")));
    assert_eq!((kept.outcome, kept.updated), (Outcome::Created, 40));
    // The id in the store stays, whatever it was in memory.
    let elsewhere = Record { id: 9, ..answered };
    assert_eq!(settled(stored, elsewhere).id, 5);
}

/// A record whose answer was lost, as it is begun and settled here.
fn lost(store: &Store) -> Record {
    let known = Known {
        updated: &|_| Some(u64::MAX),
        watched: Vec::new(),
    };
    match now(store.begin(record("k", 1, None), known, || true, false)) {
        Begun::Recorded(record) => *record,
        other => panic!("{other:?}"),
    }
}

fn answer(id: &str) -> Answer {
    Answer::Created(Created {
        id: id.into(),
        status: None,
        request_id: None,
        fields: Vec::new(),
    })
}

/// The answer of a request comes between the deletion of its record and the undo of that.
#[test]
fn what_is_brought_back_is_put_beside_what_has_come_since() {
    let store = Store::nowhere();
    let lost = lost(&store);
    let gone = now(store.delete_many(&[lost.id])).expect("it is deleted");
    assert_eq!(gone.len(), 1);
    let came = now(store.change(lost.id, |stored| {
        assert_eq!(stored, None);
        let mut record = lost.clone();
        record.settle(&answer("cen-1"), By::Cloud, false, None, 9);
        Some(record)
    }));
    assert_eq!(came.and_then(|r| r.resource_id).as_deref(), Some("cen-1"));
    let there = now(store.restore_many(&gone)).expect("it is brought back");
    let stored = now(store.get(lost.id)).expect("it can be asked");
    assert_eq!(
        there,
        Vec::from_iter(stored.clone()),
        "told as it is stored"
    );
    let stored = stored.expect("a record");
    assert_eq!(stored.resource_id.as_deref(), Some("cen-1"));
    assert_eq!(stored.outcome, Outcome::Created);
    assert_eq!(now(store.ids()), Some(vec![lost.id]));
}

/// A row shows only the name of what was asked for; what was found by that is no less certain.
#[test]
fn what_is_known_of_a_record_in_part_keeps_the_id_that_it_got() {
    let stored = Record {
        id: 5,
        params: json!({ "Name": "a", "Description": "b" }),
        ..record("k", 20, None)
    };
    let mut kept = Record {
        params: json!({ "Name": "a" }),
        ..stored.clone()
    };
    let item = Item {
        id: "cen-1".into(),
        status: None,
        fields: Vec::new(),
    };
    kept.adopt(&item, false, None, 30);
    let told = settled(stored.clone(), kept);
    assert_eq!(told.resource_id.as_deref(), Some("cen-1"));
    assert_eq!(told.params, stored.params);
}

/// Another tab deletes a record while what has become of it waits here for the database.
#[test]
fn what_waits_brings_back_a_deleted_record_only_if_it_was_said_to() {
    let waiting = |revives: &[bool]| {
        let store = Store::of_browser();
        let mut before = None;
        for (n, revives) in revives.iter().enumerate() {
            let kept = Record {
                id: 5,
                ..record("k", n as u64, None)
            };
            store.keep(&kept, before.as_ref(), *revives);
            before = Some(kept);
        }
        store.deleted_elsewhere(5);
        let waits = !store.memory.borrow().is_empty();
        assert_eq!(store.remembered(5).is_some(), waits);
        waits
    };
    // A status, or a note.
    assert!(!waiting(&[false]));
    assert!(!waiting(&[false, false]));
    // An answer, or what was chosen, whatever else happens to it.
    assert!(waiting(&[true]));
    assert!(waiting(&[true, false]));
    assert!(waiting(&[false, true]));
    // What never had a place in the database yet was not deleted from it.
    let store = Store::of_browser();
    let begun = store.begin_in_memory(record("k", 1, None));
    store.keep(&begun, Some(&begun), false);
    store.deleted_elsewhere(begun.id);
    assert!(store.remembered(begun.id).is_some());
}

/// What waits was taken in hand to be written, and has its turn only after somebody has deleted it.
#[test]
fn what_is_deleted_while_it_waits_for_its_turn_is_written_no_more() {
    let kept = Record {
        id: 5,
        ..record("k", 1, None)
    };
    let waiting = |revives: bool| {
        let store = Store::of_browser();
        store.keep(&kept, None, revives);
        assert!(store.is_due(&kept));
        store
    };
    let store = waiting(false);
    store.deleted_elsewhere(5);
    assert!(!store.is_due(&kept));
    // Whatever comes back after a deletion elsewhere goes with one here.
    let store = waiting(true);
    store.deleted_elsewhere(5);
    assert!(store.is_due(&kept));
    store.forget(5);
    assert!(!store.is_due(&kept));
    // What has changed since is written as it is then.
    let store = waiting(true);
    let newer = Record {
        updated: 2,
        ..kept.clone()
    };
    store.keep(&newer, Some(&kept), true);
    assert!(store.is_due(&newer) && !store.is_due(&kept));
}

#[test]
fn what_a_file_has_is_read_and_never_written() {
    let later = Record {
        created: 2_000,
        ..record("later", 2_500, Some("cen-2"))
    };
    // Two of one intent and one moment are two, and the ids go with time.
    let twice = record("k", 1_500, Some("cen-1"));
    let store = Store::of_file(vec![later, twice.clone(), twice.clone()]);
    let ids = now(store.ids()).unwrap();
    let all = || now(store.range(0, u64::MAX)).unwrap();
    let before = all();
    let keys: Vec<&str> = before.iter().map(|record| record.key.as_str()).collect();
    assert_eq!((ids.len(), keys), (3, vec!["k", "k", "later"]));
    assert!(store.is_of_file() && !store.is_of_browser() && !store.keeps_receipts());
    // Nothing waits to be written anywhere.
    assert!(store.is_settled() && now(store.flush()).is_empty());
    let noted = store.change(ids[0], |stored| {
        let mut record = stored?;
        record.annotate("mine", 3_000).then_some(record)
    });
    assert_eq!(now(noted), None);
    assert_eq!(now(store.delete(ids[0])), None);
    assert_eq!(now(store.delete_many(&ids)), None);
    assert_eq!(now(store.restore_many(&before)), None);
    let new = record("new", 4_000, None);
    assert_eq!(now(store.add_found(std::slice::from_ref(&new))), None);
    let proven = HashSet::new();
    assert_eq!(
        now(store.merge(std::slice::from_ref(&new), &proven, 5_000)),
        None
    );
    let known = Known {
        updated: &|_| None,
        watched: Vec::new(),
    };
    assert_eq!(now(store.begin(new, known, || true, true)), Begun::Refused);
    assert_eq!(all(), before);
}

/// What another tab has stored of an intent is known when it is sent again, although something of it waits here.
#[test]
fn what_waits_hides_nothing_that_is_stored_when_it_is_sent_again() {
    let stored = Record {
        id: 5,
        ..record("k", 30, Some("cen-1"))
    };
    let kept = Record {
        id: 7,
        ..record("k", 20, None)
    };
    let known = both(Some(stored.clone()), Some(kept.clone())).expect("a record");
    assert_eq!((known.id, known.resource_id.as_deref()), (5, Some("cen-1")));
    assert_eq!(both(Some(stored.clone()), None), Some(stored));
    assert_eq!(both(None, Some(kept.clone())), Some(kept));
    assert_eq!(both(None, None), None);
}
