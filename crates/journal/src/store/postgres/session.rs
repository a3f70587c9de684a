//! A connection to the server, with the statements that are run over it.

use std::future::poll_fn;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, Statement};

use super::place::Place;
use super::tls::Wire;
use crate::error::Error;
use crate::types::EntryId;

/// What holds for a session: whoever holds the journal's lock and has gone leaves it to the others, and
/// nobody waits for it without end. A time limit for statements would also end the wait for a standby,
/// after which the server says that all is well.
const SESSION: &str = "
SET lock_timeout = '4s';
SET idle_in_transaction_session_timeout = '5s';
SET statement_timeout = 0;
SET client_min_messages = warning";

/// Locks the journal and says what it is. The journal's steps follow each other, whoever runs them.
const STANDING: &str = "
SELECT identity, at, wall,
    coalesce((SELECT writes FROM tieline_journal_writers WHERE writer = $1), 0),
    current_setting('fsync'), current_setting('full_page_writes'),
    current_setting('synchronous_commit'), current_setting('synchronous_standby_names')
FROM tieline_journal WHERE one";

/// A statement of its own: one that waits for a lock has its time from before.
const TIME: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// A connection, closed with the value.
pub(super) struct Session {
    pub(super) client: Client,
    driver: JoinHandle<()>,
    /// Whether the server has warned of something since it was last asked.
    warned: Arc<AtomicBool>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// The statements of a session over a journal that is there.
pub(super) struct Statements {
    pub(super) standing: Statement,
    pub(super) locking: Statement,
    pub(super) time: Statement,
    pub(super) entries: Statement,
    pub(super) unsettled: Statement,
    pub(super) put: Statement,
    pub(super) remove: Statement,
    pub(super) purge: Statement,
    pub(super) note: Statement,
    pub(super) count: Statement,
}

impl Session {
    pub(super) async fn open(place: &Place) -> Result<Session, Error> {
        let connecting = failed("connecting");
        let warned = Arc::new(AtomicBool::new(false));
        let (client, driver) = match &place.tls {
            None => {
                let connected = place.config.connect(NoTls).await;
                let (client, connection) = connected.map_err(&connecting)?;
                (client, tokio::spawn(drive(connection, warned.clone())))
            }
            Some(tls) => {
                let connected = place.config.connect(tls.clone()).await;
                let (client, connection) = connected.map_err(&connecting)?;
                (client, tokio::spawn(drive(connection, warned.clone())))
            }
        };
        let session = Session {
            client,
            driver,
            warned,
        };
        let set = session.client.batch_execute(SESSION).await;
        set.map_err(&connecting)?;
        Ok(session)
    }

    pub(super) async fn prepare(&self) -> Result<Statements, Error> {
        let prepare = |text: &'static str| async move {
            let prepared = self.client.prepare(text).await;
            prepared.map_err(failed("preparing"))
        };
        let locking = format!("{STANDING} FOR UPDATE");
        let locking = self.client.prepare(&locking).await;
        Ok(Statements {
            standing: prepare(STANDING).await?,
            locking: locking.map_err(failed("preparing"))?,
            time: prepare(TIME).await?,
            entries: prepare("SELECT id, entry FROM tieline_journal_entries WHERE id = ANY($1)")
                .await?,
            unsettled: prepare(
                "SELECT id, entry FROM tieline_journal_entries WHERE kept_until IS NULL",
            )
            .await?,
            put: prepare(
                "INSERT INTO tieline_journal_entries (id, kept_until, entry)
                 SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::text[])
                 ON CONFLICT (id) DO UPDATE
                 SET kept_until = excluded.kept_until, entry = excluded.entry",
            )
            .await?,
            remove: prepare("DELETE FROM tieline_journal_entries WHERE id = ANY($1)").await?,
            purge: prepare("DELETE FROM tieline_journal_entries WHERE kept_until <= $1").await?,
            note: prepare("UPDATE tieline_journal SET at = $1, wall = $2").await?,
            count: prepare(
                "INSERT INTO tieline_journal_writers AS known (writer, writes) VALUES ($1, 1)
                 ON CONFLICT (writer) DO UPDATE SET writes = known.writes + 1 RETURNING writes",
            )
            .await?,
        })
    }

    /// Whether the server has warned since this was last asked.
    pub(super) fn has_warned(&self) -> bool {
        self.warned.swap(false, Ordering::SeqCst)
    }
}

/// Keeps the connection going. A warning comes before the end of the statement that it is about.
async fn drive<S: Wire, T: Wire>(mut connection: Connection<S, T>, warned: Arc<AtomicBool>) {
    while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) if notice.code() == &SqlState::WARNING => {
                warned.store(true, Ordering::SeqCst);
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

/// An entry's id as it stands in a row.
pub(super) fn id_of(bytes: &[u8]) -> Option<EntryId> {
    bytes.try_into().ok().map(EntryId)
}

/// The server's own words can repeat what was sent; its codes cannot.
pub(super) fn failed(doing: &'static str) -> impl Fn(tokio_postgres::Error) -> Error {
    move |error| {
        let code = error.code().map_or("no code", SqlState::code).to_string();
        let source = std::error::Error::source(&error);
        let io = source.and_then(|source| source.downcast_ref::<io::Error>());
        let kind = match (error.as_db_error(), io) {
            (Some(_), _) => "it refused".to_string(),
            (None, Some(io)) => io.kind().to_string(),
            (None, None) if error.is_closed() => "the connection was closed".to_string(),
            (None, None) => "no usable answer".to_string(),
        };
        Error::Postgres(doing, kind, code)
    }
}
