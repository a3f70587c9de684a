//! The status of what was created, in its answer: by itself until it is final, as the history has it, and asked
//! for by one tab of all.

use serde_json::json;
use tieline_catalog::{creations, Operation};

use crate::holding::{hold_reads, keep_young, let_go, GROWN};
use crate::inputs::{created, distinguish, final_status, send, valid};
use crate::live_regions::{hears, listen};
use crate::page::{journey, Page, TestConfig};
use crate::walkthrough::speak;

const FOLLOWED: &str = " (not final yet; a change shows here by itself)";

/// An operation whose status changes, and its first and last.
fn changing() -> (&'static Operation, &'static str, &'static str) {
    let found = creations().find_map(|op| {
        let states = op.simulation().map_or(&[][..], |s| s.states);
        match states {
            [(_, first), .., (_, last)] => Some((op, *first, *last)),
            _ => None,
        }
    });
    found.expect("an operation whose status changes")
}

/// Counts this tab's reads of a status from here on, fails them while that is wanted, though not before `failing`
/// is kept, and lets its clock be put forward.
fn watch_reads(page: &Page) {
    let all = creations().filter_map(|op| Some(op.read_back()?.operation));
    let all: Vec<&str> = all.collect();
    let script = "
        const [all] = arguments, before = window.fetch, now = Date.now;
        Object.assign(window, { reads: 0, fails: false, failing: null, ahead: 0, away: false });
        window.fetch = async (...request) => {
          const url = request[0].url ?? String(request[0]);
          if (!all.some(read => url.endsWith('/v1/' + read))) return before(...request);
          window.reads++;
          if (!window.fails) return before(...request);
          await window.failing;
          throw new TypeError('the connection was lost');
        };
        Date.now = () => now.call(Date) + window.ahead;
        Object.defineProperty(document, 'hidden', { get: () => window.away });";
    page.done(page.browser().run(script, json!([all])));
}

fn run(page: &Page, script: &str) {
    page.done(page.browser().run(script, json!([])));
}

/// How often this tab has asked.
fn reads(page: &Page) -> u64 {
    let reads = page.done(page.browser().run("return window.reads", json!([])));
    reads.as_u64().expect("a number")
}

/// How many tabs of all ask.
fn askers(page: &Page) -> u64 {
    let script = "return (await navigator.locks.query()).held
        .filter(lock => lock.name.startsWith('tieline-poller')).length";
    let held = page.done(page.browser().run_async(script, json!([])));
    held.as_u64().expect("a number")
}

/// Asserts that nothing is asked for a while.
fn rests(page: &Page) {
    let before = reads(page);
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert_eq!(reads(page), before, "it is asked for still");
}

fn answer(page: &Page) -> String {
    page.text_of("region", "Answer")
}

#[track_caller]
fn answers(page: &Page, text: &str) {
    page.until(format!("{text:?} in the answer"), || {
        Ok(answer(page).contains(text))
    });
}

/// Waits until the answer shows this status, as one that stays.
#[track_caller]
fn settles(page: &Page, status: &str) {
    page.until(format!("the final status {status}"), || {
        let answer = answer(page);
        Ok(answer.contains(status) && !answer.contains("not final"))
    });
}

#[test]
fn the_answer_follows_the_status_by_itself_until_it_is_final() {
    journey("answer-status", GROWN, |page| {
        page.open("#/");
        watch_reads(page);
        let (slow, first, last) = changing();
        for op in creations() {
            println!("{}", op.name);
            let mut raw = valid(op);
            distinguish(op, &mut raw, 1);
            if op.name == slow.name {
                hold_reads(page);
            }
            send(page, op, &raw);
            let id = created(page, op);
            if op.name == slow.name {
                answers(page, &format!("{first}{FOLLOWED}"));
                listen(page);
                let_go(page);
                hears(page, &format!("The status is final: {last}"));
                let heard = page.done(page.browser().run("return window.__heard", json!([])));
                let heard = heard.to_string();
                assert_eq!(heard.matches(last).count(), 1, "said once: {heard}");
            }
            settles(page, final_status(op));
            // It ends there.
            page.until("the questions to end", || Ok(askers(page) == 0));
            rests(page);
            // The focus is where it was, and the history has the same without another look.
            page.focused("heading", "Created");
            run(page, "window.fails = true");
            page.click("link", "See it in the history");
            page.row(&[&id, final_status(op)]);
            run(page, "window.fails = false");
        }
    });
}

#[test]
fn a_status_read_that_fails_is_said_and_asked_for_again() {
    journey("status-fails", TestConfig::default(), |page| {
        let (op, first, last) = changing();
        page.open("#/");
        watch_reads(page);
        run(
            page,
            "window.fails = true; window.failing = new Promise(done => { window.failNow = done; })",
        );
        send(page, op, &valid(op));
        let id = created(page, op);
        answers(page, &format!("{first}{FOLLOWED}"));
        run(page, "window.failNow()");
        answers(
            page,
            "the last read of it got no answer, and another one follows",
        );
        assert!(answer(page).contains(first), "what is known stays");
        speak(page, "zh-CN");
        let text = page.text_of("region", "响应");
        assert!(text.contains("最近一次查询没有得到响应"), "{text}");
        speak(page, "en");

        // However often it is in vain: it goes on, ever more rarely, and says so.
        for many in 2..=8 {
            page.until(format!("question {many}"), || {
                page.browser().run("window.ahead += 40_000", json!([]))?;
                Ok(reads(page) >= many)
            });
        }
        // The clock went on while the last was on its way, so that one more may be due.
        std::thread::sleep(std::time::Duration::from_secs(3));
        rests(page);
        assert!(answer(page).contains("another one follows"));
        listen(page);
        run(page, "window.fails = false; window.ahead += 40_000");
        settles(page, last);
        hears(page, &format!("The status is final: {last}"));
        page.click("link", "See it in the history");
        page.row(&[&id, last]);
    });
}

/// Who looks elsewhere asks nobody, and sees what another tab has learned: there is one record, and one poller.
#[test]
fn a_hidden_tab_asks_for_no_status_and_shows_what_another_has_learned() {
    journey("status-hidden", GROWN, |page| {
        let (op, first, last) = changing();
        page.open("#/");
        watch_reads(page);
        // Only the other tab learns that it is final.
        keep_young(page, op);
        send(page, op, &valid(op));
        let id = created(page, op);
        answers(page, &format!("{first}{FOLLOWED}"));
        page.until("somebody to ask", || Ok(askers(page) == 1));
        run(page, "window.away = true");
        page.until("nobody to ask", || Ok(askers(page) == 0));
        // What is on its way still comes.
        page.until("what is on its way to be over", || {
            let before = reads(page);
            std::thread::sleep(std::time::Duration::from_secs(1));
            Ok(reads(page) == before)
        });
        rests(page);
        let asked = reads(page);
        assert!(answer(page).contains(FOLLOWED), "{}", answer(page));

        let own = page.tab();
        page.new_tab();
        page.open("#/history");
        page.row(&[&id, last]);
        page.show_tab(&own);
        settles(page, last);
        assert_eq!(reads(page), asked, "the tab has learned it from the other");
        // Seen again it has nothing left to ask for.
        run(page, "window.away = false");
        rests(page);
    });
}
