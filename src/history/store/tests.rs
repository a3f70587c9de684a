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
    let store = Store::in_memory();
    assert!(!store.is_durable());
    let first = now(store.begin(record("a", 1, None)));
    let second = now(store.begin(record("b", 1, None)));
    assert_ne!(first.id, second.id, "same time, other intent");
    assert_eq!(now(store.begin(record("a", 2, None))).id, first.id);
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
    assert_eq!(now(store.get(first.id)), None);
    assert_eq!(now(store.change(first.id, |stored| stored)), None);
}
