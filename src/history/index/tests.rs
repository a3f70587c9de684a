//! Tests of the index.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use tieline_records::What;

fn record(id: u64, operation: &str, name: &str, outcome: Outcome) -> Record {
    Record {
        id,
        operation: operation.into(),
        params: json!({ "Name": name }),
        created: id,
        updated: id,
        key: format!("key-{id}"),
        outcome,
        resource_id: (outcome == Outcome::Created).then(|| format!("res-{id}")),
        endpoint: "/api".into(),
        ..Record::blank()
    }
}

/// A few rows.
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (id, operation, name, outcome) in [
        (2, "CreateCen", "Berlin backbone", Outcome::Unknown),
        (1, "CreateCen", "Straße", Outcome::Created),
        (4, "CreateCustomerGateway", "北京 gateway", Outcome::Pending),
        (3, "Retired", "old", Outcome::Rejected),
    ] {
        upsert(&mut rows, Row::of(&record(id, operation, name, outcome)));
    }
    rows
}

#[test]
fn the_newest_come_first() {
    let mut rows = rows();
    let ids: Vec<u64> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, [4, 3, 2, 1]);
    assert!(!upsert(
        &mut rows,
        Row::of(&record(3, "Retired", "new", Outcome::Rejected))
    ));
    assert_eq!(&*rows[1].name, "new");
    assert!(remove(&mut rows, 3) && !remove(&mut rows, 3));
    assert_eq!(rows.len(), 3);
}

#[test]
fn an_id_that_became_known_late_counts_by_then() {
    let mut late = record(1_000, "CreateCen", "late", Outcome::Unknown);
    assert_eq!(known_since(&[Row::of(&late)], 0), 0);
    let id = "cen-1".to_string();
    let adopted = What::Adopted {
        id: id.clone(),
        status: None,
        simulated: false,
        endpoint: None,
        made: None,
        signer: None,
    };
    late.append(&adopted, 5_000);
    // An export in between has not got it.
    assert_eq!(known_since(&[Row::of(&late)], 2_000), 1);
    // What becomes of it later is no new id.
    let gone = What::Status {
        id,
        status: None,
        absent: true,
    };
    late.append(&gone, 7_000);
    assert_eq!(known_since(&[Row::of(&late)], 6_000), 0);
}

#[test]
fn a_row_alone_makes_a_record_that_can_be_exported() {
    for op in tieline_catalog::creations() {
        let named = |params: &[Param]| {
            let named = |p: &&Param| p.name.eq_ignore_ascii_case("name");
            params.iter().find(named).map(|p| p.name)
        };
        let params = match named(op.params) {
            Some(name) => json!({ name: "kept" }),
            None => op.params.iter().fold(json!({}), |all, p| match p.kind {
                Kind::Object(members) if named(members).is_some() => {
                    json!({ p.name: { named(members).unwrap(): "kept" } })
                }
                _ => all,
            }),
        };
        let full = Record {
            params: params.clone(),
            status: Some("Active".into()),
            ..record(7, op.name, "", Outcome::Created)
        };
        assert_eq!(full.name(), Some("kept"), "{}", op.name);
        assert_eq!(Summary::of(&full).record(), full, "{}", op.name);
    }
}

#[test]
fn only_the_token_does_not_identify_an_intent() {
    for op in tieline_catalog::creations() {
        let token = op.token.unwrap_or("none");
        let without = json!({ "B": 1, "A": { token: ["北京"] } });
        let mut with = without.clone();
        with[token] = json!("fresh");
        let same = identity(op, &with) == identity(op, &without);
        assert_eq!(same, op.token.is_some(), "{}", op.name);
        for params in [without, json!({}), json!(["odd"])] {
            assert_eq!(identity(op, &params), params.to_string(), "{}", op.name);
            let intent = Record {
                params,
                ..record(1, op.name, "", Outcome::Unknown)
            };
            let compared = fingerprint(&identity(op, &intent.params));
            assert_eq!(Summary::of(&intent).params, compared, "{}", op.name);
        }
    }
}

fn since(ms: u64) -> Since {
    Since { ms, real: false }
}

#[test]
fn the_last_open_intent_is_found_by_its_parameters() {
    let op = tieline_catalog::find("CreateCen").unwrap();
    let shown = |row: &Summary| row.outcome;
    let find = |params: Value| {
        let found = last_open(
            &rows(),
            op.name,
            &identity(op, &params),
            since(100),
            &[],
            shown,
        );
        found.map(|row| row.id)
    };
    let token = op.token.unwrap();
    assert_eq!(find(json!({ "Name": "Berlin backbone" })), Some(2));
    assert_eq!(
        find(json!({ "Name": "Berlin backbone", token: "fresh" })),
        Some(2)
    );
    assert_eq!(find(json!({ "Name": "Straße" })), None, "that one is known");
}

#[test]
fn what_was_created_behind_a_form_s_back_is_open_for_it() {
    let op = tieline_catalog::find("CreateCen").unwrap();
    let params = json!({ "Name": "a" });
    let row = |outcome, created, updated| {
        let record = Record {
            created,
            updated,
            ..record(1, op.name, "a", outcome)
        };
        vec![Row::of(&record)]
    };
    let found = |outcome, created, updated, own: &[u64]| {
        let rows = row(outcome, created, updated);
        let shown = |row: &Summary| row.outcome;
        last_open(
            &rows,
            op.name,
            &identity(op, &params),
            since(100),
            own,
            shown,
        )
        .is_some()
    };
    let open = |outcome, created, updated| found(outcome, created, updated, &[]);
    assert!(open(Outcome::Pending, 150, 150));
    assert!(
        open(Outcome::Created, 50, 150),
        "sent before, created since"
    );
    assert!(
        !open(Outcome::Created, 50, 60),
        "settled before the form was there"
    );
    assert!(open(Outcome::Created, 150, 160), "by another form or tab");
    assert!(!found(Outcome::Created, 150, 160, &[1]), "the form's own");
    assert!(!open(Outcome::Rejected, 50, 150));
}

/// A draft of nobody knows when may be what was just created; it is not what is gone or was simulated.
#[test]
fn a_draft_is_asked_about_what_stands_whenever_that_was_created() {
    let op = tieline_catalog::find("CreateCen").unwrap();
    let identity = identity(op, &json!({ "Name": "a" }));
    let found = |simulated, absent, ms, real| {
        let record = Record {
            simulated,
            absent,
            updated: 60,
            ..record(1, op.name, "a", Outcome::Created)
        };
        let rows = [Row::of(&record)];
        let shown = |row: &Summary| row.outcome;
        last_open(&rows, op.name, &identity, Since { ms, real }, &[], shown).is_some()
    };
    assert!(found(false, false, 0, true) && found(false, false, 0, false));
    assert!(!found(false, true, 0, true), "it is gone");
    assert!(!found(true, false, 0, true), "it was a rehearsal");
    assert!(found(true, false, 0, false));
    assert!(!found(false, false, 100, true), "it was known");
}

#[test]
fn an_unknown_intent_of_the_same_operation_is_found_whatever_its_parameters() {
    let shown = |row: &Summary| row.outcome;
    let find = |operation, endpoint, after| {
        last_unknown(&rows(), operation, endpoint, after, shown).map(|row| row.id)
    };
    assert_eq!(find("CreateCen", "/api", 0), Some(2));
    assert_eq!(find("CreateCen", "/api", 2), None, "that one was agreed to");
    assert_eq!(find("CreateCen", "https://other", 0), None);
    assert_eq!(find("CreateCustomerGateway", "/api", 0), None, "on its way");
}

proptest! {
    #[test]
    fn rows_that_come_together_are_as_those_that_come_alone(
        first in vec(0u64..60, 0..40), then in vec(0u64..60, 0..40), apart in 0u64..3, replace: bool,
    ) {
        // Among them, behind them, or in a gap between them.
        let then: Vec<u64> = then.iter().map(|id| id + [0, 60, 100][apart as usize]).collect();
        let first: Vec<u64> = first.iter().map(|id| id + if apart == 2 { id % 2 * 160 } else { 0 }).collect();
        let make = |ids: &[u64], name| -> Vec<Row> {
            let named = |id: &u64| record(*id, "CreateCen", name, Outcome::Created);
            rows_of(&ids.iter().map(named).collect::<Vec<_>>())
        };
        let (mut together, mut alone) = (Vec::new(), Vec::new());
        for (ids, name) in [(&first, "first"), (&then, "then")] {
            absorb(&mut together, make(ids, name), replace);
            for row in make(ids, name) {
                if replace || super::row(&alone, row.id).is_none() {
                    upsert(&mut alone, row);
                }
            }
        }
        let shown = |rows: &[Row]| -> Vec<(Rc<Summary>, String)> {
            let shown = |row: &Row| (row.summary().clone(), row.haystack().text().to_string());
            rows.iter().map(shown).collect()
        };
        prop_assert_eq!(shown(&together), shown(&alone));
    }
}

#[test]
fn many_rows_find_their_places_at_once() {
    let make = |id, name| Row::of(&record(id, "CreateCen", name, Outcome::Created));
    let mut all = rows();
    absorb(&mut all, vec![make(9, "new"), make(2, "late")], false);
    let ids = |rows: &[Row]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(&all), [9, 4, 3, 2, 1]);
    assert_eq!(&*all[3].name, "Berlin backbone");
    absorb(&mut all, vec![make(2, "late")], true);
    assert_eq!(&*all[3].name, "late");
    assert_eq!(all.len(), 5);
}
