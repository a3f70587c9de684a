//! Entries in a SQLite file that one process uses.
//!
//! A thread owns the connection. It takes all requests that wait, runs them in one transaction and
//! answers after the commit, so that many requests share one write to the disk. WAL with
//! `synchronous=FULL` means that a commit survives a power failure.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::mpsc::{channel, Receiver, Sender};
use std::thread::JoinHandle;

use rusqlite::{
    params, Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior,
};
use tokio::sync::oneshot;

use crate::clock::now;
use crate::entry::{self, Change, Entry, Reply, Step};
use crate::error::Error;
use crate::types::{EntryId, Unknown};

/// The format of the file, in `PRAGMA user_version`.
const FORMAT: i64 = 1;

/// The most requests in one transaction.
const BATCH: usize = 256;

/// The interval at which expired entries are deleted, in milliseconds.
const PURGE_EVERY: u64 = 60_000;

/// As long as the log gets before SQLite starts it anew (1000 pages) and a batch more, in bytes.
const ROOM: usize = 1200 * 4096;

/// Ids are digests, so they come in no order. Only their small index has that: the entries, which are
/// large, lie in the order of their arrival, so that a batch writes few pages.
const SCHEMA: &str = "
CREATE TABLE store (check_value TEXT NOT NULL) STRICT;
CREATE TABLE entries (
    number INTEGER PRIMARY KEY, -- in the order of arrival
    id BLOB NOT NULL UNIQUE,
    kept_until INTEGER, -- milliseconds since 1970; NULL while the entry must be kept
    entry TEXT NOT NULL
) STRICT;
CREATE INDEX by_time ON entries (kept_until);
";

struct Job {
    id: EntryId,
    step: Step,
    ahead: u64,
    reply: oneshot::Sender<Result<Reply, Error>>,
}

/// A request to the thread.
enum Asked {
    Apply(Job),
    /// The entries whose outcome is not known, with the clock so far ahead.
    Unknown(u64, oneshot::Sender<Result<Vec<Unknown>, Error>>),
}

pub(crate) struct Sqlite {
    jobs: Option<Sender<Asked>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // The thread ends with its channel; afterwards the file can be opened again.
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Sqlite {
    pub(crate) async fn open(
        path: PathBuf,
        check_value: String,
        create: bool,
    ) -> Result<Sqlite, Error> {
        let (jobs, received) = channel();
        let (opened, result) = oneshot::channel();
        let thread =
            std::thread::Builder::new()
                .name("journal".into())
                .spawn(move || match connect(&path, &check_value, create) {
                    Ok(connection) => {
                        opened.send(Ok(())).ok();
                        serve(connection, &received);
                    }
                    Err(error) => {
                        opened.send(Err(error)).ok();
                    }
                });
        let thread = thread.map_err(|_| Error::Stopped)?;
        result.await.map_err(|_| Error::Stopped)??;
        Ok(Sqlite {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(crate) async fn apply(&self, id: EntryId, step: Step, ahead: u64) -> Result<Reply, Error> {
        let (reply, result) = oneshot::channel();
        let job = Job {
            id,
            step,
            ahead,
            reply,
        };
        self.ask(Asked::Apply(job))?;
        result.await.map_err(|_| Error::Stopped)?
    }

    pub(crate) async fn unknown(&self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        let (reply, result) = oneshot::channel();
        self.ask(Asked::Unknown(ahead, reply))?;
        result.await.map_err(|_| Error::Stopped)?
    }

    fn ask(&self, asked: Asked) -> Result<(), Error> {
        let jobs = self.jobs.as_ref().ok_or(Error::Stopped)?;
        jobs.send(asked).map_err(|_| Error::Stopped)
    }
}

fn connect(path: &PathBuf, check_value: &str, create: bool) -> Result<Connection, Error> {
    match create {
        true => make(path)?,
        false if !path.exists() => return Err(Error::Absent(path.display().to_string())),
        false => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opening = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::InUse(path.clone()),
        _ => Error::Sqlite("opening", error.to_string()),
    };
    let mut connection = Connection::open_with_flags(path, flags).map_err(opening)?;
    // The exclusive lock holds as long as the process lives and goes with it, however it ends.
    connection
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE;")
        .map_err(opening)?;
    if !create && format(&connection).map_err(opening)? == 0 {
        return Err(Error::Absent(path.display().to_string()));
    }
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA fullfsync = 1;
             PRAGMA checkpoint_fullfsync = 1;",
        )
        .map_err(opening)?;
    let start = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(opening)?;
    prepare(&start, check_value)?;
    start.commit().map_err(opening)?;
    make_room(&connection).map_err(opening)?;
    Ok(connection)
}

/// Makes the file where there is none. SQLite would make it readable by others; its helper files take
/// its permissions.
fn make(path: &PathBuf) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(Error::File(path.clone(), error.kind()))
        }
        _ => Ok(()),
    }
}

/// The format of the tables; 0 where there are none.
fn format(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Has the files grown before anybody waits for them: a file system writes far more to make a growing
/// file durable than to have one written over. SQLite keeps the length of the log and reuses what is
/// free in the file, so this costs some milliseconds when the journal is opened.
fn make_room(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "DROP TABLE IF EXISTS room;
         CREATE TABLE room (filling BLOB);
         INSERT INTO room VALUES (zeroblob({ROOM}));
         DROP TABLE room;
         PRAGMA wal_checkpoint(RESTART);"
    ))
}

/// Makes the tables or recognises them, and gives up what a crashed process held.
fn prepare(start: &Transaction<'_>, check_value: &str) -> Result<(), Error> {
    // SQLite's words name tables and codes, never values: all values are bound.
    let opening = |error: rusqlite::Error| Error::Sqlite("opening", error.to_string());
    match format(start).map_err(opening)? {
        0 => {
            start.execute_batch(SCHEMA).map_err(opening)?;
            start
                .execute("INSERT INTO store VALUES (?1)", [check_value])
                .map_err(opening)?;
            start
                .pragma_update(None, "user_version", FORMAT)
                .map_err(opening)?;
        }
        FORMAT => {
            let known: String = start
                .query_row("SELECT check_value FROM store", [], |row| row.get(0))
                .map_err(opening)?;
            if known != check_value {
                return Err(Error::OtherSecret);
            }
        }
        other => return Err(Error::Format(other, FORMAT)),
    }
    for (id, text) in unsettled(start).map_err(opening)? {
        if let Some(abandoned) = Entry::from_json(&text, &id)?.abandoned(now()) {
            store(start, &id, Change::Put(abandoned)).map_err(opening)?;
        }
    }
    Ok(())
}

/// The entries that must be kept: held, or of unknown outcome.
fn unsettled(connection: &Connection) -> rusqlite::Result<Vec<(EntryId, String)>> {
    let mut open = connection.prepare("SELECT id, entry FROM entries WHERE kept_until IS NULL")?;
    let rows = open.query_map([], |row| Ok((EntryId(row.get(0)?), row.get(1)?)))?;
    rows.collect()
}

fn unknown(connection: &Connection, ahead: u64) -> Result<Vec<Unknown>, Error> {
    let rows = unsettled(connection).map_err(|e| Error::Sqlite("reading", e.to_string()))?;
    let now = now().saturating_add(ahead);
    let found = rows
        .iter()
        .map(|(id, text)| Ok(Entry::from_json(text, id)?.unknown(*id, now)));
    found.filter_map(Result::transpose).collect()
}

fn serve(mut connection: Connection, received: &Receiver<Asked>) {
    let mut purged = 0;
    while let Ok(first) = received.recv() {
        let mut jobs = Vec::new();
        for asked in std::iter::once(first).chain(received.try_iter().take(BATCH - 1)) {
            match asked {
                Asked::Apply(job) => jobs.push(job),
                Asked::Unknown(ahead, reply) => {
                    reply.send(unknown(&connection, ahead)).ok();
                }
            }
        }
        let purge = now().saturating_sub(purged) >= PURGE_EVERY;
        match run(&mut connection, &mut jobs, purge) {
            Ok(replies) => {
                if purge {
                    purged = now();
                }
                for (job, reply) in jobs.into_iter().zip(replies) {
                    // Whoever asked may be gone; what was done stays done.
                    job.reply.send(reply).ok();
                }
            }
            Err(error) => {
                let text = error.to_string();
                for job in jobs {
                    let failed = Error::Sqlite("writing", text.clone());
                    job.reply.send(Err(failed)).ok();
                }
            }
        }
    }
}

/// Runs jobs in one transaction: all of them are committed, or none. An entry that cannot be read
/// fails its own job only.
fn run(
    connection: &mut Connection,
    jobs: &mut [Job],
    purge: bool,
) -> rusqlite::Result<Vec<Result<Reply, Error>>> {
    let batch = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if purge {
        let expired = i64::try_from(now()).unwrap_or(i64::MAX);
        batch.execute("DELETE FROM entries WHERE kept_until <= ?1", [expired])?;
    }
    let mut replies = Vec::with_capacity(jobs.len());
    for job in jobs {
        replies.push(one(&batch, job)?);
    }
    batch.commit()?;
    Ok(replies)
}

fn one(batch: &Transaction<'_>, job: &mut Job) -> rusqlite::Result<Result<Reply, Error>> {
    let text: Option<String> = batch
        .prepare_cached("SELECT entry FROM entries WHERE id = ?1")?
        .query_row([job.id.0], |row| row.get(0))
        .optional()?;
    let entry = match text
        .map(|text| Entry::from_json(&text, &job.id))
        .transpose()
    {
        Ok(entry) => entry,
        Err(error) => return Ok(Err(error)),
    };
    let now = now().saturating_add(job.ahead);
    // A job is run once: when the transaction fails, so do all of its jobs.
    let step = std::mem::replace(&mut job.step, Step::Look);
    let (change, reply) = entry::step(&job.id, entry, step, now);
    store(batch, &job.id, change)?;
    Ok(Ok(reply))
}

fn store(batch: &Transaction<'_>, id: &EntryId, change: Change) -> rusqlite::Result<()> {
    match change {
        Change::Keep => {}
        Change::Put(entry) => {
            let until = entry.kept_until();
            let until = until.map(|until| i64::try_from(until).unwrap_or(i64::MAX));
            let text = serde_json::to_string(&entry)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
            batch
                .prepare_cached(
                    "INSERT INTO entries (id, kept_until, entry) VALUES (?1, ?2, ?3)
                     ON CONFLICT (id) DO UPDATE SET kept_until = ?2, entry = ?3",
                )?
                .execute(params![id.0, until, text])?;
        }
        Change::Remove => {
            batch
                .prepare_cached("DELETE FROM entries WHERE id = ?1")?
                .execute([id.0])?;
        }
    }
    Ok(())
}
