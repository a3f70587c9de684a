//! Input for any operation out of its tables.

use tieline_catalog::model::{Check, Control, Operation, Param, Privacy};
use tieline_catalog::{check, Kind, Raw};

/// The word in a proxy's address where nothing real is meant: a documentation address.
const ADDRESS: &str = "203.0.113.17";
/// A number with a right checksum that belongs to nobody (its region code is not in use).
pub const IDENTITY: &str = "999999199001010016";

/// Every leaf of a form with its wire path; lists count as having one item.
pub fn leaves(op: &'static Operation) -> Vec<(String, &'static Param)> {
    fn walk(param: &'static Param, path: String, out: &mut Vec<(String, &'static Param)>) {
        match param.kind {
            Kind::Object(members) => {
                for member in members {
                    walk(member, format!("{path}.{}", member.name), out);
                }
            }
            Kind::List { item, .. } => walk(item, format!("{path}.1"), out),
            _ => out.push((path, param)),
        }
    }
    let mut out = Vec::new();
    for param in op.params {
        walk(param, param.name.to_string(), &mut out);
    }
    out
}

/// Valid input: the document's examples, and for what is required beyond them a value that the
/// rules allow.
pub fn valid(op: &'static Operation) -> Raw {
    let mut raw = Raw::example(op);
    // Each form makes a token of its own.
    if let Some(token) = op.token {
        raw.remove(token);
    }
    if raw.get(&name_path(op)).is_none() {
        raw.set(&name_path(op), "tieline-e2e");
    }
    for (path, param) in leaves(op) {
        if param.required && raw.get(&path).is_none() && !path.contains(".1") {
            raw.set(&path, &allowed(param));
        }
    }
    let errors: Vec<_> = check(op, &raw).errors().cloned().collect();
    assert!(
        errors.is_empty(),
        "the tests make no valid input for {}: {errors:?}",
        op.name
    );
    raw
}

/// A value that a parameter's rules allow.
pub fn allowed(param: &Param) -> String {
    if let Some((choices, _)) = param.choices() {
        return choices[0].value.to_string();
    }
    for rule in param.rules {
        match rule.check {
            Check::Ip | Check::Ipv4 => return ADDRESS.into(),
            Check::Cidr => return "192.168.0.0/24".into(),
            Check::Range { min, .. } => return min.to_string(),
            Check::Email => return "nobody@example.org".into(),
            Check::Telephone => return "+861055501234".into(),
            Check::ResidentId => return IDENTITY.into(),
            _ => {}
        }
    }
    match param.control {
        _ if matches!(param.kind, Kind::Boolean) => "false".into(),
        // The one user token that the sandbox accepts.
        _ if param.privacy == Privacy::Secret => "sandbox-token".into(),
        Control::Account => "0123456789abcdef0123456789abcdef".into(),
        _ => "tieline-e2e-value".into(),
    }
}

/// The wire path of the field that the sandbox reads a fault's sentinel from.
pub fn name_path(op: &'static Operation) -> String {
    let is_name = |path: &str| {
        let last = path.rsplit('.').next().unwrap_or(path);
        last.eq_ignore_ascii_case("name")
    };
    let found = leaves(op).into_iter().find(|(path, _)| is_name(path));
    found.expect("every creation takes a name").0
}

/// The least input that the rules allow, of this name, with a description where there is one.
pub fn minimal(op: &'static Operation, name: &str, description: &str) -> Raw {
    let mut raw = Raw::new();
    for (path, param) in leaves(op) {
        if param.required && !path.contains(".1") {
            raw.set(&path, &allowed(param));
        }
        if path.to_ascii_lowercase().ends_with("description") && !path.contains(".1") {
            raw.set(&path, description);
        }
    }
    raw.set(&name_path(op), name);
    let errors: Vec<_> = check(op, &raw).errors().cloned().collect();
    assert!(errors.is_empty(), "{}: {errors:?}", op.name);
    raw
}
