//! The command line.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use tieline_sandbox::{Fault, Settings, FAULTS};
use tokio::net::TcpListener;
use tokio::signal;

use crate::{app, vendor, Config, Credentials, SharedSandbox, Upstream, VERSION};

/// Where a console is looked for when none is named.
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
    /// Serve the simulated clouds in the vendors' own wire formats, for the vendors' SDKs.
    Sandbox {
        /// Where to listen.
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9090")]
        listen: SocketAddr,
        #[command(flatten)]
        remote: RemoteArgs,
        #[command(flatten)]
        sandbox: SandboxArgs,
    },
}

#[derive(Args, Debug)]
struct ProxyArgs {
    /// Send to the simulated clouds in this process instead of the real ones.
    #[arg(long)]
    sandbox: bool,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// The folder of a built console to serve [default: dist, if it exists].
    #[arg(long, value_name = "FOLDER")]
    console: Option<PathBuf>,
    /// Let pages of this origin use the proxy, beside those of this machine; repeatable.
    #[arg(long = "allow-origin", value_name = "ORIGIN", value_parser = parse_origin)]
    allow_origin: Vec<String>,
    /// How many seconds the cloud may take to answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    simulation: SandboxArgs,
}

#[derive(Args, Debug)]
struct RemoteArgs {
    /// Listen on an address that other machines can reach, although nobody has to log in.
    #[arg(long)]
    allow_remote: bool,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Sandbox")]
struct SandboxArgs {
    /// A factor on the time that resources take to become ready; 0: at once.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = parse_factor)]
    time_scale: f64,
    /// How many resources of each kind an account may have [default: as the catalog says].
    #[arg(long, value_name = "N")]
    quota: Option<u32>,
    /// A fault that strikes every request. A name or description with `fault-NAME` in it orders it
    /// for one creation.
    #[arg(long, value_name = "NAME", value_parser = fault_names())]
    fault: Option<String>,
    /// How many milliseconds the fault `slow` takes.
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

fn parse_origin(text: &str) -> Result<String, String> {
    let uri = text.parse::<axum::http::Uri>().ok();
    let rebuilt = uri.and_then(|uri| {
        let scheme = uri
            .scheme_str()
            .filter(|s| matches!(*s, "http" | "https"))?;
        let authority = uri.authority().filter(|a| !a.as_str().contains('@'))?;
        Some(format!("{scheme}://{authority}"))
    });
    match rebuilt {
        Some(origin) if origin == text => Ok(origin),
        _ => Err("an origin is a scheme, a host and perhaps a port, like https://portal.example, with no path and no slash at the end".to_string()),
    }
}

/// Runs the program. The exit code is 0 after an orderly end, 1 when it cannot serve, 2 for a
/// command line that asks for what is not there.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let served = match cli.command {
        Some(Command::Sandbox {
            listen,
            remote,
            sandbox,
        }) => {
            let router = vendor::app(SharedSandbox::new(sandbox.settings()));
            serve("sandbox server", listen, &remote, router).await
        }
        None if !cli.proxy.sandbox => {
            eprintln!("tieline-proxy: sending to the real clouds is not built yet. Start it with --sandbox to use the simulated ones.");
            return ExitCode::from(2);
        }
        None => match config(&cli.proxy) {
            Ok(config) => serve("sandbox", cli.proxy.listen, &cli.proxy.remote, app(config)).await,
            Err(why) => Err(why),
        },
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("tieline-proxy: {why}");
            ExitCode::FAILURE
        }
    }
}

fn config(args: &ProxyArgs) -> Result<Config, String> {
    let sandbox = SharedSandbox::new(args.simulation.settings());
    Ok(Config {
        timeout: Duration::from_secs(args.timeout),
        allowed_origins: args.allow_origin.clone(),
        console: console(args.console.as_deref())?,
        credentials: credentials(),
        ..Config::new(Upstream::Sandbox(sandbox))
    })
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

/// Which credentials the environment holds, by the names that the vendors' own tools use.
fn credentials() -> Credentials {
    let given = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let both = |id: &str, secret: &str| given(id) && given(secret);
    Credentials {
        alibaba: both(
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ),
        huawei: both("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK")
            || both("CLOUD_SDK_AK", "CLOUD_SDK_SK"),
    }
}

async fn serve(
    mode: &str,
    address: SocketAddr,
    remote: &RemoteArgs,
    router: Router,
) -> Result<(), String> {
    if !address.ip().is_loopback() && !remote.allow_remote {
        return Err(format!(
            "{address} can be reached from other machines, and nobody has to log in here. Listen on 127.0.0.1, or add --allow-remote if the network is guarded otherwise."
        ));
    }
    let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!(
            "{address} is in use by another program; end that program or choose another address with --listen."
        ),
        _ => format!("cannot listen on {address}: {error}."),
    })?;
    let address = listener.local_addr().unwrap_or(address);
    // Scripts and tests wait for this line and read the address from it.
    println!("tieline-proxy {VERSION} ({mode}) listening on http://{address}");
    let server = axum::serve(listener, router).with_graceful_shutdown(asked_to_stop());
    server
        .await
        .map_err(|error| format!("the server ended: {error}."))
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
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_origin_has_no_path() {
        assert!(parse_origin("https://portal.example:8443").is_ok());
        for wrong in [
            "https://portal.example/",
            "portal.example",
            "null",
            "*",
            "ftp://a",
            "https://u@a",
        ] {
            assert!(parse_origin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn settings_follow_the_flags() {
        let cli = Cli::try_parse_from([
            "tieline-proxy",
            "sandbox",
            "--quota",
            "2",
            "--fault",
            "lost",
            "--time-scale",
            "0",
        ]);
        let Ok(Cli {
            command: Some(Command::Sandbox { sandbox, .. }),
            ..
        }) = cli
        else {
            panic!("the documented command line is refused");
        };
        let expected = Settings {
            quota: Some(2),
            fault: Some(Fault::Lost),
            time_scale: 0.0,
            ..Settings::default()
        };
        assert_eq!(sandbox.settings(), expected);
        assert!(Cli::try_parse_from(["tieline-proxy", "--sandbox", "--fault", "x"]).is_err());
        assert!(Cli::try_parse_from(["tieline-proxy", "--time-scale", "-1"]).is_err());
    }
}
