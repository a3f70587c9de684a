//! The project's tasks, run as `cargo xtask <task>`: set the tools up, serve the console with its
//! proxy, run every test, weigh the built page.

mod args;
mod bench;
mod embed;
mod lock;
mod pack;
mod page;
mod paths;
mod run;
mod serve;
mod setup;
mod size;
mod soak;
mod test;
mod ui;

use std::process::ExitCode;

const USAGE: &str = "\
Tieline's tasks

  cargo xtask serve [--port 8080] [--proxy-port 8787] [--release] [--open]
      Set up what is missing, start the proxy with its sandbox and the page, print the address.
  cargo xtask test [CHECK…] [TEST…] [--jobs N] [--times N] [--load N] [--slow]
      Set up what is missing and run the checks: fmt clippy deny unit integration sdk
      schemathesis browser embed soak sixth (default: all), side by side where they do not need each other.
      Other words choose the tests with one of them in their names: `cargo xtask test browser axe`.
      --jobs is the number of browsers at a time. --times runs the browser's tests so often and
      counts the failures of each; --load adds so many busy loops beside them, and with --slow pages
      draw in as many steps as on a machine that is slow.
  cargo xtask soak [--minutes N] [--seed S] [--round ACTOR:ROUND]
      Pages, an element, programs, proxy, journal and sandbox together under random faults (default:
      2 minutes); the cloud's resources against what everybody believes. A failure prints the seed and
      the round that repeats it.
  cargo xtask size [--no-build] [--strict] [--compare [REVISION]]
      Weigh the release page and the package, file by file, against their budget, and the page
      against another revision (without a name: main, or the commit before when main is the one
      checked out). With --strict going over the budget fails.
  cargo xtask page
      Build the release page, dist/, without the names of this machine's folders in it.
  cargo xtask embed [--debug] [--strict]
      Build the package for other pages, dist/embed/, and weigh what an element loads first. With
      --debug neither optimised nor divided.
  cargo xtask bench
      Compare the release proxy with nginx: requests per second, p99 and memory. Needs nginx, Linux.
  cargo xtask setup [--tests]
      Only set up: wasm target, Trunk, wasm-bindgen, wasm-opt; with --tests also a browser, its
      driver, axe-core, the vendors' SDKs, Schemathesis, Redis, PostgreSQL and Go.
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
        "soak" => soak::main(&rest),
        "pack" => pack::main(&rest),
        "page" => release_page(&rest),
        "embed" => package(&rest),
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

/// `cargo xtask page`: builds the release page.
fn release_page(words: &[String]) -> anyhow::Result<()> {
    args::switches(words, |_| false)?;
    setup::for_page(|| Ok(()))?;
    run::quietly("page", &mut page::trunk_release())?;
    ui::say(
        "page",
        &format!("{} is ready", paths::root().join("dist").display()),
    );
    Ok(())
}

/// `cargo xtask embed`: builds the package and, unless it is for looking into, weighs it.
fn package(words: &[String]) -> anyhow::Result<()> {
    let options = embed::Options::read(words)?;
    setup::for_page(|| Ok(()))?;
    embed::build(options.debug)?;
    match options.debug {
        true => Ok(()),
        false => size::package(options.strict),
    }
}
