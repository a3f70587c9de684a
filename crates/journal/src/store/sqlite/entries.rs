//! The entries as rows of the file.

use rusqlite::{params, Connection, Transaction};

use crate::entry::Change;
use crate::types::EntryId;

/// The entries that must be kept: held, or of unknown outcome.
pub(super) fn unsettled(connection: &Connection) -> rusqlite::Result<Vec<(EntryId, String)>> {
    let mut open = connection.prepare("SELECT id, entry FROM entries WHERE kept_until IS NULL")?;
    let rows = open.query_map([], |row| Ok((EntryId(row.get(0)?), row.get(1)?)))?;
    rows.collect()
}

/// A number as SQLite stores it.
pub(super) fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Does to an entry's row what a step says.
pub(super) fn store(batch: &Transaction<'_>, id: &EntryId, change: Change) -> rusqlite::Result<()> {
    match change {
        Change::Keep => {}
        Change::Put(entry) => {
            let until = entry.kept_until();
            let until = until.map(whole);
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
