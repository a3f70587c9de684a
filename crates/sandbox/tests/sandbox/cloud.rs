//! A sandbox as tests use it: requests encoded as the proxy encodes them, answers decoded as the page
//! decodes them.

use std::net::IpAddr;

use tieline_catalog::answer::{decode, decode_read, Answer, Found, Item};
use tieline_catalog::model::{Control, Operation};
use tieline_catalog::wire::{encode, Request, Response};
use tieline_catalog::{check, Raw, Valid};
use tieline_sandbox::{Sandbox, Settings};

pub const NOW: u64 = 1_695_198_508_000;

/// A sandbox with a clock and a source of entropy.
pub struct Cloud {
    pub sandbox: Sandbox,
    pub now: u64,
    turn: u128,
}

impl Cloud {
    pub fn new(settings: Settings) -> Cloud {
        Cloud {
            sandbox: Sandbox::new(settings),
            now: NOW,
            turn: 0,
        }
    }

    pub fn send(&mut self, request: &Request) -> Option<Response> {
        self.turn += 1;
        let reply = self.sandbox.handle(request, self.now, self.turn << 70 | 7);
        reply.response
    }

    pub fn create(&mut self, op: &'static Operation, raw: &Raw) -> Answer {
        let response = self
            .send(&encode(valid(op, raw).parsed()))
            .expect("an answer");
        decode(op, &response)
    }

    pub fn created(&mut self, op: &'static Operation, raw: &Raw) -> String {
        match self.create(op, raw) {
            Answer::Created(created) => created.id,
            other => panic!("{}: {other:?}", op.name),
        }
    }

    pub fn refused(&mut self, op: &'static Operation, raw: &Raw) -> String {
        match self.create(op, raw) {
            Answer::Created(created) => panic!("{}: created {}", op.name, created.id),
            Answer::Rejected(r) | Answer::NotExecuted(r) | Answer::Unknown(r) => r.code,
        }
    }

    pub fn read(&mut self, read: &Valid) -> Vec<Item> {
        let op = read.parsed().operation();
        let response = self.send(&encode(read.parsed())).expect("an answer");
        match decode_read(op, &response) {
            Found::Items(items) => items,
            Found::Refused(refusal) => panic!("{}: {refusal:?}", op.name),
        }
    }
}

pub fn valid(op: &'static Operation, raw: &Raw) -> Valid {
    let report = check(op, raw);
    let valid = report.valid();
    valid.unwrap_or_else(|v| panic!("{}: {v:?}", op.name))
}

/// The document's example, with what it masks filled in: account, address, client token.
pub fn example(op: &'static Operation) -> Raw {
    let mut raw = Raw::example(op);
    for param in op.params {
        if param.control == Control::Account {
            raw.set(param.name, "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
        }
        if param.name == "IpAddress" {
            raw.set(param.name, "116.62.222.10");
        }
    }
    if let Some(token) = op.token {
        raw.set(token, "token-1");
    }
    raw
}

/// The example under another identity: another token, another unique value.
pub fn another(op: &'static Operation) -> Raw {
    let mut raw = example(op);
    if let Some(token) = op.token {
        raw.set(token, "token-2");
    }
    if let Some((unique, _)) = op.simulation().and_then(|s| s.unique) {
        let is_address = raw.get(unique).is_some_and(|v| v.parse::<IpAddr>().is_ok());
        let other = if is_address {
            "116.62.222.11"
        } else {
            "another"
        };
        assert!(raw.set(unique, other));
    }
    raw
}

/// The wire path of the creation's name, in which a fault can be ordered.
pub fn name_path(op: &'static Operation) -> String {
    let example = Raw::example(op);
    let leaves = example.leaves().into_iter();
    let mut names = leaves.filter(|(path, _)| {
        let last = path.rsplit('.').next().unwrap_or_default();
        last.eq_ignore_ascii_case("name")
    });
    names.next().expect("every creation takes a name").0
}
