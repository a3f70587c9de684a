//! The entry of one key, and the only rules by which it changes.
//!
//! [`step`] is a pure function: every store runs it atomically on the entry that it holds, so the
//! rules exist once.

use serde::{Deserialize, Serialize};

use crate::clock::Now;
#[cfg(feature = "durable")]
use crate::error::Error;
use crate::types::{Answer, Begin, EntryId, Lease, Outcome, Settled, Unknown};

/// One key's entry. All times are milliseconds since 1970 on the store's clock, but for that since
/// when an outcome is unknown, by which nothing is decided.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Tells this entry from an earlier one under the same key.
    nonce: String,
    /// Counts the leases of this entry from 1. Above 1 an earlier attempt's outcome is not known.
    attempt: u32,
    fingerprint: String,
    client_token: Option<String>,
    /// Whose keys signed the request, where that is known; an earlier version does without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signer: Option<String>,
    state: State,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// A request is on its way; after `until` its holder counts as crashed.
    Held { owner: String, until: u64 },
    /// The cloud may have executed the request, since a time on people's clocks.
    Unknown { since: u64 },
    /// Settled, and forgotten after `until`.
    Answered { answer: Answer, until: u64 },
}

/// A step that a store is asked to apply to an entry.
#[derive(Clone)]
pub(crate) enum Step {
    Begin {
        fingerprint: String,
        client_token: Option<String>,
        signer: Option<String>,
        /// Whether an unknown outcome may be resolved by sending again with the client token.
        repeat: bool,
        nonce: String,
        owner: String,
        lease: u64,
    },
    Renew {
        nonce: String,
        attempt: u32,
        lease: u64,
    },
    /// By the holder of a lease, or without one by whoever looked the resource up.
    Settle {
        holder: Option<Holder>,
        outcome: Outcome,
        retention: u64,
    },
    /// Whether a live lease is out.
    Look,
    /// What there is to be said of a request, without beginning one; without a fingerprint, of the entry's own.
    Peek { fingerprint: Option<String> },
}

/// What the holder of a lease knows of its entry: enough to write it anew.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) nonce: String,
    pub(crate) attempt: u32,
    pub(crate) fingerprint: String,
    pub(crate) client_token: Option<String>,
    pub(crate) signer: Option<String>,
    /// Until when the entry must be there, whatever anybody else did.
    pub(crate) until: u64,
}

pub(crate) enum Reply {
    Begin(Begin),
    Settled(Settled),
    /// To `Renew`: still held. To `Look`: in flight.
    Yes(bool),
    /// To `Peek`: what a beginning would meet; `None` where nothing is.
    Known(Option<Begin>),
}

pub(crate) enum Change {
    Keep,
    Put(Entry),
    Remove,
}

impl Entry {
    /// Reads what a store holds under `id`. An entry that cannot be read is an error, never an
    /// absent one.
    #[cfg(feature = "durable")]
    pub(crate) fn from_json(text: &str, id: &EntryId) -> Result<Entry, Error> {
        serde_json::from_str(text).map_err(|_| Error::Unreadable(id.to_string()))
    }

    /// The text that a store holds of it under `id`.
    #[cfg(feature = "durable")]
    pub(crate) fn to_json(&self, id: &EntryId) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|_| Error::Unreadable(id.to_string()))
    }

    /// The time at which a settled entry may be forgotten; `None` while it must be kept.
    pub(crate) fn kept_until(&self) -> Option<u64> {
        match self.state {
            State::Answered { until, .. } => Some(until),
            State::Held { .. } | State::Unknown { .. } => None,
        }
    }

    /// The entry after its holder is known to be gone; `None` when nobody held it.
    #[cfg(feature = "durable")]
    pub(crate) fn abandoned(&self, now: Now) -> Option<Entry> {
        let held = matches!(self.state, State::Held { .. });
        held.then(|| self.clone().with(State::Unknown { since: now.wall }))
    }

    /// Whether this beginning may have written it.
    #[cfg(feature = "durable")]
    pub(crate) fn may_be_of(&self, step: &Step) -> bool {
        match step {
            Step::Begin { nonce, repeat, .. } => *repeat || *nonce == self.nonce,
            _ => false,
        }
    }

    /// The unknown outcome at the time `now`, if it is: its outcome was lost, or its holder is
    /// gone.
    pub(crate) fn unknown(&self, id: EntryId, now: Now) -> Option<Unknown> {
        let since = match self.state {
            State::Unknown { since } => since,
            State::Held { until, .. } if until <= now.store => now.wall_at(until),
            State::Held { .. } | State::Answered { .. } => return None,
        };
        Some(Unknown {
            id,
            since,
            repeatable: self.client_token.is_some(),
        })
    }

    /// What a request with this fingerprint meets.
    fn says(&self, fingerprint: &str, now: Now) -> Begin {
        if self.fingerprint != fingerprint {
            return Begin::Conflict;
        }
        let since = match &self.state {
            State::Answered { answer, .. } => return Begin::Replay(answer.clone()),
            State::Held { owner, until } if now.store < *until => {
                let owner = owner.clone();
                return Begin::InFlight { owner };
            }
            State::Held { until, .. } => now.wall_at(*until),
            State::Unknown { since } => *since,
        };
        Begin::Unknown {
            repeatable: self.client_token.is_some(),
            since,
        }
    }

    /// Whether it is known to be signed with other keys than these, which may be another account's.
    fn is_of_another(&self, signer: Option<&str>) -> bool {
        let own = self.signer.as_deref();
        own.is_some_and(|own| signer.is_some_and(|signer| signer != own))
    }

    fn with(self, state: State) -> Entry {
        Entry { state, ..self }
    }

    fn grant(self, id: &EntryId, until: u64) -> (Change, Reply) {
        let lease = Lease {
            id: *id,
            nonce: self.nonce.clone(),
            attempt: self.attempt,
            fingerprint: self.fingerprint.clone(),
            client_token: self.client_token.clone(),
            signer: self.signer.clone(),
            until: until.into(),
        };
        (Change::Put(self), Reply::Begin(Begin::Fresh(lease)))
    }
}

/// Applies a step to the entry `id` at the time `now`.
pub(crate) fn step(id: &EntryId, entry: Option<Entry>, step: Step, now: Now) -> (Change, Reply) {
    let entry = entry.filter(|entry| entry.kept_until().is_none_or(|until| now.store < until));
    let live =
        |entry: &Entry| matches!(entry.state, State::Held { until, .. } if now.store < until);
    match step {
        Step::Begin {
            fingerprint,
            client_token,
            signer,
            repeat,
            nonce,
            owner,
            lease,
        } => {
            let until = now.store.saturating_add(lease);
            let Some(entry) = entry else {
                let entry = Entry {
                    nonce,
                    attempt: 1,
                    fingerprint,
                    client_token,
                    signer,
                    state: State::Held { owner, until },
                };
                return entry.grant(id, until);
            };
            let mut says = entry.says(&fingerprint, now);
            if let (true, Begin::Unknown { repeatable, .. }) = (repeat, &mut says) {
                // In another account nobody knows the token.
                *repeatable &= !entry.is_of_another(signer.as_deref());
                if *repeatable {
                    let attempt = entry.attempt.saturating_add(1);
                    let again = Entry {
                        attempt,
                        signer: entry.signer.clone().or(signer),
                        ..entry.with(State::Held { owner, until })
                    };
                    return again.grant(id, until);
                }
            }
            (Change::Keep, Reply::Begin(says))
        }
        Step::Renew {
            nonce,
            attempt,
            lease,
        } => {
            if let Some(mut entry) = entry.filter(live) {
                if (&entry.nonce, entry.attempt) == (&nonce, attempt) {
                    if let State::Held { until, .. } = &mut entry.state {
                        *until = now.store.saturating_add(lease);
                    }
                    return (Change::Put(entry), Reply::Yes(true));
                }
            }
            (Change::Keep, Reply::Yes(false))
        }
        Step::Settle {
            holder,
            outcome,
            retention,
        } => {
            let (change, settled) = settle(entry, holder, outcome, now, retention);
            (change, Reply::Settled(settled))
        }
        Step::Look => (Change::Keep, Reply::Yes(entry.is_some_and(|e| live(&e)))),
        Step::Peek { fingerprint } => {
            let known = entry.map(|entry| {
                let fingerprint = fingerprint.as_ref().unwrap_or(&entry.fingerprint);
                entry.says(fingerprint, now)
            });
            (Change::Keep, Reply::Known(known))
        }
    }
}

fn settle(
    entry: Option<Entry>,
    holder: Option<Holder>,
    outcome: Outcome,
    now: Now,
    retention: u64,
) -> (Change, Settled) {
    let Some(entry) = entry else {
        return match holder {
            Some(holder) => restore(holder, outcome, now, retention),
            None => (Change::Keep, Settled::Lost),
        };
    };
    if let Some(other) = holder.as_ref().filter(|known| known.nonce != entry.nonce) {
        return match now.store < other.until {
            // Somebody could begin anew only because this one's entry was lost.
            true => (Change::Keep, Settled::Forgotten),
            false => (Change::Keep, Settled::Lost),
        };
    }
    let held_until = match entry.state {
        State::Answered { .. } => return (Change::Keep, Settled::Final),
        State::Held { until, .. } => Some(until),
        State::Unknown { .. } => None,
    };
    let doubtful = match holder {
        None if held_until.is_some_and(|until| now.store < until) => {
            return (Change::Keep, Settled::InFlight)
        }
        // Whoever looked the resource up says what became of all attempts.
        None => false,
        // An id that the cloud gave is never lost, however late it comes; anything else that a
        // former holder has to say is no news about the present attempt.
        Some(holder)
            if holder.attempt != entry.attempt && !matches!(outcome, Outcome::Created(_)) =>
        {
            return (Change::Keep, Settled::Lost)
        }
        // A refusal of the second attempt says nothing about the first.
        Some(holder) => holder.attempt > 1,
    };
    let answer = match outcome {
        Outcome::Created(answer) => Some(answer),
        Outcome::Rejected(answer) if !doubtful => Some(answer),
        Outcome::NotExecuted if !doubtful => return (Change::Remove, Settled::Free),
        Outcome::Rejected(_) | Outcome::NotExecuted | Outcome::Unknown => None,
    };
    match (answer, held_until) {
        (Some(answer), _) => {
            let until = now.store.saturating_add(retention);
            let answered = entry.with(State::Answered { answer, until });
            (Change::Put(answered), Settled::Final)
        }
        (None, Some(until)) => {
            let since = now.wall_at(until.min(now.store));
            let unknown = entry.with(State::Unknown { since });
            (Change::Put(unknown), Settled::Unknown)
        }
        (None, None) => (Change::Keep, Settled::Unknown),
    }
}

/// The entry is gone, but its holder is there: what a repetition must know is written anew.
fn restore(holder: Holder, outcome: Outcome, now: Now, retention: u64) -> (Change, Settled) {
    // Later it may have been settled by somebody else, and then be forgotten for good reason.
    let missed = now.store < holder.until;
    let doubtful = holder.attempt > 1;
    let unknown = State::Unknown { since: now.wall };
    let state = match outcome {
        Outcome::Created(answer) => {
            let until = now.store.saturating_add(retention);
            State::Answered { answer, until }
        }
        Outcome::Unknown if missed => unknown,
        // A refusal of a repeat says nothing about the first attempt, and no repeat makes its key free.
        Outcome::Rejected(_) | Outcome::NotExecuted if missed && doubtful => unknown,
        Outcome::Rejected(_) if missed => return (Change::Keep, Settled::Forgotten),
        // The holder may have said so before, without hearing that it was understood.
        Outcome::NotExecuted | Outcome::Rejected(_) | Outcome::Unknown => {
            return (Change::Keep, Settled::Lost)
        }
    };
    let entry = Entry {
        nonce: holder.nonce,
        attempt: holder.attempt,
        fingerprint: holder.fingerprint,
        client_token: holder.client_token,
        signer: holder.signer,
        state,
    };
    // What nobody missed is written anew for its id alone.
    let settled = match missed {
        true => Settled::Forgotten,
        false => Settled::Final,
    };
    (Change::Put(entry), settled)
}
