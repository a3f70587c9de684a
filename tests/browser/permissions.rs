//! The permissions: the policy of what is chosen, to copy, and the way to it from a refusal.

use serde_json::json;
use tieline_catalog::policy::{grant, policies, reads};
use tieline_catalog::{creations, Operation};

use crate::inputs::{fill, name_path, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;
use tieline_test_support::webdriver::key;

/// The policies that are shown.
fn shown(page: &Page) -> Vec<String> {
    let script = "return Array.from(document.querySelectorAll('pre'), e => e.textContent)";
    let texts = page.done(page.browser().run(script, json!([])));
    let texts = texts.as_array().into_iter().flatten();
    texts
        .map(|text| text.as_str().unwrap_or_default().to_string())
        .collect()
}

/// Waits for the policies of these operations, and for nothing else.
#[track_caller]
fn expect(page: &Page, chosen: &[&'static Operation]) {
    let expected: Vec<String> = policies(chosen).iter().map(|p| p.text()).collect();
    page.until(format!("the policies of {chosen:?}"), || {
        Ok(shown(page) == expected)
    });
}

#[test]
fn the_policy_is_that_of_what_is_chosen_by_keyboard_and_in_both_languages() {
    journey("permissions", TestConfig::default(), |page| {
        let all: Vec<&'static Operation> = creations().collect();
        page.open("#/");
        page.click("link", "Permissions");
        page.find("heading", "Permissions");
        expect(page, &all);
        for op in &all {
            page.shows(&grant(op).action);
            for read in reads(op) {
                page.shows(&grant(read).action);
            }
        }
        // All but the first are left out, by the space bar.
        for op in &all[1..] {
            let choice = page.find("checkbox", Named::Has(op.title.en));
            page.done(page.browser().keys(&choice, key::SPACE));
        }
        expect(page, &all[..1]);
        // A policy less is no reason to take the focus away.
        assert_eq!(page.focus(), all[all.len() - 1].name);
        page.find("button", "Copy the policy");
        let first = page.find("checkbox", Named::Has(all[0].title.en));
        page.done(page.browser().keys(&first, key::SPACE));
        page.shows("Choose an operation to see its policy.");
        expect(page, &[]);

        for op in &all {
            page.open(&format!("#/permissions/{}", op.name));
            expect(page, &[op]);
            speak(page, "zh-CN");
            page.find("heading", "权限");
            page.find("button", "复制策略");
            page.find("heading", Named::Has(op.service.provider.name().zh));
            expect(page, &[op]);
            speak(page, "en");
        }
    });
}

#[test]
fn a_refusal_names_the_missing_action_and_leads_to_its_policy() {
    journey("permissions-refused", TestConfig::default(), |page| {
        for op in creations() {
            let mut raw = valid(op);
            assert!(raw.set(&name_path(op), "fault-forbidden"));
            page.open(&format!("#/create/{}", op.name));
            page.find("button", "Create");
            fill(page, op, &raw);
            page.click("button", "Create");
            page.find("heading", Named::Has("Rejected"));
            page.shows(&grant(op).action);
            speak(page, "zh-CN");
            page.shows(&grant(op).action);
            page.click("link", "查看所需的权限策略");
            expect(page, &[op]);
            speak(page, "en");
        }
    });
}
