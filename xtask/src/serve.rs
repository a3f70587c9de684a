//! `cargo xtask serve`: the proxy with its sandbox, and the page in front of it.

use crate::args;
use crate::page;
use crate::paths::program;
use crate::run::{command, end, interrupted, quietly, start};
use crate::ui::say;
use anyhow::{bail, Context, Result};
use lexopt::Arg::Long;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

const PORT: u16 = 8080;
const PROXY_PORT: u16 = 8787;

/// Trunk.toml with another proxy port. Trunk's own switch would add a second proxy to the one in
/// the file, and the file has to lie beside it because Trunk works in its folder.
const OTHER_CONFIG: &str = "Trunk.local.toml";

/// Runs the task.
pub fn main(words: &[String]) -> Result<()> {
    let (mut port, mut proxy_port) = (PORT, PROXY_PORT);
    let (mut release, mut open) = (false, false);
    let mut parser = args::parser(words);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("port") => port = args::port(&mut parser, "--port")?,
            Long("proxy-port") => proxy_port = args::port(&mut parser, "--proxy-port")?,
            Long("release") => release = true,
            Long("open") => open = true,
            other => return Err(args::unknown(other)),
        }
    }
    if port == proxy_port {
        bail!("--port and --proxy-port are both {port}: choose two different ones");
    }
    free(port, "--port")?;
    free(proxy_port, "--proxy-port")?;

    crate::setup::for_page(|| {
        build_page(release)?;
        build_proxy(release)
    })?;

    let mut parts = Vec::new();
    let served = run(&mut parts, port, proxy_port, release, open);
    for part in &mut parts {
        end(&mut part.child);
        part.print_lines();
    }
    say("serve", "ended the proxy and the page's server");
    served
}

/// Builds the proxy.
pub fn build_proxy(release: bool) -> Result<()> {
    say("proxy", "building");
    let mut cargo = command("cargo");
    // The simulated clouds need neither TLS nor a database, which take as long to compile as the rest.
    cargo.args([
        "build",
        "--package",
        "tieline-proxy",
        "--no-default-features",
    ]);
    cargo.args(release.then_some("--release"));
    quietly("proxy", &mut cargo)?;
    say("proxy", "built");
    Ok(())
}

/// Compiles the page just as Trunk will, which then only has to pack it. Before Trunk is there,
/// this is what can be done.
fn build_page(release: bool) -> Result<()> {
    say("page", "compiling");
    let mut cargo = command("cargo");
    cargo.args([
        "build",
        "--target",
        "wasm32-unknown-unknown",
        "--bin",
        "tieline",
    ]);
    if release {
        cargo.args(["--profile", "wasm-release"]);
    }
    quietly("page", &mut cargo)?;
    say("page", "compiled");
    Ok(())
}

fn free(port: u16, switch: &str) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {port} is in use: end the program that has it, or choose another one with {switch}"
        ),
        Err(error) => bail!("port {port} cannot be used ({error}): choose another one with {switch}"),
    }
}

/// One of the two running programs.
struct Part {
    name: &'static str,
    child: Child,
    lines: Receiver<String>,
}

impl Part {
    fn print_lines(&self) {
        for line in self.lines.try_iter() {
            println!("{}: {line}", self.name);
        }
    }
}

fn run(parts: &mut Vec<Part>, port: u16, proxy_port: u16, release: bool, open: bool) -> Result<()> {
    let mut proxy = command(program("tieline-proxy", release));
    proxy.args(["--sandbox", "--listen", &format!("127.0.0.1:{proxy_port}")]);
    let (child, lines) = start(&mut proxy)?;
    parts.push(Part {
        name: "proxy",
        child,
        lines,
    });
    until_answering(parts, "the proxy", proxy_port, "/healthz")?;
    say(
        "proxy",
        &format!("answers on 127.0.0.1:{proxy_port}, with its sandbox"),
    );

    let mut trunk = command("trunk");
    trunk.args(["serve", "--port", &port.to_string()]);
    if release {
        trunk.arg("--release");
        page::remap_paths(&mut trunk);
    }
    trunk.args(open.then_some("--open"));
    // Everything that Trunk may want is installed: it has no reason to reach for the network.
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
    if proxy_port != PROXY_PORT {
        write_other_config(proxy_port)?;
        trunk.args(["--config", OTHER_CONFIG]);
    }
    let (child, lines) = start(&mut trunk)?;
    parts.push(Part {
        name: "trunk",
        child,
        lines,
    });
    until_answering(parts, "the page's server", port, "/")?;
    println!("\n    Tieline is at  http://127.0.0.1:{port}/   (Ctrl-C ends it)\n");

    while !interrupted() {
        watch(parts)?;
        std::thread::sleep(Duration::from_millis(200));
    }
    println!();
    Ok(())
}

fn write_other_config(proxy_port: u16) -> Result<()> {
    let root = crate::paths::root();
    let config =
        std::fs::read_to_string(root.join("Trunk.toml")).context("cannot read Trunk.toml")?;
    let address = |port: u16| format!("http://127.0.0.1:{port}/");
    let other = config.replace(&address(PROXY_PORT), &address(proxy_port));
    std::fs::write(root.join(OTHER_CONFIG), other)
        .with_context(|| format!("cannot write {OTHER_CONFIG}"))
}

/// Prints what the programs said and fails when one of them has ended.
fn watch(parts: &mut [Part]) -> Result<()> {
    for part in parts {
        part.print_lines();
        if let Some(status) = part.child.try_wait()? {
            std::thread::sleep(Duration::from_millis(300));
            part.print_lines();
            bail!("the {} ended by itself ({status})", part.name);
        }
    }
    Ok(())
}

fn until_answering(parts: &mut [Part], what: &str, port: u16, path: &str) -> Result<()> {
    let began = Instant::now();
    let mut spoke = Instant::now();
    while !answers(port, path) {
        watch(parts)?;
        if interrupted() {
            bail!("stopped before {what} answered");
        }
        if began.elapsed() > Duration::from_secs(300) {
            bail!("{what} does not answer http://127.0.0.1:{port}{path}");
        }
        if spoke.elapsed() > Duration::from_secs(5) {
            say("serve", &format!("waiting for {what}"));
            spoke = Instant::now();
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    watch(parts)
}

/// Whether an HTTP server answers 200.
fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n")?;
        // All of the answer is read, since a connection closed early looks like a fault over there.
        let mut answer = Vec::new();
        stream.take(1 << 20).read_to_end(&mut answer)?;
        Ok(answer.starts_with(b"HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_port_is_named_with_its_switch() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = free(port, "--proxy-port").unwrap_err().to_string();
        assert!(
            error.contains(&port.to_string()) && error.contains("--proxy-port"),
            "{error}"
        );
    }

    #[test]
    fn the_configuration_names_the_default_proxy_port() {
        let config = std::fs::read_to_string(crate::paths::root().join("Trunk.toml")).unwrap();
        assert!(config.contains(&format!("http://127.0.0.1:{PROXY_PORT}/")));
        assert!(config.contains(&format!("port = {PORT}")));
    }
}
