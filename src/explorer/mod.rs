//! What an engineer looks up: the meaning of error codes, and what an account has to be allowed to do; and the
//! tour for who comes for the first time.
//!
//! The first two are read from the catalog's tables and all is loaded lazily.

mod error_centre;
mod messages;
mod permissions;
mod results;
mod tour;

pub use error_centre::ErrorCentre;
pub use messages::{action_link, error_link};
pub use permissions::Permissions;
pub use tour::{ask_for_tour, Tour};
