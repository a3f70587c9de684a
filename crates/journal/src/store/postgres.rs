//! Entries in a PostgreSQL server that several replicas of the proxy share.
//!
//! A task owns the connection. It takes all requests that wait, runs them in one transaction that holds
//! the journal's lock, and answers after the commit, so that many requests share one write to the disk and
//! one wait for the standby. The same transaction looks whether the server still holds the journal that was
//! opened, with all that this process wrote to it, and keeps what it acknowledges.
//!
//! # What the server must be set to
//! `fsync on`, `full_page_writes on`, `synchronous_commit on` (or `remote_apply`), and for
//! [`PostgresServer::replicas`] as many standbys in `synchronous_standby_names`. A commit whose wait for
//! the standbys is cut short counts as failed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{timeout, Instant};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::Row;

pub use self::place::PostgresServer;
use self::place::{Place, SERVER};
use self::session::{failed, id_of, Session, Statements};
use super::queue::{queue, Job, Queue, Waiting};
use super::standing::{Opening, Standing};
use crate::clock::{onward, Now};
use crate::entry::{self, Change, Entry, Reply, Step};
use crate::error::Error;
use crate::types::{Begin, EntryId, Unknown};

mod place;
mod schema;
mod session;
mod settings;
mod tls;

/// The time limit for a transaction, with the connection's coming about.
const TIMEOUT: Duration = Duration::from_secs(8);

/// The interval at which expired entries are deleted.
const PURGE_EVERY: Duration = Duration::from_secs(60);

pub(crate) struct Postgres {
    queue: Queue,
    pub(crate) standing: Arc<Standing>,
}

impl Postgres {
    pub(crate) async fn connect(
        server: &PostgresServer,
        opening: &Opening,
    ) -> Result<Postgres, Error> {
        let place = Place::of(server)?;
        let mut session = in_time("connecting", Session::open(&place)).await?;
        if !server.trusted {
            in_time("connecting", settings::check(&session, server.replicas)).await?;
        }
        let found = in_time("opening", schema::open(&mut session, opening)).await?;
        let standing = Arc::new(Standing::of(found, opening, SERVER)?);
        let statements = in_time("opening", session.prepare()).await?;
        let (queue, waiting) = queue();
        let store = Server {
            place,
            replicas: server.replicas,
            trusted: server.trusted,
            standing: standing.clone(),
            open: Some((session, statements)),
            purged: None,
        };
        tokio::spawn(serve(store, waiting));
        Ok(Postgres { queue, standing })
    }

    pub(crate) async fn apply(&self, id: &EntryId, step: Step, ahead: u64) -> Result<Reply, Error> {
        self.queue.apply(*id, step, ahead).await
    }

    pub(crate) async fn unknown(&self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        self.queue.unknown(ahead).await
    }
}

/// What comes about within the time limit.
async fn in_time<T>(
    doing: &'static str,
    what: impl std::future::Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let late = |_| {
        let why = "no answer in time".to_string();
        Error::Postgres(doing, why, "no code".to_string())
    };
    timeout(TIMEOUT, what).await.map_err(late)?
}

async fn serve(mut server: Server, mut waiting: Waiting) {
    while let Some(batch) = waiting.next().await {
        for question in batch.questions {
            let found = server.unknown(question.ahead).await;
            question.answer(found);
        }
        let jobs = batch.jobs;
        if jobs.is_empty() {
            continue;
        }
        match server.run(&jobs).await {
            Ok(replies) => {
                for (job, reply) in jobs.into_iter().zip(replies) {
                    job.answer(reply);
                }
            }
            // Where nothing can be written, what is answered can still be given again.
            Err(error) => {
                let mut known = server.answers(&jobs).await;
                for (n, job) in jobs.into_iter().enumerate() {
                    let reply = known.remove(&n).ok_or_else(|| error.clone());
                    job.answer(reply);
                }
            }
        }
    }
}

/// The server, and the connection to it as long as there is one.
struct Server {
    place: Place,
    replicas: u32,
    trusted: bool,
    standing: Arc<Standing>,
    open: Option<(Session, Statements)>,
    purged: Option<Instant>,
}

/// The values of a statement.
type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// What a transaction finds.
struct Found {
    now: Now,
    /// Whether the clock must be noted although nothing is written.
    set_back: bool,
    texts: HashMap<EntryId, String>,
}

impl Server {
    /// Runs jobs in one transaction: all of them are committed, or none. An entry that cannot be read
    /// fails its own job only.
    async fn run(&mut self, jobs: &[Job]) -> Result<Vec<Result<Reply, Error>>, Error> {
        let (session, statements) = self.session().await?;
        let done = in_time("writing", self.batch(&session, &statements, jobs)).await;
        if done.is_ok() {
            self.open = Some((session, statements));
        }
        done
    }

    /// The connection that is there, or a new one. After an error there is none.
    async fn session(&mut self) -> Result<(Session, Statements), Error> {
        match self.open.take() {
            Some((session, statements)) if !session.client.is_closed() => Ok((session, statements)),
            _ => {
                let opening = async {
                    let session = Session::open(&self.place).await?;
                    let prepared = session.prepare().await;
                    let statements = prepared.map_err(|error| self.replaced(error))?;
                    Ok((session, statements))
                };
                in_time("connecting", opening).await
            }
        }
    }

    async fn batch(
        &mut self,
        session: &Session,
        statements: &Statements,
        jobs: &[Job],
    ) -> Result<Vec<Result<Reply, Error>>, Error> {
        let (client, writing) = (&session.client, failed("writing"));
        let ids: Vec<EntryId> = jobs.iter().map(|job| job.id).collect();
        let (begun, found) = tokio::join!(
            biased;
            client.batch_execute("BEGIN"),
            self.find(session, statements, Some(&ids))
        );
        begun.map_err(&writing)?;
        let found = found?;
        let mut entries = found.texts;
        let mut changed: HashMap<EntryId, Option<Entry>> = HashMap::new();
        let mut replies = Vec::with_capacity(jobs.len());
        for job in jobs {
            let before = match changed.get(&job.id) {
                Some(entry) => Ok(entry.clone()),
                None => {
                    let text = entries.get(&job.id);
                    text.map(|text| Entry::from_json(text, &job.id)).transpose()
                }
            };
            let before = match before {
                Ok(before) => before,
                Err(error) => {
                    replies.push(Err(error));
                    continue;
                }
            };
            let now = found.now.plus(job.ahead);
            let (change, reply) = entry::step(&job.id, before, job.step.clone(), now);
            match change {
                Change::Keep => {}
                Change::Put(entry) => drop(changed.insert(job.id, Some(entry))),
                Change::Remove => {
                    entries.remove(&job.id);
                    changed.insert(job.id, None);
                }
            }
            replies.push(Ok(reply));
        }
        if changed.is_empty() && !found.set_back {
            client.batch_execute("ROLLBACK").await.map_err(&writing)?;
            return Ok(replies);
        }
        self.write(session, statements, &changed, found.now).await?;
        Ok(replies)
    }

    /// What is in the server: with the lock for `ids`, or without for a look alone.
    async fn find(
        &self,
        session: &Session,
        statements: &Statements,
        ids: Option<&[EntryId]>,
    ) -> Result<Found, Error> {
        let (client, reading) = (&session.client, failed("reading"));
        let bytes: Vec<&[u8]> = ids
            .unwrap_or_default()
            .iter()
            .map(|id| id.0.as_slice())
            .collect();
        let standing = match ids {
            Some(_) => &statements.locking,
            None => &statements.standing,
        };
        // Sent at once, and run in this order: what follows the lock sees what its holder left.
        let writer: Values<'_> = &[&self.standing.writer];
        let (row, time, rows) = tokio::join!(
            biased;
            client.query_opt(standing, writer),
            client.query_one(&statements.time, &[]),
            async {
                match ids {
                    Some(_) => client.query(&statements.entries, &[&bytes]).await,
                    None => client.query(&statements.unsettled, &[]).await,
                }
            }
        );
        let row = row.map_err(|error| self.replaced(reading(error)))?;
        let row = row.ok_or_else(|| self.other())?;
        let (noted, before) = self.check(&row)?;
        let time: i64 = time.and_then(|row| row.try_get(0)).map_err(&reading)?;
        let wall = positive(time);
        let mut texts = HashMap::new();
        for row in rows.map_err(&reading)? {
            let id: &[u8] = row.try_get(0).map_err(&reading)?;
            if let Some(id) = id_of(id) {
                texts.insert(id, row.try_get(1).map_err(&reading)?);
            }
        }
        Ok(Found {
            now: Now {
                store: onward(noted, before, wall),
                wall,
            },
            set_back: wall < before,
            texts,
        })
    }

    /// The noted time on the journal's clock and on the server's, if all is as it was left.
    fn check(&self, row: &Row) -> Result<(u64, u64), Error> {
        let reading = failed("reading");
        let identity: &str = row.try_get(0).map_err(&reading)?;
        if identity != self.standing.identity {
            return Err(self.other());
        }
        let writes: i64 = row.try_get(3).map_err(&reading)?;
        if positive(writes) < self.standing.writes() {
            return Err(Error::Behind(SERVER));
        }
        if !self.trusted {
            settings::durable(row, 4, self.replicas)?;
        }
        let at: i64 = row.try_get(1).map_err(&reading)?;
        let wall: i64 = row.try_get(2).map_err(&reading)?;
        Ok((positive(at), positive(wall)))
    }

    async fn write(
        &mut self,
        session: &Session,
        statements: &Statements,
        changed: &HashMap<EntryId, Option<Entry>>,
        now: Now,
    ) -> Result<(), Error> {
        let (client, writing) = (&session.client, failed("writing"));
        let (mut ids, mut times, mut texts, mut removed) = (vec![], vec![], vec![], vec![]);
        for (id, entry) in changed {
            match entry {
                Some(entry) => {
                    ids.push(id.0.as_slice());
                    times.push(entry.kept_until().map(whole));
                    texts.push(entry.to_json(id)?);
                }
                None => removed.push(id.0.as_slice()),
            }
        }
        let (at, wall) = (whole(now.store), whole(now.wall));
        let purges = self.purged.is_none_or(|at| at.elapsed() >= PURGE_EVERY);
        let oldest = if purges { at } else { i64::MIN };
        session.has_warned();
        let purge: Values<'_> = &[&oldest];
        let remove: Values<'_> = &[&removed];
        let put: Values<'_> = &[&ids, &times, &texts];
        let note: Values<'_> = &[&at, &wall];
        let count: Values<'_> = &[&self.standing.writer];
        // Sent at once, and run in this order.
        let (purged, removed, put, noted, counted, committed) = tokio::join!(
            biased;
            client.execute(&statements.purge, purge),
            client.execute(&statements.remove, remove),
            client.execute(&statements.put, put),
            client.execute(&statements.note, note),
            client.query_one(&statements.count, count),
            client.batch_execute("COMMIT"),
        );
        for done in [purged, removed, put, noted] {
            done.map_err(&writing)?;
        }
        let writes: i64 = counted.and_then(|row| row.try_get(0)).map_err(&writing)?;
        committed.map_err(&writing)?;
        // The wait for the standbys was ended by somebody: it is written here, and nobody knows where else.
        if session.has_warned() {
            return Err(Error::NotWaited);
        }
        self.standing.acknowledged(positive(writes));
        if purges {
            self.purged = Some(Instant::now());
        }
        Ok(())
    }

    /// What can be said without writing anything of the keys that are known, by the number of the job.
    async fn answers(&mut self, jobs: &[Job]) -> HashMap<usize, Reply> {
        let mut known = HashMap::new();
        let Ok((session, statements)) = self.session().await else {
            return known;
        };
        let ids: Vec<EntryId> = jobs.iter().map(|job| job.id).collect();
        let found = in_time("reading", self.look(&session, &statements, &ids)).await;
        let Ok(found) = found else {
            return known;
        };
        self.open = Some((session, statements));
        for (n, job) in jobs.iter().enumerate() {
            let text = found.texts.get(&job.id);
            let Some(Ok(entry)) = text.map(|text| Entry::from_json(text, &job.id)) else {
                continue;
            };
            let now = found.now.plus(job.ahead);
            // What failed may be written nevertheless: that is no other request on its way.
            let own = entry.may_be_of(&job.step);
            let (_, reply) = entry::step(&job.id, Some(entry), job.step.clone(), now);
            let sure = match &reply {
                Reply::Begin(Begin::Fresh(_)) | Reply::Settled(_) | Reply::Yes(_) => false,
                Reply::Begin(Begin::InFlight { .. }) => !own,
                Reply::Begin(_) | Reply::Known(_) => true,
            };
            if sure {
                known.insert(n, reply);
            }
        }
        known
    }

    /// The entries as they are, without the lock.
    async fn look(
        &self,
        session: &Session,
        statements: &Statements,
        ids: &[EntryId],
    ) -> Result<Found, Error> {
        let mut found = self.find(session, statements, None).await?;
        let bytes: Vec<&[u8]> = ids.iter().map(|id| id.0.as_slice()).collect();
        let reading = failed("reading");
        let rows = session.client.query(&statements.entries, &[&bytes]).await;
        for row in rows.map_err(&reading)? {
            let id: &[u8] = row.try_get(0).map_err(&reading)?;
            if let Some(id) = id_of(id) {
                let text = row.try_get(1).map_err(&reading)?;
                found.texts.insert(id, text);
            }
        }
        Ok(found)
    }

    async fn unknown(&mut self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        let (session, statements) = self.session().await?;
        let found = in_time("reading", self.find(&session, &statements, None)).await?;
        self.open = Some((session, statements));
        let now = found.now.plus(ahead);
        let read = found
            .texts
            .iter()
            .map(|(id, text)| Ok(Entry::from_json(text, id)?.unknown(*id, now)));
        read.filter_map(Result::transpose).collect()
    }

    fn other(&self) -> Error {
        Error::Replaced(SERVER, self.standing.identity.clone())
    }

    /// Another database has not even the tables.
    fn replaced(&self, error: Error) -> Error {
        match &error {
            Error::Postgres(_, _, code) if code == SqlState::UNDEFINED_TABLE.code() => self.other(),
            _ => error,
        }
    }
}

/// A number as PostgreSQL stores it.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn positive(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
