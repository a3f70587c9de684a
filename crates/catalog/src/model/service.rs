//! Vendors, their products and hosts.

use crate::text::Text;

/// Whose cloud it is. Request style, signature and error bodies follow from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Provider {
    /// Alibaba Cloud: RPC style, `Code`/`Message`/`RequestId`, XML or JSON.
    Alibaba,
    /// Huawei Cloud: REST, `error_code`/`error_msg`/`request_id`, JSON.
    Huawei,
}

impl Provider {
    /// The provider's name.
    pub const fn name(self) -> Text {
        match self {
            Provider::Alibaba => Text {
                en: "Alibaba Cloud",
                zh: "阿里云",
            },
            Provider::Huawei => Text {
                en: "Huawei Cloud",
                zh: "华为云",
            },
        }
    }

    /// The response header with the vendor's id of the request, in lower case.
    pub const fn request_id_header(self) -> &'static str {
        match self {
            Provider::Alibaba => "x-acs-request-id",
            Provider::Huawei => "x-request-id",
        }
    }
}

/// A vendor's product: an API version and its hosts.
pub struct Service {
    /// The short name used in configuration: `smartag`, `cbn`, `vpc`, `cc`.
    pub id: &'static str,
    /// The vendor's product code: `Smartag`, `Cbn`, `Vpc`, `cc`.
    pub code: &'static str,
    /// The API version, as in `x-acs-version`; `v3` for Huawei.
    pub version: &'static str,
    /// Whose product it is.
    pub provider: Provider,
    /// The product's name for people.
    pub product: Text,
    /// The host of a request that names no region.
    pub host: &'static str,
    /// The host of a request that names one, `{region}` standing for it; `None` when there is one
    /// host for all regions.
    pub regional_host: Option<&'static str>,
    /// Regions whose host does not follow the pattern.
    pub host_exceptions: &'static [(&'static str, &'static str)],
}
