//! The console as an element of a host page. Only the build with the feature `embed` has this.

pub mod api;
mod chunks;
pub mod host_page;
pub mod payload;
mod values;
