//! The crate from outside.

mod golden;
mod inputs;
mod parsing;
mod private;
mod samples;
