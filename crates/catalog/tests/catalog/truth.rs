//! The tables against the documents: nothing is refused, advised or said to be known that the cited line
//! does not hold.

use tieline_catalog::glossary::{faults, untranslated};
use tieline_catalog::model::*;
use tieline_catalog::operations::{creations, entries, operations};
use tieline_catalog::path::{join, param_at};
use tieline_catalog::{check, Lang, Raw, Text};

pub fn each_param(params: &'static [Param], path: &str, f: &mut dyn FnMut(&'static Param, &str)) {
    for param in params {
        let here = join(path, param.name);
        f(param, &here);
        match param.kind {
            Kind::Object(members) => each_param(members, &here, f),
            Kind::List { item, .. } => {
                f(item, &here);
                if let Kind::Object(members) = item.kind {
                    each_param(members, &here, f);
                }
            }
            _ => {}
        }
    }
}

/// A document's lines; `None` where the documents do not lie beside the checkout.
pub fn document(op: &Operation) -> Option<Vec<String>> {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/seeds");
    let text = std::fs::read_to_string(format!("{seeds}/{}", op.document.file)).ok()?;
    Some(text.lines().map(str::to_string).collect())
}

/// The text of a cited source with `more` lines behind it; `None` when no line is cited.
fn cited(lines: &[String], source: &Source, more: usize) -> Option<String> {
    let (from, to) = match *source {
        Source::Line(line) => (line, line),
        Source::Lines(from, to) => (from, to),
        Source::Fact(_) | Source::Decision(_) => return None,
    };
    let to = (usize::from(to) + more).min(lines.len());
    Some(lines[usize::from(from) - 1..to].join("\n"))
}

/// Whether a number or a value stands in a text by itself, not as a part of another.
fn holds(text: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next())
    })
}

/// What of a rule the text does not hold.
fn missing(text: &str, check: &Check) -> Option<String> {
    let all = |parts: &[&str]| {
        parts
            .iter()
            .find(|p| !text.contains(*p))
            .map(|p| p.to_string())
    };
    let chars = |chars: &str| chars.chars().find(|c| !text.contains(*c)).map(String::from);
    let any = |words: &[&str]| {
        let none = !words.iter().any(|word| text.contains(word));
        none.then(|| words.join(" or "))
    };
    let number = |n: usize| (!holds(text, &n.to_string())).then(|| n.to_string());
    match *check {
        Check::Length { min, max } => number(max).or_else(|| match min {
            0 => None,
            1 => any(&["empty", "1 "]),
            min => number(min),
        }),
        Check::FirstLetter => any(&["字母或中文开头"]),
        Check::Chars(Chars::WordsAnd(others) | Chars::AllBut(others)) => chars(others),
        Check::NotPrefix(parts) | Check::NotContains(parts) => all(parts),
        Check::Ascii => any(&["ASCII"]),
        Check::Ip => any(&["IP"]),
        Check::Cidr => any(&["Cidr"]),
        Check::OneOf(choices) => {
            let mut values = choices.iter().map(|c| c.value);
            values.find(|v| !holds(text, v)).map(str::to_string)
        }
        _ => Some("a line of a document for such a rule".to_string()),
    }
}

#[test]
fn an_error_s_cited_line_holds_the_limit() {
    let mut compared = 0;
    for op in creations() {
        let Some(lines) = document(op) else {
            eprintln!("skipped: the documents are not beside this checkout");
            return;
        };
        each_param(op.params, "", &mut |param, path| {
            let what = format!("{} {path}", op.name);
            for rule in param.rules.iter().filter(|r| r.severity == Severity::Error) {
                if let Some(text) = cited(&lines, &rule.source, 0) {
                    assert_eq!(missing(&text, &rule.check), None, "{what}: {text}");
                    compared += 1;
                }
            }
            if let Kind::List { max, source, .. } = param.kind {
                if let Some(text) = cited(&lines, &source, 0) {
                    assert!(holds(&text, &max.to_string()), "{what}: {text}");
                    compared += 1;
                }
            }
            if let Some(text) = cited(&lines, &param.source, 3).filter(|_| param.required) {
                let words = ["|是|", "Yes", "cannot be an empty", "must have"];
                assert!(
                    words.iter().any(|word| text.contains(word)),
                    "{what}: {text}"
                );
                compared += 1;
            }
            if let Some(default) = param.default {
                let text = cited(&lines, &param.source, 10).expect("a line");
                let said = text.lines().any(|line| {
                    line.contains(default) && (line.contains("default") || line.contains("默认值"))
                });
                assert!(said, "{what} has no default in: {text}");
                compared += 1;
            }
        });
    }
    assert!(compared > 50, "only {compared}");
}

#[test]
fn only_a_document_and_what_cannot_be_sent_refuse_anything() {
    let cannot_be_sent = ["region", "path-segment", "header-value"];
    let mut lists = 0;
    for op in creations() {
        each_param(op.params, "", &mut |param, path| {
            for rule in param.rules.iter().filter(|r| r.severity == Severity::Error) {
                let what = format!("{} {path} {}", op.name, rule.check.id());
                match rule.source {
                    Source::Line(_) | Source::Lines(..) => {}
                    Source::Decision(_) => {
                        assert!(cannot_be_sent.contains(&rule.check.id()), "{what}");
                    }
                    Source::Fact(_) => panic!("{what} is of another document"),
                }
            }
            // What a later document requires can be sent without.
            let what = format!("{} {path}", op.name);
            let own = matches!(param.source, Source::Line(_) | Source::Lines(..));
            assert!(
                own || !param.required,
                "{what} is required by another document"
            );
            if let Kind::List {
                max, source, item, ..
            } = param.kind
            {
                let stated = matches!(source, Source::Line(_) | Source::Lines(..));
                assert_eq!(items_stop(op, path, max + 1, item), stated, "{what}");
                assert!(!items_stop(op, path, max, item), "{what}");
                lists += 1;
            }
        });
        for cross in op.cross {
            let stated = matches!(cross.source, Source::Line(_) | Source::Lines(..));
            let refuses = cross.severity == Severity::Error;
            assert!(stated || !refuses, "{} {}", op.name, cross.rule);
        }
    }
    assert!(lists > 1, "only {lists}");
}

/// Whether a request is stopped for a list of so many items.
fn items_stop(op: &'static Operation, path: &str, count: usize, item: &Param) -> bool {
    let mut raw = Raw::example(op);
    raw.remove(path);
    for n in 1..=count {
        let here = join(path, &n.to_string());
        match item.kind {
            Kind::Object(members) => {
                for member in members {
                    raw.set(&join(&here, member.name), &format!("x{n}"));
                }
            }
            _ => {
                raw.set(&here, &format!("x{n}"));
            }
        }
    }
    let report = check(op, &raw);
    // Their members may have rules of their own; this is about how many there are.
    let stopped = report.errors().any(|v| v.parameter == path);
    stopped
}

#[test]
fn a_region_with_a_host_of_its_own_is_known() {
    let mut seen = 0;
    for op in creations() {
        let Some(name) = op.param_with(Control::Region) else {
            continue;
        };
        let param = param_at(op, name).expect("a region");
        let (choices, _) = param.choices().expect("suggestions");
        for (region, _) in op.service.host_exceptions {
            assert!(
                choices.iter().any(|c| c.value == *region),
                "{} {region}",
                op.name
            );
            seen += 1;
        }
        if let Example::Usable(example) = param.example {
            assert!(
                choices.iter().any(|c| c.value == example),
                "{} {example}",
                op.name
            );
        }
    }
    assert!(seen > 0);
}

/// The numbers of a text that can be a limit.
fn numbers(text: &str) -> Vec<usize> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    let whole = words.filter_map(|word| word.trim_matches('.').parse().ok());
    whole.filter(|n| *n > 9).collect()
}

#[test]
fn the_advice_of_an_error_code_names_the_limits_of_its_parameter() {
    let mut seen = 0;
    for op in creations() {
        for error in op.errors() {
            let Some(param) = error.parameter.and_then(|path| param_at(op, path)) else {
                continue;
            };
            let (en, zh) = (numbers(error.advice.en), numbers(error.advice.zh));
            assert_eq!(en, zh, "{} {}", op.name, error.code);
            if en.is_empty() {
                continue;
            }
            let limits = param.rules.iter().filter_map(|rule| match rule.check {
                Check::Length { max, .. } => Some((rule.severity, max)),
                _ => None,
            });
            let limits: Vec<(Severity, usize)> = limits.collect();
            assert!(
                en.iter().all(|n| limits.iter().any(|(_, max)| max == n)),
                "{} {}: {}",
                op.name,
                error.code,
                error.advice.en
            );
            let hard = limits
                .iter()
                .find(|(severity, _)| *severity == Severity::Error);
            assert!(
                hard.is_some_and(|(_, max)| en.contains(max)),
                "{}",
                error.code
            );
            seen += 1;
        }
    }
    assert!(seen >= 5, "only {seen}");
}

#[test]
fn links_and_permissions_are_the_documents() {
    let mut seen = 0;
    for op in creations() {
        let Some(lines) = document(op) else {
            return;
        };
        let list = op.error_list().expect("every document refers to a list");
        if let Some(text) = cited(&lines, &list.source, 0) {
            assert!(text.contains(list.url), "{}: {text}", op.name);
            seen += 1;
        }
        let page = op.page().expect("a creation has one");
        if let Some(text) = cited(&lines, &page.source, 0) {
            assert!(text.contains(page.url), "{}: {text}", op.name);
            seen += 1;
        }
        if let Some(permission) = op.permission() {
            let text = cited(&lines, &permission.source, 0).expect("lines");
            assert!(text.contains(permission.action) && text.contains(permission.resource));
            seen += 1;
        }
        let stated = lines.iter().any(|line| line.starts_with("acs:"));
        assert_eq!(stated, op.permission().is_some(), "{}", op.name);
    }
    // Three lists, three pages and a permission; the other addresses are of no document here, and say so.
    assert_eq!(seen, 7);
}

#[test]
fn the_fields_of_a_list_s_items_in_an_answer_are_those_of_the_document() {
    // The document's only table of items is that of the tags.
    let fields = operations().flat_map(|op| op.response().fields);
    let tags: Vec<&str> = fields
        .map(|field| field.path)
        .filter(|path| path.starts_with("cloud_connection.tags."))
        .collect();
    assert_eq!(
        tags[..2],
        ["cloud_connection.tags.key", "cloud_connection.tags.value"]
    );
}

#[test]
fn what_the_document_lacks_names_who_knows_it() {
    let mut secrets = 0;
    for entry in entries() {
        let op = &entry.create;
        for param in op.params.iter().filter(|p| p.is_newer_than_the_document()) {
            let what = format!("{} {}", op.name, param.name);
            assert!(
                !param.required && matches!(param.source, Source::Fact(_)),
                "{what}"
            );
            assert!(param.default.is_none(), "{what}");
            secrets += usize::from(param.privacy == Privacy::Secret);
            if let Some(lines) = document(op) {
                let row = format!("|{}|", param.name);
                assert!(!lines.iter().any(|line| line.contains(&row)), "{what}");
            }
        }
    }
    assert_eq!(secrets, 1, "the key of BGP");
}

/// The SDK sends them so: `Tags.N`, where other operations have `Tag.N`.
#[test]
fn the_newer_tags_travel_by_their_own_name() {
    let op = creations().find(|op| op.name == "CreateCustomerGateway");
    let op = op.expect("in the catalog");
    let mut raw = Raw::example(op);
    for (path, text) in [("Tags.1.Key", "k"), ("Tags.1.Value", "")] {
        assert!(raw.set(path, text), "{path}");
    }
    let valid = check(op, &raw).valid().expect("no errors");
    let query = tieline_catalog::wire::encode(valid.parsed()).query_string();
    assert!(query.contains("Tags.1.Key=k"), "{query}");
    assert!(query.contains("Tags.1.Value="), "{query}");
}

#[test]
fn every_text_of_the_tables_keeps_to_the_glossary() {
    let mut read = 0;
    let mut hold = |text: Text, what: &str| {
        assert_eq!(faults(text.zh), Vec::<String>::new(), "{what}");
        assert_eq!(
            untranslated(text.en, text.zh),
            Vec::<String>::new(),
            "{what}: {text:?}"
        );
        read += 1;
    };
    for op in operations() {
        for text in [op.title, op.summary, op.behaviour, op.document.title] {
            hold(text, op.name);
        }
        each_param(op.params, "", &mut |param, path| {
            hold(param.label, path);
            hold(param.help, path);
            for choice in param.choices().map_or(&[][..], |(choices, _)| choices) {
                hold(choice.label, path);
            }
            for rule in param.rules {
                rule.note.iter().for_each(|note| hold(*note, path));
                match rule.source {
                    Source::Fact(text) | Source::Decision(text) => hold(text, path),
                    Source::Line(_) | Source::Lines(..) => {}
                }
            }
        });
        for error in op.errors() {
            hold(error.explanation, error.code);
            hold(error.advice, error.code);
        }
        for field in op.response().fields {
            hold(field.help.get(), field.path);
        }
    }
    assert!(read > 300, "only {read}");
}

/// The sentences of a text, in lower case.
fn sentences(text: &str) -> impl Iterator<Item = String> + '_ {
    let parts = text.split(['。', '；']).flat_map(|part| part.split(". "));
    let bare = parts.map(|part| part.trim_matches([' ', '.']).to_lowercase());
    bare.filter(|part| !part.is_empty())
}

#[test]
fn a_form_says_a_thing_once() {
    let mut read = 0;
    for op in creations() {
        let next = op.afterwards().and_then(|after| after.next.step());
        let next = next.map(|next| next.text);
        let mut hold = |param: &'static Param, path: &str| {
            let notes = param.rules.iter().filter_map(|rule| rule.note);
            let texts = [op.summary, op.behaviour, param.help].into_iter();
            let texts: Vec<Text> = texts.chain(next).chain(notes).collect();
            for lang in [Lang::En, Lang::Zh] {
                let mut said: Vec<String> = Vec::new();
                for sentence in texts.iter().flat_map(|text| sentences(text.get(lang))) {
                    assert!(!said.contains(&sentence), "{} {path}: {sentence}", op.name);
                    said.push(sentence);
                    read += 1;
                }
                for hint in param.rules.iter().filter_map(|rule| rule.hint()) {
                    let (hint, help) = (hint.get(lang).to_lowercase(), param.help.get(lang));
                    let twice = help.to_lowercase().contains(&hint);
                    assert!(!twice, "{} {path}: {hint}", op.name);
                }
            }
        };
        each_param(op.params, "", &mut hold);
    }
    assert!(read > 200, "only {read}");
}

#[test]
fn what_is_made_at_run_time_has_no_half_width_punctuation_in_chinese() {
    let mut read = 0;
    for op in operations() {
        let mut raw = Raw::example(op);
        raw.set("nothing", "x");
        each_param(op.params, "", &mut |_, path| {
            if !path.contains('.') && path != op.token.unwrap_or_default() {
                raw.remove(path);
                raw.set(path, "\u{7} 1<?");
            }
        });
        for violation in check(op, &raw).violations {
            let (zh, source) = (&violation.message.zh, &violation.source.zh);
            for text in [zh, source] {
                assert_eq!(
                    faults(text),
                    Vec::<String>::new(),
                    "{} {}",
                    op.name,
                    violation.rule
                );
                let joined = text.contains(", ");
                assert!(!joined, "{} {}: {text}", op.name, violation.rule);
            }
            read += 1;
        }
    }
    assert!(read > 40, "only {read}");
}
