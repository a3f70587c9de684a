//! The wire paths of a form's fields: `Name`, `Tag.1.Key`.

use tieline_catalog::path::{param_at, without_numbers};
use tieline_catalog::{Kind, Operation, Param, Raw};

/// Every field of the form with its wire path, in order; lists as long as they are in `raw`.
pub fn leaves(op: &'static Operation, raw: &Raw) -> Vec<(String, &'static Param)> {
    fn walk(
        param: &'static Param,
        path: String,
        raw: &Raw,
        out: &mut Vec<(String, &'static Param)>,
    ) {
        match param.kind {
            Kind::Object(members) => {
                for member in members {
                    walk(member, format!("{path}.{}", member.name), raw, out);
                }
            }
            Kind::List { item, .. } => {
                for number in 1..=items(raw, &path) {
                    walk(item, format!("{path}.{number}"), raw, out);
                }
            }
            _ => out.push((path, param)),
        }
    }
    let mut out = Vec::new();
    for param in op.params {
        walk(param, param.name.to_string(), raw, &mut out);
    }
    out
}

/// The number of items of the list at `path`.
pub fn items(raw: &Raw, path: &str) -> usize {
    match raw.at(path) {
        Some(Raw::List(items)) => items.len(),
        _ => 0,
    }
}

/// What follows an item's number in the paths of its members: `.Key` and `.Value`, or nothing.
pub fn item_members(op: &'static Operation, list: &str) -> Vec<String> {
    match param_at(op, list).map(|param| param.kind) {
        Some(Kind::List { item, .. }) => match item.kind {
            Kind::Object(members) => members.iter().map(|m| format!(".{}", m.name)).collect(),
            _ => vec![String::new()],
        },
        _ => Vec::new(),
    }
}

/// The first field of a form with this input that a server's path, item numbers or not, means.
pub fn field_of(op: &'static Operation, raw: &Raw, parameter: &str) -> Option<String> {
    let leaf = leaves(op, raw)
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| path == parameter || without_numbers(path) == parameter);
    leaf.or_else(|| param_at(op, parameter).map(|_| parameter.to_string()))
}

/// Whether a path lies inside of a list or an object.
pub fn is_in(path: &str, whole: &str) -> bool {
    path.strip_prefix(whole)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// The path of what is at `path` after the list's `item` (`Tag.2`) has gone; `None`: gone with it.
pub fn moved(path: &str, item: &str) -> Option<String> {
    if path == item || is_in(path, item) {
        return None;
    }
    let later = || {
        let (list, gone) = item.rsplit_once('.')?;
        let rest = path.strip_prefix(list)?.strip_prefix('.')?;
        let (number, rest) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
        let (number, gone) = (number.parse::<usize>().ok()?, gone.parse::<usize>().ok()?);
        (number > gone).then(|| format!("{list}.{}{rest}", number - 1))
    };
    Some(later().unwrap_or_else(|| path.to_string()))
}
