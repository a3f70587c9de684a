//! The catalog's integration tests: one program.

mod properties;
mod registry;
mod truth;
