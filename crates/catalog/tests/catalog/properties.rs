//! Properties over the whole catalog: nothing panics, and what is encoded parses back.

use proptest::prelude::*;
use serde_json::json;
use tieline_catalog::answer::{decode, decode_read, Answer};
use tieline_catalog::errors::{COMMON, FAMILIES};
use tieline_catalog::model::*;
use tieline_catalog::operations::{creations, operations};
use tieline_catalog::wire::{encode, parse, parse_query, Request, Response};
use tieline_catalog::{check, Raw};

/// A text that has a chance to pass a rule, and often does not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9-]{1,12}",
        "\\PC{0,20}",
        "[\\x00-\\x7f]{0,10}",
        Just("10.0.0.0/8".to_string()),
        Just("116.62.222.1".to_string()),
        Just("网关 +&=?#/..%2F😀".to_string()),
        Just("true".to_string()),
        Just("-7".to_string()),
    ]
}

/// Every leaf path of an operation; lists with two items.
fn leaf_paths(op: &'static Operation) -> Vec<(String, &'static Param)> {
    fn walk(params: &'static [Param], path: &str, out: &mut Vec<(String, &'static Param)>) {
        for param in params {
            one(param, &tieline_catalog::path::join(path, param.name), out);
        }
    }
    fn one(param: &'static Param, path: &str, out: &mut Vec<(String, &'static Param)>) {
        match param.kind {
            Kind::Object(members) => walk(members, path, out),
            Kind::List { item, .. } => {
                for n in 1..=2 {
                    one(item, &format!("{path}.{n}"), out);
                }
            }
            _ => out.push((path.to_string(), param)),
        }
    }
    let mut out = Vec::new();
    walk(op.params, "", &mut out);
    out
}

/// An operation with any subset of its leaves set, to a value of its list, its example or any text.
fn input() -> impl Strategy<Value = (&'static Operation, Raw)> {
    let all: Vec<&'static Operation> = operations().collect();
    proptest::sample::select(all).prop_flat_map(|op| {
        let paths = leaf_paths(op);
        let texts = paths.iter().map(|(_, param)| {
            let listed: Vec<String> = match (param.choices(), param.example) {
                (Some((choices, _)), _) => choices.iter().map(|c| c.value.to_string()).collect(),
                (None, Example::Usable(example)) => vec![example.to_string()],
                _ => vec!["x1".to_string()],
            };
            proptest::option::weighted(
                0.8,
                prop_oneof![3 => proptest::sample::select(listed), 1 => text()],
            )
        });
        let texts: Vec<_> = texts.collect();
        texts.prop_map(move |texts| {
            let mut raw = Raw::new();
            for ((path, _), text) in paths.iter().zip(texts) {
                if let Some(text) = text {
                    raw.set(path, &text);
                }
            }
            (op, raw)
        })
    })
}

/// Sends a request over the wire and back, as text.
fn over_the_wire(request: &Request) -> Request {
    Request {
        query: parse_query(&request.query_string()),
        ..request.clone()
    }
}

/// No document forbids one, and nobody sees it: it is told of once, by this rule or by another that stops the
/// text or speaks of its characters.
#[test]
fn no_control_character_passes_in_silence() {
    let mut warned = 0;
    for op in operations() {
        let paths = leaf_paths(op).into_iter();
        for (path, param) in paths.filter(|(_, p)| matches!(p.kind, Kind::Text)) {
            for hidden in ['\0', '\u{7}', '\u{1b}', '\u{7f}', '\u{85}'] {
                let text = match param.example {
                    Example::Usable(example) => format!("{example}{hidden}"),
                    Example::Masked(_) | Example::None => format!("x1{hidden}"),
                };
                let mut raw = Raw::new();
                assert!(raw.set(&path, &text), "{} {path}", op.name);
                let mut told = check(op, &raw).violations;
                told.retain(|v| v.parameter == path);
                let own = told.iter().filter(|v| v.rule == "control-character");
                let own = own.count();
                let others = told.iter().any(|v| {
                    v.severity == Severity::Error
                        || ["characters", "visible-ascii"].contains(&v.rule)
                });
                assert_eq!(own, usize::from(!others), "{} {path}: {told:?}", op.name);
                warned += own;
            }
        }
    }
    assert!(warned > 50, "only {warned}");
}

/// A number that is read as it was written: of some long fractions the reader makes the next number.
fn legible() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("no such number", |number| {
        serde_json::from_str(&json!(number).to_string()).ok() == Some(*number)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_encoded_parses_back((op, raw) in input()) {
        if let Ok(valid) = check(op, &raw).valid() {
            let request = over_the_wire(&encode(valid.parsed()));
            let (parsed_op, parsed) = parse(&request).expect("parses");
            prop_assert_eq!(parsed_op.name, op.name);
            let again = check(op, &parsed);
            prop_assert_eq!(&again.parsed, valid.parsed());
            let url = request.url();
            prop_assert!(url.is_ascii());
        }
    }

    #[test]
    fn json_of_checked_values_reads_back((op, raw) in input()) {
        let parsed = check(op, &raw).parsed;
        let json = parsed.to_json().to_string();
        let again = Raw::from_json(op, &json).expect("own JSON has the shape");
        prop_assert_eq!(check(op, &again).parsed, parsed);
    }

    #[test]
    fn no_value_depends_on_a_rule((op, raw) in input()) {
        prop_assert_eq!(tieline_catalog::check::values(op, &raw), check(op, &raw).parsed);
    }

    #[test]
    fn a_draft_always_renders((op, raw) in input()) {
        let report = check(op, &raw);
        let _ = encode(&report.parsed.masked()).url();
        for (path, _) in report.parsed.public().to_raw().leaves() {
            let param = tieline_catalog::path::param_at(op, &path).expect("known");
            prop_assert_eq!(param.privacy, Privacy::Public);
        }
        for violation in report.violations {
            prop_assert!(!violation.message.en.is_empty() && !violation.message.zh.is_empty());
            prop_assert!(!violation.source.en.is_empty() && !violation.source.zh.is_empty());
        }
    }

    #[test]
    fn no_json_panics(json in "\\PC{0,80}", name in "[A-Za-z_.-]{0,20}", value in "\\PC{0,20}") {
        for op in operations() {
            let _ = Raw::from_json(op, &json);
            let object = format!("{{{:?}:{:?},\"Tag\":[{{}},7],\"cloud_connection\":{{{:?}:null}}}}", name, value, name);
            if let Ok(raw) = Raw::from_json(op, &object) {
                check(op, &raw);
            }
        }
    }

    #[test]
    fn json_that_was_read_before_reads_as_its_text_does(
        (op, raw) in input(), name in "[A-Za-z]{1,8}", number in legible(), odd in 0..8usize,
    ) {
        let mut json = check(op, &raw).parsed.to_json();
        // As it is, and with what does not belong there.
        let others = [json!(number), json!(u64::MAX), json!(-7), json!([{ "Key": null }]), json!({ "x": [true] }), json!(null)];
        if let (Some(other), Some(members)) = (others.get(odd), json.as_object_mut()) {
            let name = members.keys().next().cloned().unwrap_or(name);
            members.insert(name, other.clone());
        }
        prop_assert_eq!(Raw::from_value(op, &json), Raw::from_json(op, &json.to_string()));
    }

    #[test]
    fn no_path_panics(path in "[A-Za-z0-9.]{0,20}", text in "\\PC{0,5}") {
        let mut raw = Raw::new();
        raw.set("Tag.1.Key", "k");
        if raw.set(&path, &text) {
            prop_assert_eq!(raw.get(&path), Some(text.as_str()));
        }
        raw.remove(&path);
        for op in operations() {
            check(op, &raw);
        }
    }

    #[test]
    fn no_response_panics(status in 0u16..1000, body in prop_oneof!["\\PC{0,200}", "<[a-zA-Z/<>&;!\\[\\]-]{0,80}", "\\{[\"a-zA-Z:,{}\\[\\]]{0,80}"]) {
        let response = Response { status, body, ..Response::default() };
        for op in operations() {
            match op.action {
                Action::Create => { decode(op, &response); }
                Action::Read => { decode_read(op, &response); }
            }
        }
    }

    #[test]
    fn no_request_panics(
        method in "[A-Z]{0,5}",
        path in "\\PC{0,40}",
        query in proptest::collection::vec(("\\PC{0,12}", "\\PC{0,12}"), 0..5),
        action in "\\PC{0,20}",
        body in "\\PC{0,60}",
    ) {
        let request = Request {
            method, path, query, body, host: String::new(),
            headers: vec![("x-acs-action".into(), action), ("x-acs-version".into(), "2017-09-12".into())],
        };
        let _ = parse(&request);
        let _ = parse(&Request { headers: vec![], ..request });
    }
}

/// A code that a table knows, with any ending, or one that none knows.
fn code(op: &'static Operation) -> impl Strategy<Value = String> {
    let known: Vec<&str> = op
        .errors()
        .iter()
        .chain(COMMON)
        .chain(FAMILIES)
        .map(|e| e.code)
        .collect();
    let known = proptest::sample::select(known);
    prop_oneof![
        4 => (known, "[A-Za-z.]{0,8}").prop_map(|(code, end)| match code.strip_suffix('*') {
            Some(start) => format!("{start}{end}"),
            None => code.to_string(),
        }),
        1 => "[A-Z][A-Za-z.]{0,20}",
    ]
}

/// A creation, an error body for it, with the resource's id or without, and a status.
fn refusal() -> impl Strategy<Value = (&'static Operation, bool, Response)> {
    let all: Vec<&'static Operation> = creations().collect();
    let op = proptest::sample::select(all);
    op.prop_flat_map(|op| {
        let names = proptest::sample::select(vec!["Code", "error_code", "errorCode", "code"]);
        (Just(op), names, code(op), any::<bool>(), 100u16..1000)
    })
    .prop_map(|(op, name, code, id, status)| {
        let mut body = serde_json::json!({ name: code, "Message": "m" });
        if id {
            // Documented paths of an id have at most two parts.
            match op.response().id.split_once('.') {
                Some((outer, inner)) => body[outer] = serde_json::json!({ inner: "id-1" }),
                None => body[op.response().id] = "id-1".into(),
            }
        }
        let response = Response {
            status,
            content_type: "application/json".into(),
            body: body.to_string(),
            ..Response::default()
        };
        (op, id, response)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn an_id_is_created_and_a_failed_server_refuses_nothing((op, id, response) in refusal()) {
        let answer = decode(op, &response);
        let status = response.status;
        if id {
            let created = matches!(&answer, Answer::Created(created) if created.id == "id-1");
            prop_assert!(created, "{answer:?}");
        } else if !(200..300).contains(&status) && !(400..500).contains(&status) || status == 408 {
            prop_assert!(matches!(answer, Answer::Unknown(_)), "{answer:?}");
        } else {
            prop_assert!(!matches!(answer, Answer::Created(_)), "{answer:?}");
        }
    }
}
