//! Entries in a Redis server that several replicas of the proxy share.
//!
//! An entry is read together with the server's clock, the rules run here, and a script on the
//! server writes the result if the entry is still the one that was read.
//!
//! # What the server must be set to
//! Redis acknowledges before it writes, unless told otherwise. An acknowledged intent that is lost
//! means a resource created twice, so these are checked at the start:
//! `appendonly yes`, `appendfsync always`, `maxmemory-policy noeviction`.
//! With replicas, a failover loses what the promoted replica did not have: require copies with
//! [`RedisServer::replicas`] (`WAIT` after each write) and set `min-replicas-to-write` to the same
//! number. `WAIT` makes loss by failover improbable, not impossible.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{cmd, pipe, Client, RedisError};
use zeroize::Zeroizing;

use crate::clock::Now;
use crate::entry::{self, Change, Entry, Reply, Step};
use crate::error::Error;
use crate::types::{EntryId, Unknown};

/// Puts ARGV[2] in the place of ARGV[1] (empty: no entry), for ARGV[3] milliseconds (0: for ever).
const SWAP: &str = "
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1";

/// The prefix of all keys' names.
const PREFIX: &str = "tieline:journal:";

/// The keys on a page of a listing, about.
const PAGE: u32 = 1000;

/// The most tries of a step while others change the entry. Each failure means that another one
/// succeeded, and an entry changes a few times at most.
const TRIES: usize = 32;

/// The time limit for an answer of the server.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The time to wait for the replicas.
const WAIT_MS: u64 = 2_000;

/// The longest expiry that is asked for, in milliseconds: the server refuses what overflows.
const MAX_KEEP: u64 = 1 << 53;

/// A Redis server.
#[derive(Clone)]
pub struct RedisServer {
    /// `redis://[user:password@]host:port[/database]`, or `rediss://…` with TLS, by the certificates
    /// that the system trusts or those in the file that SSL_CERT_FILE names.
    pub url: Zeroizing<String>,
    /// The number of the server's replicas that must hold an entry too; 0 for a server without.
    pub replicas: u32,
    /// Skips the check of the server's settings, for services that do not tell them.
    pub trusted: bool,
}

impl fmt::Debug for RedisServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address can hold a password.
        write!(f, "RedisServer({} replicas)", self.replicas)
    }
}

pub(crate) struct Redis {
    connection: ConnectionManager,
    replicas: u32,
}

impl Redis {
    pub(crate) async fn connect(
        server: &RedisServer,
        check_value: &str,
        create: bool,
    ) -> Result<Redis, Error> {
        let connecting = failed("connecting");
        let client = Client::open(server.url.as_str()).map_err(&connecting)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        let connection = ConnectionManager::new_with_config(client, config)
            .await
            .map_err(&connecting)?;
        let redis = Redis {
            connection,
            replicas: server.replicas,
        };
        if !server.trusted {
            redis.check_settings().await?;
        }
        redis.check_secret(check_value, create).await?;
        Ok(redis)
    }

    async fn check_settings(&self) -> Result<(), Error> {
        for (name, value, advice) in [
            ("appendonly", "yes", "appendonly yes"),
            ("appendfsync", "always", "appendfsync always"),
            (
                "maxmemory-policy",
                "noeviction",
                "maxmemory-policy noeviction",
            ),
        ] {
            let mut get = cmd("CONFIG");
            get.arg("GET").arg(name);
            let found: Result<Vec<String>, RedisError> =
                get.query_async(&mut self.connection.clone()).await;
            match found {
                Ok(pair) if pair.get(1).is_some_and(|found| found == value) => {}
                Ok(_) => return Err(Error::NotDurable(advice)),
                Err(error) if error.is_io_error() => return Err(failed("connecting")(error)),
                Err(_) => return Err(Error::NotDurable("its settings cannot be read")),
            }
        }
        Ok(())
    }

    async fn check_secret(&self, check_value: &str, create: bool) -> Result<(), Error> {
        let mut asked = pipe();
        if create {
            asked
                .cmd("SET")
                .arg("tieline:journal:check")
                .arg(check_value)
                .arg("NX")
                .ignore();
        }
        let (known,): (Option<String>,) = asked
            .cmd("GET")
            .arg("tieline:journal:check")
            .query_async(&mut self.connection.clone())
            .await
            .map_err(failed("connecting"))?;
        match known {
            Some(known) if known == check_value => Ok(()),
            None if !create => Err(Error::Absent("the Redis server".to_string())),
            _ => Err(Error::OtherSecret),
        }
    }

    pub(crate) async fn apply(&self, id: &EntryId, step: Step, ahead: u64) -> Result<Reply, Error> {
        let key = format!("{PREFIX}{id}");
        for _ in 0..TRIES {
            let (before, time): (Option<String>, (u64, u64)) = pipe()
                .cmd("GET")
                .arg(&key)
                .cmd("TIME")
                .query_async(&mut self.connection.clone())
                .await
                .map_err(failed("reading"))?;
            let entry = before
                .as_ref()
                .map(|text| Entry::from_json(text, id))
                .transpose()?;
            let now = millis(time).saturating_add(ahead);
            let (change, reply) = entry::step(id, entry, step.clone(), Now::of(now));
            let (after, keep) = match change {
                Change::Keep => return Ok(reply),
                Change::Remove => (String::new(), 0),
                Change::Put(entry) => {
                    let until = entry.kept_until();
                    let keep =
                        until.map_or(0, |until| until.saturating_sub(now).clamp(1, MAX_KEEP));
                    (entry.to_json(id)?, keep)
                }
            };
            if self
                .swap(&key, &before.unwrap_or_default(), &after, keep)
                .await?
            {
                return Ok(reply);
            }
        }
        Err(Error::Contended)
    }

    pub(crate) async fn unknown(&self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        let reading = failed("reading");
        let mut connection = self.connection.clone();
        let time: (u64, u64) = cmd("TIME")
            .query_async(&mut connection)
            .await
            .map_err(&reading)?;
        let now = millis(time).saturating_add(ahead);
        let (mut unknown, mut cursor) = (BTreeMap::new(), 0);
        loop {
            // A page may be empty, and may repeat what an earlier one had.
            let (next, keys): (u64, Vec<String>) = cmd("SCAN")
                .arg(cursor)
                .arg("MATCH")
                .arg(format!("{PREFIX}*"))
                .arg("COUNT")
                .arg(PAGE)
                .query_async(&mut connection)
                .await
                .map_err(&reading)?;
            let ids = keys.iter().filter_map(|key| id_of(key));
            for id in ids {
                let text: Option<String> = cmd("GET")
                    .arg(format!("{PREFIX}{id}"))
                    .query_async(&mut connection)
                    .await
                    .map_err(&reading)?;
                let entry = text.map(|text| Entry::from_json(&text, &id)).transpose()?;
                if let Some(found) = entry.and_then(|entry| entry.unknown(id, Now::of(now))) {
                    unknown.insert(id.0, found);
                }
            }
            cursor = next;
            if cursor == 0 {
                return Ok(unknown.into_values().collect());
            }
        }
    }

    /// Whether the entry was still `before` and is `after` now, on enough servers.
    async fn swap(&self, key: &str, before: &str, after: &str, keep: u64) -> Result<bool, Error> {
        let mut commands = pipe();
        commands.cmd("EVAL").arg(SWAP).arg(1).arg(key);
        commands.arg(before).arg(after).arg(keep);
        if self.replicas > 0 {
            // In the same pipeline, so that it waits for this connection's write.
            commands.cmd("WAIT").arg(self.replicas).arg(WAIT_MS);
        }
        let replies: Vec<i64> = commands
            .query_async(&mut self.connection.clone())
            .await
            .map_err(failed("writing"))?;
        match replies[..] {
            [0, ..] => Ok(false),
            [1, copies] if copies < i64::from(self.replicas) => {
                Err(Error::NotReplicated(copies, self.replicas))
            }
            _ => Ok(true),
        }
    }
}

/// The answer to the command TIME, seconds and microseconds, in milliseconds.
fn millis((seconds, micros): (u64, u64)) -> u64 {
    seconds.saturating_mul(1000).saturating_add(micros / 1000)
}

/// The entry that a key of the server is for; the check value's key is for none.
fn id_of(key: &str) -> Option<EntryId> {
    let id = base16ct::lower::decode_vec(key.strip_prefix(PREFIX)?).ok()?;
    Some(EntryId(id.try_into().ok()?))
}

/// The server's own words can repeat what was sent; its codes cannot.
fn failed(doing: &'static str) -> impl Fn(RedisError) -> Error {
    move |error| {
        let code = error.code().unwrap_or("no code").to_string();
        Error::Redis(doing, error.category().to_string(), code)
    }
}
