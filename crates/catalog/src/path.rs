//! Wire paths: names joined by dots, a list's items numbered from 1, like `Tag.2.Key`.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::model::{Kind, Operation, Param};

/// The parameter of that name among siblings.
pub fn find_param(params: &'static [Param], name: &str) -> Option<&'static Param> {
    params.iter().find(|p| p.name == name)
}

/// The parameter at a wire path. Item numbers can be left out (`Tag.Key`), as error codes do; an
/// item by itself (`Tag.2`) is its list.
pub fn param_at(op: &Operation, path: &str) -> Option<&'static Param> {
    let mut names = path.split('.').filter(|s| !is_number(s));
    let first = find_param(op.params, names.next()?)?;
    names.try_fold(first, |at, name| {
        let item = match at.kind {
            Kind::List { item, .. } => item,
            _ => at,
        };
        match item.kind {
            Kind::Object(members) => find_param(members, name),
            _ => None,
        }
    })
}

/// Whether input can stand at a path: it leads to a parameter, and a number stands where a list's
/// item has to be chosen, and nowhere else.
pub fn is_input_path(op: &Operation, path: &str) -> bool {
    let mut segments = path.split('.');
    let first = segments.next().and_then(|s| find_param(op.params, s));
    let end = segments.try_fold(first, |at, segment| match at?.kind {
        Kind::Object(members) => Some(find_param(members, segment)),
        Kind::List { item, .. } => is_number(segment).then_some(Some(item)),
        _ => None,
    });
    end.flatten().is_some()
}

/// Joins a wire path and a name.
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// A wire path without its item numbers: `Tag.2.Key` → `Tag.Key`.
pub fn without_numbers(path: &str) -> String {
    let kept: Vec<&str> = path.split('.').filter(|s| !is_number(s)).collect();
    kept.join(".")
}

fn is_number(segment: &str) -> bool {
    segment.parse::<usize>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::operations;

    #[test]
    fn without_numbers_drops_item_numbers_only() {
        assert_eq!(without_numbers("Tag.12.Key"), "Tag.Key");
        assert_eq!(
            without_numbers("cloud_connection.name"),
            "cloud_connection.name"
        );
    }

    #[test]
    fn a_parameter_is_found_with_and_without_item_numbers_and_takes_input_only_with() {
        let mut seen = 0;
        for op in operations() {
            for list in op.params {
                let Kind::List { item, .. } = list.kind else {
                    continue;
                };
                let name = |path: &str| param_at(op, path).map(|p| p.name);
                let of_item = join(list.name, "2");
                assert_eq!(name(&of_item), Some(list.name));
                assert!(is_input_path(op, &of_item) && is_input_path(op, list.name));
                assert!(!is_input_path(op, &join(list.name, "x")));
                let Kind::Object(members) = item.kind else {
                    continue;
                };
                for member in members {
                    let numbered = join(&of_item, member.name);
                    let bare = join(list.name, member.name);
                    assert_eq!(name(&numbered), Some(member.name));
                    assert_eq!(name(&bare), Some(member.name));
                    assert!(is_input_path(op, &numbered) && !is_input_path(op, &bare));
                    seen += 1;
                }
            }
            for unknown in ["", ".", "1", "no-such-name", "no.such.name"] {
                assert!(param_at(op, unknown).is_none(), "{unknown}");
                assert!(!is_input_path(op, unknown), "{unknown}");
            }
        }
        assert!(seen > 0);
    }
}
