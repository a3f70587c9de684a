//! Names of headers, in lower case.

use tieline_catalog::Provider;

/// The key that identifies a creation when it is sent again: 1–255 visible ASCII characters, a new
/// value for each resource. Every creation carries it.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// On an answer that the proxy's journal gave again: `true`.
pub const IDEMPOTENCY_REPLAYED: &str = "idempotency-replayed";

/// The mode that the proxy must have, `sandbox` or `live`, for the request to be sent; without it any.
pub const MODE: &str = "tieline-mode";

/// The proxy's profile that signs the request; without it the default one does.
pub const PROFILE: &str = "tieline-profile";

/// On every answer of the proxy: its version.
pub const PROXY: &str = "tieline-proxy";

/// On what the proxy only passes on from the cloud: `1`. Without it an answer is the proxy's own.
pub const RELAYED: &str = "tieline-relayed";

/// On what the proxy passes on from a cloud: whose keys signed the request, as 16 hexadecimal digits that tell nothing
/// else. What other keys do not find may exist all the same. Absent where the request itself names its account, and
/// with temporary keys, which are others each hour.
pub const SIGNER: &str = "tieline-signer";

/// Huawei Cloud's id of a request, for its support.
pub const REQUEST_ID: &str = Provider::Huawei.request_id_header();

/// Alibaba Cloud's id of a request, for its support.
pub const ACS_REQUEST_ID: &str = Provider::Alibaba.request_id_header();

/// The seconds after which the next request is taken.
pub const RETRY_AFTER: &str = "retry-after";

/// The headers that a page of another origin may send (CORS).
pub const ALLOWED: &[&str] = &[
    "authorization",
    "content-type",
    IDEMPOTENCY_KEY,
    MODE,
    PROFILE,
];

/// The headers that a page of another origin may read (CORS).
pub const EXPOSED: &[&str] = &[PROXY, RELAYED, SIGNER, REQUEST_ID, RETRY_AFTER];
