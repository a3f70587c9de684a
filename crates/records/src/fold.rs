//! The state of an intent, as its events leave it, and the one verdict on its resource.

use alloc::string::String;
use alloc::vec::Vec;

use crate::event::{Before, Event, Outcome, Search, What};

/// How long after a creation the reads of a cloud may not know the resource yet, in milliseconds.
pub const VISIBLE_MS: u64 = 5 * 60 * 1_000;

/// What is to be said about a resource. There is one at a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is being made: its answer is awaited, its status still changes, or it is not visible yet.
    Creating,
    /// It exists.
    Active,
    /// It existed, and does no longer.
    Gone,
    /// It may exist.
    Unknown,
    /// It was not made.
    NotCreated,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Verdict; 5] = [
        Verdict::Creating,
        Verdict::Active,
        Verdict::Gone,
        Verdict::Unknown,
        Verdict::NotCreated,
    ];

    /// The name in exports and style sheets.
    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Creating => "creating",
            Verdict::Active => "active",
            Verdict::Gone => "gone",
            Verdict::Unknown => "unknown",
            Verdict::NotCreated => "not-created",
        }
    }
}

/// How well it is known that a resource is the one that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
enum Known {
    #[default]
    Not,
    /// A user said so, or a record without events.
    Said,
    /// A cloud answered with its id.
    Answered,
}

/// What a record's events come to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct State {
    /// What became of the intent; none without any event that says so.
    pub outcome: Option<Outcome>,
    /// Whether an earlier request of this intent may have made the resource: whatever a later one
    /// meets, the outcome stays unknown until the resource is found.
    pub doubted: bool,
    /// The resource's id.
    pub id: Option<String>,
    /// The ids of other resources that this intent has been said to have made. No id is ever lost.
    pub others: Vec<String>,
    /// The resource's status, as last reported.
    pub status: Option<String>,
    /// Whether the last look found no such resource.
    pub absent: bool,
    /// The vendor's id of the last request.
    pub request_id: Option<String>,
    /// Where the last request was sent.
    pub endpoint: Option<String>,
    /// Whether a sandbox stood for the cloud, as far as is known.
    pub simulated: bool,
    /// The same as versions told it to which an attempt for a sandbox was the last word on those after it.
    pub(crate) said_simulated: bool,
    /// The last answer's error code.
    pub code: Option<String>,
    /// The last answer's error message.
    pub message: Option<String>,
    /// What the user has written beside it; none when that was nothing, or taken away.
    pub note: Option<String>,
    known: Known,
    /// A read has found the resource.
    seen: bool,
    /// When its id became known, in milliseconds since 1970.
    since: u64,
    /// When it was last found missing, likewise.
    missing: u64,
}

/// What these events, in their order, come to.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> State {
    let mut state = State::default();
    for event in events {
        if event.may_tell() {
            state.take(event.what(), event.at());
        }
    }
    state
}

impl State {
    /// When its id became known, in milliseconds since 1970; 0 without one.
    pub fn known_since(&self) -> u64 {
        self.since
    }

    fn take(&mut self, what: What, at: u64) {
        match what {
            What::Attempt {
                endpoint,
                simulated,
                ..
            } => {
                self.doubted |= self.is_open();
                self.said_simulated |= simulated;
                // Who made what is known is not who gets a repetition.
                if self.id.is_none() {
                    self.simulated = simulated;
                }
                self.outcome = Some(Outcome::Pending);
                self.endpoint = Some(endpoint);
                (self.code, self.message) = (None, None);
            }
            What::Answer {
                outcome,
                simulated,
                id,
                status,
                code,
                message,
                request_id,
                ..
            } => {
                (self.simulated, self.said_simulated) = (simulated, simulated);
                (self.code, self.message) = (code, message);
                self.request_id = request_id.or(self.request_id.take());
                match id {
                    Some(id) => self.found(id, status, Known::Answered, at),
                    None => self.refused(outcome),
                }
            }
            What::Adopted {
                id,
                status,
                simulated,
                endpoint,
                ..
            } => {
                (self.simulated, self.said_simulated) = (simulated, simulated);
                (self.code, self.message) = (None, None);
                self.found(id, status, Known::Said, at);
                if let Some(endpoint) = endpoint {
                    // A read has listed it.
                    self.seen = true;
                    self.endpoint.get_or_insert(endpoint);
                }
            }
            What::Status { id, status, absent } => {
                if self.id.as_ref() != Some(&id) {
                    return;
                }
                self.status = status.or(self.status.take());
                self.seen |= !absent;
                self.reported(absent, at);
            }
            What::Before(before) => self.before(before, at),
            What::Note { text } => self.note = Some(text).filter(|text| !text.is_empty()),
            What::LookUp { .. } | What::Imported { .. } | What::Other => {}
        }
        if self.id.is_some() && self.outcome != Some(Outcome::Pending) {
            self.outcome = Some(Outcome::Created);
        }
    }

    /// Whether a request may have made a resource that nobody knows.
    fn is_open(&self) -> bool {
        let open = matches!(self.outcome, Some(Outcome::Pending | Outcome::Unknown));
        open && self.id.is_none()
    }

    /// A resource has this id. One that the cloud answered with stands above one that somebody chose.
    fn found(&mut self, id: String, status: Option<String>, known: Known, at: u64) {
        self.doubted = false;
        self.outcome = Some(Outcome::Created);
        match &self.id {
            Some(own) if *own == id => {
                self.known = self.known.max(known);
                self.status = status.or(self.status.take());
                self.absent = false;
                self.others.retain(|other| *other != id);
                return;
            }
            Some(_) if self.known == Known::Answered => return self.other(id),
            _ => {}
        }
        if let Some(before) = self.id.replace(id.clone()) {
            self.other(before);
        }
        self.others.retain(|other| *other != id);
        self.known = known;
        self.status = status;
        (self.absent, self.seen, self.since) = (false, false, at);
    }

    fn reported(&mut self, absent: bool, at: u64) {
        if absent {
            self.missing = at;
        }
        self.absent = absent;
    }

    fn other(&mut self, id: String) {
        if !self.others.contains(&id) {
            self.others.push(id);
        }
    }

    /// An answer without an id. A resource whose id is known was created, whatever a later attempt met,
    /// and one that may have been created still may.
    fn refused(&mut self, outcome: Outcome) {
        self.outcome = Some(match (&self.id, self.doubted) {
            (Some(_), _) => Outcome::Created,
            (None, true) => Outcome::Unknown,
            // Without an id nothing is known to be created.
            (None, false) if outcome == Outcome::Created => Outcome::Unknown,
            (None, false) => outcome,
        });
    }

    fn before(&mut self, before: Before, at: u64) {
        let alone = self.outcome.is_none();
        let open = matches!(before.outcome, Outcome::Pending | Outcome::Unknown);
        match before.id {
            Some(id) => match &self.id {
                Some(own) if *own == id => {
                    self.status = before.status.or(self.status.take());
                    self.reported(before.absent, at);
                }
                // What a file says takes no id's place.
                Some(_) => self.other(id),
                None => {
                    self.found(id, before.status, Known::Said, at);
                    (self.absent, self.missing, self.seen) = (before.absent, at, before.absent);
                }
            },
            None if alone => {
                self.outcome = Some(before.outcome);
                self.doubted = before.doubted;
            }
            None => {
                self.doubted |= self.id.is_none() && (open || before.doubted);
                self.refused(before.outcome);
            }
        }
        if alone {
            self.endpoint = Some(before.endpoint);
            self.request_id = before.request_id;
            self.simulated = before.simulated;
            self.said_simulated = before.simulated;
            (self.code, self.message) = (before.code, before.message);
        }
    }

    /// What is to be said about the resource. `awaited`: somebody waits for the answer to the last
    /// request. `pending`: the statuses that will still change.
    pub fn verdict(&self, awaited: bool, pending: &[&str]) -> Verdict {
        if self.id.is_none() {
            return match self.outcome {
                Some(Outcome::Pending) if awaited => Verdict::Creating,
                Some(Outcome::Rejected | Outcome::NotExecuted) if !self.doubted => {
                    Verdict::NotCreated
                }
                _ => Verdict::Unknown,
            };
        }
        let visible = self.seen || self.missing >= self.since.saturating_add(VISIBLE_MS);
        match (self.absent, self.status.as_deref()) {
            (true, _) if visible => Verdict::Gone,
            (true, _) => Verdict::Creating,
            (false, Some(status)) if pending.contains(&status) => Verdict::Creating,
            (false, None) if !pending.is_empty() => Verdict::Creating,
            (false, _) => Verdict::Active,
        }
    }
}

/// Whether the resource of a record with these events was looked for since the last request left. A look within
/// [`VISIBLE_MS`] counts for nothing, whatever it found: what the request made may not be visible yet. Whoever looked
/// elsewhere is believed at any time.
pub fn is_looked_up(timeline: &[Event]) -> bool {
    let mut seen_from = 0;
    let mut looked = false;
    for event in timeline {
        match event.what() {
            What::Attempt { .. } => {
                seen_from = event.at().saturating_add(VISIBLE_MS);
                looked = false;
            }
            What::LookUp {
                by: Search::User, ..
            } => looked = true,
            What::LookUp { failed: false, .. } => looked |= event.at() >= seen_from,
            _ => {}
        }
    }
    looked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_comes_before_a_resource_can_be_seen_counts_for_nothing() {
        let attempt = |at: u64| {
            let what = What::Attempt {
                endpoint: "/api".into(),
                profile: None,
                token: None,
                simulated: false,
            };
            Event::new(&what, at, 0)
        };
        let look = |at: u64, by: Search, found: &[&str], failed: bool| {
            let found = found.iter().map(|id| String::from(*id)).collect();
            let signer = None;
            let look_up = What::LookUp {
                by,
                found,
                failed,
                signer,
            };
            Event::new(&look_up, at, 1)
        };
        let seen_from = 1_000 + VISIBLE_MS;
        for (event, counts) in [
            (look(1_500, Search::Name, &[], false), false),
            (look(1_500, Search::Address, &["cgw-1"], false), false),
            (look(seen_from - 1, Search::Name, &[], false), false),
            (look(seen_from, Search::Name, &[], false), true),
            (look(seen_from, Search::Name, &[], true), false),
            (look(1_500, Search::User, &[], false), true),
        ] {
            let timeline = [attempt(1_000), event];
            assert_eq!(is_looked_up(&timeline), counts, "{:?}", timeline[1]);
            // What is sent once more is to be looked for once more.
            let again = [timeline.to_vec(), vec![attempt(seen_from + 1)]].concat();
            assert!(!is_looked_up(&again), "{:?}", timeline[1]);
        }
    }

    #[test]
    fn what_is_sent_to_clouds_is_real_whatever_met_a_sandbox_before() {
        let attempt = |simulated, at: u64| {
            let what = What::Attempt {
                endpoint: "/api".into(),
                profile: None,
                token: None,
                simulated,
            };
            Event::new(&what, at, 0)
        };
        let answer = |outcome, id: Option<&str>, simulated, at: u64| {
            let what = What::Answer {
                by: crate::event::By::Cloud,
                outcome,
                simulated,
                id: id.map(String::from),
                status: None,
                code: None,
                message: None,
                request_id: None,
                signer: None,
            };
            Event::new(&what, at, 1)
        };
        let none = answer(Outcome::NotExecuted, None, true, 2);
        let told = |events: &[Event]| fold(events).simulated;
        assert!(told(&[attempt(true, 1)]));
        assert!(told(&[attempt(true, 1), none.clone()]));
        assert!(!told(&[attempt(true, 1), none, attempt(false, 3)]));
        assert!(!told(&[attempt(true, 1), attempt(false, 3)]));
        // A resource is as real as it was when it was made.
        let made = answer(Outcome::Created, Some("cen-1"), true, 2);
        assert!(told(&[attempt(true, 1), made, attempt(false, 3)]));
        let real = answer(Outcome::Created, Some("cen-1"), false, 2);
        assert!(!told(&[attempt(false, 1), real, attempt(true, 3)]));
    }
}
