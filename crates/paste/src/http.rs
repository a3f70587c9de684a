//! Requests as they travel, and the addresses of forms.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::{ParamLocation, Protocol};
use tieline_catalog::wire::{match_path, parse_query};
use tieline_catalog::{creations, find};

use crate::reading::{Format, Found};
use crate::shell::{value as shell_value, EXPANDED};
use crate::tree::{Pairs, Tree};

/// A request, as far as it was told.
#[derive(Default)]
pub struct Request {
    /// `GET`, `POST`.
    pub method: String,
    /// The path, without the query.
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Request {
    /// Takes a header's line.
    pub fn header(&mut self, line: &str) {
        if let Some((name, value)) = line.split_once(':') {
            self.headers
                .push((name.trim().to_string(), value.trim().to_string()));
        }
    }

    /// Takes an address, or a path with its query.
    pub fn address(&mut self, address: &str) {
        let address = address.split('#').next().unwrap_or_default();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        // What a shell puts in before the path is the host's address.
        let expanded = path.strip_prefix(EXPANDED);
        let path = match expanded.and_then(|path| path.split_once(EXPANDED)) {
            Some((_, rest)) => rest,
            None => path,
        };
        let path = match path.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
            None => path,
        };
        self.path = path.to_string();
        self.add_query(query);
    }

    /// Takes more of a query.
    pub fn add_query(&mut self, query: &str) {
        self.query.extend(parse_query(query));
    }

    /// What is in it.
    pub fn found(self, format: Format) -> Found {
        let mut pairs: Pairs = Vec::new();
        let mut action = None;
        let header = |name: &str| {
            let found = self
                .headers
                .iter()
                .find(|(own, _)| own.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_str())
        };
        action = action.or(header("x-acs-action").map(str::to_string));
        let json = self.body.trim_start().starts_with(['{', '[']);
        let form = match json {
            true => Vec::new(),
            false => parse_query(&self.body),
        };
        for (name, value) in self.query.iter().chain(&form) {
            if name == "Action" {
                action = Some(value.clone());
            }
            pairs.push((name.clone(), shell_value(value)));
        }
        if json {
            pairs.extend(body(&self.body));
        }
        // Tieline's own API names the operation in its path, and so does a REST API by what it is.
        let own = self
            .path
            .split("/v1/")
            .nth(1)
            .and_then(|rest| rest.split('/').next());
        action = action.or(own.filter(|own| find(own).is_some()).map(str::to_string));
        for op in creations() {
            let Protocol::Rest { path, .. } = op.protocol else {
                continue;
            };
            let parts = match_path(path, &self.path);
            if parts.is_some() {
                action = action.or(Some(op.name.to_string()));
            }
            // What is left as `{domain_id}` was never filled in.
            let filled = |(_, value): &(&str, String)| !value.starts_with(['{', '$', ':']);
            let parts = parts.into_iter().flatten().filter(filled);
            pairs.extend(parts.map(|(name, value)| (name.to_string(), shell_value(&value))));
            let headers = op.params.iter();
            for param in headers.filter(|param| param.location == ParamLocation::Header) {
                if action.as_deref() == Some(op.name) {
                    let value = header(param.name);
                    pairs.extend(value.map(|value| (param.name.to_string(), shell_value(value))));
                }
            }
        }
        Found {
            action,
            groups: [pairs].into(),
            ..Found::of(format)
        }
    }
}

/// A body in JSON. What a shell would have put in stands for a text or for a part of one, so it is no value.
fn body(text: &str) -> Pairs {
    fn marked(tree: Tree) -> Tree {
        match tree {
            Tree::Text(text) if text.contains(EXPANDED) => {
                Tree::Variable(text.replace(EXPANDED, ""))
            }
            Tree::List(items) => Tree::List(items.into_iter().map(marked).collect()),
            Tree::Map(pairs) => {
                let pairs = pairs.into_iter();
                Tree::Map(pairs.map(|(name, tree)| (name, marked(tree))).collect())
            }
            other => other,
        }
    }
    match serde_json::from_str::<serde_json::Value>(&quoted(text)).map(Tree::from) {
        Ok(tree) => match marked(tree) {
            Tree::Map(pairs) => pairs,
            _ => Pairs::new(),
        },
        Err(_) => Pairs::new(),
    }
}

/// JSON in which what a shell would have put in for a number or the like is a text: `{"Bandwidth": $1}`.
fn quoted(json: &str) -> String {
    let (mut out, mut string, mut expansion) = (String::new(), false, false);
    let mut chars = json.chars();
    while let Some(c) = chars.next() {
        match c {
            EXPANDED if !string => {
                expansion = !expansion;
                out.extend(match expansion {
                    true => ['"', c],
                    false => [c, '"'],
                });
                continue;
            }
            '\\' if string => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            '"' => string = !string,
            _ => {}
        }
        out.push(c);
    }
    out
}

/// An address, a request line with what follows, or a query by itself.
pub fn request(text: &str) -> Option<Found> {
    let mut lines = text.lines();
    let first = lines.next()?.trim();
    let mut request = Request::default();
    let mut words = first.split_whitespace();
    let (word, second) = (words.next()?, words.next());
    let methods = ["GET", "POST", "PUT", "DELETE", "PATCH"];
    match (methods.contains(&word), second) {
        (true, Some(_)) => {
            request.method = word.to_string();
            request.address(address(first[word.len()..].trim_start()));
            // A query that goes on over the next lines, as it is shown beside a form.
            let mut body = false;
            let mut told = String::new();
            for line in lines {
                match line.trim() {
                    _ if body => told.extend([line, "\n"]),
                    "" => body = true,
                    line if line.starts_with(['?', '&']) => request.add_query(&line[1..]),
                    line if line.starts_with(['{', '[']) => {
                        body = true;
                        told.extend([line, "\n"]);
                    }
                    line => request.header(line),
                }
            }
            request.body = told.trim_end().to_string();
        }
        _ if is_address(word) => request.address(&joined(address(first), lines)),
        _ => {
            let query = joined(first, lines);
            is_query(&query).then(|| request.add_query(query.trim_start_matches('?')))?;
        }
    }
    Some(request.found(Format::Http))
}

/// The address at the beginning of a line. In its query people leave blanks; behind it may stand HTTP's version.
fn address(line: &str) -> &str {
    let line = match line.rsplit_once(char::is_whitespace) {
        Some((before, version)) if version.starts_with("HTTP/") => before.trim_end(),
        _ => line,
    };
    let path = line.split('?').next().unwrap_or_default();
    match path.find(char::is_whitespace) {
        Some(end) => &line[..end],
        None => line,
    }
}

/// A line with those over which its query was broken, and not with what was said behind it.
fn joined<'a>(first: &str, lines: impl Iterator<Item = &'a str>) -> String {
    let mut joined = first.to_string();
    for line in lines.map(str::trim) {
        let open = joined.ends_with(['?', '&']) && !line.is_empty();
        if !open && !line.starts_with(['?', '&']) {
            break;
        }
        joined.push_str(line);
    }
    joined
}

fn is_address(word: &str) -> bool {
    // As the documents write it: `http(s)://[Endpoint]/?Action=…`.
    ["https://", "http://", "http(s)://"]
        .iter()
        .any(|scheme| word.starts_with(scheme))
}

fn is_query(text: &str) -> bool {
    let one = |part: &str| {
        let name = part.split_once('=').map_or("", |(name, _)| name);
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        !name.is_empty() && name.chars().all(plain)
    };
    let several = text.contains('&');
    let known = text.starts_with('?') || text.contains("Action=");
    let whole = match text.contains(char::is_whitespace) {
        // In a program such a line has quotes.
        true => text.starts_with('?') || known && several && !text.contains('"'),
        false => known || several,
    };
    whole && text.trim_start_matches('?').split('&').all(one)
}

/// A link to a filled form of Tieline's, wherever the page is served.
pub fn form(text: &str) -> Option<Found> {
    let (_, rest) = text.split_once("#/create/")?;
    let (name, query) = rest.split_once('?').unwrap_or((rest, ""));
    let whole = !text.contains(char::is_whitespace) && !name.is_empty();
    whole.then(|| {
        let pairs = parse_query(query).into_iter();
        Found {
            action: Some(name.to_string()),
            groups: [pairs
                .map(|(name, value)| (name, Tree::Text(value)))
                .collect()]
            .into(),
            ..Found::of(Format::Form)
        }
    })
}
