//! Entries in a Redis server that several replicas of the proxy share.
//!
//! A script on the server gives an entry and the time, the rules run here, and another script writes the
//! result if the entry is still the one that was read. Both look first whether the server still holds the
//! journal that was opened, with all that this process wrote to it.
//!
//! # What the server must be set to
//! Redis acknowledges before it writes, unless told otherwise. An acknowledged intent that is lost
//! means a resource created twice, so these are checked at the start, and in the same transaction as each
//! script: `appendonly yes`, `appendfsync always`, `maxmemory-policy noeviction`.
//! With replicas, a failover loses what the promoted replica did not have: require copies with
//! [`RedisServer::replicas`] (`WAIT` after each write) and set `min-replicas-to-write` to the same
//! number. `WAIT` makes loss by failover improbable, not impossible; what of this process's own writes is
//! lost is noticed before anything more is sent.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{cmd, from_redis_value, pipe, Client, Cmd, FromRedisValue, RedisError, Value};
use zeroize::Zeroizing;

use super::standing::{name, Found, Opening, Standing};
use crate::clock::Now;
use crate::entry::{self, Change, Entry, Reply, Step};
use crate::error::Error;
use crate::types::{EntryId, Unknown};

mod script;

/// What messages call it.
const SERVER: &str = "Redis server";

/// The settings without which the server may forget what it acknowledged.
const SETTINGS: [(&str, &str); 3] = [
    ("appendonly", "yes"),
    ("appendfsync", "always"),
    ("maxmemory-policy", "noeviction"),
];

/// The keys beside the entries.
const CHECK: &str = "tieline:journal:check";
const IDENTITY: &str = "tieline:journal:identity";
const CLOCK: &str = "tieline:journal:clock";
const EXPIRY: &str = "tieline:journal:expiry";
const WRITER: &str = "tieline:journal:writer:";

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
    trusted: bool,
    pub(crate) standing: Standing,
    /// The key under which this process's writes are counted.
    writer: String,
}

/// What became of a write.
enum Swapped {
    Done,
    /// The entry was another one meanwhile.
    Changed,
}

impl Redis {
    pub(crate) async fn connect(server: &RedisServer, opening: &Opening) -> Result<Redis, Error> {
        let connecting = failed("connecting");
        let client = Client::open(server.url.as_str()).map_err(&connecting)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        let connection = ConnectionManager::new_with_config(client, config)
            .await
            .map_err(&connecting)?;
        if !server.trusted {
            check_settings(&connection).await?;
        }
        let found = open(&connection, opening).await?;
        let standing = Standing::of(found, opening, SERVER)?;
        Ok(Redis {
            connection,
            replicas: server.replicas,
            trusted: server.trusted,
            writer: format!("{WRITER}{}", standing.writer),
            standing,
        })
    }

    pub(crate) async fn apply(&self, id: &EntryId, step: Step, ahead: u64) -> Result<Reply, Error> {
        let key = format!("{PREFIX}{id}");
        for _ in 0..TRIES {
            let (now, before) = self.read(&key, ahead).await?;
            let entry = before
                .as_ref()
                .map(|text| Entry::from_json(text, id))
                .transpose()?;
            let forgotten = entry.as_ref().and_then(Entry::kept_until);
            let (change, reply) = entry::step(id, entry, step.clone(), now);
            let (after, until) = match change {
                Change::Keep => return Ok(reply),
                Change::Remove => (String::new(), 0),
                Change::Put(entry) => (entry.to_json(id)?, entry.kept_until().unwrap_or(0)),
            };
            let before = before.unwrap_or_default();
            match self.swap(&key, &before, &after, until).await {
                Ok(Swapped::Done) => return Ok(reply),
                Ok(Swapped::Changed) => {}
                Err(error) => {
                    // It is written, though not well enough to be sent: taken back, it need not be
                    // looked up. Where that fails the key turns unknown when the lease ends.
                    let kept = matches!(error, Error::NotReplicated(..) | Error::NotDurable(..));
                    if kept && matches!(step, Step::Begin { .. }) {
                        let until = forgotten.unwrap_or(0);
                        let _ = self.swap(&key, &after, &before, until).await;
                    }
                    return Err(error);
                }
            }
        }
        Err(Error::Contended)
    }

    pub(crate) async fn unknown(&self, ahead: u64) -> Result<Vec<Unknown>, Error> {
        let reading = failed("reading");
        let mut connection = self.connection.clone();
        let (now, _) = self.read(CHECK, ahead).await?;
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
                if let Some(found) = entry.and_then(|entry| entry.unknown(id, now)) {
                    unknown.insert(id.0, found);
                }
            }
            cursor = next;
            if cursor == 0 {
                return Ok(unknown.into_values().collect());
            }
        }
    }

    /// What is under a key, and the time.
    async fn read(&self, key: &str, ahead: u64) -> Result<(Now, Option<String>), Error> {
        let script = self.script(script::read(), key);
        let (standing, at, wall, text): (String, u64, u64, String) =
            self.run(&script, false).await?;
        self.stands(&standing)?;
        let now = Now { store: at, wall };
        Ok((now.plus(ahead), Some(text).filter(|text| !text.is_empty())))
    }

    /// Writes `after` if the entry is still `before`, on enough servers.
    async fn swap(
        &self,
        key: &str,
        before: &str,
        after: &str,
        until: u64,
    ) -> Result<Swapped, Error> {
        let mut script = self.script(script::swap(), key);
        script.arg(before).arg(after).arg(until);
        let (standing, writes): (String, u64) = self.run(&script, true).await?;
        if standing == "changed" {
            return Ok(Swapped::Changed);
        }
        self.stands(&standing)?;
        self.standing.acknowledged(writes);
        Ok(Swapped::Done)
    }

    fn stands(&self, standing: &str) -> Result<(), Error> {
        match standing {
            "" => Ok(()),
            "behind" => Err(Error::Behind(SERVER)),
            _ => Err(Error::Replaced(SERVER, self.standing.identity.clone())),
        }
    }

    fn script(&self, text: String, key: &str) -> Cmd {
        let mut script = cmd("EVAL");
        script.arg(text).arg(script::KEYS);
        script.arg(IDENTITY).arg(&self.writer).arg(CLOCK);
        script.arg(key).arg(EXPIRY);
        script.arg(&self.standing.identity);
        script.arg(self.standing.writes());
        script
    }

    /// Runs a script in one transaction with a look at the settings, then waits for the replicas.
    async fn run<T: FromRedisValue>(&self, script: &Cmd, writes: bool) -> Result<T, Error> {
        let doing = if writes { "writing" } else { "reading" };
        let mut commands = pipe();
        commands.cmd("MULTI").ignore();
        let settings: &[_] = if self.trusted { &[] } else { &SETTINGS };
        for (name, _) in settings {
            commands.cmd("CONFIG").arg("GET").arg(name).ignore();
        }
        commands.add_command(script.clone()).ignore();
        commands.cmd("EXEC");
        let waits = writes && self.replicas > 0;
        if waits {
            // In the same pipeline, so that it waits for this connection's write.
            commands.cmd("WAIT").arg(self.replicas).arg(WAIT_MS);
        }
        let replies: Vec<Value> = commands
            .query_async(&mut self.connection.clone())
            .await
            .map_err(failed(doing))?;
        let mut replies = replies.into_iter();
        let odd = || Error::Redis(doing, "an odd answer".to_string(), "no code".to_string());
        let done = replies.next().ok_or_else(odd)?;
        let mut done: Vec<Value> = from_redis_value(done).map_err(|_| odd())?;
        let reply = done.pop().ok_or_else(odd)?;
        if done.len() != settings.len() {
            return Err(odd());
        }
        let reply = from_redis_value(reply).map_err(|_| odd())?;
        for ((name, value), found) in settings.iter().zip(done) {
            is_set(
                name,
                value,
                &from_redis_value::<Vec<String>>(found).unwrap_or_default(),
            )?;
        }
        if waits {
            let copies = replies.next().ok_or_else(odd)?;
            let copies: i64 = from_redis_value(copies).map_err(|_| odd())?;
            if copies < i64::from(self.replicas) {
                return Err(Error::NotReplicated(copies, self.replicas));
            }
        }
        Ok(reply)
    }
}

async fn open(connection: &ConnectionManager, opening: &Opening) -> Result<Found, Error> {
    let mut script = cmd("EVAL");
    script.arg(script::OPEN).arg(2).arg(IDENTITY).arg(CHECK);
    script.arg(name()?).arg(&opening.check_value);
    script.arg(u8::from(Standing::may_begin(opening)));
    let (identity, check_value, begun): (String, String, u8) = script
        .query_async(&mut connection.clone())
        .await
        .map_err(failed("connecting"))?;
    // A journal of an earlier version that belongs to another secret has no identity.
    if identity.is_empty() && !check_value.is_empty() {
        return Err(Error::OtherSecret);
    }
    Ok(Found {
        identity,
        check_value,
        begun: begun == 1,
    })
}

async fn check_settings(connection: &ConnectionManager) -> Result<(), Error> {
    for (name, value) in SETTINGS {
        let mut get = cmd("CONFIG");
        get.arg("GET").arg(name);
        let found: Result<Vec<String>, RedisError> = get.query_async(&mut connection.clone()).await;
        match found {
            Ok(pair) => is_set(name, value, &pair)?,
            Err(error) if error.is_io_error() => return Err(failed("connecting")(error)),
            Err(_) => {
                let why = "its settings cannot be read (CONFIG GET is not allowed)";
                return Err(Error::NotDurable(SERVER, why.to_string()));
            }
        }
    }
    Ok(())
}

/// Whether the answer to CONFIG GET, the name and the value, has the value.
fn is_set(name: &str, value: &str, pair: &[String]) -> Result<(), Error> {
    match pair.get(1).is_some_and(|found| found == value) {
        true => Ok(()),
        false => Err(Error::NotDurable(SERVER, format!("{name} {value}"))),
    }
}

/// The entry that a key of the server is for; the other keys are for none.
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
