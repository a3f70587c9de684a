use super::merge::{fresh, imported};
use super::*;
use serde_json::json;
use std::collections::HashSet;
use std::future::Future;
use std::task::{Context, Poll, Waker};
use tieline_records::Outcome;

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
    assert!(now(store.delete(first.id)));
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
