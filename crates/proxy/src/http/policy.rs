//! The policy that an operation needs.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use tieline_catalog::policy::policies;

use super::problem::Problem;
use super::request::{find, OperationName};

/// The policy that allows an operation and its reads, as the vendor's console takes it.
pub async fn policy(name: OperationName) -> Result<Response, Problem> {
    let op = find(name)?;
    // One operation is one vendor's.
    let text: String = policies(&[op]).iter().map(|policy| policy.text()).collect();
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// Any other method.
pub async fn other_method(name: OperationName) -> Problem {
    match find(name) {
        Ok(_) => Problem::method("GET, HEAD"),
        Err(problem) => problem,
    }
}
