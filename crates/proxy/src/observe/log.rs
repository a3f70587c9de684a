//! The log: one line on stderr for each request. It names the operation, never a parameter's value.
//!
//! A log that nobody takes stops no request: where stderr takes no more, a line is left out, and the next
//! that it takes says how many were.

use std::fmt::Display;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::Method;

use super::route_label::RouteLabel;
use crate::platform;

/// Writes a line for a request that came to its end.
pub fn request(method: &Method, label: &RouteLabel, status: u16, took: Duration) {
    line(format_args!("{} {label}", known(method)), status, took);
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

/// A method can be any word of any length.
fn known(method: &Method) -> &str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
        Method::TRACE,
        Method::CONNECT,
    ];
    match KNOWN.contains(method) {
        true => method.as_str(),
        false => "(other)",
    }
}

/// The longest line in bytes. A pipe that can be written to takes so much at once.
const MAX_LINE: usize = 4000;

/// How many lines were left out since the last that was written. Lines are written one at a time, so that
/// what was said of stderr before one is still true.
static LEFT_OUT: Mutex<u64> = Mutex::new(0);

/// A line is one write: stderr has no buffer, so that `eprintln!` would make one of each part, and it
/// would panic when nobody takes them.
fn write(mut line: String) {
    if line.len() > MAX_LINE {
        let end = (0..=MAX_LINE).rev().find(|at| line.is_char_boundary(*at));
        line.truncate(end.unwrap_or_default());
        line.push_str("…\n");
    }
    let mut left_out = LEFT_OUT.lock().unwrap_or_else(PoisonError::into_inner);
    if !takes_more() {
        *left_out = left_out.saturating_add(1);
        return;
    }
    if *left_out > 0 {
        line.insert_str(0, &format!("({left_out} lines were left out)\n"));
        *left_out = 0;
    }
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Whether stderr takes a line without making this thread wait. What is no pipe always does.
#[cfg(unix)]
fn takes_more() -> bool {
    use rustix::event::{poll, PollFd, PollFlags, Timespec};
    let stderr = std::io::stderr();
    let mut asked = [PollFd::new(&stderr, PollFlags::OUT)];
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    match poll(&mut asked, Some(&now)) {
        Ok(0) => false,
        Ok(_) | Err(_) => true,
    }
}

#[cfg(not(unix))]
fn takes_more() -> bool {
    true
}
