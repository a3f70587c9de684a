//! Whether an exported history is whole: every link of its chains, and every record against its receipts.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use self::deletions::Deletions;
use self::loose::is_birth;
pub use self::loose::Loose;
use crate::event::{order, Event, What};
use crate::export::{open, Unreadable};
use crate::receipt::{Broken, Chain, Receipt, EXPORTED, TAKEN};
use crate::record::{request_digest, Record};

pub use self::name::Name;

/// Something that is not as it was when it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// A chain does not hold.
    Chain {
        /// The chain's id.
        chain: String,
        /// Where.
        broken: Broken,
    },
    /// No receipt of the export itself stands at its chain's end: the end was cut off.
    NoEnd,
    /// The export's receipt tells of another number of records.
    Count {
        /// How many it tells of.
        receipt: u64,
        /// How many there are.
        records: u64,
    },
    /// A record cannot be read; its place in the file, from 0.
    Record(u64),
    /// Two records are of one intent.
    Twice(Name),
    /// A receipt tells of a record that is not there, and its deletion is not the last word on it.
    Removed(Name),
    /// A receipt tells of an event that its record has not, or has otherwise.
    Event(Name, String),
    /// A record has an event of which no receipt tells.
    Unproven(Name, String),
    /// A record's parameters are not those that were sent or found.
    Params(Name),
    /// A record's members say something else than its events.
    Members(Name),
    /// A record's events do not stand in their order.
    Order(Name),
    /// A record without events is younger than the chain and came from no file.
    Young(Name),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Chain { chain, broken } => write!(f, "chain {chain}: {broken}"),
            Finding::NoEnd => f.write_str(
                "its chain does not end with the receipt of this export: the end was cut off",
            ),
            Finding::Count { receipt, records } => write!(
                f,
                "the export's receipt tells of {receipt} records, and there are {records}"
            ),
            Finding::Record(at) => write!(f, "record number {}: cannot be read", at + 1),
            Finding::Twice(name) => write!(f, "record {name}: there are two of it"),
            Finding::Removed(name) => {
                write!(
                    f,
                    "record {name}: has receipts and is not there: it was removed"
                )
            }
            Finding::Event(name, event) => write!(
                f,
                "record {name}: its event “{event}” was changed or removed"
            ),
            Finding::Unproven(name, event) => {
                write!(f, "record {name}: its event “{event}” has no receipt")
            }
            Finding::Params(name) => {
                write!(
                    f,
                    "record {name}: its parameters are not those that were sent or found"
                )
            }
            Finding::Members(name) => {
                write!(f, "record {name}: it says something else than its events")
            }
            Finding::Order(name) => write!(
                f,
                "record {name}: its events do not stand in the order in which they happened"
            ),
            Finding::Young(name) => write!(
                f,
                "record {name}: has no receipts, although it is younger than the chain"
            ),
        }
    }
}

/// What an export holds, and what is wrong with it.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// Its records, those that can be read.
    pub records: Vec<Record>,
    /// Its chains, as they are in the file: id, number of receipts, head.
    pub chains: Vec<(String, u64, String)>,
    /// Every hash that a receipt names, and the heads: what a chain has passed.
    passed: BTreeSet<String>,
    /// The records of which the last word is that they were deleted.
    deleted: BTreeSet<Name>,
    /// Whether it says itself that it holds a part of the history only. Then nothing is known of the rest.
    pub partial: bool,
    /// The records that are older than the receipts, or came from a file without any.
    pub unproven: Vec<Name>,
    /// What of the other records no receipt tells of.
    pub loose: Vec<(Name, Loose)>,
    /// What is wrong. The first is a chain's first broken link, if one is broken.
    pub findings: Vec<Finding>,
}

/// Verifies an export. `None` when it is of a version without receipts, or has none: nothing can be said.
///
/// # Errors
/// When the file is no export, or of a newer version, of whose proofs nothing can be said.
pub fn verify(text: &str) -> Result<Option<Report>, Unreadable> {
    let opened = open(text)?;
    if opened.is_newer() {
        return Err(Unreadable::Newer);
    }
    let chains = opened.chains()?;
    if chains.is_empty() {
        return Ok(None);
    }
    let mut report = Report {
        records: Vec::new(),
        chains: Vec::new(),
        passed: BTreeSet::new(),
        deleted: BTreeSet::new(),
        partial: false,
        unproven: Vec::new(),
        loose: Vec::new(),
        findings: Vec::new(),
    };
    for chain in &chains {
        let receipts = chain.receipts.len() as u64;
        let about = (chain.chain.clone(), receipts, chain.head.clone());
        report.chains.push(about);
        let prevs = chain.receipts.iter().map(Receipt::prev);
        let passed = prevs.chain([chain.head.as_str()]).map(str::to_string);
        report.passed.extend(passed);
        if let Err(broken) = chain.verify() {
            let chain = chain.chain.clone();
            report.findings.push(Finding::Chain { chain, broken });
        }
    }
    for (at, json) in opened.records.iter().enumerate() {
        match serde_json::from_str(json) {
            Ok(record) => report.records.push(record),
            Err(_) => report.findings.push(Finding::Record(at as u64)),
        }
    }
    report.end(&chains);
    report.compare(&chains);
    Ok(Some(report))
}

/// The records of which a chain says last that they were deleted.
pub fn deleted(chain: &Chain) -> BTreeSet<Name> {
    Deletions::of(core::slice::from_ref(chain)).names(None)
}

impl Report {
    /// The receipt of the export itself.
    fn end(&mut self, chains: &[Chain]) {
        let records = self.records.len() as u64;
        // Of merged histories each chain may end with an export, by whatever clock; this one's own chain
        // stands first.
        let own = chains.first().and_then(|chain| chain.receipts.last());
        match own.filter(|end| end.event() == EXPORTED) {
            None => self.findings.push(Finding::NoEnd),
            Some(end) => {
                self.partial = end.is_partial();
                let receipt = end.records().unwrap_or_default();
                if receipt != records {
                    self.findings.push(Finding::Count { receipt, records });
                }
            }
        }
    }

    /// The ids of the chains of which all records have to be here. One that came with a part of its history,
    /// or with records that were not all taken, tells of others, too.
    fn whole<'a>(&self, chains: &'a [Chain]) -> BTreeSet<&'a str> {
        let mut partly: BTreeSet<&str> = BTreeSet::new();
        for chain in chains {
            let taken = chain.receipts.iter().filter(|r| r.event() == TAKEN);
            let last: BTreeMap<&str, bool> = taken.map(|r| (r.taken(), r.is_partial())).collect();
            let partial = last.into_iter().filter(|(_, partial)| *partial);
            partly.extend(partial.map(|(taken, _)| taken));
            let end = chain.receipts.last();
            if end.is_some_and(|end| end.event() == EXPORTED && end.is_partial()) {
                partly.insert(&chain.chain);
            }
        }
        let all = chains.iter().map(|chain| chain.chain.as_str());
        all.filter(|chain| !self.partial && !partly.contains(chain))
            .collect()
    }

    fn compare(&mut self, chains: &[Chain]) {
        let mut by_name: BTreeMap<Name, &Record> = BTreeMap::new();
        let mut findings = Vec::new();
        for record in &self.records {
            if by_name.insert(Name::of(record), record).is_some() {
                findings.push(Finding::Twice(Name::of(record)));
            }
        }
        let deletions = Deletions::of(chains);
        let mut proven: BTreeSet<(Name, String)> = BTreeSet::new();
        let mut removed: BTreeSet<Name> = BTreeSet::new();
        let mut requested: BTreeSet<Name> = BTreeSet::new();
        let mut digests: BTreeMap<&Name, BTreeSet<String>> = BTreeMap::new();
        for (name, record) in &by_name {
            let of = record.events.iter().map(Event::digest);
            digests.insert(name, of.collect());
        }
        let whole = self.whole(chains);
        let told = chains.iter().enumerate().flat_map(|(of, chain)| {
            let whole = whole.contains(chain.chain.as_str());
            let receipts = chain.receipts.iter().enumerate();
            receipts.map(move |(at, receipt)| ((of, at), receipt, whole))
        });
        for ((of, at), receipt, whole) in told {
            if !receipt.has_record() {
                continue;
            }
            let name = Name::of_receipt(receipt);
            let told = receipt.digests();
            proven.extend(told.map(|digest| (name.clone(), digest.to_string())));
            let Some(record) = by_name.get(&name) else {
                if whole && !deletions.excuse_absence(of, &name) && removed.insert(name.clone()) {
                    findings.push(Finding::Removed(name));
                }
                continue;
            };
            let has = digests.get(&name);
            let there = |digest| has.is_some_and(|all| all.contains(digest));
            let gone = !receipt.digests().all(there);
            let excused = gone && deletions.excuse_event(of, at, &name);
            if gone && !excused {
                findings.push(Finding::Event(name.clone(), receipt.event().to_string()));
            }
            // What was sent or found before a deletion says nothing of the record that came after it.
            let sent = receipt.request().filter(|_| !excused);
            if sent.is_some() {
                requested.insert(name.clone());
            }
            if sent.is_some_and(|sent| sent != request_digest(&record.params)) {
                let finding = Finding::Params(name);
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
        }
        let since = chains.iter().map(|chain| chain.since).min();
        for record in &self.records {
            let name = Name::of(record);
            let mut settled = record.clone();
            settled.settle_members();
            // Earlier versions said otherwise who gets what is sent once more.
            if record.simulated == record.state().said_simulated {
                settled.simulated = record.simulated;
            }
            // It was written when it was first sent, or found.
            let birth = record.events.first().filter(|event| is_birth(event));
            let moved = birth.is_some_and(|event| event.at() != record.created);
            if !record.events.is_sorted_by(|a, b| order(a, b).is_lt()) {
                findings.push(Finding::Order(name.clone()));
            }
            if !record.events.is_empty() && (moved || settled != *record) {
                findings.push(Finding::Members(name.clone()));
            }
            let of_file = |event: &Event| matches!(event.what(), What::Imported { .. });
            let imported = record.events.iter().any(of_file);
            let young = since.is_some_and(|since| record.created >= since) && !imported;
            let (mut matters, mut without) = (false, BTreeSet::new());
            for event in &record.events {
                let what = event.what();
                matters |= what.matters();
                if proven.contains(&(name.clone(), event.digest())) {
                    continue;
                }
                let loose = Loose::of_event(&what);
                // Whoever begins with events has told nothing before them.
                if what.matters() || young && loose == Some(Loose::Before) {
                    let event = event.name().to_string();
                    findings.push(Finding::Unproven(name.clone(), event));
                }
                without.extend(loose);
            }
            match (matters, young) {
                (true, _) => {
                    let loose = Loose::of(record, without, requested.contains(&name));
                    let loose = loose.into_iter().map(|loose| (name.clone(), loose));
                    self.loose.extend(loose);
                }
                (false, true) => findings.push(Finding::Young(name)),
                (false, false) => self.unproven.push(name),
            }
        }
        self.findings.extend(findings);
        self.deleted = deletions.names(chains.first());
    }

    /// Whether a chain has this hash as its head, or had it when it was shorter.
    pub fn passed(&self, head: &str) -> bool {
        self.passed.contains(head)
    }

    /// Whether the last word on the record of this intent is that it was deleted.
    pub fn is_deleted(&self, operation: &str, key: &str) -> bool {
        let (operation, key) = (operation.to_string(), key.to_string());
        self.deleted.contains(&Name { operation, key })
    }
}

mod deletions;
mod loose;
mod name;
#[cfg(test)]
mod tests;
