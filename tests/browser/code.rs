//! Code for the request, beside the request.

use serde_json::json;
use tieline_catalog::operations::entries;
use tieline_catalog::{creations, Operation, Privacy};
use tieline_code::{Target, Unavailable};
use tieline_test_support::webdriver::{key, Element};

use crate::inputs::{created, distinguish, fill, name_path, private, put, send, valid};
use crate::page::{journey, Named, Page, TestConfig};

/// The heading under which the code is folded. Its role is the browser's own, so it is found by its words.
fn heading(page: &Page) -> Element {
    let script = "return Array.from(document.querySelectorAll('summary'))
        .find(e => e.textContent == arguments[0] && e.checkVisibility()) || null";
    page.wait("the code's heading", || {
        let found = page
            .browser()
            .run(script, json!(["Code for this request"]))?;
        Ok(Element::of(&found))
    })
}

fn unfold(page: &Page) {
    page.click_on(&heading(page));
}

/// Chooses a target as a person does who sees the list.
fn choose(page: &Page, target: Target) {
    let select = page.find("combobox", "Code for");
    let script = "const [e, word] = arguments;
        e.focus();
        e.value = Array.from(e.options).find(o => o.text == word).value;
        e.dispatchEvent(new Event('change', { bubbles: true }))";
    let word = target.label().en;
    page.done(page.browser().run(script, json!([select.json(), word])));
}

/// The code in sight, once it has this in it.
fn code(page: &Page, with: &str) -> String {
    page.wait(format!("code with {with}"), || {
        let pane = page.all("group", Named::Is("Code for this request"))?;
        let Some(pane) = pane.first() else {
            return Ok(None);
        };
        let text = page.browser().property(pane, "textContent")?;
        Ok(text.contains(with).then_some(text))
    })
}

/// What the crate says to the request of a form.
fn made(op: &'static Operation, target: Target) -> Result<String, Unavailable> {
    let parsed = tieline_catalog::check(op, &valid(op)).parsed;
    tieline_code::generate(&parsed, target, &tieline_code::Context::default())
}

#[test]
fn the_code_follows_the_form_for_every_target_and_operation() {
    journey("code-live", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            page.open(&format!("#/create/{}", op.name));
            page.find("button", "Create");
            fill(page, op, &valid(op));
            unfold(page);
            for target in Target::ALL {
                choose(page, target);
                match made(op, target) {
                    Ok(_) => {
                        code(page, op.name);
                    }
                    Err(Unavailable(reason)) => page.shows(&reason.en),
                }
                // The list that was chosen from is the same, whatever stands beside it.
                let there = "return document.activeElement.id";
                let focus = page.done(page.browser().run(there, json!([])));
                assert_eq!(focus, json!("code-target"), "{}", target.label().en);
            }
            choose(page, Target::Python);
            put(page, op, &name_path(op), "Quote-s");
            code(page, "\"Quote-s\"");
            choose(page, Target::Curl);
            let curl = code(page, "\"Quote-s\"");
            // The console's own proxy, by the address that this page has it at.
            assert!(
                curl.contains(&format!("'{}/api/v1/{}'", page.origin, op.name)),
                "{curl}"
            );
        }
    });
}

#[test]
fn nothing_private_is_in_it() {
    journey("code-private", TestConfig::default(), |page| {
        let mut seen = 0;
        for op in creations() {
            let own = |p: &&tieline_catalog::Param| p.privacy != Privacy::Public;
            if op.params.iter().find(own).is_none() {
                continue;
            }
            let (raw, secrets) = private(op);
            page.open(&format!("#/create/{}", op.name));
            page.find("button", "Create");
            fill(page, op, &raw);
            unfold(page);
            for target in Target::ALL {
                choose(page, target);
                if tieline_code::generate(
                    &tieline_catalog::check(op, &raw).parsed,
                    target,
                    &Default::default(),
                )
                .is_err()
                {
                    continue;
                }
                let code = code(page, op.name);
                for (path, secret) in &secrets {
                    assert!(!code.contains(secret.as_str()), "{path} in {code}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 10, "{seen}");
    });
}

#[test]
fn what_was_created_is_imported() {
    journey("code-import", TestConfig::default(), |page| {
        let mut seen = 0;
        for (nth, entry) in entries().iter().enumerate() {
            let (op, Some(terraform)) = (&entry.create, &entry.tools.terraform) else {
                continue;
            };
            let op = tieline_catalog::find(op.name).expect("it is in the registry");
            let mut raw = valid(op);
            distinguish(op, &mut raw, nth);
            send(page, op, &raw);
            let id = created(page, op);
            unfold(page);
            choose(page, Target::Terraform);
            let text = code(page, "import {");
            let to = format!("to = {}.this", terraform.resource);
            assert!(
                text.contains(&to) && text.contains(&format!("id = \"{id}\"")),
                "{text}"
            );
            // Something new has no id yet.
            put(page, op, &name_path(op), "another");
            page.until("no import", || {
                let pane = page.all("group", Named::Is("Code for this request"))?;
                Ok(!page
                    .browser()
                    .property(&pane[0], "textContent")?
                    .contains("import {"))
            });
            seen += 1;
        }
        assert!(seen > 3);
    });
}

#[test]
fn it_is_had_by_keyboard_as_a_file_and_in_both_languages() {
    journey("code-file", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.find("button", "Create");
        fill(page, op, &valid(op));
        let summary = heading(page);
        page.done(page.browser().keys(&summary, key::ENTER));
        let select = page.find("combobox", "Code for");
        page.done(page.browser().keys(&select, "G"));
        let text = code(page, "package main");
        let file = page.find("button", "Download");
        page.done(page.browser().keys(&file, key::ENTER));
        // What a browser takes for harmless: of a script it would ask whether to keep it.
        assert_eq!(page.saved(&Target::Go.file_name(op)), text);

        page.click("button", Named::Has("中文"));
        let pane = page.find("group", "此请求的代码");
        let text = page.done(page.browser().property(&pane, "textContent"));
        assert!(
            text.contains(op.title.zh) && text.contains("环境变量"),
            "{text}"
        );
        page.find("button", "复制代码");
        page.find("button", "下载");
    });
}
