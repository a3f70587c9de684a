//! Responses decoded into what they mean for the user: created, rejected, not executed, or unknown.
//!
//! The resource's id decides first: whatever stands beside it, the resource exists. Without an id it is
//! the code in the body, not the HTTP status: the documents give 403 for an invalid name and 400 for a
//! missing permission. The status can only take away what a code says ([`crate::errors::meaning`]).

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use quick_xml::events::Event;
use quick_xml::Reader;
use serde_json::{Map, Value as Json};

use crate::check::{check, Valid};
use crate::errors;
use crate::input::Raw;
use crate::model::*;
use crate::wire::Response;

pub use crate::refusal::Refusal;

/// Longer bodies are not read: no documented answer comes near.
pub const MAX_BODY: usize = 1 << 20;

/// Deeper XML is not read.
const MAX_DEPTH: usize = 64;

/// The outcome of a creation.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// The resource exists.
    Created(Created),
    /// Refused; refused again unchanged.
    Rejected(Refusal),
    /// Not executed; it can be sent again after a while.
    NotExecuted(Refusal),
    /// It may have been executed.
    Unknown(Refusal),
}

/// A created resource.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Created {
    /// Its id.
    pub id: String,
    /// Its status, if the answer carries one.
    pub status: Option<String>,
    /// The request's id, for the vendor's support.
    pub request_id: Option<String>,
    /// Every documented field that the answer carries: path and text.
    pub fields: Vec<(&'static str, String)>,
}

/// A resource that a read found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its status, if the API reports one.
    pub status: Option<String>,
    /// Every documented field that it carries: path and text.
    pub fields: Vec<(&'static str, String)>,
}

/// The result of a read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// These resources; none when it does not exist (any more).
    Items(Vec<Item>),
    /// The read itself failed: nothing is known.
    Refused(Refusal),
}

/// Decodes the response to a creation.
pub fn decode(op: &'static Operation, response: &Response) -> Answer {
    let tree = match read_body(response) {
        Ok(tree) => tree,
        Err(why) => return Answer::Unknown(unreadable(op, response, why)),
    };
    // An answer with the resource's id is that of a creation, whatever else it carries: a code, a
    // refusal's status. A refusal of either vendor has no id, and what stands between can change a
    // status. Of the two mistakes that are left this is the smaller: a resource that is not there after
    // all is found missing at the next refresh, but an id that is thrown away leaves a resource that
    // nobody knows of, and a second one when the request is repeated.
    if let Some(id) = id(op, &tree) {
        return Answer::Created(Created {
            id,
            status: op.response().resource_status.and_then(|p| leaf(&tree, p)),
            request_id: leaf(&tree, op.response().request_id).or_else(|| header_id(response)),
            fields: fields(op.response().fields, &tree),
        });
    }
    match refusal(op, response, &tree) {
        Some((ErrorClass::Rejected, refusal)) => Answer::Rejected(refusal),
        Some((ErrorClass::NotExecuted, refusal)) => Answer::NotExecuted(refusal),
        Some((ErrorClass::Unknown, refusal)) => Answer::Unknown(refusal),
        None if response.status == 429 => {
            Answer::Unknown(unreadable(op, response, &errors::THROTTLED))
        }
        None => Answer::Unknown(unreadable(op, response, &errors::NO_ID)),
    }
}

/// The resource's id. What has no letter and no digit is none, and neither are a program's words for nothing.
fn id(op: &'static Operation, json: &Json) -> Option<String> {
    let id = leaf(json, op.response().id)?;
    let nothing = ["null", "none", "undefined", "true", "false"];
    let none = nothing.iter().any(|word| id.eq_ignore_ascii_case(word));
    let tells = id.contains(|c: char| c.is_ascii_alphanumeric());
    (tells && !none).then_some(id)
}

/// Decodes the response to a read.
pub fn decode_read(op: &'static Operation, response: &Response) -> Found {
    let tree = match read_body(response) {
        Ok(tree) => tree,
        Err(why) => return Found::Refused(unreadable(op, response, why)),
    };
    if let Some((_, refusal)) = refusal(op, response, &tree) {
        // A single resource that is gone is answered with 404 and a code of the service. What all
        // services and the gateways before them say with that status is about the key, the API or the
        // region, not about the resource.
        let gone = response.status == 404
            && op.response().list.is_none()
            && !errors::is_of_the_account(&refusal.code);
        return match gone {
            true => Found::Items(Vec::new()),
            false => Found::Refused(refusal),
        };
    }
    if !(200..300).contains(&response.status) {
        return Found::Refused(unreadable(op, response, &errors::NO_ID));
    }
    let item = |json: &Json, table: &[Field]| {
        let id = id(op, json)?;
        Some(Item {
            id,
            status: op.response().resource_status.and_then(|p| leaf(json, p)),
            fields: fields(table, json),
        })
    };
    match op.response().list {
        None => match item(&tree, op.response().fields) {
            Some(item) => Found::Items(vec![item]),
            None => Found::Refused(unreadable(op, response, &errors::NO_ID)),
        },
        Some(list) => {
            let outer = list.path.split('.').next().unwrap_or_default();
            let empty = |json: &Json| match json {
                Json::String(text) => text.trim().is_empty(),
                Json::Null => true,
                Json::Object(members) => members.is_empty(),
                _ => false,
            };
            let items: Option<Vec<Item>> = match (at(&tree, list.path), tree.get(outer)) {
                (Some(Json::Array(items)), _) => {
                    items.iter().map(|json| item(json, list.fields)).collect()
                }
                // In XML one item looks like a member, and none like an empty text.
                (Some(json), _) | (None, Some(json)) if empty(json) => Some(Vec::new()),
                (Some(json), _) => item(json, list.fields).map(|one| vec![one]),
                (None, _) => None,
            };
            // An item that cannot be read is no proof that there is none.
            match items {
                Some(items) => Found::Items(items),
                None => Found::Refused(unreadable(op, response, &errors::NO_ID)),
            }
        }
    }
}

/// The read that reports the status of the resource `id`, created with `params`. `None` when there
/// is none or the parameters do not suffice for it.
pub fn read_back(create: &'static Operation, id: &str, params: &Raw) -> Option<Valid> {
    let read = create.read_back()?;
    fill(read.operation, read.by_id, id, params)
}

/// The read that looks for a resource whose id was lost, by the name in `params`. `None` when the
/// API cannot or no name was given.
pub fn read_by_name(create: &'static Operation, params: &Raw) -> Option<Valid> {
    let read = create.read_back()?;
    fill(read.by_name_operation?, read.by_name, "", params)
}

pub(crate) fn fill(
    operation: &str,
    table: &[(&str, Fill)],
    id: &str,
    params: &Raw,
) -> Option<Valid> {
    let op = crate::operations::find(operation)?;
    check(op, &filled(table, id, params)?).valid().ok()
}

/// The input of a read; `None` when something that it needs is not known.
pub(crate) fn filled(table: &[(&str, Fill)], id: &str, params: &Raw) -> Option<Raw> {
    let mut raw = Raw::new();
    for (path, fill) in table {
        let text = match fill {
            Fill::Const(text) => text,
            Fill::Id => id,
            Fill::Param(name, default) => params
                .get(name)
                .filter(|text| !text.is_empty())
                .unwrap_or(default),
        };
        if text.is_empty() {
            return None;
        }
        raw.set(path, text);
    }
    Some(raw)
}

/// The status to show for a resource that a read found.
pub fn status_of(create: &'static Operation, item: &Item) -> String {
    let present = create.read_back().and_then(|r| r.when_present);
    item.status
        .clone()
        .or(present.map(str::to_string))
        .unwrap_or_default()
}

fn refusal(
    op: &'static Operation,
    response: &Response,
    tree: &Json,
) -> Option<(ErrorClass, Refusal)> {
    let said = vendor_error(response, tree)?;
    let (class, mut refusal) = Refusal::of_code(op, &said.code, response.status);
    refusal.message = said.message;
    refusal.request_id = said.request_id;
    Some((class, refusal))
}

/// What a vendor's error body says, whatever was asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VendorError {
    /// The code.
    pub code: String,
    /// The message; empty when there is none.
    pub message: String,
    /// The request's id.
    pub request_id: Option<String>,
    /// The host that was asked, where the body names it.
    pub host: Option<String>,
}

/// Reads an error body without knowing of which operation it is; `None` when it carries no code.
pub fn read_error(response: &Response) -> Option<VendorError> {
    vendor_error(response, &read_body(response).ok()?)
}

fn vendor_error(response: &Response, tree: &Json) -> Option<VendorError> {
    const CODES: &[(&str, &str)] = &[
        ("Code", "Message"),
        ("error_code", "error_msg"),
        ("errorCode", "errorMsg"),
        ("code", "message"),
    ];
    let find = |json: &Json| {
        CODES.iter().find_map(|(code, message)| {
            let code = leaf(json, code).filter(|c| !c.is_empty())?;
            Some((code, leaf(json, message).unwrap_or_default()))
        })
    };
    // Huawei's gateways nest the error once, under a name that varies.
    let nested = || {
        let members = tree.as_object()?;
        members.values().filter(|v| v.is_object()).find_map(find)
    };
    let success = (200..300).contains(&response.status);
    let (code, message) = find(tree).or_else(|| nested().filter(|_| !success))?;
    // Some APIs put `Code: 200` or `OK` into a success.
    if success && matches!(code.as_str(), "200" | "OK" | "Success") {
        return None;
    }
    let request_id = leaf(tree, "RequestId")
        .or_else(|| leaf(tree, "request_id"))
        .or_else(|| header_id(response));
    Some(VendorError {
        code,
        message,
        request_id,
        host: leaf(tree, "HostId"),
    })
}

fn unreadable(op: &Operation, response: &Response, why: &errors::Reason) -> Refusal {
    let mut refusal = Refusal::of_reason(op, response.status, why);
    refusal.request_id = header_id(response);
    refusal
}

fn header_id(response: &Response) -> Option<String> {
    [Provider::Huawei, Provider::Alibaba]
        .iter()
        .find_map(|provider| response.header(provider.request_id_header()))
        .map(str::to_string)
}

fn read_body(response: &Response) -> Result<Json, &'static errors::Reason> {
    let body = response.body.trim_start_matches('\u{feff}').trim();
    if body.len() > MAX_BODY {
        return Err(&errors::TOO_LONG);
    }
    if body.is_empty() {
        return Err(&errors::EMPTY);
    }
    let tree = if body.starts_with('<') {
        let head: String = body
            .chars()
            .take(512)
            .collect::<String>()
            .to_ascii_lowercase();
        if head.contains("<html") || head.contains("<!doctype html") {
            return Err(&errors::HTML);
        }
        xml(body)
    } else {
        serde_json::from_str(body).ok()
    };
    tree.filter(Json::is_object).ok_or(&errors::MALFORMED)
}

/// Reads XML into the shape that the same answer has in JSON: the root's children as members, equal
/// names as an array, leaves as text. Attributes mean nothing in these answers. `None`: it is none, or nests too
/// deep.
pub fn xml(text: &str) -> Option<Json> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    // One frame for each open element: its name, its members, its text.
    let mut stack: Vec<(String, Map<String, Json>, String)> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if stack.len() >= MAX_DEPTH {
                    return None;
                }
                let name = start.local_name().into_inner().to_string();
                stack.push((name, Map::new(), String::new()));
            }
            Event::Empty(empty) => {
                let name = empty.local_name().into_inner().to_string();
                match stack.last_mut() {
                    Some((_, members, _)) => add(members, name, Json::String(String::new())),
                    None => return Some(Json::Object(Map::new())),
                }
            }
            Event::Text(text) => {
                if let Some((_, _, own)) = stack.last_mut() {
                    own.push_str(&text.xml10_content());
                }
            }
            Event::CData(data) => {
                if let Some((_, _, own)) = stack.last_mut() {
                    own.push_str(&data.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let (_, _, own) = stack.last_mut()?;
                match reference.resolve_char_ref().ok()? {
                    Some(c) => own.push(c),
                    None => own.push_str(quick_xml::escape::resolve_predefined_entity(&reference)?),
                }
            }
            Event::End(_) => {
                let (name, members, own) = stack.pop()?;
                let value = if members.is_empty() {
                    Json::String(own.trim().to_string())
                } else {
                    Json::Object(members)
                };
                match stack.last_mut() {
                    Some((_, parent, _)) => add(parent, name, value),
                    None => return Some(value),
                }
            }
            Event::Eof => return None,
            // A document type could define entities; nothing here needs one.
            Event::DocType(_) => return None,
            _ => {}
        }
    }
}

fn add(members: &mut Map<String, Json>, name: String, value: Json) {
    match members.get_mut(&name) {
        None => {
            members.insert(name, value);
        }
        Some(Json::Array(items)) => items.push(value),
        Some(first) => *first = Json::Array(vec![first.take(), value]),
    }
}

fn at<'a>(tree: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(tree, |at, name| at.get(name))
}

fn leaf(tree: &Json, path: &str) -> Option<String> {
    match at(tree, path)? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn fields(table: &[Field], tree: &Json) -> Vec<(&'static str, String)> {
    table
        .iter()
        .filter_map(|field| Some((field.path, leaf(tree, field.path)?)))
        .collect()
}

#[cfg(test)]
mod tests;
