//! The time of a check, and its growth with the number of names and items:
//! `cargo bench -p tieline-catalog`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use tieline_catalog::{check, creations, Check, Operation, Raw};

fn main() {
    println!("a check of the document's example");
    for op in creations() {
        let mut raw = Raw::example(op);
        if op.params.iter().any(|p| p.name == "IpAddress") {
            raw.set("IpAddress", "198.18.0.1");
        }
        let took = fastest(2_000, || check(op, &raw).violations.len());
        println!("{:>28} {:>8.2} µs", op.name, micros(took));
    }
    println!("names that no operation knows, read as JSON and checked");
    let op = creations().next().expect("an operation");
    for count in [1_000, 4_000, 16_000, 64_000] {
        let members: Vec<String> = (0..count).map(|n| format!("\"n{n}\":0")).collect();
        let json = format!("{{{}}}", members.join(","));
        let read = fastest(3, || Raw::from_json(op, &json).is_err());
        let names = (0..count).map(|n| (format!("n{n}"), Raw::Text(String::new())));
        let raw = Raw::Object(names.collect());
        let checked = fastest(3, || check(op, &raw).violations.len());
        print(count, &[("read", read), ("checked", checked)]);
    }
    println!("items of a list whose keys must differ");
    let (op, list, key) = unique_list();
    for count in [1_000, 4_000, 16_000] {
        let item = |n| Raw::Object(vec![(key.to_string(), Raw::Text(format!("k{n}")))]);
        let items = Raw::List((0..count).map(item).collect());
        let raw = Raw::Object(vec![(list.to_string(), items)]);
        let checked = fastest(3, || check(op, &raw).violations.len());
        print(count, &[("checked", checked)]);
    }
}

/// An operation with a list whose items' keys must differ, with the names of the list and the key.
fn unique_list() -> (&'static Operation, &'static str, &'static str) {
    let found = creations().find_map(|op| {
        op.params.iter().find_map(|param| {
            param.rules.iter().find_map(|rule| match rule.check {
                Check::UniqueKeys(key) => Some((op, param.name, key)),
                _ => None,
            })
        })
    });
    found.expect("a list with unique keys")
}

fn print(count: usize, took: &[(&str, Duration)]) {
    print!("{count:>28}");
    for (what, took) in took {
        let each = took.as_nanos() as f64 / count as f64;
        print!(
            " {what} {:>8.2} ms ({each:.0} ns each)",
            micros(*took) / 1e3
        );
    }
    println!();
}

fn micros(took: Duration) -> f64 {
    took.as_nanos() as f64 / 1e3
}

/// The fastest of `rounds` runs: the others were disturbed.
fn fastest<T>(rounds: usize, mut run: impl FnMut() -> T) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        black_box(run());
        best = best.min(start.elapsed());
    }
    best
}
