//! The tags that the user's own requests have used before, offered in the fields for tags. Nothing is filled in
//! that nobody chose. A history that cannot be read offers nothing, and nothing else depends on it.
//!
//! It is loaded lazily, see `chunks.rs`. The form's own part knows nothing of it: a field is told of its list
//! here, once it is there.

use std::collections::BTreeMap;
use std::rc::Rc;

use tieline_catalog::{check, Operation, Raw};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use crate::form::control::control_id;
use crate::form::field_paths::items;
use crate::history::{tag_list, use_history, TagList, UsedTags};
use crate::platform::mount::Mount;
use crate::submission::SharedForm;

/// The properties of [`TagOffers`].
#[derive(Properties, PartialEq)]
pub struct TagOffersProps {
    /// The form.
    pub form: SharedForm,
    /// What was created last: it has used tags, too.
    pub made: Option<Rc<str>>,
    /// Where the form is shown.
    pub mount: Mount,
}

/// The lists of what is offered.
#[component]
pub fn TagOffers(props: &TagOffersProps) -> Html {
    let form = &props.form.0;
    let tags = tag_list(form.op);
    let (history, _) = use_history(&props.mount);
    let used = use_state_eq(UsedTags::default);
    // Nobody is to wait for what nobody asks for.
    let wanted = tags.is_some_and(|tags| items(&form.raw, tags.list.name) > 0);
    {
        let (used, op) = (used.setter(), form.op);
        let moment = (wanted, history, props.made.clone());
        use_effect_with(moment, move |(wanted, history, _)| {
            if let (true, Some(tags)) = (*wanted, tags) {
                let history = history.clone();
                spawn_local(async move {
                    let all = history.used_tags().await;
                    used.set(all.fitting(|key, value| fits(op, tags, key, value)));
                });
            }
        });
    }
    let lists = tags.map(|tags| lists(tags, &form.raw, &used));
    let lists = lists.unwrap_or_default();
    {
        let mount = props.mount.clone();
        let fields = lists.fields;
        // A field can be another element than before, whatever is offered in it.
        use_effect(move || {
            if let Some(root) = mount.root().cast::<Element>() {
                tell(&root, &fields);
            }
        });
    }
    html! {
        { for lists.offered.into_iter().map(|(id, texts)| html! {
            <datalist key={id.clone()} {id}>
                { for texts.into_iter().map(|value| html! { <option {value} /> }) }
            </datalist>
        }) }
    }
}

/// What is offered, and where.
#[derive(PartialEq, Default, Debug)]
struct Lists {
    /// The lists by their ids.
    offered: Vec<(String, Vec<String>)>,
    /// The fields for tags by their wire paths, with the id of their list.
    fields: Vec<(String, Option<String>)>,
}

/// The lists for the tags in a form: one of keys for all, and one of values for each key that stands in the form
/// and was used.
fn lists(tags: TagList, raw: &Raw, used: &UsedTags) -> Lists {
    let id = |path: &str| format!("{}-used", control_id(path));
    let list = tags.list.name;
    let keys: Vec<String> = used.keys().map(str::to_string).collect();
    let mut offered = BTreeMap::new();
    let mut fields = Vec::new();
    for number in 1..=items(raw, list) {
        let [key, value] = [tags.key, tags.value].map(|part| format!("{list}.{number}.{part}"));
        let typed = raw.get(&key).unwrap_or_default();
        let values = used.values(typed).to_vec();
        for (path, name, texts) in [
            (key, list.to_string(), keys.clone()),
            (value.clone(), value, values),
        ] {
            let offer = (!texts.is_empty()).then(|| id(&name));
            if let Some(id) = &offer {
                offered.insert(id.clone(), texts);
            }
            fields.push((path, offer));
        }
    }
    Lists {
        offered: offered.into_iter().collect(),
        fields,
    }
}

/// Whether nothing is said against a key, or against a value beside it.
fn fits(op: &'static Operation, tags: TagList, key: &str, value: &str) -> bool {
    let path = |part: &str| format!("{}.1.{part}", tags.list.name);
    let mut raw = Raw::new();
    raw.set(&path(tags.key), key);
    raw.set(&path(tags.value), value);
    let asked = match value {
        "" => path(tags.key),
        _ => path(tags.value),
    };
    let report = check(op, &raw);
    let mut said = report.violations.iter();
    !said.any(|violation| violation.parameter == asked)
}

/// Tells the fields of their lists.
fn tell(root: &Element, fields: &[(String, Option<String>)]) {
    for (path, list) in fields {
        let field = root.query_selector(&format!("[name=\"{path}\"]"));
        let Ok(Some(field)) = field else {
            continue;
        };
        let _ = match list {
            Some(list) => field.set_attribute("list", list),
            None => field.remove_attribute("list"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tieline_catalog::creations;
    use tieline_records::Record;

    fn used(op: &Operation, tags: TagList, pairs: &[(&str, &str)]) -> UsedTags {
        let items = pairs
            .iter()
            .map(|(key, value)| json!({ tags.key: key, tags.value: value }));
        UsedTags::of(&[Record {
            operation: op.name.to_string(),
            params: json!({ tags.list.name: items.collect::<Vec<_>>() }),
            ..Record::blank()
        }])
    }

    #[test]
    fn every_item_is_offered_the_keys_and_the_values_of_its_own_key() {
        for op in creations() {
            let Some(tags) = tag_list(op) else {
                continue;
            };
            let used = used(op, tags, &[("env", "prod"), ("env", "test"), ("team", "")]);
            let name = tags.list.name;
            let path = |number: usize, part: &str| format!("{name}.{number}.{part}");
            let mut raw = Raw::new();
            assert_eq!(lists(tags, &raw, &used), Lists::default());
            for (number, key) in ["env", "team", ""].into_iter().enumerate() {
                raw.set(&path(number + 1, tags.key), key);
                raw.set(&path(number + 1, tags.value), "");
            }
            let lists = lists(tags, &raw, &used);
            let texts = |number: usize, part: &str| {
                let path = path(number, part);
                let field = lists.fields.iter().find(|(own, _)| *own == path);
                let (_, id) = field.expect("a field");
                let id = id.as_ref()?;
                let list = lists.offered.iter().find(|(own, _)| own == id);
                Some(list.expect("its list").1.join(" "))
            };
            for number in 1..=3 {
                assert_eq!(texts(number, tags.key).as_deref(), Some("env team"));
            }
            assert_eq!(texts(1, tags.value).as_deref(), Some("prod test"));
            assert_eq!(texts(2, tags.value), None, "no value but none was used");
            assert_eq!(texts(3, tags.value), None);
            assert_eq!(lists.offered.len(), 2);
            // Nothing was ever used: no field has a list.
            let none = super::lists(tags, &raw, &UsedTags::default());
            assert!(none.offered.is_empty() && none.fields.iter().all(|(_, id)| id.is_none()));
        }
    }

    #[test]
    fn what_a_field_would_refuse_or_warn_about_is_not_offered_in_it() {
        let mut refused = 0;
        for op in creations() {
            let Some(tags) = tag_list(op) else {
                continue;
            };
            let long = "x".repeat(500);
            let all = used(
                op,
                tags,
                &[
                    ("env", "prod"),
                    (&long, "prod"),
                    ("acs:own", "prod"),
                    ("env", &long),
                ],
            );
            let count = all.keys().count();
            let fitting = all.fitting(|key, value| fits(op, tags, key, value));
            assert_eq!(fitting.values("env"), ["prod"], "{}", op.name);
            let keys: Vec<&str> = fitting.keys().collect();
            assert_eq!(keys, ["env"], "{}", op.name);
            refused += count - keys.len();
        }
        assert!(refused > 0);
    }
}
