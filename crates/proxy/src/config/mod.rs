//! The configuration: one TOML file and the environment, the environment first.
//!
//! [`load()`] reads both. Every key has a default but the credentials of the real clouds. A key that
//! is not known and a value that does not fit are refused with their line. `crates/proxy/
//! tieline-proxy.example.toml` shows every key.

mod account;
mod load;
mod model;
mod values;

pub use account::{accounts, Account, Accounts, HuaweiKeys, DEFAULT_PROFILE};
pub use load::{environment, ignored_names, load, print, ConfigError, Environment};
pub(crate) use load::{CONFIG_VARIABLE, JOURNAL_SECRET};
pub use model::{
    AlibabaVariables, Audit, Auth, Configuration, HuaweiVariables, Journal, JournalKind, Limits,
    Profile, Token,
};
pub(crate) use values::{is_domain_id, IAM};
pub use values::{Digest, Endpoint, Hidden, Origin};
