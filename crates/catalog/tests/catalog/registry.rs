//! What every operation of the registry must satisfy.

use std::collections::HashSet;

use tieline_catalog::answer::{decode, Answer};
use tieline_catalog::check::check;
use tieline_catalog::input::Raw;
use tieline_catalog::model::*;
use tieline_catalog::operations::{creations, entries, find, operations};
use tieline_catalog::path::{is_input_path, join, param_at, without_numbers};
use tieline_catalog::text::Text;
use tieline_catalog::wire::Response as HttpResponse;

fn each_param(params: &'static [Param], path: &str, f: &mut dyn FnMut(&'static Param, &str)) {
    for param in params {
        let here = join(path, param.name);
        f(param, &here);
        match param.kind {
            Kind::Object(members) => each_param(members, &here, f),
            Kind::List { item, .. } => {
                let here = join(&here, "1");
                f(item, &here);
                if let Kind::Object(members) = item.kind {
                    each_param(members, &here, f);
                }
            }
            _ => {}
        }
    }
}

fn complete(text: Text, what: &str) {
    assert!(!text.en.is_empty() && !text.zh.is_empty(), "{what}");
}

#[test]
fn names_are_unique() {
    let mut seen = HashSet::new();
    for op in operations() {
        assert!(seen.insert(op.name), "{}", op.name);
        let mut paths = HashSet::new();
        each_param(op.params, "", &mut |_, path| {
            assert!(paths.insert(path.to_string()), "{} {path}", op.name);
        });
        let mut codes = HashSet::new();
        for error in op.errors() {
            assert!(codes.insert(error.code), "{} {}", op.name, error.code);
        }
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    for op in operations() {
        complete(op.title, op.name);
        complete(op.summary, op.name);
        complete(op.behaviour, op.name);
        each_param(op.params, "", &mut |param, path| {
            let what = format!("{} {path}", op.name);
            // An item is spoken of by its list.
            if !param.name.is_empty() {
                complete(param.label, &what);
                complete(param.help, &what);
            }
            if let Some((choices, _)) = param.choices() {
                choices.iter().for_each(|c| complete(c.label, &what));
            }
        });
        for error in op.errors() {
            complete(error.explanation, error.code);
            complete(error.advice, error.code);
            if let Some(path) = error.parameter {
                assert!(param_at(op, path).is_some(), "{path}");
                assert_eq!(without_numbers(path), path, "an error is of no one item");
            }
        }
        op.response()
            .fields
            .iter()
            .for_each(|f| complete(f.help.get(), f.path));
    }
}

#[test]
fn limits_are_in_order() {
    for op in operations() {
        each_param(op.params, "", &mut |param, path| {
            for rule in param.rules {
                match rule.check {
                    Check::Length { min, max } => assert!(min <= max, "{path}"),
                    Check::Range { min, max } => assert!(min <= max, "{path}"),
                    Check::OneOf(choices) => assert!(!choices.is_empty(), "{path}"),
                    _ => {}
                }
            }
        });
    }
}

#[test]
fn private_parameters_are_top_level_so_that_nothing_forgets_them() {
    for op in operations() {
        each_param(op.params, "", &mut |param, path| {
            assert!(
                param.privacy == Privacy::Public || !path.contains('.'),
                "{path}"
            );
        });
    }
}

#[test]
fn every_usable_example_passes_without_a_remark() {
    for op in operations() {
        let raw = Raw::example(op);
        for violation in check(op, &raw).violations {
            assert_eq!(violation.rule, "required", "{} {violation:?}", op.name);
            let path = &violation.parameter;
            assert!(raw.get(path).is_none(), "{} {path}", op.name);
        }
    }
}

#[test]
fn a_switch_starts_somewhere_and_defaults_pass_their_own_rules() {
    for op in operations() {
        each_param(op.params, "", &mut |param, path| {
            if matches!(param.kind, Kind::Boolean) {
                assert!(param.start().is_some(), "{path}");
            }
            if let Some(default) = param.default {
                for rule in param.rules {
                    assert_eq!(rule.check.broken_by(default), None, "{path}");
                }
            }
        });
    }
}

#[test]
fn every_documented_answer_decodes_to_a_creation() {
    for op in creations() {
        for example in op
            .examples()
            .iter()
            .filter(|e| e.kind != DocExampleKind::Request)
        {
            let response = HttpResponse {
                status: op.response().status,
                body: example.text.to_string(),
                ..HttpResponse::default()
            };
            match decode(op, &response) {
                Answer::Created(created) => {
                    assert!(!created.id.is_empty());
                    assert!(created.request_id.is_some(), "{}", op.name);
                    for (path, text) in created.fields {
                        let known = op.response().fields.iter().any(|f| f.path == path);
                        assert!(
                            known && (!text.is_empty() || path.ends_with("tags")),
                            "{path}"
                        );
                    }
                }
                other => panic!("{}: {other:?}", op.name),
            }
        }
    }
}

#[test]
fn every_documented_code_has_its_class_and_place() {
    for op in creations() {
        for error in op.errors() {
            let response = HttpResponse {
                // The status is another than documented: it must not matter.
                status: 418,
                body: format!(
                    r#"{{"Code":"{}","Message":"{}","RequestId":"R"}}"#,
                    error.code, error.message
                ),
                ..HttpResponse::default()
            };
            match decode(op, &response) {
                Answer::Unknown(refusal) if error.class == ErrorClass::Unknown => {
                    assert_eq!(refusal.explanation, error.explanation.message());
                }
                Answer::Rejected(refusal) if error.class == ErrorClass::Rejected => {
                    assert_eq!(refusal.code, error.code);
                    assert_eq!(refusal.parameter, error.parameter);
                    assert_eq!(refusal.request_id.as_deref(), Some("R"));
                    assert_eq!(refusal.explanation, error.explanation.message());
                }
                other => panic!("{}: {other:?}", error.code),
            }
        }
    }
}

#[test]
fn creations_can_be_read_back_and_played() {
    for entry in entries() {
        let op = &entry.create;
        assert_eq!(op.action, Action::Create);
        let simulation = &entry.simulation;
        assert!(simulation.states.is_sorted(), "{}", op.name);
        if let Some(token) = op.token {
            assert!(param_at(op, token).is_some_and(|p| p.control == Control::Token));
        }
        let read = &entry.read_back;
        for name in std::iter::once(read.operation).chain(read.by_name_operation) {
            assert!(
                entry.reads.iter().any(|r| r.operation.name == name),
                "{name}"
            );
        }
        let mut raw = Raw::example(op);
        if let Some(account) = op.param_with(Control::Account) {
            raw.set(account, "d");
        }
        let by_id = tieline_catalog::answer::read_back(op, "the-id", &raw).expect(op.name);
        assert_eq!(by_id.parsed().operation().name, read.operation);
        if read.by_name_operation.is_some() {
            assert!(
                tieline_catalog::answer::read_by_name(op, &raw).is_some(),
                "{}",
                op.name
            );
            assert!(
                tieline_catalog::answer::read_by_name(op, &Raw::new()).is_none(),
                "{}",
                op.name
            );
        }
        for (path, _) in read.by_id {
            let read = find(read.operation).unwrap();
            assert!(is_input_path(read, path), "{path}");
        }
    }
    assert!(operations()
        .filter(|op| op.action == Action::Read)
        .all(|op| {
            let list = op.response().list;
            list.is_none_or(|l| l.fields.iter().any(|f| f.path == op.response().id))
        }));
}

#[test]
fn a_creation_tells_what_comes_next_or_why_it_does_not() {
    for op in creations() {
        let next = &op.afterwards().expect("a creation has an entry").next;
        match next {
            Next::Step(step) => {
                complete(step.text, op.name);
                let stated = matches!(step.source, Source::Line(_) | Source::Lines(..));
                assert!(stated, "{}: the document says what comes next", op.name);
            }
            Next::Unsaid(why) => complete(*why, op.name),
        }
    }
}

#[test]
fn no_source_is_known_to_this_project_s_authors_only() {
    for entry in entries() {
        for op in [&entry.create]
            .into_iter()
            .chain(entry.reads.iter().map(|read| &read.operation))
        {
            let own = op.params.iter().flat_map(|p| p.rules).map(|r| r.source);
            for source in own.chain(op.params.iter().map(|p| p.source)) {
                let said = op.cite(&source);
                let hidden = [".txt", ".md", "section"]
                    .iter()
                    .any(|w| said.en.contains(w));
                assert!(!hidden, "{} {}", op.name, said.en);
                assert!(!said.zh.is_empty());
            }
        }
    }
}

/// The vendors' documents are not part of the repository; where they lie beside it, every cited
/// line of a parameter must name it.
#[test]
fn cited_lines_are_the_documents() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/seeds");
    if !std::path::Path::new(seeds).exists() {
        eprintln!("skipped: the documents are not beside this checkout");
        return;
    }
    for op in creations() {
        let text = std::fs::read_to_string(format!("{seeds}/{}", op.document.file)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let near = |line: u16, word: &str| {
            let at = usize::from(line) - 1;
            lines[at..(at + 3).min(lines.len())]
                .iter()
                .any(|l| l.contains(word))
        };
        for param in op.params {
            let Source::Line(line) = param.source else {
                continue;
            };
            assert!(near(line, param.name), "{} {}:{line}", op.name, param.name);
            if let Example::Usable(example) = param.example {
                assert!(text.contains(example), "{} {example}", op.name);
            }
        }
        for error in op.errors() {
            let Source::Line(line) = error.source else {
                continue;
            };
            assert!(
                near(line, error.code) && near(line, error.message),
                "{}",
                error.code
            );
        }
        for field in op.response().fields {
            let Source::Line(line) = field.source.get() else {
                continue;
            };
            let name = field.path.rsplit('.').next().unwrap();
            assert!(near(line, name), "{} {}:{line}", op.name, field.path);
            // A row of a table has its example in it.
            let row = lines[usize::from(line) - 1].replace("\\*", "*");
            let own = !row.starts_with('|') || row.contains(field.example.get());
            assert!(own, "{} {}:{line} has another example", op.name, field.path);
        }
        for example in op.examples() {
            let from = lines[usize::from(example.line) - 1..].join("\n");
            assert!(
                from.starts_with(example.text),
                "{}:{}",
                op.name,
                example.line
            );
        }
    }
}

/// The texts of all that is told, in bytes.
fn told(violations: &[tieline_catalog::Violation]) -> usize {
    serde_json::to_string(violations).expect("JSON").len()
}

#[test]
fn what_is_told_of_a_hostile_body_is_bounded() {
    for op in operations() {
        let names: Vec<String> = (0..30_000).map(|n| format!("\"x{n}\":1")).collect();
        let repeated = vec!["\"y\":1"; 30_000];
        for body in [names.join(","), repeated.join(",")] {
            let violations = Raw::from_json(op, &format!("{{{body}}}")).expect_err("a shape");
            assert!(violations.len() <= 100, "{}: {}", op.name, violations.len());
            assert!(told(&violations) < 200_000, "{}", op.name);
        }
        for param in op.params {
            let Kind::List { item, .. } = param.kind else {
                continue;
            };
            let item = match item.kind {
                Kind::Object(_) => "{}",
                _ => "\"\"",
            };
            let items = vec![item; 30_000].join(",");
            let body = format!("{{\"{}\":[{items}]}}", param.name);
            let raw = Raw::from_json(op, &body).expect("a shape");
            let report = check(op, &raw);
            assert!(report.violations.len() <= 200, "{}", op.name);
            assert!(report.valid().is_err());
        }
    }
}
