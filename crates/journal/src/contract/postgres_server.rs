//! The promises of the store in a PostgreSQL server.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use super::cluster::Cluster;
use super::fixtures::{answer, fresh, key, options, shown, LEASE, RETENTION};
use crate::clock::millis;
use crate::*;

fn server(url: String, replicas: u32) -> PostgresServer {
    PostgresServer {
        url: url.into(),
        replicas,
        trusted: false,
    }
}

/// The address of whichever of two servers takes writes.
fn either(first: &Cluster, second: &Cluster) -> String {
    let (one, other) = (first.port, second.port);
    format!("postgres://tieline@127.0.0.1:{one},127.0.0.1:{other}/postgres?target_session_attrs=read-write")
}

/// An answer under the key "done", and a lease of the key "open".
async fn two(journal: &Journal) -> (Intent, Intent, Lease) {
    let done = journal.intent(&key("done"), &json!({}), None);
    let lease = fresh(journal.begin(&done).await.unwrap());
    let made = Outcome::Created(answer(200));
    journal.finish(&lease, made).await.unwrap();
    let open = journal.intent(&key("open"), &json!({}), None);
    let lease = fresh(journal.begin(&open).await.unwrap());
    (done, open, lease)
}

/// Begins as soon as a server is there again.
async fn begin(journal: &Journal, intent: &Intent) -> Result<Begin, Error> {
    loop {
        match journal.begin(intent).await {
            Err(Error::Postgres(..)) => tokio::time::sleep(Duration::from_millis(50)).await,
            begun => return begun,
        }
    }
}

#[tokio::test]
async fn postgres_keeps_what_it_acknowledged_through_a_crash() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let at = server(cluster.url("postgres"), 0);
    let secret = Secret::random().unwrap();
    let opening = Options {
        create: false,
        ..options("a")
    };
    let none = Journal::postgres(&at, secret.clone(), opening.clone()).await;
    assert!(matches!(none, Err(Error::Absent(_))), "{none:?}");
    // Two that start at once make the tables once.
    let connect = || Journal::postgres(&at, secret.clone(), options("a"));
    let (journal, second) = tokio::join!(connect(), connect());
    let (journal, second) = (journal.unwrap(), second.unwrap());
    let identity = journal.identity().unwrap().0.to_string();
    let begun = [&journal, &second].map(|journal| journal.identity().unwrap());
    assert_eq!(begun[0].0, begun[1].0);
    assert_ne!(begun[0].1, begun[1].1, "one has begun it");
    let other = Journal::postgres(&at, Secret::random().unwrap(), options("a")).await;
    assert!(matches!(other, Err(Error::OtherSecret)), "{other:?}");
    let (done, open, _lease) = two(&journal).await;
    cluster.kill();
    let gone = journal.begin(&open).await;
    assert!(matches!(gone, Err(Error::Postgres(..))), "{gone:?}");
    cluster.restart();
    assert_eq!(shown(&begin(&journal, &open).await.unwrap()), "in flight a");
    assert_eq!(shown(&begin(&journal, &done).await.unwrap()), "replay 200");
    let named = Options {
        identity: Some(identity),
        ..opening
    };
    let journal = Journal::postgres(&at, secret, named).await.unwrap();
    assert_eq!(shown(&journal.begin(&done).await.unwrap()), "replay 200");
    journal.0.ahead.store(millis(LEASE), Ordering::Relaxed);
    assert_eq!(shown(&journal.begin(&open).await.unwrap()), "unknown false");
    journal
        .0
        .ahead
        .store(millis(RETENTION) * 2, Ordering::Relaxed);
    assert_eq!(shown(&journal.begin(&done).await.unwrap()), "fresh");
}

#[tokio::test]
async fn postgres_must_be_durable_at_the_start_and_as_it_goes_on() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let at = server(cluster.url("postgres"), 0);
    let secret = Secret::random().unwrap();
    let running = Journal::postgres(&at, secret.clone(), options("a"))
        .await
        .unwrap();
    for (name, bad) in [
        ("synchronous_commit", "off"),
        ("synchronous_commit", "local"),
        ("full_page_writes", "off"),
        ("fsync", "off"),
    ] {
        cluster.set(name, bad);
        let error = Journal::postgres(&at, secret.clone(), options("a")).await;
        let error = error.unwrap_err().to_string();
        assert!(error.contains(&format!("{name} on")), "{error}");
        let intent = running.intent(&key(&format!("{name} {bad}")), &json!({}), None);
        // The session that is there hears of it a little later.
        let started = std::time::Instant::now();
        let error = loop {
            match running.begin(&intent).await {
                Err(error) => break error.to_string(),
                Ok(Begin::Fresh(lease)) => {
                    running.finish(&lease, Outcome::NotExecuted).await.unwrap();
                }
                Ok(other) => panic!("{other:?}"),
            }
            assert!(started.elapsed() < Duration::from_secs(10));
        };
        assert!(error.contains(&format!("{name} on")), "{error}");
        let trusted = PostgresServer {
            trusted: true,
            ..at.clone()
        };
        Journal::postgres(&trusted, secret.clone(), options("a"))
            .await
            .unwrap();
        cluster.set(name, "on");
        assert!(matches!(
            begun_at_last(&running, &intent).await,
            Begin::Fresh(_)
        ));
    }
    let copied = server(cluster.url("postgres"), 1);
    let error = connect_error(&copied, &secret).await;
    assert!(error.contains("synchronous_standby_names"), "{error}");
}

async fn connect_error(at: &PostgresServer, secret: &Secret) -> String {
    let journal = Journal::postgres(at, secret.clone(), options("a")).await;
    journal.unwrap_err().to_string()
}

/// Begins as soon as a change of the settings has come through.
async fn begun_at_last(journal: &Journal, intent: &Intent) -> Begin {
    loop {
        match journal.begin(intent).await {
            Ok(begun) => return begun,
            Err(error) => assert!(matches!(error, Error::NotDurable(..)), "{error:?}"),
        }
    }
}

/// With a synchronous standby a failover loses nothing.
#[tokio::test]
async fn a_failover_to_a_synchronous_standby_loses_nothing() {
    let Some(first) = Cluster::start() else {
        return;
    };
    let second = first.standby("second");
    first.set("synchronous_standby_names", "ANY 1 (second)");
    let at = server(either(&first, &second), 1);
    let journal = Journal::postgres(&at, Secret::random().unwrap(), options("a"))
        .await
        .unwrap();
    let (done, open, lease) = two(&journal).await;
    first.kill();
    second.promote();
    // The new server has no standby yet: what waits for one would wait without end.
    let error = begin(&journal, &open).await.unwrap_err();
    assert!(matches!(error, Error::NotDurable(..)), "{error:?}");
    let _third = second.standby("third");
    second.set("synchronous_standby_names", "ANY 1 (third)");
    assert_eq!(shown(&begun_at_last(&journal, &open).await), "in flight a");
    assert_eq!(shown(&begin(&journal, &done).await.unwrap()), "replay 200");
    let made = Outcome::Created(answer(200));
    assert_eq!(journal.finish(&lease, made).await.unwrap(), Settled::Final);
    assert_eq!(shown(&begin(&journal, &open).await.unwrap()), "replay 200");
}

/// A standby that was behind, another journal, and a server without one.
#[tokio::test]
async fn a_failover_to_a_server_that_lacks_something_lets_nothing_be_sent() {
    for lacks in ["entries", "identity", "tables"] {
        let Some(first) = Cluster::start() else {
            return;
        };
        let secret = Secret::random().unwrap();
        let at = server(first.url("postgres"), 0);
        drop(
            Journal::postgres(&at, secret.clone(), options("a"))
                .await
                .unwrap(),
        );
        let second = match lacks {
            "entries" => first.standby("second"),
            _ => Cluster::start().unwrap(),
        };
        if lacks == "identity" {
            let at = server(second.url("postgres"), 0);
            drop(
                Journal::postgres(&at, secret.clone(), options("a"))
                    .await
                    .unwrap(),
            );
        }
        let at = server(either(&first, &second), 0);
        let journal = Journal::postgres(&at, secret.clone(), options("a"))
            .await
            .unwrap();
        if lacks == "entries" {
            second.sql("ALTER SYSTEM SET primary_conninfo = ''; SELECT pg_reload_conf()");
            while second.sql("SELECT count(*) FROM pg_stat_wal_receiver") != "0" {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        let (done, open, lease) = two(&journal).await;
        first.kill();
        if lacks == "entries" {
            second.promote();
        }
        let is_told = |error: &Error| match lacks {
            "entries" => matches!(error, Error::Behind(_)),
            _ => matches!(error, Error::Replaced(..)),
        };
        for intent in [&done, &open] {
            let error = begin(&journal, intent).await.unwrap_err();
            assert!(is_told(&error), "{lacks}: {error:?}");
        }
        let error = journal.finish(&lease, Outcome::Created(answer(200))).await;
        assert!(is_told(&error.unwrap_err()));
        assert!(is_told(&journal.unknown().await.unwrap_err()));
    }
}

#[tokio::test]
async fn a_commit_that_no_standby_has_lets_nothing_be_sent_and_answers_go_on() {
    let Some(first) = Cluster::start() else {
        return;
    };
    let second = first.standby("second");
    first.set("synchronous_standby_names", "second");
    let at = server(first.url("postgres"), 1);
    let secret = Secret::random().unwrap();
    let journal = Journal::postgres(&at, secret.clone(), options("a"))
        .await
        .unwrap();
    let (done, _, _lease) = two(&journal).await;
    second.kill();
    let intent = |name: &str| journal.intent(&key(name), &json!({}), None);
    // Somebody ends the wait: the server says that all is well, and that is not enough.
    let waiting = tokio::spawn({
        let (journal, intent) = (journal.clone(), intent("cancelled"));
        async move { journal.begin(&intent).await }
    });
    let cancel =
        "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    while first.sql(cancel) == "0" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let error = waiting.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::NotWaited), "{error:?}");
    // Nobody does: the time limit ends it.
    let error = journal.begin(&intent("new")).await.unwrap_err();
    assert!(matches!(error, Error::Postgres("writing", ..)), "{error:?}");
    assert_eq!(shown(&journal.begin(&done).await.unwrap()), "replay 200");
}

/// As when the disk is full, or the address leads to a standby.
#[tokio::test]
async fn a_postgres_server_that_takes_no_writes_gives_the_answers_that_it_has() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let at = server(cluster.url("postgres"), 0);
    let journal = Journal::postgres(&at, Secret::random().unwrap(), options("a"))
        .await
        .unwrap();
    let (done, open, lease) = two(&journal).await;
    let lost = journal.intent(&key("lost"), &json!({}), Some("t"));
    let sent = fresh(journal.begin(&lost).await.unwrap());
    journal.finish(&sent, Outcome::Unknown).await.unwrap();
    cluster.set("default_transaction_read_only", "on");
    let new = journal.intent(&key("new"), &json!({}), None);
    let error = loop {
        match journal.begin(&new).await {
            Ok(Begin::Fresh(lease)) => {
                let freed = journal.finish(&lease, Outcome::NotExecuted).await;
                drop(freed);
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("takes writes"), "{error}");
    assert_eq!(shown(&journal.begin(&done).await.unwrap()), "replay 200");
    let other = journal.intent(&key("done"), &json!({"b": 1}), None);
    assert_eq!(shown(&journal.begin(&other).await.unwrap()), "conflict");
    // What may have been executed is known as such, and nothing is sent again.
    for (intent, expected) in [(&open, "in flight a"), (&lost, "unknown true")] {
        assert_eq!(shown(&journal.begin(intent).await.unwrap()), expected);
    }
    journal.retry_with_token(&lost).await.unwrap_err();
    cluster.set("default_transaction_read_only", "off");
    let settled = loop {
        match journal.finish(&lease, Outcome::Created(answer(200))).await {
            Ok(settled) => break settled,
            Err(error) => assert!(matches!(error, Error::Postgres(..)), "{error:?}"),
        }
    };
    assert_eq!(settled, Settled::Final);
}

/// The journal's clock follows the server's only as far as that does not jump.
#[tokio::test]
async fn a_postgres_server_whose_clock_jumps_forgets_no_answer() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let at = server(cluster.url("postgres"), 0);
    let secret = Secret::random().unwrap();
    let long = Options {
        retention: Duration::from_secs(3 * 24 * 60 * 60),
        ..options("a")
    };
    let a = Journal::postgres(&at, secret.clone(), long).await.unwrap();
    let b = Journal::postgres(&at, secret, options("b")).await.unwrap();
    let (done, _, _lease) = two(&a).await;
    for days in [31, -31, 4000, -4000] {
        // As if the server's clock had shown another time at the last write.
        let ahead = days * DAY;
        cluster.sql(&format!("UPDATE tieline_journal SET wall = wall - {ahead}"));
        let held = b.intent(&key(&days.to_string()), &json!({}), None);
        drop(fresh(b.begin(&held).await.unwrap()));
        for journal in [&a, &b] {
            assert_eq!(shown(&journal.begin(&held).await.unwrap()), "in flight b");
            assert_eq!(shown(&journal.begin(&done).await.unwrap()), "replay 200");
        }
    }
    // A lease that nobody ends does end, also after the clock was set back and nothing is written.
    let wall: i64 = cluster
        .sql("SELECT wall FROM tieline_journal")
        .parse()
        .unwrap();
    let back = "UPDATE tieline_journal SET wall = wall + 999999999";
    cluster.sql(back);
    let held = b.intent(&key("-4000"), &json!({}), None);
    assert_eq!(shown(&a.begin(&held).await.unwrap()), "in flight b");
    let noted: i64 = cluster
        .sql("SELECT wall FROM tieline_journal")
        .parse()
        .unwrap();
    assert!((wall..wall + 60_000).contains(&noted), "{wall} {noted}");
}
