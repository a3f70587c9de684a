//! Huawei Cloud's identity service, IAM, which no operation of the catalog belongs to.

/// Its name among the configured endpoints.
pub(crate) const SERVICE: &str = "iam";

/// Its host (huaweicloudsdkcore, `auth/internal.py`).
pub(crate) const HOST: &str = "iam.myhuaweicloud.com";

/// The path of its list of accounts, which it calls domains (huaweicloudsdkcore,
/// `auth/internal.py`).
pub(crate) const DOMAINS: &str = "/v3/auth/domains";
