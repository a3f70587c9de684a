//! The configuration: one TOML file and the environment, the environment first.
//!
//! [`load()`] reads both. Every key has a default but the credentials of the real clouds. A key that
//! is not known and a value that does not fit are refused with their line. `crates/proxy/
//! tieline-proxy.example.toml` shows every key.

mod account;
mod endpoint;
mod environment;
mod error;
mod load;
mod model;
mod overlay;
mod print;
mod values;

pub use account::{accounts, Account, Accounts, HuaweiKeys, DEFAULT_PROFILE};
pub(crate) use endpoint::is_loopback;
pub use endpoint::{Endpoint, Origin};
#[cfg(feature = "live")]
pub(crate) use environment::JOURNAL_SECRET;
pub use environment::{environment, ignored_names, Environment};
#[cfg(feature = "live")]
pub(crate) use error::variable;
pub use error::ConfigError;
pub use load::{keep_password, load, named};
pub use model::{
    AlibabaVariables, Audit, Auth, Configuration, HuaweiVariables, Journal, JournalKind, Limits,
    Profile, Token,
};
pub use print::print;
pub(crate) use values::is_account_id;
pub use values::{Digest, Hidden};
