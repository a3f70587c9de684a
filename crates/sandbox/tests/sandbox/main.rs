//! The sandbox's integration tests, one program.

mod cloud;
mod lists;
mod operations;
mod properties;
