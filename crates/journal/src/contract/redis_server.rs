//! The promises of the store in a Redis server.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::fixtures::{answer, fresh, key, options, shown, LEASE, RETENTION};
use super::server::Server;
use crate::clock::millis;
use crate::*;

#[tokio::test]
async fn redis_keeps_what_it_acknowledged_through_sigkill() {
    let Some(mut server) = Server::start() else {
        return;
    };
    let secret = Secret::random().unwrap();
    let connect = || Journal::redis(&server.address, secret.clone(), options("a"));
    let journal = connect().await.unwrap();
    let other = Journal::redis(&server.address, Secret::random().unwrap(), options("a")).await;
    assert!(matches!(other, Err(Error::OtherSecret)), "{other:?}");
    let open = journal.intent(&key("open"), &json!({}), None);
    drop(fresh(journal.begin(&open).await.unwrap()));
    let done = journal.intent(&key("done"), &json!({}), None);
    let lease = fresh(journal.begin(&done).await.unwrap());
    journal
        .finish(&lease, Outcome::Created(answer(200)))
        .await
        .unwrap();
    let kept = server.forgotten_at(&open.id);
    assert_eq!(kept, None, "an open entry must not expire");
    let now = crate::clock::wall();
    let at = server.forgotten_at(&done.id).unwrap();
    assert!((now + 900_000..=now + 1_000_000).contains(&at), "{at}");

    server.kill();
    let gone = journal.begin(&open).await;
    assert!(matches!(gone, Err(Error::Redis(..))), "{gone:?}");
    server.restart();
    let journal = Journal::redis(&server.address, secret, options("b"))
        .await
        .unwrap();
    assert_eq!(shown(&journal.begin(&open).await.unwrap()), "in flight a");
    assert_eq!(shown(&journal.begin(&done).await.unwrap()), "replay 200");
    journal.0.ahead.store(millis(LEASE), Ordering::Relaxed);
    assert_eq!(shown(&journal.begin(&open).await.unwrap()), "unknown false");
}

#[tokio::test]
async fn redis_must_be_durable() {
    let Some(server) = Server::start() else {
        return;
    };
    let secret = Secret::random().unwrap();
    for (name, bad, good) in [
        ("appendonly", "no", "yes"),
        ("appendfsync", "everysec", "always"),
        ("maxmemory-policy", "allkeys-lru", "noeviction"),
    ] {
        server.set(name, bad);
        let error = Journal::redis(&server.address, secret.clone(), options("a")).await;
        let error = error.unwrap_err().to_string();
        assert!(error.contains(&format!("{name} {good}")), "{error}");
        let trusted = RedisServer {
            trusted: true,
            ..server.address.clone()
        };
        Journal::redis(&trusted, secret.clone(), options("a"))
            .await
            .unwrap();
        server.set(name, good);
    }
    // This server has no replica to hold a copy.
    let copied = RedisServer {
        replicas: 1,
        ..server.address.clone()
    };
    let journal = Journal::redis(&copied, secret, options("a")).await.unwrap();
    let intent = journal.intent(&key("1"), &json!({}), None);
    let error = journal.begin(&intent).await.unwrap_err();
    assert!(matches!(error, Error::NotReplicated(0, 1)), "{error:?}");
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

/// Begins as soon as the connection is there again.
async fn begin(journal: &Journal, intent: &Intent) -> Result<Begin, Error> {
    loop {
        match journal.begin(intent).await {
            Err(Error::Redis(..)) => {}
            begun => return begun,
        }
    }
}

/// The server's data as files, to be put back.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let to = to.join(file.file_name());
        match file.path().is_dir() {
            true => copy(&file.path(), &to),
            false => drop(std::fs::copy(file.path(), to).unwrap()),
        }
    }
}

fn clear(folder: &std::path::Path) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        match path.is_dir() {
            true => std::fs::remove_dir_all(path).unwrap(),
            false => std::fs::remove_file(path).unwrap(),
        }
    }
}

#[tokio::test]
async fn a_redis_server_that_was_emptied_or_replaced_lets_nothing_be_sent() {
    for emptied in [true, false] {
        let Some(mut server) = Server::start() else {
            return;
        };
        let secret = Secret::random().unwrap();
        let connect = || Journal::redis(&server.address, secret.clone(), options("a"));
        let journal = connect().await.unwrap();
        let (identity, begun) = journal.identity().unwrap();
        assert!(begun && identity.len() == 32, "{identity}");
        let (done, open, lease) = two(&journal).await;
        let away = tempfile::tempdir().unwrap();
        if emptied {
            server.ask::<()>(&["FLUSHALL"]);
        } else {
            server.kill();
            copy(server.folder(), away.path());
            clear(server.folder());
            server.restart();
            // Another proxy has begun a journal on it.
            Journal::redis(&server.address, secret.clone(), options("b"))
                .await
                .unwrap();
        }
        for intent in [&done, &open] {
            let error = begin(&journal, intent).await.unwrap_err();
            assert!(matches!(error, Error::Replaced(..)), "{error:?}");
            let says = error.to_string();
            assert!(
                says.contains(identity) && says.contains("restore"),
                "{says}"
            );
            let error = journal.retry_with_token(intent).await.unwrap_err();
            assert!(matches!(error, Error::Replaced(..)), "{error:?}");
        }
        let error = journal.finish(&lease, Outcome::Created(answer(200))).await;
        assert!(matches!(error, Err(Error::Replaced(..))), "{error:?}");
        let error = journal.wait(&open.id, tokio::time::Instant::now()).await;
        assert!(matches!(error, Err(Error::Replaced(..))), "{error:?}");
        let error = journal.unknown().await;
        assert!(matches!(error, Err(Error::Replaced(..))), "{error:?}");
        let size: u32 = server.ask(&["DBSIZE"]);
        assert_eq!(size, if emptied { 0 } else { 2 }, "nothing is written");
        // A start that expects this journal begins no other.
        let named = Options {
            identity: Some(identity.to_string()),
            ..options("c")
        };
        let other = Journal::redis(&server.address, secret.clone(), named.clone()).await;
        assert!(matches!(other, Err(Error::OtherIdentity(..))), "{other:?}");
        if !emptied {
            // Put back, it goes on with what it held.
            server.kill();
            clear(server.folder());
            copy(away.path(), server.folder());
            server.restart();
            assert_eq!(shown(&begin(&journal, &done).await.unwrap()), "replay 200");
            assert_eq!(shown(&journal.begin(&open).await.unwrap()), "in flight a");
            Journal::redis(&server.address, secret.clone(), named)
                .await
                .unwrap();
        }
    }
}

/// As after a failover to a replica that was behind.
#[tokio::test]
async fn a_redis_server_that_lost_what_it_acknowledged_lets_nothing_be_sent() {
    let Some(mut server) = Server::start() else {
        return;
    };
    let secret = Secret::random().unwrap();
    let journal = Journal::redis(&server.address, secret.clone(), options("a"))
        .await
        .unwrap();
    let other = Journal::redis(&server.address, secret.clone(), options("b"))
        .await
        .unwrap();
    let (done, open, _lease) = two(&journal).await;
    server.kill();
    let away = tempfile::tempdir().unwrap();
    copy(server.folder(), away.path());
    server.restart();
    let late = journal.intent(&key("late"), &json!({}), None);
    let late = fresh(begin(&journal, &late).await.unwrap());
    let made = Outcome::Created(answer(200));
    journal.finish(&late, made).await.unwrap();
    server.kill();
    clear(server.folder());
    copy(away.path(), server.folder());
    server.restart();
    // The one that wrote less than this lost nothing, and writes more than was lost.
    for n in 0..5 {
        let name = format!("{n}");
        let intent = other.intent(&key(&name), &json!({}), None);
        drop(fresh(begin(&other, &intent).await.unwrap()));
    }
    for intent in [&done, &open] {
        let error = begin(&journal, intent).await.unwrap_err();
        assert!(matches!(error, Error::Behind(_)), "{error:?}");
        assert!(error.to_string().contains("restart the proxy"), "{error}");
    }
    // Who starts anew has been told, and goes on.
    let journal = Journal::redis(&server.address, secret, options("a"))
        .await
        .unwrap();
    assert_eq!(shown(&journal.begin(&done).await.unwrap()), "replay 200");
}

#[tokio::test]
async fn an_entry_that_redis_forgot_is_written_anew_and_nothing_more_is_sent() {
    for (outcome, then) in [
        (Outcome::Created(answer(200)), "replay 200"),
        (Outcome::Unknown, "unknown true"),
    ] {
        let Some(server) = Server::start() else {
            return;
        };
        let secret = Secret::random().unwrap();
        let connect = || Journal::redis(&server.address, secret.clone(), options("a"));
        let journal = connect().await.unwrap();
        let intent = journal.intent(&key("1"), &json!({}), Some("t"));
        let lease = fresh(journal.begin(&intent).await.unwrap());
        server.ask::<()>(&["DEL", &format!("tieline:journal:{}", intent.id)]);
        let settled = journal.finish(&lease, outcome).await.unwrap();
        assert_eq!(settled, Settled::Forgotten);
        let error = journal.begin(&intent).await.unwrap_err();
        assert!(matches!(error, Error::Forgot), "{error:?}");
        let journal = connect().await.unwrap();
        assert_eq!(shown(&journal.begin(&intent).await.unwrap()), then);
    }
}

#[tokio::test]
async fn settings_that_change_while_it_runs_let_nothing_be_sent() {
    let Some(server) = Server::start() else {
        return;
    };
    let secret = Secret::random().unwrap();
    let journal = Journal::redis(&server.address, secret, options("a"))
        .await
        .unwrap();
    for (name, bad, good) in [
        ("appendonly", "no", "yes"),
        ("appendfsync", "everysec", "always"),
        ("maxmemory-policy", "allkeys-lru", "noeviction"),
    ] {
        server.set(name, bad);
        let intent = journal.intent(&key(name), &json!({}), None);
        let error = journal.begin(&intent).await.unwrap_err().to_string();
        assert!(error.contains(&format!("{name} {good}")), "{error}");
        server.set(name, good);
        assert_eq!(shown(&journal.begin(&intent).await.unwrap()), "fresh");
    }
}

#[tokio::test]
async fn nothing_is_sent_before_the_replica_has_it() {
    let (Some(server), Some(mut replica)) = (Server::start(), Server::start()) else {
        return;
    };
    let follow = |replica: &Server| {
        let (host, port) = server.place();
        replica.ask::<()>(&["REPLICAOF", host, &port.to_string()]);
    };
    follow(&replica);
    let copied = RedisServer {
        replicas: 1,
        ..server.address.clone()
    };
    let journal = Journal::redis(&copied, Secret::random().unwrap(), options("a"))
        .await
        .unwrap();
    let intent = |name: &str| journal.intent(&key(name), &json!({}), None);
    let patiently = |name: &'static str| {
        let (journal, intent) = (journal.clone(), intent(name));
        async move {
            loop {
                match journal.begin(&intent).await {
                    Ok(begun) => break begun,
                    Err(error) => assert!(matches!(error, Error::NotReplicated(..)), "{error:?}"),
                }
            }
        }
    };
    drop(fresh(patiently("1").await));
    let there: String = replica.ask(&["GET", &format!("tieline:journal:{}", intent("1").id)]);
    assert!(there.contains("held"), "{there}");
    replica.kill();
    let error = journal.begin(&intent("2")).await.unwrap_err();
    assert!(matches!(error, Error::NotReplicated(0, 1)), "{error:?}");
    replica.restart();
    follow(&replica);
    // It was taken back, so that nobody has to look it up.
    assert_eq!(shown(&patiently("2").await), "fresh");
}

/// The journal's clock follows the server's only as far as that does not jump.
#[tokio::test]
async fn a_redis_server_whose_clock_jumps_forgets_no_answer() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let Some(server) = Server::start() else {
        return;
    };
    let secret = Secret::random().unwrap();
    let connect = |owner| Journal::redis(&server.address, secret.clone(), options(owner));
    let [a, b] = [connect("a").await.unwrap(), connect("b").await.unwrap()];
    let long = Options {
        retention: std::time::Duration::from_secs(3 * 24 * 60 * 60),
        ..options("c")
    };
    let keeping = Journal::redis(&server.address, secret.clone(), long)
        .await
        .unwrap();
    let (done, _, _) = two(&keeping).await;
    for days in [31, -31, 4000, -4000] {
        // As if the server's clock had shown another time at the last write.
        let clock = "tieline:journal:clock";
        let wall: i64 = server.ask(&["HGET", clock, "wall"]);
        let before = (wall - days * DAY).to_string();
        server.ask::<()>(&["HSET", clock, "wall", &before]);
        let name = format!("{days}");
        let held = a.intent(&key(&name), &json!({}), None);
        drop(fresh(a.begin(&held).await.unwrap()));
        for journal in [&a, &b] {
            assert_eq!(shown(&journal.begin(&held).await.unwrap()), "in flight a");
            assert_eq!(shown(&journal.begin(&done).await.unwrap()), "replay 200");
        }
    }
    // What really is old goes.
    keeping
        .0
        .ahead
        .store(millis(RETENTION) * 1000, Ordering::Relaxed);
    assert_eq!(shown(&keeping.begin(&done).await.unwrap()), "fresh");
}
