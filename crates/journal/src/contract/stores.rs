//! The promises of one store alone.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;

use super::fixtures::{answer, fresh, key, options, shown};
use crate::store::{Sqlite, Store};
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

/// The machine's clock of [`a_clock_that_jumps_forgets_no_answer`], so far ahead of the true one.
static AHEAD: AtomicU64 = AtomicU64::new(0);

fn set_clock() -> u64 {
    let wall = crate::clock::wall();
    wall.saturating_add(AHEAD.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_clock_that_jumps_forgets_no_answer() {
    const HOUR: u64 = 60 * 60 * 1000;
    let folder = tempfile::tempdir().unwrap();
    let secret = Secret::random().unwrap();
    let path = folder.path().join("journal.db");
    let open = || async {
        let check_value = secret.check_value();
        let store = Sqlite::open(path.clone(), check_value, true, set_clock).await;
        let options = Options {
            retention: Duration::from_millis(5 * HOUR),
            ..options("a")
        };
        Journal::over(Store::Sqlite(store.unwrap()), secret.clone(), options)
    };
    let jump = |hours: u64| AHEAD.store(hours * HOUR, Ordering::SeqCst);
    let journal = open().await;
    let done = journal.intent(&key("done"), &json!({}), None);
    let lease = fresh(journal.begin(&done).await.unwrap());
    journal
        .finish(&lease, Outcome::Created(answer(200)))
        .await
        .unwrap();
    let held = journal.intent(&key("held"), &json!({}), None);
    let lease = fresh(journal.begin(&held).await.unwrap());
    let replayed = |journal: Journal| {
        let done = done.clone();
        async move { assert_eq!(shown(&journal.begin(&done).await.unwrap()), "replay 200") }
    };
    // While it runs: nothing changes, also not who holds a lease.
    for days in [31, 0, 4000, 0] {
        jump(days * 24);
        replayed(journal.clone()).await;
        assert_eq!(shown(&journal.begin(&held).await.unwrap()), "in flight a");
    }
    assert!(journal.renew(&lease).await.unwrap());
    drop(journal);
    // A start with a wrong clock, and one after another, as a service that fails is started.
    for days in [31, 31, 31, 31, 31, 31, 0, 31, 4000, 4000, 0] {
        jump(days * 24);
        let journal = open().await;
        replayed(journal.clone()).await;
        assert_eq!(shown(&journal.begin(&held).await.unwrap()), "unknown false");
        drop(journal);
    }
    // What really is old goes: a journal that is opened every hour forgets after its time.
    for hour in 0..3 {
        jump(99_999 + hour);
        drop(open().await.begin(&held).await.unwrap());
    }
    assert_eq!(shown(&open().await.begin(&done).await.unwrap()), "fresh");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_removed_or_replaced_lets_nothing_be_sent() {
    for lost in ["journal.db", "journal.db-wal"] {
        let folder = tempfile::tempdir().unwrap();
        let journal = open(folder.path()).await.unwrap();
        let intent = |name: &str| journal.intent(&key(name), &json!({}), None);
        let lease = fresh(journal.begin(&intent("1")).await.unwrap());
        let away = folder.path().join("away");
        std::fs::rename(folder.path().join(lost), &away).unwrap();
        for _ in 0..2 {
            let error = journal.begin(&intent("2")).await.unwrap_err();
            assert!(matches!(error, Error::Removed(_)), "{lost}: {error:?}");
        }
        let error = journal.finish(&lease, Outcome::Created(answer(200))).await;
        assert!(matches!(error, Err(Error::Removed(_))), "{error:?}");
        // While it runs nobody else starts in its place.
        let second = open(folder.path()).await.err();
        assert!(matches!(second, Some(Error::InUse(_))), "{second:?}");
        // Another file in its place is not it.
        std::fs::copy(&away, folder.path().join(lost)).unwrap();
        let error = journal.begin(&intent("3")).await.unwrap_err();
        assert!(matches!(error, Error::Removed(_)), "{lost}: {error:?}");
        // Put back, it goes on with what it held.
        std::fs::rename(&away, folder.path().join(lost)).unwrap();
        assert_eq!(
            shown(&journal.begin(&intent("1")).await.unwrap()),
            "in flight a"
        );
        drop(journal);
        let journal = open(folder.path()).await.unwrap();
        let first = journal.intent(&key("1"), &json!({}), None);
        assert_eq!(
            shown(&journal.begin(&first).await.unwrap()),
            "unknown false"
        );
    }
}

#[tokio::test]
async fn a_journal_that_is_gone_is_not_begun_anew_unasked() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).await.unwrap());
    std::fs::remove_file(folder.path().join("journal.db")).unwrap();
    for _ in 0..2 {
        let gone = open(folder.path()).await.unwrap_err();
        assert!(matches!(gone, Error::Gone(..)), "{gone:?}");
        assert!(!folder.path().join("journal.db").exists());
    }
    // The message says what to do, and that helps.
    std::fs::remove_file(folder.path().join("journal.db.lock")).unwrap();
    open(folder.path()).await.unwrap();
}

#[tokio::test]
async fn a_journal_that_was_emptied_is_not_begun_anew_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let (file, lock) = (
        folder.path().join("journal.db"),
        folder.path().join("journal.db.lock"),
    );
    // A crash in the very first start leaves files without anything in them.
    std::fs::write(&file, "").unwrap();
    std::fs::write(&lock, "").unwrap();
    drop(open(folder.path()).await.unwrap());
    // An earlier version leaves a journal and nothing beside it.
    std::fs::write(&lock, "").unwrap();
    drop(open(folder.path()).await.unwrap());
    std::fs::write(&file, "").unwrap();
    for _ in 0..2 {
        let gone = open(folder.path()).await.unwrap_err();
        assert!(matches!(gone, Error::Gone(..)), "{gone:?}");
        assert_eq!(std::fs::metadata(&file).unwrap().len(), 0);
    }
    std::fs::remove_file(&lock).unwrap();
    open(folder.path()).await.unwrap();
}

/// Not a test by itself: a process that may not write a byte, as on a full disk.
#[tokio::test]
#[ignore = "started by another test"]
async fn full() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let journal = open(folder.as_ref()).await.unwrap();
    for round in 0..3 {
        for (name, expected) in [("done", "replay 200"), ("new", ""), ("open", "")] {
            let intent = journal.intent(&key(name), &json!({}), None);
            match journal.begin(&intent).await {
                Ok(begun) if expected.is_empty() => {
                    // Until it can be written that its holder is gone the lease counts.
                    assert_eq!((name, shown(&begun)), ("open", "in flight a".to_string()));
                }
                Ok(begun) => assert_eq!(shown(&begun), expected, "{round}"),
                Err(Error::Sqlite("writing", _)) => assert_eq!(name, "new"),
                Err(error) => panic!("{name}: {error:?}"),
            }
        }
        // Many at once: those that would be written do not take the others with them.
        let all = (0..20).map(|n| {
            let name = if n % 2 == 0 {
                "done".to_string()
            } else {
                format!("new{n}")
            };
            let intent = journal.intent(&key(&name), &json!({}), None);
            let journal = journal.clone();
            tokio::spawn(async move { journal.begin(&intent).await.is_ok() })
        });
        let all: Vec<_> = all.collect();
        for (n, one) in all.into_iter().enumerate() {
            assert_eq!(one.await.unwrap(), n % 2 == 0);
        }
    }
    println!("\nwell");
}

/// Leaves a journal as a crash does, so that there is something to write at the next opening.
#[cfg(unix)]
fn crashed() -> tempfile::TempDir {
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
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(ready);
    folder
}

/// Runs one of these tests in a process that may write so many blocks to a file.
#[cfg(unix)]
fn on_a_disk_of(blocks: u32, test: &str, folder: &Path) {
    let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let done = Command::new("sh")
        .args(["-c", &limited])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(CHILD, folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("well"), "{said}{wrong}");
}

/// Not a test by itself: a first start that can write nothing.
#[tokio::test]
#[ignore = "started by another test"]
async fn first_and_full() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let folder: &Path = folder.as_ref();
    Secret::load_or_create(&folder.join("journal.key")).unwrap_err();
    let secret = Secret::random().unwrap();
    let journal = Journal::sqlite(&folder.join("journal.db"), secret, options("a")).await;
    journal.unwrap_err();
    println!("\nwell");
}

#[cfg(unix)]
#[tokio::test]
async fn a_first_start_on_a_full_disk_spoils_no_later_one() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        on_a_disk_of(0, "contract::stores::first_and_full", folder.path());
    }
    drop(open(folder.path()).await.unwrap());
    open(folder.path()).await.unwrap();
}

/// Not a test by itself: a process that can write what it must, and not make room ahead of it.
#[tokio::test]
#[ignore = "started by another test"]
async fn nearly_full() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let journal = open(folder.as_ref()).await.unwrap();
    for round in 0..3 {
        for (name, expected) in [("open", "unknown false"), ("done", "replay 200")] {
            let intent = journal.intent(&key(name), &json!({}), None);
            assert_eq!(shown(&journal.begin(&intent).await.unwrap()), expected);
        }
        let intent = journal.intent(&key(&format!("own {round}")), &json!({}), Some("t"));
        let lease = fresh(journal.begin(&intent).await.unwrap());
        for _ in 0..3 {
            let again = journal.retry_with_token(&intent).await.unwrap();
            assert_eq!(shown(&again), "in flight a");
        }
        let done = Outcome::Created(answer(200));
        assert_eq!(journal.finish(&lease, done).await.unwrap(), Settled::Final);
    }
    println!("\nwell");
}

#[cfg(unix)]
#[tokio::test]
async fn with_little_room_a_process_keeps_the_leases_that_it_has_given() {
    let folder = crashed();
    on_a_disk_of(2000, "contract::stores::nearly_full", folder.path());
}

#[cfg(unix)]
#[tokio::test]
async fn on_a_full_disk_it_opens_and_gives_the_answers_that_it_has() {
    let folder = crashed();
    on_a_disk_of(0, "contract::stores::full", folder.path());
    // With room again all is as it was.
    let journal = open(folder.path()).await.unwrap();
    for (name, expected) in [
        ("open", "unknown false"),
        ("done", "replay 200"),
        ("new", "fresh"),
    ] {
        let intent = journal.intent(&key(name), &json!({}), None);
        assert_eq!(shown(&journal.begin(&intent).await.unwrap()), expected);
    }
}
