//! Properties of the answer to any request.

use crate::cloud::{example, NOW};
use proptest::prelude::*;
use tieline_catalog::answer::{decode, Answer};
use tieline_catalog::check;
use tieline_catalog::operations::{creations, operations};
use tieline_catalog::wire::{encode, Request};
use tieline_sandbox::{Sandbox, Settings};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[A-Za-z.1-9]{0,12}",
        Just("fault-lost".to_string()),
        prop::sample::select(
            operations()
                .map(|op| op.name.to_string())
                .collect::<Vec<_>>()
        ),
        prop::sample::select(vec![
            "Action",
            "Version",
            "Format",
            "XML",
            "RegionId",
            "PageNumber",
            "PageSize",
            "marker",
            "Filter.1.Key",
            "Filter.1.Value.1",
            "Tag.1.Key",
            "Name",
            "18446744073709551615",
            "x-acs-action",
            "x-acs-version",
            "2016-04-28",
            "2017-09-12",
            "2018-03-13",
        ])
        .prop_map(str::to_string),
    ]
}

proptest! {
    #[test]
    fn no_request_makes_it_panic(
        method in prop_oneof![Just("GET".to_string()), Just("POST".to_string()), any::<String>()],
        path in prop_oneof![
            Just("/".to_string()),
            text().prop_map(|t| format!("/v3/{t}/ccaas/cloud-connections")),
            any::<String>(),
        ],
        query in prop::collection::vec((text(), text()), 0..8),
        headers in prop::collection::vec((text(), text()), 0..4),
        body in prop_oneof![Just("{}".to_string()), any::<String>()],
        now in any::<u64>(),
        entropy in any::<u128>(),
    ) {
        let request = Request { method, host: "h".into(), path, query, headers, body };
        let mut sandbox = Sandbox::new(Settings::default());
        let first = sandbox.handle(&request, now, entropy);
        prop_assert!(first.response.is_none_or(|r| (200..600).contains(&r.status)));
        sandbox.handle(&request, 0, entropy);
    }

    #[test]
    fn changed_values_are_answered_with_an_id_or_a_code(
        index in 0usize..5,
        changes in prop::collection::vec((0usize..12, text()), 0..4),
    ) {
        let op = creations().nth(index).expect("five creations");
        let mut raw = example(op);
        let paths: Vec<String> = raw.leaves().into_iter().map(|(path, _)| path).collect();
        for (at, text) in &changes {
            raw.set(&paths[at % paths.len()], text);
        }
        let request = encode(&check(op, &raw).parsed);
        let valid = check(op, &raw).valid().is_ok();
        let reply = Sandbox::new(Settings::default()).handle(&request, NOW, 5);
        if let (true, Some(response)) = (valid, &reply.response) {
            let created = matches!(decode(op, response), Answer::Created(_));
            prop_assert!(created, "{:?}", response);
        }
    }
}
