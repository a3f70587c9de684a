//! The page around a console that is an element: what it wants, and what it is told.
//!
//! Only the build with the feature `embed` has one.

#[cfg(feature = "embed")]
mod element;
#[cfg(not(feature = "embed"))]
mod nobody;

#[cfg(feature = "embed")]
pub use element::Guest;
#[cfg(not(feature = "embed"))]
pub use nobody::Guest;
