//! Random steps of two owners, with crashes and passing time, against a simple model.

use std::collections::HashMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::fixtures::{answer, key, shown, LEASE, RETENTION};
use super::pair::Pair;
use crate::{Begin, Lease, Outcome, Settled};

const CASES: usize = 60;

#[derive(Clone, Debug)]
enum Move {
    Begin {
        key: usize,
        body: u8,
        token: bool,
        repeat: bool,
    },
    Finish {
        lease: usize,
        outcome: u16,
    },
    Renew {
        lease: usize,
    },
    Reconcile {
        key: usize,
        outcome: u16,
    },
    /// The owner forgets its leases.
    Crash,
    /// In tens of seconds.
    Pass(u64),
}

fn moves() -> impl Strategy<Value = Vec<(usize, Move)>> {
    let outcome = prop::sample::select(vec![200, 400, 429, 0]);
    let one = prop_oneof![
        8 => (0..2usize, prop_oneof![5 => Just(0), 1 => Just(1u8)], any::<bool>(), any::<bool>())
            .prop_map(|(key, body, token, repeat)| Move::Begin { key, body, token, repeat }),
        5 => (any::<usize>(), outcome.clone()).prop_map(|(lease, outcome)| Move::Finish { lease, outcome }),
        1 => any::<usize>().prop_map(|lease| Move::Renew { lease }),
        1 => (0..2usize, outcome).prop_map(|(key, outcome)| Move::Reconcile { key, outcome }),
        1 => Just(Move::Crash),
        3 => prop::sample::select(vec![1, 3, 6, 101]).prop_map(Move::Pass),
    ];
    prop::collection::vec((0..2usize, one), 1..40)
}

fn outcome(status: u16) -> Outcome {
    match status {
        200 => Outcome::Created(answer(200)),
        400 => Outcome::Rejected(answer(400)),
        429 => Outcome::NotExecuted,
        _ => Outcome::Unknown,
    }
}

/// A lease as its owner notes it.
struct Held {
    number: usize,
    key: usize,
    body: u8,
    token: bool,
    lease: Lease,
}

/// A key as someone would note it on paper.
#[derive(Default)]
struct Page {
    /// The leases given out since the page was empty, by number; empty for a free key.
    leases: Vec<usize>,
    owner: usize,
    body: u8,
    token: bool,
    /// Until when the last lease lives.
    live_until: u64,
    /// The answer's status and when the page may be thrown away.
    done: Option<(u16, u64)>,
}

impl Page {
    fn begin(&mut self, number: usize, owner: usize, made: &Move, now: u64) -> String {
        let Move::Begin {
            body,
            token,
            repeat,
            ..
        } = *made
        else {
            unreachable!("only called for beginnings")
        };
        let lease_until = now + LEASE.as_secs();
        if self.leases.is_empty() {
            *self = Page {
                leases: vec![number],
                owner,
                body,
                token,
                live_until: lease_until,
                done: None,
            };
            return "fresh".into();
        }
        match self.done {
            _ if self.body != body => "conflict".into(),
            Some((status, _)) => format!("replay {status}"),
            None if now < self.live_until => format!("in flight {}", ["a", "b"][self.owner]),
            None if repeat && self.token => {
                self.leases.push(number);
                (self.owner, self.live_until) = (owner, lease_until);
                "repeat".into()
            }
            None => format!("unknown {}", self.token),
        }
    }

    /// `lease` is its number with the body and token that it was for; `None` for reconciling.
    fn settle(&mut self, lease: Option<&Held>, status: u16, now: u64) -> Settled {
        if let (true, Some(held), 200) = (self.leases.is_empty(), lease, status) {
            // A resource is noted however late its id comes.
            *self = Page {
                leases: vec![held.number],
                body: held.body,
                token: held.token,
                done: Some((200, now + RETENTION.as_secs())),
                ..Page::default()
            };
            return Settled::Final;
        }
        let lease = lease.map(|held| held.number);
        let known = lease.is_none_or(|number| self.leases.contains(&number));
        if self.leases.is_empty() || !known {
            return Settled::Lost;
        }
        if self.done.is_some() {
            return Settled::Final;
        }
        if lease.is_none() && now < self.live_until {
            return Settled::InFlight;
        }
        let last = lease.is_none() || lease == self.leases.last().copied();
        let sure = lease.is_none() || self.leases.len() == 1;
        match status {
            200 => self.done = Some((200, now + RETENTION.as_secs())),
            _ if !last => return Settled::Lost,
            400 if sure => self.done = Some((400, now + RETENTION.as_secs())),
            429 if sure => {
                *self = Page::default();
                return Settled::Free;
            }
            _ => {
                self.live_until = now;
                return Settled::Unknown;
            }
        }
        Settled::Final
    }
}

pub(super) async fn run(pair: Pair) {
    let mut runner = TestRunner::deterministic();
    for case in 0..CASES {
        let mut tree = moves().new_tree(&mut runner).expect("moves");
        let Err(mut why) = follow(&pair, &format!("{case}"), &tree.current()).await else {
            continue;
        };
        // Shrinks as far as the failure stays.
        let mut smallest = tree.current();
        let mut tries = 0;
        let mut more = tree.simplify();
        while more && tries < 500 {
            tries += 1;
            match follow(&pair, &format!("{case}-{tries}"), &tree.current()).await {
                Err(still) => {
                    (why, smallest) = (still, tree.current());
                    more = tree.simplify();
                }
                Ok(()) => more = tree.complicate(),
            }
        }
        panic!("{why}\nafter {smallest:#?}");
    }
}

async fn follow(pair: &Pair, case: &str, moves: &[(usize, Move)]) -> Result<(), String> {
    let keys = [format!("{case}/0"), format!("{case}/1")];
    let mut pages = [Page::default(), Page::default()];
    let mut held: [Vec<Held>; 2] = Default::default();
    // What was sent for a key and is not known to have come to nothing: the promise of the journal
    // is that nothing is sent on top of it without a client token.
    let mut sent: HashMap<usize, bool> = HashMap::new();
    let mut now = 0;
    for (number, (owner, made)) in moves.iter().enumerate() {
        let journal = &pair.journals[*owner];
        for (i, page) in pages.iter_mut().enumerate() {
            if page.done.is_some_and(|(_, until)| until <= now) {
                *page = Page::default();
                sent.remove(&i);
            }
        }
        let id = |i: usize| journal.id(&key(&keys[i]));
        let pick = |held: &Vec<_>, lease: usize| (!held.is_empty()).then(|| lease % held.len());
        let (expected, got) = match made {
            Move::Begin {
                key: k,
                body,
                token,
                repeat,
            } => {
                let named = token.then_some("token");
                let intent = journal.intent(&key(&keys[*k]), &json!({ "b": body }), named);
                let begin = match repeat {
                    true => journal.retry_with_token(&intent).await,
                    false => journal.begin(&intent).await,
                };
                let begin = begin.map_err(|error| error.to_string())?;
                let got = shown(&begin);
                if let Begin::Fresh(lease) = begin {
                    let tokened = lease.client_token().is_some();
                    match sent.insert(*k, tokened) {
                        Some(before) if !(before && tokened && lease.is_repeat()) => {
                            return Err(format!("move {number}: sent twice"))
                        }
                        _ => held[*owner].push(Held {
                            number,
                            key: *k,
                            body: *body,
                            token: tokened,
                            lease,
                        }),
                    }
                }
                (pages[*k].begin(number, *owner, made, now), got)
            }
            Move::Finish {
                lease,
                outcome: status,
            } => {
                let Some(i) = pick(&held[*owner], *lease) else {
                    continue;
                };
                let one = &held[*owner][i];
                let got = journal.finish(&one.lease, outcome(*status)).await;
                let got = got.map_err(|error| error.to_string())?;
                if got == Settled::Free {
                    sent.remove(&one.key);
                }
                let page = &mut pages[one.key];
                if page.leases.is_empty() && got == Settled::Final {
                    sent.insert(one.key, one.token);
                }
                let expected = page.settle(Some(one), *status, now);
                (format!("{expected:?}"), format!("{got:?}"))
            }
            Move::Reconcile {
                key: k,
                outcome: status,
            } => {
                let got = journal.reconcile(&id(*k), outcome(*status)).await;
                let got = got.map_err(|error| error.to_string())?;
                if got == Settled::Free {
                    sent.remove(k);
                }
                let expected = pages[*k].settle(None, *status, now);
                (format!("{expected:?}"), format!("{got:?}"))
            }
            Move::Renew { lease } => {
                let Some(i) = pick(&held[*owner], *lease) else {
                    continue;
                };
                let one = &held[*owner][i];
                let got = journal
                    .renew(&one.lease)
                    .await
                    .map_err(|error| error.to_string())?;
                let page = &mut pages[one.key];
                let last = page.leases.last() == Some(&one.number);
                let expected = last && page.done.is_none() && now < page.live_until;
                if expected {
                    page.live_until = now + LEASE.as_secs();
                }
                (expected.to_string(), got.to_string())
            }
            Move::Crash => {
                held[*owner].clear();
                continue;
            }
            Move::Pass(tens) => {
                now += tens * 10;
                pair.pass(Duration::from_secs(tens * 10));
                continue;
            }
        };
        if expected != got {
            return Err(format!("move {number}: expected {expected}, got {got}"));
        }
    }
    Ok(())
}
