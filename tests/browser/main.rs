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
mod inputs;
mod page;
mod page_state;
mod records;
mod second_tab;
mod walkthrough;

mod access;
mod accessible_names;
mod answers;
mod awaited_elsewhere;
mod axe;
mod bulk_deletion;
mod code;
mod connection;
mod create_each;
mod damaged_history;
mod damaged_receipts;
mod database_faults;
mod drafts;
mod errors;
mod folded_fields;
mod forced_colors;
mod form_actions;
mod handover;
mod history;
mod history_list;
mod input_methods;
mod keyboard;
mod keystroke_times;
mod languages;
mod layout;
mod lazy_loading;
mod live_regions;
mod lost_creation;
mod many_records;
mod newer_file;
mod newer_parameters;
mod other_keys;
mod other_tabs;
mod palette;
mod paste;
mod permissions;
mod reference;
mod reflow;
mod regions;
mod resource_status;
mod review;
mod spare_database;
mod states;
mod summer_time;
mod tag_offers;
mod tour_and_progress;
mod twenty_tasks;
mod typing_while_sending;
mod unrecorded;
mod violations;
