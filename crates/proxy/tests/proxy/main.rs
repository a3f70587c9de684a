//! The proxy's integration tests: one program, so that axum, rustls and SQLite are linked once.
//!
//! `cargo test -p tieline-proxy --test proxy` runs all of it, with a module's or a test's name behind
//! that only these: `cargo test -p tieline-proxy --test proxy limits::`.

#[cfg(target_os = "linux")]
mod addresses;
mod audit;
mod auth;
#[cfg(unix)]
mod canary;
#[cfg(unix)]
#[path = "../../../journal/src/contract/cluster.rs"]
#[allow(dead_code)]
mod cluster;
mod code;
mod concurrency;
mod configuration;
mod console;
#[cfg(unix)]
mod crash;
mod docs;
mod held_cloud;
mod host_check;
mod idempotency;
mod in_process;
mod journal;
mod keys_changed;
mod limits;
mod live;
mod metrics;
mod openapi;
mod policy;
#[cfg(unix)]
mod postgres;
mod program;
mod request_destination;
mod request_length;
mod request_shape;
mod routes;
mod schemathesis;
mod security_headers;
mod server;
mod stand_in_clouds;
#[cfg(unix)]
mod stopping;
mod system_sockets;
mod unknown_outcome;
mod upstream;
mod verify;
mod waiting;

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_tieline-proxy");
