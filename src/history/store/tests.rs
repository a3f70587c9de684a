use super::merge::newer;
use super::*;
use crate::history::record::Outcome;
use serde_json::json;
use std::future::Future;
use std::task::{Context, Poll, Waker};

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
        outcome: Outcome::Unknown,
        doubted: false,
        resource_id: resource_id.map(str::to_string),
        status: None,
        absent: false,
        request_id: None,
        endpoint: "/api".into(),
        simulated: false,
        code: None,
        message: None,
    }
}

#[test]
fn the_newer_version_wins_but_neither_forgets_nor_changes_an_id() {
    let ours = Record {
        id: 5,
        ..record("k", 20, Some("cen-1"))
    };
    assert_eq!(newer(&ours, record("k", 20, Some("cen-2"))), None);
    assert_eq!(newer(&ours, record("k", 30, None)), None);
    assert_eq!(newer(&ours, record("k", 30, Some("cen-2"))), None);
    let other = Record {
        params: json!({ "Name": "other" }),
        ..record("k", 30, Some("cen-1"))
    };
    assert_eq!(newer(&ours, other), None);
    let theirs = newer(&ours, record("k", 30, Some("cen-1"))).unwrap();
    assert_eq!((theirs.id, theirs.updated), (5, 30));
    let lost = record("k", 20, None);
    assert!(newer(&lost, record("k", 30, Some("cen-2"))).is_some());
}

#[test]
fn memory_keeps_one_record_per_intent() {
    let store = Store::nowhere();
    let begin = |record| {
        let known = Known {
            updated: &|_| None,
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
    let done = now(store.merge(&[
        record("a", 9, Some("cen-1")),
        record("b", 0, None),
        record("c", 5, None),
        record("c", 4, None),
    ]))
    .unwrap();
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
    assert_eq!(settled(stored.clone(), answered.clone()), answered);
    // Another tab knows something newer, or the only id.
    let newer = Record {
        id: 5,
        ..record("k", 30, Some("cen-1"))
    };
    assert_eq!(settled(newer.clone(), answered.clone()), newer);
    let lost = record("k", 40, None);
    let kept = settled(answered.clone(), lost);
    assert_eq!((kept.id, kept.resource_id.as_deref()), (5, Some("cen-1")));
    assert_eq!((kept.outcome, kept.updated), (Outcome::Created, 40));
    // The id in the store stays, whatever it was in memory.
    let elsewhere = Record { id: 9, ..answered };
    assert_eq!(settled(stored, elsewhere).id, 5);
}
