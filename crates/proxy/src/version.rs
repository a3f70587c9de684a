//! The proxy's version, and its name to the clouds.

/// The proxy's version: `/healthz` and the header `Tieline-Proxy` carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the proxy calls itself to the clouds: its name and version.
#[cfg(feature = "live")]
pub(crate) const USER_AGENT: &str = concat!("tieline-proxy/", env!("CARGO_PKG_VERSION"));
