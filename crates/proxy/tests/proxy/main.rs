//! The proxy's integration tests: one program, so that axum, rustls and SQLite are linked once.
//!
//! `cargo test -p tieline-proxy --test proxy` runs all of it, with a module's or a test's name behind
//! that only these: `cargo test -p tieline-proxy --test proxy limits::`.

#[cfg(target_os = "linux")]
mod addresses;
mod api;
mod audit;
mod auth;
#[cfg(unix)]
mod canary;
#[cfg(unix)]
#[path = "../../../journal/src/contract/cluster.rs"]
#[allow(dead_code)]
mod cluster;
mod code;
mod configuration;
mod console;
#[cfg(unix)]
mod crash;
mod destination;
mod docs;
mod doubt;
mod held;
mod host_check;
mod idempotency;
mod in_process;
mod in_work;
mod journal;
mod limits;
mod live;
mod metrics;
mod openapi;
mod policy;
#[cfg(unix)]
mod postgres;
mod program;
mod requests;
mod schemathesis;
mod security_headers;
mod server;
mod sockets;
mod stand_in;
mod until;
mod upstream;
mod verify;

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_tieline-proxy");
