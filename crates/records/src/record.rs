//! The record of one intent to create something.

use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tieline_catalog::answer::{status_of, Answer, Found, Item};
use tieline_catalog::reconcile::created_at;
use tieline_catalog::{find, Operation, Parsed, Raw};

use crate::canonical::{canonical, sha256};
use crate::event::{order, Before, By, Event, Outcome, What};
use crate::fold::{fold, State, Verdict};

/// One intent to create something. Holds neither personal data nor secrets.
///
/// Its `events` are the truth; the members from `outcome` to `message` are what they come to, for those
/// who read no events: earlier versions, a host page, a spreadsheet.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The key in the store, ascending with `created`; see [`first_id`].
    #[serde(default)]
    pub id: u64,
    /// The operation's wire name.
    pub operation: String,
    /// The parameters as the proxy takes them, without personal data and secrets.
    pub params: Value,
    /// When it was written, in milliseconds since 1970.
    pub created: u64,
    /// When it was last changed, in milliseconds since 1970.
    pub updated: u64,
    /// The idempotency key: one per intent, kept when the intent is sent again.
    pub key: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether an earlier request of this intent may have made the resource: whatever a later one
    /// meets, the outcome stays unknown until the resource is found.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub doubted: bool,
    /// The resource's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// The resource's status, in the vendor's words, as last reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether the last look found no such resource.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub absent: bool,
    /// The vendor's id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Where it was sent: the proxy's address or the sandbox in the page.
    pub endpoint: String,
    /// Whether a sandbox stood for the cloud, as far as is known.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub simulated: bool,
    /// The error code, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The error message, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What happened, in [`order`]. A record of an earlier version has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// What a newer version has written and this one does not know.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// The first id to try for a record of this time: ascending with time, and `salt` keeps two tabs
/// apart. Below 2^53 until the year 2248, so that it is exact as a JavaScript number.
pub fn first_id(created: u64, salt: u32) -> u64 {
    created * 1024 + u64::from(salt % 1024)
}

/// The digest of a request: the SHA-256 of its public parameters' canonical form. Personal data and
/// secrets are not in it: a phone number's digest is found out by trying all phone numbers.
pub fn request_digest(params: &Value) -> String {
    sha256(&canonical(params))
}

impl Record {
    /// An intent that is about to be sent to `endpoint`, as one of the proxy's accounts; `simulated`: it is for a
    /// sandbox, and goes nowhere else.
    pub fn intent(
        parsed: &Parsed,
        key: &str,
        endpoint: String,
        profile: Option<String>,
        simulated: bool,
        now: u64,
    ) -> Record {
        let mut record = Record {
            operation: parsed.operation().name.to_owned(),
            params: parsed.public().to_json(),
            created: now,
            updated: now,
            key: key.to_owned(),
            endpoint: endpoint.clone(),
            simulated,
            ..Record::blank()
        };
        let attempt = What::Attempt {
            endpoint,
            profile,
            token: record.token().map(sha256),
            simulated,
        };
        record.events.push(Event::new(&attempt, now, 0));
        record
    }

    /// A resource that was found at `endpoint`, in a sandbox or not, and that no record tells of, taken over
    /// with what the cloud tells of its parameters. Nobody here has sent anything for it. The key follows from
    /// the id, so that who takes it over twice has one record. `signer`: whose keys showed it, if that is known.
    pub fn found(
        told: &Parsed,
        item: &Item,
        endpoint: String,
        simulated: bool,
        signer: Option<&str>,
        now: u64,
    ) -> Record {
        let op = told.operation();
        let mut record = Record {
            operation: op.name.to_owned(),
            params: told.public().to_json(),
            created: now,
            updated: now,
            key: format!("adopted-{}", item.id),
            ..Record::blank()
        };
        let adopted = What::Adopted {
            id: item.id.clone(),
            status: record.status_of(item),
            simulated,
            endpoint: Some(endpoint),
            made: created_at(op, item),
            signer: signer.map(String::from),
        };
        record.events.push(Event::new(&adopted, now, 0));
        record.settle_members();
        record
    }

    /// Whether its resource was found and taken over, and nothing was ever sent for it from here.
    pub fn is_found(&self) -> bool {
        let first = self.events.first().map(Event::what);
        let found = |what| matches!(what, What::Adopted { endpoint, .. } if endpoint.is_some());
        let sent = |event: &Event| event.name() == "attempt";
        first.is_some_and(found) && !self.events.iter().any(sent)
    }

    /// A record of nothing, to be filled in.
    pub fn blank() -> Record {
        Record {
            id: 0,
            operation: String::new(),
            params: Value::Null,
            created: 0,
            updated: 0,
            key: String::new(),
            outcome: Outcome::Pending,
            doubted: false,
            resource_id: None,
            status: None,
            absent: false,
            request_id: None,
            endpoint: String::new(),
            simulated: false,
            code: None,
            message: None,
            events: Vec::new(),
            rest: Map::new(),
        }
    }

    /// The key of the intent in the store.
    pub fn intent_key(&self) -> String {
        format!("{} {}", self.operation, self.key)
    }

    /// The operation, unless this version no longer has it.
    pub fn operation(&self) -> Option<&'static Operation> {
        find(&self.operation)
    }

    /// The parameters as a form takes them; empty when the operation no longer has them.
    pub fn raw(&self) -> Raw {
        self.operation()
            .and_then(|op| Raw::from_value(op, &self.params).ok())
            .unwrap_or_default()
    }

    /// The name that was asked for, if any.
    pub fn name(&self) -> Option<&str> {
        name_in(&self.params)
    }

    /// The client token that was sent, by which the cloud knows the request again.
    pub fn token(&self) -> Option<&str> {
        let token = self.params.get(self.operation()?.token?)?.as_str()?;
        Some(token).filter(|token| !token.is_empty())
    }

    /// Its time line. That of a record without events is what its members say.
    pub fn timeline(&self) -> Cow<'_, [Event]> {
        match self.events.is_empty() {
            true => Cow::Owned(Vec::from([self.before()])),
            false => Cow::Borrowed(&self.events),
        }
    }

    /// What its events come to.
    pub fn state(&self) -> State {
        fold(self.timeline().iter())
    }

    /// What is to be said about its resource. `awaited`: somebody waits for an answer.
    pub fn verdict(&self, awaited: bool) -> Verdict {
        self.verdict_in(&self.state(), awaited)
    }

    /// Likewise, by the state that its events come to, for who has that already.
    pub fn verdict_in(&self, state: &State, awaited: bool) -> Verdict {
        state.verdict(awaited, self.pending())
    }

    fn pending(&self) -> &'static [&'static str] {
        let read = self.operation().and_then(|op| op.read_back());
        read.map_or(&[], |read| read.pending)
    }

    fn before(&self) -> Event {
        let before = Before {
            outcome: self.outcome,
            doubted: self.doubted,
            id: self.resource_id.clone(),
            status: self.status.clone(),
            absent: self.absent,
            request_id: self.request_id.clone(),
            endpoint: self.endpoint.clone(),
            simulated: self.simulated,
            code: self.code.clone(),
            message: self.message.clone(),
        };
        Event::new(&What::Before(before), self.updated, 0)
    }

    /// Adds what happened now. A clock that went back moves nothing before what is known already.
    pub fn append(&mut self, what: &What, now: u64) {
        let event = Event::new(what, 0, 0);
        self.push(event, now);
    }

    fn push(&mut self, event: Event, now: u64) {
        let untold = self.events.is_empty();
        self.events.extend(untold.then(|| self.before()));
        // That it came from a file changes nothing of what is known.
        let tells = untold || event.name() != "imported";
        let last = self.events.iter().map(Event::at).max().unwrap_or_default();
        let n = self.events.iter().map(|event| event.n() + 1).max();
        let at = now.max(last);
        let event = event.renumbered(at, n.unwrap_or_default());
        self.events.push(event);
        self.updated = at.max(self.updated);
        if tells {
            self.settle_members();
        }
    }

    /// Writes what the events come to into the members.
    pub fn settle_members(&mut self) {
        let state = self.state();
        // Without any event that says what became of it, it may have been sent.
        self.outcome = state.outcome.unwrap_or(Outcome::Unknown);
        self.doubted = state.doubted;
        self.resource_id = state.id;
        self.status = state.status;
        self.absent = state.absent;
        self.request_id = state.request_id;
        self.endpoint = state.endpoint.unwrap_or_default();
        self.simulated = state.simulated;
        self.code = state.code;
        self.message = state.message;
    }

    /// Takes over an intent that is sent once more under the same key. A known id stays.
    pub fn resume(mut self, again: Record) -> Record {
        for event in again.events {
            self.push(event, again.created);
        }
        self
    }

    /// Notes what became of the request, and who said so. `signer`: whose keys signed it, if that is known.
    pub fn settle(
        &mut self,
        answer: &Answer,
        by: By,
        simulated: bool,
        signer: Option<&str>,
        now: u64,
    ) {
        self.append(&What::answer(answer, by, simulated, signer), now);
    }

    /// Notes what a read reported about the resource. Returns whether anything changed.
    pub fn observe(&mut self, found: &Found, now: u64) -> bool {
        let (Found::Items(items), Some(id)) = (found, self.resource_id.clone()) else {
            return false;
        };
        let ours = items.iter().find(|item| item.id == id);
        let status = match ours {
            Some(item) => self.status_of(item),
            None => self.status.clone(),
        };
        let absent = ours.is_none();
        let same = absent == self.absent && status == self.status;
        let status = status.filter(|_| !absent);
        let mut seen = self.clone();
        seen.append(&What::Status { id, status, absent }, now);
        // That it is missing still is news once it should have become visible.
        if same && seen.verdict(false) == self.verdict(false) {
            return false;
        }
        *self = seen;
        true
    }

    /// Writes a note beside it in place of the one that is there; an empty one takes that away. Returns whether
    /// that changes anything. No receipt is made of a note, so that it can go without a trace.
    pub fn annotate(&mut self, text: &str, now: u64) -> bool {
        if self.state().note.unwrap_or_default() == text {
            return false;
        }
        let text = text.to_owned();
        self.append(&What::Note { text }, now);
        keep_last_note(&mut self.events);
        true
    }

    /// Whether it came from a file and was not sent here since.
    pub fn is_from_file(&self) -> bool {
        let since = self.events.iter().rev();
        since
            .take_while(|event| event.name() != "attempt")
            .any(|event| event.name() == "imported" && event.what() == What::Imported { new: true })
    }

    fn status_of(&self, item: &Item) -> Option<String> {
        // Where a read reports no status, the one that the creation reported is worth more than that
        // the resource exists.
        let told = item.status.clone().or_else(|| self.status.clone());
        let status = match told {
            Some(status) => status,
            None => status_of(self.operation()?, item),
        };
        Some(status).filter(|status| !status.is_empty())
    }

    /// Whether the resource's status is one that will still change.
    pub fn unsettled(&self) -> bool {
        self.is_unsettled(self.verdict(false))
    }

    /// Likewise, by what is to be said when nobody waits for an answer, for who knows that already.
    pub fn is_unsettled(&self, verdict: Verdict) -> bool {
        let Some(read) = self.operation().and_then(|op| op.read_back()) else {
            return false;
        };
        let pending = |status: &str| read.pending.contains(&status);
        match self.resource_id {
            None => false,
            // Not visible yet.
            Some(_) if self.absent => verdict == Verdict::Creating,
            Some(_) => self.status.as_deref().is_none_or(pending),
        }
    }

    /// One record with the events of both, in whatever order they are put together. `None` when they are
    /// not of one intent: what an intent asked for never changes. The id in the store is the first's.
    pub fn merged(&self, other: &Record) -> Option<Record> {
        if self.intent_key() != other.intent_key() || self.params != other.params {
            return None;
        }
        let (mine, theirs) = (self.timeline(), other.timeline());
        let mut events: Vec<Event> = mine.iter().chain(theirs.iter()).cloned().collect();
        events.sort_by(order);
        events.dedup();
        let mut events = without_known(events);
        keep_last_note(&mut events);
        let newer = |record: &Record| {
            (
                record.updated,
                canonical(&Value::Object(record.rest.clone())),
            )
        };
        let (old, new) = match newer(self) <= newer(other) {
            true => (self, other),
            false => (other, self),
        };
        let mut rest = old.rest.clone();
        rest.extend(new.rest.clone());
        rest.sort_keys();
        let mut merged = Record {
            created: self.created.min(other.created),
            updated: self.updated.max(other.updated),
            events,
            rest,
            ..self.clone()
        };
        merged.settle_members();
        Some(merged)
    }
}

/// The events without what a record said of its members at a time when its events were known: that is
/// what the events before it come to, told once more.
fn without_known(events: Vec<Event>) -> Vec<Event> {
    let told: Vec<(&Event, What)> = events.iter().map(|e| (e, e.what())).collect();
    let is_known = |event: &Event| {
        let What::Before(before) = event.what() else {
            return false;
        };
        told.iter().any(|(other, what)| match (what, &before.id) {
            // An attempt at the same time is another one, unless nothing was before it.
            (What::Attempt { .. }, None) => {
                other.at() < event.at() || other.at() == event.at() && other.n() == 0
            }
            (What::Answer { id: Some(id), .. } | What::Adopted { id, .. }, Some(own)) => {
                id == own && other.at() <= event.at()
            }
            // Who knows no id has nothing to tell to who knows one.
            (What::Answer { id, .. }, None) => id.is_some(),
            (What::Adopted { .. }, None) => true,
            (What::Before(before), None) => before.id.is_some(),
            _ => false,
        })
    };
    let kept = events.iter().filter(|event| !is_known(event));
    kept.cloned().collect()
}

/// Drops the notes that were written over: what somebody has struck out is not kept, and of two versions the
/// newer one counts.
fn keep_last_note(events: &mut Vec<Event>) {
    let is_note = |event: &Event| event.name() == "note";
    let mut notes = events.iter().filter(|event| is_note(event)).count();
    events.retain(|event| {
        let note = is_note(event);
        notes -= usize::from(note);
        !note || notes == 0
    });
}

/// The value of the member called "name", at the top or one level below.
fn name_in(params: &Value) -> Option<&str> {
    let members = params.as_object()?;
    members
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("name"))
        .and_then(|(_, value)| value.as_str())
        .or_else(|| members.values().find_map(name_in))
}

mod looking;
mod mode;
#[cfg(test)]
mod tests;
