//! The log: one line on stderr for each request. It names the operation, never a parameter's value.

use std::fmt::Display;
use std::io::Write as _;
use std::time::Duration;

use axum::http::{Method, StatusCode};

use super::route_label::RouteLabel;
use crate::platform;

/// Writes a line for a request that was answered.
pub fn request(method: &Method, label: &RouteLabel, status: StatusCode, took: Duration) {
    line(format_args!("{method} {label}"), status.as_u16(), took);
}

/// Writes a line: time, what was asked, status, duration.
pub fn line(what: impl Display, status: u16, took: Duration) {
    let time = platform::timestamp();
    let took = took.as_millis();
    write(format!("{time} {what} {status} {took}ms\n"));
}

/// Writes what went wrong. Names in it can be foreign (a certificate's): what could break the
/// line is escaped.
pub fn problem(what: &str) {
    let time = platform::timestamp();
    write(format!("{time} {}\n", what.escape_debug()));
}

/// A line is one write: stderr has no buffer, so that `eprintln!` would make one of each part, and it
/// would panic when nobody takes them.
fn write(line: String) {
    let _ = std::io::stderr().write_all(line.as_bytes());
}
