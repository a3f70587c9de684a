//! Text from elsewhere as input of a form: a vendor's request URL, curl, JSON, XML, a Terraform block, a line of
//! the vendors' command lines, a program with their SDKs.
//!
//! [`read`] recognises by itself what it is given, and says what it understood and what not. It takes any text
//! and fails on none; nothing of it is run, expanded or asked for. It is the inverse of
//! `tieline_code::generate`, which its tests hold it to.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod command;
mod escape;
mod http;
mod place;
mod program;
mod reading;
mod shell;
mod tree;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::{Control, Protocol, Terraform};
use tieline_catalog::operations::entries;
use tieline_catalog::wire::match_path;
use tieline_catalog::{answer, creations, Operation, Raw};

use place::{folded, Placed};
use reading::Found;
pub use reading::{Format, Left, Reading, Why};

use program::{blocks, program, Block, Language};
use tree::{Pairs, Tree};

/// Longer texts are not read.
pub const LONGEST: usize = 200_000;

/// Reads a text as input of an operation, or of the one that the text itself names.
pub fn read(operation: &'static Operation, text: &str) -> Reading {
    let text = text.trim().trim_start_matches('\u{feff}');
    match text.len() > LONGEST {
        true => reading(Found::of(Format::Unknown), operation),
        false => reading(found(operation, text), operation),
    }
}

/// Holds what was found against the tables.
fn reading(found: Found, operation: &'static Operation) -> Reading {
    let mut named = None;
    let mut stranger = None;
    if let Some(action) = found.action {
        named = creations().find(|op| op.name == action);
        stranger = named.is_none().then(|| action.chars().take(100).collect());
    }
    let operation = named.unwrap_or(operation);
    let mut reading = Reading {
        format: found.format,
        operation,
        raw: Raw::new(),
        left: Vec::new(),
        stranger,
    };
    if reading.stranger.is_some() {
        return reading;
    }
    let mut placed = best(operation, found.groups);
    if placed.count == 0 {
        let mut loose = Placed::default();
        loose.add(operation, found.loose);
        if loose.count > 0 {
            placed = loose;
        }
    }
    reading.raw = placed.raw;
    reading.left = placed.left;
    reading
}

/// All groups in one input, those first that fit best. Only of these it is told what was not understood: the
/// others are settings of a client, and the like.
fn best(operation: &'static Operation, groups: Vec<Pairs>) -> Placed {
    let single = groups.len() == 1;
    let scored = groups.into_iter().map(|pairs| {
        let mut alone = Placed::default();
        alone.add(operation, pairs.clone());
        (alone.count, pairs)
    });
    let mut scored: Vec<(usize, Pairs)> = scored.collect();
    scored.sort_by_key(|(count, _)| core::cmp::Reverse(*count));
    let most = scored.first().map_or(0, |(count, _)| *count);
    let mut all = Placed::default();
    for (count, pairs) in scored {
        let told = all.left.len();
        if count > 0 || single {
            all.add(operation, pairs);
        }
        if count < most {
            all.left.truncate(told);
        }
    }
    all
}

fn found(operation: &'static Operation, text: &str) -> Found {
    if let Some(found) = http::form(text) {
        return found;
    }
    if text.starts_with('<') {
        return xml(text);
    }
    if let Some(found) = command::command(text) {
        return found;
    }
    if let Some(found) = http::request(text) {
        return found;
    }
    if text.starts_with(['{', '[']) {
        if let Ok(json) = serde_json::from_str::<serde_json::Value>(text) {
            return json_body(json);
        }
    }
    if text.contains("resource \"") {
        return terraform(operation, text);
    }
    let go = text.contains("package ") || text.contains(":=");
    let language = if go { Language::Go } else { Language::Other };
    let program = program(text, language);
    Found {
        action: named_in(&program.words),
        groups: program.groups,
        loose: program.loose,
        ..Found::of(Format::Program)
    }
}

/// The creation that a program names, or whose request it makes.
fn named_in(words: &[String]) -> Option<String> {
    let names = |op: &&'static Operation| {
        let (own, request) = (folded(op.name), folded(op.name) + "request");
        let address = |word: &str| match op.protocol {
            Protocol::Rest { path, .. } => match_path(path, word).is_some(),
            Protocol::Rpc => false,
        };
        let is = |word: &String| [&own, &request].contains(&&folded(word)) || address(word);
        words.iter().any(is)
    };
    creations().find(names).map(|op| op.name.to_string())
}

fn xml(text: &str) -> Found {
    let root = text.trim_start_matches(|c| c != '<');
    // What stands before the root begins with one of these.
    let root = root
        .split('<')
        .find(|part| !part.is_empty() && !part.starts_with(['?', '!']))
        .unwrap_or_default();
    let end = root
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(root.len());
    let groups = match answer::xml(text).map(Tree::from) {
        Some(Tree::Map(pairs)) => [pairs].into(),
        _ => Vec::new(),
    };
    Found {
        action: named_in(&[root[..end].to_string()]),
        groups,
        ..Found::of(Format::Xml)
    }
}

/// A body, or what Tieline's own API takes or a form's file holds.
fn json_body(json: serde_json::Value) -> Found {
    let text = |name: &str| json.get(name).and_then(|value| value.as_str());
    let action = text("operation").or(text("Action")).map(str::to_string);
    let form = json.get("values").filter(|_| text("operation").is_some());
    let format = match form {
        Some(_) => Format::Form,
        None => Format::Json,
    };
    let groups = match Tree::from(form.cloned().unwrap_or(json)) {
        Tree::Map(pairs) => [pairs].into(),
        _ => Vec::new(),
    };
    Found {
        action,
        groups,
        ..Found::of(format)
    }
}

/// The resource that an operation creates; among several the one that was asked for.
fn terraform(operation: &'static Operation, text: &str) -> Found {
    let blocks = blocks(text);
    let resources = || blocks.iter().filter(|block| block.kind == "resource");
    let known = |block: &Block| {
        let mut entries = entries().iter();
        entries.find_map(|entry| {
            let terraform = entry.tools.terraform.as_ref()?;
            (terraform.resource == block.name).then_some((&entry.create, terraform))
        })
    };
    let all = resources().filter_map(|block| Some((block, known(block)?)));
    let all: Vec<(&Block, (&Operation, &Terraform))> = all.collect();
    let wanted = all.iter().find(|(_, (op, _))| op.name == operation.name);
    let Some((block, (op, terraform))) = wanted.or(all.first()) else {
        return Found {
            action: resources().next().map(|block| block.name.clone()),
            ..Found::of(Format::Terraform)
        };
    };
    let path = |name: &String| {
        let found = terraform.arguments.iter().find(|(_, own)| own == name);
        found.map_or_else(|| name.clone(), |(path, _)| path.to_string())
    };
    let mut pairs: Pairs = block
        .pairs
        .iter()
        .map(|(name, tree)| (path(name), tree.clone()))
        .collect();
    let providers = blocks.iter().filter(|block| block.kind == "provider");
    for (name, tree) in providers.flat_map(|block| &block.pairs) {
        let control = match &**name {
            "region" => Control::Region,
            "domain_id" => Control::Account,
            _ => continue,
        };
        pairs.extend(
            op.param_with(control)
                .map(|own| (own.to_string(), tree.clone())),
        );
    }
    Found {
        action: Some(op.name.to_string()),
        groups: [pairs].into(),
        ..Found::of(Format::Terraform)
    }
}
