//! Input methods: what is composed is neither checked nor sent before it is complete, and not lost.

use serde_json::json;
use tieline_catalog::creations;

use crate::inputs::{count, doubtful, fill, leaves, name_path, valid, wrong};
use crate::page::{journey, Page, TestConfig};

/// The composition shows this text at the caret, as an input method's window does.
pub fn compose(page: &Page, text: &str) {
    let length = text.chars().count();
    let state = json!({ "text": text, "selectionStart": length, "selectionEnd": length });
    page.done(page.browser().devtools("Input.imeSetComposition", state));
}

/// The composition ends with this text.
pub fn commit(page: &Page, text: &str) {
    let text = json!({ "text": text });
    page.done(page.browser().devtools("Input.insertText", text));
}

/// Enter, as it is when an input method has taken it (key code 229) or not. The text makes the
/// browser do what Enter does.
pub fn enter(page: &Page, code: u32) {
    for kind in ["keyDown", "keyUp"] {
        let event = json!({ "type": kind, "key": "Enter", "code": "Enter", "text": "\r",
            "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code });
        page.done(page.browser().devtools("Input.dispatchKeyEvent", event));
    }
}

/// Focuses a control at the end of its text.
fn enter_into(page: &Page, path: &str) {
    let control = page.control(path);
    let script =
        "const e = arguments[0]; e.focus(); e.setSelectionRange(e.value.length, e.value.length)";
    page.done(page.browser().run(script, json!([control.json()])));
}

/// Whether anything is said to be wrong with a field.
fn told(page: &Page, path: &str) -> bool {
    let said = page.description(path);
    said.contains("Error:") || said.contains("Check:")
}

#[test]
fn a_composition_is_checked_when_it_ends_and_its_enter_sends_nothing() {
    journey("compose", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let (raw, path) = (valid(op), name_path(op));
            page.open(&format!("#/create/{}", op.name));
            fill(page, op, &raw);
            let mut broken = wrong(op).into_iter().chain(doubtful(op));
            let broken = broken.find(|(at, _)| *at == path);
            let broken = broken.expect("a name that breaks a rule").1;
            page.type_into(&path, &broken);
            page.leave();
            page.until("what is wrong", || Ok(told(page, &path)));

            // What is wrong stays marked while the composition would be right, and the other way.
            page.type_into(&path, raw.get(&path).expect("a name"));
            page.until("nothing to be wrong", || Ok(!told(page, &path)));
            page.type_into(&path, "");
            enter_into(page, &path);
            for stage in ["z", "zhuan", "zhuan xian"] {
                compose(page, stage);
                page.until("the text in the field", || Ok(page.value(&path) == stage));
            }
            assert!(!told(page, &path), "{} is checked early", op.name);
            // Its Enter, as it comes during the composition, and as Safari reports it after the end.
            enter(page, 229);
            enter(page, 13);
            assert_eq!(page.value(&path), "zhuan xian", "the text is lost");
            commit(page, "专线");
            page.until("the text", || Ok(page.value(&path) == "专线"));
            enter(page, 229);
            page.leave();
            page.until("the text in the request", || {
                let sent = page.text();
                Ok(sent.contains("%E4%B8%93%E7%BA%BF") || sent.contains("\"专线\""))
            });
            let mut named = raw.clone();
            named.set(&path, "专线");
            assert_eq!(count(page, op, &named), 0, "{} was sent", op.name);
            assert!(!page.has("alert", "The request was not sent."));

            // Wrong when it is complete: said then, and not before.
            page.type_into(&path, raw.get(&path).expect("a name"));
            page.until("nothing to be wrong", || Ok(!told(page, &path)));
            page.type_into(&path, "");
            compose(page, &broken);
            page.until("the text", || Ok(page.value(&path) == broken));
            assert!(!told(page, &path), "{} is checked early", op.name);
            commit(page, &broken);
            page.leave();
            page.until("what is wrong", || Ok(told(page, &path)));

            // An Enter of its own sends what was composed.
            page.type_into(&path, "");
            compose(page, "zhuan");
            commit(page, "专线");
            enter(page, 13);
            crate::inputs::created(page, op);
            assert_eq!(count(page, op, &named), 1, "{}", op.name);
        }
    });
}

/// Every other field that takes text, and the two searches.
#[test]
fn no_field_loses_what_is_composed() {
    journey("compose-all", TestConfig::default(), |page| {
        for op in creations() {
            page.open(&format!("#/create/{}", op.name));
            page.find("button", "Create");
            for (path, param) in leaves(op) {
                let choice = matches!(param.choices(), Some((_, false)));
                if choice || matches!(param.kind, tieline_catalog::Kind::Boolean) {
                    continue;
                }
                println!("{} {path}", op.name);
                crate::inputs::put(page, op, &path, "");
                enter_into(page, &path);
                compose(page, "zhong wen");
                page.until("the stage", || Ok(page.value(&path) == "zhong wen"));
                commit(page, "中文");
                page.until("the text", || Ok(page.value(&path) == "中文"));
                page.leave();
                assert_eq!(page.value(&path), "中文", "{path} after leaving");
            }
        }
        // The searches narrow while typing; what they draw anew must not end the composition.
        let op = creations().next().expect("an operation");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        for name in ["Search", "Text"] {
            let field = page.find("searchbox", name);
            page.done(
                page.browser()
                    .run("arguments[0].focus()", json!([field.json()])),
            );
            for stage in ["y", "yun", "yun qi ye"] {
                compose(page, stage);
                page.until("the stage", || {
                    Ok(page.browser().property(&field, "value")? == stage)
                });
            }
            enter(page, 229);
            commit(page, op.title.zh);
            page.until("the text", || {
                Ok(page.browser().property(&field, "value")? == op.title.zh)
            });
        }
        page.find("link", crate::page::Named::Has(op.name));
    });
}
