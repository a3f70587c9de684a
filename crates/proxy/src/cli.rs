//! The command line.

use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use tieline_journal::Journal;
use tieline_sandbox::{Fault, Settings, FAULTS};
use tokio::signal;
use tokio::sync::oneshot;

use crate::config::{self, Accounts, ConfigError, Configuration, Environment, Limits, Origin};
#[cfg(feature = "live")]
use crate::doctor;
use crate::http::{self, ConcurrencyLimit, Config, Service};
use crate::in_process_sandbox::SharedSandbox;
#[cfg(feature = "live")]
use crate::journal;
use crate::observe::metrics::Metrics;
use crate::observe::{audit, log};
use crate::stopping::Stopping;
use crate::upstream::{Upstream, IAM_TIMEOUT};
use crate::verify::{verify, VerifyArgs};
use crate::version::VERSION;
use crate::{idempotency, sandbox_server};

/// The advice when there are no keys.
const NO_KEYS: &str = "there are no keys for the real clouds. Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or name a file of keys in the configuration; or start with --sandbox to use the simulated clouds.";

/// The message of a build without the real clouds.
#[cfg(not(feature = "live"))]
const NOT_LIVE: &str = "this build has only the simulated clouds; start it with --sandbox, or build it with the feature `live` (`cargo build -p tieline-proxy`).";

/// The folder of the console when none is named.
const DEFAULT_CONSOLE: &str = "dist";

/// Checks requests for cloud-network resources with the vendors' own rules, sends them on, and
/// relays the answers. Serves the console too.
#[derive(Parser, Debug)]
#[command(
    name = "tieline-proxy",
    version,
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    proxy: ProxyArgs,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Try the configuration out: files, keys, clock, endpoints. The exit code is 1 when something
    /// is wrong.
    Doctor {
        #[command(flatten)]
        file: FileArgs,
    },
    /// List the creations whose outcome is unknown: since when, the journal's entry, what to do. The
    /// audit file has the entry's user, operation and key. A journal in a file belongs to one
    /// process: stop the proxy before.
    Journal {
        #[command(flatten)]
        file: FileArgs,
    },
    /// Say whether an exported history is whole, and whether the audit tells the same. The exit code is
    /// 1 when something differs, 2 when nothing can be said.
    Verify(VerifyArgs),
    /// Serve the simulated clouds in the vendors' own wire formats, for the vendors' SDKs.
    Sandbox {
        /// The address to listen on.
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9090")]
        listen: SocketAddr,
        #[command(flatten)]
        remote: RemoteArgs,
        #[command(flatten)]
        sandbox: SandboxArgs,
    },
}

#[derive(Args, Debug)]
struct FileArgs {
    /// The configuration file [default: the variable TIELINE_CONFIG, else none].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Args, Debug)]
struct ProxyArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Show the configuration in force, secrets hidden, and end.
    #[arg(long)]
    print_config: bool,
    /// Send to the simulated clouds in this process instead of the real ones.
    #[arg(long)]
    sandbox: bool,
    /// The address to listen on [default: 127.0.0.1:8787].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The folder of a built console to serve [default: dist, if it exists].
    #[arg(long, value_name = "FOLDER")]
    console: Option<PathBuf>,
    /// Let pages of this origin use the proxy, beside those of this machine; repeatable.
    #[arg(long = "allow-origin", value_name = "ORIGIN", value_parser = Origin::parse)]
    allow_origin: Vec<Origin>,
    /// The time limit for the cloud's answer in seconds, with all repetitions [default: 30].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: Option<u64>,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    sandbox_settings: SandboxArgs,
}

#[derive(Args, Debug)]
struct RemoteArgs {
    /// Let other machines reach the simulated clouds, although nobody has to log in. The real
    /// clouds are reached from other machines only with [auth] configured.
    #[arg(long)]
    allow_remote: bool,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Sandbox")]
struct SandboxArgs {
    /// A factor on the time that resources take to become ready; 0: at once.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = parse_factor)]
    time_scale: f64,
    /// The most resources of each kind an account may have [default: as the catalog says].
    #[arg(long, value_name = "N")]
    quota: Option<u32>,
    /// A fault that strikes every request. A name or description with `fault-NAME` in it orders it
    /// for one creation.
    #[arg(long, value_name = "NAME", value_parser = fault_names())]
    fault: Option<String>,
    /// The delay of the fault `slow` in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    slow_ms: u32,
}

impl SandboxArgs {
    fn settings(&self) -> Settings {
        Settings {
            time_scale: self.time_scale,
            quota: self.quota,
            fault: self.fault.as_deref().and_then(Fault::named),
            slow_ms: self.slow_ms,
        }
    }
}

fn fault_names() -> PossibleValuesParser {
    PossibleValuesParser::new(
        FAULTS
            .iter()
            .map(|f| clap::builder::PossibleValue::new(f.name).help(f.help.en)),
    )
}

fn parse_factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor.is_finite() && factor >= 0.0 => Ok(factor),
        _ => Err("a number from 0, like 0.5".to_string()),
    }
}

/// The reason why the program ends before it serves.
enum Stop {
    /// What is asked for is not there: exit code 2.
    Unusable(String),
    /// It cannot serve: exit code 1.
    Failed(String),
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Stop {
        Stop::Unusable(error.0)
    }
}

/// Runs the program. The exit code is 0 after an orderly end, 1 when it cannot serve or the doctor
/// finds something, 2 for a command line or a configuration that asks for what is not there.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let ended = match cli.command {
        Some(Command::Sandbox {
            listen,
            remote,
            sandbox,
        }) => {
            let router = sandbox_server::app(SharedSandbox::new(sandbox.settings()));
            let open = remote.allow_remote;
            let limits = Limits::default();
            let service = Service {
                router,
                concurrency: ConcurrencyLimit::new(&limits),
                metrics: Metrics::default(),
                stopping: Stopping::default(),
            };
            serve("sandbox server", listen, open, &limits, service).await
        }
        #[cfg(feature = "live")]
        Some(Command::Doctor { file }) => return examine(&file).await,
        #[cfg(not(feature = "live"))]
        Some(Command::Doctor { .. }) => Err(Stop::Unusable(NOT_LIVE.to_string())),
        #[cfg(feature = "live")]
        Some(Command::Journal { file }) => unknown(&file).await,
        #[cfg(not(feature = "live"))]
        Some(Command::Journal { .. }) => Err(Stop::Unusable(NOT_LIVE.to_string())),
        Some(Command::Verify(args)) => verified(&args).await,
        None => proxy(cli.proxy).await,
    };
    let (why, code) = match ended {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stop::Unusable(why)) => (why, ExitCode::from(2)),
        Err(Stop::Failed(why)) => (why, ExitCode::FAILURE),
    };
    let _ = writeln!(std::io::stderr(), "tieline-proxy: {why}");
    code
}

async fn proxy(args: ProxyArgs) -> Result<(), Stop> {
    let environment = config::environment();
    let mut configuration = configuration(&args.file, &environment)?;
    if let Some(names) = config::ignored_names(&environment) {
        log::problem(&names);
    }
    configuration.listen = args.listen.unwrap_or(configuration.listen);
    configuration.allowed_origins.extend(args.allow_origin);
    let limits = &mut configuration.limits;
    limits.upstream_timeout = args.timeout.unwrap_or(limits.upstream_timeout);
    let named = args.console.or(configuration.console.take());
    configuration.console = console(named.as_deref()).map_err(Stop::Failed)?;
    // The simulation has keys of its own and is not given any others.
    let accounts = match args.sandbox {
        true => Accounts::new(),
        false => config::accounts(&configuration, &environment)?,
    };
    if args.print_config {
        return say(&config::print(&configuration, &accounts));
    }
    config::keep_password(args.file.config.as_deref(), &environment)?;
    let upstream = if args.sandbox {
        let sandbox = SharedSandbox::new(args.sandbox_settings.settings());
        Upstream::sandbox(sandbox, &configuration)
    } else if accounts.values().all(|account| account.is_empty()) {
        return Err(Stop::Unusable(NO_KEYS.to_string()));
    } else {
        live(&configuration, accounts)?
    };
    // Simulated resources end with the process, and so does what is remembered of them.
    let journal = match args.sandbox {
        true => idempotency::in_memory(),
        #[cfg(feature = "live")]
        false => Some(journal::open_or_create(&configuration, &environment).await?),
        #[cfg(not(feature = "live"))]
        false => None,
    };
    // What it held of keys is not needed any longer.
    drop(environment);
    let (mode, listen) = (upstream.mode(), configuration.listen);
    let open = configuration.auth.required() || (args.sandbox && args.remote.allow_remote);
    if let Some(file) = &configuration.audit.file {
        audit::open(file).map_err(|error| {
            let file = file.display();
            Stop::Unusable(format!("[audit] {file} cannot be written: {error}."))
        })?;
    }
    let limits = configuration.limits.clone();
    let service = http::service(Config {
        upstream,
        configuration,
        journal,
    });
    serve(mode, listen, open, &limits, service).await
}

#[cfg(feature = "live")]
fn live(configuration: &Configuration, accounts: Accounts) -> Result<Upstream, ConfigError> {
    Upstream::live(configuration, accounts)
}

#[cfg(not(feature = "live"))]
fn live(_: &Configuration, _: Accounts) -> Result<Upstream, ConfigError> {
    Err(ConfigError(NOT_LIVE.to_string()))
}

#[cfg(feature = "live")]
async fn examine(file: &FileArgs) -> ExitCode {
    let environment = config::environment();
    let report = match configuration(file, &environment) {
        Ok(configuration) => doctor::examine(&configuration, &environment).await,
        Err(why) => doctor::Report::unusable(why),
    };
    let said = say(&report.to_string());
    match report.is_well() && said.is_ok() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Says whether an exported history is whole.
async fn verified(args: &VerifyArgs) -> Result<(), Stop> {
    let journal = match &args.config {
        Some(file) => Some(journal_of(Some(file.clone())).await?),
        None => None,
    };
    let verdict = verify(args, journal.as_ref())
        .await
        .map_err(Stop::Unusable)?;
    let (text, whole) = verdict.told();
    say(&text)?;
    match whole {
        true => Ok(()),
        false => Err(Stop::Failed("the history is not as it was written.".into())),
    }
}

#[cfg(not(feature = "live"))]
async fn journal_of(_: Option<PathBuf>) -> Result<Journal, Stop> {
    Err(Stop::Unusable(NOT_LIVE.to_string()))
}

/// The journal that this file configures.
#[cfg(feature = "live")]
async fn journal_of(config: Option<PathBuf>) -> Result<Journal, Stop> {
    let environment = config::environment();
    let configuration = configuration(&FileArgs { config }, &environment)?;
    Ok(journal::open_existing(&configuration, &environment).await?)
}

/// Lists the journal's entries whose outcome is unknown.
#[cfg(feature = "live")]
async fn unknown(file: &FileArgs) -> Result<(), Stop> {
    let journal = journal_of(file.config.clone()).await?;
    let entries = journal.unknown().await;
    let entries = entries.map_err(|error| Stop::Failed(format!("[journal]: {error}.")))?;
    let mut list = String::new();
    for entry in &entries {
        let advice = match entry.repeatable {
            true => "the client may repeat the request, as long as the same keys sign",
            false => "look the resource up",
        };
        let since = tieline_signature::utc(entry.since);
        list += &format!("{since} {} {advice}\n", entry.id);
    }
    say(&format!(
        "{list}{} with an unknown outcome\n",
        entries.len()
    ))
}

/// Writes what was asked for to stdout. Whoever does not take it (a full disk, a closed pipe) is told by
/// the exit code.
fn say(text: &str) -> Result<(), Stop> {
    let mut stdout = std::io::stdout();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    written.map_err(|error| Stop::Failed(format!("stdout cannot be written: {error}.")))
}

fn configuration(file: &FileArgs, environment: &Environment) -> Result<Configuration, ConfigError> {
    let file = config::named(file.config.as_deref(), environment);
    config::load(file, environment)
}

fn console(named: Option<&Path>) -> Result<Option<PathBuf>, String> {
    let folder = named.unwrap_or(Path::new(DEFAULT_CONSOLE));
    if folder.join("index.html").is_file() {
        return Ok(Some(folder.to_path_buf()));
    }
    match named {
        None => Ok(None),
        Some(folder) => Err(format!(
            "there is no index.html in {}; build the console with `trunk build --release` or leave --console out.",
            folder.display()
        )),
    }
}

/// Serves; `open` says whether other machines may reach the address.
async fn serve(
    mode: &str,
    address: SocketAddr,
    open: bool,
    limits: &Limits,
    service: Service,
) -> Result<(), Stop> {
    if !address.ip().is_loopback() && !open {
        return Err(Stop::Failed(format!(
            "{address} can be reached from other machines, and nobody has to log in here. Listen on 127.0.0.1, or configure [auth]; the simulated clouds may be opened with --allow-remote."
        )));
    }
    let listener = http::listen(address, limits).map_err(|error| Stop::Failed(match error.kind() {
        ErrorKind::AddrInUse => format!(
            "{address} is in use by another program; end that program or choose another address with --listen."
        ),
        _ => format!("cannot listen on {address}: {error}."),
    }))?;
    let address = listener.local_addr().unwrap_or(address);
    // Scripts and tests wait for this line and read the address from it.
    // It serves also when nobody takes that line.
    let _ = say(&format!(
        "tieline-proxy {VERSION} ({mode}) listening on http://{address}\n"
    ));
    let (concurrency, begun) = (service.concurrency, service.stopping);
    let (stopping, stop) = oneshot::channel();
    let serving = http::serve(listener, service.router, limits, &service.metrics, async {
        asked_to_stop().await;
        begun.begin();
        let _ = stopping.send(());
    });
    let grace = grace(limits);
    let late = async {
        let _ = stop.await;
        tokio::time::sleep(grace).await;
    };
    let finished = async {
        serving.await;
        // Creations go on when their clients have hung up.
        concurrency.idle().await;
    };
    tokio::select! {
        () = finished => Ok(()),
        () = late => Err(Stop::Failed(format!(
            "{} requests did not end within {} s; their outcomes are unknown.",
            concurrency.in_flight(),
            grace.as_secs()
        ))),
    }
}

/// The longest that a request takes which has come before a stop: until it is there, IAM is asked and the
/// cloud has answered.
fn grace(limits: &Limits) -> Duration {
    let upstream = Duration::from_secs(limits.upstream_timeout);
    Duration::from_secs(limits.request_timeout) + IAM_TIMEOUT.min(upstream) + upstream
}

/// Waits for Ctrl-C or, on Unix, SIGTERM.
async fn asked_to_stop() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => terminate.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! {
        () = interrupt => {}
        _ = terminate => {}
    }
}

#[cfg(test)]
mod tests;
