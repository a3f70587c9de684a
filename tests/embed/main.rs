//! The package for other pages, in pages of every kind: plain, built by bundlers, in React and Vue,
//! in a frame, under a strict policy, on another origin; and in Node.
//!
//! Each test has a browser and servers of its own, and fails when the page logs an error, breaks its
//! policy, or asks an origin for anything that the test does not know of.
//!
//! `cargo xtask test embed` builds the package and the pages and sets the variables that say where
//! they are. Without them the tests say so and do nothing.
#![cfg(not(target_family = "wasm"))]

mod stage;

mod axe;
mod boundary;
mod bundlers;
mod elements;
mod fields;
mod frame;
mod frame_faults;
mod host;
mod hosting;
mod manifest;
mod memory;
mod promises;
mod requests;
mod styles;
mod tenants;
