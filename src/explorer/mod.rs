//! What an engineer looks up: the meaning of error codes, and what an account has to be allowed to do.
//!
//! Both are read from the catalog's tables and loaded lazily.

mod error_centre;
mod messages;
mod permissions;
mod results;

pub use error_centre::ErrorCentre;
pub use messages::{action_link, error_link};
pub use permissions::Permissions;
