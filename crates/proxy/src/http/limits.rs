//! Limits of what a client may ask for.
//!
//! Each limit has its own answer, so that a client learns what to change: fewer headers (431), a
//! flatter body (400), fewer requests in a minute (429), or the same again in a moment (503).

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tieline_catalog::text::Message;
use tieline_protocol::problem;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::auth::User;
use super::paths;
use super::problem::Problem;
use super::shares::{Share, Shares};
use crate::config::Limits;
use crate::observe::route_label::RouteLabel;

/// The seconds after which there is likely room again.
const SOON: u64 = 1;

/// The most clients that are told apart.
const BUCKETS: u64 = 1 << 16;

/// Refuses requests with too many headers.
pub fn headers(request: &Request, limits: &Limits) -> Result<(), Problem> {
    let limit = limits.headers;
    if request.headers().len() <= limit {
        return Ok(());
    }
    let message = Message::new(
        format!("Send at most {limit} headers."),
        format!("最多发送 {limit} 个请求头。"),
    );
    Err(Problem::new(&problem::TOO_MANY_HEADERS, message))
}

type Buckets = RateLimiter<u64, HashMapStateStore<u64>, DefaultClock>;

/// Counts each client's requests in time.
pub struct RateLimit {
    /// Those of the users. Whoever proves nothing has no part in them, from however many addresses.
    users: Option<Buckets>,
    /// Those of the addresses from which somebody unknown comes.
    peers: Option<Buckets>,
    per_minute: u32,
    hasher: RandomState,
    clock: DefaultClock,
}

/// The client that a request is counted for.
#[derive(Clone, Hash, PartialEq, Eq, Debug)]
pub enum Client {
    /// A user, from wherever they come.
    User(String),
    /// An address, or the network of an IPv6 address.
    Peer(Option<IpAddr>),
}

impl RateLimit {
    /// `rate_per_minute` requests in a minute, at once or spread; 0: any number.
    pub fn new(limits: &Limits) -> RateLimit {
        let quota = NonZeroU32::new(limits.rate_per_minute).map(Quota::per_minute);
        RateLimit {
            users: quota.map(RateLimiter::hashmap),
            peers: quota.map(RateLimiter::hashmap),
            per_minute: limits.rate_per_minute,
            hasher: RandomState::new(),
            clock: DefaultClock::default(),
        }
    }

    /// The time that the client has to wait, if it has sent too many.
    fn wait(&self, client: &Client) -> Option<Duration> {
        let limiter = match client {
            Client::User(_) => self.users.as_ref()?,
            Client::Peer(_) => self.peers.as_ref()?,
        };
        // Clients share a fixed number of buckets by a keyed hash. So the memory is bounded however
        // many addresses an attacker has, and nobody can aim at another client's bucket.
        let bucket = self.hasher.hash_one(client) % BUCKETS;
        let refused = limiter.check_key(&bucket).err()?;
        Some(refused.wait_time_from(self.clock.now()))
    }
}

/// Refuses requests of a client that has sent too many within a minute. A user is counted as such,
/// from wherever they come; whoever is unknown by their address.
pub fn rate(request: &Request, label: &RouteLabel, rates: &RateLimit) -> Result<(), Problem> {
    if paths::is_health(label) {
        return Ok(());
    }
    let Some(wait) = rates.wait(&client(request)) else {
        return Ok(());
    };
    let seconds = wait.as_secs() + 1;
    let limit = rates.per_minute;
    let message = Message::new(
        format!("At most {limit} in a minute. Send it again after {seconds} s."),
        format!("每分钟最多 {limit} 个请求。请在 {seconds} 秒后重新发送。"),
    );
    let problem = Problem::new(&problem::TOO_MANY_REQUESTS, message);
    Err(problem.retry_after(seconds))
}

fn client(request: &Request) -> Client {
    if let Some(User(name)) = request.extensions().get::<User>() {
        return Client::User(name.clone());
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    Client::Peer(peer.map(|peer| site(peer.0.ip().to_canonical())))
}

/// The address, or for IPv6 the network that one customer has: they choose among its addresses.
pub(super) fn site(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => Ipv6Addr::from(u128::from(ip) & !u128::from(u64::MAX)).into(),
    }
}

/// Limits the requests in work at once, of all clients and of each.
#[derive(Clone)]
pub struct ConcurrencyLimit {
    room: Arc<Semaphore>,
    size: usize,
    shares: Shares<Client>,
}

/// A request's right to be in work, held until all of its clones are gone.
#[derive(Clone)]
pub struct Permit {
    _permit: Arc<(OwnedSemaphorePermit, Share<Client>)>,
}

impl ConcurrencyLimit {
    /// A limit of `concurrency` requests.
    pub fn new(limits: &Limits) -> ConcurrencyLimit {
        ConcurrencyLimit {
            room: Arc::new(Semaphore::new(limits.concurrency)),
            size: limits.concurrency,
            shares: Shares::of(limits.concurrency),
        }
    }

    pub(super) fn acquire(&self, client: &Client) -> Option<Permit> {
        let share = self.shares.take(client)?;
        let permit = self.room.clone().try_acquire_owned().ok()?;
        Some(Permit {
            _permit: Arc::new((permit, share)),
        })
    }

    /// Whether a request of this client could be in work now.
    fn has_room(&self, client: &Client) -> bool {
        self.room.available_permits() > 0 && self.shares.take(client).is_some()
    }

    /// The number of requests in work.
    pub fn in_flight(&self) -> usize {
        self.size.saturating_sub(self.room.available_permits())
    }

    /// Waits until no request is in work. Whoever calls it lets no more in.
    pub async fn idle(&self) {
        let all = u32::try_from(self.size).unwrap_or(u32::MAX);
        // It fails only when the semaphore is closed, which nobody does.
        let _ = self.room.acquire_many(all).await;
    }
}

/// Where a request keeps its permit to be in work. It is in work once its body is there: who sends
/// slowly keeps nobody from it. Clones share the permit, which is given back with the last of them.
#[derive(Clone)]
pub struct Place {
    client: Client,
    limit: ConcurrencyLimit,
    permit: Arc<Mutex<Option<Permit>>>,
}

impl Place {
    /// Counts the request as in work, once. Too many do not wait: their clients know better whether that is
    /// worth it.
    ///
    /// # Errors
    /// There is no room, for this client or for anybody.
    pub fn enter(&self) -> Result<(), Problem> {
        let mut permit = self.lock();
        if permit.is_none() {
            *permit = Some(self.limit.acquire(&self.client).ok_or_else(busy)?);
        }
        Ok(())
    }

    /// The permit, for as long as the answer is not written.
    pub fn leave(&self) -> Option<Permit> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Permit>> {
        self.permit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn busy() -> Problem {
    let message = Message::new(
        "Nothing was sent. Send it again in a moment.",
        "未向云端发送任何请求。请稍后重新发送。",
    );
    Problem::new(&problem::BUSY, message).retry_after(SOON)
}

/// Refuses requests that are too many at once, of one client or of all. One with a body is only in work
/// when that is read (`request.rs`), and refused before where there is no room anyway. The health and
/// the metrics are told even then.
///
/// # Errors
/// There is no room.
pub fn concurrency(
    request: &mut Request,
    label: &RouteLabel,
    limit: &ConcurrencyLimit,
) -> Result<Option<Place>, Problem> {
    if paths::is_for_operators(label) {
        return Ok(None);
    }
    let place = Place {
        client: client(request),
        limit: limit.clone(),
        permit: Arc::default(),
    };
    match paths::reads_a_body(request.method(), label) {
        true if limit.has_room(&place.client) => {}
        true => return Err(busy()),
        false => place.enter()?,
    }
    // What goes on after the client has hung up still counts: handlers may keep a clone.
    request.extensions_mut().insert(place.clone());
    Ok(Some(place))
}

/// The depth of nested JSON. What is no JSON gets some number; the parser refuses it.
pub fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn depth_counts_brackets_outside_texts() {
        for (json, expected) in [
            ("", 0),
            ("1", 0),
            ("{}", 1),
            (r#"{"a":[{"b":[]}],"c":{}}"#, 4),
            (r#"{"a":"[[[["}"#, 1),
            (r#"{"a":"\"[[[["}"#, 1),
            (r#"{"a":"\\","b":[]}"#, 2),
            ("]]]]{", 1),
        ] {
            assert_eq!(depth(json), expected, "{json}");
        }
    }

    fn nested(value: &Value) -> usize {
        let deepest = |values: &mut dyn Iterator<Item = &Value>| values.map(nested).max();
        match value {
            Value::Array(items) => 1 + deepest(&mut items.iter()).unwrap_or(0),
            Value::Object(members) => 1 + deepest(&mut members.values()).unwrap_or(0),
            _ => 0,
        }
    }

    fn json() -> impl proptest::strategy::Strategy<Value = Value> {
        use proptest::prelude::*;
        let leaf = "[\\[\\]{}\"\\\\a]{0,6}".prop_map(Value::from);
        leaf.prop_recursive(8, 40, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec(("[\\[{\"\\\\]{0,3}", inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest::proptest! {
        #[test]
        fn depth_is_what_the_parser_finds(value in json()) {
            proptest::prop_assert_eq!(depth(&value.to_string()), nested(&value));
        }
    }

    #[test]
    fn a_client_is_a_user_or_a_network() {
        for (one, other, same) in [
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
            ("::ffff:10.0.0.1", "10.0.0.1", true),
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
        ] {
            let of = |text: &str| site(text.parse::<IpAddr>().expect("an address").to_canonical());
            assert_eq!(of(one) == of(other), same, "{one} {other}");
        }
    }

    #[test]
    fn the_memory_is_bounded_however_many_clients_there_are() {
        let rates = RateLimit::new(&Limits::default());
        for n in 0..200_000u32 {
            let ip = IpAddr::from(n.to_be_bytes());
            rates.wait(&Client::Peer(Some(ip)));
        }
        let limiter = rates.peers.expect("a limit");
        assert!(limiter.len() as u64 <= BUCKETS);
    }

    /// However many addresses an attacker has, each of which falls into some bucket.
    #[test]
    fn who_proves_nothing_uses_up_nothing_of_those_who_do() {
        let limits = Limits {
            rate_per_minute: 1,
            ..Limits::default()
        };
        let rates = RateLimit::new(&limits);
        for n in 0..1_000_000u32 {
            let ip = IpAddr::from(n.to_be_bytes());
            rates.wait(&Client::Peer(Some(ip)));
        }
        for name in ["ann", "bob"] {
            let wait = rates.wait(&Client::User(name.to_string()));
            assert_eq!(wait, None, "{name}");
        }
    }
}
