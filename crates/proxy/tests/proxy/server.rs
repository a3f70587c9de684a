//! A running program for tests, on a port that the system chooses.

// `tests/sdk.rs` uses a part of it only.
#![allow(dead_code)]

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The program; it ends with the value.
pub struct Server {
    /// Where it listens: `127.0.0.1:49152`.
    pub address: String,
    /// Its process.
    pub process: Child,
}

/// The program with nothing in its environment that configures another one.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TIELINE_") {
            command.env_remove(name);
        }
    }
    command
}

impl Server {
    /// Starts the program at this path with these arguments and waits until it listens.
    pub fn start(program: impl AsRef<OsStr>, args: &[&str]) -> Server {
        Server::start_with(program, args, &[])
    }

    /// The same with these variables in its environment.
    pub fn start_with(
        program: impl AsRef<OsStr>,
        args: &[&str],
        variables: &[(&str, &str)],
    ) -> Server {
        let mut process = command(program)
            .args(args)
            .env("TIELINE_JOURNAL__KIND", "memory")
            .envs(variables.iter().copied())
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the proxy's program");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("a line of text");
        let address = line.trim_end().rsplit("http://").next();
        let address = address.unwrap_or_default().to_string();
        assert!(address.starts_with("127.0.0.1:"), "it printed {line:?}");
        Server { address, process }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
