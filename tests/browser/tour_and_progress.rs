//! What a page says by itself: a tour at the first visit, where a request is, and, if that is wanted, that a status
//! has become final.

use serde_json::json;
use tieline_catalog::creations;

use crate::holding::{held, hold_creations, hold_reads, let_go, GROWN};
use crate::inputs::{created, final_status, name_path, send, valid};
use crate::page::{journey, Named, Page, TestConfig};
use crate::walkthrough::speak;
use tieline_test_support::webdriver::key;

/// Asks for the tour, by the palette.
pub fn ask(page: &Page) {
    page.until("the palette", || {
        let there = "return document.querySelectorAll('dialog').length > 0";
        Ok(page.browser().run(there, json!([]))? == json!(true))
    });
    let active = page.done(page.browser().active());
    page.done(page.browser().keys(&active, key::PALETTE));
    let field = page.find("combobox", "Go to or do…");
    page.type_over(&field, "tour");
    page.find("option", Named::Has("Tour of one minute"));
    page.done(page.browser().press(&[key::ENTER]));
    page.focused("button", "Next");
}

/// The step of the tour that is in sight: "1 of 5".
pub fn step(page: &Page) -> Option<String> {
    let text = page.text();
    let (_, rest) = text.split_once("Tour, ")?;
    Some(rest.split_once(':')?.0.to_string())
}

#[test]
fn a_first_visit_has_a_tour_that_is_left_and_never_comes_again() {
    journey("tour", TestConfig::default(), |page| {
        page.open("#/");
        page.until("the tour", || Ok(step(page).as_deref() == Some("1 of 5")));
        // It hides nothing and takes nothing: what can be created is in sight, and the focus is where it was.
        let first = creations().next().expect("an operation");
        let hidden = "return document.querySelector('dialog:modal') != null || document.activeElement != document.body";
        assert_eq!(
            page.done(page.browser().run(hidden, json!([]))),
            json!(false)
        );
        for at in 2..=5 {
            page.click("button", "Next");
            page.until("the next step", || {
                Ok(step(page) == Some(format!("{at} of 5")))
            });
            let pointed = "return document.querySelectorAll('[data-toured]').length";
            assert_eq!(page.done(page.browser().run(pointed, json!([]))), json!(1));
        }
        page.click("button", "Back");
        page.until("the step before", || {
            Ok(step(page).as_deref() == Some("4 of 5"))
        });
        speak(page, "zh-CN");
        page.shows("导览 4 / 5");
        page.find("button", "跳过导览");
        speak(page, "en");
        page.done(page.browser().press(&[key::ESCAPE]));
        page.until("no tour", || Ok(step(page).is_none()));
        let pointed = "return document.querySelectorAll('[data-toured]').length";
        assert_eq!(page.done(page.browser().run(pointed, json!([]))), json!(0));

        for _ in 0..2 {
            page.reload();
            page.find("button", Named::Has("Go to or do"));
            page.click("link", Named::Has(first.name));
            page.find("heading", "Request");
            page.click("link", "Tieline");
            page.find("heading", "What do you want to create?");
            assert_eq!(step(page), None);
        }
        // It is found again, from any page.
        page.open("#/settings");
        ask(page);
        page.find("heading", "What do you want to create?");
        page.click("button", "Skip the tour");
        page.until("no tour", || Ok(step(page).is_none()));
        ask(page);
        assert_eq!(step(page).as_deref(), Some("1 of 5"));
        page.click("link", Named::Has(first.name));
        page.find("heading", "Request");
        assert_eq!(step(page), None);
    });
}

/// The attribute of the line between the user and the cloud, and what is said of it.
fn line(page: &Page) -> (String, String) {
    let script = "const e = document.querySelector('[data-stage]');
        return [e.dataset.progress ?? e.dataset.stage, e.getAttribute('aria-label')]";
    let found = page.done(page.browser().run(script, json!([])));
    let part = |n: usize| found[n].as_str().unwrap_or_default().to_string();
    (part(0), part(1))
}

#[test]
fn the_line_tells_where_a_request_is() {
    journey("line", TestConfig::default(), |page| {
        let op = creations().next().expect("an operation");
        let mut raw = valid(op);
        raw.set(&name_path(op), "on-its-way");
        page.open(&format!("#/create/{}", op.name));
        page.find("heading", "Request");
        let motion = |value: &str| {
            let wanted =
                json!({ "features": [{ "name": "prefers-reduced-motion", "value": value }] });
            page.done(
                page.browser()
                    .devtools("Emulation.setEmulatedMedia", wanted),
            );
        };
        motion("no-preference");
        // Every state of the line, in order: a short one is not to be missed.
        let watch = "window.__states = [];
            const note = () => {
              const e = document.querySelector('[data-stage]');
              const now = e && (e.dataset.progress ?? e.dataset.stage);
              if (now && now != __states.at(-1)) __states.push(now);
            };
            note();
            new MutationObserver(note).observe(document.body,
              { subtree: true, attributes: true, childList: true });";
        page.done(page.browser().run(watch, json!([])));
        hold_creations(page);
        send_here(page, op, &raw);
        page.until("the request to have left", || Ok(line(page).0 == "sent"));
        assert!(
            line(page).1.contains("sent, waiting for the answer"),
            "{}",
            line(page).1
        );
        // What runs stops for who does not want motion.
        let moving = "return document.querySelector('[data-stage]').getAnimations({ subtree: true })
            .filter(a => a.playState == 'running' && a.effect.getComputedTiming().duration > 0).length";
        assert_ne!(page.done(page.browser().run(moving, json!([]))), json!(0));
        motion("reduce");
        page.until("no motion", || {
            Ok(page.browser().run(moving, json!([]))? == json!(0))
        });
        let_go(page);
        created(page, op);
        page.until("the end", || Ok(line(page).0 == "created"));
        let states = page.done(page.browser().run("return __states", json!([])));
        assert_eq!(states, json!(["idle", "recording", "sent", "created"]));
    });
}

fn send_here(page: &Page, op: &'static tieline_catalog::Operation, raw: &tieline_catalog::Raw) {
    crate::inputs::fill(page, op, raw);
    page.click("button", "Create");
}

/// Stands for the browser's notifications, which a test cannot see, and for a tab that nobody looks at.
const STAND_IN: &str = "
    window.__told = []; window.__hidden = false; window.__permission = 'default'; window.__answer = 'denied';
    window.Notification = class {
      constructor(title, options) { __told.push([title, options.body, options.tag, options.lang]); }
      static get permission() { return __permission; }
      static async requestPermission() { return __permission = __answer; }
    };
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => __hidden });";

#[test]
fn a_final_status_is_notified_of_in_a_hidden_tab_and_only_if_that_was_switched_on() {
    journey("notify", GROWN, |page| {
        let source = json!({ "source": STAND_IN });
        page.done(
            page.browser()
                .devtools("Page.addScriptToEvaluateOnNewDocument", source),
        );
        let set = |script: &str| drop(page.done(page.browser().run(script, json!([]))));
        let told = || page.done(page.browser().run("return __told", json!([])));
        let mut slow =
            creations().filter(|op| op.read_back().is_some_and(|r| !r.pending.is_empty()));
        let op = slow.next().expect("an operation whose status changes");

        // Refused by the browser it is not on, and says why.
        page.open("#/settings");
        page.click("switch", "Notifications");
        page.shows("The browser refuses them to this page.");
        assert_eq!(page.value("notify"), "false");

        page.reload();
        set("__answer = 'granted'");
        // Not switched on, nothing is told, whatever the browser allows.
        set("__permission = 'granted'");
        hold_reads(page);
        send(page, op, &valid(op));
        let id = created(page, op);
        held(page);
        set("__hidden = true");
        let_go(page);
        page.until("the final status", || {
            let answer = page.text_of("region", "Answer");
            Ok(answer.contains(final_status(op)) && !answer.contains("not final"))
        });
        std::thread::sleep(std::time::Duration::from_secs(4));
        assert_eq!(told(), json!([]), "{id}");
        set("__hidden = false");

        page.click("link", "Settings");
        page.click("switch", "Notifications");
        page.until("the switch", || Ok(page.value("notify") == "true"));
        let mut raw = valid(op);
        crate::inputs::distinguish(op, &mut raw, 1);
        raw.set(&name_path(op), "told-of");
        page.click("link", Named::Has(op.name));
        page.find("heading", "Request");
        hold_reads(page);
        send_here(page, op, &raw);
        let id = created(page, op);
        held(page);
        set("__hidden = true");
        let_go(page);
        let title = format!("{id}: {}", final_status(op));
        let body = format!("{} · told-of", op.title.en);
        let own = json!([title, body, id, "en"]);
        page.until(format!("the notification {own}"), || {
            let all = told();
            Ok(all.as_array().is_some_and(|all| all.contains(&own)))
        });
        // Switched off it is off.
        set("__hidden = false");
        page.click("link", "Settings");
        page.click("switch", "Notifications");
        page.until("the switch", || Ok(page.value("notify") == "false"));
        assert!(!page.storage().contains("tieline.notifications"));
    });
}
