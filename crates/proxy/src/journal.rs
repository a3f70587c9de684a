//! Opening the journal that the configuration names.

use std::path::PathBuf;
use std::time::Duration;

use tieline_journal::{Error, Journal, Options, PostgresServer, RedisServer, Secret};
use zeroize::Zeroizing;

use crate::config::{
    variable, ConfigError, Configuration, Environment, Journal as JournalSettings, JournalKind,
    JOURNAL_SECRET,
};
use crate::observe::log;

/// The journal's file where the configuration names none.
const DEFAULT_JOURNAL: &str = "tieline-journal.sqlite";

/// The configured journal as the proxy left it; nothing is made.
pub(crate) async fn open_existing(
    configuration: &Configuration,
    environment: &Environment,
) -> Result<Journal, ConfigError> {
    let settings = &configuration.journal;
    match settings.kind {
        JournalKind::Memory => Err(ConfigError(
            "[journal] kind is memory: such a journal ends with its proxy, so there is nothing to list.".into(),
        )),
        // Looked at before the secret: without a journal it does not matter that there is none.
        JournalKind::Sqlite if !path(settings).exists() => {
            let path = std::path::absolute(path(settings)).unwrap_or_else(|_| path(settings));
            Err(unusable(Error::Absent(path.display().to_string())))
        }
        _ => open(configuration, environment, false).await,
    }
}

/// The configured journal, made if need be. Its secret lies beside the SQLite file, or in
/// TIELINE_JOURNAL_SECRET (64 hexadecimal digits), which replicas that share a server have in common.
pub(crate) async fn open_or_create(
    configuration: &Configuration,
    environment: &Environment,
) -> Result<Journal, ConfigError> {
    open(configuration, environment, true).await
}

fn path(settings: &JournalSettings) -> PathBuf {
    let path = settings.path.clone();
    path.unwrap_or_else(|| PathBuf::from(DEFAULT_JOURNAL))
}

/// What a journal on a server is, for the doctor: `None` where there is none yet. Nothing is made.
///
/// # Errors
/// Why it cannot be used.
pub(crate) async fn look(
    configuration: &Configuration,
    environment: &Environment,
) -> Result<Option<String>, ConfigError> {
    match try_open(configuration, environment, false).await {
        Ok(journal) => Ok(journal.identity().map(|(identity, _)| identity.to_string())),
        Err(Failed::Journal(Error::Absent(_))) => Ok(None),
        Err(failed) => Err(failed.into()),
    }
}

/// Why there is no journal.
enum Failed {
    Configuration(ConfigError),
    Journal(Error),
}

impl From<ConfigError> for Failed {
    fn from(error: ConfigError) -> Failed {
        Failed::Configuration(error)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed::Journal(error)
    }
}

impl From<Failed> for ConfigError {
    fn from(failed: Failed) -> ConfigError {
        match failed {
            Failed::Configuration(error) => error,
            Failed::Journal(error) => unusable(error),
        }
    }
}

fn unusable(error: Error) -> ConfigError {
    ConfigError(format!("[journal]: {error}."))
}

async fn open(
    configuration: &Configuration,
    environment: &Environment,
    create: bool,
) -> Result<Journal, ConfigError> {
    let journal = try_open(configuration, environment, create).await?;
    if let Some((identity, true)) = journal.identity() {
        log::problem(&format!(
            "the journal's server held none, so journal {identity} was begun; with TIELINE_JOURNAL__IDENTITY={identity} no other is ever taken for it"
        ));
    }
    Ok(journal)
}

async fn try_open(
    configuration: &Configuration,
    environment: &Environment,
    create: bool,
) -> Result<Journal, Failed> {
    let settings = &configuration.journal;
    let limit = Duration::from_secs(configuration.limits.upstream_timeout);
    let options = Options {
        // A lease outlasts every call, so that it only ends when its holder has crashed.
        lease: limit + Duration::from_secs(30),
        retention: Duration::from_secs(u64::from(settings.retention_days) * 24 * 60 * 60),
        create,
        identity: settings.identity.clone(),
        ..Options::default()
    };
    let path = path(settings);
    let secret = match (environment.get(JOURNAL_SECRET), settings.kind) {
        (Some(hex), _) => Secret::from_hex(hex)?,
        (None, JournalKind::Sqlite) if create => {
            Secret::load_or_create(&path.with_extension("key"))?
        }
        (None, JournalKind::Sqlite) => Secret::load(&path.with_extension("key"))?,
        (None, JournalKind::Memory) => Secret::random()?,
        (None, JournalKind::Redis | JournalKind::Postgres) => {
            return Err(Failed::Configuration(ConfigError(format!(
                "[journal] is on a server: set {JOURNAL_SECRET} to 64 hexadecimal digits, the same for every replica (`openssl rand -hex 32` makes them)."
            ))))
        }
    };
    let opened = match settings.kind {
        JournalKind::Memory => Ok(Journal::memory(secret, options)),
        JournalKind::Sqlite => Journal::sqlite(&path, secret, options).await,
        JournalKind::Redis => {
            let server = RedisServer {
                url: url(settings, environment)?,
                replicas: settings.replicas,
                trusted: settings.trusted,
            };
            Journal::redis(&server, secret, options).await
        }
        JournalKind::Postgres => {
            let server = PostgresServer {
                url: url(settings, environment)?,
                replicas: settings.replicas,
                trusted: settings.trusted,
            };
            Journal::postgres(&server, secret, options).await
        }
    };
    Ok(opened?)
}

/// The address of the journal's server.
fn url(
    settings: &JournalSettings,
    environment: &Environment,
) -> Result<Zeroizing<String>, ConfigError> {
    match (&settings.url, &settings.url_env) {
        (Some(url), _) => Ok(url.expose().to_string().into()),
        (None, Some(name)) => match environment.get(name) {
            Some(url) => Ok(url.clone().into()),
            None => Err(ConfigError(format!(
                "[journal] url_env names the variable {}, which is not set.",
                variable(name)
            ))),
        },
        (None, None) => Err(ConfigError(
            "[journal] the server's address is missing: set url or url_env.".to_string(),
        )),
    }
}
