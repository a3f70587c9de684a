//! The reference beside the form.

use serde_json::json;
use tieline_catalog::{creations, Lang, Source};

use crate::page::{journey, Page, TestConfig};
use crate::walkthrough::speak;

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
