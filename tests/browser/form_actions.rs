//! The form as a tool that is used each day: where it creates, another one like the last, what was done by
//! mistake, and what the tab says to those who look at another.

use serde_json::json;
use tieline_catalog::afterwards::{another, deletion_command, first_own};
use tieline_catalog::path::param_at;
use tieline_catalog::{creations, Control, Lang, Privacy, Raw, Text};

use crate::inputs::{count, created, distinguish, fill, leaves, name_path, put, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::review::pretend_live;
use crate::walkthrough::speak;
use tieline_test_support::webdriver::key;

/// The button's description, as the browser computes it.
fn described(page: &Page, button: &str) -> String {
    let button = page.find("button", button);
    let script = "const e = arguments[0].getRootNode()
            .getElementById(arguments[0].getAttribute('aria-describedby'));
        return e ? e.textContent.replace(/\\s+/g, ' ').trim() : ''";
    let text = page.done(page.browser().run(script, json!([button.json()])));
    text.as_str().unwrap_or_default().to_string()
}

/// The page's title and the end of its icon's name.
fn tab(page: &Page) -> (String, String) {
    let script = "const icons = document.querySelectorAll('link[rel=icon]');
        const href = icons[icons.length - 1].getAttribute('href');
        return [document.title, href.split('/').pop()]";
    let tab = page.done(page.browser().run(script, json!([])));
    let part = |n: usize| tab[n].as_str().unwrap_or_default().to_string();
    (part(0), part(1))
}

/// Presses Ctrl+Z wherever the focus is.
fn undo_by_key(page: &Page) {
    let active = page.done(page.browser().active());
    page.done(page.browser().keys(&active, key::UNDO));
}

#[test]
fn where_something_is_created_stands_beside_the_button() {
    journey("destination", TestConfig::default(), |page| {
        for op in creations() {
            page.open(&format!("#/create/{}", op.name));
            page.until(format!("{} to say where", op.name), || {
                Ok(described(page, "Create").contains("SANDBOX nothing real is created"))
            });
            let said = described(page, "Create");
            assert!(said.contains("Account: the proxy's default"), "{said}");
            for control in [Control::Region, Control::Account] {
                let Some(path) = op.param_with(control) else {
                    continue;
                };
                let text = valid(op).get(path).expect("valid input has it").to_string();
                put(page, op, path, &text);
                page.until(format!("{text} beside the button"), || {
                    Ok(described(page, "Create").contains(&text))
                });
            }
            speak(page, "zh-CN");
            let said = described(page, "创建");
            assert!(said.contains("沙箱 不会创建真实资源"), "{said}");
            assert!(said.contains("账号：代理的默认账号配置"), "{said}");
            speak(page, "en");
        }
        page.find("link", Named::Has("SANDBOX"));
        page.find("link", Named::Has("Account: the proxy's default"));
        // The sandbox in the page has no account, and nothing of a proxy is said.
        page.kill_proxy();
        page.open("#/settings");
        page.click("button", "Check the connection");
        page.click("button", "Use the sandbox in this page");
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.until("the sandbox in the page", || {
            let said = described(page, "Create");
            Ok(said.contains("SANDBOX") && !said.contains("proxy"))
        });
        page.click("button", "Use the proxy instead");
        page.until("that nobody answers", || {
            Ok(described(page, "Create").contains("NOT CONNECTED"))
        });
    });
}

/// A proxy that signs for real clouds is not to be taken for a sandbox on any page.
#[test]
fn a_live_proxy_is_unmistakable() {
    journey("live", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        page.open("#/");
        page.find("link", Named::Has("SANDBOX"));
        pretend_live(page);
        let mark = page.find("link", Named::Has("LIVE"));
        let loud = "const mark = arguments[0].querySelector('b'), style = getComputedStyle(mark);
            return style.backgroundColor != 'rgba(0, 0, 0, 0)' && mark.checkVisibility()";
        page.until("a mark that stands out", || {
            Ok(page.browser().run(loud, json!([mark.json()]))? == json!(true))
        });
        page.click("link", Named::Has(op.title.en));
        page.until("LIVE beside the button", || {
            Ok(described(page, "Create").contains("LIVE real resources are created"))
        });
        speak(page, "zh-CN");
        page.find("link", Named::Has("真实环境"));
        assert!(described(page, "创建").contains("真实环境 将创建真实资源"));
        for width in [390, 320] {
            crate::layout::sized(page, width, 844);
            crate::layout::fits(page, &format!("a live proxy at {width}"));
            assert!(
                page.has("link", Named::Has("真实环境")),
                "hidden at {width}"
            );
            let seen = "return document.querySelector('.standing').checkVisibility()";
            let seen = page.done(page.browser().run(seen, json!([])));
            assert_eq!(seen, json!(true), "the account at {width}");
        }
    });
}

#[test]
fn a_deletion_deep_in_a_long_list_is_taken_back_where_one_is() {
    journey("deep-undo", TestConfig::default(), |page| {
        let file = page.downloads().join("deep.json");
        std::fs::write(&file, crate::history::many(200)).expect("a file");
        page.open("#/history");
        page.shows("Nothing has been sent yet");
        crate::history::import(page, &file);
        page.shows("Imported: 200 new");
        let first = page.find("button", Named::Has("record-199 of many"));
        page.done(page.browser().keys(&first, key::END));
        page.focused("button", "record-0 of many");
        page.done(page.browser().press(&[key::ENTER]));
        page.click("button", "Delete the record");
        page.click("button", "Delete");
        page.focused("button", "record-1 of many");
        page.until("the way back in sight", || {
            let there = "const { top, bottom } = document.getElementById('history-undo').getBoundingClientRect();
                return scrollY > 1000 && top >= 0 && bottom <= innerHeight";
            Ok(page.browser().run(there, json!([]))? == json!(true))
        });
        page.click("button", "Undo");
        page.focused("button", "record-0 of many");
    });
}

#[test]
fn another_one_like_it_takes_two_fields_and_two_clicks() {
    journey("another", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let raw = valid(op);
            send(page, op, &raw);
            let id = created(page, op);
            page.click("button", "Create another like this");
            let first = first_own(op).expect("a field");
            page.until(
                "the focus on what must differ",
                || Ok(page.focus() == first),
            );
            for (path, text) in another(op, &raw).leaves() {
                page.until(format!("{} {path} to be kept", op.name), || {
                    Ok(page.value(&path) == text)
                });
            }
            assert_eq!(page.value(&name_path(op)), "", "{}", op.name);
            assert_eq!(page.value(&first), "", "{}", op.name);
            let mut next = raw.clone();
            distinguish(op, &mut next, 7);
            next.set(&name_path(op), "another-like-it");
            for path in [&first, &name_path(op)] {
                put(page, op, path, next.get(path).expect("its own"));
            }
            page.click("button", "Create");
            page.until("another id", || {
                let answer = page.text_of("region", "Answer");
                let made = crate::inputs::id_in(op, &answer);
                Ok(made.is_some_and(|made| made != id))
            });
            assert_eq!(count(page, op, &next), 1, "{}", op.name);
        }
    });
}

#[test]
fn a_creation_says_what_comes_next_and_how_it_is_deleted() {
    journey("afterwards", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let raw = valid(op);
            send(page, op, &raw);
            let id = created(page, op);
            let after = op.afterwards().expect("a creation");
            let command = deletion_command(op, &id, &raw);
            let texts = |lang: Lang| {
                let next = after.next.step();
                let next = next.map(|next| next.text.get(lang).to_string());
                let lead = Text {
                    en: "A sandbox made this one",
                    zh: "此资源由沙箱模拟",
                };
                let lead = lead.get(lang).to_string();
                next.into_iter().chain(command.clone()).chain([lead])
            };
            page.fold("How to delete it");
            let answer = |label: &str| page.text_of("region", label);
            for text in texts(Lang::En) {
                let bare = |text: &str| text.split_whitespace().collect::<String>();
                assert!(
                    bare(&answer("Answer")).contains(&bare(&text)),
                    "{} {text}",
                    op.name
                );
            }
            assert_eq!(
                page.has("button", Named::Has("Copy the command")),
                command.is_some()
            );
            page.find("link", Named::Has("The vendor's console"));
            let import = tieline_code::Import {
                op,
                params: raw.clone(),
                id: id.clone(),
            };
            let known = tieline_code::imports(&[import], Lang::En).1 == 0;
            assert_eq!(page.has("button", "Copy the import block"), known);
            page.until(
                "the receipt",
                || Ok(answer("Answer").contains("Receipts: ")),
            );
            speak(page, "zh-CN");
            for text in texts(Lang::Zh) {
                let bare = |text: &str| text.split_whitespace().collect::<String>();
                assert!(
                    bare(&answer("响应")).contains(&bare(&text)),
                    "{} {text}",
                    op.name
                );
            }
            page.find("button", "再创建一个类似的");
            speak(page, "en");
        }
    });
}

#[test]
fn clear_and_the_example_are_undone_by_button_and_by_key() {
    journey("undo", TestConfig::default(), |page| {
        for op in creations() {
            println!("{}", op.name);
            let mut raw = valid(op);
            raw.set(&name_path(op), "typed-by-hand");
            page.open(&format!("#/create/{}", op.name));
            fill(page, op, &raw);
            let holds = |what: &str, raw: &Raw| {
                for (path, text) in raw.leaves() {
                    page.until(format!("{} {path} {what}", op.name), || {
                        Ok(page.value(&path) == text)
                    });
                }
            };
            page.click("button", "Clear");
            page.shows("The form was cleared.");
            page.until("an empty form", || {
                Ok(page.value(&name_path(op)).is_empty())
            });
            page.click("button", "Undo");
            holds("is back", &raw);
            page.shows("Undone.");
            page.focused("button", "Clear");
            page.until("no more to undo", || Ok(!page.has("button", "Undo")));
            // The draft is back, too, with what a draft holds.
            page.reload();
            for (path, text) in raw.leaves() {
                let param = param_at(op, &path).expect("a parameter");
                let kept = if param.privacy == Privacy::Public {
                    text
                } else {
                    ""
                };
                page.until(format!("{} {path} in the draft", op.name), || {
                    Ok(page.value(&path) == kept)
                });
            }
            fill(page, op, &raw);

            page.click("button", "Clear");
            page.click("button", "Fill with the example");
            page.shows("The form was filled in.");
            undo_by_key(page);
            page.until("what was before the example", || {
                Ok(page.value(&name_path(op)).is_empty())
            });
            undo_by_key(page);
            holds("is back by key", &raw);

            // What is typed afterwards is never taken away.
            page.click("button", "Clear");
            page.type_into(&name_path(op), "typed-since");
            page.until("nothing to undo", || Ok(!page.has("button", "Undo")));
            assert_eq!(page.value(&name_path(op)), "typed-since");
            page.click("button", "Clear");
            speak(page, "zh-CN");
            page.shows("表单已清空。");
            page.click("button", "撤销");
            page.until("what was typed", || {
                Ok(page.value(&name_path(op)) == "typed-since")
            });
            page.shows("已撤销。");
            speak(page, "en");
            page.click("button", "Clear");
        }
    });
}

#[test]
fn a_key_creates_from_any_field_and_from_no_button() {
    journey("create-key", TestConfig::default(), |page| {
        let long = |op: &&'static tieline_catalog::Operation| {
            let all = leaves(op).into_iter();
            all.map(|(_, param)| param.control)
                .any(|control| control == Control::Area)
        };
        let op = creations().find(long).expect("one with a long text");
        let raw = valid(op);
        page.open(&format!("#/create/{}", op.name));
        page.find("heading", "Request");
        fill(page, op, &raw);
        // On a button the key is that button's, whatever the browser makes of it.
        let other = page.find("button", "Fill with the example");
        page.done(page.browser().keys(&other, key::CREATE));
        std::thread::sleep(std::time::Duration::from_millis(500));
        assert_eq!(count(page, op, &raw), 0);
        fill(page, op, &raw);
        let area = leaves(op)
            .into_iter()
            .find(|(_, param)| param.control == Control::Area);
        let path = area.expect("its path").0;
        crate::inputs::reveal(page, &path);
        let field = page.control(&path);
        page.done(page.browser().keys(&field, key::CREATE));
        created(page, op);
        assert_eq!(count(page, op, &raw), 1);
        page.leave();
        page.done(page.browser().press(&["?"]));
        page.shows("In a form: create, from any field");
    });
}

#[test]
fn the_tab_tells_what_becomes_of_a_request() {
    let unhurried = TestConfig {
        proxy: &["--slow-ms", "15000"],
        ..TestConfig::default()
    };
    journey("tab-sign", unhurried, |page| {
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.find("heading", "Request");
        let plain = format!("{} · Tieline", op.title.en);
        page.until("the plain title", || Ok(tab(page).0 == plain));
        let own = tab(page).1;
        let mut raw = valid(op);
        for (nth, (fault, word, icon)) in [
            ("", "created", "favicon-created.svg"),
            (
                "-fault-forbidden",
                "rejected by the cloud",
                "favicon-rejected.svg",
            ),
            ("-fault-throttle", "not executed", "favicon-unknown.svg"),
            ("-fault-lost", "outcome unknown", "favicon-unknown.svg"),
        ]
        .into_iter()
        .enumerate()
        {
            raw.set(&name_path(op), &format!("tab-{nth}{fault}"));
            fill(page, op, &raw);
            page.click("button", "Create");
            page.until(format!("the sign of {word}"), || {
                let (title, shown) = tab(page);
                Ok(title.contains(word) && title.ends_with(&plain) && shown == icon)
            });
            let there = "const icons = document.querySelectorAll('link[rel=icon]');
                return (await fetch(icons[icons.length - 1].href)).headers.get('content-type')";
            let kind = page.done(page.browser().run_async(there, json!([])));
            assert!(
                kind.as_str().is_some_and(|kind| kind.contains("svg")),
                "{icon}: {kind}"
            );
        }
        // The theme and the language change neither.
        speak(page, "zh-CN");
        page.until("the sign in Chinese", || {
            let (title, icon) = tab(page);
            Ok(title.contains("结果未知")
                && title.contains(op.title.zh)
                && icon == "favicon-unknown.svg")
        });
        speak(page, "en");
        raw.set(&name_path(op), "tab-fault-slow");
        fill(page, op, &raw);
        page.click("button", "Create");
        page.click("button", "Send it anyway");
        page.until("the sign while sending", || {
            let (title, icon) = tab(page);
            Ok(title.starts_with("… sending") && icon == "favicon-sending.svg")
        });
        // Another page has its own.
        page.click("link", "Settings");
        page.until("the other page's title and icon", || {
            let (title, icon) = tab(page);
            Ok(title == "Settings · Tieline" && icon == own)
        });
    });
}
