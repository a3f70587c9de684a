//! Tags that were used before are offered where tags are typed, and never filled in by themselves.

use serde_json::json;
use tieline_catalog::model::Check;
use tieline_catalog::{creations, Kind, Operation, Raw};

use crate::damaged_history::unopened;
use crate::inputs::{created, distinguish, name_path, put, reveal, send, valid};
use crate::page::{journey, Named, Page, TestConfig};

/// An operation with tags, and the paths of its first tag's key and value.
struct Tagged {
    op: &'static Operation,
    key: String,
    value: String,
    label: &'static str,
}

fn tagged() -> Vec<Tagged> {
    let found = creations().filter_map(|op| {
        op.params.iter().find_map(|list| {
            let unique = list.rules.iter().find_map(|rule| match rule.check {
                Check::UniqueKeys(key) => Some(key),
                _ => None,
            })?;
            let Kind::List { item, .. } = list.kind else {
                return None;
            };
            let Kind::Object(members) = item.kind else {
                return None;
            };
            let other = members.iter().find(|member| member.name != unique)?;
            Some(Tagged {
                op,
                key: format!("{}.1.{unique}", list.name),
                value: format!("{}.1.{}", list.name, other.name),
                label: list.label.en,
            })
        })
    });
    let found: Vec<Tagged> = found.collect();
    assert!(found.len() > 1, "two kinds of tags");
    found
}

impl Tagged {
    /// Valid input with this tag.
    fn with(&self, nth: usize, key: &str, value: &str) -> Raw {
        let mut raw = valid(self.op);
        distinguish(self.op, &mut raw, nth);
        raw.set(&self.key, key);
        raw.set(&self.value, value);
        raw
    }

    /// An empty form with an empty tag.
    fn begin(&self, page: &Page) {
        page.open(&format!("#/create/{}", self.op.name));
        page.find("heading", Named::Has("Request"));
        page.click("button", "Clear");
        page.until("no tag", || {
            let there = "return document.getElementsByName(arguments[0]).length";
            Ok(page.browser().run(there, json!([self.key]))? == json!(0))
        });
        reveal(page, &self.key);
        page.click("button", &*format!("Add: {}", self.label));
        page.control(&self.key);
    }
}

/// The values that the browser offers in a field.
fn offered(page: &Page, path: &str) -> Vec<String> {
    let script = "const list = document.getElementsByName(arguments[0])[0]?.list;
        return Array.from(list?.options ?? [], option => option.value)";
    let texts = page.done(page.browser().run(script, json!([path])));
    serde_json::from_value(texts).expect("texts")
}

#[track_caller]
fn offers(page: &Page, path: &str, texts: &[&str]) {
    page.until(format!("{texts:?} to be offered in {path}"), || {
        Ok(offered(page, path) == texts)
    });
}

#[test]
fn tags_that_were_used_before_are_offered_and_never_filled_in() {
    journey("tags", TestConfig::default(), |page| {
        let tagged = tagged();
        let (first, second) = (&tagged[0], &tagged[1]);
        first.begin(page);
        assert_eq!(offered(page, &first.key), [""; 0], "nothing was used yet");
        for (nth, (key, value)) in [("env", "prod"), ("env", "test"), ("team", "net")]
            .into_iter()
            .enumerate()
        {
            send(page, first.op, &first.with(nth, key, value));
            created(page, first.op);
        }
        // What the cloud has refused was not used.
        let mut refused = first.with(3, "mistake", "mistaken");
        refused.set(&name_path(first.op), "tags-fault-forbidden");
        send(page, first.op, &refused);
        page.find("heading", "Rejected");

        // In every form with tags, also after a reload.
        for (form, reload) in [(first, false), (second, false), (first, true)] {
            println!("{} reload {reload}", form.op.name);
            if reload {
                page.reload();
            }
            form.begin(page);
            offers(page, &form.key, &["team", "env"]);
            assert_eq!(page.value(&form.key), "", "nobody has chosen it");
            assert_eq!(page.value(&form.value), "");
            assert_eq!(offered(page, &form.value), [""; 0], "no key, no values");
            put(page, form.op, &form.key, "env");
            offers(page, &form.value, &["test", "prod"]);
            assert_eq!(page.value(&form.value), "", "nobody has chosen it");
            put(page, form.op, &form.key, "never-used");
            offers(page, &form.value, &[]);
            // Another tag has the same keys.
            page.click("button", &*format!("Add: {}", form.label));
            offers(page, &form.key.replace(".1.", ".2."), &["team", "env"]);
            page.click("button", "Clear");
        }
    });
}

/// What nobody can read offers nothing, and nothing else depends on it.
#[test]
fn a_history_that_cannot_be_read_offers_no_tags_and_keeps_nobody_from_creating() {
    journey("tags-unread", TestConfig::default(), |page| {
        let tagged = tagged();
        let form = &tagged[0];
        send(page, form.op, &form.with(0, "env", "prod"));
        created(page, form.op);
        unopened(page);
        page.reload();
        form.begin(page);
        put(page, form.op, &form.key, "env");
        std::thread::sleep(std::time::Duration::from_secs(2));
        assert_eq!(offered(page, &form.key), [""; 0]);
        assert_eq!(offered(page, &form.value), [""; 0]);
        send(page, form.op, &form.with(1, "team", "net"));
        created(page, form.op);
        // What is made meanwhile is known, and what was before is, too, as soon as it can be read.
        form.begin(page);
        offers(page, &form.key, &["team"]);
        let heal = "localStorage.setItem('healed', 'yes')";
        page.done(page.browser().run(heal, json!([])));
        page.reload();
        form.begin(page);
        offers(page, &form.key, &["team", "env"]);
    });
}
