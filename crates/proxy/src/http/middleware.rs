//! The middleware that every request passes on its way to a route, and every answer on its way back.
//!
//! It is one layer of the router, which clones, boxes and polls each of its layers for each request:
//! functions that call each other do without.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::held_body::hold;
use super::limits::Place;
use super::problem::Problem;
use super::state::Shared;
use super::{auth, cors, host_check, limits, paths, security_headers};
use crate::observe::audit::Outcome;
use crate::observe::log;
use crate::observe::route_label::RouteLabel;

/// The status under which a request is logged whose client was gone before its answer; no client gets it.
const GONE: u16 = 499;

/// Logs and counts a request, and answers those that may not go on.
pub async fn pass(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let asked = Asked {
        started: Instant::now(),
        method: request.method().clone(),
        label: paths::label(&request),
        shared: shared.clone(),
        answered: false,
    };
    let mut response = answer(&shared, &asked.label, request, next).await;
    security_headers::add(&shared.fixed_headers, &mut response);
    asked.answered_with(&response);
    response
}

/// A request that is to be logged and counted, also when its client hangs up: then nobody goes on with it.
struct Asked {
    started: Instant,
    method: Method,
    label: RouteLabel,
    shared: Shared,
    answered: bool,
}

impl Asked {
    fn answered_with(mut self, response: &Response) {
        self.answered = true;
        self.note(Outcome::name_of(response), response.status().as_u16());
    }

    fn note(&self, outcome: &'static str, status: u16) {
        let took = self.started.elapsed();
        self.shared.metrics.request(&self.label, outcome, took);
        log::request(&self.method, &self.label, status, took);
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if !self.answered {
            self.note("gone", GONE);
        }
    }
}

/// The name comes first, then the page: whoever is turned away there learns nothing else.
async fn answer(shared: &Shared, label: &RouteLabel, mut request: Request, next: Next) -> Response {
    let configuration = &shared.config.configuration;
    if let Err(problem) = host_check::host(&request, configuration) {
        return problem.into_response();
    }
    let page = match cors::page(&request, &configuration.allowed_origins) {
        Ok(page) => page,
        Err(problem) => return cors::vary(problem.into_response()),
    };
    let response = if page.is_preflight() {
        cors::preflight()
    } else {
        match admit(shared, label, &mut request) {
            Ok(place) => {
                let response = next.run(request).await;
                hold(response, place.and_then(|place| place.leave()))
            }
            Err(problem) => problem.into_response(),
        }
    };
    page.allow_reading(response)
}

/// Who it is comes before the rate: each known user has one of their own, which nobody else uses up. The
/// rate comes before the refusal of those who are unknown, so that nobody tries out tokens without end;
/// a permit to be in work comes last, since it is held to the end.
fn admit(
    shared: &Shared,
    label: &RouteLabel,
    request: &mut Request,
) -> Result<Option<Place>, Problem> {
    let configuration = &shared.config.configuration;
    limits::headers(request, &configuration.limits)?;
    auth::identify(request, &configuration.auth);
    limits::rate(request, label, &shared.rates)?;
    auth::require(request, label, &configuration.auth)?;
    limits::concurrency(request, label, &shared.concurrency)
}
