//! The page around a console that is an element: what it wants, and what it is told.
//!
//! Only the build with the feature `embed` has one.

#[cfg(feature = "embed")]
mod element;
#[cfg(not(feature = "embed"))]
mod nobody;

use tieline_catalog::Text;

use crate::form::state::Form;

#[cfg(feature = "embed")]
pub use element::{creation, Guest};
#[cfg(not(feature = "embed"))]
pub use nobody::Guest;

/// What the page around is told of.
pub enum Event<'a> {
    /// The console is there.
    Ready,
    /// What is typed, or what is wrong with it, has changed.
    Change(&'a Form),
    /// This came of a request.
    Outcome(&'a crate::answer::Outcome),
    /// A resource of this operation and id has another status now.
    Status(&'a str, &'a str, &'a str),
    /// Something is wrong that keeps the console from working.
    Error(&'static str, Text),
}
