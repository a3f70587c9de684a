//! The request pane: exactly what reaches the cloud, line by line, live.

use tieline_catalog::input::{Value, MASK};
use tieline_catalog::path::join;
use tieline_catalog::wire::{body, percent_encode, Request};
use tieline_catalog::{Lang, ParamLocation, Parsed};
use yew::prelude::*;

use crate::ui::copy_button::CopyButton;
use crate::ui::messages;

/// More bytes of a value are not shown; the copy has them all.
const VALUE_SHOWN: usize = 2_000;

/// A line of the request as it is shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// What it is: `start`, `query`, `header`, `body`.
    pub kind: &'static str,
    /// What stands before the value.
    pub name: String,
    /// The value, percent-encoded where the wire has it so.
    pub value: String,
    /// The form's field that it comes from.
    pub field: Option<String>,
}

/// The lines of the request that these values were encoded to: its URL with a line for each
/// parameter, its headers, its body.
pub fn lines(parsed: &Parsed, request: &Request) -> Vec<Line> {
    let line = |kind, name: String, value: String, field| Line {
        kind,
        name,
        value,
        field,
    };
    let mut out = vec![line(
        "start",
        request.method.clone(),
        format!("https://{}{}", request.host, request.path),
        None,
    )];
    for (i, (name, value)) in request.query.iter().enumerate() {
        let mark = if i == 0 { '?' } else { '&' };
        let name_on_wire = format!("{mark}{}=", percent_encode(name));
        // A masked value is not what travels, so it is not dressed up as if it were.
        let shown = if value == MASK {
            value.clone()
        } else {
            percent_encode(value)
        };
        out.push(line("query", name_on_wire, shown, Some(name.clone())));
    }
    for (name, value) in &request.headers {
        let field = parsed
            .operation()
            .params
            .iter()
            .find(|p| p.location == ParamLocation::Header && p.name.eq_ignore_ascii_case(name));
        out.push(line(
            "header",
            format!("{name}: "),
            value.clone(),
            field.map(|p| p.name.to_string()),
        ));
    }
    if !request.body.is_empty() {
        json_lines(&body(parsed), "", "", 0, &mut out);
    }
    out
}

/// JSON with a line for each member, so that a line can be tied to its field.
fn json_lines(value: &Value, name: &str, path: &str, depth: usize, out: &mut Vec<Line>) {
    let pad = "  ".repeat(depth);
    let head = match name {
        "" => pad.clone(),
        // The catalog's names need no escapes.
        _ => format!("{pad}\"{name}\": "),
    };
    let mut push = |name: String, value: String, field| {
        out.push(Line {
            kind: "body",
            name,
            value,
            field,
        });
    };
    let (open, close) = match value {
        Value::Object(_) => ("{", "}"),
        Value::List(_) => ("[", "]"),
        leaf => return push(head, leaf.json(), Some(path.to_string())),
    };
    push(head, open.to_string(), None);
    let mut inner = |name: &str, segment: &str, value: &Value, last: bool| {
        json_lines(value, name, &join(path, segment), depth + 1, out);
        if let (false, Some(line)) = (last, out.last_mut()) {
            line.value.push(',');
        }
    };
    match value {
        Value::Object(members) => {
            for (i, (name, value)) in members.iter().enumerate() {
                inner(name, name, value, i + 1 == members.len());
            }
        }
        Value::List(items) => {
            for (i, value) in items.iter().enumerate() {
                inner("", &(i + 1).to_string(), value, i + 1 == items.len());
            }
        }
        _ => {}
    }
    out.push(Line {
        kind: "body",
        name: pad,
        value: close.to_string(),
        field: None,
    });
}

/// The request as text, to copy: the request line, the headers, an empty line, the body.
pub fn text(request: &Request) -> String {
    let mut text = format!("{} {}\n", request.method, request.url());
    for (name, value) in &request.headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    if !request.body.is_empty() {
        text.push('\n');
        text.push_str(&request.body);
        text.push('\n');
    }
    text
}

/// The request that these values, masked, were encoded to, live: the one that was sent when it is
/// settled. The line of the field that has the focus is marked.
pub fn request_pane(
    parsed: &Parsed,
    request: &Request,
    settled: bool,
    in_page: bool,
    focused: Option<&str>,
    lang: Lang,
) -> Html {
    let lines = lines(parsed, request);
    let (title, lead) = (
        if settled {
            messages::REQUEST_SENT
        } else {
            messages::REQUEST
        },
        if in_page {
            messages::REQUEST_LEAD_IN_PAGE
        } else {
            messages::REQUEST_LEAD
        },
    );
    html! {
        <section class="request" aria-labelledby="request-title">
            <div class="pane-head">
                <h2 id="request-title">{ title.get(lang) }</h2>
                <CopyButton text={text(request)} label={messages::COPY_REQUEST} {lang} />
            </div>
            <p class="lead">{ lead.get(lang) }</p>
            <div class="lines" translate="no" tabindex="0" role="group" aria-labelledby="request-title">
                { for lines.iter().map(|line| {
                    let lit = line.field.is_some() && line.field.as_deref() == focused;
                    html! {
                        <div class="line" data-kind={line.kind} data-lit={lit.then_some("true")}>
                            <span class="line-name">{ &line.name }</span>
                            <span class="line-value">{ brief(&line.value) }</span>
                        </div>
                    }
                }) }
            </div>
        </section>
    }
}

/// What of a value is shown: laying out hundreds of thousands of characters takes seconds at each key.
fn brief(value: &str) -> String {
    let mut shown = crate::ui::rich_text::head(value, VALUE_SHOWN).0.to_string();
    let more = value.len() - shown.len();
    if more > 0 {
        shown += &format!("… (+{more})");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value as Json;
    use tieline_catalog::{check, wire, Raw};

    #[test]
    fn the_lines_are_the_request_for_every_operation() {
        for op in tieline_catalog::creations() {
            let parsed = check(op, &Raw::example(op)).parsed;
            let request = wire::encode(&parsed);
            let lines = lines(&parsed, &request);
            let of = |kinds: &[&str]| -> String {
                lines
                    .iter()
                    .filter(|l| kinds.contains(&l.kind))
                    .map(|l| match l.kind {
                        "start" => l.value.clone(),
                        _ => format!("{}{}", l.name, l.value),
                    })
                    .collect()
            };
            assert_eq!(of(&["start", "query"]), request.url(), "{}", op.name);
            if !request.body.is_empty() {
                let json = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
                let (shown, sent) = (json(&of(&["body"])), json(&request.body));
                assert_eq!(shown, sent, "{}", op.name);
            }
            let headers = lines.iter().filter(|l| l.kind == "header").count();
            assert_eq!(headers, request.headers.len());
        }
    }

    #[test]
    fn a_very_long_value_is_cut_and_says_how_much_is_missing() {
        assert_eq!(brief("short"), "short");
        let long = brief(&"x".repeat(350_000));
        assert!(long.len() < 2_100 && long.ends_with("… (+348000)"));
    }

    #[test]
    fn lists_in_a_body_keep_their_commas() {
        let mut out = Vec::new();
        let value = Value::Object(vec![
            (
                "a",
                Value::List(vec![
                    Value::Integer(1),
                    Value::Object(vec![("b", Value::Text("x".into()))]),
                ]),
            ),
            ("c", Value::Text("d\"e".into())),
        ]);
        json_lines(&value, "", "", 0, &mut out);
        let joined: String = out
            .iter()
            .map(|l| format!("{}{}\n", l.name, l.value))
            .collect();
        let json = serde_json::json!({"a": [1, {"b": "x"}], "c": "d\"e"});
        assert_eq!(serde_json::from_str::<Json>(&joined).ok(), Some(json));
        assert!(out.iter().any(|l| l.field.as_deref() == Some("a.2.b")));
    }
}
