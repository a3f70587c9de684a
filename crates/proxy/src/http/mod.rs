//! The proxy's HTTP server: who may ask, from where and how much; the routes and their answers.

mod app;
mod auth;
mod code;
mod console;
mod cors;
mod held_body;
mod host_check;
mod json_schema;
mod limits;
mod middleware;
pub mod openapi;
mod paths;
mod policy;
mod problem;
mod relay;
mod request;
mod routes;
mod security_headers;
mod send;
mod server;
mod shares;
mod state;

pub use app::{app, service, Service};
pub use limits::ConcurrencyLimit;
pub use server::{listen, serve};
pub use state::Config;
