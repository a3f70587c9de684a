//! What the system knows of connections and ports.

use tokio::net::TcpSocket;

/// A port at which nobody listens, and which nobody else is given as long as this lives.
pub struct Closed {
    /// `127.0.0.1:49152`.
    pub address: String,
    _socket: TcpSocket,
}

impl Closed {
    pub fn port() -> Closed {
        let socket = TcpSocket::new_v4().expect("a socket");
        // Linux then lets a program listen there that says the same, which is how a server gets a port
        // that is known before it starts.
        socket.set_reuseaddr(true).expect("a socket");
        let any = "127.0.0.1:0".parse().expect("an address");
        socket.bind(any).expect("a port");
        let address = socket.local_addr().expect("an address").to_string();
        Closed {
            address,
            _socket: socket,
        }
    }

    /// The port for a server that is started next, and what keeps it from others: only Linux lets a server
    /// listen at a port that is kept.
    pub fn for_a_server(self) -> (u16, Option<Closed>) {
        let port = port(&self.address);
        (port, cfg!(target_os = "linux").then_some(self))
    }
}

/// A connection of this machine, seen from one of its ends.
#[cfg(target_os = "linux")]
pub struct Connection {
    pub local: u16,
    pub remote: u16,
    pub state: State,
    /// Whether a process has it open: not before it is accepted, and no more once it is closed.
    pub open: bool,
}

#[cfg(target_os = "linux")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Established,
    /// The other end has closed it.
    CloseWait,
    Other,
}

/// All connections by IPv4. The system's list is not made in one moment, so that one may be missing while others
/// come and go: it is read twice.
#[cfg(target_os = "linux")]
pub fn connections() -> Vec<Connection> {
    let list = || std::fs::read_to_string("/proc/net/tcp").expect("a list");
    let lists = list() + &list();
    let read = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let port = |at: usize| u16::from_str_radix(fields.get(at)?.split_once(':')?.1, 16).ok();
        Some(Connection {
            local: port(1)?,
            remote: port(2)?,
            state: match *fields.get(3)? {
                "01" => State::Established,
                "08" => State::CloseWait,
                _ => State::Other,
            },
            open: *fields.get(9)? != "0",
        })
    };
    lists.lines().filter_map(read).collect()
}

/// The port of an address.
pub fn port(address: &str) -> u16 {
    let port = address.rsplit(':').next().unwrap_or_default();
    port.parse().expect("a port")
}
