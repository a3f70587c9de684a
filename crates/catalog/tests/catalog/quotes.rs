//! What the tables quote of the documents, and that each rule's line is quoted.

use tieline_catalog::model::*;
use tieline_catalog::operations::{creations, entries};

use crate::truth::{document, each_param};

/// What is quoted stands in the document, at the cited line or right below it, and every parameter that the
/// document knows has its words quoted.
#[test]
fn every_parameter_is_quoted_from_its_document() {
    // Breaks of lines, table marks and links to other documents are no words.
    let bare = |text: &str| -> String {
        let mut text = text.to_string();
        while let Some(at) = text.find("](~~") {
            let end = text[at..]
                .find("~~)")
                .map_or(text.len(), |end| at + end + 3);
            text.replace_range(at + 1..end, "");
        }
        text.chars().filter(|c| !c.is_whitespace()).collect()
    };
    let (mut seen, mut rules) = (0, 0);
    for op in creations() {
        let entry = entries().iter().find(|entry| entry.create == *op);
        let quotes = entry.expect("a creation has an entry").quotes;
        assert!(
            quotes.windows(2).all(|two| two[0].0 < two[1].0),
            "{}",
            op.name
        );
        let mut cited = Vec::new();
        each_param(op.params, "", &mut |param, path| {
            if let (Source::Line(line), false) = (param.source, param.name.is_empty()) {
                assert!(
                    op.quote(&param.source).is_some(),
                    "{} {path} {line}",
                    op.name
                );
                cited.push(line);
            }
        });
        if let Some(lines) = document(op) {
            // Each quote with the last line that it reaches.
            let reach = |(line, quote): &(u16, &str)| {
                let from = usize::from(*line);
                let to = (from..=lines.len())
                    .find(|to| bare(&lines[from - 1..*to].join("\n")).contains(&bare(quote)));
                from..=to.unwrap_or(from)
            };
            let reached: Vec<_> = quotes.iter().map(reach).collect();
            let mut hold = |source: &Source, what: &str| {
                if let Source::Line(line) | Source::Lines(line, _) = *source {
                    let line = usize::from(line);
                    let quoted = reached.iter().any(|lines| lines.contains(&line));
                    assert!(quoted, "{what}: line {line} is in no quote");
                    rules += 1;
                }
            };
            each_param(op.params, "", &mut |param, path| {
                let what = format!("{} {path}", op.name);
                param
                    .rules
                    .iter()
                    .for_each(|rule| hold(&rule.source, &what));
                if let Kind::List { source, .. } = &param.kind {
                    hold(source, &what);
                }
            });
        }
        for (line, quote) in quotes {
            assert!(
                cited.contains(line),
                "{} quotes line {line} for nothing",
                op.name
            );
            let Some(lines) = document(op) else {
                continue;
            };
            let below = cited_text(&lines, usize::from(*line));
            assert!(
                bare(&below).contains(&bare(quote)),
                "{} {line}: {quote}",
                op.name
            );
            seen += 1;
        }
    }
    println!("{seen} quotes and {rules} rules compared");
}

/// A document's text from a line on, as far as one parameter's may reach.
fn cited_text(lines: &[String], line: usize) -> String {
    lines[line - 1..(line + 24).min(lines.len())].join("\n")
}
