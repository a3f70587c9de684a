//! The tags that were used before: what a form may offer, and never fills in by itself. Pure.

use serde_json::Value;
use tieline_catalog::model::Check;
use tieline_catalog::{Kind, Operation, Param, Privacy};
use tieline_records::Record;

/// The most keys, and the most values of one key, that are kept.
const MOST: usize = 50;

/// The list of an operation that holds its tags, and the parts of one.
#[derive(Clone, Copy)]
pub struct TagList {
    /// The list.
    pub list: &'static Param,
    /// The name of a tag's key.
    pub key: &'static str,
    /// The name of its value.
    pub value: &'static str,
}

/// The tags of an operation: what has a key that must not stand twice, and a value beside it. What is private is
/// none.
pub fn tag_list(op: &'static Operation) -> Option<TagList> {
    op.params.iter().find_map(|list| {
        let key = list.rules.iter().find_map(|rule| match rule.check {
            Check::UniqueKeys(key) => Some(key),
            _ => None,
        })?;
        let Kind::List { item, .. } = list.kind else {
            return None;
        };
        let Kind::Object([first, second]) = item.kind else {
            return None;
        };
        let all = [list, item, first, second];
        let public = all.iter().all(|param| param.privacy == Privacy::Public);
        let value = [first, second].into_iter().find(|part| part.name != key)?;
        public.then_some(TagList {
            list,
            key,
            value: value.name,
        })
    })
}

/// The keys that were used, those of the newest record first, and the values of each, likewise.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct UsedTags(Vec<(String, Vec<String>)>);

impl UsedTags {
    /// The tags of these records, the newest of which comes first.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> UsedTags {
        let mut used = UsedTags::default();
        for record in records {
            let Some(tags) = record.operation().and_then(tag_list) else {
                continue;
            };
            let items = record.params.get(tags.list.name).and_then(Value::as_array);
            for item in items.into_iter().flatten() {
                let part = |name| item.get(name).and_then(Value::as_str).unwrap_or_default();
                used.add(part(tags.key), part(tags.value));
            }
        }
        used
    }

    fn add(&mut self, key: &str, value: &str) {
        let at = self.0.iter().position(|(known, _)| known == key);
        let at = match at {
            None if key.is_empty() || self.0.len() >= MOST => return,
            None => {
                self.0.push((key.to_string(), Vec::new()));
                self.0.len() - 1
            }
            Some(at) => at,
        };
        let values = &mut self.0[at].1;
        let new = !value.is_empty() && !values.iter().any(|known| known == value);
        if new && values.len() < MOST {
            values.push(value.to_string());
        }
    }

    /// Those of which nothing is refused: `fits` says so of the key, and of each value beside it.
    pub fn fitting(self, fits: impl Fn(&str, &str) -> bool) -> UsedTags {
        let tags = self.0.into_iter().filter(|(key, _)| fits(key, ""));
        let tags = tags.map(|(key, mut values)| {
            values.retain(|value| fits(&key, value));
            (key, values)
        });
        UsedTags(tags.collect())
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }

    /// The values that a key had.
    pub fn values(&self, key: &str) -> &[String] {
        let known = self.0.iter().find(|(known, _)| known == key);
        known.map_or(&[], |(_, values)| values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tieline_catalog::creations;

    fn record(op: &'static Operation, params: Value) -> Record {
        Record {
            operation: op.name.to_string(),
            params,
            ..Record::blank()
        }
    }

    #[test]
    fn the_newest_tags_come_first_each_once_and_the_values_are_those_of_the_key() {
        let mut lists = 0;
        for op in creations() {
            let Some(TagList { list, key, value }) = tag_list(op) else {
                continue;
            };
            lists += 1;
            let tags = |tags: &[(&str, &str)]| {
                let items = tags.iter().map(|(k, v)| json!({ key: k, value: v }));
                record(op, json!({ list.name: items.collect::<Vec<_>>() }))
            };
            let records = [
                tags(&[("env", "prod"), ("team", "net"), ("empty", "")]),
                record(op, json!({})),
                tags(&[("env", "test"), ("env", "prod"), ("cost", "42")]),
                // What a later version or a file may bring.
                record(
                    op,
                    json!({ list.name: [7, { key: 1 }, { value: "lost" }, {}] }),
                ),
            ];
            let used = UsedTags::of(&records);
            let keys: Vec<&str> = used.keys().collect();
            assert_eq!(keys, ["env", "team", "empty", "cost"], "{}", op.name);
            assert_eq!(used.values("env"), ["prod", "test"]);
            assert_eq!(used.values("empty"), [""; 0]);
            assert_eq!(used.values("never used"), [""; 0]);
            let few = used.fitting(|key, value| key != "team" && value != "test");
            let keys: Vec<&str> = few.keys().collect();
            assert_eq!(keys, ["env", "empty", "cost"]);
            assert_eq!(few.values("env"), ["prod"]);
        }
        assert!(lists > 1, "{lists} operations have tags");
        assert_eq!(UsedTags::of(&[Record::blank()]), UsedTags::default());
    }

    #[test]
    fn nothing_else_of_a_record_is_offered_and_no_more_than_somebody_can_read() {
        for op in creations() {
            let Some(TagList { list, key, value }) = tag_list(op) else {
                continue;
            };
            let mut params = serde_json::Map::new();
            for param in op.params {
                params.insert(param.name.to_string(), json!("not a tag"));
            }
            let many = (0..2 * MOST).map(|n| json!({ key: format!("k{n}"), value: "v" }));
            let values = (0..2 * MOST).map(|n| json!({ key: "k0", value: format!("v{n}") }));
            let items: Vec<Value> = many.chain(values).collect();
            params.insert(list.name.to_string(), Value::Array(items));
            let used = UsedTags::of(&[record(op, Value::Object(params))]);
            assert_eq!(used.keys().count(), MOST);
            assert_eq!(used.values("k0").len(), MOST);
            let all = used
                .keys()
                .chain(used.values("k0").iter().map(String::as_str));
            assert!(all.into_iter().all(|text| text != "not a tag"));
        }
    }
}
