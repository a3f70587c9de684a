//! The journal over one store: what a proxy asks of it.

use std::fmt;
#[cfg(feature = "durable")]
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::clock::millis;
use crate::entry::{Holder, Reply, Step};
use crate::error::Error;
use crate::secret::{self, Secret};
use crate::store::Store;
#[cfg(feature = "durable")]
use crate::store::{Opening, PostgresServer, RedisServer};
use crate::types::{Answer, Begin, EntryId, Intent, Key, Lease, Outcome, Settled, Unknown};

/// The longest pause between two looks at a key that another process holds.
const MAX_PAUSE: Duration = Duration::from_millis(250);

/// A lease's end once it was freed, as far as is known: long ago.
const MAYBE_FREED: u64 = 1;

/// Times, and the name of this process.
#[derive(Clone, Debug)]
pub struct Options {
    /// The time that a lease lasts without [`Journal::renew`]: longer than the total time limit of a
    /// call, so that it only ends when its holder has crashed.
    pub lease: Duration,
    /// The time that answers are kept.
    pub retention: Duration,
    /// Whether a journal that is not there is made. Otherwise nothing is made, and it is an error.
    pub create: bool,
    /// The identity that a journal on a server must have ([`Journal::identity`]); none is begun then.
    pub identity: Option<String>,
    /// The name of this process in leases, such as the replica's name; shown to operators only.
    pub owner: String,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            lease: Duration::from_secs(60),
            retention: Duration::from_secs(7 * 24 * 60 * 60),
            create: true,
            identity: None,
            owner: format!("process {}", std::process::id()),
        }
    }
}

#[cfg(feature = "durable")]
impl Options {
    fn opening(&self, secret: &Secret) -> Opening {
        Opening {
            check_value: secret.check_value(),
            create: self.create,
            identity: self.identity.clone(),
        }
    }
}

/// A journal over one store. Clones share it.
#[derive(Clone)]
pub struct Journal(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Arc<Store>,
    pub(crate) secret: Secret,
    pub(crate) options: Options,
    /// Wakes those who wait in this process.
    pub(crate) settled: Notify,
    /// Whether the store is known to have lost an entry.
    pub(crate) lost: AtomicBool,
    /// Milliseconds added to the store's clock; only tests set it.
    pub(crate) ahead: AtomicU64,
    /// What comes instead of the reply to the next step, which is done.
    #[cfg(test)]
    pub(crate) lost_reply: std::sync::Mutex<Option<Error>>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Journal({})", self.0.store.name())
    }
}

impl Journal {
    /// A journal that ends with the process.
    pub fn memory(secret: Secret, options: Options) -> Journal {
        Journal::over(Store::memory(), secret, options)
    }

    /// A journal in a SQLite file that this process alone uses. The file is made if need be and the
    /// options allow it, readable by its owner only. What a crashed process held in it is unknown at
    /// once. Time is that which passes: however the machine's clock is set, no answer is forgotten
    /// early; of the time between two openings at most an hour counts.
    ///
    /// On a full disk a journal that is there opens, and gives the answers that it has.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Gone`], [`Error::InUse`], [`Error::File`], [`Error::Format`],
    /// [`Error::OtherSecret`], [`Error::Sqlite`].
    #[cfg(feature = "durable")]
    pub async fn sqlite(path: &Path, secret: Secret, options: Options) -> Result<Journal, Error> {
        let store = Store::sqlite(path, &secret.check_value(), options.create).await?;
        Ok(Journal::over(store, secret, options))
    }

    /// A journal in a Redis server, for several replicas that share the secret. Leases count on the
    /// server's clock, as far as that does not jump.
    ///
    /// Each step fails once the server no longer holds what was opened, or what this process wrote.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Redis`], [`Error::NotDurable`], [`Error::OtherSecret`],
    /// [`Error::OtherIdentity`].
    #[cfg(feature = "durable")]
    pub async fn redis(
        server: &RedisServer,
        secret: Secret,
        options: Options,
    ) -> Result<Journal, Error> {
        let store = Store::redis(server, &options.opening(&secret)).await?;
        Ok(Journal::over(store, secret, options))
    }

    /// A journal in a PostgreSQL server, for several replicas that share the secret; with synchronous
    /// standbys it survives the loss of a server. The tables are made if need be and the options allow
    /// it. Leases count on the server's clock, as far as that does not jump.
    ///
    /// Each step fails once the server no longer holds what was opened, or what this process wrote.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Postgres`], [`Error::NotDurable`], [`Error::OtherSecret`],
    /// [`Error::OtherIdentity`], [`Error::Format`].
    #[cfg(feature = "durable")]
    pub async fn postgres(
        server: &PostgresServer,
        secret: Secret,
        options: Options,
    ) -> Result<Journal, Error> {
        let store = Store::postgres(server, &options.opening(&secret)).await?;
        Ok(Journal::over(store, secret, options))
    }

    /// The identity of a journal on a server, and whether it was begun when it was opened: a random
    /// number that it keeps. [`Options::identity`] takes it.
    pub fn identity(&self) -> Option<(&str, bool)> {
        self.0.store.identity()
    }

    pub(crate) fn over(store: Store, secret: Secret, options: Options) -> Journal {
        Journal(Arc::new(Inner {
            store: Arc::new(store),
            secret,
            options,
            settled: Notify::new(),
            lost: AtomicBool::new(false),
            ahead: AtomicU64::new(0),
            #[cfg(test)]
            lost_reply: Default::default(),
        }))
    }

    /// The entry of a key.
    pub fn id(&self, key: &Key) -> EntryId {
        self.0.secret.id(key)
    }

    /// A keyed digest of parameters for other records: the same for equal parameters, and telling
    /// nothing about them to whoever has not the secret.
    pub fn digest(&self, parameters: &Value) -> String {
        self.0.secret.of_record(parameters)
    }

    /// The client token for a key whose client gives none. It follows from the key and the secret, so
    /// it is the same for ever: also after an attempt that was not executed, when the key's entry has
    /// expired, and in a store that has lost it.
    pub fn client_token(&self, key: &Key) -> String {
        self.0.secret.client_token(&self.id(key))
    }

    /// A request for the journal. `client_token` is what the operation's API calls so, if it has one.
    pub fn intent(&self, key: &Key, parameters: &Value, client_token: Option<&str>) -> Intent {
        let id = self.id(key);
        Intent {
            id,
            fingerprint: self.0.secret.fingerprint(&id, parameters),
            client_token: client_token.map(str::to_string),
            signer: None,
        }
    }

    /// Asks to send a request. The intent is durable when this returns [`Begin::Fresh`].
    ///
    /// # Errors
    /// Those of the store; nothing may be sent then.
    pub async fn begin(&self, intent: &Intent) -> Result<Begin, Error> {
        self.begin_with(intent, false).await
    }

    /// Like [`Journal::begin`], but an unknown outcome is resolved by sending once more with the
    /// same client token ([`Lease::client_token`]), if there is one, and with the same keys, as far as
    /// that is known ([`Intent::signed_by`]).
    ///
    /// # Errors
    /// As for [`Journal::begin`].
    pub async fn retry_with_token(&self, intent: &Intent) -> Result<Begin, Error> {
        self.begin_with(intent, true).await
    }

    async fn begin_with(&self, intent: &Intent, repeat: bool) -> Result<Begin, Error> {
        if self.0.lost.load(Ordering::Relaxed) {
            return Err(Error::Forgot);
        }
        let step = Step::Begin {
            fingerprint: intent.fingerprint.clone(),
            client_token: intent.client_token.clone(),
            signer: intent.signer.clone(),
            repeat,
            nonce: base16ct::lower::encode_string(&secret::random::<16>()?),
            owner: self.0.options.owner.clone(),
            lease: millis(self.0.options.lease),
        };
        match self.apply(&intent.id, step).await? {
            Reply::Begin(begin) => Ok(begin),
            _ => Err(Error::Unreadable(intent.id.to_string())),
        }
    }

    /// Makes a lease last anew; whether it was still held. A call that may outlast the lease renews
    /// it in good time.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn renew(&self, lease: &Lease) -> Result<bool, Error> {
        let step = Step::Renew {
            nonce: lease.nonce.clone(),
            attempt: lease.attempt,
            lease: millis(self.0.options.lease),
        };
        self.ask(&lease.id, step).await
    }

    /// What a beginning would meet under the key; `None` where it would be the first. Nothing is begun.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn known(&self, intent: &Intent) -> Result<Option<Begin>, Error> {
        let fingerprint = Some(intent.fingerprint.clone());
        self.peek(&intent.id, fingerprint).await
    }

    /// The answer that an entry has, whatever was asked for; `None` where it has none, or nothing is.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn answer(&self, id: &EntryId) -> Result<Option<Answer>, Error> {
        match self.peek(id, None).await? {
            Some(Begin::Replay(answer)) => Ok(Some(answer)),
            _ => Ok(None),
        }
    }

    async fn peek(
        &self,
        id: &EntryId,
        fingerprint: Option<String>,
    ) -> Result<Option<Begin>, Error> {
        match self.apply(id, Step::Peek { fingerprint }).await? {
            Reply::Known(known) => Ok(known),
            _ => Err(Error::Unreadable(id.to_string())),
        }
    }

    /// Tells what became of all that was sent under a lease, and after an error once more; durable when
    /// this returns, so call it before the client gets the answer.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn finish_surely(&self, lease: &Lease, outcome: Outcome) -> Result<Settled, Error> {
        match self.finish(lease, outcome.clone()).await {
            // It is written, and on too few servers: asked again the store would find what is there.
            Err(error) if error.lacks_copies() => Err(error),
            Err(_) => self.finish(lease, outcome).await,
            settled => settled,
        }
    }

    /// Tells what became of all that was sent under a lease; durable when this returns, so call it
    /// before the client gets the answer. After an error it can be called again.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn finish(&self, lease: &Lease, outcome: Outcome) -> Result<Settled, Error> {
        let holder = Holder {
            nonce: lease.nonce.clone(),
            attempt: lease.attempt,
            fingerprint: lease.fingerprint.clone(),
            client_token: lease.client_token.clone(),
            signer: lease.signer.clone(),
            until: lease.until.load(Ordering::Relaxed),
        };
        let frees = outcome == Outcome::NotExecuted && !lease.is_repeat();
        let again = frees && holder.until == MAYBE_FREED;
        let mut settled = self.settle(&lease.id, Some(holder), outcome).await;
        // It was free already, and the reply that said so was lost. What another left is no such entry.
        if again && matches!(settled, Ok(Settled::Lost)) {
            if let Ok(None) = self.peek(&lease.id, None).await {
                settled = Ok(Settled::Free);
            }
        }
        match &settled {
            Ok(Settled::Forgotten) => self.0.lost.store(true, Ordering::Relaxed),
            // Its entry is gone from now on, and rightly.
            Ok(Settled::Free) => lease.until.store(0, Ordering::Relaxed),
            // So it may be: the reply alone may be lost. Whoever begins anew then tells of no loss.
            Err(_) if frees => lease.until.store(MAYBE_FREED, Ordering::Relaxed),
            _ => {}
        }
        settled
    }

    /// Tells what became of an unknown request, after the resource was looked up.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn reconcile(&self, id: &EntryId, outcome: Outcome) -> Result<Settled, Error> {
        self.settle(id, None, outcome).await
    }

    async fn settle(
        &self,
        id: &EntryId,
        holder: Option<Holder>,
        outcome: Outcome,
    ) -> Result<Settled, Error> {
        let step = Step::Settle {
            holder,
            outcome,
            retention: millis(self.0.options.retention),
        };
        let reply = self.apply(id, step).await?;
        self.0.settled.notify_waiters();
        match reply {
            Reply::Settled(settled) => Ok(settled),
            _ => Err(Error::Unreadable(id.to_string())),
        }
    }

    /// Waits until no request with the key is on its way any more; `false` when the deadline came
    /// first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn wait(&self, id: &EntryId, deadline: Instant) -> Result<bool, Error> {
        let mut pause = Duration::from_millis(10);
        loop {
            // Listening starts before looking, so that nothing is missed in between.
            let mut settled = std::pin::pin!(self.0.settled.notified());
            settled.as_mut().enable();
            if !self.ask(id, Step::Look).await? {
                return Ok(true);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            // Other processes cannot wake this one: it looks again now and then.
            tokio::time::timeout(pause.min(left), settled).await.ok();
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    /// The entries whose outcome is not known, the oldest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn unknown(&self) -> Result<Vec<Unknown>, Error> {
        let ahead = self.0.ahead.load(Ordering::Relaxed);
        let mut unknown = self.0.store.unknown(ahead).await?;
        unknown.sort_by_key(|entry| entry.since);
        Ok(unknown)
    }

    async fn ask(&self, id: &EntryId, step: Step) -> Result<bool, Error> {
        match self.apply(id, step).await? {
            Reply::Yes(yes) => Ok(yes),
            _ => Err(Error::Unreadable(id.to_string())),
        }
    }

    async fn apply(&self, id: &EntryId, step: Step) -> Result<Reply, Error> {
        let ahead = self.0.ahead.load(Ordering::Relaxed);
        let reply = self.0.store.apply(id, step, ahead).await;
        #[cfg(test)]
        if let Some(error) = self.0.lost_reply.lock().expect("not poisoned").take() {
            return Err(error);
        }
        reply
    }
}
