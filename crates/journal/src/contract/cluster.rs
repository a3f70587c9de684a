//! A real PostgreSQL server for a test, which never runs as root: that it refuses.

use std::ffi::OsStr;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{chown, MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The user `nobody` and the group `nogroup`, for tests that root runs.
const NOBODY: u32 = 65534;

/// Starts a program, ends it (the server then ends what is open, and stops) when this test's process ends,
/// however it ends, and takes its folder away.
const GUARD: &str =
    "\"$@\" & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid; rm -rf \"$FOLDER\"";

/// A server on a free port with a folder of its own; it ends with the value, or with the process.
pub struct Cluster {
    folder: PathBuf,
    /// The port on 127.0.0.1.
    pub port: u16,
    /// The guards of this server, one for each start.
    guards: Vec<Child>,
}

/// A server's files as they are at its first start, made once; with the guard that takes them away.
static TEMPLATE: OnceLock<Option<(PathBuf, Child)>> = OnceLock::new();

fn template() -> Option<(PathBuf, Child)> {
    let folder = folder();
    let made = program("initdb", &folder)
        .args(["--username=tieline", "--auth=trust", "--no-sync"])
        .args(["--encoding=UTF8", "--no-locale", "--pgdata=data"])
        .output();
    match made {
        Ok(made) => assert!(made.status.success(), "{made:?}"),
        Err(error) => {
            eprintln!("SKIPPED: PostgreSQL cannot be started ({error}); install Debian's package postgresql");
            return None;
        }
    }
    let guard = guarded("true", &folder).spawn().expect("sh");
    Some((folder, guard))
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The last one guards what runs.
        for mut guard in self.guards.drain(..).rev() {
            drop(guard.stdin.take());
            guard.wait().ok();
        }
    }
}

impl Cluster {
    /// A new server with the database `postgres` of the user `tieline`; `None`, and why on the error
    /// output, where there is none on this machine.
    pub fn start() -> Option<Cluster> {
        let template = TEMPLATE.get_or_init(template).as_ref()?;
        let folder = folder();
        let copied = unprivileged("cp", &folder)
            .args(["-a", "--"])
            .args([&template.0.join("data"), &folder])
            .output()
            .expect("cp");
        assert!(copied.status.success(), "{copied:?}");
        Some(Cluster::run(folder))
    }

    fn run(folder: PathBuf) -> Cluster {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let guards = vec![start(&folder, port)];
        let cluster = Cluster {
            folder,
            port,
            guards,
        };
        cluster.wait();
        cluster
    }

    /// A standby that follows this server from now on under this name.
    pub fn standby(&self, name: &str) -> Cluster {
        let folder = folder();
        let source = format!(
            "host=127.0.0.1 port={} user=tieline application_name={name}",
            self.port
        );
        let copied = program("pg_basebackup", &folder)
            .args(["--pgdata=data", "--write-recovery-conf", "--no-sync"])
            .args(["--checkpoint=fast", "--dbname", &source])
            .output()
            .expect("pg_basebackup");
        assert!(copied.status.success(), "{copied:?}");
        Cluster::run(folder)
    }

    /// Makes a standby the server.
    pub fn promote(&self) {
        self.sql("SELECT pg_promote()");
    }

    /// As a crash does it: nothing is written any more.
    pub fn kill(&self) {
        let ended = program("pg_ctl", &self.folder)
            .args(["stop", "--mode=immediate", "--pgdata=data"])
            .output()
            .expect("pg_ctl");
        assert!(ended.status.success(), "{ended:?}");
    }

    /// Starts it again on the same port.
    pub fn restart(&mut self) {
        self.guards.push(start(&self.folder, self.port));
        self.wait();
    }

    fn wait(&self) {
        let started = Instant::now();
        let ready = || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() && {
                let asked = self.psql("SELECT 1").output();
                asked.is_ok_and(|asked| asked.status.success())
            }
        };
        while !ready() {
            assert!(started.elapsed() < Duration::from_secs(60), "no server");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Gives it this certificate and key (PEM), and TLS for those who ask for it.
    pub fn secure(&self, certificate: &str, key: &str) {
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let file = self.folder.join("data").join(name);
            std::fs::write(&file, text).expect("written");
            let owner = PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&file, owner).expect("closed");
            give_away(&file);
        }
        self.set("ssl", "on");
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://tieline@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs statements, each in a transaction of its own, and gives what they print.
    pub fn sql(&self, statements: &str) -> String {
        let done = self.psql(statements).output().expect("psql");
        assert!(done.status.success(), "{statements}: {done:?}");
        String::from_utf8(done.stdout)
            .expect("text")
            .trim()
            .to_string()
    }

    fn psql(&self, statements: &str) -> Command {
        let mut psql = program("psql", &self.folder);
        psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--quiet"])
            .args(["--dbname", &self.url("postgres")]);
        statements.split("; ").for_each(|statement| {
            psql.args(["--command", statement]);
        });
        psql
    }

    /// Changes a setting, or takes it back where there is no value.
    pub fn set(&self, name: &str, value: &str) {
        let shown = || self.sql(&format!("SHOW {name}"));
        let before = shown();
        self.sql(&format!(
            "ALTER SYSTEM SET {name} = '{value}'; SELECT pg_reload_conf()"
        ));
        let started = Instant::now();
        while before != value && shown() == before {
            assert!(started.elapsed() < Duration::from_secs(10), "{name}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn start(folder: &Path, port: u16) -> Child {
    let server = program("postgres", folder);
    guarded(server.get_program(), folder)
        .args(["-D", "data", "-p", &port.to_string()])
        .args(["-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "unix_socket_directories="])
        .spawn()
        .expect("sh")
}

/// A program that ends with this process, and its folder with it.
fn guarded(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = unprivileged("sh", folder);
    command
        .args(["-c", GUARD, "sh"])
        .arg(program)
        .env("FOLDER", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A program of PostgreSQL's: Debian keeps those of the server out of PATH.
fn program(name: &str, folder: &Path) -> Command {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok();
    let found = versions
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.exists())
        .max();
    unprivileged(found.unwrap_or_else(|| name.into()), folder)
}

fn unprivileged(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn is_root() -> bool {
    let own = tempfile::tempdir().expect("a folder");
    own.path().metadata().expect("a folder").uid() == 0
}

/// A folder that the server can write.
fn folder() -> PathBuf {
    let folder = tempfile::tempdir().expect("a folder").keep();
    give_away(&folder);
    folder
}

/// To the user of the server.
fn give_away(path: &Path) {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("given away");
    }
}
