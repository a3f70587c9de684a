//! The errors of the journal itself, with what to do.

use std::io;
use std::path::PathBuf;

/// The reason why the journal cannot say or keep something. After an error nothing may be sent to the
/// cloud under the key; an intent that was stored nevertheless turns unknown when its lease ends.
///
/// No error carries a secret, a parameter, an answer or an address with a password.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// SQLite failed: what was done and SQLite's own words.
    #[error("the journal's file failed while {0}: {1}; check that the disk has space and the file is writable")]
    Sqlite(&'static str, String),
    /// Another process works with the file.
    #[error("the journal {0} is in use by another process; stop that one, give each proxy a file of its own, or let several replicas share a PostgreSQL server")]
    InUse(PathBuf),
    /// The file was removed, moved or replaced while this process works with it.
    #[error("the journal's file {0} was removed or replaced while the proxy runs, so nothing is sent: what was created could not be recognised later; stop the proxy, put the file back where it was, and start the proxy again")]
    Removed(PathBuf),
    /// There was a journal, and its file is gone: the journal and the file that tells.
    #[error("the journal {0} is gone or empty, so that what it held could be created twice; put it back, or remove {1} to begin a new one")]
    Gone(PathBuf, PathBuf),
    /// There is no journal at this place, and none was to be made.
    #[error("there is no journal at {0}; check the path, and that this is the configuration of the proxy that you mean")]
    Absent(String),
    /// The file or its folder cannot be used.
    #[error("the journal {0} cannot be opened: {1}; check the path and its permissions")]
    File(PathBuf, io::ErrorKind),
    /// The store was written by a later version.
    #[error("the journal has format {0}, this version reads format {1}; use the version that wrote it, or a new journal")]
    Format(i64, i64),
    /// Redis failed: what was done, the category, and the server's error code.
    #[error("the journal's Redis server failed while {0}: {1} ({2}); check that it runs and that address and password are right")]
    Redis(&'static str, String, String),
    /// The server may forget what it acknowledged: which one, and what to set.
    #[error("the journal's {0} may lose entries: {1}; set it, or declare the server `trusted` if its operator guarantees durability by other means")]
    NotDurable(&'static str, String),
    /// PostgreSQL failed: what was done, the category, and the SQLSTATE.
    #[error("the journal's PostgreSQL server failed while {0}: {1} ({2}); check that it runs, that it takes writes, and that address, user and password are right")]
    Postgres(&'static str, String, String),
    /// Fewer replicas than required hold the entry.
    #[error("only {0} of {1} replicas of the journal's server hold the entry; check the replicas, then repeat")]
    NotReplicated(i64, u32),
    /// A commit of the PostgreSQL server was not waited for.
    #[error("the journal's PostgreSQL server did not wait for its standbys; check them and who cancels its queries, then repeat")]
    NotWaited,
    /// The server holds another journal than when it was opened, or none.
    #[error("the journal on the {0} was emptied or replaced while the proxy runs, so nothing is sent: what was created could not be recognised later; bring the server back that holds journal {1}, or restore its data; if they are lost, look up what the audit file has as unknown, and restart the proxy to begin a new journal")]
    Replaced(&'static str, String),
    /// The server lost what it had acknowledged, as after a failover or the restoring of a backup.
    #[error("the {0} has lost entries of the journal that it had acknowledged, as after a failover to a replica that was behind or when a backup is restored, so nothing is sent: what was created could be created again; look up what the audit file has as created lately, then restart the proxy")]
    Behind(&'static str),
    /// The server holds another journal than the configuration names.
    #[error("the {0} holds journal {1}, and the configuration names {2}; check the address, bring back the server that holds it, or change `identity` to begin with this one")]
    OtherIdentity(&'static str, String, String),
    /// The store forgot the entry of a request that was on its way.
    #[error("the journal has lost the entry of a request that was on its way, so nothing more is sent: what else it lost could be created twice; find out why (an eviction, a failover, somebody who deletes), then restart the proxy")]
    Forgot,
    /// An entry kept changing under too many writers.
    #[error("too many writers at one key; repeat the request a little later")]
    Contended,
    /// An entry or a reply of the store cannot be read. It never counts as absent.
    #[error(
        "an entry of the journal is unreadable; look the resource up, then remove the entry {0}"
    )]
    Unreadable(String),
    /// The store belongs to another secret.
    #[error("the journal was written with another secret: its keys cannot be recognised and requests could be executed twice; restore the secret's file, or use a new journal")]
    OtherSecret,
    /// A secret is not 64 hexadecimal digits.
    #[error("the journal's secret must be 64 hexadecimal digits; restore its file or value")]
    BadSecret,
    /// The secret's file cannot be used.
    #[error("the journal's secret file {0} cannot be read or made: {1}; check the path and its permissions")]
    SecretFile(PathBuf, io::ErrorKind),
    /// Others than its owner can use a secret's file.
    #[error("the journal's secret file {0} can be used by others; close it with `chmod 600`")]
    OpenSecret(PathBuf),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
    /// The journal's thread is gone.
    #[error("the journal has stopped; restart the proxy")]
    Stopped,
}

impl Error {
    /// Whether what was to be written is written, though on fewer servers than it must be.
    pub fn lacks_copies(&self) -> bool {
        matches!(self, Error::NotReplicated(..) | Error::NotWaited)
    }
}
