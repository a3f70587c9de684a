//! The index in memory: light rows of the records, and what is found among them. Nothing here
//! touches the page.

use std::ops::Deref;
use std::rc::Rc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use tieline_catalog::{creations, find, Control, Kind, Operation, Param};

use super::haystack::{Gathering, Haystack};
use crate::client::Target;
use tieline_records::{Event, Outcome, Record, State, Verdict};

/// So few new rows are put in their places one by one.
const FEW: usize = 16;

/// What the table shows of a record.
#[derive(PartialEq, Debug)]
pub struct Summary {
    /// The record's id.
    pub id: u64,
    /// When it was written, in milliseconds since 1970.
    pub created: u64,
    /// When it was last changed, likewise.
    pub updated: u64,
    /// How many events the last one comes after, and one: more after each change.
    pub events: u64,
    /// The operation's wire name.
    pub operation: Box<str>,
    /// The name that was asked for, or nothing.
    pub name: Box<str>,
    /// The resource's id, or nothing.
    pub resource_id: Box<str>,
    /// When that became known, in milliseconds since 1970.
    pub known_since: u64,
    /// The resource's status, or nothing.
    pub status: Box<str>,
    /// Whether the last look found no such resource.
    pub absent: bool,
    /// What became of the intent, as stored.
    pub outcome: Outcome,
    /// What is to be said about the resource when nobody waits for an answer.
    pub verdict: Verdict,
    /// Whether the status will still change.
    pub unsettled: bool,
    /// Whether the status is asked for unasked: not of what came from a file.
    pub followed: bool,
    /// Where it was sent.
    pub endpoint: Box<str>,
    /// Whether a sandbox stood for the cloud.
    pub simulated: bool,
    /// The idempotency key.
    pub key: Box<str>,
    /// A hash of the parameters' [`identity`].
    pub params: u64,
    /// The region that was asked for, or nothing.
    pub region: Box<str>,
    /// The vendor's id of the last request, or nothing.
    pub request_id: Box<str>,
    /// What the user has written beside it, or nothing.
    pub note: Box<str>,
}

impl Summary {
    /// What is shown of a record.
    pub fn of(record: &Record) -> Summary {
        Summary::in_state(record, &record.state())
    }

    fn in_state(record: &Record, state: &State) -> Summary {
        let boxed = |text: Option<&str>| -> Box<str> { text.unwrap_or_default().into() };
        let verdict = record.verdict_in(state, false);
        let identity = match record.operation() {
            Some(op) => identity(op, &record.params),
            None => record.params.to_string(),
        };
        Summary {
            id: record.id,
            created: record.created,
            updated: record.updated,
            events: record.events.last().map_or(0, |event| event.n() + 1),
            operation: record.operation.as_str().into(),
            name: boxed(record.name()),
            resource_id: boxed(record.resource_id.as_deref()),
            known_since: state.known_since(),
            status: boxed(record.status.as_deref()),
            absent: record.absent,
            outcome: record.outcome,
            verdict,
            unsettled: record.is_unsettled(verdict),
            followed: !record.is_from_file(),
            endpoint: record.endpoint.as_str().into(),
            simulated: record.simulated || *record.endpoint == *Target::InPage.name(),
            key: record.key.as_str().into(),
            params: fingerprint(&identity),
            region: boxed(region(record)),
            request_id: boxed(record.request_id.as_deref()),
            note: boxed(state.note.as_deref()),
        }
    }
}

/// A row of the index. What a filter and the poller look at in every row lies beside what is shown of it, which is
/// somewhere in the memory and is only looked at where the row may be meant.
#[derive(Clone)]
pub struct Row {
    summary: Rc<Summary>,
    haystack: Haystack,
    /// See [`Row::creation`].
    creation: Option<u8>,
    /// See [`Row::changes`].
    changes: bool,
}

impl Deref for Row {
    type Target = Summary;

    fn deref(&self) -> &Summary {
        &self.summary
    }
}

impl Row {
    /// The row of a record.
    pub fn of(record: &Record) -> Row {
        let mut one = rows_of([record]);
        one.swap_remove(0)
    }

    /// What is shown of it.
    pub fn summary(&self) -> &Rc<Summary> {
        &self.summary
    }

    /// Everything that the free text of a filter looks at but the operation's title.
    pub fn haystack(&self) -> &Haystack {
        &self.haystack
    }

    /// Whether its status will still change and is asked for unasked.
    pub fn changes(&self) -> bool {
        self.changes
    }

    /// The place of its operation among the creations; none when this version does not know it.
    pub fn creation(&self) -> Option<usize> {
        self.creation.map(usize::from)
    }
}

/// The rows of records that came together.
pub fn rows_of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Row> {
    let (mut texts, mut summaries) = (Gathering::default(), Vec::new());
    for record in records {
        let state = record.state();
        gather(record, state.note.as_deref(), &mut texts);
        summaries.push(Summary::in_state(record, &state));
    }
    let rows = summaries.into_iter().zip(texts.haystacks());
    rows.map(|(summary, haystack)| {
        let creation = creations().position(|op| *op.name == *summary.operation);
        Row {
            creation: creation.and_then(|at| u8::try_from(at).ok()),
            changes: summary.unsettled && summary.followed,
            summary: Rc::new(summary),
            haystack,
        }
    })
    .collect()
}

/// How many ids of resources became known after this time, in milliseconds since 1970, whenever they were asked for.
/// What a sandbox made does not count.
pub fn known_since(rows: &[Row], time: u64) -> usize {
    let new = rows.iter().filter(|row| row.known_since > time);
    new.filter(|row| !row.simulated && !row.resource_id.is_empty())
        .count()
}

/// The region that was asked for.
fn region(record: &Record) -> Option<&str> {
    let name = record.operation()?.param_with(Control::Region)?;
    record.params.get(name)?.as_str()
}

/// Gathers everything that the free text looks at but the operation's title. What is most often looked for comes
/// first, so that a row that has it is not read to its end.
fn gather(record: &Record, note: Option<&str>, texts: &mut Gathering) {
    let name = record.name();
    let [resource, others @ ..] = [
        &record.resource_id,
        &record.status,
        &record.request_id,
        &record.code,
    ];
    let known = [name, resource.as_deref(), note];
    known.into_iter().flatten().for_each(|part| texts.add(part));
    texts.add(&record.operation);
    others
        .into_iter()
        .flatten()
        .for_each(|part| texts.add(part));
    texts.add(&record.key);
    leaves(&record.params, &mut |part| {
        if Some(part) != name {
            texts.add(part);
        }
    });
    // An intent that was sent more than once has more than one.
    let requests = record.events.iter().filter_map(Event::request_id);
    let requests = requests.filter(|id| Some(*id) != record.request_id.as_deref());
    requests.for_each(|part| texts.add(part));
    texts.end();
}

/// The texts and numbers in a value.
fn leaves(value: &Value, add: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => members.values().for_each(|value| leaves(value, add)),
        Value::Array(items) => items.iter().for_each(|value| leaves(value, add)),
        Value::String(text) => add(text),
        Value::Number(number) => add(&number.to_string()),
        Value::Bool(_) | Value::Null => {}
    }
}

impl Summary {
    /// The record as far as its row shows it: of the parameters only the name.
    pub fn record(&self) -> Record {
        let optional = |text: &str| Some(text.to_string()).filter(|text| !text.is_empty());
        Record {
            id: self.id,
            operation: self.operation.to_string(),
            params: self.named(),
            created: self.created,
            updated: self.updated,
            key: self.key.to_string(),
            outcome: self.outcome,
            resource_id: optional(&self.resource_id),
            status: optional(&self.status),
            request_id: optional(&self.request_id),
            absent: self.absent,
            endpoint: self.endpoint.to_string(),
            simulated: self.simulated,
            ..Record::blank()
        }
    }

    /// The parameters with nothing but the name.
    fn named(&self) -> Value {
        let mut params = serde_json::Map::new();
        let op = find(&self.operation).filter(|_| !self.name.is_empty());
        for param in op.map_or(&[][..], |op| op.params) {
            let is_name = |param: &Param| param.name.eq_ignore_ascii_case("name");
            let name = || Value::from(&*self.name);
            let value = match param.kind {
                _ if is_name(param) => name(),
                Kind::Object(members) => match members.iter().find(|member| is_name(member)) {
                    Some(member) => serde_json::json!({ member.name: name() }),
                    None => continue,
                },
                _ => continue,
            };
            params.insert(param.name.to_string(), value);
            break;
        }
        Value::Object(params)
    }
}

/// A 64-bit FNV-1a hash: enough to sort out candidates, which are then compared in full.
pub fn fingerprint(text: &str) -> u64 {
    fingerprint_of(&[text])
}

/// The hash of what these texts are together, which nobody has to put together for it.
pub fn fingerprint_of(texts: &[&str]) -> u64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let texts = texts.iter();
    texts.fold(0xcbf2_9ce4_8422_2325, |hash, text| {
        text.bytes().fold(hash, step)
    })
}

/// The parameters by which two intents are the same, as JSON: all but the client token, which is made
/// anew for each.
pub fn identity(op: &Operation, params: &Value) -> String {
    struct Without<'a>(&'a Map<String, Value>, &'static str);
    impl Serialize for Without<'_> {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            to.collect_map(self.0.iter().filter(|(name, _)| *name != self.1))
        }
    }
    match (params.as_object(), op.token) {
        (Some(members), Some(token)) => {
            serde_json::to_string(&Without(members, token)).unwrap_or_default()
        }
        _ => params.to_string(),
    }
}

/// Puts a row in its place, newest first, or replaces it. Returns whether it is new.
pub fn upsert(rows: &mut Vec<Row>, row: Row) -> bool {
    match position(rows, row.id) {
        Ok(at) => {
            rows[at] = row;
            false
        }
        Err(at) => {
            rows.insert(at, row);
            true
        }
    }
}

/// Puts many rows in their places. Where a record already has a row, `replace` says which stays.
pub fn absorb(rows: &mut Vec<Row>, mut new: Vec<Row>, replace: bool) {
    if new.len() < FEW {
        for row in new {
            if replace || position(rows, row.id).is_err() {
                upsert(rows, row);
            }
        }
        return;
    }
    new.sort_by_key(|row| std::cmp::Reverse(row.id));
    new.dedup_by_key(|row| row.id);
    // A file or a storage gives one stretch after the other: what fits between two neighbours has one place.
    let place = |row: Option<&Row>| row.and_then(|row| position(rows, row.id).err());
    if let (Some(first), Some(last)) = (place(new.first()), place(new.last())) {
        if first == last {
            rows.splice(first..last, new);
            return;
        }
    }
    let mut old = std::mem::take(rows).into_iter().peekable();
    rows.reserve(old.len() + new.len());
    for row in new {
        rows.extend(std::iter::from_fn(|| old.next_if(|old| old.id > row.id)));
        let known = old.next_if(|old| old.id == row.id);
        rows.push(match known {
            Some(known) if !replace => known,
            _ => row,
        });
    }
    rows.extend(old);
}

/// The row of a record.
pub fn row(rows: &[Row], id: u64) -> Option<&Row> {
    position(rows, id).ok().and_then(|at| rows.get(at))
}

/// The position of a record's row, or the one that it would have.
fn position(rows: &[Row], id: u64) -> Result<usize, usize> {
    rows.binary_search_by(|other| id.cmp(&other.id))
}

/// Takes a row out. Returns whether it was there.
pub fn remove(rows: &mut Vec<Row>, id: u64) -> bool {
    let found = position(rows, id);
    if let Ok(at) = found {
        rows.remove(at);
    }
    found.is_ok()
}

/// What a form that asks has seen of the history.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// Since when it is there, in milliseconds since 1970: 0, if it is a draft of nobody knows when.
    pub ms: u64,
    /// Whether it may create something real.
    pub real: bool,
}

impl Since {
    /// Whether somebody may want to be told of a resource that was created. A draft can be older than any: then not
    /// of what is gone, nor of what a sandbox made where something real is wanted.
    fn has_missed(self, row: &Summary) -> bool {
        let stands = !(row.absent || row.simulated && self.real);
        row.updated >= self.ms && (self.ms > 0 || stands)
    }
}

/// The newest intent with these parameters (see [`identity`]) after which one more request could make
/// a second resource that nobody wants: its outcome, as shown, is unknown or still to come, or it was
/// created after `since` and is none of those that were shown as `made`, so that whoever started at `since`
/// has not seen it.
pub fn last_open(
    rows: &[Row],
    operation: &str,
    params: &str,
    since: Since,
    made: &[u64],
    shown: impl Fn(&Summary) -> Outcome,
) -> Option<Row> {
    let params = fingerprint(params);
    rows.iter()
        .find(|row| {
            let open = match shown(row) {
                Outcome::Unknown | Outcome::Pending => true,
                Outcome::Created => since.has_missed(row) && !made.contains(&row.id),
                Outcome::Rejected | Outcome::NotExecuted => false,
            };
            open && row.params == params && *row.operation == *operation
        })
        .cloned()
}

/// The newest intent of this operation, sent to this endpoint and younger than the record `after`,
/// whose outcome is unknown: whatever is sent next may be the same resource in other words.
pub fn last_unknown(
    rows: &[Row],
    operation: &str,
    endpoint: &str,
    after: u64,
    shown: impl Fn(&Summary) -> Outcome,
) -> Option<Row> {
    rows.iter()
        .take_while(|row| row.id > after)
        .find(|row| {
            *row.operation == *operation
                && *row.endpoint == *endpoint
                && shown(row) == Outcome::Unknown
        })
        .cloned()
}

#[cfg(test)]
pub mod tests;
