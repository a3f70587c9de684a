//! The format of an exported history: one JSON document with records and chains of receipts.
//!
//! Version 1 had records without events and no chains; both are read. Of a newer version is read what is
//! known of it, to be shown and not to be written.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::value::RawValue;
use tieline_catalog::check::values;
use tieline_catalog::{find, Action, Privacy, Raw};

use crate::event::{Event, Outcome, What};
use crate::receipt::Chain;
use crate::record::Record;

/// The name of the format.
pub const FORMAT: &str = "tieline-history";
/// The version that is written.
pub const VERSION: u32 = 2;
/// How far the clock of another machine may be ahead, in milliseconds.
const AHEAD_MS: u64 = 24 * 60 * 60 * 1_000;
/// The most events that a record may have.
const MAX_EVENTS: usize = 10_000;
/// The most of a note, as text fields count: in units of UTF-16.
pub const MAX_NOTE: usize = 2_000;

/// The head of a file; the records after it are joined by commas.
pub fn head() -> String {
    alloc::format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"records\":[\n")
}

/// What stands between the records and the chains, which are joined by commas, too.
pub const CHAINS: &str = "\n],\"chains\":[\n";

/// The end of a file.
pub const TAIL: &str = "\n]}\n";

/// A record or a chain in a file.
pub fn part(part: &impl serde::Serialize) -> String {
    serde_json::to_string(part).unwrap_or_default()
}

#[derive(Deserialize)]
struct File<'a> {
    format: String,
    version: u32,
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    chains: Vec<&'a RawValue>,
}

/// The records of a file alone: what else a newer version has may be of any shape.
#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

/// The head of a file alone, which every version has.
#[derive(Deserialize)]
struct Named {
    format: String,
    version: u32,
}

/// Why a file is none of ours, or cannot be understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// It is no JSON, or incomplete.
    NotJson,
    /// It is JSON, but no exported history.
    Foreign,
    /// A chain in it has no receipts that could be read.
    Chain,
    /// A newer version has written it, and it means what this one does not know.
    Newer,
}

/// A file that was opened.
#[derive(Clone, PartialEq, Debug)]
pub struct Opened<'a> {
    /// The version of its format.
    pub version: u32,
    /// Its records, unread.
    pub records: Vec<&'a str>,
    /// Its chains, unread: those of a long history are long.
    chains: Vec<&'a str>,
}

impl Opened<'_> {
    /// Whether a newer version has written it. It may mean more than is understood: it can be shown, and
    /// nothing of it may be written.
    pub fn is_newer(&self) -> bool {
        self.version > VERSION
    }

    /// Its chains.
    ///
    /// # Errors
    /// When one has not the shape of a chain.
    pub fn chains(&self) -> Result<Vec<Chain>, Unreadable> {
        let read = |json: &&str| serde_json::from_str(json).map_err(|_| Unreadable::Chain);
        self.chains.iter().map(read).collect()
    }
}

/// Opens a file.
///
/// # Errors
/// Why it is none of ours.
pub fn open(text: &str) -> Result<Opened<'_>, Unreadable> {
    let text = text.trim_start_matches('\u{feff}');
    let Ok(file) = serde_json::from_str::<File>(text) else {
        let named = serde_json::from_str::<Named>(text).ok();
        if let Some(named) = named.filter(|n| n.format == FORMAT && n.version > VERSION) {
            let listed = serde_json::from_str::<Listed>(text).map_err(|_| Unreadable::Newer)?;
            return Ok(Opened {
                version: named.version,
                records: listed.records.into_iter().map(RawValue::get).collect(),
                chains: Vec::new(),
            });
        }
        // Somebody else's JSON and no JSON at all are different mistakes.
        let json = serde_json::from_str::<&RawValue>(text).is_ok();
        return Err(match json {
            true => Unreadable::Foreign,
            false => Unreadable::NotJson,
        });
    };
    if file.format != FORMAT {
        return Err(Unreadable::Foreign);
    }
    Ok(Opened {
        version: file.version,
        records: file.records.into_iter().map(RawValue::get).collect(),
        chains: file.chains.into_iter().map(RawValue::get).collect(),
    })
}

/// Why a record cannot be taken over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bad {
    /// A member is missing or of the wrong type.
    Shape,
    /// It names no creation that is known.
    Operation,
    /// A member holds characters or a length that it cannot have.
    Values,
    /// Its times contradict each other or lie in the future.
    Times,
    /// Its outcome and its resource's id contradict each other.
    Outcome,
    /// Its parameters are not those of its operation.
    Params,
}

/// A record of a file, after checking, and how many values were left out because they are
/// personal or secret.
#[derive(PartialEq, Debug)]
pub struct Imported {
    /// The record, fit to be stored.
    pub record: Record,
    /// How many private parameters it carried.
    pub private: usize,
}

/// Reads a record of a file. `now` bounds its times.
///
/// # Errors
/// Why it cannot be taken over.
pub fn read(json: &str, now: u64) -> Result<Imported, Bad> {
    let mut record: Record = serde_json::from_str(json).map_err(|_| Bad::Shape)?;
    let op = find(&record.operation)
        .filter(|op| op.action == Action::Create)
        .ok_or(Bad::Operation)?;
    if !record.events.is_empty() {
        if record.events.len() > MAX_EVENTS {
            return Err(Bad::Values);
        }
        record.events.sort_by(crate::event::order);
        record.events.dedup();
        record.settle_members();
    }
    check_values(&record)?;
    let latest = record.events.iter().map(|event| event.at()).max();
    if record.created == 0
        || record.created > now
        || record.updated < record.created
        || latest.is_some_and(|at| at > now.saturating_add(AHEAD_MS))
    {
        return Err(Bad::Times);
    }
    if record.events.is_empty() {
        if record.outcome == Outcome::Pending {
            record.outcome = match record.resource_id {
                Some(_) => Outcome::Created,
                None => Outcome::Unknown,
            };
        }
        if (record.outcome == Outcome::Created) != record.resource_id.is_some() {
            return Err(Bad::Outcome);
        }
    }
    let raw = Raw::from_value(op, &record.params).map_err(|_| Bad::Params)?;
    let private = op
        .params
        .iter()
        .filter(|param| param.privacy != Privacy::Public)
        .filter(|param| record.params.get(param.name).is_some())
        .count();
    record.params = values(op, &raw).public().to_json();
    // A later time than now would win over every change to come.
    record.updated = record.updated.min(now);
    record.id = 0;
    Ok(Imported { record, private })
}

fn check_values(record: &Record) -> Result<(), Bad> {
    let visible = |text: &str, max: usize| {
        !text.is_empty() && text.len() <= max && text.bytes().all(|b| (0x21..0x7f).contains(&b))
    };
    let id = |text: &Option<String>| text.as_deref().is_none_or(|text| visible(text, 256));
    let text =
        |text: &Option<String>, max: usize| text.as_deref().is_none_or(|text| text.len() <= max);
    let short = |event: &Event| match event.what() {
        What::Note { text } => text.encode_utf16().count() <= MAX_NOTE,
        _ => true,
    };
    let mut notes = record.events.iter().filter(|event| event.name() == "note");
    let good = notes.all(short)
        && visible(&record.key, 128)
        && id(&record.resource_id)
        && id(&record.request_id)
        && text(&record.status, 128)
        && text(&record.code, 256)
        && text(&record.message, 16_384)
        && record.endpoint.len() <= 2_048
        && !record.endpoint.contains('@');
    match good {
        true => Ok(()),
        false => Err(Bad::Values),
    }
}

#[cfg(test)]
mod tests;
