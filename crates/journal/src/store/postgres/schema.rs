//! The tables: made at the first start, recognised at each.

use tokio_postgres::Transaction;

use super::place::SERVER;
use super::session::{failed, Session};
use crate::error::Error;
use crate::store::standing::{name, Found, Opening, Standing};

/// The format of the tables.
const FORMAT: i64 = 1;

/// Two that start at once make the tables one after the other.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(7016996765293437281)";

const TABLES: &str = "
CREATE TABLE tieline_journal (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    format bigint NOT NULL,
    identity text NOT NULL,
    check_value text NOT NULL,
    at bigint NOT NULL, -- milliseconds on the journal's clock, when it was last noted
    wall bigint NOT NULL -- what the server's clock showed then
);
CREATE TABLE tieline_journal_entries (
    id bytea PRIMARY KEY,
    kept_until bigint, -- milliseconds on the journal's clock; NULL while the entry must be kept
    entry text NOT NULL
);
CREATE INDEX tieline_journal_by_time ON tieline_journal_entries (kept_until);
CREATE TABLE tieline_journal_writers (
    writer text PRIMARY KEY, -- a process
    writes bigint NOT NULL -- how often it has written
)";

/// Recognises the journal, or begins one if that is allowed.
pub(super) async fn open(session: &mut Session, opening: &Opening) -> Result<Found, Error> {
    let opened = failed("opening");
    let start = session.client.transaction().await.map_err(&opened)?;
    start.batch_execute(ONE_AT_A_TIME).await.map_err(&opened)?;
    let there = start
        .query_one("SELECT to_regclass('tieline_journal') IS NOT NULL", &[])
        .await
        .and_then(|row| row.try_get(0))
        .map_err(&opened)?;
    let found = match there {
        true => recognised(&start).await?,
        false if Standing::may_begin(opening) => begun(&start, opening).await?,
        false => Found {
            identity: String::new(),
            check_value: String::new(),
            begun: false,
        },
    };
    start.commit().await.map_err(&opened)?;
    Ok(found)
}

async fn recognised(start: &Transaction<'_>) -> Result<Found, Error> {
    let opened = failed("opening");
    let row = start
        .query_opt(
            "SELECT format, identity, check_value FROM tieline_journal",
            &[],
        )
        .await
        .map_err(&opened)?;
    // Somebody has emptied the table: what it held cannot be told from a journal that is new.
    let row = row.ok_or_else(|| Error::Absent(format!("the {SERVER} (its table is empty)")))?;
    let format: i64 = row.try_get(0).map_err(&opened)?;
    if format != FORMAT {
        return Err(Error::Format(format, FORMAT));
    }
    Ok(Found {
        identity: row.try_get(1).map_err(&opened)?,
        check_value: row.try_get(2).map_err(&opened)?,
        begun: false,
    })
}

async fn begun(start: &Transaction<'_>, opening: &Opening) -> Result<Found, Error> {
    let opened = failed("opening");
    let (identity, check_value) = (name()?, opening.check_value.clone());
    start.batch_execute(TABLES).await.map_err(&opened)?;
    start
        .execute(
            "INSERT INTO tieline_journal (format, identity, check_value, at, wall)
             SELECT $1, $2, $3, now, now
             FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now) AS clock",
            &[&FORMAT, &identity, &check_value],
        )
        .await
        .map_err(&opened)?;
    Ok(Found {
        identity,
        check_value,
        begun: true,
    })
}
