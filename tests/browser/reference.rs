//! The reference beside the form.

use serde_json::json;
use tieline_catalog::{creations, Lang, Source};

use crate::inputs::{allowed, fill, leaves, reveal, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;
use tieline_catalog::path::without_numbers;
use tieline_test_support::webdriver::key;

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The reference's text, as it is unfolded.
fn text(page: &Page) -> String {
    let script = "return document.querySelector('details.reference')?.textContent";
    let text = page.done(page.browser().run(script, json!([])));
    bare(text.as_str().unwrap_or_default())
}

#[test]
fn every_parameter_is_quoted_beside_its_form_in_both_languages() {
    journey("reference", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            page.open(&format!("#/create/{}", op.name));
            page.find("heading", "Request");
            page.fold("Reference");
            page.shows("Error codes");
            for lang in [Lang::En, Lang::Zh] {
                speak(page, lang.tag());
                let shown = text(page);
                for param in op.params {
                    assert!(
                        shown.contains(&bare(param.label.get(lang))),
                        "{}",
                        param.name
                    );
                    if let (Source::Line(_), Some(quote)) = (param.source, op.quote(&param.source))
                    {
                        let first: String = quote.chars().take(12).collect();
                        assert!(shown.contains(&bare(&first)), "{} {quote}", param.name);
                    }
                    assert!(
                        shown.contains(&bare(op.cite(&param.source).get(lang))),
                        "{}",
                        param.name
                    );
                }
                for error in op.errors() {
                    assert!(shown.contains(error.code), "{}", error.code);
                    assert!(shown.contains(&bare(error.message)), "{}", error.code);
                }
                for example in op.examples() {
                    assert!(
                        shown.contains(&bare(example.text)),
                        "{} {}",
                        op.name,
                        example.line
                    );
                }
            }
            // A sentence is no code, and is read out in its own language.
            let faults = "return Array.from(document.querySelectorAll('.reference blockquote'), e => [e.lang,
                /[\\u4e00-\\u9fff]/.test(e.textContent), getComputedStyle(e).fontFamily.includes('mono')])
                .filter(([lang, han, mono]) => mono || (lang == 'zh-CN') != han)";
            let faults = page.done(page.browser().run(faults, json!([])));
            assert_eq!(faults, json!([]), "{}", op.name);
            page.find("link", "厂商的 API 页面");
            speak(page, "en");
        }
    });
}

/// Whether the way to a parameter's paragraph is there.
fn leads(page: &Page) -> bool {
    page.has("button", Named::Has("About this parameter"))
}

/// Puts the focus into the control of a wire path.
fn enter(page: &Page, path: &str) {
    let control = page.control(path);
    let focus = "arguments[0].focus()";
    page.done(page.browser().run(focus, json!([control.json()])));
}

#[test]
fn every_field_leads_to_its_own_paragraph_and_back() {
    journey("reference-field", TestConfig::default(), |page| {
        let mut newer = 0;
        for op in creations() {
            println!("{}", op.name);
            page.open(&format!("#/create/{}", op.name));
            page.find("heading", "Request");
            let mut raw = valid(op);
            for (path, param) in leaves(op) {
                if path.contains(".1") && raw.get(&path).is_none() {
                    raw.set(&path, &allowed(param));
                }
            }
            // A list has its fields with its items only, and what is wrong shows its rules wherever somebody is.
            fill(page, op, &raw);
            for (path, param) in leaves(op) {
                reveal(page, &path);
                page.leave();
                page.until("no way while nobody is there", || Ok(!leads(page)));
                enter(page, &path);
                if param.is_newer_than_the_document() {
                    newer += 1;
                    std::thread::sleep(std::time::Duration::from_millis(200));
                    assert!(!leads(page), "{path} has no paragraph");
                    continue;
                }
                let label = param.label.en;
                page.click("button", &*format!("About this parameter: {label}"));
                let place = without_numbers(&path);
                page.focused("heading", &place);
                let quote = op.quote(&param.source).expect("a paragraph");
                let script = "const e = document.activeElement;
                    const { top, bottom } = e.getBoundingClientRect();
                    return [e.closest('section').textContent, top >= 0 && bottom <= innerHeight]";
                let shown = page.done(page.browser().run(script, json!([])));
                let first: String = quote.chars().take(12).collect();
                let text = bare(shown[0].as_str().unwrap_or_default());
                assert!(text.contains(&bare(&first)), "{path}: {text}");
                assert_eq!(shown[1], json!(true), "{path} is out of sight");
                page.click("button", "Back to the field");
                page.until(format!("the focus on {path}"), || Ok(page.focus() == path));
            }
        }
        println!("{newer} fields have no paragraph");
    });
}

#[test]
fn the_way_to_a_paragraph_is_taken_by_keys_in_both_languages_and_again_after_it_was_folded() {
    journey("reference-keys", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let name = crate::inputs::name_path(op);
        page.open(&format!("#/create/{}", op.name));
        page.find("heading", "Request");
        for (language, about, back, summary) in [
            (
                "en",
                "About this parameter",
                "Back to the field",
                "Reference",
            ),
            ("zh-CN", "参数说明", "返回该字段", "参考"),
        ] {
            speak(page, language);
            enter(page, &name);
            page.find("button", Named::Has(about));
            page.done(page.browser().press(&[key::HELP]));
            page.focused("heading", &name);
            page.done(page.browser().press(&[key::TAB]));
            page.focused("button", back);
            page.done(page.browser().press(&[key::ENTER]));
            page.until("the focus back", || Ok(page.focus() == name));
            // Nothing was sent or refused by that Enter.
            assert!(!page.has("alert", Named::Any));
            page.fold(summary);
            page.until("a folded reference", || Ok(!page.has("button", back)));
        }
        speak(page, "en");
        // Tab goes on to the next field, as before, and the key is among those that are listed.
        enter(page, &name);
        page.find("button", Named::Has("About this parameter"));
        page.done(page.browser().press(&[key::TAB]));
        page.until("another field", || {
            let script = "const e = document.activeElement; return e.closest('.field') != null && e.name != arguments[0]";
            Ok(page.browser().run(script, json!([name]))? == json!(true))
        });
        page.leave();
        page.done(page.browser().press(&["?"]));
        page.shows("In a field: what the document says of it");
    });
}
