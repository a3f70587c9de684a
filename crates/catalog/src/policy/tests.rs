use super::*;
use crate::answer::{decode, decode_read, Answer, Found};
use crate::creations;
use crate::operations::operations;
use crate::wire::Response;
use alloc::collections::BTreeSet;

fn actions(policy: &Policy) -> Vec<String> {
    let statements = policy.document["Statement"].as_array().expect("statements");
    let actions = statements.iter().flat_map(|statement| {
        assert_eq!(statement["Effect"], "Allow");
        statement["Action"].as_array().expect("actions")
    });
    actions
        .map(|action| action.as_str().expect("a text").to_string())
        .collect()
}

#[test]
fn a_policy_grants_the_operations_and_their_reads_and_nothing_else() {
    let all: Vec<&'static Operation> = creations().collect();
    // Every choice of operations, as the bits of a number.
    for choice in 0..1_usize << all.len() {
        let chosen: Vec<_> = (0..all.len())
            .filter(|nth| choice & (1 << nth) != 0)
            .map(|nth| all[nth])
            .collect();
        let needed: BTreeSet<String> = chosen
            .iter()
            .flat_map(|op| core::iter::once(*op).chain(reads(op)))
            .map(|op| grant(op).action)
            .collect();
        let policies = policies(&chosen);
        let granted: Vec<String> = policies.iter().flat_map(actions).collect();
        assert_eq!(granted.len(), needed.len(), "an action stands twice");
        assert_eq!(granted.into_iter().collect::<BTreeSet<_>>(), needed);
        for policy in &policies {
            let own = |grant: &Grant| grant.operation.service.provider == policy.provider;
            assert!(policy.grants.iter().all(own), "{policy:?}");
            let read: Json = serde_json::from_str(&policy.text()).expect("JSON");
            assert_eq!(read, policy.document);
        }
    }
    assert_eq!(policies(&[]), Vec::new());
}

#[test]
fn the_document_s_resource_is_granted_for_its_action_alone() {
    let mut seen = 0;
    for op in creations() {
        let Some(stated) = op.permission() else {
            continue;
        };
        let resource = stated.resource.replace("{#accountId}", "*");
        let policies = policies(&[op]);
        let statements = policies[0].document["Statement"].as_array();
        let of = statements.expect("statements").iter();
        let of: Vec<_> = of.filter(|own| own["Resource"] == *resource).collect();
        assert_eq!(of.len(), 1);
        assert_eq!(of[0]["Action"], json!([stated.action]));
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn every_operation_has_an_action_of_its_own() {
    let all: Vec<String> = operations().map(|op| grant(op).action).collect();
    let names: BTreeSet<&String> = all.iter().collect();
    assert_eq!(names.len(), all.len(), "{all:?}");
    for action in &all {
        let parts: Vec<&str> = action.split(':').collect();
        assert!(
            parts.len() > 1 && parts.iter().all(|part| !part.is_empty()),
            "{action}"
        );
    }
}

#[test]
fn a_refusal_for_want_of_a_permission_names_the_action() {
    let denied = |code: &str, status| Response {
        status,
        body: json!({ "Code": code, "Message": "No." }).to_string(),
        ..Response::default()
    };
    for op in creations() {
        let own = op.errors().iter();
        let own = own.filter(|entry| entry.when == When::Forbidden);
        let codes: Vec<&str> = own.map(|entry| entry.code).collect();
        for code in codes.into_iter().chain(["Forbidden.RAM", "Forbidden"]) {
            let Answer::Rejected(refusal) = decode(op, &denied(code, 403)) else {
                panic!("{} {code}", op.name);
            };
            let action = grant(op).action;
            for advice in [&refusal.advice.en, &refusal.advice.zh] {
                assert_eq!(
                    advice.matches(&format!("`{action}`")).count(),
                    1,
                    "{advice}"
                );
            }
            // What takes the certainty away takes the advice away.
            if let Answer::Unknown(refusal) = decode(op, &denied(code, 503)) {
                assert!(!refusal.advice.en.contains(&action));
            }
        }
        for read in reads(op) {
            let Found::Refused(refusal) = decode_read(read, &denied("Forbidden.RAM", 403)) else {
                panic!("{}", read.name);
            };
            assert!(refusal.advice.en.contains(&grant(read).action));
        }
    }
}
