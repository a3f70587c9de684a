use super::*;
use crate::event::By;
use crate::export::{head, part, CHAINS, TAIL};
use crate::receipt::{Entry, Head};
use proptest::prelude::*;
use serde_json::{json, Value};
use tieline_catalog::answer::{Answer, Created, Found, Item};
use tieline_catalog::{check, find, Raw};

mod loose;

/// A history as the page keeps it: each event with its receipt.
struct History {
    records: Vec<Record>,
    head: Head,
    receipts: Vec<Receipt>,
}

impl History {
    fn new(chain: &str) -> History {
        History {
            records: Vec::new(),
            head: Head::genesis(chain, 500),
            receipts: Vec::new(),
        }
    }

    fn note(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            let time = 9_000 + self.head.count;
            self.receipts.push(self.head.append(entry, time));
        }
    }

    fn create(&mut self, key: &str, id: &str) {
        let op = find("CreateCen").unwrap();
        let mut raw = Raw::new();
        raw.set("Name", key);
        let parsed = check(op, &raw).parsed;
        let mut record = Record::intent(&parsed, key, "/api".into(), None, false, 1_000);
        self.note(Entry::between(None, &record));
        let before = record.clone();
        let answer = Answer::Created(Created {
            id: id.into(),
            status: Some("Creating".into()),
            request_id: None,
            fields: Vec::new(),
        });
        record.settle(&answer, By::Cloud, false, None, 2_000);
        self.note(Entry::between(Some(&before), &record));
        let before = record.clone();
        let item = Item {
            id: id.into(),
            status: Some("Active".into()),
            fields: Vec::new(),
        };
        record.observe(&Found::Items(Vec::from([item])), 3_000);
        self.note(Entry::between(Some(&before), &record));
        self.records.push(record);
    }

    fn chain(&self) -> Chain {
        Chain {
            chain: self.head.chain.clone(),
            since: self.head.since,
            head: self.head.hash.clone(),
            receipts: self.receipts.clone(),
        }
    }

    fn export(&mut self, partial: bool) -> String {
        let records = self.records.len() as u64;
        self.note(Vec::from([Entry::exported(records, partial)]));
        file(&self.records, &[self.chain()])
    }
}

fn file(records: &[Record], chains: &[Chain]) -> String {
    let records: Vec<String> = records.iter().map(part).collect();
    let chains: Vec<String> = chains.iter().map(part).collect();
    [&head(), &records.join(","), CHAINS, &chains.join(","), TAIL].concat()
}

fn findings(text: &str) -> Vec<Finding> {
    verify(text).unwrap().unwrap().findings
}

fn name(key: &str) -> Name {
    Name {
        operation: "CreateCen".into(),
        key: key.into(),
    }
}

#[test]
fn a_whole_export_is_whole() {
    let mut history = History::new("one");
    history.create("a", "cen-1");
    history.create("b", "cen-2");
    let report = verify(&history.export(false)).unwrap().unwrap();
    assert_eq!(report.findings, []);
    assert_eq!((report.records.len(), report.partial), (2, false));
    assert_eq!(
        report.chains,
        [("one".into(), 7, history.head.hash.clone())]
    );
    assert!(report.unproven.is_empty());
    // A part of it is whole as such.
    history.records.pop();
    let report = verify(&history.export(true)).unwrap().unwrap();
    assert_eq!((report.findings, report.partial), (Vec::new(), true));
}

#[test]
fn merged_histories_keep_their_chains() {
    let mut one = History::new("one");
    one.create("a", "cen-1");
    one.export(false);
    let mut two = History::new("two");
    two.create("b", "cen-2");
    two.records[0].append(&What::Imported { new: true }, 10_000);
    one.records.append(&mut two.records);
    one.note(Vec::from([Entry::exported(2, false)]));
    let text = file(&one.records, &[one.chain(), two.chain()]);
    assert_eq!(findings(&text), []);
    // Without the other chain its events are unproven.
    let text = file(&one.records, &[one.chain()]);
    assert!(findings(&text).contains(&Finding::Unproven(name("b"), "attempt".into())));
}

/// One history that has imported a file of another, of which it has only the record `b`; `note`: what it has
/// noted of that.
fn with_a_part_of(mut two: History, note: &[Entry]) -> String {
    let mut one = History::new("one");
    one.create("a", "cen-1");
    let kept = two.records.iter().position(|record| record.key == "b");
    let mut kept = two.records.swap_remove(kept.unwrap());
    kept.append(&What::Imported { new: true }, 10_000);
    one.records.push(kept);
    one.note(note.to_vec());
    one.note(Vec::from([Entry::exported(2, false)]));
    file(&one.records, &[one.chain(), two.chain()])
}

fn of_two() -> History {
    let mut two = History::new("two");
    two.create("b", "cen-2");
    two.create("c", "cen-3");
    two
}

#[test]
fn a_filtered_file_that_was_imported_misses_nothing_that_it_never_held() {
    let mut two = of_two();
    two.note(Vec::from([Entry::exported(1, true)]));
    assert_eq!(findings(&with_a_part_of(two, &[])), []);
    let mut two = of_two();
    two.export(false);
    assert_eq!(
        findings(&with_a_part_of(two, &[])),
        [Finding::Removed(name("c"))],
        "a whole one held it"
    );
}

#[test]
fn an_import_that_stopped_is_on_record_and_one_that_was_repeated_misses_what_is_not_there() {
    let imported = |note: &[Entry]| {
        let mut two = of_two();
        two.export(false);
        findings(&with_a_part_of(two, note))
    };
    let [partly, whole] = [true, false].map(|partial| Entry::taken("two", partial));
    assert_eq!(imported(std::slice::from_ref(&partly)), []);
    let removed = [Finding::Removed(name("c"))];
    assert_eq!(imported(&[partly, whole]), removed);
    assert_eq!(imported(&[Entry::taken("three", true)]), removed);
}

#[test]
fn what_was_removed_or_changed_is_named() {
    let mut history = History::new("one");
    history.create("a", "cen-1");
    history.create("b", "cen-2");
    let text = history.export(false);
    let whole: Value = serde_json::from_str(&text).unwrap();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = whole.clone();
        change(&mut changed);
        findings(&changed.to_string())
    };
    let removed = with(&|file| drop(file["records"].as_array_mut().unwrap().remove(0)));
    assert!(
        removed.contains(&Finding::Removed(name("a"))),
        "{removed:?}"
    );
    let params = with(&|file| file["records"][1]["params"]["Name"] = json!("c"));
    assert_eq!(params, [Finding::Params(name("b"))]);
    let member = with(&|file| file["records"][1]["resource_id"] = json!("cen-9"));
    assert_eq!(member, [Finding::Members(name("b"))]);
    let event = with(&|file| file["records"][1]["events"][1]["id"] = json!("cen-9"));
    assert!(
        event.contains(&Finding::Event(name("b"), "answer".into())),
        "{event:?}"
    );
    assert!(event.contains(&Finding::Unproven(name("b"), "answer".into())));
    let receipt = with(&|file| file["chains"][0]["receipts"][1]["id"] = json!("cen-9"));
    let broken = Broken::Link(2);
    let chain = "one".into();
    assert_eq!(receipt, [Finding::Chain { chain, broken }]);
    let cut = with(&|file| {
        let chain = &mut file["chains"][0];
        let receipts = chain["receipts"].as_array_mut().unwrap();
        let last: Receipt = serde_json::from_value(receipts.pop().unwrap()).unwrap();
        chain["head"] = json!(last.prev());
    });
    assert_eq!(cut, [Finding::NoEnd]);
    let added = with(&|file| {
        let mut record = file["records"][1].clone();
        record["key"] = json!("c");
        record.as_object_mut().unwrap().remove("events");
        file["records"].as_array_mut().unwrap().push(record);
    });
    assert!(added.contains(&Finding::Young(name("c"))), "{added:?}");
    let twice = with(&|file| {
        let record = file["records"][1].clone();
        file["records"].as_array_mut().unwrap().push(record);
    });
    assert!(twice.contains(&Finding::Twice(name("b"))), "{twice:?}");
}

#[test]
fn a_record_that_was_deleted_is_not_missed_and_an_old_one_is_named_as_unproven() {
    let mut history = History::new("one");
    history.create("a", "cen-1");
    history.create("b", "cen-2");
    let deleted = history.records.remove(0);
    history.note(Vec::from([Entry::deleted(&deleted)]));
    history.records.push(Record {
        key: "old".into(),
        created: 100,
        events: Vec::new(),
        ..deleted
    });
    let report = verify(&history.export(false)).unwrap().unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.unproven, [name("old")]);
}

/// A history in which `a` was deleted and is there again; how, is what `back` notes.
fn deleted_and_back(back: impl Fn(&mut History, &Record)) -> History {
    let mut history = History::new("one");
    history.create("a", "cen-1");
    history.create("b", "cen-2");
    let deleted = history.records[0].clone();
    history.note(Vec::from([Entry::deleted(&deleted)]));
    back(&mut history, &deleted);
    history
}

#[test]
fn what_is_there_again_after_its_deletion_is_held_to_its_receipts_again() {
    let restored = deleted_and_back(|history, record| {
        history.note(Vec::from([Entry::restored(record)]));
    });
    // The answer to a request whose record was deleted writes that anew.
    let answered = deleted_and_back(|history, record| {
        history.note(Entry::between(None, record));
    });
    for mut history in [restored, answered] {
        let text = history.export(false);
        let report = verify(&text).unwrap().unwrap();
        assert_eq!(report.findings, []);
        assert!(!report.is_deleted("CreateCen", "a"));
        let mut whole: Value = serde_json::from_str(&text).unwrap();
        whole["records"][0]["events"][1]["id"] = json!("cen-9");
        let changed = findings(&whole.to_string());
        assert!(
            changed
                .iter()
                .any(|f| matches!(f, Finding::Event(of, _) if *of == name("a"))),
            "{changed:?}"
        );
        let removed = history.records.remove(0);
        let cut = history.export(false);
        assert_eq!(findings(&cut), [Finding::Removed(name("a"))]);
        // Deleted once more it is not missed.
        history.note(Vec::from([Entry::deleted(&removed)]));
        let report = verify(&history.export(false)).unwrap().unwrap();
        assert_eq!(report.findings, []);
        assert!(report.is_deleted("CreateCen", "a"));
    }
}

#[test]
fn what_was_restored_may_lack_what_was_before_its_deletion() {
    // The version that came back was older than the one that was deleted.
    let mut history = deleted_and_back(|history, record| {
        let mut older = record.clone();
        older.events.pop();
        older.settle_members();
        history.note(Vec::from([Entry::restored(&older)]));
        history.records[0] = older;
    });
    assert_eq!(findings(&history.export(false)), []);
}

#[test]
fn what_another_history_has_deleted_is_missed_here_all_the_same() {
    let mut one = History::new("one");
    one.create("a", "cen-1");
    let mut two = History::new("two");
    two.create("c", "cen-3");
    // It had imported `a` and deleted it; its file is imported here.
    two.note(Vec::from([Entry::deleted(&one.records[0])]));
    two.export(false);
    let mut record = two.records.remove(0);
    record.append(&What::Imported { new: true }, 10_000);
    one.records.push(record);
    let export = |one: &mut History| {
        one.note(Vec::from([Entry::exported(
            one.records.len() as u64,
            false,
        )]));
        file(&one.records, &[one.chain(), two.chain()])
    };
    let whole = export(&mut one);
    assert_eq!(findings(&whole), []);
    one.records.remove(0);
    let cut = export(&mut one);
    assert_eq!(findings(&cut), [Finding::Removed(name("a"))]);
}

#[test]
fn without_receipts_nothing_is_said() {
    let old = "{\"format\":\"tieline-history\",\"version\":1,\"records\":[]}";
    assert_eq!(verify(old), Ok(None));
    assert_eq!(verify("{}"), Err(Unreadable::Foreign));
}

#[test]
fn of_a_newer_version_nothing_is_said() {
    let mut history = History::new("one");
    history.create("a", "cen-1");
    let mut file: Value = serde_json::from_str(&history.export(false)).unwrap();
    let newer = crate::export::VERSION + 1;
    file["version"] = json!(newer);
    assert_eq!(verify(&file.to_string()), Err(Unreadable::Newer));
    // Whatever its parts are by then.
    for part in ["records", "chains"] {
        let mut other = file.clone();
        other[part] = json!({ "of": ["another", "shape"] });
        assert_eq!(verify(&other.to_string()), Err(Unreadable::Newer));
    }
}

/// The places of all leaves of a document.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                leaves(value, &alloc::format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                leaves(value, &alloc::format!("{at}/{n}"), found);
            }
        }
        _ => found.push(at.to_string()),
    }
}

proptest! {
    #[test]
    fn no_leaf_of_an_export_can_be_changed_unseen(which in any::<prop::sample::Index>(), text in "[a-z]{1,6}") {
        let mut history = History::new("one");
        history.create("a", "cen-1");
        let mut more = loose::of_three();
        for record in &more.records {
            history.note(Entry::between(None, record));
        }
        history.records.append(&mut more.records);
        let mut file: Value = serde_json::from_str(&history.export(false)).unwrap();
        let mut places = Vec::new();
        leaves(&file, "", &mut places);
        // Where a record is kept, and when it was written last, says nothing of what happened.
        places.retain(|place| !["/id", "/updated"].iter().any(|own| {
            place.starts_with("/records") && place.matches('/').count() == 3 && place.ends_with(own)
        }));
        places.retain(|place| place != "/format" && place != "/version");
        let place = which.get(&places);
        let leaf = file.pointer_mut(place).unwrap();
        prop_assume!(*leaf != json!(text));
        *leaf = json!(text);
        let found = verify(&file.to_string());
        prop_assert!(!matches!(&found, Ok(Some(report)) if report.findings.is_empty()), "{}", place);
    }
}

/// What met a sandbox and was then sent to clouds was simulated still to an earlier version.
#[test]
fn an_earlier_versions_word_on_who_got_a_request_is_no_change() {
    for (said, broken) in [(true, false), (false, false)] {
        let mut history = History::new("first");
        let op = find("CreateCen").unwrap();
        let parsed = check(op, &Raw::new()).parsed;
        let intent =
            |simulated, now| Record::intent(&parsed, "key", "/api".into(), None, simulated, now);
        let mut record = intent(true, 1_000);
        history.note(Entry::between(None, &record));
        let before = record.clone();
        record = record.resume(intent(false, 2_000));
        assert!(!record.simulated);
        history.note(Entry::between(Some(&before), &record));
        record.simulated = said;
        history.records.push(record);
        let report = verify(&history.export(false)).unwrap().unwrap();
        assert_eq!(!report.findings.is_empty(), broken, "{:?}", report.findings);
    }
    // Whoever made a resource is no matter of opinion.
    let mut history = History::new("first");
    history.create("key", "cen-1");
    history.records[0].simulated = true;
    let report = verify(&history.export(false)).unwrap().unwrap();
    assert!(matches!(report.findings[..], [Finding::Members(_)]));
}
