//! The promises of one store alone.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;

use super::fixtures::{answer, fresh, key, options, shown, LEASE};
use super::server::Server;
use crate::journal::millis;
use crate::*;

/// Names the folder in which the crashing child works.
const CHILD: &str = "TIELINE_JOURNAL_TEST_CHILD";

async fn open(folder: &Path) -> Result<Journal, Error> {
    let secret = Secret::load_or_create(&folder.join("journal.key"))?;
    Journal::sqlite(&folder.join("journal.db"), secret, options("a")).await
}

/// Not a test by itself: the process that [`sqlite_survives_sigkill`] kills.
#[tokio::test]
#[ignore = "started by another test"]
async fn child() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let journal = open(folder.as_ref()).await.unwrap();
    for (name, token) in [("open", None), ("open with token", Some("t"))] {
        let intent = journal.intent(&key(name), &json!({}), token);
        std::mem::forget(fresh(journal.begin(&intent).await.unwrap()));
    }
    let intent = journal.intent(&key("done"), &json!({}), None);
    let lease = fresh(journal.begin(&intent).await.unwrap());
    let done = Outcome::Created(answer(200));
    journal.finish(&lease, done).await.unwrap();
    println!("\nready");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn sqlite_survives_sigkill() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "contract::stores::child",
            "--ignored",
            "--nocapture",
        ])
        .env(CHILD, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.map_while(Result::ok).any(|line| line == "ready");
    let in_use = open(folder.path()).await.err();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(ready);
    assert!(matches!(in_use, Some(Error::InUse(_))), "{in_use:?}");

    let journal = open(folder.path()).await.unwrap();
    for (name, token, expected) in [
        ("open", None, "unknown false"),
        ("open with token", Some("t"), "unknown true"),
        ("done", None, "replay 200"),
        ("new", None, "fresh"),
    ] {
        let intent = journal.intent(&key(name), &json!({}), token);
        assert_eq!(shown(&journal.begin(&intent).await.unwrap()), expected);
    }
}

#[tokio::test]
async fn sqlite_refuses_what_it_cannot_trust() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = open(folder.path()).await.unwrap();
    assert!(matches!(open(folder.path()).await, Err(Error::InUse(_))));
    let intent = journal.intent(&key("1"), &json!({}), None);
    let lease = fresh(journal.begin(&intent).await.unwrap());
    journal
        .finish(&lease, Outcome::Created(answer(200)))
        .await
        .unwrap();
    #[cfg(unix)]
    for file in std::fs::read_dir(folder.path()).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read it");
    }
    drop(journal);

    let other = Journal::sqlite(&path, Secret::random().unwrap(), options("a")).await;
    assert!(matches!(other, Err(Error::OtherSecret)), "{other:?}");

    let raw = Connection::open(&path).unwrap();
    let changed = raw.execute("UPDATE entries SET entry = '{}'", []).unwrap();
    assert_eq!(changed, 1);
    drop(raw);
    let journal = open(folder.path()).await.unwrap();
    let error = journal.begin(&intent).await.unwrap_err();
    assert!(matches!(error, Error::Unreadable(_)), "{error:?}");
    drop(journal);

    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 2).unwrap();
    drop(raw);
    assert!(matches!(
        open(folder.path()).await,
        Err(Error::Format(2, 1))
    ));
    let nowhere = open(&folder.path().join("missing")).await;
    assert!(matches!(nowhere, Err(Error::SecretFile(..))), "{nowhere:?}");
}

#[tokio::test]
async fn sqlite_deletes_what_expired_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let short = Options {
        retention: Duration::from_millis(1),
        ..options("a")
    };
    let secret = Secret::random().unwrap();
    let path = folder.path().join("journal.db");
    for round in 0..2 {
        // The first request after opening deletes.
        let journal = Journal::sqlite(&path, secret.clone(), short.clone())
            .await
            .unwrap();
        for (name, outcome) in [
            ("a", Outcome::Unknown),
            ("b", Outcome::Created(answer(200))),
        ] {
            let name = format!("{name}{round}");
            let intent = journal.intent(&key(&name), &json!({}), None);
            let lease = fresh(journal.begin(&intent).await.unwrap());
            journal.finish(&lease, outcome).await.unwrap();
        }
        drop(journal);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let raw = Connection::open(&path).unwrap();
    let count = |sql: &str| -> i64 { raw.query_row(sql, [], |row| row.get(0)).unwrap() };
    let unknown = count("SELECT count(*) FROM entries WHERE kept_until IS NULL");
    let answered = count("SELECT count(*) FROM entries WHERE kept_until IS NOT NULL");
    assert_eq!((unknown, answered), (2, 1));
}

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
    assert!(server.ttl(&open.id) < 0, "an open entry must not expire");
    let left = server.ttl(&done.id);
    assert!((1..=1_000_000).contains(&left), "{left}");

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
