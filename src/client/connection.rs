//! Connection state of the proxy, told apart as far as a browser lets a page.

use tieline_catalog::{Lang, Text};
use tieline_protocol::health::{self, LIVE, SANDBOX};

use super::endpoint::check_endpoint;
use super::fetch;
use super::header::fits_header;
use super::health::Health;
use super::messages::{self, Problem};
use super::target::Target;

/// This page's version; a proxy must agree in its first two parts.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const PATIENCE_MS: u32 = 10_000;
/// The mode of the sandbox in the page.
const IN_PAGE: &str = "in-page";

/// The state of the connection to an endpoint.
#[derive(Clone, PartialEq, Debug)]
pub enum Connection {
    /// A Tieline proxy (or the sandbox inside the page) that can be used.
    Ready {
        /// Its version.
        version: String,
        /// Its mode, in its own words: `sandbox`, `live`, `in-page`.
        mode: String,
        /// The credentials it has, by name.
        credentials: Vec<String>,
        /// Its accounts, of which each request can choose one.
        profiles: Vec<String>,
    },
    /// The endpoint is none.
    NoEndpoint,
    /// The name of the proxy's account cannot be one.
    OddProfile,
    /// Nothing answers.
    Down,
    /// Something else answers.
    NotTieline,
    /// A proxy of another version.
    WrongVersion {
        /// The proxy's version.
        theirs: String,
        /// This page's version.
        ours: String,
    },
    /// Something answers that the page may not read (CORS).
    Blocked,
    /// An https page may not ask an http endpoint.
    MixedContent,
    /// A proxy for real clouds that has no credentials for any.
    NoCredentials {
        /// Its version.
        version: String,
        /// Its mode.
        mode: String,
    },
}

impl Connection {
    fn problem(&self) -> Option<&'static Problem> {
        Some(match self {
            Connection::Ready { .. } => return None,
            Connection::NoEndpoint => &messages::NO_ENDPOINT,
            Connection::OddProfile => &messages::ODD_PROFILE,
            Connection::Down => &messages::DOWN,
            Connection::NotTieline => &messages::NOT_TIELINE,
            Connection::WrongVersion { .. } => &messages::WRONG_VERSION,
            Connection::Blocked => &messages::BLOCKED,
            Connection::MixedContent => &messages::MIXED_CONTENT,
            Connection::NoCredentials { .. } => &messages::NO_CREDENTIALS,
        })
    }

    /// The problem that keeps a creation from being sent. Missing credentials do not: the proxy itself knows
    /// for which clouds they are missing.
    pub(super) fn prevents(&self) -> Option<&'static Problem> {
        match self {
            Connection::NoCredentials { .. } => None,
            other => other.problem(),
        }
    }

    /// Whether requests can be sent.
    pub fn is_ready(&self) -> bool {
        matches!(self, Connection::Ready { .. })
    }

    /// Whether a sandbox stands for the clouds.
    pub fn is_simulated(&self) -> bool {
        matches!(self, Connection::Ready { mode, .. } if mode == SANDBOX || mode == IN_PAGE)
    }

    /// The mode that a proxy must still be in for what is sent because of this look. One that this page does not know
    /// is left out.
    pub(super) fn mode(&self) -> Option<&'static str> {
        match self {
            Connection::Ready { mode, .. } | Connection::NoCredentials { mode, .. } => {
                [SANDBOX, LIVE].into_iter().find(|known| known == mode)
            }
            _ => None,
        }
    }

    /// Why nothing can be asked here about what was sent to a sandbox (`simulated`) or to clouds: the others
    /// answer, and what they do not know exists all the same.
    pub(super) fn other(&self, simulated: bool) -> Option<&'static Problem> {
        match (self.prevents(), self.is_simulated(), simulated) {
            (None, true, false) => Some(&messages::NOW_SANDBOX),
            (None, false, true) => Some(&messages::NOW_REAL),
            _ => None,
        }
    }

    /// Why a creation may not be sent here: what must not be `real` goes to a sandbox or nowhere, and what repeats a
    /// request that `clouds` may have executed goes to them or nowhere.
    pub(super) fn forbids(&self, real: bool, clouds: bool) -> Option<&'static Problem> {
        match (self.prevents(), self.is_simulated()) {
            (Some(problem), _) => Some(problem),
            (None, false) if !real => Some(&messages::REAL),
            (None, true) if clouds => Some(&messages::NOT_REPEATED),
            (None, _) => None,
        }
    }

    /// The explanation for people.
    pub fn explanation(&self) -> Text {
        self.problem()
            .map_or(messages::READY, |problem| problem.what)
    }

    /// The advice, if there is any.
    pub fn advice(&self) -> Option<Text> {
        self.problem().map(|problem| problem.advice)
    }

    /// The particulars, in `lang`: versions, mode, credentials. Empty when there are none.
    pub fn particulars(&self, lang: Lang) -> String {
        let colon = |en, zh| match lang {
            Lang::En => format!("{en}: "),
            Lang::Zh => format!("{zh}："),
        };
        match self {
            Connection::Ready {
                version,
                mode,
                credentials,
                ..
            } => {
                let mut text = format!("{} {version} · {mode}", health::NAME);
                if !credentials.is_empty() {
                    text += " · ";
                    text += &colon("credentials", "凭证");
                    text += &credentials.join(", ");
                }
                text
            }
            Connection::NoCredentials { version, mode } => {
                format!("{} {version} · {mode}", health::NAME)
            }
            Connection::WrongVersion { theirs, ours } => format!(
                "{}{theirs} · {}{ours}",
                colon("proxy", "代理"),
                colon("page", "页面")
            ),
            _ => String::new(),
        }
    }
}

/// Looks what is at the endpoint.
pub async fn look(target: &Target) -> Connection {
    let Target::Proxy(proxy) = target else {
        return Connection::Ready {
            version: VERSION.to_string(),
            mode: IN_PAGE.to_string(),
            credentials: Vec::new(),
            profiles: Vec::new(),
        };
    };
    // A host page may have set anything; what is no endpoint would be some path of that page's.
    if check_endpoint(&proxy.endpoint).is_some() {
        return Connection::NoEndpoint;
    }
    if !proxy.profile.is_empty() && !fits_header(&proxy.profile) {
        return Connection::OddProfile;
    }
    let url = proxy.url(health::PATH);
    let origin = EndpointOrigin::of(&url);
    if origin.is_some_and(|origin| origin.mixed) {
        return Connection::MixedContent;
    }
    match fetch::get(&url, PATIENCE_MS).await {
        Ok((status, body)) => classify(status, Health::read(&body)),
        Err(fetch::Failure::Broken)
            if origin.is_some_and(|origin| origin.foreign)
                && fetch::anything_at(&url, PATIENCE_MS).await =>
        {
            Connection::Blocked
        }
        Err(_) => Connection::Down,
    }
}

/// The origin of an endpoint, seen from the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct EndpointOrigin {
    /// The page came over https, the endpoint would not, and it is not this computer.
    mixed: bool,
    /// Another origin.
    foreign: bool,
}

impl EndpointOrigin {
    fn of(url: &str) -> Option<EndpointOrigin> {
        let page = web_sys::window()?.location();
        let url = web_sys::Url::new_with_base(url, &page.href().ok()?).ok()?;
        Some(EndpointOrigin::seen_from(
            &page.protocol().ok()?,
            &page.origin().ok()?,
            &url.protocol(),
            &url.hostname(),
            &url.origin(),
        ))
    }

    fn seen_from(
        page: &str,
        page_origin: &str,
        scheme: &str,
        host: &str,
        origin: &str,
    ) -> EndpointOrigin {
        // Browsers let https pages ask this computer over http (Secure Contexts, section 3.1).
        let loopback = host == "localhost"
            || host.ends_with(".localhost")
            || host == "[::1]"
            || host
                .parse::<std::net::Ipv4Addr>()
                .is_ok_and(|ip| ip.is_loopback());
        EndpointOrigin {
            mixed: page == "https:" && scheme == "http:" && !loopback,
            foreign: page_origin != origin,
        }
    }
}

/// The state that a response to `healthz` tells.
fn classify(status: u16, health: Health) -> Connection {
    if health.name != health::NAME {
        // A server in front of a proxy that is not running says so with one of these.
        return match status {
            500 | 502..=504 => Connection::Down,
            _ => Connection::NotTieline,
        };
    }
    let Health {
        version,
        mode,
        credentials,
        profiles,
        ..
    } = health;
    if release(&version) != release(VERSION) {
        return Connection::WrongVersion {
            theirs: version,
            ours: VERSION.to_string(),
        };
    }
    if credentials.is_empty() && mode != SANDBOX {
        return Connection::NoCredentials { version, mode };
    }
    Connection::Ready {
        version,
        mode,
        credentials,
        profiles,
    }
}

/// The parts of a version in which page and proxy must agree.
fn release(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(version: &str, mode: &str, alibaba: bool) -> Connection {
        let health = Health {
            name: health::NAME.into(),
            version: version.into(),
            mode: mode.into(),
            credentials: alibaba.then(|| "alibaba".to_string()).into_iter().collect(),
            profiles: Vec::new(),
        };
        classify(200, health)
    }

    #[test]
    fn a_proxy_is_told_from_everything_else() {
        assert!(health(VERSION, "sandbox", false).is_ready());
        assert!(matches!(
            health(VERSION, "live", false),
            Connection::NoCredentials { .. }
        ));
        let Connection::Ready { credentials, .. } = health(VERSION, "live", true) else {
            panic!("credentials are present");
        };
        assert_eq!(credentials, ["alibaba"]);
        for other in ["99.0.0", "0.99.0", "", "0", "x.y.z"] {
            assert!(
                matches!(
                    health(other, "sandbox", false),
                    Connection::WrongVersion { .. }
                ),
                "{other}"
            );
        }
        for (status, name, expected) in [
            (200, "", Connection::NotTieline),
            (200, "nginx", Connection::NotTieline),
            (404, "", Connection::NotTieline),
            (502, "", Connection::Down),
            (504, "", Connection::Down),
        ] {
            let health = Health {
                name: name.into(),
                ..Health::default()
            };
            assert_eq!(classify(status, health), expected, "{status} {name}");
        }
    }

    #[test]
    fn a_sandbox_and_the_clouds_are_not_asked_about_what_the_other_has() {
        let [sandbox, live, none] = [("sandbox", false), ("live", true), ("live", false)]
            .map(|(mode, keys)| health(VERSION, mode, keys));
        let why = |connection: &Connection, simulated| {
            let problem = connection.other(simulated);
            problem.map(|problem| problem.what)
        };
        assert_eq!(why(&sandbox, true), None);
        assert_eq!(why(&sandbox, false), Some(messages::NOW_SANDBOX.what));
        for live in [live, none] {
            assert_eq!(why(&live, false), None);
            assert_eq!(why(&live, true), Some(messages::NOW_REAL.what));
        }
        // What cannot be reached is no other: the question says why it fails.
        assert_eq!(why(&Connection::Down, true), None);
    }

    #[test]
    fn what_is_sent_names_the_mode_that_was_found() {
        assert_eq!(health(VERSION, "sandbox", false).mode(), Some("sandbox"));
        for keys in [false, true] {
            assert_eq!(health(VERSION, "live", keys).mode(), Some("live"));
            assert_eq!(health(VERSION, "another", keys).mode(), None);
        }
        assert_eq!(Connection::Down.mode(), None);
    }

    #[test]
    fn what_clouds_may_have_executed_is_repeated_by_no_sandbox() {
        let [sandbox, live] =
            [("sandbox", false), ("live", true)].map(|(mode, keys)| health(VERSION, mode, keys));
        let why = |connection: &Connection, real, clouds| {
            let problem = connection.forbids(real, clouds);
            problem.map(|problem| problem.what)
        };
        for real in [false, true] {
            assert_eq!(why(&sandbox, real, false), None);
            assert_eq!(why(&sandbox, real, true), Some(messages::NOT_REPEATED.what));
        }
        for clouds in [false, true] {
            assert_eq!(why(&live, true, clouds), None);
            // What nobody reviewed creates nothing real, whatever it repeats.
            assert_eq!(why(&live, false, clouds), Some(messages::REAL.what));
            let down = why(&Connection::Down, true, clouds);
            assert_eq!(down, Some(messages::DOWN.what));
        }
    }

    #[test]
    fn patches_of_a_release_fit_together() {
        let (major, minor) = release(VERSION).unwrap();
        assert!(health(&format!("{major}.{minor}.99"), "sandbox", false).is_ready());
    }

    #[test]
    fn only_http_elsewhere_is_mixed_content() {
        let mixed = |page: &str, scheme: &str, host: &str| {
            EndpointOrigin::seen_from(page, "https://a", scheme, host, "http://b").mixed
        };
        assert!(mixed("https:", "http:", "proxy.example"));
        assert!(mixed("https:", "http:", "10.0.0.1"));
        assert!(!mixed("https:", "http:", "127.0.0.1"));
        assert!(!mixed("https:", "http:", "localhost"));
        assert!(!mixed("https:", "http:", "[::1]"));
        assert!(!mixed("https:", "https:", "proxy.example"));
        assert!(!mixed("http:", "http:", "proxy.example"));
    }

    #[test]
    fn everything_but_ready_says_what_to_do() {
        let all = [
            Connection::OddProfile,
            Connection::Down,
            Connection::NotTieline,
            Connection::Blocked,
            Connection::MixedContent,
            health("99.0.0", "sandbox", false),
            health(VERSION, "live", false),
        ];
        for connection in all {
            assert!(connection.advice().is_some(), "{connection:?}");
        }
        assert!(health("99.0.0", "sandbox", false)
            .particulars(Lang::Zh)
            .contains("99.0.0"));
    }
}
