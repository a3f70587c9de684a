//! `tieline-proxy verify`: whether an exported history is whole, and whether the audit and the journal
//! tell the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use tieline_catalog::answer::{decode, Answer};
use tieline_catalog::find;
use tieline_catalog::wire::Response;
use tieline_journal::{Error, Journal, Key};
use tieline_records::export::Unreadable;
use tieline_records::proof::{self, Loose, Report};
use tieline_records::{Outcome, Record, What};

/// The name by which records know the sandbox inside a page, whose creations no proxy sees.
const IN_PAGE: &str = "in-page sandbox";

/// What is compared.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The history that the console has exported as JSON.
    #[arg(value_name = "FILE")]
    export: PathBuf,
    /// The head that the chain had when somebody noted it: the chain must have passed it.
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    /// The proxy's audit file: each resource that one of the two knows the other must know; repeatable,
    /// for one that was rotated.
    #[arg(long, value_name = "FILE")]
    audit: Vec<PathBuf>,
    /// Of the audit only what this user did.
    #[arg(long, value_name = "NAME", requires = "audit")]
    user: Option<String>,
    /// The audit's proxy as the records name it, if they name more than one: `/api`.
    #[arg(long, value_name = "ENDPOINT", requires = "audit")]
    endpoint: Option<String>,
    /// The configuration whose journal is compared too; the audit names its entries. Stop the proxy
    /// before, if the journal is a file.
    #[arg(long, value_name = "FILE", requires = "audit")]
    pub(crate) config: Option<PathBuf>,
}

/// The most lines that name records of which nothing is proven, and the most that say what of others is not.
const MOST_NAMED: usize = 20;

/// What is to be said, and whether all is as it was written.
pub(crate) struct Verdict {
    text: String,
    differences: usize,
    /// Whether the receipts tell of everything.
    proven: bool,
}

impl Verdict {
    /// The text and whether nothing differs.
    pub(crate) fn told(mut self) -> (String, bool) {
        let whole = self.differences == 0;
        match self.differences {
            0 if self.proven => self.line("whole"),
            0 => self.line("whole as far as the receipts tell, and they do not tell everything"),
            one @ 1 => self.line(&format!("{one} difference")),
            more => self.line(&format!("{more} differences")),
        }
        (self.text, whole)
    }

    fn line(&mut self, line: &str) {
        // Names come from files: nothing in them may move a terminal's cursor.
        let plain = line
            .chars()
            .map(|c| if c.is_control() { '\u{fffd}' } else { c });
        self.text.extend(plain);
        self.text.push('\n');
    }

    fn differs(&mut self, what: &str) {
        self.differences += 1;
        self.line(&format!("BROKEN {what}"));
    }
}

/// Verifies what the arguments name. `with`: the journal, where it is to be compared.
///
/// # Errors
/// Why nothing can be said.
pub(crate) async fn verify(args: &VerifyArgs, with: Option<&Journal>) -> Result<Verdict, String> {
    let file = args.export.display();
    let text = read(&args.export)?;
    let report = proof::verify(&text).map_err(|why| match why {
        Unreadable::Newer => format!(
            "{file} was written by a newer version than this program. Nothing can be said about it: verify it with that version."
        ),
        why => format!("{file} is no exported history, or it is incomplete ({why:?})."),
    })?;
    let Some(report) = report else {
        return Err(format!(
            "{file} has no receipts: it comes from an earlier version, or from a console that keeps none. Nothing can be said about it."
        ));
    };
    let mut verdict = Verdict {
        text: String::new(),
        differences: 0,
        proven: report.unproven.is_empty() && report.loose.is_empty(),
    };
    verdict.line(&format!("{file}: {} records", report.records.len()));
    chains(&mut verdict, &report, args.head.as_deref());
    for finding in &report.findings {
        verdict.differs(&finding.to_string());
    }
    if report.partial {
        verdict.line("the export holds a part of the history only; nothing is said about the rest");
    }
    if !report.unproven.is_empty() {
        let count = report.unproven.len();
        verdict.line(&format!(
            "{count} records are older than the receipts, or came from a file without any; nothing proves them"
        ));
        for name in report.unproven.iter().take(MOST_NAMED) {
            verdict.line(&format!("UNPROVEN record {name}"));
        }
    }
    loose(&mut verdict, &report);
    if !args.audit.is_empty() {
        let audit = Audit::read(&args.audit, args.user.as_deref())?;
        let here = compare(&mut verdict, &report, &audit, args)?;
        if let Some(with) = with {
            let failed = |error| format!("[journal]: {error}.");
            let unknown = with.unknown().await.map_err(failed)?;
            let unknown: Vec<String> = unknown.iter().map(|entry| entry.id.to_string()).collect();
            journal(&mut verdict, &report, &audit, &unknown);
            let told = answers(&mut verdict, with, &audit, &here).await;
            told.map_err(failed)?;
        }
    }
    Ok(verdict)
}

/// What no receipt tells of in records that have some.
fn loose(verdict: &mut Verdict, report: &Report) {
    // All records of an import have this; there can be very many.
    let (imported, others): (Vec<_>, Vec<_>) =
        (report.loose.iter()).partition(|(_, loose)| *loose == Loose::Imported);
    for (name, loose) in others.iter().take(MOST_NAMED) {
        verdict.line(&format!("UNPROVEN record {name}: {loose}"));
    }
    let more = others.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        // A record can have several of them.
        verdict.line(&format!("{more} more such lines are left out"));
    }
    if !imported.is_empty() {
        let count = imported.len();
        verdict.line(&format!(
            "{count} records say that they, or something of them, came from a file; no receipt tells of that"
        ));
    }
    verdict.line(
        "not covered: no receipt is made of notes and of imports, so that one that was taken away leaves no trace",
    );
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}

fn chains(verdict: &mut Verdict, report: &Report, noted: Option<&str>) {
    for (id, receipts, head) in &report.chains {
        verdict.line(&format!("chain {id}: {receipts} receipts, head {head}"));
    }
    let Some(noted) = noted else {
        return;
    };
    match report.passed(noted) {
        true => verdict.line(&format!("the head {noted} is in it")),
        false => verdict.differs(&format!(
            "no chain has passed the head {noted}: what came after it, or all of it, was written anew"
        )),
    }
}

/// A line of the audit, as far as it is compared.
#[derive(Deserialize)]
struct Line {
    time: String,
    user: Option<String>,
    operation: String,
    idempotency_key: Option<String>,
    journal_entry: Option<String>,
    resource: Option<String>,
}

struct Audit {
    /// The resources: operation and id, with the line that tells of each.
    created: BTreeMap<(String, String), Line>,
    /// The journal's entries: operation and key.
    entries: BTreeMap<String, (String, String)>,
    /// The users whose lines count; nobody's name is empty.
    users: BTreeSet<String>,
    /// The time of its first line, as text: RFC 3339 in UTC.
    since: Option<String>,
    lines: usize,
    unreadable: usize,
}

impl Audit {
    fn read(files: &[PathBuf], user: Option<&str>) -> Result<Audit, String> {
        let mut audit = Audit {
            created: BTreeMap::new(),
            entries: BTreeMap::new(),
            users: BTreeSet::from([user.unwrap_or_default().to_string()]),
            since: None,
            lines: 0,
            unreadable: 0,
        };
        for file in files {
            let text = read(file)?;
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                audit.lines += 1;
                match serde_json::from_str::<Line>(line) {
                    Ok(line) => audit.take(line, user),
                    // A full disk or a crash leaves half a line.
                    Err(_) => audit.unreadable += 1,
                }
            }
        }
        if audit.lines > 0 && audit.since.is_none() {
            return Err("the audit file has no line that can be read.".to_string());
        }
        Ok(audit)
    }

    fn take(&mut self, line: Line, user: Option<&str>) {
        if self.since.as_ref().is_none_or(|since| line.time < *since) {
            self.since = Some(line.time.clone());
        }
        if user.is_some() && line.user.as_deref() != user {
            return;
        }
        self.users.insert(line.user.clone().unwrap_or_default());
        if let (Some(entry), Some(key)) = (&line.journal_entry, &line.idempotency_key) {
            let name = (line.operation.clone(), key.clone());
            self.entries.insert(entry.clone(), name);
        }
        if let Some(id) = line.resource.clone() {
            self.created.insert((line.operation.clone(), id), line);
        }
    }
}

/// The endpoint of a record, without the account that it names.
fn endpoint(record: &Record) -> &str {
    without_account(&record.endpoint)
}

fn without_account(endpoint: &str) -> &str {
    endpoint
        .split_once(" (")
        .map_or(endpoint, |(alone, _)| alone)
}

/// The ids of a record, by how it knows them.
#[derive(Default)]
struct Ids {
    /// Answers gave them.
    answered: BTreeSet<String>,
    /// Its receipts tell of them: those, and what was taken over.
    known: BTreeSet<String>,
    /// It says so without a receipt.
    said: BTreeSet<String>,
}

impl Ids {
    fn of(record: &Record) -> Ids {
        let mut ids = Ids::default();
        for event in record.timeline().iter() {
            match event.what() {
                What::Answer { id: Some(id), .. } => drop(ids.answered.insert(id)),
                What::Adopted { id, .. } => drop(ids.known.insert(id)),
                What::Before(before) => ids.said.extend(before.id),
                _ => {}
            }
        }
        ids.known.extend(ids.answered.iter().cloned());
        ids
    }
}

/// Each resource that one of the two knows the other must know. Returns the records that were sent to the audit's proxy.
fn compare<'a>(
    verdict: &mut Verdict,
    report: &'a Report,
    audit: &Audit,
    args: &VerifyArgs,
) -> Result<Vec<&'a Record>, String> {
    let sent = report.records.iter().filter(|r| r.endpoint != IN_PAGE);
    let all: Vec<&Record> = sent.collect();
    let endpoints: BTreeSet<&str> = all.iter().map(|record| endpoint(record)).collect();
    let theirs = match (&args.endpoint, endpoints.len()) {
        (Some(named), _) => Some(named.as_str()),
        (None, 0 | 1) => endpoints.first().copied(),
        (None, _) => {
            let endpoints: Vec<&str> = endpoints.into_iter().collect();
            return Err(format!(
                "the records were sent to {}: say by --endpoint which of them the audit is of.",
                endpoints.join(", ")
            ));
        }
    };
    let here = all.into_iter().filter(|r| Some(endpoint(r)) == theirs);
    let here: Vec<&Record> = here.collect();
    let (mut known, mut said) = (BTreeSet::new(), BTreeSet::new());
    let mut older = 0;
    for record in &here {
        let Ids {
            answered,
            known: all,
            said: unproven,
        } = Ids::of(record);
        let operation = || record.operation.clone();
        known.extend(all.into_iter().map(|id| (operation(), id)));
        let own = unproven.into_iter();
        said.extend(own.map(|id| (operation(), record.key.clone(), id)));
        let sent = tieline_signature::utc(record.created);
        if audit.since.as_ref().is_none_or(|since| sent < *since) {
            older += 1;
            continue;
        }
        for id in answered {
            let name = (record.operation.clone(), id);
            if !audit.created.contains_key(&name) {
                verdict.differs(&format!(
                    "{} {}: the record has this resource, and the audit has not",
                    name.0, name.1
                ));
            }
        }
    }
    let mut outside = 0;
    for ((operation, id), line) in &audit.created {
        let key = line.idempotency_key.as_deref().unwrap_or("without a key");
        // What no receipt proves counts for what the audit has under the same key.
        let told = (operation.clone(), key.to_string(), id.clone());
        if known.contains(&(operation.clone(), id.clone())) || said.contains(&told) {
            continue;
        }
        let deleted = report.is_deleted(operation, key);
        if report.partial || deleted {
            outside += 1;
            continue;
        }
        let user = line.user.as_deref().unwrap_or("somebody");
        verdict.differs(&format!(
            "{operation} {id}: the audit has this resource ({}, {user}, {key}), and no record has",
            line.time
        ));
    }
    let mut said = format!(
        "audit: {} resources created, {} records sent there",
        audit.created.len(),
        here.len()
    );
    for (count, what) in [
        (older, "records are older than the audit"),
        (
            outside,
            "resources are of records that were left out or deleted",
        ),
        (audit.unreadable, "lines cannot be read"),
    ] {
        if count > 0 {
            let _ = write!(said, "; {count} {what}");
        }
    }
    verdict.line(&said);
    Ok(here)
}

/// What the journal does not know the outcome of must be in the export, where somebody sees it.
fn journal(verdict: &mut Verdict, report: &Report, audit: &Audit, unknown: &[String]) {
    let (mut open, mut settled, mut others) = (0, 0, 0);
    for entry in unknown {
        let Some((operation, key)) = audit.entries.get(entry) else {
            others += 1;
            continue;
        };
        let record = report
            .records
            .iter()
            .find(|record| record.operation == *operation && record.key == *key);
        match record.map(|record| record.outcome) {
            Some(Outcome::Pending | Outcome::Unknown) => open += 1,
            Some(_) => settled += 1,
            None if report.partial => others += 1,
            None => verdict.differs(&format!(
                "{operation} {key}: its outcome is unknown to the journal (entry {entry}), and no record tells of it"
            )),
        }
    }
    verdict.line(&format!(
        "journal: {} with an unknown outcome; {open} are unknown here too, {settled} were settled here, {others} are not of this export",
        unknown.len()
    ));
}

/// What the journal has answered must be what the records say, also where the audit lacks its line: the key alone leads
/// to it, and the users whose keys they may be are the audit's.
async fn answers(
    verdict: &mut Verdict,
    journal: &Journal,
    audit: &Audit,
    here: &[&Record],
) -> Result<(), Error> {
    let mut compared = 0;
    for record in here {
        let mut told = Vec::new();
        for user in &audit.users {
            let entry = journal.id(&Key {
                principal: user,
                operation: &record.operation,
                idempotency_key: &record.key,
            });
            let answer = journal.answer(&entry).await?;
            told.extend(answer.and_then(|answer| differs(record, answer, audit)));
        }
        compared += usize::from(!told.is_empty());
        // A key of two users is the record's of one of them.
        if let (Some(Some(what)), false) = (told.first(), told.contains(&None)) {
            verdict.differs(&format!("{} {}: {what}", record.operation, record.key));
        }
    }
    verdict.line(&format!("journal: {compared} answers compared"));
    Ok(())
}

/// How a record differs from the journal's answer under its key, if it does; `None` where nothing can be said.
fn differs(
    record: &Record,
    stored: tieline_journal::Answer,
    audit: &Audit,
) -> Option<Option<String>> {
    let op = find(&record.operation)?;
    let response = Response {
        status: stored.status,
        content_type: stored.content_type,
        headers: stored.headers,
        body: stored.body,
    };
    let ids = Ids::of(record);
    match decode(op, &response) {
        Answer::Created(created) => {
            let id = created.id;
            let is_known = ids.known.contains(&id) || ids.said.contains(&id);
            // What the audit has too was told with its line.
            let told = audit
                .created
                .contains_key(&(record.operation.clone(), id.clone()));
            let lost = format!(
                "the journal has answered with the resource {id}, and the record has it not"
            );
            Some((!is_known && !told).then_some(lost))
        }
        // Nobody says that it is not there.
        Answer::Unknown(_) => None,
        Answer::Rejected(_) | Answer::NotExecuted(_) => {
            let elsewhere = |what: What| match what {
                What::Attempt { endpoint, .. } => {
                    without_account(&endpoint) != self::endpoint(record)
                }
                _ => false,
            };
            if record.events.iter().any(|event| elsewhere(event.what())) {
                return None;
            }
            let id = ids.answered.first();
            Some(id.map(|id| {
                format!(
                    "the record was answered with the resource {id}, and the journal has a refusal"
                )
            }))
        }
    }
}
