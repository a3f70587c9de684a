//! Where requests go.

use super::access::Proxy;

/// Where requests go.
#[derive(Clone, PartialEq, Debug)]
pub enum Target {
    /// A proxy.
    Proxy(Proxy),
    /// The sandbox inside this page.
    InPage,
}

impl Target {
    /// How records of the history name the target.
    pub fn name(&self) -> &str {
        match self {
            Target::Proxy(proxy) => &proxy.name,
            Target::InPage => "in-page sandbox",
        }
    }
}
