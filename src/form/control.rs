//! The control of a parameter. It follows from the tables alone.

use std::ops::Deref;

use tieline_catalog::path::param_at;
use tieline_catalog::{Control, Kind, Lang, Operation, Param, Privacy};

/// At most this many values stand open as a radio group; more go into a select.
const OPEN_CHOICES: usize = 5;

/// A table of the catalog as a component property: the same table is equal, without comparing it.
pub struct Table<T: 'static>(pub &'static T);

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Table<T> {}

impl<T> PartialEq for Table<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl<T> Deref for Table<T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.0
    }
}

/// A kind of control.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ControlKind {
    /// One line of text.
    Line,
    /// Several lines.
    Area,
    /// One line with a number keyboard. It takes any text, so that nothing typed is lost.
    Number,
    /// One line that hides what it holds.
    Masked,
    /// A switch between true and false.
    Switch,
    /// A radio group.
    Radio,
    /// A drop-down list.
    Select,
    /// One line with suggestions.
    Suggest,
    /// A generated token.
    Token,
}

/// The control of a parameter that is no list and no object.
pub fn control_kind(param: &Param) -> ControlKind {
    let choices = param.choices();
    match (param.kind, param.control, choices) {
        _ if param.privacy != Privacy::Public => ControlKind::Masked,
        (Kind::Boolean, ..) => ControlKind::Switch,
        (_, Control::Token, _) => ControlKind::Token,
        (_, Control::Region, _) | (_, _, Some((_, true))) => ControlKind::Suggest,
        (_, _, Some((values, false))) if values.len() <= OPEN_CHOICES => ControlKind::Radio,
        (_, _, Some(_)) => ControlKind::Select,
        (Kind::Integer, ..) => ControlKind::Number,
        (_, Control::Area, _) => ControlKind::Area,
        _ => ControlKind::Line,
    }
}

/// The id of the control at a wire path.
pub fn control_id(path: &str) -> String {
    format!("f-{path}")
}

/// The name of the parameter at a wire path for people: "Tags 2 · Key".
pub fn label_at(op: &'static Operation, path: &str, lang: Lang) -> String {
    let mut label = String::new();
    let mut end = 0;
    for segment in path.split('.') {
        end += segment.len() + usize::from(end > 0);
        if segment.parse::<usize>().is_ok() {
            label = format!("{label} {segment}");
            continue;
        }
        let part = param_at(op, &path[..end]).map_or(segment, |p| p.label.get(lang));
        // An object is a wrapper on the wire, not something that a person fills in.
        let wraps = param_at(op, &path[..end]).is_some_and(|p| matches!(p.kind, Kind::Object(_)));
        match (wraps && end < path.len(), label.is_empty()) {
            (true, _) => {}
            (false, true) => label = part.to_string(),
            (false, false) => label = format!("{label} · {part}"),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::field_paths::leaves;
    use tieline_catalog::Raw;

    #[test]
    fn personal_data_is_masked_and_value_lists_are_never_free_text() {
        for op in tieline_catalog::creations() {
            for (path, param) in leaves(op, &Raw::new()) {
                let control_kind = control_kind(param);
                assert_eq!(
                    control_kind == ControlKind::Masked,
                    param.privacy != Privacy::Public,
                    "{path}"
                );
                if let Some((_, false)) = param.choices() {
                    assert!(
                        matches!(control_kind, ControlKind::Radio | ControlKind::Select),
                        "{path}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_item_is_called_by_its_list_and_number() {
        let op = tieline_catalog::find("CreateCen").expect("in the catalog");
        let list = param_at(op, "Tag").expect("a list").label.get(Lang::En);
        let key = param_at(op, "Tag.Key")
            .expect("a member")
            .label
            .get(Lang::En);
        assert_eq!(
            label_at(op, "Tag.2.Key", Lang::En),
            format!("{list} 2 · {key}")
        );
    }

    #[test]
    fn a_wrapping_object_is_left_out_of_labels() {
        for op in tieline_catalog::creations() {
            for (path, param) in leaves(op, &Raw::new()) {
                assert_eq!(label_at(op, &path, Lang::En), param.label.get(Lang::En));
            }
        }
    }
}
