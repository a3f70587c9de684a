//! The types of the tables.
//!
//! An operation is data. Nothing in this module decides anything; [`crate::check`] interprets the
//! rules, [`crate::wire`] the locations, [`crate::answer`] the responses and error codes.

mod afterwards;
mod operation;
mod param;
mod response;
mod rule;
mod service;
mod source;
mod tools;

pub use afterwards::*;
pub use operation::*;
pub use param::*;
pub use response::*;
pub use rule::*;
pub use service::*;
pub use source::*;
pub use tools::*;
