//! Check, encode and decode must not panic on any input, and what is encoded must parse back.
//!
//! The input's first byte chooses the operation, its second the HTTP status, the rest is text: read
//! as JSON input, as `path=text` lines of a form, as a response body and as a request.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tieline_catalog::answer::{decode, decode_read};
use tieline_catalog::operations::operations;
use tieline_catalog::wire::{encode, parse, parse_query, Request, Response};
use tieline_catalog::{check, Action, Operation, Raw};

fuzz_target!(|data: &[u8]| {
    let [which, status, text @ ..] = data else {
        return;
    };
    let all: Vec<&'static Operation> = operations().collect();
    let op = all[usize::from(*which) % all.len()];
    let text = String::from_utf8_lossy(text);

    if let Ok(raw) = Raw::from_json(op, &text) {
        round_trip(op, &raw);
    }
    let mut form = Raw::new();
    for line in text.lines() {
        if let Some((path, text)) = line.split_once('=') {
            form.set(path, text);
        }
    }
    round_trip(op, &form);

    let response = Response {
        status: u16::from(*status) * 4,
        body: text.to_string(),
        ..Response::default()
    };
    match op.action {
        Action::Create => drop(decode(op, &response)),
        Action::Read => drop(decode_read(op, &response)),
    }

    let request = Request {
        method: "POST".into(),
        path: text.lines().next().unwrap_or_default().into(),
        query: parse_query(&text),
        headers: vec![("content-type".into(), "application/json".into())],
        body: text.to_string(),
        ..Request::default()
    };
    if let Ok((op, raw)) = parse(&request) {
        round_trip(op, &raw);
    }
});

fn round_trip(op: &'static Operation, raw: &Raw) {
    let report = check(op, raw);
    let _ = encode(&report.parsed.masked()).url();
    if let Ok(valid) = report.valid() {
        let sent = encode(valid.parsed());
        let received = Request {
            query: parse_query(&sent.query_string()),
            ..sent
        };
        let (parsed, raw) = parse(&received).expect("what is encoded parses");
        assert_eq!(&check(parsed, &raw).parsed, valid.parsed());
    }
}
