//! The catalog's integration tests: one program.

mod policies;
mod properties;
mod quotes;
mod registry;
mod truth;
