//! The types of the journal's questions and answers.

use std::fmt;
use std::sync::atomic::AtomicU64;

use base16ct::lower::encode_string;
use serde::{Deserialize, Serialize};

/// Names one entry: a keyed digest that says nothing about the key, so it may stand in a log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryId(pub(crate) [u8; 32]);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode_string(&self.0))
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The key of a request: the same key means the same resource.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    /// The user. Two users' keys never meet.
    pub principal: &'a str,
    /// The operation's name.
    pub operation: &'a str,
    /// The client's `Idempotency-Key`.
    pub idempotency_key: &'a str,
}

impl fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The principal and the client's key can be anything.
        write!(f, "Key({})", self.operation)
    }
}

/// A request as the journal knows it.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The entry that it belongs to.
    pub id: EntryId,
    pub(crate) fingerprint: String,
    pub(crate) client_token: Option<String>,
    pub(crate) signer: Option<String>,
}

impl Intent {
    /// The same, signed with keys that are known by this. It is no part of what tells requests apart: an
    /// answer is given whoever asks for it. But what may have been executed is not sent again with other
    /// keys, which may be another account's and then make a second resource.
    pub fn signed_by(self, signer: Option<String>) -> Intent {
        Intent { signer, ..self }
    }
}

/// The answer that is relayed to the client, now and when it repeats the request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The relayed headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

/// The journal's decision about an intent.
#[derive(Debug)]
#[must_use]
pub enum Begin {
    /// Send it now. The intent is durable, and nobody else sends it while the lease lasts.
    Fresh(Lease),
    /// It was answered.
    Replay(Answer),
    /// The key was used for other parameters.
    Conflict,
    /// Another request with the key is on its way: [`crate::Journal::wait`], then begin again.
    InFlight {
        /// The owner of the lease ([`crate::Options::owner`]).
        owner: String,
    },
    /// It was sent, and what became of it is not known.
    Unknown {
        /// Whether it has a client token, so that [`crate::Journal::retry_with_token`] is safe.
        /// Otherwise the resource must be looked up and the entry reconciled.
        repeatable: bool,
        /// Since when, in milliseconds since 1970.
        since: u64,
    },
}

/// The right to send one request. Dropping it settles nothing: the key turns unknown when the lease
/// ends.
#[derive(Debug)]
#[must_use]
pub struct Lease {
    /// The entry that it belongs to.
    pub id: EntryId,
    pub(crate) nonce: String,
    pub(crate) attempt: u32,
    pub(crate) fingerprint: String,
    pub(crate) client_token: Option<String>,
    pub(crate) signer: Option<String>,
    /// Until when its entry must be there, in milliseconds on the store's clock; 0 once it was freed, 1 once it may be.
    pub(crate) until: AtomicU64,
}

impl Lease {
    /// The client token to send: for a repeat the one that was sent at first.
    pub fn client_token(&self) -> Option<&str> {
        self.client_token.as_deref()
    }

    /// Whether an earlier attempt's outcome is unknown.
    pub fn is_repeat(&self) -> bool {
        self.attempt > 1
    }
}

/// An entry whose outcome is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// The entry.
    pub id: EntryId,
    /// Since when, in milliseconds since 1970 on the store's clock.
    pub since: u64,
    /// Whether the client may repeat the request: it has a client token, so that the cloud makes no
    /// second resource. Otherwise somebody must look the resource up.
    pub repeatable: bool,
}

/// The outcome of everything that was sent under a lease.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The resource exists.
    Created(Answer),
    /// Refused for good.
    Rejected(Answer),
    /// Not executed, for certain.
    NotExecuted,
    /// It may have been executed.
    Unknown,
}

/// The state of a key after an outcome was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settled {
    /// The answer is stored: this one, or one that came before it.
    Final,
    /// The key is free for a repeat.
    Free,
    /// The key's outcome is unknown. Also after a refusal of a repeat, since the first attempt may
    /// have been executed: do not tell the client that it was rejected.
    Unknown,
    /// Only from [`crate::Journal::reconcile`]: a request is on its way; nothing was changed.
    InFlight,
    /// The entry was gone although its lease lasts: the store has lost it. A resource or an unknown
    /// outcome is written anew where no other entry stands in its place. From now on
    /// [`crate::Journal::begin`] fails, since other entries may be lost too.
    Forgotten,
    /// The entry is gone, or a later attempt's; nothing was changed.
    Lost,
}
