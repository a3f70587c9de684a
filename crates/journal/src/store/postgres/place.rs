//! Where the server is, as an address names it.

use std::fmt;
use std::time::Duration;

use tokio_postgres::config::SslMode;
use tokio_postgres::Config;
use zeroize::Zeroizing;

use super::tls::Tls;
use crate::error::Error;

/// What messages call it.
pub(super) const SERVER: &str = "PostgreSQL server";

/// The time limit for a connection to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// A PostgreSQL server.
#[derive(Clone)]
pub struct PostgresServer {
    /// `postgres://user:password@host:port/database`, several hosts of one journal divided by commas
    /// (`host1:port1,host2:port2`, with `?target_session_attrs=read-write`). With `sslmode=require` it is
    /// TLS, by the certificates that the system trusts or those in the file that SSL_CERT_FILE names;
    /// without, nothing is encrypted.
    pub url: Zeroizing<String>,
    /// The number of the server's synchronous standbys that must hold an entry too; 0 for a server
    /// without.
    pub replicas: u32,
    /// Skips the check of the server's settings.
    pub trusted: bool,
}

impl fmt::Debug for PostgresServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address can hold a password.
        write!(f, "PostgresServer({} replicas)", self.replicas)
    }
}

/// Where the server is.
pub(super) struct Place {
    pub(super) config: Config,
    pub(super) tls: Option<Tls>,
}

impl Place {
    pub(super) fn of(server: &PostgresServer) -> Result<Place, Error> {
        let odd = |why: &str| Error::Postgres("connecting", why.to_string(), "no code".to_string());
        // The parser's own words repeat what it does not like, which may be the password.
        let config: Result<Config, _> = server.url.parse();
        let mut config = config.map_err(|_| odd("the address is not understood"))?;
        config.connect_timeout(CONNECT);
        if config.get_application_name().is_none() {
            config.application_name("tieline-proxy");
        }
        // TLS that is only preferred could be left out by whoever is in between.
        let tls = match config.get_ssl_mode() {
            SslMode::Require => Some(Tls::new().map_err(|_| odd("TLS cannot be set up"))?),
            _ => {
                config.ssl_mode(SslMode::Disable);
                None
            }
        };
        Ok(Place { config, tls })
    }
}
