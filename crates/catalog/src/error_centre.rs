//! Every error code that can be looked up, and what one means: by itself, in a pasted answer, of an
//! operation or of any.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::{read_error, VendorError};
use crate::errors::{self, Reason, COMMON, FAMILIES};
use crate::model::*;
use crate::operations::creations;
use crate::refusal::{advice_after_unknown, Refusal};
use crate::text::{t, Message, Text};
use crate::wire::Response;

/// The advice where the operation is not known.
const AFTER_UNKNOWN: Text = t(
    "Send it again with the same client token if the API has one; otherwise look the resource up before you send again.",
    "如果此 API 支持客户端 Token，请使用相同的 Token 重试；否则请先查询该资源，再决定是否重新发送。",
);

/// So many different words of a pasted text are looked up: a line of a log has fewer.
const MOST_WORDS: usize = 500;

/// What a code means.
#[derive(Clone)]
pub struct Explained {
    /// The code; a table's `*` stands for any ending. Of an answer without one, what it is called in an
    /// address.
    pub code: String,
    /// What an answer without a code is called, for people.
    pub title: Option<Text>,
    /// The operation to which it belongs; `None` for any.
    pub operation: Option<&'static Operation>,
    /// The table's entry; `None` for a code that nobody documents.
    pub entry: Option<&'static ErrorCode>,
    /// What became of the request.
    pub class: ErrorClass,
    /// Its meaning and its cause.
    pub explanation: Message,
    /// What to do.
    pub advice: Message,
    /// The parameter to which it belongs, by path without item numbers.
    pub parameter: Option<&'static str>,
}

impl Explained {
    /// Whether anything was created.
    pub fn consequence(&self) -> Text {
        consequence(self.class)
    }

    /// What the code is called in an address: `CreateCen/Unauthorized`.
    pub fn place(&self) -> String {
        place(self.operation, &self.code)
    }

    /// Who says so, in words.
    pub fn source(&self) -> Option<Message> {
        let source = &self.entry?.source;
        Some(match self.operation {
            Some(op) => op.cite(source),
            None => source.cite(t("", ""), t("", "")),
        })
    }
}

/// Whether anything was created when a request ends so.
pub fn consequence(class: ErrorClass) -> Text {
    match class {
        ErrorClass::Rejected => t("Nothing was created.", "未创建任何资源。"),
        ErrorClass::NotExecuted => t(
            "Nothing was created. The same request can be sent again.",
            "未创建任何资源。可以重新发送同一请求。",
        ),
        ErrorClass::Unknown => t(
            "It is not known whether anything was created.",
            "无法得知资源是否已创建。",
        ),
    }
}

/// What a code is called in an address, with the operation that met it: `CreateCen/Unauthorized`. A code
/// that is none, with characters of its own, is not put in an address.
pub fn place(op: Option<&Operation>, code: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '*');
    let code = match !code.is_empty() && code.len() <= 100 && code.chars().all(plain) {
        true => code,
        false => "",
    };
    match op {
        Some(op) if !code.is_empty() => format!("{}/{code}", op.name),
        _ => code.to_string(),
    }
}

/// The place of the meaning of an operation's answer.
pub fn place_of(op: &Operation, refusal: &Refusal) -> String {
    let reason = errors::WITHOUT_CODE
        .iter()
        .map(|(reason, _)| reason)
        .find(|reason| reason.explanation.message() == refusal.explanation);
    match reason {
        Some(reason) if refusal.code.is_empty() => place(Some(op), reason.name),
        _ => place(Some(op), &refusal.code),
    }
}

/// Reads what [`place`] wrote: the operation and the code.
pub fn read_place(place: &str) -> (Option<&'static Operation>, &str) {
    match place.split_once('/') {
        Some((name, code)) => (creations().find(|op| op.name == name), code),
        None => (None, place),
    }
}

/// Every code of the tables: each operation's, then the common ones, then the families.
pub fn all() -> Vec<Explained> {
    let own = creations().flat_map(|op| op.errors().iter().map(move |e| (Some(op), e)));
    let common = COMMON.iter().chain(FAMILIES).map(|e| (None, e));
    let mut all: Vec<Explained> = own
        .chain(common)
        .map(|(op, e)| explained(op, e.code, e.http))
        .collect();
    all.extend(errors::WITHOUT_CODE.iter().map(|of| without_code(None, of)));
    all
}

fn without_code(
    op: Option<&'static Operation>,
    (reason, class): &(&'static Reason, ErrorClass),
) -> Explained {
    let advice = match (reason.advice, op) {
        (Some(advice), _) => advice.message(),
        (None, Some(op)) => advice_after_unknown(op),
        (None, None) => AFTER_UNKNOWN.message(),
    };
    Explained {
        code: reason.name.to_string(),
        title: Some(reason.title),
        operation: op,
        entry: None,
        class: *class,
        explanation: reason.explanation.message(),
        advice,
        parameter: None,
    }
}

/// What a code means: of this operation; else of each whose table has it; else of any. `status` is that of
/// the answer, where it is known; else the documented one counts.
pub fn explain(code: &str, status: Option<u16>, op: Option<&'static Operation>) -> Vec<Explained> {
    let none = errors::WITHOUT_CODE
        .iter()
        .find(|(reason, _)| reason.name == code);
    if let Some(of) = none {
        return alloc::vec![without_code(op, of)];
    }
    let in_table = |op: &'static Operation| op.errors().iter().find(|e| e.code == code);
    let with = |op: &'static Operation| {
        let documented = in_table(op).or_else(|| shared(code));
        let status = status.or(documented.map(|e| e.http));
        explained(Some(op), code, status.unwrap_or(400))
    };
    if let Some(op) = op {
        return alloc::vec![with(op)];
    }
    let own: Vec<Explained> = creations()
        .filter(|op| in_table(op).is_some())
        .map(with)
        .collect();
    if !own.is_empty() {
        return own;
    }
    let documented = shared(code).map(|e| e.http);
    alloc::vec![explained(None, code, status.or(documented).unwrap_or(400))]
}

/// The entry that no operation has for itself.
fn shared(code: &str) -> Option<&'static ErrorCode> {
    COMMON
        .iter()
        .chain(FAMILIES)
        .find(|e| errors::fits(e, code))
}

fn explained(op: Option<&'static Operation>, code: &str, status: u16) -> Explained {
    let Some(op) = op else {
        let meaning = errors::meaning_beside(None, code, status);
        let (explanation, advice) = match (meaning.entry, meaning.class) {
            (Some(e), _) => (e.explanation, Some(e.advice)),
            (None, _) if shared(code).is_some() => words(&errors::DOUBTFUL),
            (None, _) => words(&errors::UNDOCUMENTED),
        };
        let advice = advice.filter(|_| meaning.class != ErrorClass::Unknown);
        return Explained {
            code: code.to_string(),
            title: None,
            operation: None,
            entry: meaning.entry,
            class: meaning.class,
            explanation: explanation.message(),
            advice: advice.unwrap_or(AFTER_UNKNOWN).message(),
            parameter: meaning.entry.and_then(|e| e.parameter),
        };
    };
    let (class, refusal) = Refusal::of_code(op, code, status);
    Explained {
        code: code.to_string(),
        title: None,
        operation: Some(op),
        entry: errors::meaning(op, code, status).entry,
        class,
        explanation: refusal.explanation,
        advice: refusal.advice,
        parameter: refusal.parameter,
    }
}

fn words(reason: &Reason) -> (Text, Option<Text>) {
    (reason.explanation, reason.advice)
}

/// What was asked for.
#[derive(Clone, PartialEq, Debug)]
pub enum Asked {
    /// Nothing.
    Nothing,
    /// An answer with an error, and its status where that stands before it.
    Answer(VendorError, Option<u16>),
    /// What begins like an answer and is none that can be read, or carries no code.
    Unreadable,
    /// Words.
    Words(String),
}

/// Reads what was typed or pasted: words, or a body, which the answer's status line and headers may precede.
pub fn read(text: &str) -> Asked {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Asked::Nothing;
    }
    let Some(start) = text.find(['{', '<']) else {
        return Asked::Words(text.to_string());
    };
    let head = text[..start].trim();
    let status = status_of(head);
    let response = Response {
        status: status.unwrap_or(400),
        body: text[start..].to_string(),
        ..Response::default()
    };
    match read_error(&response) {
        Some(error) => Asked::Answer(error, status),
        None if head.is_empty() || status.is_some() => Asked::Unreadable,
        None => Asked::Words(text.to_string()),
    }
}

/// The HTTP status before a body: `HTTP/1.1 403 Forbidden`, `403 application/json` as the console shows it, or
/// `StatusCode: 403` as a program's log does. Other numbers may be anything.
fn status_of(head: &str) -> Option<u16> {
    let mut before = String::new();
    for (nth, word) in head.split_whitespace().enumerate() {
        let says = before.starts_with("http/") || before.contains("status");
        let number = word.trim_matches([',', ';', ':', '(', ')', '.']).parse();
        match number.ok().filter(|n| (100..600).contains(n)) {
            Some(status) if nth == 0 || says => return Some(status),
            _ => {}
        }
        // `status code 403`, `status = 403`.
        if !(says && matches!(word, "code" | "code:" | "Code" | "Code:" | "=" | ":")) {
            before = word.to_ascii_lowercase();
        }
    }
    None
}

/// What a pasted answer means: of the operations of its host, where its code is theirs.
pub fn explain_error(error: &VendorError, status: Option<u16>) -> Vec<Explained> {
    let all = explain(&error.code, status, None);
    let theirs = of_host(error.host.as_deref().unwrap_or_default());
    let of_host = |e: &&Explained| e.operation.is_some_and(|op| theirs.contains(&op));
    let own: Vec<Explained> = all.iter().filter(of_host).cloned().collect();
    match own.is_empty() {
        true => all,
        false => own,
    }
}

/// The operations of a host.
fn of_host(host: &str) -> Vec<&'static Operation> {
    let matching = |op: &&Operation| {
        let service = op.service;
        let regional = || {
            let (before, after) = service.regional_host?.split_once("{region}")?;
            Some(host.starts_with(before) && host.ends_with(after))
        };
        service.host == host || regional().unwrap_or(false)
    };
    creations().filter(matching).collect()
}

/// The codes that every word is found in: in the code, its meaning, its field or its operation, in either
/// language. A code that is named exactly comes alone.
pub fn find(words: &str) -> Vec<Explained> {
    let exact = |e: &&Explained| e.code.eq_ignore_ascii_case(words.trim());
    let all = all();
    let named: Vec<Explained> = all.iter().filter(exact).cloned().collect();
    if !named.is_empty() {
        return named;
    }
    let words = words.to_ascii_lowercase();
    let fits = |e: &Explained| {
        let op = e.operation.map_or(String::new(), |op| {
            format!("{} {} {}", op.name, op.title.en, op.title.zh)
        });
        let message = e.entry.map_or("", |entry| entry.message);
        let parameter = e.parameter.unwrap_or_default();
        let title = e.title.unwrap_or(t("", ""));
        let (explanation, code) = (&e.explanation, &e.code);
        let text = format!(
            "{code} {} {} {message} {parameter} {op} {} {}",
            title.en, title.zh, explanation.en, explanation.zh
        );
        let text = text.to_ascii_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
    };
    let found: Vec<Explained> = all.iter().filter(|e| fits(e)).cloned().collect();
    if !found.is_empty() {
        return found;
    }
    // A line of a program's or a tool's, with a code in it; or a code of a family.
    let mut codes: Vec<Explained> = Vec::new();
    let mut seen = BTreeSet::new();
    for part in words_of(&words).take(MOST_WORDS) {
        if seen.insert(part) {
            let new = by_name(&all, part);
            let known = |e: &Explained| codes.iter().any(|known| known.code == e.code);
            let new: Vec<Explained> = new.into_iter().filter(|e| !known(e)).collect();
            codes.extend(new);
        }
    }
    codes
}

/// The parts of a line that can be codes.
fn words_of(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')));
    parts
        .map(|part| part.trim_matches('.'))
        .filter(|part| part.len() > 3)
}

/// What a code of `all` means, whatever its case.
fn by_name(all: &[Explained], code: &str) -> Vec<Explained> {
    let begins = |entry: &ErrorCode| {
        let start = entry.code.strip_suffix('*');
        start.is_some_and(|start| {
            let head = code.get(..start.len());
            // A word of a sentence is no code.
            code.len() > start.len()
                && head.is_some_and(|head| head.eq_ignore_ascii_case(start))
                && code.contains('.')
        })
    };
    let named = all.iter().filter(|e| e.code.eq_ignore_ascii_case(code));
    let named: Vec<Explained> = named.cloned().collect();
    match named.is_empty() {
        false => named,
        true => {
            let family = all.iter().find(|e| e.entry.is_some_and(begins));
            family.cloned().into_iter().collect()
        }
    }
}

#[cfg(test)]
mod tests;
