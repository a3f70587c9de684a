//! What a reader's system asks for: forced colours, and no movement.

use serde_json::{json, Value};
use tieline_catalog::{creations, Kind};

use crate::inputs::{created, fill, leaves, name_path, send, valid};
use crate::page::{journey, Named, Page};
use crate::walkthrough::UNHURRIED;
use tieline_test_support::webdriver::Element;

fn media(page: &Page, features: Value) {
    let media = json!({ "features": features });
    page.done(page.browser().devtools("Emulation.setEmulatedMedia", media));
}

/// What an element looks like, as an image file.
fn picture(page: &Page, element: &Element) -> String {
    let shot = page.browser().screenshot(element);
    page.done(shot)
}

/// The picture of an element once it stays the same, which what flashes up or fades does not.
fn still(page: &Page, element: &Element) -> String {
    page.wait("a picture that stays", || {
        let first = page.browser().screenshot(element)?;
        let again = page.browser().screenshot(element)?;
        Ok((first == again).then_some(first))
    })
}

/// In forced colours, what has another meaning has another look.
#[test]
fn nothing_is_told_by_colour_alone_in_forced_colours() {
    journey("forced", UNHURRIED, |page| {
        for theme in ["light", "dark"] {
            media(
                page,
                json!([
                    { "name": "forced-colors", "value": "active" },
                    { "name": "prefers-color-scheme", "value": theme },
                    { "name": "prefers-reduced-motion", "value": "reduce" },
                ]),
            );
            let op = creations().find(|op| {
                leaves(op)
                    .iter()
                    .any(|(_, p)| matches!(p.kind, Kind::Boolean))
            });
            // The line: a picture for each way a request can go.
            let mut ways: Vec<(String, String)> = Vec::new();
            let op_line = creations().next().expect("an operation");
            page.open(&format!("#/create/{}", op_line.name));
            page.reload();
            let line = |way: &str| {
                let line = page.find("image", Named::Has(&format!(": {way}")));
                (way.to_string(), still(page, &line))
            };
            ways.push(line("not sent yet"));
            for (name, heading, way) in [
                ("fault-forbidden", "Rejected", "rejected by the cloud"),
                ("fault-throttle", "Not executed", "not executed"),
                ("fault-lost", "Outcome unknown", "outcome unknown"),
                ("media", "Created", "created"),
            ] {
                let mut raw = valid(op_line);
                raw.set(&name_path(op_line), &format!("{theme}-{name}"));
                page.click("button", "Clear");
                fill(page, op_line, &raw);
                page.click("button", "Create");
                page.until("an answer or a question", || {
                    Ok(page.has("heading", Named::Has(heading))
                        || page.has("button", "Send it anyway"))
                });
                if page.has("button", "Send it anyway") {
                    page.click("button", "Send it anyway");
                }
                page.find("heading", Named::Has(heading));
                ways.push(line(way));
            }
            for (n, (way, look)) in ways.iter().enumerate() {
                for (other, same) in &ways[..n] {
                    assert!(look != same, "{way} looks like {other} in {theme}");
                }
            }

            // The request's line of the field that has the focus.
            let lines = page.find("group", Named::Has("Request"));
            page.leave();
            let before = still(page, &lines);
            let control = page.control(&name_path(op_line));
            page.done(
                page.browser()
                    .run("arguments[0].focus()", json!([control.json()])),
            );
            page.until("the line's mark", || Ok(picture(page, &lines) != before));
            // The focus itself.
            let with = still(page, &control);
            page.leave();
            assert!(still(page, &control) != with, "the focus cannot be seen");

            // A switch, on and off.
            if let Some(op) = op {
                page.open(&format!("#/create/{}", op.name));
                page.find("button", "Create");
                let (path, _) = leaves(op)
                    .into_iter()
                    .find(|(_, p)| matches!(p.kind, Kind::Boolean))
                    .expect("a switch");
                let switch = page.control(&path);
                let before = still(page, &switch);
                page.click_on(&switch);
                page.leave();
                assert!(
                    still(page, &switch) != before,
                    "{path} on and off look the same"
                );
            }

            // The page that is open, among the ways to all.
            let here = page.find("link", "History");
            let before = still(page, &here);
            page.open("#/history");
            let row = page.find("button", Named::Has(op_line.title.en));
            let here = page.find("link", "History");
            assert!(
                still(page, &here) != before,
                "the present page looks like any"
            );

            // The record that is open, among all.
            let cells = "return arguments[0].closest('[role=row]')";
            let row = page.done(page.browser().run(cells, json!([row.json()])));
            let row = Element::of(&row).expect("a row");
            let before = still(page, &row);
            page.click("button", Named::Has(op_line.title.en));
            page.shows("Idempotency key");
            page.leave();
            assert!(
                still(page, &row) != before,
                "the open record looks like any"
            );
            page.click("button", "Close the details");
        }
    });
}

/// What moves: of every element and what it draws before and after itself, in milliseconds.
const MOVES: &str = "
    const longest = text => Math.max(...text.split(',').map(part => parseFloat(part) * (part.includes('ms') ? 1 : 1000)));
    const out = [];
    for (const e of document.querySelectorAll('*'))
      for (const part of [undefined, '::before', '::after']) {
        const style = getComputedStyle(e, part);
        const animated = style.animationName != 'none' ? longest(style.animationDuration) : 0;
        if (Math.max(animated, longest(style.transitionDuration)) > 50)
          out.push(e.outerHTML.slice(0, 100) + (part || ''));
      }
    return out;";

#[test]
fn nothing_moves_for_those_who_want_no_movement() {
    journey("still", UNHURRIED, |page| {
        let op = creations().next().expect("an operation");
        let count = || {
            let moves = page.done(page.browser().run(MOVES, json!([])));
            moves.as_array().cloned().unwrap_or_default()
        };
        send(page, op, &valid(op));
        created(page, op);
        for place in ["#/", "#/settings", "#/history", "sending"] {
            if place == "sending" {
                let mut raw = valid(op);
                raw.set(&name_path(op), "still-fault-slow");
                send(page, op, &raw);
                page.find("button", "Sending…");
            } else {
                page.open(place);
                page.find("heading", Named::Any);
            }
            if place == "#/history" {
                page.click("button", Named::Has(op.title.en));
                page.shows("Idempotency key");
            }
            media(
                page,
                json!([{ "name": "prefers-reduced-motion", "value": "no-preference" }]),
            );
            assert!(
                !count().is_empty(),
                "{place} has nothing that moves: this tests nothing"
            );
            media(
                page,
                json!([{ "name": "prefers-reduced-motion", "value": "reduce" }]),
            );
            let moves = count();
            assert!(moves.is_empty(), "{place}: {moves:#?}");
            let running = "return document.getAnimations().length";
            assert_eq!(
                page.done(page.browser().run(running, json!([]))),
                json!(0),
                "{place}"
            );
        }
    });
}
