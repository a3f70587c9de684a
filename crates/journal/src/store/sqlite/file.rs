//! The journal's file: locked, recognised, with a clock of its own, and watched for being removed.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use rusqlite::{
    params, Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior,
};

use super::entries::{store, unsettled, whole};
use crate::clock::{onward, Now, Steady};
use crate::entry::{Change, Entry};
use crate::error::Error;

/// The format of the file, in `PRAGMA user_version`.
const FORMAT: i64 = 1;

/// As long as the log gets before SQLite starts it anew (1000 pages) and a batch more, in bytes.
const ROOM: usize = 1200 * 4096;

/// Ids are digests, so they come in no order. Only their small index has that: the entries, which are
/// large, lie in the order of their arrival, so that a batch writes few pages.
const SCHEMA: &str = "
CREATE TABLE store (check_value TEXT NOT NULL) STRICT;
CREATE TABLE entries (
    number INTEGER PRIMARY KEY, -- in the order of arrival
    id BLOB NOT NULL UNIQUE,
    kept_until INTEGER, -- milliseconds on the store's clock; NULL while the entry must be kept
    entry TEXT NOT NULL
) STRICT;
CREATE INDEX by_time ON entries (kept_until);
";

/// What the store's clock showed when, a row at most. An earlier version does without.
const CLOCK: &str = "
CREATE TABLE IF NOT EXISTS clock (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at INTEGER NOT NULL, -- milliseconds on the store's clock
    wall INTEGER NOT NULL -- what the machine's clock showed then
) STRICT;
";

/// An open journal.
pub(super) struct File {
    pub(super) connection: Connection,
    /// Goes on from what it showed when it was last noted.
    pub(super) clock: Steady,
    place: Place,
    /// Whether what is written at the opening is written. It is written once: from then on what is held
    /// is this process's own.
    caught_up: bool,
    /// Whether the files have grown ahead of what is written.
    roomy: bool,
    /// Held as long as the file is open, also when the file itself has been removed.
    _lock: Option<Lock>,
}

/// A lock, released with the value: were its file only closed, a process that is just being started
/// from this one would hold it a little longer.
struct Lock(fs::File);

impl Lock {
    /// Whether there has been a journal with tables. Before, a crash may leave a file without.
    fn is_marked(&self) -> bool {
        self.0.metadata().is_ok_and(|found| found.len() > 0)
    }

    /// Notes that there is one. On a full disk that is left to a later opening.
    fn mark(&mut self) {
        if !self.is_marked() {
            let _ = self.0.write_all(b"1").and_then(|()| self.0.sync_all());
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.unlock().ok();
    }
}

impl File {
    pub(super) fn open(
        path: &Path,
        check_value: &str,
        create: bool,
        wall: fn() -> u64,
    ) -> Result<File, Error> {
        let mut lock = match (path.exists(), create) {
            (true, _) => lock(path, create)?,
            (false, false) => return Err(Error::Absent(path.display().to_string())),
            (false, true) => {
                // There was one: a new one in its place would know nothing of what was created.
                if beside(path).exists() {
                    lock(path, create)?;
                    return Err(Error::Gone(path.to_path_buf(), beside(path)));
                }
                make(path)?;
                lock(path, create)?
            }
        };
        let place = Place::of(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opening = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Error::InUse(path.to_path_buf())
            }
            _ => Error::Sqlite("opening", error.to_string()),
        };
        let mut connection = Connection::open_with_flags(path, flags).map_err(opening)?;
        // The exclusive lock holds as long as the process lives and goes with it, however it ends.
        connection
            .execute_batch("PRAGMA locking_mode = EXCLUSIVE;")
            .map_err(opening)?;
        let known = format(&connection).map_err(opening)?;
        // There was one, and somebody has emptied its file.
        if known == 0 && lock.as_ref().is_some_and(Lock::is_marked) {
            return Err(Error::Gone(path.to_path_buf(), beside(path)));
        }
        if !create && known == 0 {
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
        recognise(&start, check_value)?;
        let at = time(&start, wall()).map_err(opening)?;
        start.commit().map_err(opening)?;
        if let Some(lock) = &mut lock {
            lock.mark();
        }
        let mut file = File {
            connection,
            clock: Steady::starting_at(at, wall),
            place,
            caught_up: false,
            roomy: false,
            _lock: lock,
        };
        match file.start_anew().and_then(|()| file.grow()) {
            Ok(()) => {}
            // The answers that are there can be given all the same; nothing new is sent before what
            // is to be written can be.
            Err(Failed::Writing) if known != 0 => {}
            Err(Failed::Writing) => {
                return Err(Error::Sqlite(
                    "opening",
                    "nothing can be written".to_string(),
                ))
            }
            Err(Failed::For(error)) => return Err(error),
        }
        file.check()?;
        Ok(file)
    }

    /// Whether the file is still where it was.
    ///
    /// # Errors
    /// [`Error::Removed`].
    pub(super) fn check(&mut self) -> Result<(), Error> {
        match self.place.is_there() {
            true => Ok(()),
            false => Err(Error::Removed(self.place.file.clone())),
        }
    }

    /// Writes what could not be written at the opening. Until then nothing may be changed: what this
    /// process held would be given up with what a crashed one did.
    ///
    /// # Errors
    /// It cannot be written yet.
    pub(super) fn catch_up(&mut self) -> Result<(), Error> {
        self.start_anew().map_err(|failed| match failed {
            Failed::Writing => Error::Sqlite("writing", "nothing can be written".to_string()),
            Failed::For(error) => error,
        })
    }

    /// Makes room where there was none at the opening; without, it is only slower.
    pub(super) fn make_room(&mut self) {
        self.grow().ok();
    }

    fn grow(&mut self) -> Result<(), Failed> {
        if !self.roomy {
            make_room(&self.connection)?;
            self.roomy = true;
        }
        Ok(())
    }

    /// Gives up what a crashed process held, and notes the clock.
    fn start_anew(&mut self) -> Result<(), Failed> {
        if self.caught_up {
            return Ok(());
        }
        let now = self.clock.now();
        let start = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        start.execute_batch(CLOCK)?;
        note(&start, now)?;
        for (id, text) in unsettled(&start)? {
            let entry = Entry::from_json(&text, &id).map_err(Failed::For)?;
            if let Some(abandoned) = entry.abandoned(now) {
                store(&start, &id, Change::Put(abandoned))?;
            }
        }
        start.commit()?;
        self.caught_up = true;
        Ok(())
    }
}

/// Why the start of an opening failed.
enum Failed {
    /// The disk takes nothing more.
    Writing,
    /// Anything else.
    For(Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Failed {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Failed::Writing,
            // SQLite's words name tables and codes, never values: all values are bound.
            _ => Failed::For(Error::Sqlite("opening", error.to_string())),
        }
    }
}

/// Where a journal is, and which file that is.
struct Place {
    file: PathBuf,
    is: Identity,
    /// Without the write-ahead log the file lacks what was written last.
    log: PathBuf,
    log_is: Option<Identity>,
}

/// The device and the number of a file; a file that is open keeps its number for itself.
type Identity = (u64, u64);

impl Place {
    fn of(path: &Path) -> Result<Place, Error> {
        let failed = |error: std::io::Error| Error::File(path.to_path_buf(), error.kind());
        // SQLite puts the log beside what a link leads to.
        let file = path.canonicalize().map_err(failed)?;
        let mut log = file.clone().into_os_string();
        log.push("-wal");
        Ok(Place {
            is: identity(&file).ok_or(Error::Removed(path.to_path_buf()))?,
            file,
            log: log.into(),
            log_is: None,
        })
    }

    fn is_there(&mut self) -> bool {
        let log = identity(&self.log);
        self.log_is = self.log_is.or(log);
        identity(&self.file) == Some(self.is) && self.log_is == log
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.exists().then_some((1, 1))
}

/// Makes the file where there is none. SQLite would make it readable by others; its helper files take
/// its permissions.
fn make(path: &Path) -> Result<(), Error> {
    match private().create_new(true).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(Error::File(path.to_path_buf(), error.kind()))
        }
        _ => Ok(()),
    }
}

/// For a file that its owner alone can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The file beside the journal that is locked. It stays, and so tells that there was a journal.
fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_os_string();
    beside.push(".lock");
    beside.into()
}

/// Locks a file beside the journal. SQLite's own lock goes with the journal's file: were that removed,
/// a second process could make another in its place while this one runs. `None` where there is no such
/// file and none can or shall be made; SQLite's lock remains.
fn lock(path: &Path, create: bool) -> Result<Option<Lock>, Error> {
    let beside = beside(path);
    let opened = private().create(create).truncate(false).open(&beside);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound && !create => return Ok(None),
        Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(None),
        Err(error) => return Err(Error::File(path.to_path_buf(), error.kind())),
    };
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Err(Error::InUse(path.to_path_buf())),
        // A file system without locks has SQLite's or none.
        Err(fs::TryLockError::Error(_)) | Ok(()) => Ok(Some(Lock(file))),
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

/// Makes the tables, or recognises them.
fn recognise(start: &Transaction<'_>, check_value: &str) -> Result<(), Error> {
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
    Ok(())
}

/// The store's time at an opening at which the machine's clock shows `wall`: never behind what was
/// noted, nor far ahead of it.
fn time(start: &Transaction<'_>, wall: u64) -> rusqlite::Result<u64> {
    let tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'clock'";
    let kept: i64 = start.query_row(tables, [], |row| row.get(0))?;
    if kept == 0 {
        return Ok(wall);
    }
    let noted: Option<(i64, i64)> = start
        .query_row("SELECT at, wall FROM clock", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(noted.map_or(wall, |(at, then)| {
        let positive = |number: i64| u64::try_from(number).unwrap_or(0);
        onward(positive(at), positive(then), wall)
    }))
}

/// Notes what the clock shows.
pub(super) fn note(batch: &Transaction<'_>, now: Now) -> rusqlite::Result<usize> {
    batch.execute(
        "INSERT OR REPLACE INTO clock (one, at, wall) VALUES (1, ?1, ?2)",
        params![whole(now.store), whole(now.wall)],
    )
}
