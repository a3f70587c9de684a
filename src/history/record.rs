//! The record of one intent to create something.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tieline_catalog::answer::{status_of, Answer, Found, Item, Refusal};
use tieline_catalog::{find, Operation, Parsed, Raw};

use crate::client::Sent;

/// The outcome of an intent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The request is about to leave or on its way. When nobody is waiting for its answer any
    /// more (the tab was closed), this means the same as [`Outcome::Unknown`].
    Pending,
    /// The resource exists and its id is known.
    Created,
    /// The cloud refused, and will refuse again unchanged.
    Rejected,
    /// Certainly nothing happened.
    NotExecuted,
    /// It may have happened.
    Unknown,
}

impl Outcome {
    /// All outcomes, in the order of the filter.
    pub const ALL: [Outcome; 5] = [
        Outcome::Pending,
        Outcome::Created,
        Outcome::Rejected,
        Outcome::NotExecuted,
        Outcome::Unknown,
    ];

    /// The name in exports and in the filter's value.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Pending => "pending",
            Outcome::Created => "created",
            Outcome::Rejected => "rejected",
            Outcome::NotExecuted => "not-executed",
            Outcome::Unknown => "unknown",
        }
    }
}

/// One intent to create something. Holds neither personal data nor secrets.
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
    /// When it was last changed, in milliseconds since 1970. The newer of two versions wins.
    pub updated: u64,
    /// The idempotency key: one per intent, kept when the intent is sent again.
    pub key: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether an earlier request of this intent may have made the resource: whatever a later one
    /// meets, the outcome stays unknown until the resource is found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubted: bool,
    /// The resource's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// The resource's status, in the vendor's words, as last reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether the last look found no such resource.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// The vendor's id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Where it was sent: the proxy's address or the sandbox in the page.
    pub endpoint: String,
    /// Whether a sandbox stood for the cloud, as far as is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
    /// The error code, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The error message, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The first id to try for a record of this time: ascending with time, and `salt` keeps two tabs
/// apart. Below 2^53 until the year 2248, so that it is exact as a JavaScript number.
pub fn first_id(created: u64, salt: u32) -> u64 {
    created * 1024 + u64::from(salt % 1024)
}

impl Record {
    /// An intent that is about to be sent.
    pub fn intent(parsed: &Parsed, key: &str, endpoint: String, now: u64) -> Record {
        Record {
            id: 0,
            operation: parsed.operation().name.to_owned(),
            params: parsed.public().to_json(),
            created: now,
            updated: now,
            key: key.to_owned(),
            outcome: Outcome::Pending,
            doubted: false,
            resource_id: None,
            status: None,
            absent: false,
            request_id: None,
            endpoint,
            simulated: false,
            code: None,
            message: None,
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
            .and_then(|op| Raw::from_json(op, &self.params.to_string()).ok())
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

    /// Takes over an intent that is sent once more under the same key. A known id stays.
    pub fn resume(self, again: Record) -> Record {
        let open = matches!(self.outcome, Outcome::Pending | Outcome::Unknown);
        Record {
            id: self.id,
            created: self.created,
            doubted: self.doubted || open && self.resource_id.is_none(),
            resource_id: self.resource_id,
            status: self.status,
            request_id: self.request_id,
            ..again
        }
    }

    /// Notes what became of the request.
    pub fn settle(&mut self, sent: &Sent, now: u64) {
        self.updated = now.max(self.updated);
        self.simulated = sent.simulated;
        self.code = None;
        self.message = None;
        match &sent.answer {
            Answer::Created(created) => {
                self.outcome = Outcome::Created;
                self.doubted = false;
                self.absent = false;
                self.resource_id = Some(created.id.clone());
                self.request_id = created.request_id.clone();
                self.status = created.status.clone();
            }
            Answer::Rejected(refusal) => self.refused(refusal, Outcome::Rejected),
            Answer::NotExecuted(refusal) => self.refused(refusal, Outcome::NotExecuted),
            Answer::Unknown(refusal) => self.refused(refusal, Outcome::Unknown),
        }
    }

    fn refused(&mut self, refusal: &Refusal, outcome: Outcome) {
        // A resource whose id is known was created, whatever a later attempt met, and one that may
        // have been created still may.
        self.outcome = match (&self.resource_id, self.doubted) {
            (Some(_), _) => Outcome::Created,
            (None, true) => Outcome::Unknown,
            (None, false) => outcome,
        };
        self.code = Some(refusal.code.clone()).filter(|code| !code.is_empty());
        self.message = Some(refusal.message.clone()).filter(|text| !text.is_empty());
        if refusal.request_id.is_some() {
            self.request_id = refusal.request_id.clone();
        }
    }

    /// Notes what a read reported about the resource. Returns whether anything changed.
    pub fn observe(&mut self, found: &Found, now: u64) -> bool {
        let Found::Items(items) = found else {
            return false;
        };
        let ours = items
            .iter()
            .find(|item| Some(&item.id) == self.resource_id.as_ref());
        let status = match ours {
            Some(item) => self.status_of(item),
            None => self.status.clone(),
        };
        if ours.is_none() == self.absent && status == self.status {
            return false;
        }
        self.absent = ours.is_none();
        self.status = status;
        self.updated = now.max(self.updated);
        true
    }

    /// Takes over a resource that a look-up by name found, in a sandbox or not.
    pub fn adopt(&mut self, item: &Item, simulated: bool, now: u64) {
        self.outcome = Outcome::Created;
        self.doubted = false;
        self.simulated = simulated;
        self.status = self.status_of(item);
        self.resource_id = Some(item.id.clone());
        self.absent = false;
        self.code = None;
        self.message = None;
        self.updated = now.max(self.updated);
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
        let Some(read) = self.operation().and_then(|op| op.read_back()) else {
            return false;
        };
        self.resource_id.is_some()
            && !self.absent
            && self
                .status
                .as_deref()
                .is_none_or(|status| read.pending.contains(&status))
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tieline_catalog::answer::Created;
    use tieline_catalog::check;

    fn intent() -> Record {
        let op = find("CreateCen").unwrap();
        let mut raw = Raw::new();
        raw.set("Name", "backbone");
        Record::intent(&check(op, &raw).parsed, "key-1", "/api".to_string(), 1_000)
    }

    fn sent(answer: Answer) -> Sent {
        Sent::of(answer)
    }

    fn created() -> Sent {
        sent(Answer::Created(Created {
            id: "cen-1".into(),
            status: None,
            request_id: Some("R-1".into()),
            fields: Vec::new(),
        }))
    }

    fn refusal() -> Refusal {
        let text = tieline_catalog::Message::new("en", "zh");
        Refusal {
            code: "InvalidName".into(),
            ..Refusal::without_response(text.clone(), text)
        }
    }

    fn found(status: &str) -> Found {
        Found::Items(vec![Item {
            id: "cen-1".into(),
            status: Some(status.into()),
            fields: Vec::new(),
        }])
    }

    #[test]
    fn an_intent_holds_nothing_private() {
        let mut seen = 0;
        for op in tieline_catalog::creations() {
            let mut raw = Raw::example(op);
            for param in op.params {
                if param.privacy != tieline_catalog::Privacy::Public {
                    raw.set(param.name, "11010519491231002X");
                    seen += 1;
                }
            }
            let record = Record::intent(&check(op, &raw).parsed, "k", "/api".into(), 1);
            let json = serde_json::to_string(&record).unwrap();
            assert!(!json.contains("11010519491231002X"), "{json}");
        }
        assert!(seen > 0, "the catalog has private parameters");
    }

    #[test]
    fn an_answer_settles_an_intent_and_an_id_is_never_lost() {
        let mut record = intent();
        assert_eq!(record.outcome, Outcome::Pending);
        assert_eq!(record.name(), Some("backbone"));
        record.settle(&sent(Answer::Unknown(refusal())), 2_000);
        assert_eq!(record.outcome, Outcome::Unknown);
        assert_eq!(record.code.as_deref(), Some("InvalidName"));
        // The same intent is sent again under its key.
        let mut record = record.resume(intent());
        assert_eq!(record.outcome, Outcome::Pending);
        record.settle(&created(), 3_000);
        assert_eq!(record.outcome, Outcome::Created);
        assert_eq!(record.resource_id.as_deref(), Some("cen-1"));
        assert_eq!((record.code.as_deref(), record.updated), (None, 3_000));
        let mut record = record.resume(intent());
        record.settle(&sent(Answer::NotExecuted(refusal())), 4_000);
        assert_eq!(record.outcome, Outcome::Created);
        assert_eq!(record.resource_id.as_deref(), Some("cen-1"));
    }

    #[test]
    fn what_may_have_been_created_stays_in_doubt_whatever_a_repetition_meets() {
        for lost in [Answer::Unknown(refusal()), Answer::NotExecuted(refusal())] {
            for after in [
                Answer::NotExecuted(refusal()),
                Answer::Rejected(refusal()),
                Answer::Unknown(refusal()),
            ] {
                let (mut record, now) = (intent(), sent(after.clone()));
                let doubt = matches!(lost, Answer::Unknown(_));
                record.settle(&sent(lost.clone()), 2_000);
                let mut again = record.resume(intent());
                assert_eq!(again.doubted, doubt, "{lost:?}");
                again.settle(&now, 3_000);
                let mut alone = intent();
                alone.settle(&now, 3_000);
                let expected = if doubt {
                    Outcome::Unknown
                } else {
                    alone.outcome
                };
                assert_eq!(again.outcome, expected, "{lost:?}, {after:?}");
                // Nor does a third request forget it.
                let mut third = again.resume(intent());
                third.settle(&sent(Answer::Rejected(refusal())), 4_000);
                let open = doubt || expected == Outcome::Unknown;
                assert_eq!(third.outcome == Outcome::Unknown, open);
                let mut found = third.resume(intent());
                found.settle(&created(), 5_000);
                assert!(!found.doubted && found.outcome == Outcome::Created);
            }
        }
        // A tab that was closed in the meantime leaves a pending record, which may be anything.
        assert!(intent().resume(intent()).doubted);
    }

    #[test]
    fn reads_change_the_status_until_it_is_settled() {
        let mut record = intent();
        record.settle(&created(), 2_000);
        assert!(record.unsettled(), "no status yet");
        assert!(record.observe(&found("Creating"), 3_000));
        assert!(record.unsettled());
        assert!(!record.observe(&found("Creating"), 4_000), "nothing new");
        assert_eq!(record.updated, 3_000);
        assert!(!record.observe(&Found::Refused(refusal()), 5_000));
        assert!(record.observe(&found("Active"), 6_000));
        assert!(!record.unsettled());
        assert!(record.observe(&Found::Items(Vec::new()), 7_000));
        assert!(record.absent);
        assert_eq!(record.status.as_deref(), Some("Active"), "as last reported");
    }

    #[test]
    fn a_resource_found_by_name_is_taken_over() {
        let mut record = intent();
        record.settle(&sent(Answer::Unknown(refusal())), 2_000);
        let Found::Items(items) = found("Active") else {
            unreachable!("the helper makes items")
        };
        record.adopt(&items[0], true, 3_000);
        assert_eq!(record.outcome, Outcome::Created);
        assert!(record.simulated);
        assert_eq!(record.status.as_deref(), Some("Active"));
        assert_eq!(record.message, None);
    }

    #[test]
    fn names_are_found_one_level_down_and_odd_parameters_give_an_empty_form() {
        let mut record = intent();
        record.params = json!({ "domain_id": "d", "cloud_connection": { "name": "cc" } });
        assert_eq!(record.name(), Some("cc"));
        assert!(record.raw().leaves().is_empty(), "not CreateCen's");
        record.operation = "Retired".into();
        assert!(record.raw().leaves().is_empty());
        assert!(!record.unsettled());
    }

    #[test]
    fn ids_follow_time_and_are_exact_in_javascript() {
        assert!(first_id(1_000, u32::MAX) < first_id(1_001, 0));
        assert!(first_id(8_796_093_022_207, u32::MAX) < 1 << 53);
    }
}
