//! What the vendors' APIs take today and the documents do not know.

use serde_json::json;
use tieline_catalog::{creations, Operation, Param, Privacy};

use crate::inputs::{created, fill, put, valid};
use crate::page::{journey, Page, TestConfig};

fn newer(op: &'static Operation) -> Vec<&'static Param> {
    let params = op.params.iter();
    params.filter(|p| p.is_newer_than_the_document()).collect()
}

#[track_caller]
fn is_open(page: &Page, expected: bool) {
    page.until(format!("a section that is open: {expected}"), || {
        let open = "return [...document.querySelectorAll('form details')]
            .find(e => e.textContent.startsWith('Newer than the document'))?.open";
        Ok(page.browser().run(open, json!([]))? == json!(expected))
    });
}

#[test]
fn what_the_document_lacks_is_in_a_closed_section_and_a_key_in_it_is_never_kept() {
    const KEY: &str = "bgp-canary-key";
    journey("newer", TestConfig::default(), |page| {
        let mut keys = 0;
        for op in creations() {
            let params = newer(op);
            page.open(&format!("#/create/{}", op.name));
            page.find("button", "Create");
            if params.is_empty() {
                page.find("heading", "Request");
                assert!(!page.text().contains("Newer than the document"));
                continue;
            }
            is_open(page, false);
            let source = op.cite(&params[0].source).en;
            fill(page, op, &valid(op));
            for param in &params {
                match (param.kind, param.privacy) {
                    (tieline_catalog::Kind::Text, Privacy::Secret) => {
                        put(page, op, param.name, KEY);
                        keys += 1;
                    }
                    (tieline_catalog::Kind::Text, _) => put(page, op, param.name, "123.456"),
                    _ => {}
                }
            }
            is_open(page, true);
            page.shows(&source);
            assert!(!page.text().contains(KEY), "{} shows the key", op.name);

            // The draft has the rest, and opens the section.
            page.reload();
            is_open(page, true);
            for param in &params {
                let expected = match (param.kind, param.privacy) {
                    (tieline_catalog::Kind::Text, Privacy::Public) => "123.456",
                    (tieline_catalog::Kind::Text, _) => "",
                    _ => continue,
                };
                page.until(format!("{} to hold {expected:?}", param.name), || {
                    Ok(page.value(param.name) == expected)
                });
            }
            for param in params.iter().filter(|p| p.privacy == Privacy::Secret) {
                put(page, op, param.name, KEY);
            }
            page.click("button", "Create");
            created(page, op);
            let stored = page.storage();
            assert!(
                !stored.contains(KEY) && !page.text().contains(KEY),
                "{}",
                op.name
            );
        }
        assert!(keys > 0, "no operation has such a key");
    });
}
