//! The index in memory: light rows of the records, and what is found among them. Nothing here
//! touches the page.

use std::rc::Rc;

use serde_json::Value;
use tieline_catalog::{find, Control, Kind, Operation, Param};

use crate::client::Target;
use crate::platform::dom;
use tieline_records::{Event, Outcome, Record, Verdict};

/// So few new rows are put in their places one by one.
const FEW: usize = 16;

/// A row of the index: what the table shows and a filter looks at.
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
    /// A hash of what [`identity`] leaves of the parameters.
    pub params: u64,
    /// The region that was asked for, or nothing.
    pub region: Box<str>,
    /// The vendor's id of the last request, or nothing.
    pub request_id: Box<str>,
    /// What the user has written beside it, or nothing.
    pub note: Box<str>,
    /// Everything that the free text looks at but the operation's title, in lower case.
    pub haystack: Box<str>,
}

impl Summary {
    /// The row of a record.
    pub fn of(record: &Record) -> Summary {
        let boxed = |text: Option<&str>| -> Box<str> { text.unwrap_or_default().into() };
        let state = record.state();
        let verdict = record.verdict_in(&state, false);
        Summary {
            id: record.id,
            created: record.created,
            updated: record.updated,
            events: record.events.last().map_or(0, |event| event.n() + 1),
            operation: record.operation.as_str().into(),
            name: boxed(record.name()),
            resource_id: boxed(record.resource_id.as_deref()),
            status: boxed(record.status.as_deref()),
            absent: record.absent,
            outcome: record.outcome,
            verdict,
            unsettled: record.is_unsettled(verdict),
            followed: !record.is_from_file(),
            endpoint: record.endpoint.as_str().into(),
            simulated: record.simulated || *record.endpoint == *Target::InPage.name(),
            key: record.key.as_str().into(),
            params: fingerprint(&match record.operation() {
                Some(op) => identity(op, &record.params).to_string(),
                None => record.params.to_string(),
            }),
            region: boxed(region(record)),
            request_id: boxed(record.request_id.as_deref()),
            note: boxed(state.note.as_deref()),
            haystack: haystack(record, state.note.as_deref()).into(),
        }
    }
}

/// The region that was asked for.
fn region(record: &Record) -> Option<&str> {
    let name = record.operation()?.param_with(Control::Region)?;
    record.params.get(name)?.as_str()
}

/// Everything that the free text looks at but the operation's title, in lower case.
fn haystack(record: &Record, note: Option<&str>) -> String {
    let mut all = String::with_capacity(256);
    let mut add = |part: &str| {
        all.push_str(part);
        all.push('\n');
    };
    add(&record.operation);
    let members = [
        &record.resource_id,
        &record.status,
        &record.request_id,
        &record.code,
    ];
    members.into_iter().flatten().for_each(|part| add(part));
    note.into_iter().for_each(&mut add);
    add(&record.key);
    leaves(&record.params, &mut add);
    // An intent that was sent more than once has more than one.
    let requests = record.events.iter().filter_map(Event::request_id);
    let others = requests.filter(|id| Some(*id) != record.request_id.as_deref());
    others.for_each(&mut add);
    match all.is_ascii() {
        true => {
            all.make_ascii_lowercase();
            all
        }
        false => dom::lower_case(&all),
    }
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
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The parameters by which two intents are the same: all but the client token, which is made
/// anew for each.
pub fn identity(op: &Operation, params: &Value) -> Value {
    let mut params = params.clone();
    if let (Some(members), Some(token)) = (params.as_object_mut(), op.token) {
        members.shift_remove(token);
    }
    params
}

/// Puts a row in its place, newest first, or replaces it. Returns whether it is new.
pub fn upsert(rows: &mut Vec<Rc<Summary>>, row: Summary) -> bool {
    match position(rows, row.id) {
        Ok(at) => {
            rows[at] = Rc::new(row);
            false
        }
        Err(at) => {
            rows.insert(at, Rc::new(row));
            true
        }
    }
}

/// Puts many rows in their places. Where a record already has a row, `replace` says which stays.
pub fn absorb(rows: &mut Vec<Rc<Summary>>, mut new: Vec<Summary>, replace: bool) {
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
    let mut old = std::mem::take(rows).into_iter().peekable();
    rows.reserve(old.len() + new.len());
    for row in new {
        rows.extend(std::iter::from_fn(|| old.next_if(|old| old.id > row.id)));
        let known = old.next_if(|old| old.id == row.id);
        rows.push(match known {
            Some(known) if !replace => known,
            _ => Rc::new(row),
        });
    }
    rows.extend(old);
}

/// The row of a record.
pub fn row(rows: &[Rc<Summary>], id: u64) -> Option<&Rc<Summary>> {
    position(rows, id).ok().and_then(|at| rows.get(at))
}

/// The position of a record's row, or the one that it would have.
fn position(rows: &[Rc<Summary>], id: u64) -> Result<usize, usize> {
    rows.binary_search_by(|other| id.cmp(&other.id))
}

/// Takes a row out. Returns whether it was there.
pub fn remove(rows: &mut Vec<Rc<Summary>>, id: u64) -> bool {
    let found = position(rows, id);
    if let Ok(at) = found {
        rows.remove(at);
    }
    found.is_ok()
}

/// The newest intent with these parameters (see [`identity`]) after which one more request could make
/// a second resource that nobody wants: its outcome, as shown, is unknown or still to come, or it was
/// created after `since` and is none of one's `own` records, so that whoever started at `since` has not
/// seen it.
pub fn last_open(
    rows: &[Rc<Summary>],
    operation: &str,
    params: &Value,
    since: u64,
    own: &[u64],
    shown: impl Fn(&Summary) -> Outcome,
) -> Option<Rc<Summary>> {
    let params = fingerprint(&params.to_string());
    rows.iter()
        .find(|row| {
            let open = match shown(row) {
                Outcome::Unknown | Outcome::Pending => true,
                Outcome::Created => row.updated >= since && !own.contains(&row.id),
                Outcome::Rejected | Outcome::NotExecuted => false,
            };
            open && row.params == params && *row.operation == *operation
        })
        .cloned()
}

/// The newest intent of this operation, sent to this endpoint and younger than the record `after`,
/// whose outcome is unknown: whatever is sent next may be the same resource in other words.
pub fn last_unknown(
    rows: &[Rc<Summary>],
    operation: &str,
    endpoint: &str,
    after: u64,
    shown: impl Fn(&Summary) -> Outcome,
) -> Option<Rc<Summary>> {
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
pub mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::json;

    fn record(id: u64, operation: &str, name: &str, outcome: Outcome) -> Record {
        Record {
            id,
            operation: operation.into(),
            params: json!({ "Name": name }),
            created: id,
            updated: id,
            key: format!("key-{id}"),
            outcome,
            resource_id: (outcome == Outcome::Created).then(|| format!("res-{id}")),
            endpoint: "/api".into(),
            ..Record::blank()
        }
    }

    /// A few rows.
    pub fn rows() -> Vec<Rc<Summary>> {
        let mut rows = Vec::new();
        for (id, operation, name, outcome) in [
            (2, "CreateCen", "Berlin backbone", Outcome::Unknown),
            (1, "CreateCen", "Straße", Outcome::Created),
            (4, "CreateCustomerGateway", "北京 gateway", Outcome::Pending),
            (3, "Retired", "old", Outcome::Rejected),
        ] {
            upsert(
                &mut rows,
                Summary::of(&record(id, operation, name, outcome)),
            );
        }
        rows
    }

    #[test]
    fn the_newest_come_first() {
        let mut rows = rows();
        let ids: Vec<u64> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids, [4, 3, 2, 1]);
        assert!(!upsert(
            &mut rows,
            Summary::of(&record(3, "Retired", "new", Outcome::Rejected))
        ));
        assert_eq!(&*rows[1].name, "new");
        assert!(remove(&mut rows, 3) && !remove(&mut rows, 3));
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn a_row_alone_makes_a_record_that_can_be_exported() {
        for op in tieline_catalog::creations() {
            let named = |params: &[Param]| {
                let named = |p: &&Param| p.name.eq_ignore_ascii_case("name");
                params.iter().find(named).map(|p| p.name)
            };
            let params = match named(op.params) {
                Some(name) => json!({ name: "kept" }),
                None => op.params.iter().fold(json!({}), |all, p| match p.kind {
                    Kind::Object(members) if named(members).is_some() => {
                        json!({ p.name: { named(members).unwrap(): "kept" } })
                    }
                    _ => all,
                }),
            };
            let full = Record {
                params: params.clone(),
                status: Some("Active".into()),
                ..record(7, op.name, "", Outcome::Created)
            };
            assert_eq!(full.name(), Some("kept"), "{}", op.name);
            assert_eq!(Summary::of(&full).record(), full, "{}", op.name);
        }
    }

    #[test]
    fn the_last_open_intent_is_found_by_its_parameters() {
        let op = tieline_catalog::find("CreateCen").unwrap();
        let shown = |row: &Summary| row.outcome;
        let find = |params: Value| {
            let found = last_open(&rows(), op.name, &identity(op, &params), 100, &[], shown);
            found.map(|row| row.id)
        };
        let token = op.token.unwrap();
        assert_eq!(find(json!({ "Name": "Berlin backbone" })), Some(2));
        assert_eq!(
            find(json!({ "Name": "Berlin backbone", token: "fresh" })),
            Some(2)
        );
        assert_eq!(find(json!({ "Name": "Straße" })), None, "that one is known");
    }

    #[test]
    fn what_was_created_behind_a_form_s_back_is_open_for_it() {
        let op = tieline_catalog::find("CreateCen").unwrap();
        let params = json!({ "Name": "a" });
        let row = |outcome, created, updated| {
            let record = Record {
                created,
                updated,
                ..record(1, op.name, "a", outcome)
            };
            vec![Rc::new(Summary::of(&record))]
        };
        let found = |outcome, created, updated, own: &[u64]| {
            let rows = row(outcome, created, updated);
            let shown = |row: &Summary| row.outcome;
            last_open(&rows, op.name, &identity(op, &params), 100, own, shown).is_some()
        };
        let open = |outcome, created, updated| found(outcome, created, updated, &[]);
        assert!(open(Outcome::Pending, 150, 150));
        assert!(
            open(Outcome::Created, 50, 150),
            "sent before, created since"
        );
        assert!(
            !open(Outcome::Created, 50, 60),
            "settled before the form was there"
        );
        assert!(open(Outcome::Created, 150, 160), "by another form or tab");
        assert!(!found(Outcome::Created, 150, 160, &[1]), "the form's own");
        assert!(!open(Outcome::Rejected, 50, 150));
    }

    #[test]
    fn an_unknown_intent_of_the_same_operation_is_found_whatever_its_parameters() {
        let shown = |row: &Summary| row.outcome;
        let find = |operation, endpoint, after| {
            last_unknown(&rows(), operation, endpoint, after, shown).map(|row| row.id)
        };
        assert_eq!(find("CreateCen", "/api", 0), Some(2));
        assert_eq!(find("CreateCen", "/api", 2), None, "that one was agreed to");
        assert_eq!(find("CreateCen", "https://other", 0), None);
        assert_eq!(find("CreateCustomerGateway", "/api", 0), None, "on its way");
    }

    proptest! {
        #[test]
        fn rows_that_come_together_are_as_those_that_come_alone(
            first in vec(0u64..60, 0..40), then in vec(0u64..60, 0..40), replace: bool,
        ) {
            let make = |ids: &[u64], name| -> Vec<Summary> {
                let named = |id: &u64| Summary::of(&record(*id, "CreateCen", name, Outcome::Created));
                ids.iter().map(named).collect()
            };
            let (mut together, mut alone) = (Vec::new(), Vec::new());
            for (ids, name) in [(&first, "first"), (&then, "then")] {
                absorb(&mut together, make(ids, name), replace);
                for row in make(ids, name) {
                    if replace || super::row(&alone, row.id).is_none() {
                        upsert(&mut alone, row);
                    }
                }
            }
            prop_assert_eq!(together, alone);
        }
    }

    #[test]
    fn many_rows_find_their_places_at_once() {
        let make = |id, name| Summary::of(&record(id, "CreateCen", name, Outcome::Created));
        let mut all = rows();
        absorb(&mut all, vec![make(9, "new"), make(2, "late")], false);
        let ids = |rows: &[Rc<Summary>]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(ids(&all), [9, 4, 3, 2, 1]);
        assert_eq!(&*all[3].name, "Berlin backbone");
        absorb(&mut all, vec![make(2, "late")], true);
        assert_eq!(&*all[3].name, "late");
        assert_eq!(all.len(), 5);
    }
}
