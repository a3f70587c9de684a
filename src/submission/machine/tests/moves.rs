//! What may happen to a submission, and the inputs that it happens with.

use tieline_catalog::{check, Control, Operation, Raw};

use crate::form::field_paths::leaves;
use crate::submission::event::Consent;

/// What may happen next. Numbers choose among what is there, modulo how much that is.
#[derive(Clone, Debug)]
pub enum Move {
    Submit {
        which: usize,
        edited: bool,
        consent: Consent,
    },
    Refused,
    Edited(usize),
    Choose(usize, usize, Consent),
    Do(usize, Answering),
    TimeOut(usize),
    Wait,
    /// Another tab records an intent, and sends it.
    Elsewhere(usize),
    /// The browser has a database from now on, or none.
    Keep(bool),
    /// The form is left.
    Leave,
}

/// How an effect that is done ends.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Answering {
    Well,
    ExecutedAndLost,
    LostBefore,
    Rejected,
    NotExecuted,
}

/// One of six inputs: two that differ, each without a token of its own, or with one of two.
pub fn input(op: &'static Operation, which: usize) -> Raw {
    let mut raw = Raw::example(op);
    for (path, param) in leaves(op, &raw) {
        if param.control == Control::Account {
            raw.set(&path, "0123456789abcdef0123456789abcdef");
        }
    }
    let (described, token) = (which / 3, which % 3);
    if let Some(path) = op.token {
        raw.remove(path);
        if token > 0 {
            raw.set(path, &format!("typed-{token}"));
        }
    }
    if described > 0 {
        let leaves = leaves(op, &raw);
        let description = leaves.iter().find(|(path, _)| path.ends_with("escription"));
        let (path, _) = description.expect("every operation takes a description");
        raw.set(path, "another one");
    }
    let report = check(op, &raw);
    assert!(
        report.errors().next().is_none(),
        "{} {:?}",
        op.name,
        report.violations
    );
    raw
}
