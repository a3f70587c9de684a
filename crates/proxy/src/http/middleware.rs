//! What every request passes on its way to a route, and every answer on its way back.
//!
//! It is one layer of the router, which clones, boxes and polls each of its layers for each request:
//! functions that call each other do without.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::limits::Slot;
use super::problem::Problem;
use super::{auth, cors, host_check, limits, security_headers};
use crate::observe::log;
use crate::Shared;

/// Logs and counts a request, and answers those that may not go on.
pub async fn pass(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let place = log::Place::of(request.uri().path());
    let mut response = answer(&shared, request, next).await;
    security_headers::add(&shared.fixed, &mut response);
    let took = started.elapsed();
    shared.metrics.request(&place, &response, took);
    log::request(&method, &place, response.status(), took);
    response
}

/// The name comes first, then the page: whoever is turned away there learns nothing else.
async fn answer(shared: &Shared, mut request: Request, next: Next) -> Response {
    let configuration = &shared.config.configuration;
    if let Err(problem) = host_check::host(&request, configuration) {
        return problem.into_response();
    }
    let page = match cors::page(&request, &configuration.allowed_origins) {
        Ok(page) => page,
        Err(problem) => return cors::vary(problem.into_response()),
    };
    let response = if page.asks_first() {
        cors::preflight()
    } else {
        match admit(shared, &mut request) {
            Ok(slot) => {
                let response = next.run(request).await;
                drop(slot);
                response
            }
            Err(problem) => problem.into_response(),
        }
    };
    page.told(response)
}

/// The rate comes before the question who it is, so that nobody tries out tokens without end; a
/// place among the requests in work comes last, since it is held to the end.
fn admit(shared: &Shared, request: &mut Request) -> Result<Option<Slot>, Problem> {
    let configuration = &shared.config.configuration;
    limits::headers(request, &configuration.limits)?;
    auth::identify(request, &configuration.auth);
    limits::rate(request, &shared.rates)?;
    auth::guard(request, &configuration.auth)?;
    limits::gate(request, &shared.gate)
}
