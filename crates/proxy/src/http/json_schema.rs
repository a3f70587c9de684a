//! JSON Schema from the catalog's tables.
//!
//! What a rule says is written as a keyword as far as JSON Schema can say it; the description
//! carries the rest in words. A schema never refuses what the check accepts: beyond ASCII, patterns
//! accept every character, because the classes of Unicode are not in every client's regular
//! expressions.

use serde_json::{json, Map, Value};
use tieline_catalog::model::{
    Chars, Check, Control, Example, Field, FieldKind, Kind, List, Param, Privacy, Severity,
};

use crate::upstream::credential;

/// Any character beyond ASCII, in a pattern.
const BEYOND_ASCII: &str = r"[^\u0000-\u007f]";

/// The schema of an object with these parameters as members.
pub fn object(params: &[Param]) -> Value {
    let mut schema = members_of(params, true);
    let required: Vec<&str> = params
        .iter()
        .filter(|p| needed(p))
        .map(|p| p.name)
        .collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The schema of the same object as far as its shape goes: names and types, but no rules. It
/// describes drafts.
pub fn shape(params: &[Param]) -> Value {
    members_of(params, false)
}

fn members_of(params: &[Param], rules: bool) -> Value {
    let properties: Map<String, Value> = params
        .iter()
        .map(|p| (p.name.to_string(), param(p, params, rules)))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

/// Whether a request without the parameter is refused: it is required, and an object among them has
/// a member that is. The account's id is filled in by the proxy.
fn needed(param: &Param) -> bool {
    param.required
        && param.control != Control::Account
        && match param.kind {
            Kind::Object(members) => members.iter().any(needed),
            _ => true,
        }
}

/// The schema of a parameter that stands beside others.
fn param(param: &Param, beside: &[Param], rules: bool) -> Value {
    let mut schema = match param.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Integer => json!({
            "type": "integer",
            "format": "int64",
            "minimum": i64::MIN,
            "maximum": i64::MAX,
        }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Object(members) if rules => object(members),
        Kind::Object(members) => shape(members),
        Kind::List { item, .. } => {
            let mut items = self::param(item, &[], rules);
            // Nothing on the wire would stand for an item without members.
            if matches!(item.kind, Kind::Object(members) if rules && !members.iter().any(needed)) {
                items["minProperties"] = json!(1);
            }
            json!({ "type": "array", "items": items })
        }
    };
    if rules {
        restrict(&mut schema, param);
    }
    if let Some(description) = describe(param, beside) {
        schema["description"] = json!(description);
    }
    if let Some(default) = param.default {
        schema["default"] = typed(&param.kind, default);
    }
    if let Example::Usable(example) = param.example {
        schema["examples"] = json!([typed(&param.kind, example)]);
    }
    if param.privacy != Privacy::Public {
        schema["writeOnly"] = json!(true);
    }
    schema
}

/// Adds what the parameter's kind and rules demand to its schema.
fn restrict(schema: &mut Value, param: &Param) {
    let filled_in = param.control == Control::Account;
    match param.kind {
        Kind::Text if param.must_be_filled() && !filled_in => schema["minLength"] = json!(1),
        Kind::List {
            max,
            severity: Severity::Error,
            ..
        } => schema["maxItems"] = json!(max),
        _ => {}
    }
    let mut patterns = Vec::new();
    let errors = param.rules.iter();
    for rule in errors.filter(|r| r.severity == Severity::Error) {
        constrain(schema, &rule.check, &mut patterns);
    }
    if filled_in {
        patterns
            .iter_mut()
            .for_each(|pattern| *pattern = format!("^$|{pattern}"));
    }
    match patterns.as_slice() {
        [] => {}
        [pattern] => schema["pattern"] = json!(pattern),
        several => {
            let all: Vec<Value> = several.iter().map(|p| json!({ "pattern": p })).collect();
            schema["allOf"] = json!(all);
        }
    }
}

/// Adds what a check demands to a schema.
fn constrain(schema: &mut Value, check: &Check, patterns: &mut Vec<String>) {
    match *check {
        Check::Length { min, max } => {
            let least = schema["minLength"].as_u64().unwrap_or(0);
            schema["minLength"] = json!(least.max(min as u64));
            schema["maxLength"] = json!(max);
        }
        Check::OneOf(choices) => {
            let integers = schema["type"] == "integer";
            let values = choices.iter().map(|c| match c.value.parse::<i64>() {
                Ok(number) if integers => json!(number),
                _ => json!(c.value),
            });
            schema["enum"] = values.collect();
        }
        Check::Range { min, max } => {
            schema["minimum"] = json!(min);
            schema["maximum"] = json!(max);
        }
        Check::FirstLetter => patterns.push(format!("^(?:[A-Za-z]|{BEYOND_ASCII}|$)")),
        Check::Chars(Chars::AllBut(others)) => {
            patterns.push(format!("^[^{}]*$", class(others)));
        }
        Check::Chars(Chars::WordsAnd(others)) => {
            let others = class(others);
            patterns.push(format!("^(?:[A-Za-z0-9{others}]|{BEYOND_ASCII})*$"));
        }
        Check::NotPrefix(prefixes) => patterns.push(format!("^(?!{})", any_of(prefixes))),
        Check::NotContains(parts) => {
            patterns.push(format!(r"^(?![\s\S]*({}))", any_of(parts)));
        }
        Check::Prefix(prefix) => patterns.push(format!("^{}", escaped(prefix))),
        Check::Ascii => patterns.push(r"^[\u0000-\u007f]*$".to_string()),
        Check::RegionLabel => {
            schema["maxLength"] = json!(63);
            patterns.push("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$".to_string());
        }
        Check::NoControl => patterns.push(r"^[^\u0000-\u001f\u007f-\u009f]*$".to_string()),
        Check::VisibleAsciiBut(others) => {
            patterns.push(format!("^(?:(?![{}])[!-~])*$", class(others)))
        }
        Check::HeaderValue => patterns.push("^[!-~]+$".to_string()),
        Check::PathSegment => {
            patterns.push(r"^(?!\.{1,2}$)[^\u0000-\u001f\u007f-\u009f]+$".to_string());
        }
        Check::Email => schema["format"] = json!("email"),
        Check::Ip => {
            schema["anyOf"] = json!([{ "format": "ipv4" }, { "format": "ipv6" }]);
        }
        Check::Ipv4 => schema["format"] = json!("ipv4"),
        Check::ResidentId => patterns.push("^[0-9]{15}([0-9]{2}[0-9Xx])?$".to_string()),
        Check::Cidr => patterns.push("^[0-9A-Fa-f:.]+/[0-9]{1,3}$".to_string()),
        // No keyword says these exactly; the description does.
        Check::FirstLatinOrHan
        | Check::NotPrefixAnyCase(_)
        | Check::NotContainsAnyCase(_)
        | Check::Floor
        | Check::EnterpriseProject
        | Check::AsnBut(_)
        | Check::Telephone
        | Check::NoHostBits
        | Check::PrivateCidr
        | Check::NotWithin(_)
        | Check::ResidentId18
        | Check::UniqueKeys(_) => {}
    }
}

/// A text as part of a pattern. ECMA-262's Unicode mode refuses needless escapes.
fn escaped(text: &str) -> String {
    escape(text, r"\^$.|?*+()[]{}/")
}

/// Characters as part of a character class.
fn class(chars: &str) -> String {
    escape(chars, r"\^[]-")
}

fn escape(text: &str, special: &str) -> String {
    let escaped = text.chars().flat_map(|c| {
        let mark = special.contains(c).then_some('\\');
        mark.into_iter().chain([c])
    });
    escaped.collect()
}

fn any_of(texts: &[&str]) -> String {
    let texts: Vec<String> = texts.iter().map(|t| escaped(t)).collect();
    texts.join("|")
}

fn describe(param: &Param, beside: &[Param]) -> Option<String> {
    let mut texts: Vec<String> = Vec::new();
    texts.extend((!param.help.en.is_empty()).then(|| param.help.en.to_string()));
    texts.extend(param.rules.iter().filter_map(|r| Some(r.hint()?.en)));
    if let Some((choices, _)) = param.choices() {
        let listed = choices.iter().filter(|c| c.label.en != c.value);
        let listed: Vec<String> = listed
            .map(|c| format!("`{}`: {}", c.value, c.label.en))
            .collect();
        texts.extend((!listed.is_empty()).then(|| listed.join("; ")));
    }
    if let Example::Masked(example) = param.example {
        texts.push(format!("Like `{example}`."));
    }
    if param.control == Control::Account {
        let unless = match credential(beside) {
            Some(_) => "; beside a token of your own it must be given",
            None => "",
        };
        texts.push(format!(
            "When it is left out or empty, the proxy fills in the account of the profile{unless}."
        ));
    }
    if param.privacy != Privacy::Public {
        texts.push("It is passed on to the cloud and neither stored nor logged.".to_string());
    }
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn typed(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Integer => text.parse::<i64>().map_or(json!(text), Value::from),
        Kind::Boolean => text.parse::<bool>().map_or(json!(text), Value::from),
        _ => json!(text),
    }
}

/// The schema of a success answer. Nothing in it is required: the proxy relays what comes.
pub fn answer(fields: &[Field], list: Option<&List>) -> Value {
    let mut schema = members(fields);
    if let Some(list) = list {
        let items = json!({ "type": "array", "items": members(list.fields) });
        insert(&mut schema, list.path, items);
    }
    schema
}

fn members(fields: &[Field]) -> Value {
    let mut schema = json!({ "type": "object", "properties": {} });
    for field in fields {
        let kind = match field.kind {
            FieldKind::Text => "string",
            FieldKind::Integer => "integer",
            FieldKind::Boolean => "boolean",
            FieldKind::List => "array",
        };
        let mut own = json!({ "type": kind, "description": field.help.get().en });
        if field.kind == FieldKind::Text && !field.example.get().is_empty() {
            own["examples"] = json!([field.example.get()]);
        }
        insert(&mut schema, field.path, own);
    }
    schema
}

fn insert(schema: &mut Value, path: &str, own: Value) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    if rest.is_empty() {
        schema["properties"][first] = own;
        return;
    }
    let inner = &mut schema["properties"][first];
    // The members of a list's items follow the list.
    let inner = match inner["type"] == "array" {
        true => &mut inner["items"],
        false => inner,
    };
    if !inner.is_object() {
        *inner = json!({ "type": "object", "properties": {} });
    }
    insert(inner, rest, own);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_catalog::operations::operations;

    #[test]
    fn a_token_of_ones_own_is_spoken_of_only_where_one_can_be_given() {
        let mut params = operations().flat_map(|op| op.params);
        let account = params.find(|param| param.control == Control::Account);
        let account = account.expect("an operation with an account");
        let mut params = operations().flat_map(|op| op.params);
        let token = params.find(|param| credential(&[**param]).is_some());
        let token = token.expect("an operation with a token");
        let text = |beside: &[Param]| {
            let schema = object(beside);
            let text = &schema["properties"][account.name]["description"];
            text.as_str().expect("a text").to_string()
        };
        let (alone, with) = (text(&[*account]), text(&[*account, *token]));
        assert!(alone.ends_with("the account of the profile."), "{alone}");
        assert!(with.ends_with("of your own it must be given."), "{with}");
    }
}
