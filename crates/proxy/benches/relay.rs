//! How fast the proxy relays a signed creation, beside nginx that passes the same creation on, and how
//! much memory it takes. `cargo xtask bench` runs it; nginx must be installed.
//!
//! Every round starts a new sandbox server and what stands in front of it, so that no round finds
//! more resources than another. The contestants take turns; medians are told, and of the ratios, which
//! are those of one turn, how far they spread. The load comes from this process over kept connections.
//! What goes to nginx and to the server itself is signed before the clock starts, since nginx only
//! passes it on; the proxy is given JSON, and checks, journals and signs it. Load, server and
//! contestant share the machine's processors.
//!
//! nginx runs twice: as it is set up for speed, with kept connections to the server, and with a connection for
//! each request, as the proxy has them on purpose (`upstream/http_client.rs` says why).

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("The comparison reads /proc, so it runs on Linux only.");
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    match linux::compare() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{BufRead, BufReader, Error as IoError};
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    use tieline_catalog::{check, find, wire, Raw};
    use tieline_proxy::{SANDBOX_ACCESS_KEY, SANDBOX_SECRET_KEY};
    use tieline_signature::{acs3, Credentials};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    const PROGRAM: &str = env!("CARGO_BIN_EXE_tieline-proxy");
    const OPERATION: &str = "CreateCen";
    /// Requests at once.
    const CONNECTIONS: usize = 200;
    /// Requests of a round on each connection.
    const EACH: usize = 10;
    /// Requests on each connection before the clock starts: they open the connections behind.
    const WARM_UP: usize = 1;
    const ROUNDS: usize = 21;

    type Failure = Box<dyn std::error::Error>;

    /// What stands between the load and the sandbox server.
    #[derive(Clone, Copy, PartialEq)]
    enum Way {
        Direct,
        Nginx,
        NginxEach,
        Memory,
        Sqlite,
    }

    const WAYS: [(Way, &str); 5] = [
        (Way::Direct, "the server itself"),
        (Way::Nginx, "nginx, connections kept"),
        (Way::NginxEach, "nginx, a connection each"),
        (Way::Memory, "tieline-proxy, journal memory"),
        (Way::Sqlite, "tieline-proxy, journal sqlite"),
    ];

    /// What a round measured.
    struct Round {
        per_second: f64,
        p50_ms: f64,
        p99_ms: f64,
        /// Processor time of the contestant for a request.
        cpu_us: f64,
        /// The contestant's largest resident memory.
        peak_mib: f64,
    }

    pub fn compare() -> Result<(), Failure> {
        let nginx = Command::new("nginx").arg("-v").output();
        if nginx.is_err() {
            return Err("there is no nginx here; install it (Debian: apt-get install nginx), it need not run as a service.".into());
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let requests = CONNECTIONS * EACH;
        println!("{OPERATION}, {CONNECTIONS} requests at once, {requests} in a round, {ROUNDS} rounds in turn\n");
        let mut rounds: Vec<Vec<Round>> = WAYS.iter().map(|_| Vec::new()).collect();
        for _ in 0..ROUNDS {
            for ((way, _), rounds) in WAYS.iter().zip(&mut rounds) {
                rounds.push(round(*way, &runtime)?);
            }
        }
        println!(
            "{:<30} {:>10} {:>8} {:>8} {:>12} {:>10}",
            "median of the rounds", "requests/s", "p50 ms", "p99 ms", "CPU µs each", "peak MiB"
        );
        let medians = |of: fn(&Round) -> f64| -> Vec<f64> {
            let median = |rounds: &Vec<Round>| {
                let mut values: Vec<f64> = rounds.iter().map(of).collect();
                values.sort_by(f64::total_cmp);
                values[values.len() / 2]
            };
            rounds.iter().map(median).collect()
        };
        let speed = medians(|r| r.per_second);
        let (p50, p99) = (medians(|r| r.p50_ms), medians(|r| r.p99_ms));
        let cpu = medians(|r| r.cpu_us);
        for (n, (way, name)) in WAYS.iter().enumerate() {
            let peak = rounds[n].iter().map(|r| r.peak_mib).fold(0.0, f64::max);
            let (cpu, peak) = match way {
                Way::Direct => ("-".to_string(), "-".to_string()),
                _ => (format!("{:.0}", cpu[n]), format!("{peak:.1}")),
            };
            println!(
                "{name:<30} {:>10.0} {:>8.1} {:>8.1} {cpu:>12} {peak:>10}",
                speed[n], p50[n], p99[n]
            );
        }
        println!();
        for (n, beside) in [(3, 1), (3, 2), (4, 1), (4, 2)] {
            // Each round with nginx's just before it: what else the machine does meanwhile comes and
            // goes, and hits both.
            let pairs = rounds[n].iter().zip(&rounds[beside]);
            let mut ratios: Vec<f64> = pairs
                .map(|(own, nginx)| own.per_second / nginx.per_second)
                .collect();
            ratios.sort_by(f64::total_cmp);
            let at = |part: usize| ratios[(ratios.len() - 1) * part / 4];
            let (name, other) = (WAYS[n].1, WAYS[beside].1);
            let late = p99[n] / p99[beside];
            println!(
                "{name}: {:.2} of the requests/s of {other} (half of the rounds {:.2} to {:.2}), {late:.2} of its p99",
                at(2), at(1), at(3)
            );
        }
        println!("peak MiB is the largest of all rounds; nginx's is the sum of its processes.");
        Ok(())
    }

    fn round(way: Way, runtime: &tokio::runtime::Runtime) -> Result<Round, Failure> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let (cloud, server) = Running::program(&["sandbox", "--quota", "1000000"], &[])?;
        let (contestant, address) = match way {
            Way::Direct => (None, server.clone()),
            Way::Nginx | Way::NginxEach => {
                let (nginx, address) = nginx(way, folder.path(), &server)?;
                (Some(nginx), address)
            }
            Way::Memory | Way::Sqlite => {
                let (proxy, address) = proxy(way, folder.path(), &server)?;
                (Some(proxy), address)
            }
        };
        let make = |number: usize| match way {
            Way::Memory | Way::Sqlite => to_proxy(number),
            Way::Direct | Way::Nginx | Way::NginxEach => signed(number, &address),
        };
        let count = CONNECTIONS * (EACH + WARM_UP);
        let mut requests: Vec<Vec<u8>> = (0..count).map(make).collect();
        let cpu = || contestant.as_ref().map_or(0.0, Running::cpu_seconds);
        let measured = runtime.block_on(async {
            let mut connections = Vec::new();
            for _ in 0..CONNECTIONS {
                let stream = TcpStream::connect(&address).await?;
                stream.set_nodelay(true)?;
                connections.push(stream);
            }
            let warm = requests.split_off(count - CONNECTIONS * WARM_UP);
            let (connections, _) = load(connections, warm).await?;
            let (began, before) = (Instant::now(), cpu());
            let (_, times) = load(connections, requests).await?;
            Ok::<_, IoError>((times, began.elapsed(), cpu() - before))
        });
        let (mut times, took, cpu) = measured?;
        times.sort();
        let at =
            |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        let round = Round {
            per_second: times.len() as f64 / took.as_secs_f64(),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            cpu_us: cpu * 1e6 / times.len() as f64,
            peak_mib: contestant.as_ref().map_or(0.0, Running::peak_mib),
        };
        drop((contestant, cloud));
        Ok(round)
    }

    /// Sends the requests in equal parts on all connections at once; how long each took.
    async fn load(
        connections: Vec<TcpStream>,
        mut requests: Vec<Vec<u8>>,
    ) -> Result<(Vec<TcpStream>, Vec<Duration>), IoError> {
        let each = requests.len() / connections.len();
        let mut tasks = Vec::new();
        for mut stream in connections {
            let own = requests.split_off(requests.len() - each);
            tasks.push(tokio::spawn(async move {
                let mut times = Vec::with_capacity(own.len());
                let mut buffer = Vec::with_capacity(4096);
                for request in own {
                    let began = Instant::now();
                    stream.write_all(&request).await?;
                    answer(&mut stream, &mut buffer).await?;
                    times.push(began.elapsed());
                }
                Ok::<_, IoError>((stream, times))
            }));
        }
        let (mut streams, mut all) = (Vec::new(), Vec::new());
        for task in tasks {
            let (stream, times) = task.await.map_err(IoError::other)??;
            streams.push(stream);
            all.extend(times);
        }
        Ok((streams, all))
    }

    /// Reads one answer, which must say that something was created.
    async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), IoError> {
        buffer.clear();
        let wrong = |buffer: &[u8]| IoError::other(String::from_utf8_lossy(buffer).into_owned());
        loop {
            if stream.read_buf(buffer).await? == 0 {
                return Err(wrong(buffer));
            }
            let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
            let length = text.split("\r\ncontent-length: ").nth(1);
            let length = length.and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok());
            let Some(length) = length.filter(|_| text.starts_with("http/1.1 200 ")) else {
                return Err(wrong(buffer));
            };
            if buffer.len() >= head + 4 + length {
                return match buffer
                    .windows(7)
                    .any(|seven| seven == b"\"CenId\"" || seven == b"<CenId>")
                {
                    true => Ok(()),
                    false => Err(wrong(buffer)),
                };
            }
        }
    }

    /// What the creation is; each has a name and a token of its own.
    fn parameters(number: usize) -> String {
        format!(
            r#"{{"Name":"branch-{number}","Description":"The sites of one branch","ClientToken":"{number:032x}"}}"#
        )
    }

    fn to_proxy(number: usize) -> Vec<u8> {
        let body = parameters(number);
        format!(
            "POST /v1/{OPERATION} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: key-{number}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    /// The same creation as the proxy sends it.
    fn signed(number: usize, host: &str) -> Vec<u8> {
        let op = find(OPERATION).expect("an operation of the catalog");
        let raw = Raw::from_json(op, &parameters(number)).expect("its shape");
        let valid = check(op, &raw).valid().expect("its rules");
        let mut request = wire::encode(valid.parsed());
        request.host = host.to_string();
        let credentials = Credentials {
            access_key_id: SANDBOX_ACCESS_KEY.to_string(),
            secret: SANDBOX_SECRET_KEY.into(),
            security_token: None,
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |age| age.as_millis() as u64);
        acs3::sign(&mut request, &credentials, now, &format!("{number:032x}"));
        let mut text = format!(
            "{} {}?{} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n",
            request.method,
            request.path,
            request.query_string(),
            request.body.len()
        );
        for (name, value) in &request.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(&request.body);
        text.into_bytes()
    }

    /// A process that ends with the value.
    struct Running(Child);

    impl Running {
        /// Starts the proxy's program on a port of the system's choice; its address too.
        fn program(
            args: &[&str],
            variables: &[(&str, &str)],
        ) -> Result<(Running, String), Failure> {
            let mut child = Command::new(PROGRAM)
                .args(args)
                .args(["--listen", "127.0.0.1:0"])
                .envs(variables.iter().copied())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?;
            let stdout = child.stdout.take().ok_or("no pipe")?;
            let running = Running(child);
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line)?;
            let address = line.trim_end().rsplit("http://").next();
            let address = address.filter(|address| address.starts_with("127."));
            Ok((
                running,
                address.ok_or(format!("it printed {line:?}"))?.to_string(),
            ))
        }

        /// The process and its children.
        fn family(&self) -> Vec<u32> {
            let id = self.0.id();
            let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
            let children = children.unwrap_or_default();
            let children = children.split_whitespace().filter_map(|id| id.parse().ok());
            std::iter::once(id).chain(children).collect()
        }

        fn cpu_seconds(&self) -> f64 {
            let of = |id: u32| {
                let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
                // After the name in brackets: user and system time are the 12th and 13th field, in
                // hundredths of a second (USER_HZ).
                let fields = stat.rsplit(") ").next()?.split(' ').skip(11).take(2);
                Some(
                    fields
                        .filter_map(|ticks| ticks.parse::<f64>().ok())
                        .sum::<f64>()
                        / 100.0,
                )
            };
            self.family().into_iter().filter_map(of).sum()
        }

        fn peak_mib(&self) -> f64 {
            let of = |id: u32| {
                let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
                let line = status
                    .lines()
                    .find_map(|line| line.strip_prefix("VmHWM:"))?;
                line.split_whitespace().next()?.parse::<f64>().ok()
            };
            self.family().into_iter().filter_map(of).sum::<f64>() / 1024.0
        }
    }

    impl Drop for Running {
        fn drop(&mut self) {
            // nginx's first process ends its workers only when it is asked to end.
            let id = self.0.id().to_string();
            let _ = Command::new("kill").args(["-TERM", &id]).status();
            let _ = self.0.wait();
        }
    }

    fn proxy(way: Way, folder: &Path, server: &str) -> Result<(Running, String), Failure> {
        let (endpoint, journal) = (format!("http://{server}"), folder.join("journal.sqlite"));
        let kind = if way == Way::Sqlite {
            "sqlite"
        } else {
            "memory"
        };
        Running::program(
            &[],
            &[
                ("ALIBABA_CLOUD_ACCESS_KEY_ID", SANDBOX_ACCESS_KEY),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SANDBOX_SECRET_KEY),
                ("TIELINE_ENDPOINTS__CBN", &endpoint),
                ("TIELINE_JOURNAL__KIND", kind),
                ("TIELINE_JOURNAL__PATH", &journal.to_string_lossy()),
                ("TIELINE_LIMITS__RATE_PER_MINUTE", "0"),
                // As docs/deploy.md has it.
                ("MIMALLOC_PURGE_DELAY", "10"),
            ],
        )
    }

    /// nginx as a plain reverse proxy that writes no log, as one would set it up for speed.
    fn nginx(way: Way, folder: &Path, server: &str) -> Result<(Running, String), Failure> {
        let (keep, connection) = match way {
            Way::NginxEach => ("", "close"),
            _ => ("keepalive 256;", ""),
        };
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let at = folder.display();
        let text = format!(
            "daemon off; worker_processes auto; pid {at}/pid; error_log stderr error;
             events {{ worker_connections 1024; }}
             http {{
               access_log off; client_body_temp_path {at}/b; proxy_temp_path {at}/p;
               fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
               keepalive_requests 100000;
               upstream cloud {{ server {server}; {keep} }}
               server {{
                 listen 127.0.0.1:{port};
                 location / {{
                   proxy_pass http://cloud; proxy_http_version 1.1;
                   proxy_set_header Host $http_host; proxy_set_header Connection \"{connection}\";
                 }}
               }}
             }}"
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, text)?;
        let mut command = Command::new("nginx");
        command.arg("-c").arg(&file).arg("-p").arg(folder);
        let mut running = Running(command.stdout(Stdio::null()).spawn()?);
        let address = format!("127.0.0.1:{port}");
        for _ in 0..200 {
            if std::net::TcpStream::connect(&address).is_ok() {
                return Ok((running, address));
            }
            if let Some(status) = running.0.try_wait()? {
                return Err(format!("nginx ended: {status}").into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err("nginx did not start to listen".into())
    }
}
