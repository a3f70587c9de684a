use std::collections::{BTreeMap, BTreeSet};

use tieline_catalog::creations;

use super::*;

/// The blocks of this kind, each with its attributes.
fn blocks(body: &hcl::Body, kind: &str) -> Vec<BTreeMap<String, String>> {
    let of_kind = body.blocks().filter(|block| block.identifier() == kind);
    let attributes = of_kind.map(|block| {
        let all = block.body().attributes();
        let all = all.map(|attribute| {
            let text = hcl::format::to_string(attribute.expr()).expect("text");
            (attribute.key().to_string(), text)
        });
        all.collect()
    });
    attributes.collect()
}

fn import(op: &'static Operation, region: &str, account: &str, id: &str) -> Import {
    let mut params = Raw::new();
    for (control, text) in [(Control::Region, region), (Control::Account, account)] {
        if let (Some(name), false) = (op.param_with(control), text.is_empty()) {
            params.set(name, text);
        }
    }
    Import {
        op,
        params,
        id: id.into(),
    }
}

#[test]
fn every_resource_has_one_block_and_every_region_one_provider() {
    let mut all = Vec::new();
    for op in creations() {
        for (n, region) in ["cn-shanghai", "cn-hangzhou", "cn-shanghai"]
            .iter()
            .enumerate()
        {
            let ids = [
                format!("a-{n}"),
                format!("0{n}-\"${{x}}"),
                "same id".into(),
                "same/id".into(),
            ];
            all.extend(
                ids.iter()
                    .map(|id| import(op, region, &format!("account{}", n % 2), id)),
            );
        }
    }
    let (code, left_out) = imports(&all, Lang::En);
    let body = hcl::parse(&code).unwrap_or_else(|error| panic!("{error}\n{code}"));
    let without = creations().filter(|op| terraform(op).is_none()).count();
    assert_eq!(left_out, without * 12);
    assert!(without > 0);
    let imports = blocks(&body, "import");
    assert_eq!(imports.len(), all.len() - left_out);
    let to: BTreeSet<&String> = imports.iter().map(|import| &import["to"]).collect();
    assert_eq!(to.len(), imports.len(), "{code}");
    // Each names a provider that is there, or the one without an alias.
    let providers = blocks(&body, "provider");
    let labels: Vec<_> = body
        .blocks()
        .filter(|b| b.identifier() == "provider")
        .collect();
    let aliases: BTreeSet<String> = labels
        .iter()
        .zip(&providers)
        .filter_map(|(label, provider)| {
            let alias = provider.get("alias")?.trim_matches('"').to_string();
            Some(format!("{}.{alias}", label.labels()[0].as_str()))
        })
        .collect();
    let named: BTreeSet<String> = imports
        .iter()
        .filter_map(|import| import.get("provider").cloned())
        .collect();
    assert_eq!(named, aliases, "{code}");
    assert_eq!(providers.len(), 4, "two regions, two accounts\n{code}");
}

#[test]
fn what_has_no_region_is_read_through_any() {
    let global = creations()
        .find(|op| {
            op.param_with(Control::Region).is_none() && op.param_with(Control::Account).is_none()
        })
        .expect("an operation without a region");
    let regional = creations()
        .find(|op| op.param_with(Control::Region).is_some() && terraform(op).is_some())
        .expect("one with a region");
    let all = [
        import(global, "", "", "g"),
        import(regional, "cn-beijing", "", "r"),
    ];
    for (lang, all) in [(Lang::En, &all[..]), (Lang::Zh, &all[..1])] {
        let (code, left_out) = imports(all, lang);
        let body = hcl::parse(&code).unwrap_or_else(|error| panic!("{error}\n{code}"));
        assert_eq!(
            (blocks(&body, "provider").len(), left_out),
            (1, 0),
            "{code}"
        );
        let imports = blocks(&body, "import");
        assert!(
            imports
                .iter()
                .all(|import| !import.contains_key("provider")),
            "{code}"
        );
        assert_eq!(imports.len(), all.len());
    }
}
