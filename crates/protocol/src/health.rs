//! The health document, in which the proxy describes itself.

use alloc::vec::Vec;

use serde::Serialize;

/// Its path, below the proxy's own address.
pub const PATH: &str = "/healthz";

/// The name by which a proxy is told from whatever else may answer.
pub const NAME: &str = "tieline-proxy";

/// The mode of a proxy whose clouds are its own sandbox.
pub const SANDBOX: &str = "sandbox";

/// The mode of a proxy for the real clouds.
pub const LIVE: &str = "live";

/// The answer to `GET /healthz`. The page reads it leniently, by the browser's own parser: what is
/// missing is empty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Health<'a> {
    /// [`NAME`].
    pub name: &'a str,
    /// The proxy's version; page and proxy agree in its first two parts.
    pub version: &'a str,
    /// [`SANDBOX`] or [`LIVE`].
    pub mode: &'a str,
    /// The clouds for which any profile has keys.
    pub credentials: Credentials,
    /// The accounts that a request can choose by [`crate::header::PROFILE`].
    pub profiles: Vec<Profile<'a>>,
}

/// Whether there are keys, by cloud.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Credentials {
    /// For Alibaba Cloud.
    pub alibaba: bool,
    /// For Huawei Cloud.
    pub huawei: bool,
}

/// An account, as far as everybody may know it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Profile<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it has keys, by cloud.
    #[serde(flatten)]
    pub credentials: Credentials,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_the_members_that_pages_read() {
        let credentials = Credentials {
            alibaba: true,
            huawei: false,
        };
        let health = Health {
            name: NAME,
            version: "1.2.3",
            mode: LIVE,
            credentials,
            profiles: vec![Profile {
                name: "default",
                credentials,
            }],
        };
        assert_eq!(
            serde_json::to_value(&health).expect("plain members"),
            serde_json::json!({
                "name": "tieline-proxy",
                "version": "1.2.3",
                "mode": "live",
                "credentials": { "alibaba": true, "huawei": false },
                "profiles": [{ "name": "default", "alibaba": true, "huawei": false }],
            })
        );
    }
}
