//! A real Redis server for a test.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{EntryId, RedisServer};

/// A server on a free port with a folder of its own; it ends with the value.
pub(super) struct Server {
    pub(super) address: RedisServer,
    folder: tempfile::TempDir,
    port: u16,
    process: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Server {
    /// `None`, and why on the error output, when there is no `redis-server` on this machine.
    pub(super) fn start() -> Option<Server> {
        loop {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let port = free.local_addr().unwrap().port();
            let folder = tempfile::tempdir().unwrap();
            drop(free);
            let process = match spawn(&folder, port) {
                Ok(process) => process,
                Err(error) => {
                    eprintln!("SKIPPED: redis-server cannot be started ({error}); install Debian's package redis-server");
                    return None;
                }
            };
            let address = RedisServer {
                url: format!("redis://127.0.0.1:{port}").into(),
                replicas: 0,
                trusted: false,
            };
            let mut server = Server {
                address,
                folder,
                port,
                process,
            };
            // It ends at once where somebody else has taken the port meanwhile.
            if server.answers() {
                return Some(server);
            }
        }
    }

    /// As a crash does it: SIGKILL.
    pub(super) fn kill(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }

    pub(super) fn restart(&mut self) {
        self.process = spawn(&self.folder, self.port).unwrap();
        assert!(self.answers(), "its port is taken");
    }

    /// Waits until it answers, which it does not yet while it reads its data; false when it has ended.
    fn answers(&mut self) -> bool {
        let client = redis::Client::open(self.address.url.as_str()).unwrap();
        let answer = || redis::cmd("PING").query::<String>(&mut client.get_connection()?);
        let started = Instant::now();
        while answer().is_err() {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "no server");
            std::thread::sleep(Duration::from_millis(20));
        }
        // Who answers may be another one.
        self.process.try_wait().unwrap().is_none()
    }

    pub(super) fn set(&self, name: &str, value: &str) {
        self.ask::<()>(&["CONFIG", "SET", name, value]);
    }

    /// When an entry is forgotten, in milliseconds on the journal's clock; `None`: never.
    pub(super) fn forgotten_at(&self, id: &EntryId) -> Option<u64> {
        let key = format!("tieline:journal:{id}");
        let left: i64 = self.ask(&["PTTL", &key]);
        assert_eq!(left, -1, "the server's own clock must not forget it");
        self.ask(&["ZSCORE", "tieline:journal:expiry", &key])
    }

    /// The answer to any command.
    pub(super) fn ask<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let mut command = redis::cmd(words[0]);
        words[1..].iter().for_each(|word| {
            command.arg(word);
        });
        command.query(&mut self.connect()).unwrap()
    }

    /// The server's host and port.
    pub(super) fn place(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.port)
    }

    /// Where the server keeps its data.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn connect(&self) -> redis::Connection {
        let client = redis::Client::open(self.address.url.as_str()).unwrap();
        client.get_connection().unwrap()
    }
}

fn spawn(folder: &tempfile::TempDir, port: u16) -> std::io::Result<Child> {
    let settings = "--bind 127.0.0.1 --appendonly yes --appendfsync always";
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--save", ""])
        .args(settings.split(' '))
        .arg("--dir")
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}
