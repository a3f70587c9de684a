//! Text from elsewhere as input of a form: a vendor's request URL, curl, JSON, XML, a Terraform block, a line of
//! the vendors' command lines, a program with their SDKs, or a form that Tieline handed over as a link or a file.
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

use program::{blocks, program, Block, Group, Language};
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
        match loose.count > 0 {
            true => placed = loose,
            // Any text has words that are no parameters; these are, and nobody could read their values.
            false => {
                let mut variables = loose.left;
                variables.retain(|left| left.why == Why::Variable);
                if !variables.is_empty() {
                    placed.left.retain(|left| left.why == Why::Variable);
                    placed.left.extend(variables);
                }
            }
        }
    }
    reading.raw = placed.raw;
    reading.left = placed.left;
    reading
}

/// All groups in one input, those first that fit best. Only of these it is told what was not understood: the
/// others are settings of a client, and the like.
fn best(operation: &'static Operation, groups: Vec<Pairs>) -> Placed {
    let mut all = Placed::default();
    if groups.len() == 1 {
        groups
            .into_iter()
            .for_each(|pairs| all.add(operation, pairs));
        return all;
    }
    let scored = groups.into_iter().map(|pairs| {
        let mut alone = Placed::default();
        alone.add(operation, pairs.clone());
        let variables = alone.left.iter().filter(|left| left.why == Why::Variable);
        (alone.count + variables.count(), pairs)
    });
    let mut scored: Vec<(usize, Pairs)> = scored.collect();
    scored.sort_by_key(|(count, _)| core::cmp::Reverse(*count));
    let most = scored.first().map_or(0, |(count, _)| *count);
    for (count, pairs) in scored {
        let told = all.left.len();
        if count > 0 {
            all.add(operation, pairs);
        }
        if count < most {
            // A parameter without its value is missed wherever it stands.
            let lesser = all.left.split_off(told);
            let variables = lesser.into_iter().filter(|left| left.why == Why::Variable);
            all.left.extend(variables);
        }
    }
    all
}

fn found(operation: &'static Operation, text: &str) -> Found {
    if let Some(found) = http::form(text) {
        return found;
    }
    if text.starts_with('<') {
        return xml(operation, text);
    }
    if let Some(found) = command::command(operation, text) {
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
    let named = named_in(operation, &program.words);
    let own = |group: &Group| named.is_none_or(|op| !is_of_another(op, &group.names));
    let groups = program.groups.into_iter().filter(own);
    let mut groups: Vec<Pairs> = groups.map(|group| group.pairs).collect();
    // What a request's members are set to, one by one, is as good as what it was made with.
    let members = |group: &Group| named.is_some_and(|op| is_of(op, &group.names));
    let loose = program.loose.into_iter().filter(own);
    let (members, loose): (Vec<Group>, Vec<Group>) = loose.partition(members);
    if !members.is_empty() {
        let members = members.into_iter();
        groups.push(members.flat_map(|group| group.pairs).collect());
    }
    Found {
        action: named.map(|op| op.name.to_string()),
        groups,
        loose: loose.into_iter().flat_map(|group| group.pairs).collect(),
        ..Found::of(Format::Program)
    }
}

/// The creation that a program names, or whose request it makes: the one that was asked for, or else the first.
fn named_in(operation: &'static Operation, words: &[String]) -> Option<&'static Operation> {
    let named = |op: &'static Operation| {
        let (own, request) = (folded(op.name), folded(op.name) + "request");
        let address = |word: &str| match op.protocol {
            Protocol::Rest { path, .. } => match_path(path, word).is_some(),
            Protocol::Rpc => false,
        };
        let is = |word: &String| [&own, &request].contains(&&folded(word)) || address(word);
        Some((words.iter().position(is)?, op))
    };
    let found = |op| named(op).map(|(_, op)| op);
    found(operation).or_else(|| {
        let all = creations().filter_map(named);
        all.min_by_key(|(place, _)| *place).map(|(_, op)| op)
    })
}

/// Whether the names around values say that they are for this operation.
fn is_of(operation: &Operation, names: &[String]) -> bool {
    let own = folded(operation.name);
    let is = |name: &String| name.strip_suffix("request").unwrap_or(name) == own;
    names.iter().any(is)
}

/// Whether they say that they are for another. It may be none of Tieline's.
fn is_of_another(operation: &Operation, names: &[String]) -> bool {
    let request = |name: &String| {
        let unnamed = name == "createrequest";
        name.starts_with("create") && name.ends_with("request") && !unnamed
    };
    let other = names.iter().any(request) || creations().any(|op| is_of(op, names));
    other && !is_of(operation, names)
}

fn xml(operation: &'static Operation, text: &str) -> Found {
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
    let named = named_in(operation, &[root[..end].to_string()]);
    Found {
        action: named.map(|op| op.name.to_string()),
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
    let arguments = block.pairs.iter().filter(|(name, _)| name != "provider");
    let mut pairs: Pairs = arguments
        .map(|(name, tree)| (path(name), tree.clone()))
        .collect();
    let settings = [("region", Control::Region), ("domain_id", Control::Account)];
    for (name, control) in settings {
        if let (Some(own), Some(tree)) = (op.param_with(control), setting(&blocks, block, name)) {
            pairs.push((own.to_string(), tree));
        }
    }
    Found {
        action: Some(op.name.to_string()),
        groups: [pairs].into(),
        ..Found::of(Format::Terraform)
    }
}

/// What the provider of a resource has set, which is the one that it names, or else the one after which its type is
/// called. Where that one is not there, or several are, nobody knows.
fn setting(blocks: &[Block], resource: &Block, name: &str) -> Option<Tree> {
    let text = |block: &Block, name: &str| {
        let found = block.argument(name)?;
        match found {
            Tree::Text(text) | Tree::Variable(text) => Some(text.clone()),
            _ => None,
        }
    };
    let given = text(resource, "provider");
    let kind = resource.name.split('_').next().unwrap_or_default();
    let wanted = given.as_deref().unwrap_or(kind);
    let (provider, alias) = match wanted.split_once('.') {
        Some((provider, alias)) => (provider, Some(alias.to_string())),
        None => (wanted, None),
    };
    let named = |block: &&Block| block.kind == "provider" && block.name == provider;
    let mut named = blocks.iter().filter(named).peekable();
    if named.peek().is_none() && given.is_none() {
        return None;
    }
    let mut meant = named.filter(|block| text(block, "alias") == alias);
    match (meant.next(), meant.next()) {
        (Some(only), None) => only.argument(name).cloned(),
        _ => Some(Tree::Variable(wanted.to_string())),
    }
}
