//! The time of a request, by the number of resources:
//! `cargo bench -p tieline-sandbox`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use tieline_catalog::answer::{decode, read_back, read_by_name, Answer};
use tieline_catalog::model::{Control, Operation};
use tieline_catalog::wire::{encode, Request};
use tieline_catalog::{check, creations, Raw};
use tieline_sandbox::{Sandbox, Settings};

const NOW: u64 = 1_700_000_000_000;

fn main() {
    for count in [100, 1_200, 20_000] {
        println!("{count} resources of each kind, µs a request, the fastest of 200");
        for op in creations() {
            measure(op, count);
        }
    }
}

fn measure(op: &'static Operation, count: u64) {
    let mut sandbox = Sandbox::new(Settings {
        quota: Some(u32::MAX),
        ..Settings::default()
    });
    for n in 0..count {
        sandbox.handle(&creation(op, n), NOW, u128::from(n) << 70);
    }
    let middle = creation(op, count / 2);
    let reply = sandbox.handle(&middle, NOW, 1);
    let found = reply.response.map(|response| decode(op, &response));
    let id = match (found, op.token) {
        (Some(Answer::Created(created)), _) => created.id,
        other => panic!("{}: {other:?}", op.name),
    };
    let raw = values(op, count / 2);
    let by_id = read_back(op, &id, &raw).map(|read| encode(read.parsed()));
    let by_name = read_by_name(op, &raw).map(|read| encode(read.parsed()));
    let mut entropy = 1u128 << 100;
    let mut fastest = |request: &dyn Fn(u64) -> Request| {
        let took = (0..200).map(|n| {
            let request = request(count + n + 1);
            entropy += 1 << 70;
            let start = Instant::now();
            black_box(sandbox.handle(&request, NOW, entropy));
            start.elapsed()
        });
        took.min().unwrap_or(Duration::MAX).as_nanos() as f64 / 1e3
    };
    print!("{:>28}", op.name);
    print!(" created {:>7.1}", fastest(&|n| creation(op, n)));
    if op.token.is_some() {
        print!(" replayed {:>7.1}", fastest(&|_| middle.clone()));
    }
    if let Some(read) = by_id {
        print!(" by id {:>8.1}", fastest(&|_| read.clone()));
    }
    if let Some(read) = by_name {
        print!(" by name {:>8.1}", fastest(&|_| read.clone()));
    }
    println!();
}

/// The values of the resource of number `n`: the document's example with what must differ.
fn values(op: &'static Operation, n: u64) -> Raw {
    let mut raw = Raw::example(op);
    for param in op.params {
        if param.control == Control::Account {
            raw.set(param.name, "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
        }
        if param.name == "IpAddress" {
            raw.set(
                param.name,
                &format!("8.{}.{}.{}", n >> 16, n >> 8 & 255, n & 255),
            );
        }
    }
    let names = raw.leaves().into_iter().map(|(path, _)| path);
    let is_name = |path: &String| {
        path.rsplit('.')
            .next()
            .is_some_and(|n| n.eq_ignore_ascii_case("name"))
    };
    for path in names.filter(is_name).collect::<Vec<_>>() {
        raw.set(&path, &format!("name-{n}"));
    }
    if let Some(token) = op.token {
        raw.set(token, &format!("token-{n}"));
    }
    raw
}

fn creation(op: &'static Operation, n: u64) -> Request {
    let report = check(op, &values(op, n));
    let valid = report.valid();
    encode(
        valid
            .unwrap_or_else(|v| panic!("{}: {v:?}", op.name))
            .parsed(),
    )
}
