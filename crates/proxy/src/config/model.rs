//! The settings and their defaults.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use super::endpoint::{self, Endpoint, Origin};
use super::values::{self, Digest, Hidden};

/// Everything that can be configured.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Configuration {
    /// The address to listen on. Other machines are let in only with [`Auth`] configured.
    pub listen: SocketAddr,
    /// The folder of a built console to serve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console: Option<PathBuf>,
    /// The values of the header Host that are answered beside those of this machine:
    /// `portal.example`, `portal.example:8443`.
    #[serde(deserialize_with = "values::hosts")]
    pub allowed_hosts: Vec<String>,
    /// The origins whose pages may use the proxy beside those of this machine.
    pub allowed_origins: Vec<Origin>,
    /// The origins whose pages may show the console in a frame; none unless listed.
    pub frame_ancestors: Vec<Origin>,
    /// The users of the proxy.
    #[serde(deserialize_with = "auth")]
    pub auth: Auth,
    /// The limits of what a client may ask for.
    pub limits: Limits,
    /// The record of who did what.
    pub audit: Audit,
    /// The memory of idempotency keys.
    pub journal: Journal,
    /// Other hosts than the compiled table's, by service: `smartag`, `cbn`, `vpc`, `cc`, `iam`.
    #[serde(deserialize_with = "endpoint::endpoints")]
    pub endpoints: BTreeMap<String, Endpoint>,
    /// The accounts, by a name of one's own. `default` is used when a request names none.
    #[serde(deserialize_with = "values::profiles")]
    pub profiles: BTreeMap<String, Profile>,
}

impl Default for Configuration {
    fn default() -> Configuration {
        Configuration {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)),
            console: None,
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            frame_ancestors: Vec::new(),
            auth: Auth::default(),
            limits: Limits::default(),
            audit: Audit::default(),
            journal: Journal::default(),
            endpoints: BTreeMap::new(),
            profiles: BTreeMap::new(),
        }
    }
}

/// The users of the proxy. With neither tokens nor a trusted header everybody who reaches it is one.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// Bearer tokens, each known by its hash.
    pub tokens: Vec<Token>,
    /// The header in which a reverse proxy says who the user is. It counts only in requests from
    /// [`Auth::trusted_proxies`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_header: Option<String>,
    /// The addresses of those reverse proxies: `10.0.0.7`, `fd00::/8`.
    #[serde(deserialize_with = "values::networks")]
    pub trusted_proxies: Vec<IpNet>,
}

impl Auth {
    /// Whether somebody has to prove who they are.
    pub fn required(&self) -> bool {
        !self.tokens.is_empty() || self.trusted_header.is_some()
    }
}

/// Names of headers, and of users.
fn auth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Auth, D::Error> {
    let auth = Auth::deserialize(deserializer)?;
    let header = auth.trusted_header.as_deref().unwrap_or("x");
    if header.parse::<axum::http::HeaderName>().is_err() {
        return Err(D::Error::custom("trusted_header is no name of a header"));
    }
    let named = |t: &Token| {
        (1..=64).contains(&t.name.chars().count()) && !t.name.chars().any(char::is_control)
    };
    if !auth.tokens.iter().all(named) {
        return Err(D::Error::custom("a token's name has 1 to 64 characters"));
    }
    Ok(auth)
}

/// A bearer token.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Whose it is, for the audit log.
    pub name: String,
    /// The token's SHA-256 in hexadecimal: `printf %s "$TOKEN" | sha256sum`.
    pub sha256: Digest,
}

/// The limits of what a client may ask for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The longest request body in KiB.
    #[serde(deserialize_with = "values::within::<_, _, 1, 1024>")]
    pub body_kib: usize,
    /// The deepest nesting of the body's JSON.
    #[serde(deserialize_with = "values::within::<_, _, 4, 128>")]
    pub json_depth: usize,
    /// The most headers of a request.
    #[serde(deserialize_with = "values::within::<_, _, 16, 1000>")]
    pub headers: usize,
    /// The time limit for a client to send a request, in seconds.
    #[serde(deserialize_with = "values::within::<_, _, 1, 600>")]
    pub request_timeout: u64,
    /// The time limit for the cloud's answer, with all repetitions, in seconds.
    #[serde(deserialize_with = "values::within::<_, _, 1, 600>")]
    pub upstream_timeout: u64,
    /// The most requests in work at once.
    #[serde(deserialize_with = "values::within::<_, _, 1, 100_000>")]
    pub concurrency: usize,
    /// The most requests of one client in a minute; 0: any number.
    #[serde(deserialize_with = "values::within::<_, _, 0, 1_000_000>")]
    pub rate_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body_kib: 256,
            json_depth: 32,
            headers: 100,
            request_timeout: 15,
            upstream_timeout: 30,
            concurrency: 256,
            rate_per_minute: 1200,
        }
    }
}

/// The record of who did what.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// The file that gets a JSON line for each request; none is written without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

/// The kind of the journal's store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JournalKind {
    /// In one file, for one process.
    #[default]
    Sqlite,
    /// On a Redis server, for several replicas.
    Redis,
    /// On a PostgreSQL server, for several replicas; with a synchronous standby it survives a failover.
    Postgres,
    /// In memory, until the process ends.
    Memory,
}

/// The memory of idempotency keys.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Journal {
    /// The kind of its store.
    pub kind: JournalKind,
    /// The file, for `sqlite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// The server: `redis://host:6379/0`, `postgres://user@host/database`. It may hold a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Hidden>,
    /// The environment variable that holds the url, instead of [`Journal::url`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_env: Option<String>,
    /// The number of the server's replicas (synchronous standbys) that must have an intent before its request leaves.
    #[serde(deserialize_with = "values::within::<_, _, 0, 16>")]
    pub replicas: u32,
    /// Whether the server's settings are not asked for, because its operator vouches for them.
    pub trusted: bool,
    /// The identity that the server's journal must have; none is begun then.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "values::journal_identity"
    )]
    pub identity: Option<String>,
    /// The number of days that a key is remembered.
    #[serde(deserialize_with = "values::within::<_, _, 1, 3650>")]
    pub retention_days: u32,
}

impl JournalKind {
    /// Whether it is on a server, which has an address.
    pub fn is_on_a_server(self) -> bool {
        matches!(self, JournalKind::Redis | JournalKind::Postgres)
    }
}

impl Default for Journal {
    fn default() -> Journal {
        Journal {
            kind: JournalKind::Sqlite,
            path: None,
            url: None,
            url_env: None,
            replicas: 0,
            trusted: false,
            identity: None,
            retention_days: 30,
        }
    }
}

/// An account at each of the clouds. A key is named or kept elsewhere, never written here.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// A TOML file with the keys, which only its owner can read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials_file: Option<PathBuf>,
    /// The environment variables that hold Alibaba Cloud's keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alibaba_env: Option<AlibabaVariables>,
    /// The environment variables that hold Huawei Cloud's keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub huawei_env: Option<HuaweiVariables>,
    /// The id of the Huawei Cloud account; asked from IAM when it stands nowhere.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "values::account_id"
    )]
    pub domain_id: Option<String>,
}

/// Names of environment variables.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AlibabaVariables {
    /// The variable with the access key id.
    pub access_key_id: String,
    /// The variable with the access key secret.
    pub access_key_secret: String,
    /// The variable with the token of temporary keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_token: Option<String>,
}

/// Names of environment variables.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HuaweiVariables {
    /// The variable with the access key (AK).
    pub access_key: String,
    /// The variable with the secret key (SK).
    pub secret_key: String,
    /// The variable with the token of temporary keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_token: Option<String>,
}
