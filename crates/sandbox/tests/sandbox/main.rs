//! The sandbox's integration tests, one program.

mod cloud;
mod operations;
mod properties;
