//! The project's tasks, run as `cargo xtask <task>`: set the tools up, serve the console with its
//! proxy, run every test, weigh the built page.

mod args;
mod bench;
mod embed;
mod lock;
mod pack;
mod run;
mod serve;
mod setup;
mod size;
mod test;
mod ui;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
Tieline's tasks

  cargo xtask serve [--port 8080] [--proxy-port 8787] [--release] [--open]
      Set up what is missing, start the proxy with its sandbox and the page, print the address.
  cargo xtask test [NAME…]
      Set up what is missing and run the checks: fmt clippy deny unit integration sdk
      schemathesis browser embed (default: all).
  cargo xtask size [--no-build] [--strict] [--compare [REVISION]]
      Weigh the release page and the package, file by file, against their budget, and the page
      against another revision (without a name: main, or the commit before when main is the one
      checked out). With --strict going over the budget fails.
  cargo xtask embed [--debug] [--strict]
      Build the package for other pages, dist/embed/, and weigh what an element loads first. With
      --debug neither optimised nor divided.
  cargo xtask bench
      Compare the release proxy with nginx: requests per second, p99 and memory. Needs nginx, Linux.
  cargo xtask setup [--tests]
      Only set up: wasm target, Trunk, wasm-bindgen, wasm-opt; with --tests also a browser, its
      driver, axe-core, the vendors' SDKs, Schemathesis and a Redis server.
  cargo xtask pack
      Trunk's last step of a release page: divide the WebAssembly, compress the files.
";

fn main() -> ExitCode {
    ui::start();
    run::watch_signals();
    let mut words = std::env::args().skip(1);
    let task = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let result = match task.as_str() {
        "serve" => serve::main(&rest),
        "test" => test::main(&rest),
        "size" => size::main(&rest),
        "pack" => pack::main(&rest),
        "embed" => embed::main(&rest),
        "bench" => bench::main(&rest),
        "setup" => setup::main(&rest),
        "" | "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(anyhow::anyhow!("there is no task `{other}`\n\n{USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the checkout, where the workspace's Cargo.toml is.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds: CARGO_TARGET_DIR, or `target` in the checkout.
pub fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}
