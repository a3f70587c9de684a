//! The review before something real is created.

use serde_json::json;
use tieline_catalog::afterwards::deletion_command;
use tieline_catalog::{check, creations, Lang, Operation, Privacy, Raw, Severity};
use tieline_test_support::webdriver::key;

use crate::damaged_history::before_pages;
use crate::holding::{lift_before, start_clock, stop_clock};
use crate::inputs::{count, distinguish, doubtful, fill, name_path, private, put, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;

/// The health of a proxy that signs for real clouds.
fn live() -> String {
    let live = json!({
        "name": "tieline-proxy",
        "version": env!("CARGO_PKG_VERSION"),
        "mode": "live",
        "credentials": { "alibaba": true, "huawei": true },
        "profiles": [{ "name": "prod" }],
    });
    live.to_string()
}

/// Makes the proxy say that it signs for real clouds, until the page is loaded anew.
pub fn pretend_live(page: &Page) {
    let healthz = "const [body] = arguments, own = window.fetch;
        window.fetch = (request, ...more) =>
            String(request.url ?? request).endsWith('/healthz')
                ? Promise.resolve(new Response(body, { headers: { 'content-type': 'application/json' } }))
                // The sandbox that plays the clouds does not say that it is one.
                : (request.headers?.delete('tieline-mode'), own(request, ...more))";
    page.done(page.browser().run(healthz, json!([live()])));
    // The same document still, whatever the way to the settings is folded into.
    page.open("#/settings");
    page.click("button", "Check the connection");
    page.find("link", Named::Has("LIVE"));
}

/// Opens a form and fills it.
fn filled(page: &Page, op: &'static Operation, raw: &Raw) {
    page.open(&format!("#/create/{}", op.name));
    page.find("button", "Create");
    fill(page, op, raw);
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Presses a key wherever the focus is.
fn press(page: &Page, key: &str) {
    let active = page.done(page.browser().active());
    page.done(page.browser().keys(&active, key));
}

/// How long it may take to find out what would create something, in milliseconds.
const PROXY_MS: u32 = 25_000;

/// Confirms as a person does, who has read at least the heading.
fn confirm(page: &Page) {
    page.focused("heading", "Review before it is created");
    std::thread::sleep(std::time::Duration::from_millis(600));
    press(page, key::ENTER);
}

#[test]
fn what_is_real_is_shown_whole_and_confirmed_by_one_key() {
    journey("review", TestConfig::default(), |page| {
        page.open("#/");
        pretend_live(page);
        for (nth, op) in creations().enumerate() {
            println!("{}", op.name);
            let (mut raw, secrets) = private(op);
            for (path, text) in doubtful(op) {
                raw.set(&path, &text);
            }
            distinguish(op, &mut raw, nth);
            filled(page, op, &raw);
            page.click("button", "Create");
            page.focused("heading", "Review before it is created");
            assert_eq!(count(page, op, &raw), 0, "{}", op.name);
            for lang in [Lang::En, Lang::Zh] {
                speak(page, lang.tag());
                let shown = match lang {
                    Lang::En => page.text_of("region", "Answer"),
                    Lang::Zh => page.text_of("region", "响应"),
                };
                let shown = bare(&shown);
                for (path, text) in raw.leaves() {
                    let param = tieline_catalog::path::param_at(op, &path).expect("a parameter");
                    if param.privacy == Privacy::Public {
                        assert!(shown.contains(&bare(text)), "{path} {text} in {shown}");
                    }
                    assert!(shown.contains(&path), "{path}");
                }
                for (path, secret) in &secrets {
                    assert!(!shown.contains(secret.as_str()), "{path} in {shown}");
                }
                let command = deletion_command(op, "ID", &raw);
                let (account, cost) = match lang {
                    Lang::En => ("the proxy's default", "What undoing costs"),
                    Lang::Zh => ("代理的默认账号配置", "撤销说明"),
                };
                for text in command.iter().map(String::as_str).chain([account, cost]) {
                    assert!(shown.contains(&bare(text)), "{text} in {shown}");
                }
                let report = check(op, &raw);
                for warning in &report.violations {
                    assert_eq!(warning.severity, Severity::Warning);
                    // Marks of emphasis and code are drawn, not shown.
                    let text = warning.message.get(lang).replace(['`', '*'], "");
                    assert!(shown.contains(&bare(&text)), "{text} in {shown}");
                }
            }
            speak(page, "en");
            // Back, with everything as it was and the focus where it was.
            press(page, key::ESCAPE);
            page.focused("button", "Create");
            assert_eq!(count(page, op, &raw), 0, "{}", op.name);
            page.click("button", "Create");
            confirm(page);
            page.focused("heading", "Created");
            assert_eq!(count(page, op, &raw), 1, "{}", op.name);
        }
    });
}

#[test]
fn enter_in_a_field_creates_nothing_real_unasked() {
    journey("review-enter", TestConfig::default(), |page| {
        page.open("#/");
        pretend_live(page);
        page.find("radio", Named::Has("Review it"));
        let op = creations().next().expect("an operation");
        let mut raw = valid(op);
        raw.set(&name_path(op), "by-enter");
        filled(page, op, &raw);
        // Twice, as fingers do: the second is no answer to the question that the first has led to. The page's clock
        // stands between the two, however long the browser takes to tell that the question is there.
        stop_clock(page);
        let name = page.control(&name_path(op));
        page.done(page.browser().keys(&name, key::ENTER));
        page.focused("heading", "Review before it is created");
        press(page, key::ENTER);
        start_clock(page);
        page.focused("heading", "Review before it is created");
        press(page, key::ESCAPE);
        page.focused("button", "Create");
        // What is typed after the question is not what was shown.
        page.click("button", "Create");
        page.focused("heading", "Review before it is created");
        put(page, op, &name_path(op), "by-enter-changed");
        page.until("no more review", || {
            Ok(!page.has("button", "Create it for real"))
        });
        assert_eq!(count(page, op, &raw), 0);

        page.click("link", "Settings");
        page.click("radio", Named::Has("Send at once"));
        page.open(&format!("#/create/{}", op.name));
        put(page, op, &name_path(op), "at-once");
        let name = page.control(&name_path(op));
        page.done(page.browser().keys(&name, key::ENTER));
        page.focused("heading", "Review before it is created");
        raw.set(&name_path(op), "at-once");
        assert_eq!(count(page, op, &raw), 0);
        press(page, key::ESCAPE);
        page.focused("button", "Create");
        press(page, key::ENTER);
        page.focused("heading", "Created");
        assert_eq!(count(page, op, &raw), 1);

        // The setting is kept.
        page.reload();
        page.open("#/settings");
        let off = page.find("radio", Named::Has("Send at once"));
        assert!(page.done(page.browser().property(&off, "checked")) == "true");
        speak(page, "zh-CN");
        page.find("radio", Named::Has("立即发送"));
    });
}

/// Whoever was told that a sandbox answers creates nothing real.
#[test]
fn what_was_meant_for_a_sandbox_never_becomes_real() {
    journey("review-sandbox", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let mut raw = valid(op);
        raw.set(&name_path(op), "meant-for-a-sandbox");
        filled(page, op, &raw);
        page.find("link", Named::Has("SANDBOX"));
        // Meanwhile somebody starts the proxy for real clouds, and the page does not know yet.
        let live = "const own = window.fetch;
            window.fetch = async (request, ...more) => {
                request.headers?.delete('tieline-mode');
                const answer = await own(request, ...more);
                if (!String(request.url ?? request).endsWith('/healthz')) return answer;
                const health = await answer.json();
                return new Response(JSON.stringify({ ...health, mode: 'live',
                    credentials: { alibaba: true, huawei: true } }),
                    { headers: { 'content-type': 'application/json' } });
            }";
        page.done(page.browser().run(live, json!([])));
        page.click("button", "Create");
        page.focused("heading", "Not executed");
        page.shows("Real clouds answer here");
        assert_eq!(count(page, op, &raw), 0);
        page.find("link", Named::Has("LIVE"));
        page.click("button", "Send again");
        confirm(page);
        page.focused("heading", "Created");
        assert_eq!(count(page, op, &raw), 1);
    });
}

/// Who presses Create as soon as the form is there must not be refused for what the page does not know yet.
#[test]
fn what_is_submitted_before_the_proxy_is_known_is_reviewed_as_soon_as_it_is() {
    journey("early-press", TestConfig::default(), |page| {
        let held = format!(
            "const own = window.fetch, known = new Promise(done => window.answerHealth = done);
            const health = () => new Response({},
                {{ headers: {{ 'content-type': 'application/json' }} }});
            window.fetch = (request, ...more) => {{
                request.headers?.delete('tieline-mode');
                if (!String(request.url ?? request).endsWith('/healthz')) return own(request, ...more);
                window.asksHealth = true;
                return known.then(health);
            }}",
            json!(live())
        );
        before_pages(page, &held);
        lift_before(page, PROXY_MS);
        let op = creations().next().expect("an operation");
        page.open(&format!("#/create/{}", op.name));
        page.reload();
        let raw = valid(op);
        fill(page, op, &raw);
        page.until("the question for the proxy", || {
            Ok(page
                .browser()
                .run("return 'answerHealth' in window", json!([]))?
                == json!(true))
        });
        page.click("button", "Create");
        page.find("button", "Sending…");
        page.done(page.browser().run("answerHealth()", json!([])));
        page.focused("heading", "Review before it is created");
        assert_eq!(count(page, op, &raw), 0);
        page.click("button", "Create it for real");
        page.find("heading", "Created");
        assert_eq!(count(page, op, &raw), 1);
    });
}
