//! What the proxy serves over HTTP: who may ask, from where and how much; the routes and their
//! answers.

pub mod auth;
pub mod console;
pub mod cors;
pub mod host_check;
pub mod limits;
pub mod middleware;
pub mod openapi;
pub mod problem;
pub mod routes;
pub mod security_headers;
pub mod server;

mod json_schema;
