//! The request pane: exactly what reaches the cloud, line by line, live.

use std::rc::Rc;

use serde_json::Value;
use tieline_catalog::input::MASK;
use tieline_catalog::wire::{percent_encode, Request};
use tieline_catalog::{Lang, Operation, Place};
use yew::prelude::*;

use crate::copy::CopyButton;
use crate::words;

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

/// The lines of a request: its URL with a line for each parameter, its headers, its body.
pub fn lines(op: &Operation, request: &Request) -> Vec<Line> {
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
        let field = op
            .params
            .iter()
            .find(|p| p.place == Place::Header && p.name.eq_ignore_ascii_case(name));
        out.push(line(
            "header",
            format!("{name}: "),
            value.clone(),
            field.map(|p| p.name.to_string()),
        ));
    }
    if let Ok(body) = serde_json::from_str::<Value>(&request.body) {
        json_lines(&body, "", "", 0, &mut out);
    } else if !request.body.is_empty() {
        out.push(line("body", String::new(), request.body.clone(), None));
    }
    out
}

/// JSON with a line for each member, so that a line can be tied to its field.
fn json_lines(value: &Value, name: &str, path: &str, depth: usize, out: &mut Vec<Line>) {
    let pad = "  ".repeat(depth);
    let head = match name {
        "" => pad.clone(),
        _ => format!("{pad}{}: ", Value::from(name)),
    };
    let mut push = |name: String, value: String, field| {
        out.push(Line {
            kind: "body",
            name,
            value,
            field,
        });
    };
    let members: Vec<(String, String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), name.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, value)| (String::new(), (i + 1).to_string(), value))
            .collect(),
        _ => {
            return push(head, value.to_string(), Some(path.to_string()));
        }
    };
    let (open, close) = match value {
        Value::Object(_) => ("{", "}"),
        _ => ("[", "]"),
    };
    push(head, open.to_string(), None);
    let last = members.len();
    for (i, (name, segment, value)) in members.into_iter().enumerate() {
        let path = match path {
            "" => segment,
            _ => format!("{path}.{segment}"),
        };
        json_lines(value, &name, &path, depth + 1, out);
        if let (true, Some(line)) = (i + 1 < last, out.last_mut()) {
            line.value.push(',');
        }
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

/// The properties of [`RequestPane`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The request, masked.
    pub request: Rc<Request>,
    /// The operation, for its name.
    pub operation: crate::form::shape::Table<Operation>,
    /// Whether it was sent, and made a resource.
    pub settled: bool,
    /// Whether it goes to the sandbox inside the page.
    pub in_page: bool,
    /// The field that has the focus; its line is marked.
    pub focused: Option<AttrValue>,
    /// The language.
    pub lang: Lang,
}

/// The request, live.
#[component]
pub fn RequestPane(props: &Props) -> Html {
    let Props {
        request,
        operation,
        focused,
        lang,
        ..
    } = props;
    let lines = lines(operation, request);
    html! {
        <section class="request" aria-labelledby="request-title">
            <div class="pane-head">
                <h2 id="request-title">
                    { if props.settled { words::REQUEST_SENT } else { words::REQUEST }.get(*lang) }
                </h2>
                <CopyButton text={text(request)} label={words::COPY_REQUEST} lang={*lang} />
            </div>
            <p class="lead">{ if props.in_page { words::REQUEST_LEAD_IN_PAGE } else { words::REQUEST_LEAD }.get(*lang) }</p>
            <div class="lines" translate="no" tabindex="0" role="group" aria-labelledby="request-title">
                { for lines.iter().map(|line| {
                    let lit = line.field.is_some() && line.field.as_deref() == focused.as_deref();
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
    let mut shown = crate::answer::head(value, VALUE_SHOWN).0.to_string();
    let more = value.len() - shown.len();
    if more > 0 {
        shown += &format!("… (+{more})");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_catalog::{check, wire, Raw};

    #[test]
    fn the_lines_are_the_request_for_every_operation() {
        for op in tieline_catalog::creations() {
            let request = wire::encode(&check(op, &Raw::example(op)).checked);
            let lines = lines(op, &request);
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
                let shown: Value = serde_json::from_str(&of(&["body"])).expect("still JSON");
                let sent: Value = serde_json::from_str(&request.body).expect("JSON");
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
        let value = serde_json::json!({"a": [1, {"b": "x"}], "c": "d\"e"});
        json_lines(&value, "", "", 0, &mut out);
        let joined: String = out
            .iter()
            .map(|l| format!("{}{}\n", l.name, l.value))
            .collect();
        assert_eq!(serde_json::from_str::<Value>(&joined).ok(), Some(value));
        assert!(out.iter().any(|l| l.field.as_deref() == Some("a.2.b")));
    }
}
