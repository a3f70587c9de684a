//! The signatures against the vendors' own, and against everything else.

mod common;
mod properties;
mod recorded;
mod refusals;
mod vectors;
