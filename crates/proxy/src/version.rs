//! The proxy's version, and its name to the clouds.

/// The proxy's version: `/healthz` and the header `Tieline-Proxy` carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The proxy's name and version, for the clouds.
#[cfg(feature = "live")]
pub(crate) const USER_AGENT: &str = concat!("tieline-proxy/", env!("CARGO_PKG_VERSION"));
