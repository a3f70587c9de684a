//! What happened to an intent.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tieline_catalog::answer::{Answer, Refusal};

use crate::canonical::{canonical_object, sha256};

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

/// Who gave an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The cloud itself.
    Cloud,
    /// The proxy, about the request.
    Proxy,
    /// The page, which did not send it.
    Page,
    /// Nobody, or a stranger between: the answer did not come.
    Nobody,
}

/// The way in which a lost request's resource is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Search {
    /// By the name that was asked for.
    Name,
    /// By the region and the address that was asked for.
    Address,
    /// The user says that they looked elsewhere.
    User,
}

/// What happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum What {
    /// A request was about to leave, under the record's idempotency key.
    Attempt {
        /// Where it was sent, as records name it.
        endpoint: String,
        /// The account of the proxy's that it asked for; none for its default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// The SHA-256 of its client token, if it had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// Whether it was for a sandbox, and would go nowhere else.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        simulated: bool,
    },
    /// An attempt was answered, or it is known that it will not be.
    Answer {
        /// By whom.
        by: By,
        /// What it means for the request that it answers.
        outcome: Outcome,
        /// Whether a sandbox stood for the cloud.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        simulated: bool,
        /// Whose keys signed the request, as the proxy tells them apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signer: Option<String>,
        /// The resource's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The resource's status, in the vendor's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<String>,
        /// The error code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The error message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The vendor's id of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// The resource of a lost request was looked for.
    LookUp {
        /// How.
        by: Search,
        /// The ids of what was found.
        #[serde(default)]
        found: Vec<String>,
        /// Whether the look-up itself failed, or did not come to the end, so that what was not found may be there.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        failed: bool,
        /// Whose keys signed it, as the proxy tells them apart, if they were the same from its beginning to its end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signer: Option<String>,
    },
    /// The user said that this resource is the one that was made, or took over one that nobody here has made.
    Adopted {
        /// Its id.
        id: String,
        /// Its status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<String>,
        /// Whether a sandbox stood for the cloud.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        simulated: bool,
        /// Where it was found, as records name it, when no request of this record's has made it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
        /// When it was made, as the cloud tells, in milliseconds since 1970.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<u64>,
        /// Whose keys signed the read that showed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signer: Option<String>,
    },
    /// A read reported on the resource.
    Status {
        /// Its id.
        id: String,
        /// Its status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<String>,
        /// Whether there was no such resource.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        absent: bool,
    },
    /// Something of the record, or all of it, came from a file.
    Imported {
        /// Whether all of it did: nobody here has sent it.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        new: bool,
    },
    /// What the user wrote beside the record, in place of what was written before; nothing takes it away.
    Note {
        /// It.
        text: String,
    },
    /// What is known of the time before there were events, from a record's members.
    Before(Before),
    /// What this version does not know.
    #[serde(other)]
    Other,
}

/// What a record without events says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Before {
    /// What became of it.
    pub outcome: Outcome,
    /// Whether an earlier request may have made the resource.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub doubted: bool,
    /// The resource's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The resource's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether the last look found no such resource.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub absent: bool,
    /// The vendor's id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Where it was sent.
    pub endpoint: String,
    /// Whether a sandbox stood for the cloud.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub simulated: bool,
    /// The error code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The error message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl What {
    /// What this answer was.
    pub fn answer(answer: &Answer, by: By, simulated: bool, signer: Option<&str>) -> What {
        let signer = signer.map(String::from);
        let refused = |refusal: &Refusal, outcome| What::Answer {
            by,
            outcome,
            simulated,
            signer: signer.clone(),
            id: None,
            status: None,
            code: some(&refusal.code),
            message: some(&refusal.message),
            request_id: refusal.request_id.clone(),
        };
        match answer {
            Answer::Created(created) => What::Answer {
                by,
                outcome: Outcome::Created,
                simulated,
                signer,
                id: Some(created.id.clone()),
                status: created.status.clone(),
                code: None,
                message: None,
                request_id: created.request_id.clone(),
            },
            Answer::Rejected(refusal) => refused(refusal, Outcome::Rejected),
            Answer::NotExecuted(refusal) => refused(refusal, Outcome::NotExecuted),
            Answer::Unknown(refusal) => refused(refusal, Outcome::Unknown),
        }
    }

    /// Whether every version has made a receipt of it: it says what was sent, what came back, or what there is.
    pub fn matters(&self) -> bool {
        matches!(
            self,
            What::Attempt { .. } | What::Answer { .. } | What::Adopted { .. } | What::Status { .. }
        )
    }

    /// Whether a receipt is made of it. Earlier versions made none of look-ups, after which a request is sent again.
    pub fn gets_receipt(&self) -> bool {
        self.matters() || matches!(self, What::LookUp { .. })
    }
}

/// The names of that of which a receipt is made.
const WITH_RECEIPT: [&str; 5] = ["attempt", "answer", "look-up", "adopted", "status"];

/// What happened, with its place in time.
#[derive(Serialize)]
struct Stamped<'a> {
    at: u64,
    n: u64,
    #[serde(flatten)]
    what: &'a What,
}

fn some(text: &str) -> Option<String> {
    Some(text.to_string()).filter(|text| !text.is_empty())
}

/// An event as it is stored. What this version does not know of it stays in it, so that a newer version
/// finds it again and its digest stays the same.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Event(Map<String, Value>);

impl Event {
    /// What happened at `at`, milliseconds since 1970, after `n` other events of its record that were
    /// known there.
    pub fn new(what: &What, at: u64, n: u64) -> Event {
        // What happened is an object.
        match serde_json::to_value(Stamped { at, n, what }) {
            Ok(Value::Object(members)) => Event(members),
            _ => Event(Map::new()),
        }
    }

    /// When it happened, in milliseconds since 1970.
    pub fn at(&self) -> u64 {
        self.number("at")
    }

    /// The number of events of its record that were known when it happened. Of two events of which one
    /// followed the other, whatever the clocks say, it is higher for the later one.
    pub fn n(&self) -> u64 {
        self.number("n")
    }

    /// What happened.
    pub fn what(&self) -> What {
        What::deserialize(&self.0).unwrap_or(What::Other)
    }

    /// Whether a receipt may be made of it, by its name alone.
    pub fn may_get_receipt(&self) -> bool {
        WITH_RECEIPT.contains(&self.name())
    }

    /// Whether anything follows from it, by its name alone. Each record of a file has one of which nothing does, and
    /// there are very many of them.
    pub fn may_tell(&self) -> bool {
        self.name() != "imported"
    }

    /// The name of what happened, also of what this version does not know.
    pub fn name(&self) -> &str {
        let name = self.0.get("event").and_then(Value::as_str);
        name.unwrap_or_default()
    }

    /// The vendor's id of the request that it answers.
    pub fn request_id(&self) -> Option<&str> {
        self.0.get("request_id")?.as_str()
    }

    /// The SHA-256 of its canonical form.
    pub fn digest(&self) -> String {
        sha256(&self.form())
    }

    /// The same after `n` other events.
    pub(crate) fn renumbered(mut self, at: u64, n: u64) -> Event {
        self.0.insert("at".into(), at.into());
        self.0.insert("n".into(), n.into());
        self
    }

    fn form(&self) -> String {
        canonical_object(&self.0)
    }

    fn number(&self, name: &str) -> u64 {
        let number = self.0.get(name).and_then(Value::as_u64);
        number.unwrap_or_default()
    }
}

/// The order of a time line: by time, and at one time by what was known. It is the same wherever two
/// versions are put together.
pub fn order(a: &Event, b: &Event) -> Ordering {
    let known = |event: &Event| (event.at(), event.n());
    known(a)
        .cmp(&known(b))
        .then_with(|| a.form().cmp(&b.form()))
}
