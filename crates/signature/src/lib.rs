//! The signatures of requests to the clouds: made as the vendors' SDKs make them, and checked as
//! the vendors' servers check them.
//!
//! | scheme | sign | what it covers |
//! | --- | --- | --- |
//! | Alibaba V3, ACS3-HMAC-SHA256 | [`acs3::sign`] | method, path, query, headers, body |
//! | Alibaba V1, HMAC-SHA1 (older clients) | [`v1::sign`] | method, parameters of query and form |
//! | Huawei, SDK-HMAC-SHA256 | [`sdk_hmac::sign`] | method, path, query, headers, body |
//! | Huawei, X-Auth-Token | the header itself | nothing |
//!
//! [`verify`] tells them apart by itself. The crate does no input or output: time, nonce and
//! credentials are passed in. What a real server accepts is known from documents and from recorded
//! answers only; where a choice had to be made it is said at the item. The
//! algorithms are those of the vendors' documents and of the SDK packages that `tests/vectors/*.json`
//! name; each module says which.

pub mod acs3;
mod canonical;
mod clock;
mod identity;
mod nonces;
mod refusal;
pub mod sdk_hmac;
mod secret;
pub mod v1;
mod verify;

pub use clock::extended as utc;
pub use identity::{Accounts, Identity, Scheme};
pub use nonces::NonceStore;
pub use refusal::Refusal;
pub use secret::{Credentials, Secret};
pub use verify::verify;
