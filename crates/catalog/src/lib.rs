//! The five creation APIs and their reads, as data, and the functions that interpret the data.
//!
//! One file under [`operations`] is one creation. Forms, checks, wire requests, policies, code, pasted
//! texts, the sandbox, the proxy's allow-list and its OpenAPI document all read it; nothing else names an operation.
//!
//! This crate is pure: no web, no I/O, no clock, no randomness. Without `std` there is none to reach for.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod afterwards;
pub mod answer;
pub mod check;
pub mod error_centre;
pub mod errors;
#[cfg(not(target_family = "wasm"))]
pub mod glossary;
pub mod input;
mod json;
pub mod model;
pub mod operations;
pub mod path;
pub mod policy;
mod private;
pub mod reconcile;
pub mod refusal;
pub mod rules;
pub mod text;
pub mod wire;

pub use check::{check, Report, Valid, Violation};
pub use input::{Parsed, Raw, Value};
pub use model::*;
pub use operations::{creations, entries, find};
pub use text::{Lang, Message, Text};
