//! The audit: who did what, one JSON line for each request that is for a cloud.
//!
//! A creation has two lines, joined by `request`: one before it is sent (`begun`), one with its
//! outcome. When the first cannot be written nothing is created. When the second cannot, the answer
//! still goes to the client, since its id is worth more than the line; the log says so.
//!
//! Parameters stand there only as a digest, keyed with the journal's secret: a phone number or an
//! identity card's cannot be found out by trying all of them. Lines are ASCII, so nothing that a
//! client sends can end one or move a terminal's cursor.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::response::Response;
use serde::Serialize;
use tieline_catalog::model::Operation;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::log;
use crate::platform;

/// The longest id of a cloud's in characters; a longer one is cut.
const MAX_ID: usize = 128;

/// The time limit for a line. What takes longer (a pipe that nobody reads, a file server that is gone) would
/// otherwise hold every request.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// The outcome of a request, for the audit and the metrics. Responses have it among their
/// extensions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// `created`, `replayed`, `answered`, `rejected`, `not-executed`, `unknown`, or the name of the
    /// proxy's own problem.
    pub name: &'static str,
    /// The cloud's id of the request.
    pub cloud_request: Option<String>,
    /// The id of the resource that was created.
    pub resource: Option<String>,
}

impl Outcome {
    /// An outcome of which nothing else is known.
    pub fn named(name: &'static str) -> Outcome {
        Outcome {
            name,
            cloud_request: None,
            resource: None,
        }
    }

    /// The outcome of the request that this response is for.
    pub fn of(response: &Response) -> Outcome {
        let noted = response.extensions().get::<Outcome>().cloned();
        noted.unwrap_or_else(|| Outcome::named(Outcome::name_of(response)))
    }

    /// The name of what became of it.
    pub fn name_of(response: &Response) -> &'static str {
        match response.extensions().get::<Outcome>() {
            Some(noted) => noted.name,
            None if response.status().as_u16() < 400 => "answered",
            None => "refused",
        }
    }
}

/// The audit file.
#[derive(Clone)]
pub struct Audit {
    path: Option<PathBuf>,
    /// Lines are written one at a time. Whoever waits for this occupies no thread.
    writing: Arc<Mutex<()>>,
}

impl Audit {
    /// The audit in this file; without one nothing is written.
    pub fn new(path: Option<PathBuf>) -> Audit {
        Audit {
            path,
            writing: Arc::default(),
        }
    }

    /// Whether anything is written.
    pub fn is_kept(&self) -> bool {
        self.path.is_some()
    }

    /// Writes a line and waits until the system has it, though not for long. What is `done` is written also when
    /// it takes longer: there is no more of it than was begun. Any other line is given up then.
    ///
    /// # Errors
    /// When it could not be written in time; the log has the reason.
    pub async fn write(
        &self,
        entry: &Entry,
        outcome: &Outcome,
        done: bool,
    ) -> Result<(), Unwritten> {
        let Some(path) = self.path.clone() else {
            return Ok(());
        };
        let (line, writing) = (entry.line(outcome), self.writing.clone());
        let written = async {
            let one = writing.lock_owned().await;
            let written = tokio::task::spawn_blocking(move || {
                // Kept also when nobody waits any more: a second line would only hang too.
                let _one = one;
                append(&path, &line)
            });
            written.await.unwrap_or_else(|ended| Err(ended.into()))
        };
        let written = match done {
            true => {
                let written = async {
                    tokio::spawn(written)
                        .await
                        .unwrap_or_else(|e| Err(e.into()))
                };
                timeout(TIME_LIMIT, written).await
            }
            false => timeout(TIME_LIMIT, written).await,
        };
        written
            .unwrap_or_else(|late| Err(late.into()))
            .map_err(|error| {
                log::problem(&format!("the audit file cannot be written: {error}"));
                Unwritten
            })
    }
}

/// An audit line was not written.
#[derive(Debug)]
pub struct Unwritten;

/// Makes the file, readable by its owner only, if it is not there.
///
/// # Errors
/// When lines cannot be appended to it.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether lines can be appended to the file, as far as can be told without making it.
///
/// # Errors
/// Why they cannot.
#[cfg(feature = "live")]
pub fn examine(path: &Path) -> io::Result<()> {
    match OpenOptions::new().append(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            std::fs::read_dir(folder.unwrap_or(Path::new("."))).map(|_| ())
        }
        opened => opened.map(|_| ()),
    }
}

/// Appends a line. The file is opened each time, so that one that was moved away (logrotate) is made
/// anew. What a full disk or a killed process left of the line before does not spoil this one.
fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = open(path)?;
    let start = if is_torn(path) { "\n" } else { "" };
    file.write_all(format!("{start}{line}\n").as_bytes())
}

/// Whether the last line of a file is only half there. What is no file (a pipe) has no last line.
fn is_torn(path: &Path) -> bool {
    let last = || -> io::Result<Option<u8>> {
        let mut file = File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Ok(None);
        }
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        Ok(Some(last[0]))
    };
    path.is_file() && !matches!(last(), Ok(None | Some(b'\n')))
}

/// A request's entry in the audit.
#[derive(Clone, Debug)]
pub struct Entry {
    started: Instant,
    /// Drawn for the first line.
    request: OnceLock<String>,
    /// The user, where somebody has to log in.
    pub user: Option<String>,
    operation: &'static str,
    /// The profile whose account is used.
    pub profile: Option<String>,
    /// The keyed digest of the parameters.
    pub parameters: Option<String>,
    /// The client's `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// The journal's entry for it, as `tieline-proxy journal` lists it.
    pub journal_entry: Option<String>,
    /// Whether there is a line that says that it has begun.
    pub begun: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    request: &'a str,
    user: &'a Option<String>,
    operation: &'static str,
    profile: &'a Option<String>,
    parameters: &'a Option<String>,
    idempotency_key: &'a Option<String>,
    journal_entry: &'a Option<String>,
    outcome: &'static str,
    resource: Option<String>,
    cloud_request_id: Option<String>,
    duration_ms: u64,
}

impl Entry {
    /// A request for an operation that begins now.
    pub fn new(op: &'static Operation) -> Entry {
        Entry {
            started: Instant::now(),
            request: OnceLock::new(),
            user: None,
            operation: op.name,
            profile: None,
            parameters: None,
            idempotency_key: None,
            journal_entry: None,
            begun: false,
        }
    }

    fn line(&self, outcome: &Outcome) -> String {
        let took = self.started.elapsed().as_millis();
        let cut = |id: &Option<String>| id.as_ref().map(|id| id.chars().take(MAX_ID).collect());
        let line = Line {
            time: platform::timestamp(),
            request: self
                .request
                .get_or_init(|| format!("{:032x}", platform::entropy())),
            user: &self.user,
            operation: self.operation,
            profile: &self.profile,
            parameters: &self.parameters,
            idempotency_key: &self.idempotency_key,
            journal_entry: &self.journal_entry,
            outcome: outcome.name,
            resource: cut(&outcome.resource),
            cloud_request_id: cut(&outcome.cloud_request),
            duration_ms: u64::try_from(took).unwrap_or(u64::MAX),
        };
        // Texts and numbers always serialize.
        ascii(&serde_json::to_string(&line).unwrap_or_default())
    }
}

/// The same JSON in printable ASCII. What JSON leaves as it is, a line separator of Unicode or a
/// terminal's control character, can only stand in its strings, where it has an escape.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if (' '..='~').contains(&character) {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn entry() -> Entry {
        let op = tieline_catalog::creations().next().expect("an operation");
        Entry::new(op)
    }

    proptest::proptest! {
        #[test]
        fn a_line_is_one_line_and_says_what_was_meant(
            user in "\\PC{0,8}[\\r\\n\\x1b\\x7f\u{85}\u{9b}\u{2028}\u{2029}\u{202e}\u{1f600}]{0,8}",
            key in "(?s).{0,20}",
        ) {
            let mut entry = entry();
            entry.user = Some(user.clone());
            entry.idempotency_key = Some(key.clone());
            let outcome = Outcome {
                name: "created",
                cloud_request: Some(user.clone()),
                resource: Some(key.clone()),
            };
            let line = entry.line(&outcome);
            proptest::prop_assert!(line.bytes().all(|b| (b' '..=b'~').contains(&b)), "{}", line);
            let read: Value = serde_json::from_str(&line).expect("JSON");
            proptest::prop_assert_eq!(&read["user"], &user);
            proptest::prop_assert_eq!(&read["idempotency_key"], &key);
            proptest::prop_assert_eq!(&read["resource"], &key);
        }
    }

    #[test]
    fn what_a_cloud_calls_an_id_is_cut() {
        let outcome = Outcome {
            cloud_request: Some("x".repeat(10_000)),
            ..Outcome::named("unknown")
        };
        assert!(entry().line(&outcome).len() < 600);
    }

    #[test]
    fn a_torn_line_spoils_no_other_whoever_left_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("audit.jsonl");
        for (before, after) in [
            ("", "{}\n{}\n"),
            ("{}\n", "{}\n{}\n{}\n"),
            ("{\"half\":", "{\"half\":\n{}\n{}\n"),
            ("{}\n{\"half\":", "{}\n{\"half\":\n{}\n{}\n"),
        ] {
            std::fs::write(&path, before).expect("written");
            append(&path, "{}").expect("written");
            append(&path, "{}").expect("written");
            let text = std::fs::read_to_string(&path).expect("text");
            assert_eq!(text, after);
        }
    }
}
