//! Receipts: one for each event that matters, chained by hash.
//!
//! A history has a chain of its own, which begins with a random id. Each receipt names the hash of the
//! one before, so that none can be changed, left out, put elsewhere or added unseen, as far as the head
//! is known: who has noted it finds out, too, when the end is cut off and a new head written.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};

use crate::canonical::{canonical_object, digest, sha256};
use crate::event::{Event, What};
use crate::record::{request_digest, Record};

/// The name of what a receipt of a deletion is about.
pub const DELETED: &str = "deleted";
/// The name of what a receipt is about that says that a record is there again after its deletion.
pub const RESTORED: &str = "restored";
/// The name of what a receipt of an export is about.
pub const EXPORTED: &str = "exported";
/// The name of what a receipt is about that says how far the records of another chain were imported.
pub const TAKEN: &str = "taken";

/// A receipt as it is stored: what is hashed is all of it, also what this version does not know.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Receipt(Map<String, Value>);

impl Receipt {
    /// Its place in the chain, from 0.
    pub fn seq(&self) -> Option<u64> {
        self.0.get("seq")?.as_u64()
    }

    /// The hash of the receipt before; of the chain's beginning for the first.
    pub fn prev(&self) -> &str {
        self.text("prev")
    }

    /// When it was made, in milliseconds since 1970.
    pub fn time(&self) -> u64 {
        let time = self.0.get("time").and_then(Value::as_u64);
        time.unwrap_or_default()
    }

    /// What it is about: an event's name, [`DELETED`], [`RESTORED`], [`EXPORTED`] or [`TAKEN`].
    pub fn event(&self) -> &str {
        self.text("event")
    }

    /// The operation of the record that it is about.
    pub fn operation(&self) -> &str {
        self.text("operation")
    }

    /// The idempotency key of the record that it is about.
    pub fn key(&self) -> &str {
        self.text("key")
    }

    /// The SHA-256 of the event that it is about.
    pub fn digest(&self) -> Option<&str> {
        self.0.get("digest")?.as_str()
    }

    /// The SHA-256 of each event of which it tells: of the one that it is about, or of those with which a record is
    /// there again.
    pub fn digests(&self) -> impl Iterator<Item = &str> {
        let all = self.0.get("events").and_then(Value::as_array);
        let all = all.into_iter().flatten().filter_map(Value::as_str);
        self.digest().into_iter().chain(all)
    }

    /// Whether it tells of a record that is there: of one of its events, or that it is there again.
    pub fn has_record(&self) -> bool {
        self.digest().is_some() || self.event() == RESTORED
    }

    /// The digest of the parameters, for an attempt and for what was found and taken over.
    pub fn request(&self) -> Option<&str> {
        self.0.get("request")?.as_str()
    }

    /// The number of records in the export that it is about.
    pub fn records(&self) -> Option<u64> {
        self.0.get("records")?.as_u64()
    }

    /// The id of the chain whose records were imported, for [`TAKEN`].
    pub fn taken(&self) -> &str {
        self.text("taken")
    }

    /// Whether the export or the import that it is about holds a part of the history only.
    pub fn is_partial(&self) -> bool {
        self.0.get("partial") == Some(&Value::Bool(true))
    }

    /// The SHA-256 of its canonical form, which the next one names.
    pub fn hash(&self) -> String {
        sha256(&canonical_object(&self.0))
    }

    fn text(&self, name: &str) -> &str {
        let text = self.0.get(name).and_then(Value::as_str);
        text.unwrap_or_default()
    }
}

/// What a receipt is made of.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry(Map<String, Value>);

impl Entry {
    /// An event of a record; `None` when no receipt is made of it.
    pub fn of(record: &Record, event: &Event) -> Option<Entry> {
        let what = Some(event).filter(|event| event.may_get_receipt())?.what();
        let mut entry = Entry::about(event.name(), record);
        entry.put("digest", Some(event.digest()));
        entry.put("endpoint", Some(record.endpoint.clone()));
        match what {
            What::Attempt {
                endpoint, profile, ..
            } => {
                entry.put("endpoint", Some(endpoint));
                entry.put("profile", profile);
                entry.put("request", Some(request_digest(&record.params)));
            }
            What::Answer {
                outcome,
                id,
                request_id,
                ..
            } => {
                entry.put("outcome", Some(outcome.code().to_string()));
                entry.put("id", id);
                entry.put("request_id", request_id);
            }
            What::Adopted { id, endpoint, .. } => {
                entry.put("id", Some(id));
                // No request tells what was taken over: its parameters are what the cloud told.
                let told = endpoint.map(|_| request_digest(&record.params));
                entry.put("request", told);
            }
            What::Status { id, .. } => entry.put("id", Some(id)),
            // Its digest says all of it.
            What::LookUp { .. } => {}
            // It has the name of what gets a receipt, and cannot be read as such.
            _ => return None,
        }
        Some(entry)
    }

    /// The deletion of a record.
    pub fn deleted(record: &Record) -> Entry {
        Entry::about(DELETED, record)
    }

    /// A record that is there again after its deletion, with all of its events that get a receipt.
    pub fn restored(record: &Record) -> Entry {
        let mut entry = Entry::about(RESTORED, record);
        let events = record
            .events
            .iter()
            .filter(|event| event.what().gets_receipt());
        let digests = events.map(|event| Value::from(event.digest()));
        entry.0.insert("events".into(), digests.collect());
        entry
    }

    /// An export of so many records: of a part of the history, or of all of it.
    pub fn exported(records: u64, partial: bool) -> Entry {
        let mut members = Map::new();
        members.insert("event".into(), EXPORTED.into());
        members.insert("records".into(), records.into());
        if partial {
            members.insert("partial".into(), true.into());
        }
        Entry(members)
    }

    /// An import of the records of the chain of this id: of a part of them, or of all.
    pub fn taken(chain: &str, partial: bool) -> Entry {
        let mut members = Map::new();
        members.insert("event".into(), TAKEN.into());
        members.insert("taken".into(), chain.into());
        if partial {
            members.insert("partial".into(), true.into());
        }
        Entry(members)
    }

    /// The entries of what `after` has and `before`, an earlier version of it, has not.
    pub fn between(before: Option<&Record>, after: &Record) -> Vec<Entry> {
        let known = before.map_or(&[][..], |record| &record.events);
        let new = after.events.iter().filter(|event| !known.contains(event));
        new.filter_map(|event| Entry::of(after, event)).collect()
    }

    /// The SHA-256 of the event that it is about.
    pub fn digest(&self) -> Option<&str> {
        self.0.get("digest")?.as_str()
    }

    fn about(event: &str, record: &Record) -> Entry {
        let mut members = Map::new();
        members.insert("event".into(), event.into());
        members.insert("operation".into(), record.operation.as_str().into());
        members.insert("key".into(), record.key.as_str().into());
        Entry(members)
    }

    fn put(&mut self, name: &str, text: Option<String>) {
        if let Some(text) = text {
            self.0.insert(name.into(), text.into());
        }
    }
}

/// The end of a chain, to which the next receipt is added.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// The chain's id.
    pub chain: String,
    /// When the chain began, in milliseconds since 1970.
    pub since: u64,
    /// How many receipts it has.
    pub count: u64,
    /// The hash of the last one; of the beginning when there is none.
    pub hash: String,
}

impl Head {
    /// The head of a new chain, of which nothing but its random id and its time is known.
    pub fn genesis(chain: &str, since: u64) -> Head {
        let beginning = json!({ "format": "tieline-chain", "chain": chain, "since": since });
        Head {
            chain: chain.to_string(),
            since,
            count: 0,
            hash: digest(&beginning),
        }
    }

    /// The head of a chain whose own is lost, from the receipts that are left of it; `None` when there are none.
    /// `places`: so many receipts it had at least. Who begins a chain makes its first receipt in the same moment, so
    /// that a chain of which all receipts are left holds from here on as before.
    pub fn found(chain: &str, places: u64, receipts: &[Receipt]) -> Option<Head> {
        let (first, last) = (receipts.first()?, receipts.last()?);
        let after = last.seq().unwrap_or_default().saturating_add(1);
        Some(Head {
            chain: chain.to_string(),
            since: first.time(),
            count: places.max(after),
            hash: last.hash(),
        })
    }

    /// The next receipt, which is the head from here on.
    pub fn append(&mut self, entry: Entry, time: u64) -> Receipt {
        let mut members = Map::new();
        members.insert("seq".into(), self.count.into());
        members.insert("time".into(), time.into());
        members.extend(entry.0);
        members.insert("prev".into(), self.hash.as_str().into());
        let receipt = Receipt(members);
        self.hash = receipt.hash();
        self.count += 1;
        receipt
    }
}

/// A chain with all its receipts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Chain {
    /// Its random id.
    pub chain: String,
    /// When it began, in milliseconds since 1970.
    pub since: u64,
    /// The hash of its last receipt.
    pub head: String,
    /// The receipts, the oldest first.
    pub receipts: Vec<Receipt>,
}

/// The first place at which a chain does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Broken {
    /// The receipt at this place says that its place is another: one was left out, added, or moved.
    Place(u64),
    /// The receipt at this place does not name the one before it: the one before was changed, left out or
    /// added, or this one was.
    Link(u64),
    /// The last receipt is not the one that the chain's head names.
    Head(u64),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Place(at) => write!(
                f,
                "receipt {at} is not the one that was at this place: one was left out, added or moved"
            ),
            Broken::Link(0) => f.write_str("receipt 0 does not follow from the chain's beginning"),
            Broken::Link(at) => write!(
                f,
                "the link from receipt {at} to receipt {} does not hold: one of the two was changed",
                at - 1
            ),
            Broken::Head(count) => write!(
                f,
                "after {count} receipts the chain's head is another: the last receipt was changed, or the end was cut off"
            ),
        }
    }
}

impl Chain {
    /// Verifies every link. Returns the head.
    ///
    /// # Errors
    /// The first place that does not hold.
    pub fn verify(&self) -> Result<Head, Broken> {
        let mut head = Head::genesis(&self.chain, self.since);
        for receipt in &self.receipts {
            if receipt.seq() != Some(head.count) {
                return Err(Broken::Place(head.count));
            }
            if receipt.prev() != head.hash {
                return Err(Broken::Link(head.count));
            }
            head.hash = receipt.hash();
            head.count += 1;
        }
        match head.hash == self.head {
            true => Ok(head),
            false => Err(Broken::Head(head.count)),
        }
    }

    /// Whether it is an earlier state of `other`, or the same.
    pub fn is_beginning_of(&self, other: &Chain) -> bool {
        let same = (&self.chain, self.since) == (&other.chain, other.since);
        same && other.receipts.starts_with(&self.receipts)
    }
}

#[cfg(test)]
mod tests;
