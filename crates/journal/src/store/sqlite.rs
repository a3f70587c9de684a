//! Entries in a SQLite file that one process uses.
//!
//! A thread owns the connection. It takes all requests that wait, runs them in one transaction and
//! answers after the commit, so that many requests share one write to the disk. WAL with
//! `synchronous=FULL` means that a commit survives a power failure.

use std::path::PathBuf;
use std::slice;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use self::entries::{store, unsettled, whole};
use self::file::File;
use super::queue::{queue, Job, Queue, Waiting};
use crate::clock::Now;
use crate::entry::{self, Change, Entry, Reply, Step};
use crate::error::Error;
use crate::types::{EntryId, Unknown};

mod entries;
mod file;

/// The interval at which expired entries are deleted and the clock is noted.
const PURGE_EVERY: Duration = Duration::from_secs(60);

pub(crate) struct Sqlite {
    queue: Option<Queue>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // The thread ends with its queue; afterwards the file can be opened again.
        self.queue = None;
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
        wall: fn() -> u64,
    ) -> Result<Sqlite, Error> {
        let (queue, waiting) = queue();
        let (opened, result) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(
                move || match File::open(&path, &check_value, create, wall) {
                    Ok(file) => {
                        opened.send(Ok(())).ok();
                        serve(file, waiting);
                    }
                    Err(error) => {
                        opened.send(Err(error)).ok();
                    }
                },
            );
        let thread = thread.map_err(|_| Error::Stopped)?;
        result.await.map_err(|_| Error::Stopped)??;
        Ok(Sqlite {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(crate) async fn apply(&self, id: EntryId, step: Step, ahead: u64) -> Result<Reply, Error> {
        self.queue()?.apply(id, step, ahead).await
    }

    pub(crate) async fn unknown(&self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        self.queue()?.unknown(ahead).await
    }

    fn queue(&self) -> Result<&Queue, Error> {
        self.queue.as_ref().ok_or(Error::Stopped)
    }
}

fn unknown(connection: &Connection, now: Now) -> Result<Vec<Unknown>, Error> {
    let rows = unsettled(connection).map_err(|e| Error::Sqlite("reading", e.to_string()))?;
    let found = rows
        .iter()
        .map(|(id, text)| Ok(Entry::from_json(text, id)?.unknown(*id, now)));
    found.filter_map(Result::transpose).collect()
}

fn serve(mut file: File, mut waiting: Waiting) {
    let mut purged: Option<Instant> = None;
    while let Some(batch) = waiting.next_blocking() {
        for question in batch.questions {
            let now = file.clock.now().plus(question.ahead);
            question.answer(unknown(&file.connection, now));
        }
        let jobs = batch.jobs;
        let purge = purged.is_none_or(|at| at.elapsed() >= PURGE_EVERY);
        match run(&mut file, &jobs, purge) {
            Ok(replies) => {
                if purge {
                    purged = Some(Instant::now());
                }
                for (job, reply) in jobs.into_iter().zip(replies) {
                    job.answer(reply);
                }
            }
            // On a full disk what changes nothing can still be answered, so each is run alone.
            Err(_) => {
                for job in jobs {
                    let alone = run(&mut file, slice::from_ref(&job), false);
                    let reply = alone.and_then(|mut replies| match replies.pop() {
                        Some(reply) => reply,
                        None => Err(Error::Stopped),
                    });
                    job.answer(reply);
                }
            }
        }
    }
}

/// Runs jobs in one transaction: all of them are committed, or none. An entry that cannot be read
/// fails its own job only. The file is looked for before and after, so that nothing is sent whose
/// intent only a removed file holds.
fn run(file: &mut File, jobs: &[Job], purge: bool) -> Result<Vec<Result<Reply, Error>>, Error> {
    let writing = |error: rusqlite::Error| Error::Sqlite("writing", error.to_string());
    file.check()?;
    let ready = file.catch_up();
    let purge = purge && ready.is_ok();
    if purge {
        file.make_room();
    }
    let now = file.clock.now();
    let batch = file
        .connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(writing)?;
    if purge {
        let expired = whole(now.store);
        batch
            .execute("DELETE FROM entries WHERE kept_until <= ?1", [expired])
            .and_then(|_| file::note(&batch, now))
            .map_err(writing)?;
    }
    let mut replies = Vec::with_capacity(jobs.len());
    for job in jobs {
        replies.push(one(&batch, job, now.plus(job.ahead), &ready).map_err(writing)?);
    }
    batch.commit().map_err(writing)?;
    file.check()?;
    Ok(replies)
}

/// `ready`: whether anything may be changed.
fn one(
    batch: &Transaction<'_>,
    job: &Job,
    now: Now,
    ready: &Result<(), Error>,
) -> rusqlite::Result<Result<Reply, Error>> {
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
    let (change, reply) = entry::step(&job.id, entry, job.step.clone(), now);
    if let (Err(error), Change::Put(_) | Change::Remove) = (ready, &change) {
        return Ok(Err(error.clone()));
    }
    store(batch, &job.id, change)?;
    Ok(Ok(reply))
}
