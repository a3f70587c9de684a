//! The protocol between page and proxy beside the operations themselves: the names of headers, the
//! proxy's own problems, and its health document.
//!
//! Each is defined here once, so that page and proxy cannot come to differ. Pure like the catalog, and
//! small, because it is part of the page.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod header;
pub mod health;
pub mod problem;

pub use health::Health;
pub use problem::ProblemType;
