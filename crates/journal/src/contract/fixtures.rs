//! Keys, answers and options for the tests of all stores.

use std::time::Duration;

use crate::{Answer, Begin, Key, Lease, Options};

pub(super) const LEASE: Duration = Duration::from_secs(60);
pub(super) const RETENTION: Duration = Duration::from_secs(1000);

pub(super) fn options(owner: &str) -> Options {
    Options {
        lease: LEASE,
        retention: RETENTION,
        owner: owner.into(),
        ..Options::default()
    }
}

pub(super) fn key(idempotency_key: &str) -> Key<'_> {
    Key {
        principal: "alice",
        operation: "Op",
        idempotency_key,
    }
}

pub(super) fn answer(status: u16) -> Answer {
    Answer {
        status,
        content_type: "application/json".into(),
        headers: vec![("x-request-id".into(), "R".into())],
        body: "{\"CenId\":\"cen-1\"}".into(),
    }
}

pub(super) fn fresh(begin: Begin) -> Lease {
    match begin {
        Begin::Fresh(lease) => lease,
        other => panic!("not fresh: {other:?}"),
    }
}

pub(super) fn shown(begin: &Begin) -> String {
    match begin {
        Begin::Fresh(lease) if lease.is_repeat() => "repeat".into(),
        Begin::Fresh(_) => "fresh".into(),
        Begin::Replay(answer) => format!("replay {}", answer.status),
        Begin::Conflict => "conflict".into(),
        Begin::InFlight { owner } => format!("in flight {owner}"),
        Begin::Unknown { repeatable, .. } => format!("unknown {repeatable}"),
    }
}
