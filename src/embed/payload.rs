//! Payloads of events and functions: plain objects for JavaScript.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use tieline_catalog::text::Message;
use tieline_catalog::{
    creations, wire, Kind, Operation, Param, Parsed, Privacy, Raw, Valid, Violation,
};
use tieline_code::{Context, Target};
use wasm_bindgen::JsValue;

use super::values;
use crate::platform::host_page::{public, HostEvent};

/// A question of JavaScript that only the second part can answer.
pub enum Question<'a> {
    /// The detail of an event.
    Event(HostEvent<'a>),
    /// The detail of a request that is about to be sent, under this idempotency key.
    BeforeSubmit(&'a Valid, &'a str),
    /// The error about what is filled into the form of this operation, or locked there, and is no parameter;
    /// null without one.
    OddValues(&'a str, &'a JsValue, Vec<String>),
    /// What is wrong with a form.
    Violations(&'a [Violation]),
    /// All operations that create something, with their parameters.
    Operations,
    /// What is wrong with these values, as JSON, for the operation of this name.
    Check(&'a str, &'a str),
    /// The request that they lead to.
    Preview(&'a str, &'a str),
    /// The code that they can be had as, for the target of this name.
    Code(&'a str, &'a str, &'a str),
}

/// The answer as a plain object.
///
/// # Errors
/// When there is no such operation, or the values of a preview are not its parameters: what to say.
pub fn answer(question: Question) -> Result<JsValue, String> {
    Ok(match question {
        Question::Event(of) => value(&of),
        Question::BeforeSubmit(valid, key) => request(valid, key),
        Question::OddValues(operation, values, locked) => {
            let told = values::odd(operation, values, locked).map(|message| HostEvent::Error {
                kind: "values",
                message,
            });
            told.map_or(JsValue::NULL, |event| value(&event))
        }
        Question::Violations(violations) => value(&violations),
        Question::Operations => operations(),
        Question::Check(name, json) => match read(name, json)? {
            Ok((op, raw)) => value(&tieline_catalog::check(op, &raw).violations),
            Err(violations) => value(&violations),
        },
        Question::Preview(name, json) => match read(name, json)? {
            Ok((op, raw)) => preview(op, &raw),
            Err(violations) => return Err(told(&violations)),
        },
        Question::Code(name, json, target) => match read(name, json)? {
            Ok((op, raw)) => code(op, &raw, target)?.into(),
            Err(violations) => return Err(told(&violations)),
        },
    })
}

fn told(violations: &[Violation]) -> String {
    let texts = violations.iter().map(|v| v.message.en.as_str());
    texts.collect::<Vec<_>>().join(" ")
}

/// The code for a target, or what to say where there is none.
fn code(op: &'static Operation, raw: &Raw, target: &str) -> Result<String, String> {
    let known = Target::find(target).ok_or_else(|| {
        let names = Target::ALL.map(Target::name).join(", ");
        format!("There is no target {target:?}. There are: {names}.")
    })?;
    let parsed = tieline_catalog::check(op, raw).parsed;
    tieline_code::generate(&parsed, known, &Context::default()).map_err(|reason| reason.0.en)
}

type Input = (&'static Operation, Raw);

fn read(operation: &str, json: &str) -> Result<Result<Input, Vec<Violation>>, String> {
    let op = creations().find(|op| op.name == operation);
    let op = op.ok_or_else(|| format!("There is no operation {operation:?}."))?;
    Ok(Raw::from_json(op, json).map(|raw| (op, raw)))
}

/// A plain object: maps are objects, and what is missing is absent.
fn value(of: &impl Serialize) -> JsValue {
    of.serialize(&Serializer::json_compatible())
        .unwrap_or(JsValue::NULL)
}

/// A request that is about to be sent.
fn request(valid: &Valid, key: &str) -> JsValue {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Request<'a> {
        operation: &'static str,
        #[serde(serialize_with = "public")]
        values: &'a Parsed,
        idempotency_key: &'a str,
    }
    let parsed = valid.parsed();
    value(&Request {
        operation: parsed.operation().name,
        values: parsed,
        idempotency_key: key,
    })
}

/// The request that input leads to, as the proxy's `preview` gives it.
fn preview(op: &'static Operation, raw: &Raw) -> JsValue {
    #[derive(Serialize)]
    struct Preview {
        method: String,
        url: String,
        headers: serde_json::Map<String, serde_json::Value>,
        body: String,
    }
    let request = wire::encode(&tieline_catalog::check(op, raw).parsed.masked());
    let url = request.url();
    let headers = request.headers.into_iter();
    value(&Preview {
        method: request.method,
        url,
        headers: headers.map(|(name, text)| (name, text.into())).collect(),
        body: request.body,
    })
}

/// An operation, for a form of the host page's own.
#[derive(Serialize)]
struct Described {
    name: &'static str,
    title: Message,
    summary: Message,
    provider: Message,
    product: Message,
    parameters: Vec<Parameter>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameter {
    name: &'static str,
    label: Message,
    help: Message,
    required: bool,
    /// `text`, `integer`, `boolean`, `list` or `object`.
    kind: &'static str,
    private: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<Choice>,
    /// Whether other values than the choices are taken.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    open: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<usize>,
    /// The members of an object, or the one item of a list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<Parameter>,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: Message,
}

fn operations() -> JsValue {
    let described = creations().map(|op| Described {
        name: op.name,
        title: op.title.message(),
        summary: op.summary.message(),
        provider: op.service.provider.name().message(),
        product: op.service.product.message(),
        parameters: op.params.iter().map(parameter).collect(),
    });
    value(&described.collect::<Vec<_>>())
}

fn parameter(param: &Param) -> Parameter {
    let (kind, max_items, parameters) = match param.kind {
        Kind::Object(members) => ("object", None, members.iter().map(parameter).collect()),
        Kind::List { item, max, .. } => ("list", Some(max), vec![parameter(item)]),
        Kind::Integer => ("integer", None, Vec::new()),
        Kind::Boolean => ("boolean", None, Vec::new()),
        _ => ("text", None, Vec::new()),
    };
    let (choices, open) = param.choices().unwrap_or((&[], false));
    let choice = |choice: &tieline_catalog::model::Choice| Choice {
        value: choice.value,
        label: choice.label.message(),
    };
    Parameter {
        name: param.name,
        label: param.label.message(),
        help: param.help.message(),
        required: param.required,
        kind,
        private: param.privacy != Privacy::Public,
        default: param.default,
        choices: choices.iter().map(choice).collect(),
        open,
        hints: param.rules.iter().filter_map(|rule| rule.hint()).collect(),
        max_items,
        parameters,
    }
}
