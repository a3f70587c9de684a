//! The catalog's integration tests: one program.

mod policies;
mod properties;
mod registry;
mod truth;
