//! What runs beside the browser: the proxy, and servers that are no proxy.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Where everything is, from the environment.
pub struct Tools {
    /// The proxy's program.
    pub proxy: PathBuf,
    /// The folder of the built page.
    pub dist: PathBuf,
}

impl Tools {
    /// `Err` names the variable that is missing.
    pub fn from_env() -> Result<Tools, &'static str> {
        let path = |name: &'static str| std::env::var_os(name).map(PathBuf::from).ok_or(name);
        Ok(Tools {
            proxy: path("TIELINE_PROXY_BIN")?,
            dist: path("TIELINE_DIST")?,
        })
    }
}

/// A program that ends with the test.
pub struct Program(Child);

impl Program {
    /// Starts a program and waits for a line that `ready` takes something from.
    ///
    /// # Errors
    /// When it ends or stays silent instead: what it said.
    pub fn start<T: Send + 'static>(
        command: &mut Command,
        ready: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> Result<(Program, T), String> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let output = child.stdout.take().expect("it is piped");
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            // It reads to the end, because a program must not meet a closed pipe.
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = send.send(ready(&line).ok_or(line));
            }
        });
        let program = Program(child);
        let end = Instant::now() + Duration::from_secs(60);
        let mut said = String::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match receive.recv_timeout(left) {
                Ok(Ok(found)) => return Ok((program, found)),
                Ok(Err(line)) => said = said + "\n" + &line,
                Err(why) => return Err(format!("{command:?} is not ready ({why}):{said}")),
            }
        }
    }
}

impl Program {
    /// The number by which the system knows it.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the proxy with its sandbox and the built page; gives its origin.
pub fn proxy(tools: &Tools, listen: &str, flags: &[&str]) -> (Program, String) {
    let mut command = Command::new(&tools.proxy);
    command
        .args(["--sandbox", "--listen", listen, "--console"])
        .arg(&tools.dist)
        .args(flags);
    Program::start(&mut command, |line| {
        line.split("listening on ")
            .nth(1)
            .map(|origin| origin.trim().to_string())
    })
    .unwrap_or_else(|failure| panic!("{failure}"))
}

/// An address where nothing answers.
pub fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound address")
}

/// What a small server answers to a path.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Reply {
    /// A text of this content type.
    pub fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Reply {
        Reply {
            status,
            headers: vec![("Content-Type", kind.to_string())],
            body: body.into(),
        }
    }

    /// The same, readable by pages of every origin.
    pub fn shared(mut self) -> Reply {
        self.headers
            .push(("Access-Control-Allow-Origin", "*".into()));
        self
    }
}

/// Serves until the tests end; gives the origin.
pub fn server(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    let answer = std::sync::Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            std::thread::spawn(move || serve(stream, &*answer));
        }
    });
    format!("http://{address}")
}

fn serve(stream: TcpStream, answer: &dyn Fn(&str) -> Reply) {
    let mut reader = BufReader::new(&stream);
    let mut first = String::new();
    let _ = reader.read_line(&mut first);
    let mut length = 0;
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(n) if n > 2 => {
                if let Some((name, value)) = line.split_once(':') {
                    if name.eq_ignore_ascii_case("content-length") {
                        length = value.trim().parse().unwrap_or(0);
                    }
                }
            }
            _ => break,
        }
    }
    let _ = reader.take(length).read_to_end(&mut Vec::new());
    let path = first.split(' ').nth(1).unwrap_or("/");
    let reply = answer(path.split('?').next().unwrap_or(path));
    let mut head = format!("HTTP/1.1 {} x\r\nConnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", reply.body.len());
    let mut stream = &stream;
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&reply.body);
}

/// A server of the built page behind which no proxy runs, as a development server answers then.
pub fn page_without_proxy(dist: &Path) -> String {
    let dist = dist.to_path_buf();
    server(move |path| {
        if path.starts_with("/api") {
            return Reply::new(502, "text/plain", "Bad Gateway");
        }
        let name = path.trim_start_matches('/');
        let name = if name.is_empty() { "index.html" } else { name };
        let kind = match name.rsplit('.').next() {
            Some("html") => "text/html",
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            _ => "application/octet-stream",
        };
        match std::fs::read(dist.join(name)) {
            Ok(body) => Reply::new(200, kind, body),
            Err(_) => Reply::new(404, "text/plain", "Not found"),
        }
    })
}
