//! The console in a real browser: the built page, served by the proxy, driven through WebDriver.
//!
//! What is on the page is found as a person or a screen reader finds it: by role and accessible
//! name, as the browser itself computes them. The only other contract is a control's `name`
//! attribute, which is the parameter's wire path. Nothing is found by class or id.
//!
//! Each test has a browser profile, a proxy and a sandbox of its own. Beside what it asserts, a test
//! fails when the page logs an error, breaks its content security policy, panics, or asks another
//! origin for anything. A failed test leaves a screenshot and the logs in
//! `target/browser-failures/`.
//!
//! `cargo xtask test browser` sets the variables that say where everything is. Without them the
//! tests say so and do nothing.
#![cfg(not(target_family = "wasm"))]

mod holding;
mod page;
mod reading;
mod records;
mod tabs;
mod values;
mod walkthrough;

mod access;
mod announce;
mod answers;
mod axe;
mod clocks;
mod code;
mod compose;
mod connection;
mod creating;
mod drafts;
mod durable;
mod elsewhere;
mod errors;
mod everyday;
mod first_visit;
mod handover;
mod history;
mod inventory;
mod keyboard;
mod languages;
mod later;
mod layout;
mod list;
mod lost;
mod many;
mod media;
mod names;
mod newer;
mod optional;
mod palette;
mod paste;
mod permissions;
mod reference;
mod reflow;
mod regions;
mod rejecting;
mod review;
mod snapshot;
mod spare;
mod states;
mod status;
mod storage;
mod tags;
mod twenty;
mod typing;
