//! The target of requests.

use super::access::Proxy;

/// The target of requests.
#[derive(Clone, PartialEq, Debug)]
pub enum Target {
    /// A proxy.
    Proxy(Proxy),
    /// The sandbox inside this page.
    InPage,
}

impl Target {
    /// The name of the target in records of the history.
    pub fn name(&self) -> &str {
        match self {
            Target::Proxy(proxy) => &proxy.name,
            Target::InPage => "in-page sandbox",
        }
    }

    /// The account of the proxy's that is asked for; none for its default.
    pub fn profile(&self) -> Option<String> {
        match self {
            Target::Proxy(proxy) if !proxy.profile.is_empty() => Some(proxy.profile.clone()),
            _ => None,
        }
    }
}
